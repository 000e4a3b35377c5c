"""One line of `uncertainty.yaml`: an assumption, and how far it may be from what the basis says."""

import math
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, model_validator

from product_factory.errors import BadInput, BadValue
from product_factory.numbers.normal import normal_quantile
from product_factory.numbers.portable import exp, log
from product_factory.strict import PlainText, Share, Strict, Word
from sandbox.open_change import NUMBERS, OPEN, OpenChange, Range, Trust

if TYPE_CHECKING:
    from sandbox.scenarios.scenario import AnyChange


class Spread(Strict):
    """How a number is spread: a standard error, or a range in which every value is as likely.

    error   of what is multiplied: lognormal around 1 with this standard deviation; of what is
            added: normal around 0
    """

    error: Share | None = None
    range: Range | None = None

    @model_validator(mode="after")
    def _one(self) -> "Spread":
        if (self.error is None) == (self.range is None):
            message = "expected one of the keys 'error' and 'range'"
            raise BadValue(message)
        if self.error is not None and not 0.0 < self.error < 1.0:
            message = f"error: expected more than 0% and less than 100%, got {self.error * 100:g}%"
            raise BadValue(message)
        return self

    def quantile(self, u: float, *, multiplied: bool) -> float:
        """Give the value that a share u of all lie below."""
        if self.range is not None:
            low, high = min(self.range), max(self.range)
            return low + (high - low) * u
        error = self.error or 0.0
        z = float(normal_quantile(u))
        if not multiplied:
            return error * z
        variance = float(log(1.0 + error * error))
        return float(exp(math.sqrt(variance) * z - variance / 2.0))


class Assumption(OpenChange):
    """An assumption that is not surely known: a change with a spread where a scenario has a number.

    times, add, at_least    as in the changes of a scenario: one of them is spread
    reference, trust        where the spread is from, and how far it can be relied on
    """

    name: Word
    times: Spread | None = None
    add: Spread | None = None
    at_least: Spread | None = None
    reference: PlainText
    trust: Trust

    @model_validator(mode="after")
    def _one_spread(self) -> "Assumption":
        stated = [key for key in NUMBERS if getattr(self, key) is not None]
        keys = OPEN[self.kind]
        if len(stated) != 1 or stated[0] not in keys:
            words = " or ".join(f"'{key}'" for key in keys)
            got = " and ".join(f"'{key}'" for key in stated) or "none"
            message = f"expected one spread, under {words}, got {got}"
            raise BadValue(message)
        if self.at_least is not None and self.at_least.error is not None:
            raise BadValue(
                "at_least: expected a 'range', for a floor is near no value; got 'error'"
            )
        return self

    @property
    def key(self) -> str:
        """The key that is spread."""
        return next(key for key in NUMBERS if getattr(self, key) is not None)

    def value(self, u: float) -> float:
        """Give the value that a share u of all lie below."""
        spread: Spread = getattr(self, self.key)
        return spread.quantile(u, multiplied=self.key == "times")

    def change(self, value: float) -> "AnyChange":
        """Give the change with its number."""
        return self.closed({self.key: value})


UNCERTAINTY: TypeAdapter[tuple[Assumption, ...]] = TypeAdapter(tuple[Assumption, ...])
"""Reads `uncertainty.yaml`."""


def distinct(assumptions: tuple[Assumption, ...]) -> None:
    """Raise BadInput for a name that stands twice."""
    seen: set[str] = set()
    for one in assumptions:
        if one.name in seen:
            raise BadInput.one(one.place("name"), "name", f"'{one.name}' stands twice")
        seen.add(one.name)


__all__ = ["UNCERTAINTY", "Assumption", "Spread", "distinct"]
