"""How facts are printed: ``{{ name | format }}``.

A format takes one value and the language; a fact with several values is printed value by value and
joined. Every format names the types that it fits. `FORMATS` lists them all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from clause_templates.facts import Fact, InCase, Named, Row, Scalar, ToAge, Words
from clause_templates.numerals import chinese
from product_factory.errors import At, BadInput, either, nearest

JOIN = {"zh": {"sentences": "；", "": "、"}}
_YI = Decimal(100_000_000)
_WAN = Decimal(10_000)


def _plain(number: Decimal) -> str:
    """Digits with thousands separators and no trailing zeros after the point."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_cn(number: Decimal) -> str:
    """100万元, 3亿元, 2,000元: the largest unit that leaves a whole number."""
    for unit, word in ((_YI, "亿元"), (_WAN, "万元")):
        if number and number % unit == 0:
            return _plain(number / unit) + word
    return _plain(number) + "元"


def ratio(number: Decimal) -> str:
    """5%, 2.5%."""
    return _plain(number * 100) + "%"


def payment(number: Decimal) -> str:
    """How long premiums are due: 一次交清 for one year, else 20年."""
    return "一次交清" if number == 1 else _plain(number) + "年"


def numeral(number: Decimal) -> str:
    """三, 十二."""
    return chinese(int(number))


@dataclass(frozen=True, slots=True)
class Format:
    """A way to print a number: the types that it fits, and the printing itself."""

    types: frozenset[str]
    show: Callable[[Decimal], str]


def _counted(word: str) -> Callable[[Decimal], str]:
    return lambda number: _plain(number) + word


FORMATS: Mapping[str, Format] = {
    "money_cn": Format(frozenset({"money"}), money_cn),
    "ratio": Format(frozenset({"ratio"}), ratio),
    "days": Format(frozenset({"days"}), _counted("日")),
    "months": Format(frozenset({"months"}), _counted("个月")),
    "years": Format(frozenset({"years", "age"}), _counted("年")),
    "payment": Format(frozenset({"years"}), payment),
    "age": Format(frozenset({"age", "years"}), _counted("周岁")),
    "integer": Format(frozenset({"integer", "number"}), _plain),
    "chinese": Format(frozenset({"integer"}), numeral),
}
ITEMS = "items"
"""The format of a list or schedule whose entries are items of their own."""
BY = {"attained_age": "周岁"}
"""What a schedule goes by, as its points are counted."""
LIST, SENTENCES = "list", "sentences"
"""The formats of facts that are texts or names of quantities, one or several: as words of one
sentence, or as sentences of their own."""
_WORDS = (LIST, SENTENCES)


def show(fact: Fact, shape: str, language: str, names: Mapping[str, str], at: At) -> str:
    """Print a fact.

    names: the printed word of each quantity that a value may name (sum_insured → 保险金额).
    Raises BadInput at ``at``: unknown format, a format that does not fit the type or the value.
    """
    if shape not in _WORDS and shape not in FORMATS:
        hint = nearest(shape, (*FORMATS, *_WORDS))
        raise BadInput.one(at, "", f"unknown format '{shape}'{hint}")
    join = JOIN[language]
    return join.get(shape, join[""]).join(
        _one(fact, value, shape, language, names, at) for value in fact.values
    )


def items(fact: Fact, language: str, at: At) -> tuple[str, ...]:
    """Print the entries of a list or schedule, each by itself. Raises BadInput."""
    return tuple(_item(fact, value, language, at) for value in fact.values)


def _item(fact: Fact, value: Scalar, language: str, at: At) -> str:
    if isinstance(value, Words):
        return value.text[language]
    if isinstance(value, Row) and value.by in BY:
        below = "" if value.below is None else f"、不满{_plain(value.below)}{BY[value.by]}"
        return f"满{_plain(value.start)}{BY[value.by]}{below}的，为{ratio(value.value)}"
    raise BadInput.one(at, "", f"expected a list, or a schedule by {either(BY)}, in '{fact.name}'")


def _one(
    fact: Fact, value: Scalar, shape: str, language: str, names: Mapping[str, str], at: At
) -> str:
    if isinstance(value, InCase):
        inner = _one(fact, value.value, shape, language, names, at)
        return value.case[language] + inner
    if isinstance(value, Named):
        if value.name not in names:
            raise BadInput.one(at, "", f"'{fact.name}' is '{value.name}', which has no words here")
        return names[value.name]
    if isinstance(value, Words | str):
        if shape not in _WORDS:
            raise BadInput.one(at, "", f"expected {either(_WORDS)} for '{fact.name}', got {shape}")
        return value if isinstance(value, str) else value.text[language]
    if isinstance(value, ToAge):
        if shape not in ("years", "payment"):
            raise BadInput.one(at, "", f"expected years or payment for '{fact.name}', got {shape}")
        return f"至{value.age}周岁"
    if isinstance(value, Row):
        raise BadInput.one(at, "", f"expected {ITEMS} for '{fact.name}', got {shape}")
    wanted = FORMATS.get(shape)
    if wanted is None or fact.type not in wanted.types:
        fits = either(name for name, form in FORMATS.items() if fact.type in form.types)
        raise BadInput.one(
            at, "", f"expected {fits} for '{fact.name}' of type {fact.type}, got {shape}"
        )
    return f"{_plain(value)} {fact.currency}" if fact.currency else wanted.show(value)
