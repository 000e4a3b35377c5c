"""Severities that are made of data or of others, and the pieces that kernels draw them from."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self, TypeAlias

from product_factory.errors import BadValue
from product_factory.numbers.domains import Forms
from rating.kernels.distributions import POINT
from rating.severities.severity import Severity
from rating.severities.size import Size

Given: TypeAlias = float | Sequence[float] | Size | Sequence[Size]
"""What a product file gives for a name: a number, a list of them, or severities."""


@dataclass(frozen=True)
class Piece:
    """A share of the chances, and what is drawn there: a severity between two chances of its own.

    upto            the chance at which the piece ends; it begins where the one before ends
    code, p0 …      as the kernels' ``severity_quantile`` takes them
    low, high       the chances of that severity at the two ends of the piece
    """

    upto: float
    code: int
    parameters: tuple[float, float, float]
    low: float = 0.0
    high: float = 1.0

    @classmethod
    def point(cls, value: float) -> Self:
        """Return one size for sure."""
        return cls(1.0, POINT, (value, 0.0, 0.0))

    def row(self) -> tuple[float, ...]:
        """Return what the kernels' ``pieces_quantile`` takes for it."""
        return (self.upto, float(self.code), *self.parameters, self.low, self.high)


class Composed(Size):
    """A size with any number of parameters.

    Its pieces, drawn by an even chance, have its distribution; the quantile as a function of that
    chance need not rise where one piece ends and the next begins.
    """

    FORMS: ClassVar[Forms]
    """The sets of names that a product file may give."""
    PARTS: ClassVar[tuple[str, ...]] = ()
    """Those of them that are severities."""

    @classmethod
    @abstractmethod
    def from_form(cls, **given: Given) -> Self:
        """Return the model with what one of FORMS names; BadValue for anything else."""

    @abstractmethod
    def pieces(self) -> tuple[Piece, ...]:
        """Return the pieces from chance 0 to chance 1."""


def pieces_of(size: Size) -> tuple[Piece, ...]:
    """Return the pieces of any size."""
    if isinstance(size, Composed):
        return size.pieces()
    if not isinstance(size, Severity):
        raise BadValue(f"expected a severity that can be drawn, got {size}")
    return (Piece(1.0, size.CODE, size.parameters()),)


def within(pieces: Iterable[Piece], low: float, high: float) -> tuple[Piece, ...]:
    """Return the pieces between two chances, as those of a whole."""
    found: list[Piece] = []
    begins = 0.0
    for piece in pieces:
        start, end = max(begins, low), min(piece.upto, high)
        if start < end:
            width = (piece.high - piece.low) / (piece.upto - begins)
            first = piece.low + (start - begins) * width
            last = piece.high if end == piece.upto else piece.low + (end - begins) * width
            found.append(replace(piece, upto=(end - low) / (high - low), low=first, high=last))
        begins = piece.upto
    return tuple(found)


def joined(wholes: Iterable[tuple[float, Iterable[Piece]]]) -> tuple[Piece, ...]:
    """Return the pieces of wholes side by side, each with its share; the shares add up to 1."""
    found: list[Piece] = []
    begins = 0.0
    for share, pieces in wholes:
        found += [replace(piece, upto=begins + share * piece.upto) for piece in pieces if share]
        begins += share
    found[-1] = replace(found[-1], upto=1.0)
    return tuple(found)


def number(name: str, given: Mapping[str, Given]) -> float:
    """Return the number that is given for a name, written model.name."""
    value = given.get(name.partition(".")[2])
    if not isinstance(value, int | float):
        raise BadValue(f"{name}: expected a number")
    return float(value)


def parameters(name: str, given: Mapping[str, Given]) -> tuple[float, ...]:
    """Return the numbers that are given for a name; one alone is a list of one."""
    value = given.get(name.partition(".")[2])
    listed = value if isinstance(value, Sequence) else (value,)
    if not all(isinstance(one, int | float) for one in listed):
        raise BadValue(f"{name}: expected numbers")
    return tuple(float(one) for one in listed if isinstance(one, int | float))


def parts(name: str, given: Mapping[str, Given]) -> tuple[Size, ...]:
    """Return the severities that are given for a name; one alone is a list of one."""
    value = given.get(name.partition(".")[2])
    listed = value if isinstance(value, Sequence) else (value,)
    if not all(isinstance(one, Size) for one in listed):
        raise BadValue(f"{name}: expected severities")
    return tuple(one for one in listed if isinstance(one, Size))


def part(name: str, given: Mapping[str, Given]) -> Size:
    """Return the one severity that is given for a name."""
    found = parts(name, given)
    if len(found) != 1:
        raise BadValue(f"{name}: expected one severity, got {len(found)}")
    return found[0]
