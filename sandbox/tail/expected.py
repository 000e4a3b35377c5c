"""Law one of weighted years: counts and costs are held against what is known without them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from rating.engines.collective.closed import closed_costs
from rating.engines.collective.happens import CollectiveProcess, Draws, combination
from sandbox.measures.exact import exact_sum
from sandbox.tail.ground import Ground
from sandbox.tail.mixture import Mixed
from sandbox.tail.weighted import FAR, Weighted

Floats = npt.NDArray[np.float64]
MOST_CELLS = 1_000
"""So many cells are priced in closed form; of more it would take longer than the years."""


@dataclass(frozen=True)
class Held:
    """The weighted mean of something against its exact mean.

    name  `fire.occurrence` for its events, `fire.occurrence.damage` for their sizes, `fire` for
          what a cover pays
    bound what the exact mean may be off
    """

    name: str
    expected: float
    bound: float
    mean: float
    error: float

    @property
    def off(self) -> bool:
        """Whether they are further apart than chance lets them be."""
        reach = FAR * self.error + self.bound + 1e-9 * abs(self.expected)
        return abs(self.mean - self.expected) > reach


def held(ground: Ground, years: Mixed, *, priced: bool) -> tuple[Held, ...]:
    """Hold the years against the exact numbers and sizes of events, and prices in closed form.

    priced  whether covers are: not where shared factors move counts, which the price does not know
    """
    found = []
    for name, expected, bound, values in _known(ground, years, priced=priced):
        one = Weighted(values, years.weights, years.law, len(values)).mean().measured
        found.append(Held(name, expected, bound, one.value, one.error))
    return tuple(found)


def wrong(known: tuple[Held, ...]) -> str:
    """Say which mean is off, or nothing."""
    for one in known:
        if one.off:
            return (
                f"{one.name} has a mean of {one.mean:,.6g} ± {one.error:.2g}; "
                f"{one.expected:,.6g} is wanted"
            )
    return ""


def _known(
    ground: Ground, years: Mixed, *, priced: bool
) -> Iterator[tuple[str, float, float, Floats]]:
    for place, name in enumerate(ground.processes):
        values = years.seen.events[:, place].sum(axis=1).astype(np.float64)
        yield name, exact_sum(ground.means[place]), 0.0, values
    for mark, ((_, name), value) in enumerate(zip(ground.draws, sizes(ground), strict=True)):
        if math.isfinite(value):
            yield name, value, 0.0, years.seen.amounts[:, mark]
    cells = ground.model.cells
    if priced and cells.size <= MOST_CELLS:
        for name, value, bound in _closed(ground):
            if name in years.covers:
                yield name, value, bound, years.covers[name]


def _closed(ground: Ground) -> Iterator[tuple[str, float, float]]:
    """Give the covers whose cost is known in closed form in every cell, of all policies."""
    model = ground.model
    try:
        costs = [closed_costs(model, cell) for cell in range(model.cells.size)]
    except BadInput:
        return  # there is no price without random numbers
    policies = model.cells.policies.astype(np.float64).tolist()
    for name in costs[0]:
        if all(name in one for one in costs):
            rows = [(one[name].value, one[name].bound) for one in costs]
            weighted = [(v * n, b * n) for (v, b), n in zip(rows, policies, strict=True)]
            yield name, math.fsum(v for v, _ in weighted), math.fsum(b for _, b in weighted)


def sizes(ground: Ground) -> list[float]:
    """Give the expected sum of all sizes of a year, of each that is drawn; may be infinite."""
    model, found = ground.model, list[float]()
    present = model.cells.present
    for process in model.collective:
        counts = [count.mean for count in process.counts]
        events = np.array(counts) * model.cells.policies
        chances = list(_combinations(process))
        for draws in process.draws:
            total = []
            for chosen, chance in chances:
                row = combination(draws.given, chosen)
                for cell, item in np.argwhere(draws.code[row] >= 0).tolist():
                    part = float(events[cell] * chance[cell])
                    if part > 0.0 and (not draws.each or present[cell, item] == 1):
                        total.append(part * _mean(draws, (row, cell, item)))
            found.append(math.fsum(total))
    return found


def _mean(draws: Draws, place: tuple[int, int, int]) -> float:
    factor = float(draws.factor[place[1]])
    size = draws.models[(float(draws.code[place]), *draws.parameters[place].tolist())]
    return factor * size.limited_mean(draws.most / factor) if factor > 0.0 else 0.0


def _combinations(process: CollectiveProcess) -> Iterator[tuple[dict[int, float], Floats]]:
    """Give every combination of the choices of an event with its chance, [cell]."""
    found: list[tuple[dict[int, float], Floats]] = [({}, np.ones(len(process.counts)))]
    for one in process.chances:
        longer = []
        for chosen, chance in found:
            cumulative = one.cumulative[combination(one.given, chosen)]
            shares = np.diff(cumulative, axis=1, prepend=0.0)
            for option in range(shares.shape[1]):
                part = chance * shares[:, option]
                if (part > 0.0).any():
                    longer.append(({**chosen, one.mark: float(option)}, part))
        found = longer
    yield from found
