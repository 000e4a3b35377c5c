"""A task: rows that are computed in blocks, and the hash of all that its blocks depend on."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]


class Block(NamedTuple):
    """The rows first … last - 1."""

    first: int
    last: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.last - self.first

    @property
    def said(self) -> str:
        """Which they are, for a person."""
        return f"rows {self.first} to {self.last - 1}"


class Task(Protocol):
    """What computes rows: a frozen dataclass of arrays and numbers, that can be pickled.

    A field with `compare=False` changes no result, and is no part of the fingerprint.
    """

    @property
    def by_row(self) -> Sequence[str]:
        """Names of arrays that have one place for each row; the others are as long as they are."""

    @property
    def row_bytes(self) -> int:
        """How many bytes the arrays of a row take, with the copies that results are made of."""

    @property
    def work(self) -> int:
        """How much work one row is: cells, policies, claims; one is about a microsecond."""

    @property
    def counted(self) -> Sequence[str]:
        """Names of arrays of counts whose sums a person wants to know, such as claims."""

    def block(self, first: int, last: int) -> Arrays:
        """Compute the rows first … last - 1, always under the same names."""


def blocks(rows: int, size: int) -> list[Block]:
    """Cut rows into blocks."""
    return [Block(first, min(first + size, rows)) for first in range(0, rows, size)]


def fingerprint(task: Task) -> str:
    """Give the SHA-256 of all that a task is made of: equal ones compute the same."""
    digest = hashlib.sha256()
    for part in _parts(task):
        digest.update(part)
    return digest.hexdigest()


def _parts(value: object) -> Iterator[bytes | memoryview]:
    """Give the bytes of a value with all that it holds, each preceded by what it is."""
    yield f"{type(value).__name__}:".encode()
    if isinstance(value, np.ndarray):
        yield f"{value.dtype.str}{value.shape}:".encode()
        yield np.ascontiguousarray(value).reshape(-1).view(np.uint8).data
    elif is_dataclass(value):
        for field in fields(value):
            if field.compare:
                yield f"{field.name}=".encode()
                yield from _parts(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        yield f"{len(value)}:".encode()
        for one in value:
            yield from _parts(one)
    elif isinstance(value, str | int | float | bool | np.generic | None):
        yield f"{value!r};".encode()
    else:
        raise TypeError(f"expected what can be hashed, got {type(value).__name__}")
