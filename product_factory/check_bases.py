"""Checks of the bases: every event and mark is valued, in words that the product knows."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from product_factory import promise
from product_factory.assembled import RATED, AssembledBasis, AssembledProduct
from product_factory.check_experience import experience_problems
from product_factory.constants import constant
from product_factory.declared import Mark
from product_factory.errors import At, BadInput, Problem, either, nearest
from product_factory.expenses import EXPENSES
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.scope import InputLeaf, Layers, Names
from product_factory.expressions.tree import Conditions, Expression, Name
from product_factory.inflation import price_level
from product_factory.interest import yearly_interest
from product_factory.language import Language
from product_factory.process import Process
from product_factory.risk import ModelSpec, Risk, RiskCases, Shares
from product_factory.scopes import general_scope, life_scope, rate_scope
from product_factory.types import Type

RATIO = Type("ratio")
TOGETHER = "together"
DEGREES = ("same_quantile", "independent")
"""How the items that an event hits suffer: all in the same degree, or each for itself."""
CHOSEN = ("choice", "yes_no")
"""Marks whose values can be listed, so that what is drawn after them may depend on them."""
SHARES_TOLERANCE = 1e-9
"""How far the sum of written shares may lie from 1: rounding of the parts."""


def unread_marks(product: AssembledProduct, basis: AssembledBasis) -> frozenset[str]:
    """Name the marks that tell only what is paid once, which this basis leaves out everywhere."""
    told = [
        (mark, basis.without(f"{cover.alias}.once"))
        for cover in product.covers.values()
        for mark in (cover.module.pays.once if cover.module.pays is not None else ())
    ]
    return frozenset(mark for mark, _ in told) - {mark for mark, left in told if not left}


def basis_problems(product: AssembledProduct, language: Language) -> list[Problem]:
    """List what is wrong with the bases; what a basis inherits is told of the basis it is from."""
    found: dict[str, set[Problem]] = {}
    told: list[Problem] = []
    for basis in product.bases.values():
        reader = _Reader(product, basis, language)
        own = set(reader.problems())
        found[basis.name] = own
        known = found.get(basis.inherits or "", set())
        told += [
            Problem(problem.at if problem.at.line else basis.at, path, problem.text)
            for problem in own - known
            if (path := f"{basis.name}.{problem.path}")
        ]
    return told


@dataclass(frozen=True)
class _Reader:
    """One basis; its problems have paths without its name, and no place where it says nothing."""

    product: AssembledProduct
    basis: AssembledBasis
    language: Language

    def problems(self) -> Iterator[Problem]:
        yield from self._general()
        unknown = False
        for alias, entries in self.basis.risk.items():
            path = f"risk.{alias}"
            if alias in self.product.processes:
                yield from self._process(self.product.processes[alias], entries, path)
                continue
            unknown = True
            at = next((_at(risk) for risk in entries.values()), At(""))
            text = f"unknown process '{alias}'{nearest(alias, self.product.processes)}"
            yield Problem(at, path, text)
        for alias, process in self.product.processes.items():
            # An unknown name is most likely that of a process that seems to be left out.
            if alias not in self.basis.risk and not unknown:
                yield from self._silent(process, (), f"risk.{alias}")
        yield from experience_problems(self.product, self.basis)
        yield from self._leaves_out()

    def _general(self) -> Iterator[Problem]:
        basis = self.basis
        if basis.interest is not None:
            yield from self._interest()
        if basis.inflation is not None:
            yield from self._inflation()
        if basis.loading is not None:
            yield from self._value(basis.loading, "loading", RATIO)
        for expense in basis.expenses:
            path = f"expenses.{expense.name}"
            yield from self._value(expense.amount, f"{path}.amount", EXPENSES[expense.per].amount)
            if expense.grows is not None:
                yield from self._constant(expense.grows, f"{path}.grows")
            if expense.when is not None:
                yield from self._conditions(expense.when, f"{path}.when")

    def _interest(self) -> Iterator[Problem]:
        try:
            yearly_interest(self.product, self.basis, 1)
        except BadInput as error:
            yield from (Problem(p.at, "interest", p.text) for p in error.problems)

    def _inflation(self) -> Iterator[Problem]:
        try:
            price_level(self.product, self.basis, 2)
        except BadInput as error:
            yield from (Problem(p.at, "inflation", p.text) for p in error.problems)

    def _process(
        self, process: Process, entries: Mapping[str, Risk], path: str
    ) -> Iterator[Problem]:
        known = [*process.rated, *process.may_rate, *process.marks, TOGETHER]
        unknown = [key for key in entries if key not in known]
        for key in unknown:
            text = f"unknown event or mark '{key}'{nearest(key, known)}"
            yield Problem(_at(entries[key]), path, text)
        if not unknown:
            yield from self._silent(process, entries, path)
        for key, risk in entries.items():
            if key == TOGETHER:
                yield from self._together(process, risk, f"{path}.{key}")
            elif key in process.marks:
                yield from self._mark(risk, f"{path}.{key}", process, key)
            elif key in (*process.rated, *process.may_rate):
                yield from self._event(risk, path, key, process)

    def _silent(self, process: Process, entries: Iterable[str], path: str) -> Iterator[Problem]:
        wanted = [*process.rated]
        unread = unread_marks(self.product, self.basis)
        wanted += [
            name
            for name, mark in process.marks.items()
            if mark.computed is None and name not in unread
        ]
        for key in wanted:
            if key not in entries:
                yield Problem(At(""), path, f"the basis says nothing of '{key}'")

    def _together(self, process: Process, risk: Risk, path: str) -> Iterator[Problem]:
        if not isinstance(risk, Shares):
            yield Problem(_at(risk), path, "expected marks such as {damage: same_quantile}")
            return
        for mark, degree in risk.shares:
            word = degree.name if isinstance(degree, Name) else ""
            if mark not in process.marks:
                text = f"unknown mark '{mark}'{nearest(mark, process.marks)}"
                yield Problem(risk.at, path, text)
            if word not in DEGREES:
                text = f"expected {either(DEGREES)}, got {word}{nearest(word, DEGREES)}"
                yield Problem(degree.at, f"{path}.{mark}", text)

    def _event(self, risk: Risk, path: str, key: str, process: Process) -> Iterator[Problem]:
        alias = path.partition(".")[2]
        path = f"{path}.{key}"
        own = key in process.lives
        names = life_scope(self.product, alias, key) if own else rate_scope(self.product, alias)
        if process.kind not in RATED:
            yield from self._risk(risk, path, _Wanted(names))
        elif isinstance(risk, ModelSpec | Shares | RiskCases):
            text = "expected a yearly rate such as 0.2% or the name of a table"
            yield Problem(risk.at, path, text)
        else:
            yield from self._value(risk, path, RATIO, names)

    def _mark(self, risk: Risk, path: str, process: Process, name: str) -> Iterator[Problem]:
        """Check a mark: chances and distributions may read choices above it, a value all marks."""
        mark = process.marks[name]
        above = itertools.takewhile(lambda entry: entry[0] != name, process.marks.items())
        kinds = {known: one.declared for known, one in above}
        if mark.type == "choice" and not isinstance(risk, Shares | RiskCases):
            text = f"expected a share for each choice such as {{{mark.of[0]}: 100%}}"
            yield Problem(risk.at, path, text)
            return
        chance = mark.type == "yes_no"
        if chance or isinstance(risk, ModelSpec | Shares | RiskCases):
            kinds = {known: kind for known, kind in kinds.items() if kind.kind in CHOSEN}
        names = general_scope(
            self.product, Names({known: InputLeaf(known, kind) for known, kind in kinds.items()})
        )
        yield from self._risk(risk, path, _Wanted(names, mark, RATIO if chance else mark.declared))

    def _risk(self, risk: Risk, path: str, wanted: "_Wanted") -> Iterator[Problem]:
        if isinstance(risk, RiskCases):
            for conditions, inner in risk.lines:
                yield from self._conditions(conditions, path, wanted.names)
                yield from self._risk(inner, path, wanted)
            if risk.otherwise is not None:
                yield from self._risk(risk.otherwise, path, wanted)
        elif isinstance(risk, Shares):
            yield from self._shares(risk, path, wanted)
        elif isinstance(risk, ModelSpec):
            yield from self._model(risk, path)
        else:
            yield from self._value(risk, path, wanted.type, wanted.names)

    def _shares(self, risk: Shares, path: str, wanted: "_Wanted") -> Iterator[Problem]:
        choices = wanted.mark.choices if wanted.mark is not None else ()
        total: float | None = 0.0
        for choice, share in risk.shares:
            if choice not in choices:
                text = f"unknown choice '{choice}'{nearest(choice, choices)}"
                yield Problem(share.at, path, text)
            problems = list(self._value(share, f"{path}.{choice}", RATIO, wanted.names))
            yield from problems
            value = None if problems else constant(share, wanted.names, RATIO)
            total = None if value is None or total is None else total + value
        if total is not None and abs(total - 1.0) > SHARES_TOLERANCE:
            text = f"expected shares that add up to 100%, got {total * 100:g}%"
            yield Problem(risk.at, path, text)

    def _model(self, risk: ModelSpec, path: str) -> Iterator[Problem]:
        if risk.kind not in self.language.models:
            text = f"unknown kind '{risk.kind}'{nearest(risk.kind, self.language.models)}"
            yield Problem(risk.at, path, text)
            return
        forms = self.language.models[risk.kind]
        if misfit := risk.misfit(forms):
            yield Problem(risk.at, path, misfit)
        made_of = self.language.parts.get(risk.kind, ())
        for name, parts in risk.parts:
            if name not in made_of and name in {known for form in forms for known in form}:
                yield Problem(parts[0].at, f"{path}.{name}", "expected a number, got keys")
            for part in parts:
                yield from self._model(part, f"{path}.{name}")
        for name, values in risk.parameters:
            if name in made_of:
                text = "expected a distribution such as {kind: gamma, …}"
                yield Problem(risk.at, f"{path}.{name}", text)
                continue
            for value in values if isinstance(values, tuple) else (values,):
                if not self._whole_table(value):
                    yield from self._value(value, f"{path}.{name}", None)

    def _whole_table(self, value: Expression) -> bool:
        """Tell a table of several columns: it is no number, but a model may read its rows."""
        table = self.product.tables.get(value.name) if isinstance(value, Name) else None
        return table is not None and len(table.columns) > 1

    def _leaves_out(self) -> Iterator[Problem]:
        for left in self.basis.leaves_out:
            name, _, key = left.line.partition(".")
            cover, pool = self.product.covers.get(name), self.product.product.pools.get(name)
            if cover is None and pool is None:
                known = [*self.product.covers, *self.product.product.pools]
                text = f"unknown cover '{name}'{nearest(name, known)}"
                yield Problem(left.place("line"), "leaves_out", text)
                continue
            known = [line.key for line in pool.adjust] if pool is not None else []
            known = known if cover is None else [*promise.leavable(cover)]
            if key not in known:
                named = either(f"{name}.{one}" for one in known) or "none here"
                text = f"expected a line that can be left out, {named}, got {left.line}"
                yield Problem(left.place("line"), "leaves_out", text)

    def _constant(self, value: Expression, path: str) -> Iterator[Problem]:
        problems = list(self._value(value, path, RATIO))
        yield from problems
        if not problems and constant(value, general_scope(self.product), RATIO) is None:
            text = "expected one rate for all, got one that depends on the risk or the year"
            yield Problem(value.at, path, text)

    def _value(
        self, value: Expression, path: str, wanted: Type | None, names: Layers | None = None
    ) -> Iterator[Problem]:
        try:
            Binder(Builder()).value(value, names or general_scope(self.product), wanted)
        except BadInput as error:
            yield from (Problem(p.at, path, p.text) for p in error.problems)

    def _conditions(
        self, conditions: Conditions, path: str, names: Layers | None = None
    ) -> Iterator[Problem]:
        try:
            Binder(Builder()).conditions(conditions, names or general_scope(self.product))
        except BadInput as error:
            yield from (Problem(p.at, path, p.text) for p in error.problems)


@dataclass(frozen=True)
class _Wanted:
    """What a value of the risk may read, which mark it is for, and the type of a plain value."""

    names: Layers
    mark: Mark | None = None
    type: Type | None = None


def _at(risk: Risk) -> At:
    return risk.at
