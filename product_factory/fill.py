"""Terms get their values: set by the product, default, computed, chosen or pooled."""

from collections.abc import Mapping
from typing import Any

from product_factory.assembled import Cover, How, PlanValue, TermValue
from product_factory.compose.currencies import foreign
from product_factory.compose.optional import module_in_use
from product_factory.compose.plans import by_plan, target_at
from product_factory.declared import Term, Typed
from product_factory.effective.text import as_written
from product_factory.errors import At, BadInput, Problem, both, nearest
from product_factory.expressions.tree import Expression, Listing, Name, Number, Steps, Word
from product_factory.expressions.values import read_value
from product_factory.load import Loaded
from product_factory.module import Module
from product_factory.process import Process
from product_factory.product import Use
from product_factory.settings import fitted, read_setting, written_word
from product_factory.tables import Table
from product_factory.types import Type

Filled = tuple[Expression, How, At]
WHOLE = ("schedule", "list", "event")
"""Types of terms that no plan can set."""


class Filler:
    """Fills the terms of every module in use and collects what is missing or unknown."""

    def __init__(self, loaded: Loaded) -> None:
        """Read from the product which choices and pools fill which terms."""
        self.loaded = loaded
        self.problems: list[Problem] = []
        self.chosen: dict[str, tuple[str, At]] = {}
        self.pooled: dict[str, tuple[str, Expression | None, At]] = {}
        self.planned: dict[str, dict[str, Any]] = {}
        self._pools()
        self._choices()
        self._plans()

    def fail(self, at: At, path: str, text: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(at, path, text))

    def _known_terms(self) -> list[str]:
        return [f"{a}.{t}" for a, module in self.loaded.modules.items() for t in module.terms]

    def _pools(self) -> None:
        known = self._known_terms()
        for name, pool in self.loaded.product.pools.items():
            covers = {use.alias for use in self.loaded.product.covers}
            for over in (alias for alias in pool.over if alias not in covers):
                text = f"unknown cover '{over}'{nearest(over, covers)}"
                self.fail(pool.place("over"), f"pools.{name}.over", text)
            for joined in pool.joins:
                if joined not in known:
                    text = f"unknown term '{joined}'{nearest(joined, known)}"
                    self.fail(pool.place("joins"), f"pools.{name}.joins", text)
                if joined in self.pooled:
                    self.fail(pool.place("joins"), f"pools.{name}", f"'{joined}' is in two pools")
                self.pooled[joined] = (name, pool.set, pool.place("set"))

    def _choices(self) -> None:
        known = self._known_terms()
        product = self.loaded.product
        offers = [(f"offers.{name}", name, offer) for name, offer in product.offers.items()]
        for item, entry in product.items.items():
            offers += [(f"items.{item}.offers.{n}", n, offer) for n, offer in entry.offers.items()]
        for path, name, offer in offers:
            for target in offer.sets:
                pool = self.loaded.product.pools.get(target)
                for term in pool.joins if pool and pool.joins else (target,):
                    if term not in known:
                        text = f"unknown term or pool '{term}'{nearest(term, known)}"
                        self.fail(offer.place("sets"), f"{path}.sets", text)
                    other, _ = self.chosen.setdefault(term, (name, offer.place("sets")))
                    if other != name:
                        text = f"'{term}' is set by the choice '{other}' already"
                        self.fail(offer.place("sets"), f"{path}.sets", text)

    def _plans(self) -> None:
        known = self._known_terms()
        for name, plan in self.loaded.product.plans.items():
            for target, node in plan.set.items():
                pool = self.loaded.product.pools.get(target)
                for term in pool.joins if pool and pool.joins else (target,):
                    path, at = f"plans.{name}.set", target_at(plan, target)
                    if term not in known:
                        text = f"unknown term or pool '{term}'{nearest(term, known)}"
                        self.fail(at, path, text)
                    if term in self.chosen:
                        text = f"the choice '{self.chosen[term][0]}' sets '{term}' already"
                        self.fail(at, path, text)
                    self.planned.setdefault(term, {})[name] = node

    def cover(self, use: Use, module: Module, path: str) -> Cover:
        """Fill one module in use."""
        for key in use.set:
            if key not in module.terms:
                text = f"unknown term '{key}' of {module.module}{nearest(key, module.terms)}"
                self.fail(use.set[key].at, f"{path}.set.{key}", text)
        self.problems += foreign(self.loaded.product, use, module, path)
        terms: dict[str, TermValue] = {}
        for name, declared in module.terms.items():
            plans = self._plans_of(use, name, declared)
            filled = self._value(use, name, declared, f"{path}.set.{name}")
            if filled is None and len(plans) < max(1, len(self.loaded.product.plans)):
                self.fail(use.at, path, self._open(use, name, module, path))
                continue
            kind = self._type(declared, f"terms.{name}")
            if filled is not None:
                written, how, at = filled
                fit = self._fitted(written, kind, declared, f"{use.alias}.{name}")
                filled = fit, how, at
            if plans:
                filled, plans = by_plan(self.loaded.product, plans, filled)
            assert filled is not None  # noqa: S101 - it is filled, or every plan fills it
            expression, how, at = filled
            terms[name] = TermValue(
                cover=use.alias,
                name=name,
                declared=declared,
                type=kind,
                expression=expression,
                text=", ".join(f"{p.plan} {p.text}" for p in plans) or _shown(expression),
                how=how,
                at=at,
                plans=plans,
            )
        title = use.title or module.title
        used = module_in_use(use, module, path, self.problems)
        return Cover(use.alias, listening(used, terms), title, use.items, terms, use.at)

    def _plans_of(self, use: Use, name: str, declared: Term) -> tuple[PlanValue, ...]:
        """Read what the plans set a term to."""
        found: list[PlanValue] = []
        for plan, node in self.planned.get(f"{use.alias}.{name}", {}).items():
            path = f"plans.{plan}.set"
            if declared.computed is not None:
                self.fail(node.at, path, "this term is computed and cannot be set")
            if declared.type in WHOLE:
                self.fail(node.at, path, f"a {declared.type} is the same under every plan")
                continue
            try:
                value = read_value(node)
            except BadInput as error:
                self.problems += [Problem(p.at, path, p.text) for p in error.problems]
                continue
            found.append(PlanValue(plan, value, as_written(value), node.at))
        return tuple(found)

    def _open(self, use: Use, name: str, module: Module, path: str) -> str:
        """Say who must set an open term: the product itself, where its parent left it open."""
        said = f"the term '{name}' of {module.module} is open"
        setting = self.planned.get(f"{use.alias}.{name}", {})
        if setting:
            others = [plan for plan in self.loaded.product.plans if plan not in setting]
            one = f"plan{'s' if len(others) > 1 else ''} {both(others)}"
            return f"{said} in the {one}; set it there, or set it here for all plans"
        own = self.loaded.product.at.file
        if use.at.file == own:
            return f"{said}; set it here or offer it"
        entry = f"{path.partition('[')[0]}: [{{as: {use.alias}, set: {{{name}: …}}}}]"
        return f"{said}; set it in {own} as {entry}, or offer it there"

    def _fitted(self, written: Expression, kind: Type, declared: Term, path: str) -> Expression:
        try:
            return fitted(written, kind, declared.by)
        except BadInput as error:
            self.problems += [Problem(p.at, path, p.text) for p in error.problems]
            return written

    def _value(self, use: Use, name: str, declared: Term, path: str) -> Filled | None:
        full = f"{use.alias}.{name}"
        if full in self.chosen:
            offer, at = self.chosen[full]
            if name in use.set:
                text = f"the choice '{offer}' sets this term; leave one of the two out"
                self.fail(use.set[name].at, path, text)
            return Name(offer, at), "offered", at
        if full in self.pooled and self.pooled[full][1] is not None:
            _, value, at = self.pooled[full]
            assert value is not None  # noqa: S101 - tested the line above
            return value, "pooled", at
        if name in use.set:
            if declared.computed is not None:
                self.fail(use.set[name].at, path, "this term is computed and cannot be set")
            node = use.set[name]
            try:
                special = declared.type in ("schedule", "list")
                return (read_setting if special else read_value)(node), "set", node.at
            except BadInput as error:
                self.problems += [Problem(p.at, path, p.text) for p in error.problems]
                return Number(0.0, "", "0", node.at), "set", node.at
        if declared.computed is not None:
            return declared.computed, "computed", declared.place("is")
        if declared.default is not None:
            return declared.default, "default", declared.place("default")
        return None

    def _type(self, declared: Term, path: str) -> Type:
        return resolve_type(declared, path, self.loaded.tables, self.loaded.processes, self)


