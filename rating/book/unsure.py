"""Policies that may have other rows than those that stand together, row by row."""

from collections.abc import Container, Iterator, Sequence

import numpy as np

from rating.book.policies import Policies
from rating.book.reasons import beside_loose, rows_apart
from rating.book.rejects import Reject


def unsure(
    found: Policies, by: str, names: Sequence[bytes], lost: Container[bytes]
) -> Iterator[Reject]:
    """Tell of policies beside a row that names none, and of those whose rows stand apart.

    by     the column that names policies;  names: [row] of it
    lost   the names of the policies whose rows stand apart, as `rating.book.apart` gives them
    """
    for policy in np.flatnonzero(found.beside).tolist():
        first = int(found.starts[policy])
        name, loose = text_of(names[first]), int(found.beside[policy])
        yield beside_loose(int(found.numbers[first]), by, name, loose)
    for policy, first in enumerate(found.starts[:-1].tolist()):
        if names[first] in lost:
            for row in range(first, int(found.starts[policy + 1])):
                yield rows_apart(int(found.numbers[row]), by, text_of(names[row]))


def text_of(name: bytes) -> str:
    """Give the name of a policy as text."""
    return name.decode("utf-8", "backslashreplace")
