"""Conditions on facts: ``cover.waiting > 0``, ``has cover.event_limit and not stands a/b``."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from clause_templates.facts import Fact, InCase
from product_factory.errors import At, BadInput, either

_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
_TESTS = ("has", "stands", "offered")
_COMPARISON = re.compile(
    r"(?P<name>[\w./]+)\s*(?P<sign>[<>]=?|!?=)\s*(?P<number>[\d.]+)\s*(?P<unit>\w*)"
)


@dataclass(frozen=True, slots=True)
class Test:
    """One test, negated by ``not``.

    ``has NAME``: the fact exists; ``offered NAME``: the customer chooses it; ``stands SECTION``;
    or NAME compared with a number, whose unit, if written, is the type of the fact.
    """

    name: str
    sign: str
    number: Decimal
    negated: bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Tests that must all hold."""

    tests: tuple[Test, ...]
    at: At

    def holds(self, find: Callable[[str], Fact | None], standing: frozenset[str]) -> bool:
        """Tell whether all tests hold.

        find: gives the fact of a name, or None. standing: names of the sections that stand.
        Raises BadInput where a comparison's fact is missing or is no single number.
        """
        return all(self._one(test, find, standing) != test.negated for test in self.tests)

    def _one(
        self, test: Test, find: Callable[[str], Fact | None], standing: frozenset[str]
    ) -> bool:
        if test.sign == "stands":
            return test.name in standing
        fact = find(test.name)
        if test.sign == "has":
            return fact is not None
        if test.sign == "offered":
            return fact is not None and len(fact.values) > 1
        if fact is None:
            raise BadInput.one(self.at, "", f"unknown term '{test.name}'")
        compare = _COMPARE[test.sign]
        cases = [one.value for one in fact.values if isinstance(one, InCase)]
        numbers = [number for number in cases if isinstance(number, Decimal)]
        if cases and len(numbers) == len(cases) and test.unit in ("", fact.type):
            found = {compare(number, test.number) for number in numbers}
            if len(found) > 1:
                text = f"the plans differ on '{test.name} {test.sign} {test.number}'"
                raise BadInput.one(fact.at, test.name, f"{text}, and one wording cannot say both")
            return found.pop()
        if not isinstance(fact.value, Decimal):
            raise BadInput.one(self.at, "", f"expected '{test.name}' to be one number")
        if test.unit not in ("", fact.type):
            raise BadInput.one(self.at, "", f"'{test.name}' is {fact.type}, not {test.unit}")
        return compare(fact.value, test.number)


def parse_condition(text: str, at: At) -> Condition:
    """Read a condition. Raises BadInput."""
    return Condition(tuple(_test(part.strip(), at) for part in text.split(" and ")), at)


def _test(text: str, at: At) -> Test:
    words = text.split()
    negated = bool(words) and words[0] == "not"
    words = words[negated:]
    if len(words) == 2 and words[0] in _TESTS:  # noqa: PLR2004 - a test and its name
        return Test(words[1], words[0], Decimal(0), negated)
    found = _COMPARISON.fullmatch(" ".join(words))
    if found is None:
        expected = f"expected a comparison with a number, or {either(_TESTS)} and a name"
        raise BadInput.one(at, "", f"{expected}, got '{text}'")
    try:
        number = Decimal(found["number"])
    except InvalidOperation:
        raise BadInput.one(at, "", f"expected a number, got '{found['number']}'") from None
    return Test(found["name"], found["sign"], number, negated, found["unit"])
