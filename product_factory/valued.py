"""The values of an assembled product: its own, and those of the modules that it uses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from product_factory import promise
from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, Problem, nearest
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.scope import Layers
from product_factory.scopes import general_scope
from product_factory.values import ValueOf

OF_EVERY_CONTRACT = ("free_look",)
"""Kinds that a contract of any length may have."""


@dataclass(frozen=True)
class Valued:
    """A value with the scope in which it is read; path: where it is declared."""

    name: str
    path: str
    declared: ValueOf
    scope: Layers


def valued(product: AssembledProduct) -> Mapping[str, Valued]:
    """Give every value by name, in the order of the product's file, then of its uses."""
    return product.derive("valued", lambda: {one.name: one for one in _all(product)})


def value_problems(product: AssembledProduct) -> Iterator[Problem]:
    """Tell of names given twice, unknown bases, kinds that do not fit, and what cannot be read."""
    seen: dict[str, Valued] = {}
    for one in _all(product):
        declared = one.declared
        if one.name in seen:
            text = f"'{one.name}' is a value that {seen[one.name].path} gives already"
            yield Problem(declared.at, one.path, text)
        seen[one.name] = one
        if declared.basis is not None and declared.basis not in product.bases:
            hint = nearest(declared.basis, product.bases)
            text = f"unknown basis '{declared.basis}'{hint}"
            yield Problem(declared.place("basis"), f"{one.path}.basis", text)
        fits = declared.kind in OF_EVERY_CONTRACT
        if not fits and (declared.family == "unearned") == product.long_term:
            what = "longer than a year" if product.long_term else "of a year or less"
            text = f"kind {declared.kind} is of no contract {what}"
            yield Problem(declared.place("kind"), f"{one.path}.kind", text)
        known = [f"{a}.{s}" for a, p in product.processes.items() for s in p.states]
        if declared.during is not None and declared.during not in known:
            text = f"unknown state '{declared.during}'{nearest(declared.during, known)}"
            yield Problem(declared.place("while"), f"{one.path}.while", text)
        for key, value, wanted in declared.stated:
            try:
                Binder(Builder()).value(value, one.scope, wanted)
            except BadInput as error:
                first = error.problems[0]
                yield Problem(first.at, f"{one.path}.{key}", first.text)


def _all(product: AssembledProduct) -> Iterator[Valued]:
    general = general_scope(product)
    for name, declared in product.product.values.items():
        yield Valued(name, f"values.{name}", declared, general)
    for cover in product.uses.values():
        for name, declared in cover.module.values.items():
            path = f"{cover.alias}.values.{name}"
            yield Valued(name, path, declared, promise.scope(product, cover))
