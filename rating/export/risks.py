"""Risks to choose conformance cases from: drawn within their bounds, and beside each boundary."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.expressions.operations import COMPARISONS, ITEM
from product_factory.expressions.run import run
from product_factory.types import YES_NO, day_number, day_of, number
from rating.encode import Readers, absent_value
from rating.export.draws import Floats, draws
from rating.plan import RatingPlan
from rating.quote import Registers
from rating.variable import WHOLE, VariableReader

Name = tuple[str, str]
"""Item ('' for the policy, `member.2` of those of which several may stand) and variable."""
Truths = npt.NDArray[np.bool_]
SPECIAL = 0.35
"""How many of the drawn values are boundaries or keys of tables."""
SPREAD = 2.5
"""Decades above its least over which an amount without a largest is drawn."""
TRIED = 48
"""Risks from which a boundary is looked for, along each variable."""
MOST_MEMBERS = 12
"""How many of an item are drawn, where several may stand in a policy."""
COMPARED = frozenset(COMPARISONS.values())


@dataclass(frozen=True)
class Risks:
    """Risks in the numbers of their types: (item, variable) → values, item → which have it.

    Those of which several may stand in a policy are `member.1` to `member.12`.
    """

    values: Mapping[Name, Floats]
    present: Mapping[str, Truths]
    size: int

    def taken(self, rows: npt.NDArray[np.int64]) -> "Risks":
        """Give some of the risks."""
        return Risks(
            {name: column[rows] for name, column in self.values.items()},
            {item: has[rows] for item, has in self.present.items()},
            len(rows),
        )

    def joined(self, other: "Risks") -> "Risks":
        """Give these risks and others after them."""
        return Risks(
            {n: np.concatenate([column, other.values[n]]) for n, column in self.values.items()},
            {i: np.concatenate([has, other.present[i]]) for i, has in self.present.items()},
            self.size + other.size,
        )

    def with_values(self, name: Name, column: Floats) -> "Risks":
        """Give the risks with one variable replaced."""
        return Risks({**self.values, name: column}, self.present, self.size)


def drawn(plan: RatingPlan, seed: int, count: int) -> Risks:
    """Draw risks, each variable for itself."""
    known = plan.readers
    readers = _readers(known)
    special = {name: _special(plan, name, reader) for name, reader in readers.items()}
    values = {}
    for name, reader in readers.items():
        said = ".".join(name)
        column = _spread(plan, reader, draws(seed, said, count))
        if special[name].size and not reader.coded:
            which = (draws(seed, f"{said} which", count) * special[name].size).astype(np.int64)
            chosen = draws(seed, f"{said} special", count) < SPECIAL
            column = np.where(chosen, special[name][which], column)
        values[name] = column
    present: dict[str, Truths] = {}
    for item in known.items:
        u = draws(seed, f"{item} present", count)
        if item in known.many:
            most = most_members(known, item)
            least = known.least.get(item, 0 if item in known.optional else 1)
            number = least + np.floor(u * u * (most + 1 - least))
            present |= {f"{item}.{n}": number >= n for n in range(1, most + 1)}
        else:
            present[item] = u < (0.6 if item in known.optional else 2.0)
    return Risks(values, present, count)


def most_members(known: Readers, item: str) -> int:
    """Tell how many of an item of which several may stand a policy has at most here."""
    return max(MOST_MEMBERS, known.least.get(item, 1))


def items_drawn(known: Readers) -> dict[str, str]:
    """Give which item of the product each of those is that are drawn, in their order."""
    found: dict[str, str] = {}
    for item in known.items:
        several = [f"{item}.{n}" for n in range(1, most_members(known, item) + 1)]
        found |= dict.fromkeys(several if item in known.many else [item], item)
    return found


def evaluated(plan: RatingPlan, risks: Risks) -> tuple[Registers, npt.NDArray[np.int64] | None]:
    """Run the plan on risks: every register, and the first item of each risk."""
    columns: dict[str, Floats] = {n: c for (item, n), c in risks.values.items() if not item}
    offsets = None
    if plan.readers.items:
        items, names = items_drawn(plan.readers), list(plan.readers.items)
        codes = np.array([float(names.index(item)) for item in items.values()])
        has = np.column_stack([risks.present[one] for one in items])
        offsets = np.concatenate([[0], np.cumsum(has.sum(axis=1))]).astype(np.int64)
        columns["item"] = codes[np.nonzero(has)[1]]
        for name, reader in plan.readers.item_names.items():
            absent = np.full(risks.size, absent_value(reader))
            table = [risks.values.get((one, name), absent) for one in items]
            columns[name] = np.column_stack(table)[has]
    with np.errstate(all="ignore"):
        return run(plan.program, columns, offsets), offsets


def beside_boundaries(plan: RatingPlan, risks: Risks) -> Risks:
    """Move each variable of some risks to where a comparison turns, and a step to either side.

    Only comparisons on which a variable has a straight effect are met; the others are left to
    what was drawn.
    """
    few = risks.taken(np.arange(min(TRIED, risks.size)))
    found = few.taken(np.arange(0))
    before = _gaps(plan, few)
    for name, reader in _readers(plan.readers).items():
        later = "." in name[0] and not name[0].endswith(".1")
        if later or reader.coded or reader.type.kind == "yes_no":
            continue
        step = _step(reader)
        here = few.values[name]
        moved = here + np.where(here + step <= _or(reader.most, np.inf), step, -step)
        after = _gaps(plan, few.with_values(name, moved))
        for one, other in zip(before, after, strict=True):
            with np.errstate(all="ignore"):
                target = here - one * (moved - here) / (other - one)
            for beside in (-step, 0.0, step):
                wanted = snapped(reader, target + beside)
                good = np.isfinite(target) & reader.inside(wanted)
                rows = np.flatnonzero(good)
                found = found.joined(few.with_values(name, wanted).taken(rows))
    return found


def given(plan: RatingPlan, risks: Risks, row: int) -> dict[str, object]:
    """Write a risk as it is given: texts by name, items by name."""
    found: dict[str, object] = {
        name: text(reader, float(risks.values["", name][row]))
        for name, reader in plan.readers.policy.items()
    }
    here: dict[str, list[dict[str, str]]] = {}
    for one, item in items_drawn(plan.readers).items():
        if risks.present[one][row]:
            group = plan.readers.items[item]
            told = {n: text(r, float(risks.values[one, n][row])) for n, r in group.items()}
            here.setdefault(item, []).append(told)
    if plan.readers.items:
        found["items"] = as_given(plan.readers, here)
    return found


def as_given(known: Readers, here: Mapping[str, list[dict[str, str]]]) -> dict[str, object]:
    """Write items as they are given: a list of one of which several may stand."""
    return {item: ones if item in known.many else ones[0] for item, ones in here.items()}


def text(reader: VariableReader, value: float) -> str:
    """Write a value as an export gives it: plain decimals, a choice by its name."""
    if reader.coded:
        return reader.type.of[int(value)]
    if reader.type.kind == "yes_no":
        return next(word for word, worth in YES_NO.items() if worth == value)
    if reader.type.kind == "date":
        return day_of(value).isoformat()
    return number(value)


def outside(reader: VariableReader) -> Iterator[str]:
    """Give texts that a variable does not take: beyond each bound, off its steps, unknown."""
    if reader.coded or reader.type.kind == "yes_no":
        yield "none_of_these"
        return
    step = _step(reader)
    if np.isfinite(reader.least):
        yield text(reader, reader.least - step)
    if np.isfinite(reader.most):
        yield text(reader, reader.most + step)
    if reader.type.kind in WHOLE and np.isfinite(reader.least):
        yield number(reader.least + 0.5)
    elif np.isfinite(reader.step) and np.isfinite(reader.least):
        yield number(reader.least + reader.step / 2.0)


def snapped(reader: VariableReader, values: Floats) -> Floats:
    """Give the nearest values that a variable may have, bounds aside."""
    first = _or(reader.least, 0.0)
    if np.isfinite(reader.step):
        return first + np.rint((values - first) / reader.step) * reader.step
    if reader.type.kind in (*WHOLE, "date", "years"):
        return np.rint(values)
    return np.rint(values * 100.0) / 100.0


def _readers(known: Readers) -> dict[Name, VariableReader]:
    found = {("", name): reader for name, reader in known.policy.items()}
    for one, item in items_drawn(known).items():
        found |= {(one, name): reader for name, reader in known.items[item].items()}
    return found


def _step(reader: VariableReader) -> float:
    if np.isfinite(reader.step):
        return reader.step
    return 1.0 if reader.type.kind in (*WHOLE, "date", "years") else 0.01


def _or(value: float, instead: float) -> float:
    return instead if np.isnan(value) else value


def _spread(plan: RatingPlan, reader: VariableReader, u: Floats) -> Floats:
    """Lay numbers of [0, 1) over all that a variable may be."""
    if reader.coded:
        return np.floor(u * len(reader.type.of))
    if reader.type.kind == "yes_no":
        return np.floor(u * 2.0)
    if reader.type.kind == "date":
        today = float(day_number(plan.product.on))
        low, high = _or(reader.least, today - 3650.0), _or(reader.most, today + 3650.0)
        return snapped(reader, low + u * (high - low))
    low = _or(reader.least, 0.0)
    if np.isnan(reader.most):
        return snapped(reader, max(low, 1.0) * 10.0 ** np.round(u * SPREAD, 3))
    return np.clip(snapped(reader, low + u * (reader.most - low)), low, reader.most)


def _special(plan: RatingPlan, name: Name, reader: VariableReader) -> Floats:
    """List the bounds of a variable, and the keys of tables that bear its name."""
    if reader.coded:
        return np.zeros(0)
    step = _step(reader)
    found = [reader.least, reader.most, reader.least + step, reader.most - step]
    for table in plan.tables.values():
        for axis in table.axes:
            if axis.name == name[1] and not axis.type.chosen:
                found += [*axis.values, *(below - step for below in axis.below)]
    values = np.unique(np.array([one for one in found if np.isfinite(one)], dtype=np.float64))
    return values[reader.inside(values)]


def _gaps(plan: RatingPlan, risks: Risks) -> list[Floats]:
    """Give for each comparison how far its sides are apart, of the first item where it has some."""
    registers, offsets = evaluated(plan, risks)
    first = len(plan.program.inputs) + len(plan.program.constants)
    found = []
    for place, line in enumerate(plan.program.operations):
        if line.op not in COMPARED:
            continue
        gap = registers[line.a] - registers[line.b]
        if plan.program.levels[first + place] == ITEM and offsets is not None:
            counts = np.diff(offsets)
            whole = np.full(risks.size, np.nan)
            rows = np.broadcast_to(gap, (int(offsets[-1]),))
            whole[counts > 0] = rows[offsets[:-1][counts > 0]]
            gap = whole
        found.append(np.broadcast_to(gap, (risks.size,)).astype(np.float64))
    return found
