"""Rows without a premium on a side, each with its reason, as the book is read."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from rating.book.decided import REFUSAL
from rating.book.rejects import Reject
from rating.impact.side import REJECTED, WORDS, Judgement
from rating.impact.sums import Both

HEADER = ("row", "side", "outcome", "column", "value", "reason")
Line = Sequence[int | str]


def unrated_lines(told: Both, skipped: Iterable[Reject]) -> list[Line]:
    """Tell every row of a block that one side refuses or rejects, in the order of the book.

    skipped  rows beside it that could not be read at all
    """
    lines = [
        *((e.row, "both", WORDS[REJECTED], e.column, e.value, e.reason) for e in skipped),
        *_of_side(told, "old", told.before),
        *_of_side(told, "new", told.after),
    ]
    return sorted(lines, key=lambda line: int(line[0]))


def _of_side(told: Both, name: str, side: Judgement) -> Iterator[Line]:
    for reject in side.rejects:
        yield reject.row, name, WORDS[REJECTED], reject.column, reject.value, reject.reason
    for place in np.flatnonzero(side.outcome == REFUSAL).tolist():
        reason = side.reasons[int(side.reason[place])]
        yield int(told.numbers[place]), name, WORDS[REFUSAL], "", "", reason
