"""An independent reader of figures in plain text, for the law that every figure has a source.

It knows nothing of templates or formats: it finds whatever looks like a figure (Arabic and
full-width digits, circled and roman numerals, Chinese counting and capital numerals, 万 亿 百分之,
半 两 双 倍 成) and reads what it is worth.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_DIGITS = {
    **{sign: value for value, sign in enumerate("零一二三四五六七八九")},
    **{sign: value for value, sign in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    **{sign: value for value, sign in enumerate("○弌弍弎亖")},
    **dict(zip("两双俩幺貳參陸仨", (2, 2, 2, 1, 2, 3, 6, 3), strict=True)),
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_FIXED_TENS = {"廿": 20, "卅": 30, "卌": 40}
_WAN = 10**4
_GREAT = {"万": _WAN, "萬": _WAN, "亿": 10**8, "億": 10**8}
_HAN = "".join((*_DIGITS, *_TENS, *_FIXED_TENS, *_GREAT))
_ARABIC = r"[0-9\uff10-\uff19]"
_POINT = r"[.,]"
_FIGURE = re.compile(
    rf"(?P<share>[百千万佰仟](?:分之))(?P<shared>[{_HAN}]+(?:点[{_HAN}]+)?|{_ARABIC}+(?:{_POINT}{_ARABIC}+)*)?"
    rf"|(?P<arabic>{_ARABIC}+(?:{_POINT}{_ARABIC}+)*)(?P<scale>[十百千万亿拾佰仟萬億]*)(?P<per>[%‰\uff05]?)"
    rf"|(?P<han>[{_HAN}]+(?:点[{_HAN}]+)?)(?P<unit>[成倍半]?)"
    r"|(?P<word>[半成倍])"
    r"|(?P<sign>[\u2150-\u218b\u2460-\u24ff\u3220-\u3247\u3280-\u32b0\u00bc-\u00be\u00b2\u00b3\u00b9%‰\uff05])"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A figure in a text: its span, its words, and its worth (None: not read)."""

    start: int
    end: int
    text: str
    worth: Decimal | None


def scan(text: str) -> Iterator[Found]:
    """Find every figure of a text, from left to right."""
    for found in _FIGURE.finditer(text):
        worth = _worth(found)
        decimal = None
        if worth is not None:
            decimal = Decimal(worth.numerator) / Decimal(worth.denominator)
        yield Found(found.start(), found.end(), found.group(), decimal)


def _worth(found: re.Match[str]) -> Fraction | None:
    if found["share"]:
        base = _TENS.get(found["share"][0]) or _GREAT[found["share"][0]]
        shared = found["shared"]
        if not shared:
            return None
        return (_arabic(shared) if shared[0].isdecimal() else _han(shared)) / base
    if found["arabic"]:
        value = _arabic(found["arabic"])
        for sign in found["scale"]:
            value *= _TENS.get(sign) or _GREAT[sign]
        return value / {"": 1, "%": 100, "％": 100, "‰": 1000}[found["per"]]
    if found["han"]:
        value = _han(found["han"])
        if found["unit"] == "成":
            return value / 10
        return value + Fraction(1, 2) if found["unit"] == "半" else value
    if found["word"]:
        return Fraction(1, 2) if found["word"] == "半" else None
    numeric = unicodedata.numeric(found["sign"], None)
    return None if numeric is None else Fraction(numeric)


def _arabic(text: str) -> Fraction:
    """Digits of any width; a comma or full-width comma parts thousands, a point the decimals."""
    plain = unicodedata.normalize("NFKC", text)
    whole, _, decimals = plain.rpartition(".")
    if not whole or "," in decimals:
        whole, decimals = plain, ""
    digits = whole.replace(",", "").replace(".", "")
    return Fraction(int(digits + decimals), 10 ** len(decimals))


def _han(text: str) -> Fraction:
    """Chinese numerals, by value (三百零五万) or digit by digit (二〇二六), with 点 decimals."""
    whole, _, decimals = text.partition("点")
    tail = Fraction(0)
    if decimals and all(sign in _DIGITS for sign in decimals):
        digits = "".join(str(_DIGITS[sign]) for sign in decimals)
        tail = Fraction(int(digits), 10 ** len(digits))
    if len(whole) > 1 and all(sign in _DIGITS for sign in whole):
        return int("".join(str(_DIGITS[sign]) for sign in whole)) + tail
    total, section, digit = 0, 0, 0
    for sign in whole:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _TENS:
            section += (digit or 1) * _TENS[sign]
            digit = 0
        elif sign in _FIXED_TENS:
            section += _FIXED_TENS[sign]
        else:
            part = section + digit
            if _GREAT[sign] == _WAN:
                total += (part or 1) * _WAN
            else:
                total = (total + part or 1) * _GREAT[sign]
            section, digit = 0, 0
    return Fraction(total + section + digit) + tail
