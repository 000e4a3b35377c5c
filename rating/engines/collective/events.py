"""The events of a process for one policy: its choices with their chances, its marks as nodes."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.happens import Chances, CollectiveProcess, Draws, combination
from rating.engines.collective.quadrature import Grading, Nodes, unit_nodes
from rating.engines.collective.read import marks_read
from rating.engines.collective.sizes import cuts, levels
from rating.kernels.distributions import MBBEFD
from rating.kernels.nodes import quantiles
from rating.kernels.settle import Claims

Floats = npt.NDArray[np.float64]
MOST_DIMENSIONS = 2


def contract(model: AnnualModel, cell: int, event: int) -> Claims:
    """Give one event of a policy of the cell, its marks not yet known."""
    cells, payout = model.cells, model.payout
    items = max(1, len(payout.items))
    item_facts = [cells.item_columns[name][cell] for name in payout.item_facts]
    return Claims(
        event=np.array([event], dtype=np.int64),
        facts=np.array([cells.columns[name][cell] for name in payout.facts], dtype=np.float64),
        item_facts=np.array(item_facts, dtype=np.float64).reshape(len(item_facts), items),
        present=cells.present[cell].astype(np.int64),
        marks=np.full((1, len(payout.marks)), np.nan),
        item_marks=np.full((1, len(payout.item_marks), items), np.nan),
        context=cells.begun[cell : cell + 1].copy(),
    )


Chosen = list[tuple[int, float]]
"""Choices that were drawn: (mark, place)."""


def choices(chances: Sequence[Chances], cell: int) -> list[tuple[float, Chosen]]:
    """List each combination of choices that may happen to a cell: its chance, and the choices."""
    found: list[tuple[float, Chosen]] = [(1.0, [])]
    for one in chances:
        grown: list[tuple[float, Chosen]] = []
        for chance, chosen in found:
            cumulative = one.cumulative[combination(one.given, dict(chosen)), cell]
            for place, share in enumerate(np.diff(cumulative, prepend=0.0).tolist()):
                if share > 0.0:
                    grown.append((chance * share, [*chosen, (one.mark, float(place))]))
        found = grown
    return found


@dataclass(frozen=True)
class _Dimension:
    """Marks that move together: (mark, item or -1, code, parameters, largest value, factor).

    pieces  of those that are composed;  jumps: chances at which what is paid jumps
    """

    marks: tuple[tuple[int, int, int, Floats, float, float], ...]
    pieces: Floats
    jumps: tuple[float, ...] = ()

    def nodes(self, grading: Grading) -> Nodes:
        # the third parameter of an MBBEFD is the chance of less than a total loss
        total = [float(p[2]) for _, _, code, p, *_ in self.marks if code == MBBEFD]
        cut = [*total]
        cut += [one for _, _, code, p, *_ in self.marks for one in cuts(code, p, self.pieces)]
        # where one may be total only by a chance too small for a float, nothing is ever constant
        constant = len(total) == len(self.marks) and 0.0 < max(total, default=0.0) < 1.0
        level: tuple[float, ...] = ()
        if len(self.marks) == 1:
            level = levels(self.marks[0][2], self.marks[0][3], self.pieces)
        return unit_nodes(
            _inner(cut),
            constant_above=constant,
            grading=grading,
            level=level,
            jumps=_inner(self.jumps),
        )


def _inner(chances: Iterable[float]) -> tuple[float, ...]:
    return tuple(one for one in chances if 0.0 < one < 1.0)


def _dimensions(
    model: AnnualModel,
    process: CollectiveProcess,
    cell: int,
    read: frozenset[str],
    chosen: Mapping[int, float],
) -> list[_Dimension]:
    """Collect the quantiles of the marks that are read, some choices being known."""
    found: list[_Dimension] = []
    for draws in process.draws:
        if draws.name not in read:
            continue
        code = draws.code[combination(draws.given, chosen), cell]
        parameters = draws.parameters[combination(draws.given, chosen), cell]
        marks = [
            (draws.mark, item, int(code[place]), parameters[place], draws.most, factor)
            for place, item in enumerate(_items(model, process, draws))
            for factor in (float(draws.factor[cell]),)
            if code[place] >= 0 and item != UNREAD
        ]
        groups = [marks] if draws.together else [[mark] for mark in marks]
        found += [_Dimension(tuple(group), draws.pieces) for group in groups if group]
    return found


UNREAD = -2


class Block(NamedTuple):
    """Events with the same choices, as nodes of their marks.

    weight  [node];  marks: [node, mark];  item_marks: [node, mark, item]
    nodes   of each quantile that is drawn; those of the first stand longest
    more    gives marks and item marks at other chances of them
    """

    weight: Floats
    marks: Floats
    item_marks: Floats
    nodes: tuple[Nodes, ...]
    more: Callable[..., tuple[Floats, Floats]]


def _items(model: AnnualModel, process: CollectiveProcess, draws: Draws) -> list[int]:
    """Give the item of each place of a mark, UNREAD where no cover of the event has the item."""
    if not draws.each:
        return [-1]
    plan = model.payout.arrays
    read = {
        int(item)
        for entry, item in zip(plan.slot_entry, plan.slot_item, strict=True)
        if plan.listens[entry, process.event] == 1
    }
    return [item if item in read else UNREAD for item in range(draws.code.shape[2])]


class Events:
    """The events of one process for a policy of a cell, as weighted nodes of their marks.

    claims      the contract and the event;  dimensions: of the quadrature, at most

    Raises BadInput where the process draws more than two marks independently of one another.
    """

    def __init__(self, model: AnnualModel, process: CollectiveProcess, cell: int) -> None:
        """Find what each combination of choices depends on."""
        self.claims = contract(model, cell, process.event)
        read = marks_read(model.payout, process.name)
        self.cases = [
            (chance, chosen, _dimensions(model, process, cell, read, dict(chosen)))
            for chance, chosen in choices(process.chances, cell)
        ]
        self.dimensions = max((len(found) for _, _, found in self.cases), default=0)
        if self.dimensions > MOST_DIMENSIONS:
            text = (
                f"{process.name} draws {self.dimensions} marks independently of one another, and "
                f"quadrature takes {MOST_DIMENSIONS}, so the method would be simulated"
            )
            raise BadInput.one(model.basis.at, f"{model.basis.name}.risk.{process.name}", text)

    def blocks(self, grading: Grading) -> Iterator[Block]:
        """Give the nodes of each combination of choices; all their weights add up to 1."""
        for chance, chosen, dimensions in self.cases:
            nodes = [dimension.nodes(grading) for dimension in dimensions]
            weight = np.ones(math.prod(one.u.size for one in nodes))
            shape = [one.u.size for one in nodes]
            for axis, one in enumerate(nodes):
                weight = weight * one.weight[np.indices(shape)[axis].ravel()]
            draw = partial(self._drawn, dimensions, chosen)
            marks = draw(*(one.u for one in nodes))
            yield Block(weight * chance, *marks, tuple(nodes), draw)

    def cut(self, jumps: Sequence[tuple[float, ...]]) -> "Events":
        """Return the same events, the nodes of each combination cut at these chances too."""
        found = copy(self)
        found.cases = [
            (chance, chosen, [replace(one, jumps=(*one.jumps, *cuts)) for one in dimensions])
            for (chance, chosen, dimensions), cuts in zip(self.cases, jumps, strict=True)
        ]
        return found

    def _drawn(
        self, dimensions: list[_Dimension], chosen: Chosen, *chances: Floats
    ) -> tuple[Floats, Floats]:
        """Give marks and item marks at each combination of chances, [dimension][node]."""
        shape = [one.size for one in chances]
        size = math.prod(shape)
        marks = np.full((size, self.claims.marks.shape[1]), np.nan)
        item_marks = np.full((size, *self.claims.item_marks.shape[1:]), np.nan)
        for axis, (dimension, u) in enumerate(zip(dimensions, chances, strict=True)):
            place = np.indices(shape)[axis].ravel()
            for mark, item, code, parameters, most, factor in dimension.marks:
                value = quantiles(dimension.pieces, code, parameters, factor, u, most)[place]
                if item >= 0:
                    item_marks[:, mark, item] = value
                else:
                    marks[:, mark] = value
        for mark, choice in chosen:
            marks[:, mark] = choice
        return marks, item_marks
