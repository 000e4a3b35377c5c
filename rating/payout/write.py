"""Bind: an assembled product → the arrays by which its claims are paid.

Every name is resolved once, here; a plan that was made cannot fail on a name later. A basis may
leave out waiting periods, gaps and lines by name; `claim` leaves out nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from product_factory import promise
from product_factory.assembled import AssembledBasis, AssembledProduct, Cover
from product_factory.contract import OPERATIONS, PERIODS
from product_factory.errors import BadInput
from product_factory.expressions.operations import Op
from product_factory.expressions.program import Program
from product_factory.expressions.scope import InputLeaf, Layers, Names
from product_factory.module import AdjustLine, Pays, Then
from product_factory.promise import line_names
from product_factory.scopes import cover_scope, general_scope, item_variables, marks_of
from product_factory.types import Type
from rating.kernels import settle as k
from rating.payout.computed import computed_marks
from rating.payout.parts import MONEY, Known, Parts, Written
from rating.payout.plan import CONTEXT, Entry, PayoutPlan, Stage
from rating.payout.stages import effects_of
from rating.payout.stages import stages as order

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


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
        self.known = Known(self.facts, self.item_facts, self.marks, self.item_marks)
        self.slots: list[tuple[int, int]] = []

    def _parts(self, cover: Cover) -> Parts:
        return Parts(self.known, cover, promise.scope(self.product, cover))

    def plan(self) -> PayoutPlan:
        written = [self._exclusion(cover, n) for cover, n in self._exclusion_lines()]
        exclusions = len(written)
        written += [
            self._cover(cover)
            for cover in self.product.covers.values()
            if cover.module.pays and cover.module.pays.during is None
        ]
        entries: list[Written] = []
        for number, one in enumerate(written):
            items = one.entry.cover.items if not one.entry.exclusion else ()
            slots = []
            for item in items or ("",):
                slots.append((item, len(self.slots)))
                self.slots.append((number, self.items.index(item) if item else -1))
            entry = replace(one.entry, slots=tuple(slots), lines=one.lines)
            entries.append(replace(one, entry=entry))
        stages, stage_line = order(self.product, entries)
        computed = self._computed()
        rows = [*entries, *(one for one, _, _ in computed)]
        once, listed = self._once(rows)
        programs = tuple(one.builder.finish() for one in rows)
        return PayoutPlan(
            product=self.product,
            basis=self.basis,
            arrays=self._arrays(rows, programs, exclusions, stages, stage_line)._replace(
                once=once,
                listed=listed,
                outranks=self._outranks(),
                effects=effects_of(self.product, entries, stages),
                computed=np.array(
                    [(len(entries) + n, mark, each) for n, (_, mark, each) in enumerate(computed)],
                    dtype=np.int64,
                ).reshape(-1, 3),
            ),
            entries=tuple(one.entry for one in entries),
            stages=stages,
            events=self.events,
            facts=self.facts,
            item_facts=self.item_facts,
            items=self.items,
            marks=self.marks,
            item_marks=self.item_marks,
            programs=programs,
        )

    def _once(self, rows: list[Written]) -> tuple[Integers, Integers]:
        """Give for each entry the mark of its `once`, and which of its choices it pays for."""
        found = [(-1, np.zeros(0, dtype=np.int64))] * len(rows)
        for number, one in enumerate(rows):
            cover = one.entry.cover
            if one.entry.exclusion or not one.entry.events:
                continue
            said = promise.once(self.product, cover)
            if said is not None and not self._leaves_out(cover.alias, ("once",)):
                choices = promise.marks(self.product, cover)[said.mark].of
                listed = np.isin(choices, said.of).astype(np.int64)
                found[number] = (self.marks.index(said.mark), listed)
        most = max((len(row) for _, row in found), default=0)
        listed = np.zeros((len(rows), most), dtype=np.int64)
        for number, (_, row) in enumerate(found):
            listed[number, : len(row)] = row
        return np.array([mark for mark, _ in found], dtype=np.int64), listed

    def _outranks(self) -> Integers:
        found = np.zeros((len(self.events), len(self.events)), dtype=np.int64)
        for line in self.product.product.one_a_date.values():
            places = [self.events.index(name) for name in line]
            for place, event in enumerate(places):
                found[event, places[place + 1 :]] = 1
        return found

    def _computed(self) -> list[tuple[Written, int, int]]:
        """Write the marks that are computed where an event does not state them."""
        found: dict[str, tuple[Written, int, int]] = {}
        some = next(iter(self.product.covers.values()))
        for alias, process in self.product.processes.items():
            for name, value in computed_marks(self.product, self.basis, alias).items():
                mark = process.marks[name]
                if name in found:
                    self._computed_once(alias, name)
                    continue
                scope = cover_scope(self.product, some, marks_of(self.product, alias))
                writer = Parts(self.known, some, scope)
                writer.value(k.AMOUNT, value, Type(mark.type))
                each = int(mark.each == "item")
                place = (self.item_marks if each else self.marks).index(name)
                entry = Entry(name, some, (), (), exclusion=False)
                found[name] = (writer.written(entry, (), None), place, each)
        return list(found.values())

    def _computed_once(self, alias: str, name: str) -> None:
        """Refuse a basis that values a mark which several processes share: it has one place."""
        if self.product.processes[alias].marks[name].computed is None and self.basis is not None:
            value = self.basis.risk[alias][name]
            text = "expected a mark of one process only, got one that several processes share"
            raise BadInput.one(value.at, f"{self.basis.name}.risk.{alias}.{name}", text)

    def _exclusion_lines(self) -> Iterable[tuple[Cover, int]]:
        for cover in self.product.exclusions.values():
            for number in range(len(cover.module.excludes)):
                yield cover, number

    def _exclusion(self, cover: Cover, number: int) -> Written:
        line = cover.module.excludes[number]
        writer = self._parts(cover)
        writer.condition(k.WHERE, line.where)
        writer.value(k.AMOUNT, line.amount, MONEY)
        entry = Entry(f"{cover.alias}.{line.name}", cover, line.event, (), exclusion=True)
        return writer.written(entry, (), line.then)

    def _cover(self, cover: Cover) -> Written:
        pays = cover.module.pays
        assert pays is not None  # noqa: S101 - the caller asks only for covers that pay
        writer = self._parts(cover)
        writer.condition(k.WHERE, pays.where)
        if pays.waits is not None and not self._leaves_out(cover.alias, ("waits",)):
            self._waits(writer, pays)
        if pays.gap is not None and not self._leaves_out(cover.alias, ("gap",)):
            writer.value(k.GAP, pays.gap, promise.DAYS)
        if pays.times is not None:
            writer.value(k.TIMES, pays.times, promise.INTEGER)
        writer.value(k.AMOUNT, pays.amount, MONEY)
        lines = list(self._lines(cover, pays))
        for number, (line, _, scope) in enumerate(lines):
            part = k.LINES + k.LINE * number
            writer.condition(part, line.when, scope)
            wanted = promise.WANTED.get(line.operation, MONEY)
            writer.value(part + 1, line.value, wanted, number, scope)
            if line.above is not None:
                writer.value(part + 2, line.above, MONEY, number, scope)
        entry = Entry(cover.alias, cover, pays.event, (), exclusion=False)
        keys = tuple(key for _, key, _ in lines)
        return writer.written(entry, tuple(line for line, _, _ in lines), pays.then, keys)

    def _lines(self, cover: Cover, pays: Pays) -> Iterator[tuple[AdjustLine, str, Layers]]:
        """Give the lines of a cover, then those of the pools over it: line, key of stage, scope."""
        pools = self.product.product.pools
        joined = {term: name for name, pool in pools.items() for term in pool.joins}
        own = promise.scope(self.product, cover)
        for place, line in enumerate(pays.adjust):
            if not self._leaves_out(cover.alias, line_names(line)):
                of = joined.get(f"{cover.alias}.{getattr(line.value, 'name', '')}")
                yield line, f"pool {of}" if of else f"{cover.alias} {place}", own
        marks = promise.marks(self.product, cover)
        leaves = Names({name: InputLeaf(name, kind) for name, kind in marks.items()})
        for name, pool in pools.items():
            for place, line in enumerate(pool.adjust if cover.alias in pool.over else ()):
                if not self._leaves_out(name, (line.key,)):
                    yield line, f"pool {name} {place}", general_scope(self.product, leaves)

    def _leaves_out(self, name: str, keys: Iterable[str]) -> bool:
        return self.basis is not None and any(self.basis.without(f"{name}.{key}") for key in keys)

    def _waits(self, writer: Parts, pays: Pays) -> None:
        assert pays.waits is not None  # noqa: S101 - the caller looked
        writer.waiting(pays.waits.length, pays.waits.by, pays.waits.place("by"))
        writer.condition(k.UNLESS, pays.waits.unless)
        if pays.waits.meanwhile is not None:
            writer.value(k.MEANWHILE, pays.waits.meanwhile, MONEY)

    def _arrays(
        self,
        entries: list[Written],
        programs: tuple[Program, ...],
        exclusions: int,
        stages: tuple[Stage, ...],
        stage_line: Integers,
    ) -> k.Plan:
        lines = max((len(one.lines) for one in entries), default=0)
        parts = np.full((len(entries), k.LINES + k.LINE * lines, 3), -1, dtype=np.int64)
        size = max((program.size for program in programs), default=0)
        inputs = max((len(program.inputs) for program in programs), default=0)
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
            waives=np.array([_waives(one.then) for one in entries], dtype=np.int64),
            effects=np.zeros((0, 4), dtype=np.int64),
            sum_insured=np.array(
                [_place(self.facts, "sum_insured"), _place(self.item_facts, "sum_insured")],
                dtype=np.int64,
            ),
            once=np.zeros(0, dtype=np.int64),
            listed=np.zeros((0, 0), dtype=np.int64),
            outranks=np.zeros((0, 0), dtype=np.int64),
            date=CONTEXT.index("date"),
            slot_entry=np.array([entry for entry, _ in self.slots], dtype=np.int64),
            slot_item=np.array([item for _, item in self.slots], dtype=np.int64),
            parts=parts,
            code=np.concatenate([np.zeros((0, 4), dtype=np.int64), *code]),
            first_register=first_register,
            first_code=first_code,
            registers=registers,
            sources=sources,
            inputs=np.array([len(program.inputs) for program in programs], dtype=np.int64),
            data=np.concatenate([np.zeros(0), *data]),
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


def _place(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else -1


def _waives(then: Then | None) -> int:
    return int(then is not None and then.waives is not None)


def _ends(then: Then | None) -> int:
    return 0 if then is None or then.ends is None else 1 + ("cover", "contract").index(then.ends)
