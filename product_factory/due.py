"""When payments while in a state fall due: the keys of `due`, and the months that they name.

Read aloud: "while alive, due every year from age annuity_age, guaranteed 20 years". A time is
counted in years from the start of the contract, or stated as an age, which means the policy
anniversary that opens the policy year of that attained age. Rejected: two kinds of number under one
key, told apart by their type, since `annuity_age - age` is years and `max(annuity_age, 60)` an age
and a reader cannot see it; a list of payments, which no table of premiums could follow.

An instalment is for a period, which begins on its due date (`at: start`, in advance) or ends on it
(`at: end`, in arrears). It is paid to those who are in the state when its day begins: who dies on
the due date has been paid, who dies the day before has not. A single payment is for the policy year
that ends on its day, so that premiums_paid at the end of the term are all premiums.
"""

import math
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from product_factory import shapes
from product_factory.errors import BadValue
from product_factory.expressions.tree import Expression
from product_factory.expressions.values import read_value
from product_factory.nodes import Map, Seq, Text
from product_factory.strict import Strict, Value, located

PERIODS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""The words that `every` knows, in months; any other value is a number of years."""
YEAR = 12
NEVER = 200 * YEAR
"""Months after which nobody lives."""


class Moment(Strict):
    """A time: years from the start, or the age whose policy year begins then."""

    years: Value | None = None
    age: Value | None = None

    @model_validator(mode="after")
    def _one(self) -> "Moment":
        if (self.years is None) == (self.age is None):
            message = "expected years since the start, or {age: …}"
            raise BadValue(message)
        return self

    @property
    def key(self) -> str:
        """How it is stated: years or age."""
        return "years" if self.age is None else "age"

    @property
    def value(self) -> Expression:
        """The years, or the age."""
        value = self.years if self.age is None else self.age
        assert value is not None  # noqa: S101 - one of the two is written
        return value


def _moment(node: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    """Let a bare value stand for years."""
    if not isinstance(node, Text | Seq):
        return node
    made = Map(node.at)
    made["years"] = node
    made.keys_at["years"] = node.at
    return made


When = Annotated[
    Moment,
    BeforeValidator(_moment),
    WithJsonSchema(
        {"anyOf": [shapes.VALUE, *(shapes.keys({key: shapes.VALUE}) for key in ("age", "years"))]}
    ),
]


def _every(node: Any) -> str | Expression:  # noqa: ANN401 - pydantic hands over anything
    return str(node) if isinstance(node, Text) and str(node) in PERIODS else read_value(node)


Every = Annotated[str | Expression, BeforeValidator(located(_every)), WithJsonSchema(shapes.VALUE)]


class Due(Strict):
    """When payments while in a state fall due.

    once        a single payment at that time
    every       month, quarter, half_year, year, or so many years
    falls       at the start of each such period, or at its end
    begins      when the first period begins: at the start of the contract, unless told
    until       periods begin before it (at: start) or end by it (at: end): the end of the contract
    elimination days for which a state has lasted before the first period of its payments begins
    relapse     days from the end of a stay whose payments had begun, within which a new stay in the
                state goes on where that stood: no elimination runs again
    most        years of payments of one stay in a state: so long after the elimination, none more
    guaranteed  years from when the first period begins of which all instalments are paid: what is
                left of them at an event of `event` is paid then, in one sum, without discount
    """

    once: When | None = None
    every: Every | None = None
    falls: Literal["start", "end"] = Field("start", alias="at")
    begins: When | None = Field(None, alias="from")
    until: When | None = None
    elimination: Value | None = Field(None, alias="after")
    relapse: Value | None = None
    most: Value | None = Field(None, alias="for")
    guaranteed: Value | None = None

    @model_validator(mode="after")
    def _single_or_many(self) -> "Due":
        if (self.once is None) == (self.every is None):
            message = "expected one of the keys 'once' and 'every'"
            raise BadValue(message)
        recurring = ("falls", "begins", "until", "elimination", "relapse", "most", "guaranteed")
        many = recurring if self.once is not None else ()
        odd = next((name for name in many if name in self.model_fields_set), "")
        if odd:
            key = type(self).model_fields[odd].alias or odd
            message = f"'{key}' is for payments that recur; leave it out beside 'once'"
            raise BadValue(message)
        return self

    @model_validator(mode="after")
    def _relapse(self) -> "Due":
        if self.relapse is not None and self.elimination is None:
            message = "'relapse' spares a new elimination; write 'after' beside it"
            raise BadValue(message)
        if self.relapse is not None and self.most is not None:
            message = "'relapse' does not go with 'for': what is left of a period is not followed"
            raise BadValue(message)
        return self

    @property
    def in_advance(self) -> bool:
        """Whether an instalment is for the period that begins on its due date."""
        return self.once is None and self.falls == "start"


def whole(years: float, least: float = 0.0) -> bool:
    """Tell whether a time is a whole number of years, so many at least."""
    return math.isfinite(years) and years >= least and years == math.floor(years)


PERIOD = "a month, a quarter, half a year or a whole number of years"


def period(years: float) -> int:
    """Give the months of a period of so many years; 0 where it is none of `PERIOD`."""
    if whole(years, 1.0):
        return int(years) * YEAR
    return next((part for part in PERIODS.values() if math.isclose(years * YEAR, part)), 0)


def due_months(begins: int, until: int, every: int, *, in_advance: bool) -> range:
    """List due dates as months from the start of the contract, all in months."""
    return range(begins, until, every) if in_advance else range(begins + every, until + 1, every)


def year_of(month: int, *, in_advance: bool) -> int:
    """Give the policy year of the period of an instalment that falls due at a month."""
    return month // YEAR + 1 if in_advance else max((month - 1) // YEAR + 1, 1)
