"""Text that says what it shows: no hidden marks, no control characters, one way to write it."""

import re
import unicodedata

# Marks that change the order or the look of text without being seen.
HIDDEN = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""What no table needs; some of it ends a line for one reader and not for another."""
FORMULA = ("=", "+", "-", "@")
"""A spreadsheet takes a text that starts with one of these for a formula, and runs it."""


def hidden_mark(text: str) -> str:
    """Name the first hidden mark of a text, or nothing."""
    return next((unicodedata.name(mark) for mark in text if mark in HIDDEN), "")


def wrong(text: str) -> str:
    """Say what is wrong with a line of text, or nothing."""
    if (found := CONTROL.search(text)) is not None:
        return f"expected readable text, got the control character U+{ord(found[0]):04X}"
    if text.isascii():
        return ""
    if mark := hidden_mark(text):
        return f"expected visible text, got the hidden mark {mark}"
    if not unicodedata.is_normalized("NFC", text):
        return "expected text in Unicode normal form NFC, got another form"
    return ""


def shown(text: str) -> str:
    """Give a text as one line of a message shows it; what cannot be seen is written out."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
