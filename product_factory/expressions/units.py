"""The algebra of units: what may be added, compared and multiplied, and currencies converted."""

from product_factory.errors import At, BadInput
from product_factory.expressions.operations import COMPARISONS
from product_factory.types import Type, describe

NUMBER = Type("number")
TRUTH = Type("yes_no")
LITERAL = Type("literal")


def at_home(declared: Type, home: str) -> Type:
    """Give money that states the product's own currency the type of money that states none."""
    return Type("money", declared.of) if home and declared.currency == home else declared


def fits(got: Type, wanted: Type, at: At, home: str) -> None:
    """Hold a value against what its place asks for. Raises BadInput."""
    wanted = at_home(wanted, home)
    if got.dimension == wanted.dimension:
        return
    asked, given = _both(wanted, got, home)
    if not (wanted.exchange or (wanted.kind == got.kind == "money")):
        asked = describe(wanted.kind)
    text = f"expected {asked}, got {given}{_convert(got, wanted, home)}"
    raise BadInput.one(at, "", text)


def at_product(got: Type, at: At, home: str) -> None:
    """Hold that money is in the product's own currency. Raises BadInput."""
    if got.currency:
        fits(got, Type("money"), at, home)


def _both(left: Type, right: Type, home: str) -> tuple[str, str]:
    """Name two types in a message; with their currencies where either states one."""
    stated = any(one.currency or one.exchange for one in (left, right))
    return _named(left, home if stated else ""), _named(right, home if stated else "")


def _named(declared: Type, home: str) -> str:
    if declared.exchange:
        return f"a rate {declared.unit}"
    code = (declared.currency or home) if declared.kind == "money" else ""
    return f"money in {code}" if code else article(declared.kind)


def _convert(left: Type, right: Type, home: str) -> str:
    """Say how to bring two currencies together, or nothing where they are not two."""
    if not left.kind == right.kind == "money":
        return ""
    one, two = left.currency or home or "…", right.currency or home or "…"
    return f"; convert it by a rate, a number with unit: {two}/{one}"


def _exchanged(sign: str, left: Type, right: Type, home: str) -> Type | None:
    """Convert money by a rate: USD * CNY/USD is CNY, CNY / (CNY/USD) is USD. Else None."""
    if sign == "*" and right.kind == "money":
        left, right = right, left
    if left.kind != "money" or right.exchange is None or sign not in ("*", "/"):
        return None
    to, since = right.exchange if sign == "*" else right.exchange[::-1]
    if (left.currency or home) != since:
        return None
    return at_home(Type("money", unit=to), home)


def article(kind: str) -> str:
    """Name a kind in a message."""
    plain = {"yes_no": "yes or no", "days": "a number of days", "years": "a number of years"}
    plain |= {"months": "a number of months", "money": "money", "literal": "a plain number"}
    return plain.get(kind, f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}")


def combined(sign: str, left: Type, right: Type, at: At, home: str = "") -> Type:
    """Give the type of `left sign right`, or say that the units do not fit."""
    if sign in COMPARISONS:
        either_of("compare", left, right, at, home)
        return TRUTH
    if sign in ("+", "-"):
        if left.dimension == "date" and right.dimension == "days":
            return left
        if sign == "-" and left.dimension == right.dimension == "date":
            return Type("days")
        return either_of("add" if sign == "+" else "subtract", left, right, at, home)
    if left.exchange or right.exchange:
        exchanged = _exchanged(sign, left, right, home)
        if exchanged is not None:
            return exchanged
    return _product(sign, left, right, at, home)


def _product(sign: str, left: Type, right: Type, at: At, home: str) -> Type:
    plain_left = left is LITERAL or left.dimension in ("number", "truth")
    plain_right = right is LITERAL or right.dimension in ("number", "truth")
    if sign == "*" and (plain_left or plain_right):
        if plain_left and plain_right:
            return LITERAL if left is LITERAL and right is LITERAL else NUMBER
        return right if plain_left else left
    if sign == "/" and plain_right:
        return (left if left is LITERAL and right is LITERAL else NUMBER) if plain_left else left
    if sign == "/" and (left.dimension == right.dimension or plain_left):
        return NUMBER
    if sign == "^" and plain_left and plain_right:
        return NUMBER
    if sign == "^" and plain_left and right.dimension == "years":
        return NUMBER
    words = {"*": "multiply", "/": "divide", "^": "raise"}
    joint = {"*": "by", "/": "by", "^": "to"}
    one, two = _both(left, right, home)
    text = f"cannot {words[sign]} {one} {joint[sign]} {two}"
    raise BadInput.one(at, "", text)


def either_of(verb: str, left: Type, right: Type, at: At, home: str = "") -> Type:
    """Give the type of what is one or the other, or say that the units do not fit."""
    if left is LITERAL or right is LITERAL:
        return right if left is LITERAL else left
    if left.dimension != right.dimension or (verb == "add" and left.dimension == "date"):
        one, two = _both(left, right, home)
        text = f"cannot {verb} {one} and {two}"
        text += _convert(left, right, home) if left.currency else _convert(right, left, home)
        raise BadInput.one(at, "", text)
    return left
