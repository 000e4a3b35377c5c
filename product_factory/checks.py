"""Checks of an assembled product that need everything in one place: names, ranges, kinds, bases."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from product_factory import promise
from product_factory.assembled import RATED, AssembledProduct, AssembledVariable, Cover, TermValue
from product_factory.check_bases import basis_problems
from product_factory.check_lives import life_problems, stay_problems
from product_factory.check_pools import pool_problems
from product_factory.constants import constant
from product_factory.coverages import COVERAGES
from product_factory.errors import BadInput, BadValue, Problem, either, nearest
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.scope import InputLeaf, Layers, Names
from product_factory.expressions.tree import Conditions, Expression, Name
from product_factory.language import Language
from product_factory.module import ALIVE
from product_factory.scopes import LazyTerms, general_scope, marks_of
from product_factory.types import NUMERIC, Type, written
from product_factory.valued import value_problems
from product_factory.yearly import yearly_problems

TRUTH = Type("yes_no")
PERCENT = 100
LOSS_MARKS = ("loss", "damage", "bill")


def check(product: AssembledProduct, language: Language) -> None:
    """Raise BadInput with every problem of the assembled product."""
    problems = [*_variables(product), *life_problems(product)]
    if problems:
        raise BadInput(problems)  # what reads them would complain of the same
    for kind in ("covers", "exclusions", "provisions", "riders"):
        for cover in getattr(product, kind).values():
            problems += collect(partial(_cover, product, cover, kind))
    scope = general_scope(product)
    for line in product.product.accepts:
        path = f"accepts.{line.name}"
        problems += collect(partial(_value, line.require, scope, TRUTH), f"{path}.require")
        if line.when is not None:
            problems += collect(partial(_conditions, line.when, scope), f"{path}.when")
    for alias, process in product.processes.items():
        leaves = {name: InputLeaf(name, kind) for name, kind in marks_of(product, alias).items()}
        names = general_scope(product, Names(leaves))
        for name, mark in process.marks.items():
            if mark.computed is not None:
                run = partial(_value, mark.computed, names, mark.declared)
                problems += collect(run, f"marks.{name}.is")
    problems += list(_one_a_date(product))
    problems += basis_problems(product, language)
    if not problems:
        problems += [*value_problems(product), *yearly_problems(product)]
        problems += pool_problems(product)
    if problems:
        raise BadInput(problems)


def _one_a_date(product: AssembledProduct) -> Iterator[Problem]:
    """Tell of events that cannot stand in one order by date."""
    at = product.product.place("one_a_date")
    lives = {a: process for a, process in product.processes.items() if process.kind in RATED}
    known = [f"{alias}.{event}" for alias, process in lives.items() for event in process.events]
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, line in product.product.one_a_date.items():
        for event in line:
            if event not in known:
                text = f"expected an event of a life, got '{event}'{nearest(event, known)}"
                yield Problem(at, f"one_a_date.{name}", text)
        for before, after in pairwise(line):
            order.add(after, before)
    try:
        order.prepare()
    except CycleError as error:
        text = f"no order keeps all lines: {' → '.join(error.args[1])}"
        yield Problem(at, "one_a_date", text)


def collect(run: Callable[[], Iterable[Problem] | None], path: str = "") -> list[Problem]:
    """Run a check and give its problems; `path` stands for the path of those that have none."""
    try:
        return list(run() or ())
    except BadInput as error:
        return [Problem(p.at, path, p.text) if path else p for p in error.problems]


def _value(value: Expression, scope: Layers, wanted: Type) -> None:
    Binder(Builder()).value(value, scope, wanted)


def _conditions(conditions: Conditions, scope: Layers) -> None:
    Binder(Builder()).conditions(conditions, scope)


def _variables(product: AssembledProduct) -> Iterator[Problem]:
    for group in (product.variables, *product.items.values()):
        for variable in group.values():
            path = f"items.{variable.item}." if variable.item else ""
            path += f"{'offers' if variable.chosen else 'insured'}.{variable.name}"
            yield from _variable(product, variable, path)


def _variable(
    product: AssembledProduct, variable: AssembledVariable, path: str
) -> Iterator[Problem]:
    kind = variable.type.plain
    problems: list[Problem] = []
    for key in ("min", "max", "step"):
        bound = getattr(variable.declared, key)
        if bound is not None:
            run = partial(_value, bound, general_scope(product), kind)
            problems += collect(run, f"{path}.{key}")
    yield from problems or _bounds(product, variable, path)
    if kind.kind in NUMERIC and variable.type.of:
        try:
            variable.type.amounts()
        except BadValue as error:
            yield Problem(variable.declared.place("of"), f"{path}.of", str(error))


def _bounds(product: AssembledProduct, variable: AssembledVariable, path: str) -> Iterator[Problem]:
    """Tell of bounds that leave no value, and of steps that lead nowhere."""
    declared, kind = variable.declared, variable.type.kind
    fixed = {
        key: constant(getattr(declared, key), general_scope(product), Type(kind))
        for key in ("min", "max", "step")
        if getattr(declared, key) is not None
    }
    least, most, step = (fixed.get(key) for key in ("min", "max", "step"))
    if least is not None and most is not None and most < least:
        text = f"expected {written(least, kind)} or more, as 'min' says, got {written(most, kind)}"
        yield Problem(declared.place("max"), f"{path}.max", text)
    if step is not None and not step > 0.0:
        text = f"expected more than 0, got {written(step, kind)}"
        yield Problem(declared.place("step"), f"{path}.step", text)


def _cover(product: AssembledProduct, cover: Cover, kind: str) -> list[Problem]:
    module = cover.module
    if module.kind not in COVERAGES:
        text = f"unknown kind '{module.kind}'{nearest(module.kind, COVERAGES)}"
        return [Problem(module.place("kind"), "kind", text)]
    expected = COVERAGES[module.kind]
    problems: list[Problem] = []
    if expected.use != kind:
        text = f"expected '{module.module}' under {expected.use}, as its kind {module.kind} says"
        problems.append(Problem(cover.at, f"{kind}.{cover.alias}", text))
    for part in ("pays", "excludes", "amends"):
        written = bool(getattr(module, part))
        if written and part not in expected.parts:
            text = f"a module of kind {module.kind} has no '{part}'"
            problems.append(Problem(module.place(part), part, text))
        if not written and part in expected.parts:
            problems.append(Problem(module.at, "", f"expected the key '{part}'"))
    problems += _trigger(product, cover, expected.trigger)
    for item in cover.items:
        if item not in product.items:
            text = f"unknown item '{item}'{nearest(item, product.items)}"
            problems.append(Problem(cover.at, f"{kind}.{cover.alias}.items", text))
    if problems:
        return problems
    for term in cover.terms.values():
        problems += collect(partial(_term, product, cover, term), term.full_name)
        if not term.declared.printed and not term.declared.because:
            text = "a term that is not printed needs a reason in 'because'"
            problems.append(Problem(term.declared.at, term.full_name, text))
    if not problems:  # a term that cannot be read spoils every line that reads it
        promise.reads(product, cover)
        problems += _loss(cover, wanted=expected.reads_loss)
    return problems


def _trigger(product: AssembledProduct, cover: Cover, wanted: str) -> Iterator[Problem]:
    """Hold what triggers a promise against the kind, and what a stay in a state asks for."""
    pays = cover.module.pays
    if pays is None:
        return
    written = "event" if pays.during is None else "while"
    if written != wanted:
        text = f"expected the key '{wanted}', as kind {cover.module.kind} says, got '{written}'"
        yield Problem(pays.place(written), f"pays.{written}", text)
    if pays.during is None:
        return
    known = [ALIVE, *(f"{a}.{s}" for a, p in product.processes.items() for s in p.states)]
    if pays.during not in known:
        text = f"unknown state '{pays.during}'{nearest(pays.during, known)}"
        yield Problem(pays.place("while"), "pays.while", text)
    elif pays.due is not None and pays.during != ALIVE:
        alias = pays.during.partition(".")[0]
        yield from stay_problems(product.processes[alias], pays.due)
    if not product.long_term:
        text = "payments while in a state are of a life, and no process here is of one"
        yield Problem(pays.place("while"), "pays.while", text)
    if cover.items:
        yield Problem(cover.at, "items", "payments while in a state are of no item; leave it out")
    for name, pool in product.product.pools.items():
        if cover.alias in pool.over:
            text = f"'{cover.alias}' is paid at due dates, which no line adjusts"
            yield Problem(pool.place("over"), f"pools.{name}.over", text)


def _loss(cover: Cover, *, wanted: bool | None) -> list[Problem]:
    """Hold the law of the kind: an indemnity reads the loss, a lump sum never does."""
    if wanted is None:
        return []
    pays = cover.module.pays
    if pays is None:
        return []
    names = _names(pays.amount)
    reads = any(name in names for name in LOSS_MARKS)
    if reads == wanted:
        return []
    reading = "that reads the loss" if wanted else "that does not read the loss"
    text = f"expected an amount {reading} ({either(LOSS_MARKS)}), as kind {cover.module.kind} says"
    return [Problem(pays.place("amount"), "pays.amount", text)]


def _names(expression: object) -> set[str]:
    found: set[str] = set()
    todo = [expression]
    while todo:
        part = todo.pop()
        if isinstance(part, tuple):
            todo.extend(part)
        elif hasattr(part, "__dataclass_fields__"):
            if type(part).__name__ == "Name":
                found.add(str(getattr(part, "name", "")))
            todo.extend(getattr(part, field) for field in part.__dataclass_fields__)
    return found


def _term(product: AssembledProduct, cover: Cover, term: TermValue) -> list[Problem]:
    if term.type.kind in ("event", "list"):
        return []  # fitted to what may be chosen when it was filled in
    scope = Layers((LazyTerms(product, cover), general_scope(product)))
    value = constant(term.expression, scope, term.type)
    values = _offered(product, term) if value is None else [value]
    kind = term.type.kind
    problems: list[Problem] = []
    if term.plans:  # judged plan by plan
        constant(term.expression, scope, term.type)
        return problems
    for key, word in (("min", "more"), ("max", "less")):
        bound = getattr(term.declared, key)
        limit = None if bound is None else constant(bound, scope, term.type.plain)
        if limit is None:
            continue
        for got in values:
            if (got < limit) if key == "min" else (got > limit):
                said = (
                    term.text
                    if value is not None and term.text and not term.amended
                    else written(got, kind)
                )
                text = f"expected {written(limit, kind)} or {word}, got {said}"
                if kind == "ratio" and said.isdecimal() and limit >= got / PERCENT:
                    text += f"; did you mean {said}%?"
                problems.append(Problem(term.at, term.full_name, text))
    return problems


def _offered(product: AssembledProduct, term: TermValue) -> list[float]:
    """List what the choice that sets a term may amount to, where that is a list of numbers."""
    if term.how != "offered" or not isinstance(term.expression, Name):
        return []
    groups = (product.variables, *product.items.values())
    types = [g[term.expression.name].type for g in groups if term.expression.name in g]
    amounts = [t.amounts() for t in types if t.of and t.kind in NUMERIC]
    return [amount for group in amounts for amount in group if isinstance(amount, float)]
