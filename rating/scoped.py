"""Where and when a change of an assumption acts: a segment, policy years, a ramp.

The part of a change in force is 0 outside of its segment and years, 1 within, or what a ramp says.
Of a part w, `times` becomes 1 + w x (times - 1), and what is added w times as much.

In use:
    factor = Times((Scoped(1.2, Scope(first=2)),)).of(product, columns, years)     [row]
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, nearest
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder, Program
from product_factory.expressions.run import run
from product_factory.expressions.tree import Conditions
from product_factory.scopes import general_scope

Floats = npt.NDArray[np.float64]
FOR_EVER = 1_000
"""A policy year beyond any contract."""


@dataclass(frozen=True)
class Segment:
    """Policies whose facts and choices meet conditions.

    text  what is written, apart from its layout: segments are equal where it is
    """

    text: str
    conditions: Conditions = field(compare=False)

    def check(self, product: AssembledProduct) -> None:
        """Raise BadInput, with its place, for what is no fact or choice of the policy."""
        known = product.variables
        for entry in self._program(product).inputs:
            if entry.name not in known:
                text = f"expected a fact or choice of the policy, got '{entry.name}'"
                text += nearest(entry.name, known)
                raise BadInput.one(self.conditions.at, "where", text)

    def holds(
        self, product: AssembledProduct, columns: Mapping[str, Floats]
    ) -> npt.NDArray[np.bool_]:
        """Tell for each cell whether it belongs; columns: variable → [cell]."""
        size = len(next(iter(columns.values())))
        program = self._program(product)
        value = run(program, columns, np.arange(size + 1))[program.results["value"]]
        return np.asarray(np.broadcast_to(value, (size,)) != 0.0, np.bool_)

    def _program(self, product: AssembledProduct) -> Program:
        builder = Builder()
        bound = Binder(builder).conditions(self.conditions, general_scope(product))
        builder.results["value"] = bound
        return builder.finish()


@dataclass(frozen=True)
class Ramp:
    """The part of a change in force, by policy year.

    It is `start` in the first year, goes linearly to `end` in the last of so many, and stays.
    """

    start: float
    end: float
    years: int


@dataclass(frozen=True)
class Scope:
    """Where and when: a segment, None for all; policy years first … last; a ramp from the first."""

    segment: Segment | None = None
    first: int = 1
    last: int = FOR_EVER
    ramp: Ramp | None = None

    def part(self, year: Floats) -> Floats:
        """Give the part of the change in force in policy years, whatever the segment."""
        found = np.ones(np.shape(year))
        if self.ramp is not None:
            ramp = self.ramp
            share = np.clip((year - self.first) / max(1, ramp.years - 1), 0.0, 1.0)
            # the end itself, not a rounding beside it
            risen = ramp.start + (ramp.end - ramp.start) * share
            found = np.where(share >= 1.0, ramp.end, risen)
        return np.where((year >= self.first) & (year <= self.last), found, 0.0)

    def within(
        self, product: AssembledProduct, columns: Mapping[str, Floats], year: Floats
    ) -> Floats:
        """Give the part in force row by row; columns: variable → [row], year: [row]."""
        found = self.part(year)
        if self.segment is None:
            return found
        return np.where(self.segment.holds(product, columns), found, 0.0)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most that may be in force: what holds at both holds between."""
        return (1.0, 1.0) if self.ramp is None else (self.ramp.start, self.ramp.end)


EVERYWHERE = Scope()
"""All policies, in all years."""


@dataclass(frozen=True)
class Scoped:
    """A number of a change, with where and when it acts."""

    value: float
    scope: Scope = EVERYWHERE

    def times(self, part: Floats) -> Floats:
        """Give what is multiplied by where a part is in force; all of it is the number itself."""
        return np.where(part == 1.0, self.value, 1.0 + part * (self.value - 1.0))


@dataclass(frozen=True)
class Times:
    """What something is multiplied by: several changes multiply."""

    parts: tuple[Scoped, ...]

    def of(self, product: AssembledProduct, columns: Mapping[str, Floats], year: Floats) -> Floats:
        """Give the factor of each row; columns: variable → [row], year: [row] policy year."""
        found = np.ones(len(year))
        for one in self.parts:
            found = found * one.times(one.scope.within(product, columns, year))
        return found


def joined(parts: tuple[Scoped, ...]) -> float | Times:
    """Give one factor where all of them act everywhere, else what they are by row."""
    if any(one.scope != EVERYWHERE for one in parts):
        return Times(parts)
    found = 1.0
    for one in parts:
        found *= one.value
    return found


def added(parts: tuple[Scoped, ...], year: Floats) -> Floats:
    """Give what is added in policy years, for all policies alike: [year]."""
    found = np.zeros(len(year))
    for one in parts:
        found = found + one.value * one.scope.part(year)
    return found
