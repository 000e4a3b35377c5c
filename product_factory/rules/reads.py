"""The names that a rule, or any part of a definition, reads."""

import dataclasses
from collections.abc import Iterator, Mapping

from product_factory.expressions.tree import Name
from product_factory.rules.rule import Rule


def names_in(part: object) -> Iterator[str]:
    """List the names that expressions and assumptions read, however deep they stand."""
    if isinstance(part, Name):
        yield part.name
    elif isinstance(part, tuple):
        for inner in part:
            yield from names_in(inner)
    elif isinstance(part, Mapping):
        yield from names_in(tuple(part.values()))
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        yield from names_in(tuple(getattr(part, one.name) for one in dataclasses.fields(part)))


def reads(rule: Rule) -> frozenset[str]:
    """List the facts and parameters that a rule reads, whether or not anyone states them."""
    tests = rule.where.tests if rule.where is not None else ()
    found = {test.name for test in tests} | set(names_in((tests, rule.check)))
    return frozenset(
        found | set(rule.phrase_parameters) | ({rule.within} if rule.within else set())
    )
