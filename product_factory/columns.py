"""Text in columns of a terminal, where a Chinese character takes two."""

import unicodedata
from collections.abc import Iterator

TERMINAL = 80
WIDE = ("W", "F")


def width(text: str) -> int:
    """Count the columns that a text takes."""
    return sum(1 + (unicodedata.east_asian_width(sign) in WIDE) for sign in text)


def padded(text: str, columns: int) -> str:
    """Fill a text with blanks to so many columns; a longer one stays as it is."""
    return text + " " * (columns - width(text))


def wrapped(text: str, head: str = "", indent: str = "    ", most: int = TERMINAL) -> list[str]:
    """Break a text into lines of at most `most` columns: at blanks, else between wide signs.

    head    what stands before the first line;  indent: before the others
    """
    lines, line = [], head
    for piece in _pieces(text):
        if width(line) + width(piece.rstrip()) > most and line.strip() and line != head:
            lines.append(line.rstrip())
            line = indent
            piece = piece.lstrip()  # noqa: PLW2901 - a line never starts with the blank it broke at
        line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """Cut a text after each blank and around each wide sign; a closing sign stays with its own."""
    piece, after_wide = "", False
    for sign in text:
        wide = unicodedata.east_asian_width(sign) in WIDE
        closing = unicodedata.category(sign) in ("Po", "Pe", "Pf")
        if piece and (wide or after_wide) and not closing and sign != " ":
            yield piece
            piece = ""
        piece, after_wide = piece + sign, wide
        if sign == " ":
            yield piece
            piece = ""
    if piece:
        yield piece
