"""What a designer most likely meant: the commonest slips of typing, and what to type instead."""

import re
import unicodedata
from datetime import date

from product_factory import currency

SIGNS = {"≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/", "–": "-", "—": "-"}
YES_NO = {"yes": "yes true y on 是 Yes YES True", "no": "no false n off 否 No NO False"}
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
UNITS = {"万": 10_000, "亿": 100_000_000, "k": 1_000, "m": 1_000_000}
COUNTED = re.compile(r"(\d+(?:\.\d+)?)\s*(万|亿|k|m)(?:元)?", re.IGNORECASE)


def instead(text: str) -> str:
    """Give "; did you mean 'x'?" for a value with a slip, or nothing."""
    plain = meant(text)
    return f"; did you mean '{plain}'?" if plain else ""


def meant(text: str) -> str:
    """Give what was meant by a value with a slip, or nothing."""
    plain = "".join(SIGNS.get(sign, sign) for sign in unicodedata.normalize("NFKC", text))
    counted = COUNTED.fullmatch(plain)
    if THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif counted is not None:
        plain = f"{float(counted[1]) * UNITS[counted[2].lower()]:.12g}"
    else:
        plain = currency.slip(plain) or plain
    return plain if plain != text else ""


def yes_or_no(text: str) -> str:
    """Give "; did you mean yes?" for another language's word of truth, or nothing."""
    return _told(meant_truth(text))


def meant_truth(text: str) -> str:
    """Give yes or no for another language's word of truth, or nothing."""
    found = (word for word, others in YES_NO.items() if text in others.split())
    return next(found, "")


def day(text: str) -> str:
    """Give "; did you mean 2026-03-01?" for a day that is written otherwise, or nothing."""
    return _told(meant_day(text))


def meant_day(text: str) -> str:
    """Give the day that is meant where it is written otherwise, or nothing."""
    found = DAY.fullmatch(text)
    if found is None:
        return ""
    year, month, of_month = found.groups()
    plain = f"{year}-{int(month):02}-{int(of_month):02}"
    return plain if _is_day(plain) else ""


def _told(word: str) -> str:
    return f"; did you mean {word}?" if word else ""


def _is_day(plain: str) -> bool:
    try:
        date.fromisoformat(plain)
    except ValueError:
        return False
    return True


def key(text: str, value: object) -> str:
    """Say what makes a key of what was none: a full-width colon, a comma inside of { }."""
    if "：" in text:
        return "; type a plain colon and a blank: ': '"
    if value == "":
        what = "a list stands in [ ], a text with a comma in quotes"
        what = "a number has no commas" if text.isdecimal() else what
        return f"; inside {{ }} a comma ends the value before it: {what}"
    return ""
