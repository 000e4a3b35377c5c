"""What brings an assumption made from experience to the period that is priced (`experience:`)."""

from datetime import date

from pydantic import Field, model_validator

from product_factory.errors import At, BadValue, Problem
from product_factory.strict import Day, PlainText, Strict, Value

DAYS_A_YEAR = 365.25


class Experience(Strict):
    """How the claims that an event or mark was assumed from are made those of the period priced.

    development   what they were multiplied by to be whole: those known by then, late ones and all
    large_losses  of a mark of money: the load for what was cut off its large losses, a share of
                  the rest
    trend         by how much they grow a year, compounded from the midpoint of the experience
                  (`from`) to that of the period priced (`to`)
    source        where the figures are from
    """

    development: Value | None = None
    large_losses: Value | None = None
    trend: Value | None = None
    since: Day | None = Field(None, alias="from")
    to: Day | None = None
    source: PlainText

    @model_validator(mode="after")
    def _sound(self) -> "Experience":
        given = [self.trend is not None, self.since is not None, self.to is not None]
        if any(given) and not all(given):
            raise BadValue("'trend', 'from' and 'to' belong together")
        if not any(given) and self.development is None and self.large_losses is None:
            raise BadValue("expected 'development', 'large_losses' or 'trend'")
        if self.since is not None and self.to is not None and self.to < self.since:
            message = f"expected 'to' no earlier than 'from', got {self.to} before {self.since}"
            raise BadValue(message)
        return self

    @property
    def days(self) -> int:
        """How many days the trend is over."""
        return (self.to - self.since).days if self.to and self.since else 0

    @property
    def span(self) -> tuple[date, date] | None:
        """The midpoints between which the trend is taken; None without a trend."""
        return (self.since, self.to) if self.since and self.to else None


def restated(at: At, before: str, process: str, key: str, whose: str) -> Problem:
    """Tell an assumption that is made anew while the entry of the former one would stay.

    at      where it is made anew;  before: the path of the basis, with its dot
    whose   whose entry would stay: a basis or a product
    """
    text = (
        f"{process}.{key} is assumed anew, and the 'experience' of {whose} brings the former one "
        f"to the period priced; state {process}.{key} under 'experience' too, "
        "{development: 1, source: …} where it takes nothing"
    )
    return Problem(at, f"{before}risk.{process}.{key}", text)