def listening(module: Module, terms: Mapping[str, TermValue]) -> Module:
    """Give the module with the events that its terms of type event name."""
    if module.pays is None:
        return module
    events = tuple(
        written_word(terms[event].expression) or event
        if event in terms and terms[event].type.kind == "event"
        else event
        for event in module.pays.event
    )
    if events == module.pays.event:
        return module
    return module.model_copy(update={"pays": module.pays.model_copy(update={"event": events})})


def resolve_type(
    typed: Typed,
    path: str,
    tables: Mapping[str, Table],
    processes: Mapping[str, Process],
    problems: Filler,
) -> Type:
    """Resolve `of: cities.city` or `of: illness.setting` to the choices that stand there."""
    declared = typed.declared
    if declared.kind == "event" or len(declared.of) != 1 or "." not in declared.of[0]:
        return declared
    found = listed(declared.of[0], tables)
    if found is not None:
        return Type(declared.kind, found)
    holder, _, name = declared.of[0].partition(".")
    if holder in processes and name in processes[holder].marks:
        return Type(declared.kind, processes[holder].marks[name].of)
    known = [f"{t.name}.{axis.name}" for t in tables.values() for axis in t.axes]
    known += [f"{t.name}.{c}" for t in tables.values() for c in t.columns if t.types[c].of]
    known += [f"{p}.{mark}" for p, process in processes.items() for mark in process.marks]
    text = f"unknown list '{declared.of[0]}'{nearest(declared.of[0], known)}"
    problems.fail(typed.place("of"), f"{path}.of", text)
    return declared


