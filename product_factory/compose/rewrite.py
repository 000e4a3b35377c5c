"""Names inside of an expression replaced by what they stand for."""

from collections.abc import Mapping
from dataclasses import replace

from product_factory.errors import BadInput
from product_factory.expressions.bind import MAX_PARTS
from product_factory.expressions.tree import (
    Binary,
    Call,
    Cases,
    Conditions,
    Expression,
    Name,
    Number,
    Test,
    Unary,
    Word,
)


class Rewriter:
    """Replaces each name that has a value, names inside of that value too.

    Raises BadInput for a condition on a name whose value is not itself a name, and for what grows
    beyond the size that a value may have.
    """

    def __init__(self, values: Mapping[str, Expression]) -> None:
        """Keep what names stand for."""
        self.values = values
        self.parts = 0
        self.inside: list[str] = []

    def value(self, expression: Expression) -> Expression:
        """Rewrite a value."""
        self.parts += 1
        if self.parts > MAX_PARTS:
            text = f"expected a value of at most {MAX_PARTS} parts, got more"
            raise BadInput.one(expression.at, "", text)
        match expression:
            case Name(name):
                return self._name(expression, name)
            case Unary(_, operand):
                return replace(expression, operand=self.value(operand))
            case Binary(_, left, right):
                return replace(expression, left=self.value(left), right=self.value(right))
            case Call(_, arguments):
                return replace(expression, arguments=tuple(map(self.value, arguments)))
            case Cases(lines, otherwise):
                changed = tuple((self.conditions(when), self.value(is_)) for when, is_ in lines)
                return replace(expression, lines=changed, otherwise=self.value(otherwise))
        return expression

    def _name(self, expression: Name, name: str) -> Expression:
        if name not in self.values or name in self.inside:
            return expression
        self.inside.append(name)
        found = self.value(self.values[name])
        self.inside.pop()
        return found

    def conditions(self, given: Conditions) -> Conditions:
        """Rewrite conditions."""
        return replace(given, tests=tuple(map(self._test, given.tests)))

    def _test(self, test: Test) -> Test:
        bounds = tuple((sign, self.value(limit)) for sign, limit in test.bounds)
        words = tuple(map(self._word, test.any_of))
        found = self._name(Name(test.name, test.at), test.name)
        if not isinstance(found, Name):
            text = f"'{test.name}' is a value, not a choice; write it as an expression"
            raise BadInput.one(test.at, test.name, text)
        return replace(test, name=found.name, any_of=words, bounds=bounds)

    def _word(self, word: str) -> str:
        found = self.values.get(word)
        if isinstance(found, Number | Word):
            return found.text
        return found.name if isinstance(found, Name) else word
