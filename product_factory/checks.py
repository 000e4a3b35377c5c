"""Checks of an assembled product that need everything in one place: names, ranges, kinds, bases."""

from product_factory import promise
from product_factory.assembled import AssembledProduct, Cover, TermValue
from product_factory.constants import constant
from product_factory.coverages import COVERAGES
from product_factory.errors import At, BadInput, BadValue, Problem, either, nearest
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.scope import Layers
from product_factory.language import Language
from product_factory.risk import ModelSpec, Risk, RiskCases, Shares
from product_factory.scopes import LazyTerms, general_scope
from product_factory.types import Type

LOSS_MARKS = ("loss", "damage", "bill")
OWN_MARK_KEYS = ("together",)


def check(product: AssembledProduct, language: Language) -> None:
    """Raise BadInput with every problem of the assembled product."""
    problems: list[Problem] = []
    for kind in ("covers", "exclusions", "provisions"):
        for cover in getattr(product, kind).values():
            problems += _collect(lambda c=cover, k=kind: _cover(product, c, k))
    for line in product.product.accepts:
        scope = general_scope(product)
        problems += _collect(lambda a=line: _accepts(a, scope))
    problems += _collect(lambda: _variables(product))
    for basis in product.bases.values():
        problems += _basis(product, basis.name, language)
    if problems:
        raise BadInput(problems)


def _collect(run) -> list[Problem]:  # noqa: ANN001 - a plain thunk
    try:
        return list(run() or ())
    except BadInput as error:
        return list(error.problems)


def _accepts(line, scope: Layers) -> None:  # noqa: ANN001 - an Accepts
    binder = Binder(Builder())
    binder.value(line.require, scope, Type("yes_no"))
    if line.when is not None:
        binder.conditions(line.when, scope)


def _variables(product: AssembledProduct) -> None:
    groups = [product.variables, *product.items.values()]
    for variable in (v for group in groups for v in group.values()):
        for key in ("min", "max", "step"):
            bound = getattr(variable.declared, key)
            if bound is not None:
                constant(bound, general_scope(product), Type(variable.type.kind))
        if variable.type.kind not in ("choice", "yes_no") and variable.type.of:
            try:
                variable.type.amounts()
            except BadValue as error:
                at = variable.declared.place("of")
                raise BadInput.one(at, variable.name, str(error)) from None


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
    for part in ("pays", "excludes"):
        written = bool(getattr(module, part))
        if written and part not in expected.parts:
            text = f"a module of kind {module.kind} has no '{part}'"
            problems.append(Problem(module.place(part), part, text))
        if not written and part in expected.parts:
            problems.append(Problem(module.at, "", f"expected the key '{part}'"))
    for item in cover.items:
        if item not in product.items:
            text = f"unknown item '{item}'{nearest(item, product.items)}"
            problems.append(Problem(cover.at, f"{kind}.{cover.alias}.items", text))
    if problems:
        return problems
    promise.reads(product, cover)
    problems += _loss(cover, expected.reads_loss)
    for term in cover.terms.values():
        problems += _collect(lambda t=term: _term(product, cover, t))
        if not term.declared.printed and not term.declared.because:
            text = "a term that is not printed needs a reason in 'because'"
            problems.append(Problem(term.declared.at, term.full_name, text))
    return problems


def _loss(cover: Cover, wanted: bool | None) -> list[Problem]:
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
    kind = cover.module.kind
    must = "must read the loss" if wanted else "must not read the loss"
    text = f"the amount of a {kind} {must} ({either(LOSS_MARKS)})"
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
    scope = Layers((LazyTerms(product, cover), general_scope(product)))
    value = constant(term.expression, scope, term.type)
    problems: list[Problem] = []
    for key, word in (("min", "more"), ("max", "less")):
        bound = getattr(term.declared, key)
        if bound is None or value is None:
            continue
        limit = constant(bound, scope, Type(term.type.kind))
        if limit is None:
            continue
        if (value < limit) if key == "min" else (value > limit):
            shown = _shown(limit, term.type.kind)
            text = f"expected {shown} or {word}, got {term.text or _shown(value, term.type.kind)}"
            problems.append(Problem(term.at, term.full_name, text))
    return problems


def _shown(value: float, kind: str) -> str:
    if kind == "ratio":
        return f"{value * 100:g}%"
    unit = f" {kind}" if kind in ("days", "months", "years") else ""
    return f"{value:.12g}{unit}"


def _basis(product: AssembledProduct, name: str, language: Language) -> list[Problem]:
    basis = product.bases[name]
    problems: list[Problem] = []
    for process, entries in basis.risk.items():
        path = f"{name}.risk.{process}"
        if process not in product.processes:
            text = f"unknown process '{process}'{nearest(process, product.processes)}"
            problems.append(Problem(basis.at, path, text))
            continue
        known = [*product.processes[process].events, *product.processes[process].marks]
        for key, risk in entries.items():
            if key not in known and key not in OWN_MARK_KEYS:
                text = f"unknown event or mark '{key}'{nearest(key, known)}"
                problems.append(Problem(_at(risk, basis.at), path, text))
            problems += _risk(risk, f"{path}.{key}", language)
    for process, entry in product.processes.items():
        missing = [event for event in entry.events if event not in basis.risk.get(process, {})]
        missing += [
            mark
            for mark, declared in entry.marks.items()
            if declared.computed is None and mark not in basis.risk.get(process, {})
        ]
        problems += [
            Problem(basis.at, f"{name}.risk.{process}", f"the basis says nothing of '{key}'")
            for key in missing
        ]
    for left in basis.leaves_out:
        cover, _, key = left.line.partition(".")
        if cover not in product.covers:
            text = f"unknown cover '{cover}'{nearest(cover, product.covers)}"
            problems.append(Problem(left.place("line"), f"{name}.leaves_out", text))
        elif key != "waits":
            text = f"expected a term that can be left out, waits, got '{key}'"
            problems.append(Problem(left.place("line"), f"{name}.leaves_out", text))
    return problems


def _at(risk: Risk, fallback: At) -> At:
    return getattr(risk, "at", fallback)


def _risk(risk: Risk, path: str, language: Language) -> list[Problem]:
    if isinstance(risk, RiskCases):
        inner = [entry for _, entry in risk.lines]
        inner += [risk.otherwise] if risk.otherwise is not None else []
        return [problem for entry in inner for problem in _risk(entry, path, language)]
    if isinstance(risk, Shares) or not isinstance(risk, ModelSpec):
        return []
    if risk.kind not in language.models:
        text = f"unknown kind '{risk.kind}'{nearest(risk.kind, language.models)}"
        return [Problem(risk.at, path, text)]
    forms = language.models[risk.kind]
    given = tuple(name for name, _ in risk.parameters)
    if any(set(form) == set(given) for form in forms):
        return []
    expected = either(" and ".join(form) for form in forms)
    known = {name for form in forms for name in form}
    odd = next((name for name in given if name not in known), "")
    hint = nearest(odd, known) if odd else ""
    text = f"{risk.kind} takes {expected}, got {' and '.join(given) or 'nothing'}{hint}"
    return [Problem(risk.at, path, text)]
