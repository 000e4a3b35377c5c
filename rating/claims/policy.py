"""The policy of a claim: what was given of it, read as quotes are read, and what it knows when."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, BadValue, Problem, Refused
from product_factory.examples import ClaimEvent
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder, Program
from product_factory.expressions.run import run
from product_factory.expressions.tree import Name
from product_factory.modes import times as times_of
from product_factory.nodes import Map, Text
from product_factory.numbers.dates import (
    add_months,
    anniversary,
    days_between,
    due_so_far,
    policy_year,
)
from product_factory.scopes import general_scope
from product_factory.types import Type, day_number, read_date, read_number
from rating.claims.members import own_plan
from rating.claims.waived import NONE_WAIVED, Waived
from rating.domain import Domain
from rating.encode import Encoded, as_text, encode, item_labels, readers
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.unknowns import cash_values
from rating.payout import CONTEXT, PayoutPlan

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MONTHS_IN_YEAR = 12
OWN = ("start", "premium", "cash_value")
"""What a policy states besides the variables of its product."""


@dataclass(frozen=True)
class Policy:
    """A policy as the arrays of a payout plan see it.

    given        name → value as a person writes it
    end          the first day after the term; None for life
    pay          years in which premiums fall due; infinite for life
    times        how many premiums fall due in a year
    premium      that falls due, NaN where it is not stated;  cash_value: likewise
    facts        [fact];  item_facts: [fact, item], NaN for an item that is not insured
    present      [item] 1 where the item is insured
    columns      the policy's variables as the engines read them
    plan         the promises as this policy has them, whose items are those of the arrays above
    items        what is insured, those of which several may stand numbered: `member.1`
    """

    product: AssembledProduct
    given: tuple[tuple[str, str], ...]
    start: date
    end: date | None
    term: float
    pay: float
    times: int
    premium: float
    cash_value: float
    facts: Floats
    item_facts: Floats
    present: Integers
    columns: Mapping[str, Floats]
    plan: PayoutPlan
    items: tuple[str, ...]

    def premiums_paid(self, day: date, waived: Waived = NONE_WAIVED) -> float:
        """Premiums that fell due up to and including a day, less those waived; NaN: unknown."""
        due = float(due_so_far(self.start, waived.last(day), self.times))
        due = min(due, self.pay * self.times)
        if waived.spells:
            each = MONTHS_IN_YEAR // self.times
            due -= waived.meanwhile(add_months(self.start, n * each) for n in range(int(due)))
        return due * self.premium

    def computes_cash_value(self) -> bool:
        """Tell whether the cash value is computed: nobody stated it, and the product says how."""
        declared = "cash_value" in self.product.product.values
        return math.isnan(self.cash_value) and declared and self.product.long_term

    def _cash_values(self) -> Floats:
        """Give the cash values by year, computed once for all policies that are alike."""
        alike = tuple((name, *column.tolist()) for name, column in sorted(self.columns.items()))
        charged = None if math.isnan(self.premium) else np.array([self.premium])
        return self.product.derive(
            f"cash values of {alike} at {self.premium!r}",
            lambda: cash_values(self.product, Cells(self.columns), charged),
        )

    def context(self, day: date, waived: Waived, *, cash_value: bool) -> Floats:
        """Give the closed list on a day of the contract, in the order of CONTEXT; NaN: unknown.

        waived      the premiums that do not fall due
        cash_value  whether someone reads it, so that it is worth computing: that at the end of the
                    policy year of the day
        """
        year = policy_year(self.start, day)
        known: dict[str, float] = {
            "policy_year": float(year),
            "term": self.term,
            "pay": self.pay,
            "premium": self.premium,
            "premiums_paid": self.premiums_paid(day, waived),
            "cash_value": self.cash_value,
            "date": float(day_number(day)),
            "start": float(day_number(self.start)),
            "time_in_force.days": float(days_between(self.start, day)),
            "time_in_force.years": years_in_force(self.start, day),
        }
        for name in ("age", "sum_insured", "value"):
            if name in self.columns:
                known[name] = float(self.columns[name][0])
        if "age" in known:
            known["attained_age"] = known["age"] + year - 1.0
        if cash_value and self.computes_cash_value():
            known["cash_value"] = float(self._cash_values()[0, year - 1])
        return np.array([known.get(name, math.nan) for name in CONTEXT])


def years_in_force(start: date, day: date) -> float:
    """Whole years since the start, plus the share of the policy year that has gone by.

    Exact at anniversaries, so that "below 2 years" holds to the eve of the second one.
    """
    year = policy_year(start, day)
    since = anniversary(start, year - 1)
    length = days_between(since, anniversary(start, year))
    return (year - 1) + days_between(since, day) / length


def read_policy(
    plan: PayoutPlan,
    given: Mapping[str, object],
    language: str = "en",
    events: Sequence[ClaimEvent] | None = None,
) -> Policy:
    """Read a policy: the variables of its product, `items`, `start`, and `premium`, `cash_value`.

    language  of what a refusal says, zh or en
    events    what happens to it; of several members only those whom something may happen to are
              in its arrays then

    Raises BadInput with everything that is missing, unknown or out of bounds, Refused for a policy
    that `accepts` keeps outside.
    """
    product = plan.product
    problems: list[Problem] = []
    own = {name: _own(given, name, problems) for name in OWN}
    known = readers(product)
    try:
        risk = encode(known, _without(given, OWN))
    except BadInput as error:
        raise BadInput([*error.problems, *problems]) from None
    if problems:
        raise BadInput(problems)
    _accepted(product, risk, language)
    start = date.fromordinal(int(own["start"]))
    term = _years(product, "term", risk)
    items = () if risk.offsets is None else item_labels(known, risk.columns["item"])
    plan = own_plan(plan, items, events)
    rows = {item: row for row, item in enumerate(items)}
    here = [place for place, item in enumerate(plan.items) if item in rows]
    of = [rows[plan.items[place]] for place in here]
    item_facts = np.full((len(plan.item_facts), len(plan.items)), math.nan)
    for row, name in enumerate(plan.item_facts):
        if name in risk.columns:
            item_facts[row, here] = risk.columns[name][of]
    present = np.zeros(len(plan.items), dtype=np.int64)
    present[here] = 1
    columns = {name: risk.columns[name] for name in known.policy}
    return Policy(
        product=product,
        given=tuple(_told(given)),
        start=start,
        end=None if math.isinf(term) else add_months(start, round(term * MONTHS_IN_YEAR)),
        term=term,
        pay=_years(product, "pay", risk),
        times=int(times_of(product, risk.columns, 1)[0]),
        premium=own["premium"],
        cash_value=own["cash_value"],
        facts=np.array([columns[n][0] if n in columns else math.nan for n in plan.facts]),
        item_facts=item_facts,
        present=present,
        columns=columns,
        plan=plan,
        items=items,
    )


def _accepted(product: AssembledProduct, risk: Encoded, language: str) -> None:
    domain = Domain.of(product)
    refusing = int(domain.refused(risk.columns, risk.offsets)[0])
    if refusing >= 0:
        line = domain.lines[refusing]
        raise Refused(line.name, getattr(line.says, language))


def _own(given: Mapping[str, object], name: str, problems: list[Problem]) -> float:
    """Read what every policy may state: the start as an ordinal day, the others as money."""
    value = given.get(name)
    at = value.at if isinstance(value, Text) else At("")
    try:
        if name == "start":
            return float(read_date("nothing" if value is None else as_text(value)).toordinal())
        amount = math.nan if value is None else read_number(as_text(value), "money")
    except BadValue as error:
        problems.append(Problem(at, name, str(error)))
        return math.nan
    if amount < 0.0:
        problems.append(Problem(at, name, f"expected 0 or more, got {value}"))
    return amount


def _without(given: Mapping[str, object], names: tuple[str, ...]) -> Mapping[str, object]:
    """Leave names out of a mapping, keeping the places of the others."""
    if not isinstance(given, Map):
        return {name: value for name, value in given.items() if name not in names}
    kept = Map(given.at)
    kept.update({name: value for name, value in given.items() if name not in names})
    kept.keys_at.update(given.keys_at)
    return kept


def _told(given: Mapping[str, object]) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    for name, value in given.items():
        if isinstance(value, Mapping):
            inner = _told(value)
            prefix = "" if name == "items" else f"{name}."
            told += [(f"{prefix}{key}", text) for key, text in inner] or [(name, "")]
        elif isinstance(value, list):
            for number, one in enumerate(value, 1):
                inner = _told(one) if isinstance(one, Mapping) else []
                told += [(f"{name}.{number}.{key}", text) for key, text in inner]
        else:
            told.append((name, as_text(value)))
    return told


def _years(product: AssembledProduct, key: str, risk: Encoded) -> float:
    """Give how long the contract runs, or premiums are due, for this policy."""
    if getattr(product.product.contract, key) == "life":
        return math.inf

    def bound() -> Program:
        builder = Builder()
        at = product.product.contract.place(key)
        value = Binder(builder).value(Name(key, at), general_scope(product), Type("years"))
        builder.results[key] = value.register
        return builder.finish()

    program = product.derive(f"years of {key}", bound)
    return float(run(program, risk.columns, risk.offsets)[program.results[key]][0])
