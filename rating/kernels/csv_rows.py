"""Where the rows of a CSV end, and how many cells each has.

A quote opens only at the start of a cell, and `""` within quotes is a quote, as RFC 4180 and
Arrow have it. A row ends at LF, CR or CR LF outside of quotes; an empty line is no row.
"""

import numpy as np
from numpy.typing import NDArray

from rating.kernels.jit import kernel

WHOLE = 0
UNCLOSED = 1
TOO_LONG = 2
BLANK = 3

LF, CR, QUOTE, COMMA = 10, 13, 34, 44
AT_START, PLAIN, QUOTED, CLOSING = 0, 1, 2, 3


@kernel
def line_end(data: NDArray[np.uint8], start: int, stop: int) -> int:
    """Give the place behind the first line end of data[start:stop], or -1."""
    for place in range(start, stop):
        if data[place] == LF:
            return place + 1
        if data[place] == CR:
            if place + 1 < stop and data[place + 1] == LF:
                return place + 2
            return place + 1
    return -1


@kernel
def cut_rows(
    data: NDArray[np.uint8],
    last: bool,  # noqa: FBT001 - a kernel takes no keywords
    most: int,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    cells: NDArray[np.int64],
    kinds: NDArray[np.int64],
) -> tuple[int, int, bool]:
    """Cut text into rows: how many, how many bytes are used, whether a row goes on unseen.

    data    begins at the start of a row
    last    whether no text follows: what stands there then is a row though no line end follows
    most    bytes of a row; a longer one is TOO_LONG, and where a quote keeps it open UNCLOSED:
            it then ends at its first line end, as though the quote were none
    starts, ends, cells, kinds  filled, one entry a row

    A row that has no end in sight after `most` bytes is given as TOO_LONG, and all is used.
    """
    size = data.size
    count = start = place = 0
    state, found = AT_START, 1
    while place < size or (last and state == QUOTED):
        if state in (AT_START, PLAIN) and data[place] > COMMA:
            state = PLAIN
            while place < size and data[place] > COMMA:  # nothing that has a meaning
                place += 1
            continue
        sign = data[place] if place < size else 0
        place += 1
        if state == QUOTED and sign == QUOTE:
            state = CLOSING
            continue
        if state == QUOTED and place - start <= most and place <= size:
            continue
        if state == QUOTED:
            end = line_end(data, start, size)
            if end < 0:
                break
            kind, place = UNCLOSED, end
        elif state == CLOSING and sign == QUOTE:
            state = QUOTED
            continue
        elif sign in (LF, CR):
            blank = place - 1 == start
            if sign == CR and place == size and not last:
                break  # LF may follow
            if sign == CR and place < size and data[place] == LF:
                place += 1
            kind = BLANK if blank else WHOLE if place - start <= most else TOO_LONG
        else:
            found += sign == COMMA
            opens = sign == QUOTE and state == AT_START
            state = AT_START if sign == COMMA else QUOTED if opens else PLAIN
            continue
        if kind != BLANK:
            starts[count], ends[count], cells[count], kinds[count] = start, place, found, kind
            count += 1
        start = place
        state, found = AT_START, 1
    if start == size or not (last or size - start > most):
        return count, start, False
    starts[count], ends[count], cells[count] = start, size, found
    kinds[count] = TOO_LONG if size - start > most else UNCLOSED if state == QUOTED else WHOLE
    return count + 1, size, not last