def listed(name: str, tables: Mapping[str, Table]) -> tuple[str, ...] | None:
    """Give the entries of a table's column, `cities.city`; None where there is no such column."""
    holder, _, column = name.partition(".")
    if holder not in tables:
        return None
    table = tables[holder]
    axis = next((axis for axis in table.axes if axis.name == column), None)
    if axis is not None:
        return axis.labels
    return table.types[column].of or None if column in table.columns else None


def with_lists(process: Process, tables: Mapping[str, Table], problems: list[Problem]) -> Process:
    """Give a process with the choices of those marks whose `of` names columns of tables."""
    marks = dict(process.marks)
    for name, mark in process.marks.items():
        choices: dict[str, None] = {}
        for one in mark.of:
            found = listed(one, tables)
            if found is None and one.partition(".")[0].isidentifier() and "." in one:
                known = [f"{t.name}.{axis.name}" for t in tables.values() for axis in t.axes]
                text = f"unknown list '{one}'{nearest(one, known)}"
                problems.append(Problem(mark.place("of"), f"marks.{name}.of", text))
            choices |= dict.fromkeys(found or (one,))
        if tuple(choices) != mark.of:
            marks[name] = mark.model_copy(update={"of": tuple(choices)})
            marks[name].__dict__.pop("declared", None)  # a copy keeps what was made of the original
    return process if marks == process.marks else process.model_copy(update={"marks": marks})


def _shown(expression: Expression) -> str:
    if isinstance(expression, Number | Word | Listing | Steps):
        return expression.text
    return expression.name if isinstance(expression, Name) else ""
