"""Risks to try a tariff with: all that can differ to some of its registers, where they have an end.

Every risk is a policy with one item, or without items where none is read. A number that is only
held against fixed amounts is tried at those amounts, next to them and at its bounds, which is all
that can differ; one that is calculated with is tried at each of its values, where they are few.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.expressions.operations import ITEM, REGISTERS, Op
from product_factory.expressions.program import Operation, Program
from product_factory.expressions.run import step
from rating.encode import Readers, absent_value
from rating.variable import WHOLE, VariableReader

Floats = npt.NDArray[np.float64]
MOST = 40_000
"""Risks that are tried; of more combinations as many are drawn, evenly spread."""
MOST_VALUES = 1_000
"""Values of a number that is calculated with."""
SAMPLED = 9
COMPARISONS = frozenset({Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE})
KEYS = frozenset({Op.KEY_EXACT, Op.KEY_STEP, Op.KEY_BAND})
TOTALS = frozenset({Op.TOTAL_SUM, Op.TOTAL_MAX, Op.TOTAL_COUNT})


@dataclass(frozen=True)
class Trial:
    """Risks in columns.

    columns  input → its values
    exact    whether no other risk can differ from all of these to the registers asked for
    alone    whether items matter one by one, so that policies of one item stand for all
    item     the item of each risk, -1 without items
    point    the number of each risk's values of the policy, equal where they are
    must     the items that every policy has
    """

    columns: Mapping[str, Floats]
    size: int
    exact: bool
    alone: bool
    item: npt.NDArray[np.int64]
    point: npt.NDArray[np.int64]
    must: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Whether `standing` tells of every policy that there can be."""
        return self.exact and bool(self.must or (self.item < 0).all())

    def standing(self, may: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Tell which items that may be insured can be: every policy has some others beside them.

        may  which risks may be, each for itself
        """
        found = may.copy()
        if (self.item < 0).all():
            return found
        for item in self.must:
            there = np.zeros(int(self.point.max(initial=-1)) + 1, np.bool_)
            there[self.point[may & (self.item == item)]] = True
            found &= there[self.point] | (self.item == item)
        return found

    def run(self, program: Program, wanted: Iterable[int]) -> list[Floats]:
        """Run what some registers need of a program; the other registers stay empty."""
        needed = frozenset().union(*(program.below(register) for register in wanted))
        empty = np.zeros(0)
        offsets = np.arange(self.size + 1)
        found: list[Floats] = [
            self.columns[entry.name] if place in needed else empty
            for place, entry in enumerate(program.inputs)
        ]
        found += [np.float64(value).reshape(1) for value in program.constants]
        with np.errstate(all="ignore"):
            for line in program.operations:
                here = len(found) in needed
                found.append(step(line, found, program.data, offsets) if here else empty)
        return [np.broadcast_to(one, (self.size,)) if one.size == 1 else one for one in found]


def trial(known: Readers, program: Program, wanted: Sequence[int], most: int = MOST) -> Trial:
    """Give the risks that matter to some registers of a program."""
    below = frozenset().union(*(program.below(register) for register in wanted))
    uses = _uses(program, below)
    names = {entry.name: n for n, entry in enumerate(program.inputs) if n in below}
    of_items = any(program.inputs[n].level == ITEM for n in names.values())
    alone = exact = _seen_one_by_one(program, below, wanted)
    parts: list[dict[str, Floats]] = []
    points: list[npt.NDArray[np.int64]] = []
    policy = {}
    for name in (one for one in names if one in known.policy):
        policy[name], whole = _values(program, uses, names[name], known.policy[name])
        exact = exact and whole
    for place, item in enumerate(known.items if of_items else [""]):
        grids = dict(policy)
        group = known.items.get(item, {})
        for name in (one for one in names if one not in known.policy):
            if name == "item":
                grids[name] = np.array([float(place)])
            elif name in group:
                grids[name], whole = _values(program, uses, names[name], group[name])
                exact = exact and whole
            else:
                grids[name] = np.array([absent_value(known.item_names[name])])
        part, point, whole = _combined(grids, len(policy), most)
        parts.append(part)
        points.append(point)
        exact = exact and whole
    sizes = [point.size for point in points]
    items = np.repeat(np.arange(len(sizes)) if of_items else np.array([-1]), sizes)
    return Trial(
        columns={name: np.concatenate([part[name] for part in parts]) for name in names},
        size=sum(sizes),
        exact=exact,
        alone=alone,
        item=items.astype(np.int64),
        point=np.concatenate(points),
        must=tuple(n for n, item in enumerate(known.items) if item not in known.optional),
    )


def _combined(
    grids: Mapping[str, Floats], first: int, most: int
) -> tuple[dict[str, Floats], npt.NDArray[np.int64], bool]:
    """Combine the values of all variables, or spread so many combinations evenly over them.

    Gives the number of the combination of the first so many variables too, and whether all are
    there.
    """
    sizes = [grid.size for grid in grids.values()]
    if float(np.prod(sizes, dtype=np.float64)) <= most:
        count = int(np.prod(sizes, dtype=np.int64))
        mesh = np.meshgrid(*grids.values(), indexing="ij") if grids else []
        found = {name: one.ravel() for name, one in zip(grids, mesh, strict=True)}
        inner = int(np.prod(sizes[first:], dtype=np.int64))
        return found, np.arange(count, dtype=np.int64) // inner, True
    from scipy.stats import qmc  # noqa: PLC0415 - slow to import, and few tariffs need it

    shares = qmc.Halton(len(grids), scramble=False).random(most).T
    found = {
        name: grid[(share * grid.size).astype(np.int64)]
        for (name, grid), share in zip(grids.items(), shares, strict=True)
    }
    return found, np.arange(most, dtype=np.int64), False


def _uses(program: Program, below: frozenset[int]) -> dict[int, list[Operation]]:
    """Give for each register the operations that read it; what is given to items is followed."""
    first = program.size - len(program.operations)
    found: dict[int, list[Operation]] = {}
    for register in sorted(below):
        if register >= first:
            line = program.operations[register - first]
            for part in REGISTERS.get(line.op, "ab"):
                found.setdefault(getattr(line, part), []).append(line)
    for register in sorted(below, reverse=True):
        if register >= first and program.operations[register - first].op is Op.GATHER:
            found.setdefault(program.operations[register - first].a, []).extend(
                found.get(register, [])
            )
    return found


def _seen_one_by_one(program: Program, below: frozenset[int], wanted: Sequence[int]) -> bool:
    """Tell whether items matter one by one: a total is only asked for whether any item counts."""
    first = program.size - len(program.operations)
    uses = _uses(program, below)
    zero = [len(program.inputs) + n for n, value in enumerate(program.constants) if value == 0.0]
    for register in below:
        if register >= first and program.operations[register - first].op in TOTALS:
            asked = [line.op is Op.GT and line.b in zero for line in uses.get(register, [])]
            if register in wanted or not all(asked):
                return False
    return True


def _values(
    program: Program, uses: Mapping[int, list[Operation]], register: int, reader: VariableReader
) -> tuple[Floats, bool]:
    """Give the values of a variable to try, and whether no other can differ."""
    if reader.coded or reader.type.kind == "yes_no":
        return reader.values(), True
    edges = _edges(program, uses, register)
    if edges is not None:
        return _around(reader, edges), True
    size = _step(reader)
    least, most = _bounds(reader, [])
    if not np.isnan([size, reader.least, reader.most]).any():
        count = np.floor((most - least) / size + 1e-9) + 1
        if count <= MOST_VALUES:
            return least + size * np.arange(count), True
    spread = np.linspace(least, most, SAMPLED)
    if not np.isnan(size):
        spread = least + size * np.floor((spread - least) / size + 1e-9)
    return np.unique(spread), False


def _edges(
    program: Program, uses: Mapping[int, list[Operation]], register: int
) -> list[float] | None:
    """List the amounts that a number is held against, or None where it is calculated with."""
    found: list[float] = []
    first = len(program.inputs)
    for line in uses.get(register, []):
        if line.op is Op.GATHER:
            continue
        if line.op in KEYS:
            width = line.c * (2 if line.op is Op.KEY_BAND else 1)
            found += program.data[line.b : line.b + width].tolist()
        elif line.op in COMPARISONS:
            fixed = [p - first for p in (line.a, line.b) if 0 <= p - first < len(program.constants)]
            if not fixed:
                return None
            found += [program.constants[place] for place in fixed]
        else:
            return None
    return [edge for edge in found if np.isfinite(edge)]


def _around(reader: VariableReader, edges: Sequence[float]) -> Floats:
    """Give the values at some amounts, next to them on both sides, and at the bounds."""
    size = _step(reader)
    least, most = _bounds(reader, edges)
    held = np.array([least, most, *edges])
    if np.isnan(size):
        near = [held, np.nextafter(held, -np.inf), np.nextafter(held, np.inf)]
        tried = np.concatenate(near)
    else:
        place = np.floor((held - least) / size)
        tried = np.concatenate([least + size * (place + by) for by in (-1, 0, 1, 2)])
    tried = np.unique(tried[(tried >= least) & (tried <= most)])
    return tried[reader.inside(tried)]


def _step(reader: VariableReader) -> float:
    if np.isnan(reader.step) and reader.type.kind in (*WHOLE, "date"):
        return 1.0
    return reader.step


def _bounds(reader: VariableReader, edges: Sequence[float]) -> tuple[float, float]:
    """Give the least and the most value; where there is none, one beyond all amounts named."""
    least = reader.least
    if np.isnan(least):
        least = min([0.0, *(edge - 1.0 for edge in edges)])
    most = reader.most
    if np.isnan(most):
        most = max([100.0 * max(least, 1.0), *(edge + 1.0 for edge in edges)])
        size = _step(reader)
        most = most if np.isnan(size) else least + size * np.ceil((most - least) / size)
    return float(least), float(most)
