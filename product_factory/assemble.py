"""Loaded files → one assembled product: filled, inherited, checked, hashed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import TypeVar

from product_factory.assembled import (
    RATED,
    AssembledBasis,
    AssembledProduct,
    AssembledVariable,
    Cover,
    SourceFile,
)
from product_factory.basis import Basis, Grid
from product_factory.checks import check
from product_factory.compose.dependencies import Dependencies
from product_factory.compose.holds import Held
from product_factory.compose.optional import with_options
from product_factory.compose.plans import with_plans
from product_factory.compose.riders import amended
from product_factory.declared import Variable
from product_factory.effective.product import effective
from product_factory.errors import BadInput, BadValue, Problem, either, nearest
from product_factory.experience import restated
from product_factory.fill import Filler, resolve_type, with_lists
from product_factory.language import Language
from product_factory.load import Loaded, load
from product_factory.modes import mode_problems
from product_factory.product import Product
from product_factory.reads import readings
from product_factory.shelf import Shelf
from product_factory.types import read_number

T = TypeVar("T")

FRAMES = ("offered", "life")
"""What a contract may say of its term and its premiums instead of a number of years."""


def assemble(
    shelf: Shelf,
    name: str,
    language: Language,
    on: date | None = None,
    *,
    foreseen: bool = False,
    checked: bool = True,
) -> AssembledProduct:
    """Load and assemble a product.

    on        the day for which dated parameters are taken; by default the product's effective date
    foreseen  take expected changes of parameters for values
    checked   hold names, units and ranges; unchecked, what reads a value may fail later

    Raises BadInput with every problem, each with its place.
    """
    loaded, problems = _lowered(load(shelf, name, language))
    product = loaded.product
    day = on or product.effective
    filler = Filler(loaded)
    covers = _uses(filler, loaded, "covers")
    exclusions = _uses(filler, loaded, "exclusions")
    provisions = _uses(filler, loaded, "provisions")
    riders = _uses(filler, loaded, "riders")
    if not filler.problems:
        covers = amended(product, covers, riders, problems)
    bases, wrong = _bases(loaded.bases)
    variables = _variables(loaded, filler, product.insured, product.offers, "")
    long_term = any(process.kind in RATED for process in loaded.processes.values())
    _contract(product, variables, filler, long_term=long_term)
    items = {
        item: _variables(loaded, filler, entry.insured, entry.offers, item)
        for item, entry in product.items.items()
    }
    if filler.problems or problems or wrong:
        raise BadInput(chain(filler.problems, problems, wrong))
    dated = replace(loaded.parameters, foreseen=foreseen)
    absent = {entry: dated.absent(entry, day) for entry in dated.names()}
    # names inside the shelf, so that digests are the same wherever the shelf stands
    files = {file.partition("/")[2]: value for file, value in loaded.digests.items()}
    assembled = AssembledProduct(
        name=name,
        product=product,
        on=day,
        shelf=shelf,
        variables=variables,
        items=items,
        covers=covers,
        exclusions=exclusions,
        provisions=provisions,
        processes=loaded.processes,
        parameters={entry: dated.value(entry, day) for entry in absent if not absent[entry]},
        tables=loaded.tables,
        built=loaded.built,
        bases=bases,
        files=loaded.files,
        sources=tuple(SourceFile(file, value) for file, value in sorted(files.items())),
        absent={entry: says for entry, says in absent.items() if says},
        readers=(readings, *language.reads.values()),
        resolver=effective,
        composed=loaded.composed,
        riders=riders,
    )
    whole = _held(assembled)
    if checked:
        check(whole, language)
    return whole


def _lowered(loaded: Loaded) -> tuple[Loaded, list[Problem]]:
    """Give plans, optional covers and dependencies as choices and lines of `accepts`."""
    problems: list[Problem] = []
    product = with_options(with_plans(loaded.product, problems), problems)
    dependencies = Dependencies(product, loaded.modules)
    dependencies.judge()
    accepts = (*product.accepts, *dependencies.lines)
    product = product.model_copy(update={"accepts": accepts})
    processes = {
        alias: with_lists(process, loaded.tables, problems)
        for alias, process in loaded.processes.items()
    }
    return replace(loaded, product=product, processes=processes), [
        *problems,
        *dependencies.problems,
    ]


def _held(product: AssembledProduct) -> AssembledProduct:
    """Give the product with the lines of `accepts` that its terms give rise to."""
    held = Held(product)
    held.judge()
    if held.problems:
        raise BadInput(held.problems)
    accepts = (*product.product.accepts, *held.lines)
    return replace(product, product=product.product.model_copy(update={"accepts": accepts}))


def _uses(filler: Filler, loaded: Loaded, kind: str) -> dict[str, Cover]:
    uses = getattr(loaded.product, kind)
    return {
        use.alias: filler.cover(use, loaded.modules[use.alias], f"{kind}[{place}]")
        for place, use in enumerate(uses)
    }


def _variables(
    loaded: Loaded,
    filler: Filler,
    insured: Mapping[str, Variable],
    offers: Mapping[str, Variable],
    item: str,
) -> dict[str, AssembledVariable]:
    found: dict[str, AssembledVariable] = {}
    for chosen, group in ((False, insured), (True, offers)):
        for name, declared in group.items():
            path = f"items.{item}." if item else ""
            path += f"{'offers' if chosen else 'insured'}.{name}"
            kind = resolve_type(declared, path, loaded.tables, loaded.processes, filler)
            found[name] = AssembledVariable(name, item, chosen, declared, kind)
    return found


def _contract(
    product: Product,
    found: Mapping[str, AssembledVariable],
    filler: Filler,
    *,
    long_term: bool,
) -> None:
    for key in ("term", "pay"):
        written = getattr(product.contract, key)
        try:
            if written not in FRAMES:
                read_number(written, "years")
        except BadValue as error:
            text = f"{error}; or {either(FRAMES)}"
            filler.fail(product.contract.place(key), f"contract.{key}", text)
        if written == "offered" and key not in found:
            text = f"'{key}' is offered, but 'offers' has no '{key}'"
            filler.fail(product.contract.place(key), f"contract.{key}", text)
    for problem in mode_problems(product, found, long_term=long_term):
        filler.fail(problem.at, problem.path, problem.text)


def _bases(bases: Mapping[str, Basis]) -> tuple[dict[str, AssembledBasis], list[Problem]]:
    problems: list[Problem] = []
    done: dict[str, AssembledBasis] = {}
    circular: set[str] = set()

    def resolve(name: str, seen: tuple[str, ...]) -> AssembledBasis | None:
        if name in done:
            return done[name]
        basis = bases[name]
        parent: AssembledBasis | None = None
        if basis.inherits is not None:
            at = basis.place("inherits")
            if basis.inherits not in bases:
                text = f"unknown basis '{basis.inherits}'{nearest(basis.inherits, bases)}"
                problems.append(Problem(at, f"{name}.inherits", text))
                return None
            if basis.inherits in (*seen, name):
                circle = " → ".join((*seen, name, basis.inherits))
                text = f"this basis inherits from itself: {circle}"
                problems.append(Problem(at, f"{name}.inherits", text))
                circular.update((*seen, name))
                return None
            parent = resolve(basis.inherits, (*seen, name))
            if parent is None:
                return None
        done[name] = _inherit(name, basis, parent)
        if parent is not None:
            problems.extend(_restated(name, basis, parent))
        return done[name]

    for name in bases:
        if name not in circular:
            resolve(name, ())
    return done, problems


def _inherit(name: str, basis: Basis, parent: AssembledBasis | None) -> AssembledBasis:
    risk = {process: dict(entries) for process, entries in (parent.risk if parent else {}).items()}
    for process, entries in basis.risk.items():
        risk[process] = risk.get(process, {}) | entries
    experience = {alias: dict(one) for alias, one in (parent.experience if parent else {}).items()}
    for process, entries_ in basis.experience.items():
        experience[process] = experience.get(process, {}) | entries_
    return AssembledBasis(
        name=name,
        interest=basis.interest or (parent.interest if parent else None),
        curve=basis.curve or (parent.curve if parent else None),
        grid=basis.grid or (parent.grid if parent else Grid.model_construct()),
        loading=basis.loading or (parent.loading if parent else None),
        expenses=_or(basis.expenses, parent.expenses if parent else ()),
        risk=risk,
        leaves_out=_or(basis.leaves_out, parent.leaves_out if parent else ()),
        at=basis.at,
        inherits=basis.inherits,
        inflation=basis.inflation or (parent.inflation if parent else None),
        experience=experience,
    )


def _restated(name: str, basis: Basis, parent: AssembledBasis) -> Iterator[Problem]:
    """List what a basis assumes anew while the entry of the one that it inherits would stay."""
    for process, entries in basis.risk.items():
        stale = parent.experience.get(process, {}).keys() - basis.experience.get(process, {})
        for key in (key for key in entries if key in stale):
            yield restated(entries[key].at, f"{name}.", process, key, str(basis.inherits))


def _or(own: T | None, inherited: T) -> T:
    return inherited if own is None else own
