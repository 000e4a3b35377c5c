"""What one policy is worth on a day: what ending it pays back, and every value that it declares.

Between anniversaries the cash value runs on a straight line from one year's end, less what fell due
that day, to the next, 0 at the start; a surrender is paid that of the year's end, since the premium
of the year is paid. Within the free look the premiums paid are returned. A contract of a year or
less returns what its value `cash_value` says, else the last premium's share of the days to come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadValue
from product_factory.modes import times
from product_factory.numbers.dates import (
    MONTHS_IN_YEAR,
    add_months,
    anniversary,
    days_between,
    due_so_far,
    policy_year,
)
from product_factory.valued import Valued, valued
from rating.encode import encode_one, readers
from rating.engines.multistate.grid import Cells, Grid, once
from rating.plan import bind
from rating.quote import quote
from rating.unearned import UNEARNED
from rating.values import Floats, Valuing, columns_of

CASH_VALUE, FREE_LOOK = "cash_value", "free_look"
BY_DAYS = "unearned_days"


@dataclass(frozen=True)
class Worth:
    """One figure of a policy on a day.

    unit     money, days or number;  working: how it comes about;  at: where that is declared
    """

    name: str
    amount: float
    working: str
    at: At | None = None
    unit: str = "money"


@dataclass(frozen=True)
class PolicyValue:
    """The values of a policy on a day; money in the product's currency."""

    day: date
    policy_year: int
    figures: tuple[Worth, ...]

    def __getitem__(self, name: str) -> float:
        """Give the amount of a figure. Raises KeyError for one that the policy has not."""
        return self._by_name[name].amount

    def __contains__(self, name: str) -> bool:
        """Tell whether the policy has a figure."""
        return name in self._by_name

    @property
    def _by_name(self) -> dict[str, Worth]:
        return {one.name: one for one in self.figures}


def policy_value(
    product: AssembledProduct, given: Mapping[str, object], start: date, day: date
) -> PolicyValue:
    """Value a policy that claimed nothing and whose premiums are paid.

    Raises BadValue for a day outside of its term.
    """
    if day < start:
        raise BadValue(f"expected a day from the start {start} on, got {day}")
    policy = _Policy(product, given, start, day)
    return PolicyValue(day, policy.year, tuple(policy.figures()))


