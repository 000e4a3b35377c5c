"""The bands of size that claims are sorted into, as a person asks for them.

In use:
    bands_of("auto").edges                      0, 100, 1000, … 10000000
    bands_of("1000,10000").edges                0, 1000, 10000
    bands_of("ground_up:0,5000").of             "ground_up"
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from product_factory.errors import At, BadInput, BadValue, nearest
from product_factory.types import read_number

Basis: TypeAlias = Literal["paid", "ground_up"]
OF: tuple[Basis, ...] = ("paid", "ground_up")
AUTO = "auto"
POWERS = (0.0, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7)
"""Where the bands begin that nobody stated."""
MOST = 50
"""Bands, at most."""


@dataclass(frozen=True)
class Bands:
    """Bands of size: band n holds the sizes from edges[n] on, up to edges[n + 1] without it.

    text   as it was asked for
    of     "paid": a claim's size is what is paid; "ground_up": its amount before the terms
    edges  where each begins, currency; the first is 0 and the last has no end
    """

    text: str
    of: Basis
    edges: tuple[float, ...]


ONE_BAND = Bands("", "paid", (0.0,))
"""All claims: what asks for the largest of each cover, and for no more."""


def bands_of(text: str, at: str = "--sizes") -> Bands:
    """Read bands: `auto` or where each begins, after `ground_up:` of amounts before the terms.

    Raises BadInput for what is no such list.
    """
    basis, colon, rest = text.partition(":")
    of = basis.strip() if colon else "paid"
    if of not in OF:
        hint = nearest(of, OF)
        raise BadInput.one(At(at), "", f"expected paid: or ground_up:, got {of}:{hint}")
    listed = (rest if colon else text).strip()
    try:
        edges = POWERS if listed == AUTO else _edges(listed)
    except BadValue as error:
        raise BadInput.one(At(at), "", str(error)) from None
    return Bands(text, "paid" if of == "paid" else "ground_up", edges)


def _edges(listed: str) -> tuple[float, ...]:
    words = [word.strip() for word in listed.split(",")]
    if words == [""] or words[0].isalpha():
        hint = nearest(words[0], (AUTO, *OF))
        expected = "auto, or amounts with commas between such as 1000,10000"
        raise BadValue(f"expected {expected}; got '{listed}'{hint}")
    edges = [read_number(word, "money") for word in words]
    if edges[0] < 0.0:
        raise BadValue(f"expected amounts of 0 or more, got {words[0]}")
    for (low, high), word in zip(pairwise(edges), words[1:], strict=True):
        if not low < high:
            raise BadValue(f"expected each amount above the one before, got {word} after {low:g}")
    edges = edges if edges[0] == 0.0 else [0.0, *edges]
    if len(edges) > MOST:
        raise BadValue(f"expected at most {MOST} bands, got {len(edges)}")
    return tuple(edges)


__all__ = ["AUTO", "OF", "ONE_BAND", "Bands", "Basis", "bands_of"]
