"""Payments at due dates on one policy: which fall due by a day, and what a death leaves of them.

Amounts and conditions are those of the policy year that a payment is for; see
`product_factory.due` for the days. Each payment is rounded half up to the cent.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from product_factory.assembled import AssembledProduct, Cover
from product_factory.due import (
    NEVER,
    PERIOD,
    PERIODS,
    YEAR,
    Due,
    Moment,
    due_months,
    period,
    whole,
    year_of,
)
from product_factory.errors import At, BadInput
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder, Program
from product_factory.expressions.run import run
from product_factory.expressions.tree import Conditions, Expression
from product_factory.module import Pays
from product_factory.numbers.dates import add_months, anniversary, whole_months
from product_factory.numbers.rounding import round_half_up
from product_factory.promise import MONEY, TIMES, YEARS
from product_factory.promise import scope as promise_scope
from product_factory.types import Type
from rating.claims.policy import Policy
from rating.claims.scene import told
from rating.claims.settlement import Answer, Formula, Outcome, Read
from rating.claims.waived import NONE_WAIVED, Waived
from rating.formula import conditions_written, written


@dataclass(frozen=True)
class Bound:
    """A value or condition of a promise, bound to its program."""

    program: Program
    at: At

    @classmethod
    def of(
        cls, product: AssembledProduct, cover: Cover, value: Expression | Conditions, wanted: Type
    ) -> "Bound":
        """Bind in the scope of a cover."""
        builder, scope = Builder(), promise_scope(product, cover)
        binder = Binder(builder)
        if isinstance(value, Conditions):
            builder.results["value"] = binder.conditions(value, scope)
        else:
            builder.results["value"] = binder.value(value, scope, wanted).register
        return cls(builder.finish(), value.at)

    def value(self, known: Mapping[str, float]) -> float:
        """Evaluate. Raises BadInput naming what it reads and nobody knows."""
        given = {}
        for entry in self.program.inputs:
            number = known.get(entry.name, math.nan)
            if math.isnan(number):
                name = "premium" if entry.name == "premiums_paid" else entry.name
                text = f"'{name}' of the policy is not stated, and a payment at a due date reads it"
                raise BadInput.one(self.at, "", text)
            given[entry.name] = np.array([number])
        return float(run(self.program, given)[self.program.results["value"]][0])


@dataclass(frozen=True)
class Instalment:
    """One payment that falls due if the state lasts: its day, and the policy year it is for."""

    day: date
    year: int


class Payments:
    """What one cover pays on one policy at due dates, whichever they are."""

    def __init__(self, policy: Policy, cover: Cover, pays: Pays, due: Due) -> None:
        """Bind the amount and its condition."""
        self.policy, self.cover, self.pays, self.due = policy, cover, pays, due
        product = policy.product
        self.amount = Bound.of(product, cover, pays.amount, MONEY)
        self.where = None
        if pays.where is not None:
            self.where = Bound.of(product, cover, pays.where, MONEY)

    def answer(self, one: Instalment, waived: Waived) -> Answer:
        """Give what a payment amounts to, the insured being alive on its day."""
        known = self._known(one.year, waived)
        where = Formula()
        if self.where is not None and self.pays.where is not None:
            where = Formula(conditions_written(self.pays.where), self._reads(self.where, known))
            if not self.where.value(known):
                return self._answered("where_not", None, Formula(), where)
        basis = Formula(written(self.pays.amount), self._reads(self.amount, known))
        return self._answered("paid", self.amount.value(known), basis, where)

    def _answered(
        self, outcome: Outcome, gross: float | None, basis: Formula, where: Formula
    ) -> Answer:
        return Answer(
            name=self.cover.alias,
            item="",
            exclusion=False,
            outcome=outcome,
            amount=None if gross is None else round_half_up(gross, 1.0, 100.0),
            gross=gross,
            where=where,
            waiting=None,
            unless=Formula(),
            gap=None,
            times=None,
            basis=basis,
            lines=(),
            effects=(),
        )

    def _known(self, year: int, waived: Waived) -> dict[str, float]:
        """Give what is known in a policy year."""
        policy = self.policy
        last = anniversary(policy.start, year) - timedelta(days=1)
        known = {
            "policy_year": float(year),
            "term": policy.term,
            "pay": policy.pay,
            "premium": policy.premium,
            "premiums_paid": policy.premiums_paid(last, waived),
        }
        if "age" in policy.columns:
            known["attained_age"] = float(policy.columns["age"][0]) + year - 1.0
        # a choice of a name of the closed list is read as it was chosen
        return known | {name: float(column[0]) for name, column in policy.columns.items()}

    def _value(self, value: Expression, wanted: Type) -> float:
        return Bound.of(self.policy.product, self.cover, value, wanted).value(
            self._known(1, NONE_WAIVED)
        )

    def _months(self, key: str, moment: Moment | None) -> int:
        if moment is None:
            return 0
        years = self._value(moment.value, TIMES[moment.key])
        if moment.key == "age":
            years -= float(self.policy.columns["age"][0])
        return self._whole(key, years, 0.0)

    def _every(self, due: Due) -> int:
        if isinstance(due.every, str):
            return PERIODS[due.every]
        assert due.every is not None  # noqa: S101 - a due that is not single recurs
        years = self._value(due.every, YEARS)
        months = period(years)
        if not months:
            text = f"expected {PERIOD}, got {years:g} years"
            raise BadInput.one(due.place("every"), f"covers.{self.cover.alias}.due.every", text)
        return months

    def _whole(self, key: str, years: float, least: float) -> int:
        """Give whole years in months. Raises BadInput for what is none."""
        if not whole(years, least):
            text = f"expected whole years from the start on, got {years:g}"
            raise BadInput.one(self.due.place(key), f"covers.{self.cover.alias}.due.{key}", text)
        return round(years * YEAR)

    def _reads(self, bound: Bound, known: Mapping[str, float]) -> tuple[Read, ...]:
        return tuple(
            Read(entry.name, told(known.get(entry.name, math.nan), entry.type))
            for entry in bound.program.inputs
        )


class Schedule(Payments):
    """The payments at due dates of one cover on one policy, while the insured lives."""

    def __init__(self, policy: Policy, cover: Cover, pays: Pays, due: Due) -> None:
        """Bind amounts and times. Raises BadInput for a time before the start."""
        super().__init__(policy, cover, pays, due)
        self.begins = self._months("once" if due.once else "from", due.once or due.begins)
        ends = NEVER if math.isinf(policy.term) else round(policy.term * YEAR)
        self.until = ends
        if due.until is not None:
            self.until = min(ends, self._months("until", due.until))
        self.sure = self.begins
        if due.guaranteed is not None:
            self.sure += self._whole("guaranteed", self._value(due.guaranteed, YEARS), 0.0)

    @property
    def first_day(self) -> date:
        """The day from which a guarantee runs."""
        return add_months(self.policy.start, self.begins)

    def all(self, last: date | None = None) -> Iterator[Instalment]:
        """List the payments up to and including a day; None: the guaranteed ones."""
        due, advance = self.due, self.due.in_advance
        if due.once is not None:
            months = range(self.begins, min(self.begins, self.until) + 1)
        else:
            until = self.until if last is not None else min(self.sure, self.until)
            months = due_months(self.begins, until, self._every(due), in_advance=advance)
        most = months.stop if last is None else whole_months(self.policy.start, last)
        for month in months:
            if month > most:
                return
            day = add_months(self.policy.start, month)
            yield Instalment(day, year_of(month, in_advance=advance))

    def rest(self, day: date, waived: Waived) -> Answer:
        """Give what a death on a day leaves of the guarantee: the payments that were still due."""
        if day < self.first_day:
            return self._answered("not_begun", None, Formula(), Formula())
        left = [one for one in self.all() if one.day > day]
        answers = [self.answer(one, waived) for one in left]
        paid = [one.amount for one in answers if one.amount is not None]
        reads = (Read("last_due", left[-1].day.isoformat(), computed=True),) if paid else ()
        word = "×" if len(set(paid)) == 1 else "payments of"
        basis = Formula(f"{len(paid)} {word} {written(self.pays.amount)}" if paid else "0", reads)
        return self._answered("paid", math.fsum(paid), basis, Formula())
