"""The size of a claim of which only the process is known: a mixture over risks and choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.events import choices
from rating.engines.collective.happens import CollectiveProcess, Draws, combination
from rating.severities import Size

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
EDGE = 1e-15


@dataclass(frozen=True)
class Sizes:
    """Severities with weights that add up to 1: (weight, severity, what it is multiplied by)."""

    parts: tuple[tuple[float, Size, float], ...]
    most: float

    def survival(self, x: float) -> float:
        """Return P(X > x)."""
        if x >= self.most:
            return 0.0
        return sum(weight * size.survival(x / factor) for weight, size, factor in self.parts)

    def reaches(self, x: float) -> float:
        """Return P(X >= x), of which a chance that sits on x is part."""
        return self.survival(float(np.nextafter(x, 0.0)))


def drawn_marks(model: AnnualModel) -> Mapping[str, tuple[str, str]]:
    """Give the names under which sizes may be listed: process.mark, and process where it has one.

    A mark by which several items suffer in the same degree is not listed.
    """
    found: dict[str, tuple[str, str]] = {}
    for process in model.collective:
        marks = [draws.name for draws in process.draws if _listed(draws)]
        found |= {f"{process.name}.{mark}": (process.name, mark) for mark in marks}
        if len(marks) == 1:
            found[process.name] = process.name, marks[0]
    return found


def _listed(draws: Draws) -> bool:
    several = draws.together and draws.code.shape[2] > 1
    return bool((draws.code >= 0).any()) and not several


def _shares(process: CollectiveProcess, draws: Draws, cell: int) -> Mapping[int, float]:
    """Give the chance of each combination of choices that the mark depends on."""
    if not draws.given:
        return {0: 1.0}
    found: dict[int, float] = {}
    for chance, chosen in choices(process.chances, cell):
        place = combination(draws.given, dict(chosen))
        found[place] = found.get(place, 0.0) + chance
    return found


def _of_cell(
    process: CollectiveProcess, draws: Draws, present: Integers, cell: int
) -> list[tuple[float, Size, float]]:
    """Give the sizes of a cell; weights add up to 1 for each item that is there."""
    found: list[tuple[float, Size, float]] = []
    for place, share in _shares(process, draws, cell).items():
        for item in range(draws.code.shape[2]):
            code = int(draws.code[place, cell, item])
            if code < 0 or (draws.each and not present[cell, item]):
                continue
            key = (float(code), *draws.parameters[place, cell, item].tolist())
            found.append((share, draws.models[key], float(draws.factor[cell])))
    return found


def sizes_of(model: AnnualModel, process_name: str, mark: str, policies: Floats) -> Sizes:
    """Give the size of a claim of any of the policies: [cell] how many there are.

    A cell counts as many times as it has events.
    """
    process = next(one for one in model.collective if one.name == process_name)
    draws = next(one for one in process.draws if one.name == mark)
    weights: dict[tuple[Size, float], float] = {}
    for cell, count in enumerate(process.counts):
        events = float(policies[cell]) * count.mean
        if events > 0.0:
            for share, size, factor in _of_cell(process, draws, model.cells.present, cell):
                weights[size, factor] = weights.get((size, factor), 0.0) + share * events
    whole = sum(weights.values())
    parts = tuple((weight / whole, size, factor) for (size, factor), weight in weights.items())
    return Sizes(parts, draws.most)


def surviving(process: CollectiveProcess, present: Integers, above: float) -> Floats:
    """Give the chance that an event's loss is more, [cell]; of the one mark that is a size."""
    listed = [draws for draws in process.draws if _listed(draws)]
    found = np.ones(len(process.counts))
    if len(listed) != 1:
        return found
    known: dict[tuple[tuple[float, Size, float], ...], float] = {}
    for cell in range(len(process.counts)):
        parts = tuple(_of_cell(process, listed[0], present, cell))
        if parts not in known:
            whole = sum(weight for weight, _, _ in parts)
            scaled = tuple((weight / whole, size, factor) for weight, size, factor in parts)
            known[parts] = Sizes(scaled, listed[0].most).survival(above) if whole else 1.0
        found[cell] = known[parts]
    return found


def scores(sizes: Sizes, amounts: Sequence[float], above: Sequence[float], u: Floats) -> Floats:
    """Give the normal score of each claim: exactly standard normal under the right severity.

    U = P(X <= x | X > above), a chance that sits on x being shared by u, is even between 0 and 1.
    """
    alive = {x: sizes.survival(x) if x > 0.0 else 1.0 for x in set(above)}
    known = {x: (sizes.survival(x), sizes.reaches(x)) for x in set(amounts)}
    found = np.empty(len(amounts))
    for place, (x, least, share) in enumerate(zip(amounts, above, u.tolist(), strict=True)):
        more, reaches = known[x]
        chance = (more + share * max(0.0, reaches - more)) / max(alive[least], 1e-300)
        found[place] = -ndtri(min(max(chance, EDGE), 1.0 - EDGE))
    return found
