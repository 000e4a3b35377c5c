"""Years drawn by several laws, each with what it counts for by the original one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.numbers.hashing import hash64
from sandbox.dependence.bind import BoundDependence
from sandbox.execution import Execution
from sandbox.kernels.tail import Seen, weigh
from sandbox.protection import Protection
from sandbox.tail.draw import Drawn, draw
from sandbox.tail.ground import Ground
from sandbox.tail.law import Law

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
FLOORED = 0.3
"""Of the years that the original law does not draw, the part that floors draw."""
ORIGINAL = "original"


@dataclass(frozen=True, eq=False)
class Aimed:
    """A law that years are drawn by, named after its aim: `original`, `stated`, `gross 200`.

    floor  whether it lets something rare happen, whatever a pilot saw
    """

    name: str
    law: Law
    years: int
    floor: bool = False


@dataclass(frozen=True, eq=False)
class Mixed:
    """Years drawn by laws in turn.

    laws     by whom, and how many each;  law: [year] its place
    weights  [year] what each counts for by the original law
    paid     gross and net → [year];  covers: name → [year], before reinsurance
    seen, factor, storm_factor   as `Drawn` has them
    """

    laws: tuple[Aimed, ...]
    law: Integers
    weights: Floats
    paid: Mapping[str, Floats]
    covers: Mapping[str, Floats]
    seen: Seen
    factor: Floats
    storm_factor: Floats


def dealt(
    ground: Ground,
    floors: Mapping[str, Law],
    laws: Mapping[str, Law],
    original: float,
    years: int,
) -> tuple[Aimed, ...]:
    """Deal years to laws: the same number to each floor and to each that has an aim.

    original  part of the original law, which draws those of all aims too where there are none
    """
    rest = (1.0 - original) * years
    each_floor = int(FLOORED * rest / max(len(floors), 1))
    floored = rest * FLOORED if floors else 0.0
    each = int((rest - floored) / max(len(laws), 1))
    left = years - each_floor * len(floors) - each * len(laws)
    return (
        Aimed(ORIGINAL, ground.original, left),
        *(Aimed(name, law, each_floor, floor=True) for name, law in floors.items()),
        *(Aimed(name, law, each) for name, law in laws.items()),
    )


@dataclass(frozen=True)
class Sampler:
    """Who draws years of a portfolio by any law."""

    ground: Ground
    cover: Protection | None
    seed: int
    execution: Execution
    tied: BoundDependence | None

    def mixed(self, aimed: tuple[Aimed, ...], name: str) -> Mixed:
        """Draw the years of every law, and weigh them together; name: of their random numbers."""
        laws = [one.law for one in aimed[1:]] or [self.ground.original]
        drawn = [self._drawn(one, laws, f"{name}{one.name}") for one in aimed]
        number = sum(one.years for one in aimed)
        parts = np.array([one.years / number for one in aimed[1:]] or [0.0])
        weights = np.empty(number)
        weigh(np.concatenate([one.ratios for one in drawn]), parts, weights)
        paid = [self._paid(one) for one in drawn]
        covers = drawn[0].run.table.columns
        return Mixed(
            aimed,
            np.repeat(np.arange(len(aimed)), [one.years for one in aimed]),
            weights,
            {view: np.concatenate([part[view] for part in paid]) for view in paid[0]},
            {
                cover: np.concatenate([one.run.table.paid[:, place] for one in drawn])
                for place, cover in enumerate(covers)
            },
            Seen(*(np.concatenate(parts) for parts in zip(*(d.seen for d in drawn), strict=True))),
            np.concatenate([one.factor for one in drawn]),
            np.concatenate([one.storm_factor for one in drawn]),
        )

    def _drawn(self, aimed: Aimed, laws: Sequence[Law], name: str) -> Drawn:
        own = hash64(f"tail/{name}/{self.seed}/shared")
        shared = {} if self.tied is None else self.tied.frequency(own, aimed.years)
        protects = () if self.cover is None else self.cover.protects
        return draw(
            self.ground,
            aimed.law,
            laws,
            aimed.years,
            self.seed,
            name,
            self.execution,
            shared,
            protects,
        )

    def _paid(self, drawn: Drawn) -> dict[str, Floats]:
        """Give what a year costs by view, [year]."""
        found = {"gross": drawn.run.table.total()}
        if self.cover is not None:
            net, _ = self.cover.settled(drawn.run.table, drawn.run, self.execution.threads)
            found["net"] = net.total()
        return found
