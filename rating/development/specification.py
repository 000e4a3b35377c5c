"""A fit of development as its file says it: how the triangle is written, how it is projected."""

from typing import Literal

from pydantic import model_validator

from product_factory.errors import BadValue
from product_factory.strict import (
    Bilingual,
    Dotted,
    Plain,
    PlainText,
    Share,
    Strict,
    Texts,
    Whole,
    Word,
)

MOST_DECIMALS = 8
LEAST_TAIL, MOST_TAIL = 0.5, 10.0
"""Beyond them a tail factor, stated or of a curve, is a slip."""


class TailFactor(Strict):
    """What claims still grow by after the last age of the triangle.

    factor  stated;  error: its standard error;  deviation: Mack's sigma of a single year there
    curve   instead, extrapolated: ln(f - 1) on age (exponential) or on ln age (inverse_power)
    ages    how many ages beyond the last the curve is followed
    """

    factor: Plain | None = None
    error: Plain = 0.0
    deviation: Plain = 0.0
    curve: Literal["exponential", "inverse_power"] | None = None
    ages: Whole = 100

    @model_validator(mode="after")
    def _sound(self) -> "TailFactor":
        if (self.factor is None) == (self.curve is None):
            raise BadValue("expected one of 'factor' and 'curve'")
        if self.factor is not None and not LEAST_TAIL <= self.factor <= MOST_TAIL:
            ends = f"from {LEAST_TAIL:g} to {MOST_TAIL:g}"
            raise BadValue(f"expected a tail factor {ends}, got {self.factor:g}")
        if self.error < 0.0 or self.deviation < 0.0:
            raise BadValue("expected an error and a deviation of 0 or more")
        if not 1 <= self.ages <= 1000:  # noqa: PLR2004 - bounds of what a curve can tell
            raise BadValue(f"expected 1 to 1000 ages, got {self.ages}")
        return self


class DevelopmentSpec(Strict):
    """A file of `kind: development`; the data hold claims by year of origin and age in years.

    origin       the column of the year in which the claims happened
    age          long data: the column of the age, 1 for the year of origin itself
    calendar     instead of it, the column of the year of payment or report
    amount       long data: the column of amounts, or of numbers of claims
    ages         wide data, instead of these three: the columns of ages 1, 2, …, in this order
    holds        whether cells are cumulative, or what each age adds; long rows of the latter add up
    missing      what a long cell without a row is: a hole, which is an error, or zero (increments)
    exposure     the column of premium or exposure by year of origin, the same in all its rows
    method       chain_ladder, or bornhuetter_ferguson or cape_cod by the exposure
    expected     of bornhuetter_ferguson: what a unit of exposure comes to in the end
    average      of development factors: volume (by claims) or simple
    diagonals    how many of the latest calendar years the factors are taken from; all unless told
    tail         what follows the last age
    last         how many of the latest years of origin the assumption was made from
    of           the event or mark, `process.key`, that `experience.yaml` is written for
    """

    fit: Word
    kind: Literal["development"]
    title: Bilingual
    source: PlainText
    origin: PlainText
    age: PlainText | None = None
    calendar: PlainText | None = None
    amount: PlainText | None = None
    ages: Texts = ()
    holds: Literal["cumulative", "increments"] = "cumulative"
    missing: Literal["hole", "zero"] = "hole"
    exposure: PlainText | None = None
    method: Literal["chain_ladder", "bornhuetter_ferguson", "cape_cod"] = "chain_ladder"
    expected: Share | None = None
    average: Literal["volume", "simple"] = "volume"
    diagonals: Whole | None = None
    tail: TailFactor | None = None
    last: Whole | None = None
    of: Dotted | None = None
    decimals: Whole = 4

    @model_validator(mode="after")
    def _sound(self) -> "DevelopmentSpec":
        long = (self.age is not None) + (self.calendar is not None)
        if self.ages and (long or self.amount is not None):
            raise BadValue("'ages' are the columns of wide data, which have no column of amounts")
        if not self.ages and (long != 1 or self.amount is None):
            raise BadValue("expected 'amount' and one of 'age' and 'calendar', or 'ages'")
        if self.ages and (len(self.ages) < 2 or len({*self.ages}) < len(self.ages)):  # noqa: PLR2004 - one does not develop
            raise BadValue("expected two columns or more under 'ages', each once")
        if self.missing == "zero" and self.holds == "cumulative":
            raise BadValue("'missing: zero' goes with 'holds: increments'")
        if self.missing == "zero" and self.ages:
            raise BadValue("'missing: zero' is of long data; write the zeros of wide data")
        if (self.method != "chain_ladder") != (self.exposure is not None):
            raise BadValue("'exposure' goes with bornhuetter_ferguson and cape_cod, which need it")
        if (self.method == "bornhuetter_ferguson") != (self.expected is not None):
            raise BadValue("'expected' goes with bornhuetter_ferguson, which needs it")
        if self.expected is not None and not self.expected > 0.0:
            raise BadValue(f"expected more than 0 under 'expected', got {self.expected:g}")
        for key in ("diagonals", "last"):
            count = getattr(self, key)
            if count is not None and count < 1:
                raise BadValue(f"expected 1 or more under '{key}', got {count}")
        if self.decimals > MOST_DECIMALS:
            raise BadValue(f"expected at most {MOST_DECIMALS} decimals, got {self.decimals}")
        return self
