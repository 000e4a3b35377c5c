"""A slow evaluator of expression trees, one risk at a time, written from the language page."""

from product_factory.expressions.tree import Binary, Call, Cases, Name, Number, Unary
from product_factory.numbers.portable import power


def value(tree, known):
    """The value of a tree, names looked up in `known`; a truth is 1 or 0."""
    match tree:
        case Number():
            return tree.value
        case Name():
            return known[tree.name]
        case Unary(op="-"):
            return -value(tree.operand, known)
        case Unary():
            return float(not value(tree.operand, known))
        case Binary():
            return _binary(tree.op, value(tree.left, known), value(tree.right, known))
        case Call(function="if"):
            test, then, other = (value(part, known) for part in tree.arguments)
            return then if test else other
        case Call():
            best = min if tree.function == "min" else max
            return best(value(part, known) for part in tree.arguments)
        case Cases():
            for conditions, inner in tree.lines:
                if holds(conditions, known):
                    return value(inner, known)
            return value(tree.otherwise, known)
    raise AssertionError(tree)


def holds(conditions, known):
    """Whether all tests of a `when` hold; a choice is known by its word."""
    return all(_test(test, known) for test in conditions.tests)


def _test(test, known):
    if test.bounds:
        got = known[test.name]
        return all(_binary(sign, got, value(limit, known)) for sign, limit in test.bounds)
    return known[test.name] in test.any_of


def _binary(sign, a, b):  # noqa: C901, PLR0911, PLR0912 - one branch a sign
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b
        case "^":
            return power(a, b)
        case "<":
            return float(a < b)
        case "<=":
            return float(a <= b)
        case ">":
            return float(a > b)
        case ">=":
            return float(a >= b)
        case "==":
            return float(a == b)
        case "!=":
            return float(a != b)
        case "and":
            return float(bool(a) and bool(b))
        case "or":
            return float(bool(a) or bool(b))
    raise AssertionError(sign)
