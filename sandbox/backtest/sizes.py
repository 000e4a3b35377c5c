"""The size of a claim of which only the process is known: a mixture over risks and choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from product_factory.errors import BadValue
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


@dataclass(frozen=True)
class _Listed:
    """A mark of which single values may be listed, of one item where items have their own."""

    name: str
    process: CollectiveProcess
    draws: Draws
    item: int


def _listed(model: AnnualModel) -> list[_Listed]:
    found = []
    for process in model.collective:
        for draws in process.draws:
            name = f"{process.name}.{draws.name}"
            items = draws.code.shape[2]
            for item in range(items):
                if (draws.code[:, :, item] >= 0).any():
                    own = name if items == 1 else f"{name}.{model.payout.items[item]}"
                    found.append(_Listed(own, process, draws, item))
    return found


def drawn_marks(model: AnnualModel) -> Mapping[str, tuple[str, str]]:
    """Give the names under which sizes may be listed: name → (process, the name in full).

    They are process.mark, process.mark.item where each item has its own, and process where it has
    no other.
    """
    listed = _listed(model)
    found = {one.name: (one.process.name, one.name) for one in listed}
    for process in model.collective:
        own = [one.name for one in listed if one.process is process]
        if len(own) == 1:
            found[process.name] = process.name, own[0]
    return found


def ratio_marks(model: AnnualModel) -> frozenset[str]:
    """Give the names in full of the marks that are ratios, at most 1."""
    return frozenset(one.name for one in _listed(model) if np.isfinite(one.draws.most))


def _shares(process: CollectiveProcess, draws: Draws, cell: int) -> Mapping[int, float]:
    """Give the chance of each combination of choices that the mark depends on."""
    if not draws.given:
        return {0: 1.0}
    found: dict[int, float] = {}
    for chance, chosen in choices(process.chances, cell):
        place = combination(draws.given, dict(chosen))
        found[place] = found.get(place, 0.0) + chance
    return found


def _of_cell(listed: _Listed, present: Integers, cell: int) -> list[tuple[float, Size, float]]:
    """Give the sizes of a cell, weights adding up to 1; none where it does not have the item."""
    draws, item = listed.draws, listed.item
    if draws.each and not present[cell, item]:
        return []
    found: list[tuple[float, Size, float]] = []
    for place, share in _shares(listed.process, draws, cell).items():
        code = int(draws.code[place, cell, item])
        if code >= 0:
            key = (float(code), *draws.parameters[place, cell, item].tolist())
            found.append((share, draws.models[key], float(draws.factor[cell])))
    return found


def sizes_of(model: AnnualModel, name: str, policies: Floats) -> Sizes:
    """Give the size of a claim of any of the policies: [cell] how many there are.

    A cell counts as many times as it has events. Raises BadValue where none has any.
    """
    listed = next(one for one in _listed(model) if one.name == name)
    weights: dict[tuple[Size, float], float] = {}
    for cell, count in enumerate(listed.process.counts):
        events = float(policies[cell]) * count.mean
        if events > 0.0:
            for share, size, factor in _of_cell(listed, model.cells.present, cell):
                weights[size, factor] = weights.get((size, factor), 0.0) + share * events
    whole = sum(weights.values())
    if not weights:
        raise BadValue(f"{name}: expected no claim, for none of the policies has any")
    parts = tuple((weight / whole, size, factor) for (size, factor), weight in weights.items())
    return Sizes(parts, listed.draws.most)


def surviving(model: AnnualModel, process: CollectiveProcess, above: float) -> Floats:
    """Give the chance that an event's loss is more, [cell]; the process has one size alone."""
    (listed,) = (one for one in _listed(model) if one.process is process)
    known: dict[tuple[tuple[float, Size, float], ...], float] = {}
    found = np.ones(len(process.counts))
    for cell in range(len(process.counts)):
        parts = tuple(_of_cell(listed, model.cells.present, cell))
        if parts not in known:
            known[parts] = Sizes(parts, listed.draws.most).survival(above)
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
