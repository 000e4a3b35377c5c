"""Bind: an assembled product → the arrays by which its claims are paid.

Every name is resolved once, here; a plan that was made cannot fail on a name later. A basis may
leave out waiting periods by name; `claim` leaves out nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np
import numpy.typing as npt

from product_factory import promise
from product_factory.assembled import AssembledBasis, AssembledProduct, Cover
from product_factory.contract import CLOSED_LIST, OPERATIONS, PERIODS
from product_factory.errors import At, BadInput
from product_factory.expressions.bind import Binder
from product_factory.expressions.operations import Op
from product_factory.expressions.program import Builder, Input
from product_factory.expressions.scope import InputLeaf, Layers, Names, Scope
from product_factory.expressions.tree import Conditions, Expression
from product_factory.module import AdjustLine, Pays, Then
from product_factory.scopes import cover_scope, item_variables, marks_of
from product_factory.types import Type
from rating.kernels import settle as k

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
CONTEXT = (
    *(name for name in CLOSED_LIST if name not in ("time_in_force", "so_far")),
    "time_in_force.days",
    "time_in_force.years",
    "start",
)
MONEY, DAYS, DATE = Type("money"), Type("days"), Type("date")


@dataclass(frozen=True)
class Entry:
    """An exclusion's line or a cover, as its plan's rows see it.

    name  `cover`, or `exclusion.line`;  slots: (item or '', slot number)
    """

    name: str
    cover: Cover
    events: tuple[str, ...]
    slots: tuple[tuple[str, int], ...]
    exclusion: bool


@dataclass(frozen=True)
class Stage:
    """A line, or a pool of lines, as it is shown: its operation and the (cover, term path) that meet there."""

    operation: str
    per: str
    each: str
    lines: tuple[tuple[str, int], ...]
    pool: str


@dataclass(frozen=True)
class PayoutPlan:
    """The plan with its names.

    events      process.event, in the order of the plan's codes
    facts       policy variables;  item_facts, marks, item_marks: likewise
    columns     one name a slot: cover, or cover.item
    """

    product: AssembledProduct
    arrays: k.Plan
    entries: tuple[Entry, ...]
    stages: tuple[Stage, ...]
    events: tuple[str, ...]
    facts: tuple[str, ...]
    item_facts: tuple[str, ...]
    items: tuple[str, ...]
    marks: tuple[str, ...]
    item_marks: tuple[str, ...]

    @property
    def slots(self) -> int:
        """The number of slots."""
        return len(self.arrays.slot_entry)

    @property
    def columns(self) -> tuple[str, ...]:
        """The name of each slot."""
        return tuple(
            f"{entry.name}.{item}" if item else entry.name
            for entry in self.entries
            for item, _ in entry.slots
        )


@dataclass(frozen=True)
class _Written:
    """One entry while the plan is being written."""

    entry: Entry
    builder: Builder
    parts: dict[int, tuple[int, int, int]]
    lines: tuple[AdjustLine, ...]
    then: Then | None
    sources: dict[str, tuple[int, int]]


def bind(product: AssembledProduct, basis: AssembledBasis | None = None) -> PayoutPlan:
    """Bind the promises of a product. Raises BadInput at a name or unit that does not fit."""
    return _Writer(product, basis).plan()


class _Writer:
    def __init__(self, product: AssembledProduct, basis: AssembledBasis | None) -> None:
        self.product = product
        self.basis = basis
        processes = product.processes
        self.events = tuple(f"{p}.{e}" for p, entry in processes.items() for e in entry.events)
        self.facts = tuple(product.variables)
        self.item_facts = tuple(item_variables(product))
        self.items = tuple(product.items)
        marks = {m: mark for entry in processes.values() for m, mark in entry.marks.items()}
        self.marks = tuple(name for name, mark in marks.items() if mark.each != "item")
        self.item_marks = tuple(name for name, mark in marks.items() if mark.each == "item")
        self.slots: list[tuple[int, int]] = []

    def plan(self) -> PayoutPlan:
        written = [self._exclusion(cover, n) for cover, n in self._exclusion_lines()]
        exclusions = len(written)
        written += [
            self._cover(cover) for cover in self.product.covers.values() if cover.module.pays
        ]
        entries: list[_Written] = []
        for number, one in enumerate(written):
            items = one.entry.cover.items if not one.entry.exclusion else ()
            slots = []
            for item in items or ("",):
                slots.append((item, len(self.slots)))
                self.slots.append((number, self.items.index(item) if item else -1))
            entry = Entry(
                one.entry.name, one.entry.cover, one.entry.events, tuple(slots), one.entry.exclusion
            )
            entries.append(
                _Written(entry, one.builder, one.parts, one.lines, one.then, one.sources)
            )
        stages, stage_line = self._stages(entries)
        computed = self._computed()
        rows = [*entries, *(one for one, _, _ in computed)]
        return PayoutPlan(
            product=self.product,
            arrays=self._arrays(rows, exclusions, stages, stage_line)._replace(
                computed=np.array(
                    [(len(entries) + n, mark, each) for n, (_, mark, each) in enumerate(computed)],
                    dtype=np.int64,
                ).reshape(-1, 3)
            ),
            entries=tuple(one.entry for one in entries),
            stages=stages,
            events=self.events,
            facts=self.facts,
            item_facts=self.item_facts,
            items=self.items,
            marks=self.marks,
            item_marks=self.item_marks,
        )

    def _computed(self) -> list[tuple[_Written, int, int]]:
        """Write the marks that are computed where an event does not state them."""
        found: dict[str, tuple[_Written, int, int]] = {}
        some = next(iter(self.product.covers.values()))
        for alias, process in self.product.processes.items():
            for name, mark in process.marks.items():
                if mark.computed is None or name in found:
                    continue
                scope = cover_scope(self.product, some, marks_of(self.product, alias))
                writer = _Parts(self, some, scope)
                writer.value(k.AMOUNT, mark.computed, Type(mark.type))
                each = int(mark.each == "item")
                place = (self.item_marks if each else self.marks).index(name)
                entry = Entry(name, some, (), (), exclusion=False)
                found[name] = (writer.written(entry, (), None), place, each)
        return list(found.values())

    def _exclusion_lines(self) -> Iterable[tuple[Cover, int]]:
        for cover in self.product.exclusions.values():
            for number in range(len(cover.module.excludes)):
                yield cover, number

    def _exclusion(self, cover: Cover, number: int) -> _Written:
        line = cover.module.excludes[number]
        writer = _Parts(self, cover)
        writer.condition(k.WHERE, line.where)
        writer.value(k.AMOUNT, line.amount, MONEY)
        entry = Entry(f"{cover.alias}.{line.name}", cover, line.event, (), exclusion=True)
        return writer.written(entry, (), line.then)

    def _cover(self, cover: Cover) -> _Written:
        pays = cover.module.pays
        assert pays is not None  # noqa: S101 - the caller asks only for covers that pay
        writer = _Parts(self, cover)
        writer.condition(k.WHERE, pays.where)
        if pays.waits is not None and not (
            self.basis and self.basis.without(f"{cover.alias}.waits")
        ):
            self._waits(writer, pays)
        writer.value(k.AMOUNT, pays.amount, MONEY)
        for number, line in enumerate(pays.adjust):
            writer.condition(k.LINES + 2 * number, line.when)
            wanted = promise.WANTED.get(line.operation, MONEY)
            writer.value(k.LINES + 2 * number + 1, line.value, wanted, line=number)
        return writer.written(
            Entry(cover.alias, cover, pays.event, (), exclusion=False), pays.adjust, pays.then
        )

    def _waits(self, writer: "_Parts", pays: Pays) -> None:
        assert pays.waits is not None  # noqa: S101 - the caller looked
        writer.waiting(pays.waits.length, pays.waits.by, pays.waits.place("by"))
        writer.condition(k.UNLESS, pays.waits.unless)
        if pays.waits.meanwhile is not None:
            writer.value(k.MEANWHILE, pays.waits.meanwhile, MONEY)

    def _stages(self, entries: list[_Written]) -> tuple[tuple[Stage, ...], Integers]:
        """Order the lines of all covers; a pooled line stands once, at its place in each cover."""
        pools = {j: name for name, pool in self.product.product.pools.items() for j in pool.joins}
        names: list[list[str]] = []
        found: dict[str, list[tuple[int, int]]] = {}
        for number, one in enumerate(entries):
            row = []
            for place, line in enumerate(one.lines):
                pool = pools.get(f"{one.entry.cover.alias}.{_term_of(line)}")
                key = f"pool {pool}" if pool else f"{one.entry.name} {place}"
                row.append(key)
                found.setdefault(key, []).append((number, place))
            names.append(row)
        order = self._order(names)
        stage_line = np.full((len(order), len(entries)), -1, dtype=np.int64)
        stages: list[Stage] = []
        for stage, key in enumerate(order):
            lines = [entries[number].lines[place] for number, place in found[key]]
            self._alike(key, lines)
            for number, place in found[key]:
                stage_line[stage, number] = place
            stages.append(
                Stage(
                    operation=lines[0].operation,
                    per=lines[0].per,
                    each=lines[0].each or "",
                    lines=tuple(
                        (entries[number].entry.name, place) for number, place in found[key]
                    ),
                    pool=key.removeprefix("pool ") if key.startswith("pool ") else "",
                )
            )
        return tuple(stages), stage_line

    def _order(self, names: list[list[str]]) -> list[str]:
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for row in names:
            for before, after in zip([None, *row], row, strict=False):
                sorter.add(after, *([before] if before else []))
        try:
            return list(sorter.static_order())
        except CycleError as error:
            circle = " → ".join(error.args[1])
            at = self.product.product.place("pools")
            text = f"the pools want their lines in an order that no cover can keep: {circle}"
            raise BadInput.one(at, "pools", text) from None

    def _alike(self, key: str, lines: list[AdjustLine]) -> None:
        shapes = {(line.operation, line.per, line.each) for line in lines}
        if len(shapes) > 1:
            shown = ", ".join(
                sorted(f"{o} per {p}{' each ' + e if e else ''}" for o, p, e in shapes)
            )
            at = self.product.product.place("pools")
            raise BadInput.one(
                at, f"pools.{key.removeprefix('pool ')}", f"joins unlike lines: {shown}"
            )

    def _arrays(
        self,
        entries: list[_Written],
        exclusions: int,
        stages: tuple[Stage, ...],
        stage_line: Integers,
    ) -> k.Plan:
        lines = max((len(one.lines) for one in entries), default=0)
        parts = np.full((len(entries), k.LINES + 2 * lines, 3), -1, dtype=np.int64)
        programs = [one.builder.finish() for one in entries]
        size = max(program.size for program in programs)
        inputs = max(len(program.inputs) for program in programs)
        registers = np.zeros((len(entries), size))
        sources = np.zeros((len(entries), max(inputs, 1), 2), dtype=np.int64)
        first_register = np.zeros(len(entries), dtype=np.int64)
        first_code = np.zeros(len(entries), dtype=np.int64)
        listens = np.zeros((len(entries), len(self.events)), dtype=np.int64)
        code: list[Integers] = []
        data: list[Floats] = []
        rows, cells = 0, 0
        for number, (one, program) in enumerate(zip(entries, programs, strict=True)):
            known = len(program.inputs)
            fixed = len(program.constants)
            registers[number, known : known + fixed] = program.constants
            for place, entry in enumerate(program.inputs):
                sources[number, place] = one.sources[entry.name]
            for part, (first, last, _) in one.parts.items():
                parts[number, part] = (rows + first, rows + last, program.results[str(part)])
            body = program.code()[:, :4].copy()
            for row, line in enumerate(program.operations):
                if line.op in (Op.CELL, Op.KEY_BAND, Op.KEY_EXACT, Op.KEY_STEP):
                    body[row, 2] += cells
            code.append(body)
            data.append(program.data)
            first_register[number], first_code[number] = known + fixed, rows
            rows, cells = rows + len(body), cells + program.data.size
            for event in one.entry.events:
                listens[number, self.events.index(event)] = 1
        ends = [_ends(one.then) for one in entries]
        return k.Plan(
            exclusions=exclusions,
            listens=listens,
            ends=np.array(ends, dtype=np.int64),
            slot_entry=np.array([entry for entry, _ in self.slots], dtype=np.int64),
            slot_item=np.array([item for _, item in self.slots], dtype=np.int64),
            parts=parts,
            code=np.concatenate(code),
            first_register=first_register,
            first_code=first_code,
            registers=registers,
            sources=sources,
            inputs=np.array([len(program.inputs) for program in programs], dtype=np.int64),
            data=np.concatenate(data),
            stages=np.array(
                [
                    (int(OPERATIONS[s.operation][0]), int(PERIODS[s.per]), int(s.each == "item"))
                    for s in stages
                ],
                dtype=np.int64,
            ).reshape(-1, 3),
            stage_line=stage_line,
            computed=np.zeros((0, 3), dtype=np.int64),
        )


class _Parts:
    """Writes the parts of one entry onto one program."""

    def __init__(self, writer: _Writer, cover: Cover, scope: Scope | None = None) -> None:
        self.writer = writer
        self.cover = cover
        self.scope = scope or promise.scope(writer.product, cover)
        self.builder = Builder()
        self.binder = Binder(self.builder)
        self.parts: dict[int, tuple[int, int, int]] = {}

    def written(self, entry: Entry, lines: tuple[AdjustLine, ...], then: Then | None) -> _Written:
        sources = {one.name: self._source(one) for one in self.builder.inputs}
        return _Written(entry, self.builder, self.parts, lines, then, sources)

    def value(self, part: int, value: Expression, wanted: Type, line: int | None = None) -> None:
        scope = self.scope
        if line is not None:
            # `so_far` differs from line to line, so each line has an input of its own
            so_far = InputLeaf(f"so_far[{line}]", MONEY)
            scope = Layers((Names({"so_far": so_far}), self.scope))
        first = self._open()
        bound = self.binder.value(value, scope, wanted)
        self._close(part, first, bound.register)

    def condition(self, part: int, conditions: Conditions | None) -> None:
        if conditions is None:
            return
        first = self._open()
        self._close(part, first, self.binder.conditions(conditions, self.scope))

    def waiting(self, length: Expression, by: str, at: At) -> None:
        first = self._open()
        waiting = self.binder.value(length, self.scope, DAYS)
        day = self.builder.input("date", DATE)
        if by != "date":
            leaf = self.scope.find(by)
            if not isinstance(leaf, InputLeaf) or leaf.type.kind != "date":
                raise BadInput.one(
                    at, "pays.waits.by", f"expected a mark that is a date, got '{by}'"
                )
            day = self.builder.input(by, DATE)
        start = self.builder.input("start", DATE)
        days = self.builder.emit(Op.SUB, day, start)
        self._close(k.WAITS, first, self.builder.emit(Op.LT, days, waiting.register))

    def _open(self) -> int:
        self.builder.separate()
        return len(self.builder.operations)

    def _close(self, part: int, first: int, register: int) -> None:
        self.parts[part] = (first, len(self.builder.operations), register)
        self.builder.results[str(part)] = register

    def _source(self, entry: Input) -> tuple[int, int]:
        writer, name = self.writer, entry.name
        if name.startswith("so_far["):
            return k.SO_FAR, int(name[7:-1])
        if name == "item":
            return k.ITEM, 0
        groups = (
            (k.MARK, writer.marks),
            (k.ITEM_MARK, writer.item_marks),
            (k.FACT, writer.facts),
            (k.ITEM_FACT, writer.item_facts),
            (k.CONTEXT, CONTEXT),
        )
        for kind, names in groups:
            if name in names:
                return kind, names.index(name)
        at = self.cover.module.at
        raise BadInput.one(at, self.cover.alias, f"'{name}' is not known when a claim is paid")


def _term_of(line: AdjustLine) -> str:
    """Give the term that a line reads by its plain name, so that a pool may join it."""
    return str(getattr(line.value, "name", ""))


def _ends(then: Then | None) -> int:
    return 0 if then is None or then.ends is None else 1 + ("cover", "contract").index(then.ends)