class _Policy:
    """A policy on a day, with what its figures share."""

    def __init__(
        self, product: AssembledProduct, given: Mapping[str, object], start: date, day: date
    ) -> None:
        self.product, self.start, self.day = product, start, day
        self.premium = quote(bind(product), given).premium
        risk = encode_one(readers(product), given)
        self.cells = Cells({name: risk.columns[name] for name in product.variables})
        self.year = policy_year(start, day)
        self.since, self.until = anniversary(start, self.year - 1), anniversary(start, self.year)
        self.often = int(times(product, self.cells.columns, 1)[0])
        self.fallen = due_so_far(start, day, self.often)
        months = MONTHS_IN_YEAR // self.often
        self.due = add_months(start, (self.fallen - 1) * months)
        self.next_due = add_months(start, self.fallen * months)
        self.values = valued(product)
        self.valuing = Valuing(product, self.cells, np.array([self.premium]), during=True)

    def figures(self) -> Iterator[Worth]:
        each = "the tariff's premium of a year"
        yield Worth("premium", self.premium, each if self.often == 1 else "the tariff's instalment")
        pay = self._pay()
        count = min(float(self.fallen), pay * self.often)
        paid = self.premium * count
        yield Worth("premiums_paid", paid, f"{count:g} × {self.premium:.2f}")
        if self.product.long_term:
            yield from self._long(pay, paid)
        else:
            yield from self._short(paid)

    def _pay(self) -> float:
        if not self.product.long_term:
            return 1.0
        if self.product.product.contract.pay == "life":
            return float("inf")
        return float(once(self.product, self.cells, "pay")[0])

    def _short(self, paid: float) -> Iterator[Worth]:
        """Give the values of a contract of a year or less, and what ending it returns."""
        end = self._end()
        if self.day >= end:
            raise BadValue(f"expected a day within the term from {self.start} on, got {self.day}")
        refund = self._unearned("unearned", BY_DAYS, None, end)
        yield refund
        for one in self.values.values():
            if one.declared.kind in UNEARNED:
                found = self._unearned(one.name, one.declared.kind, one, end)
                refund = found if one.name == CASH_VALUE else refund
                yield found
        yield self._refund(refund, paid)

    def _end(self) -> date:
        years = float(once(self.product, self.cells, "term")[0])
        return add_months(self.start, round(years * MONTHS_IN_YEAR))

    def _unearned(self, name: str, kind: str, one: Valued | None, end: date) -> Worth:
        part, whole = UNEARNED[kind](self.due, min(end, self.next_due), self.day)
        unit = kind.removeprefix("unearned_").replace("_", " ")
        share = 1.0 if one is None else self._said(one, "share", 1.0)
        working = f"{self.premium:.2f}"
        if one is not None and one.declared.share is not None:
            working += f" × {share:.6g}"
        working += f" × {part} / {whole} {unit} to come"
        at = None if one is None else one.declared.at
        return Worth(name, self.premium * share * part / whole, working, at)

    def _long(self, pay: float, paid: float) -> Iterator[Worth]:
        """Give the values of a contract of many years, and what ending it returns."""
        gone, days = days_between(self.since, self.day), days_between(self.since, self.until)
        span = days_between(self.due, self.next_due)
        left = days_between(self.day, self.next_due) if self.fallen <= pay * self.often else 0
        line = f"{self.premium:.2f} × {left} / {span} days to come"
        left_of = self.premium * (1.0 - (span - left) / span) if left else 0.0
        yield Worth("unearned", left_of, line)
        refund = Worth("", left_of, f"{left_of:.2f} unearned")
        if self.valuing.has_cash:
            values = self._within_term(self.valuing.cash[0])
            due = self.valuing.contract.falls_due(self.valuing.premium)[0]
            before = float((values - due)[self.year - 2]) if self.year > 1 else 0.0
            end, declared = float(values[self.year - 1]), self.values[CASH_VALUE].declared
            now = before + gone / days * (end - before)
            line = f"{before:.2f} + {gone} / {days} × ({end:.2f} - {before:.2f})"
            yield Worth("cash_value", now, line, declared.at)
            said = f"{declared.kind.replace('_', ' ')} on the basis {declared.basis}"
            share = self._said(self.values[CASH_VALUE], "share", 1.0)
            if end > 0.0 and share != 1.0:
                said += f", {end / share:.2f} × share {share:.6g}"
            refund = Worth("cash_value_at_year_end", end, said, declared.at)
            yield refund
        yield from self._declared()
        yield self._refund(refund, paid)

    def _declared(self) -> Iterator[Worth]:
        """Give every other value that the product and its modules declare."""
        for one in self.values.values():
            declared = one.declared
            if one.name == CASH_VALUE or declared.kind == FREE_LOOK:
                continue
            for name, column in columns_of(self.valuing, one).items():
                amount = float(self._within_term(column[0])[self.year - 1])
                if np.isnan(amount):
                    continue
                unit = name.rpartition("_")[2]
                unit = unit if unit in {"years", "days"} else "money"
                yield Worth(name, amount, self._working(one), declared.at, unit)

    def _working(self, one: Valued) -> str:
        words = [f"{one.declared.kind.replace('_', ' ')} at the end of year {self.year}"]
        if one.declared.basis is not None:
            words.append(f"basis {one.declared.basis}")
        if one.declared.during is not None:
            years = self._said(one, "since", 0.0)
            words.append(f"{one.declared.during} for {years:g} year{'s' * (years != 1.0)}")
        words += [
            f"{key.replace('_', ' ')} {self._said(one, key, 1.0):.6g}"
            for key, _, _ in one.declared.stated
            if key != "since"
        ]
        return ", ".join(words)

    def _refund(self, refund: Worth, paid: float) -> Worth:
        """Give what ending the contract on that day pays back, as wording and claims have it."""
        look = next((v for v in self.values.values() if v.declared.kind == FREE_LOOK), None)
        if look is not None:
            # 民法典 第二百零一条: the first day does not count
            days = self._said(look, "days", 0.0)
            if days_between(self.start, self.day) <= days:
                fee = min(self._said(look, "fee", 0.0), paid)
                working = f"premiums paid within the free look of {days:g} days"
                working += f", less {fee:.2f}" if fee else ""
                return Worth("refund", paid - fee, working, look.declared.at)
        working = refund.name.replace("_", " ") or refund.working
        return Worth("refund", refund.amount, working, refund.at)

    def _said(self, one: Valued, key: str, default: float) -> float:
        """Evaluate what a value states in the policy year of the day."""
        said = getattr(one.declared, key)
        if said is None:
            return default
        if self.product.long_term:
            return float(self.valuing.number(one, key)[0, self.year - 1])
        grid = Grid(self.product, self.cells, np.ones(1))
        return float(grid.value(said, one.scope, None)[0, 0])

    def _within_term(self, column: Floats) -> Floats:
        term = int(self.valuing.grid.term[0])
        if self.year > term:
            raise BadValue(f"expected a day within the term of {term} years, got {self.day}")
        return column
