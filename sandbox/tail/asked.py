"""`tail.yaml`: which rare years are asked about, and what makes them frequent."""

from typing import Annotated

from pydantic import Field, model_validator

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, BadValue, either, nearest
from product_factory.strict import Dotted, Plain, Share, Strict, Word
from sandbox.gates.gate import BEST_ESTIMATE
from sandbox.scenarios.change import events_of
from sandbox.tail.ground import Ground

LEVELS = (200.0, 1_000.0, 10_000.0)
MOST_LEVEL = 1_000_000.0
MOST_TIMES = 1_000.0
MOST_LEVELS = 10
LEAST_ORIGINAL = 0.05


class Tail(Strict):
    """What is asked of the far tail.

    levels    once in so many years: each has a value at risk and a tail value at risk
    amounts   of a year: the chance that each is exceeded
    tilt      event → what its mean number, or the rate of its storms, is multiplied by; found by a
              pilot where it is not stated
    original  part of the years that is drawn by the original law: no year counts for more than
              one over it
    """

    levels: Annotated[tuple[Plain, ...], Field(min_length=1, max_length=MOST_LEVELS)] = LEVELS
    amounts: Annotated[tuple[Plain, ...], Field(max_length=MOST_LEVELS)] = ()
    tilt: dict[Dotted, Plain] = Field(default_factory=dict)
    original: Share = 0.2
    basis: Word = BEST_ESTIMATE

    @model_validator(mode="after")
    def _within(self) -> "Tail":
        for level in self.levels:
            if not 1.0 < level <= MOST_LEVEL:
                text = f"expected more than 1 year, at most {MOST_LEVEL:,.0f}, got {level:g}"
                raise BadInput.one(self.place("levels"), "levels", text)
        for amount in self.amounts:
            if not amount >= 0.0:
                text = f"expected amounts of 0 or more, got {amount:g}"
                raise BadInput.one(self.place("amounts"), "amounts", text)
        for name, times in self.tilt.items():
            if not 0.0 < times <= MOST_TIMES:
                text = f"{name}: expected more than 0, at most {MOST_TIMES:,.0f}, got {times:g}"
                raise BadInput.one(self.place("tilt"), "tilt", text)
        if not LEAST_ORIGINAL <= self.original < 1.0:
            text = f"expected {LEAST_ORIGINAL * 100:g}% to less than 100%"
            raise BadValue(f"original: {text}, got {self.original * 100:g}%")
        return self

    @property
    def periods(self) -> tuple[float, ...]:
        """The levels in order, each once."""
        return tuple(sorted(set(self.levels)))

    def fits(self, product: AssembledProduct) -> None:
        """Raise BadInput for contracts of many years, and for an event that is unknown."""
        if product.long_term:
            text = (
                f"{product.name} is long-term: expected a product of annual contracts, whose rows "
                "are years"
            )
            raise BadInput.one(self.at, "", text)
        known = events_of(product)
        for name in self.tilt:
            if name not in known:
                text = f"unknown event '{name}'{nearest(name, known)}; expected {either(known)}"
                raise BadInput.one(self.place("tilt"), "tilt", text)

    def tilts(self, ground: Ground) -> None:
        """Raise BadInput for an event whose number cannot be tilted."""
        for place, name in enumerate(ground.processes):
            if name in self.tilt and not ground.varies[place]:
                text = f"{name}: expected poisson or negative_binomial, whose mean may be tilted"
                raise BadInput.one(self.place("tilt"), "tilt", text)
