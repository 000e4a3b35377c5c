"""The severities that a basis names, for each cell: of one kind, or composed of others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from product_factory.expressions.tree import Expression
from product_factory.risk import ModelSpec
from rating.engines.collective.columns import Columns, columns
from rating.engines.collective.happens import Draws
from rating.kernels.distributions import MBBEFD, PIECES, POINT
from rating.severities import COMPOSED, SEVERITIES, Severity, Size
from rating.severities.composed import Composed, Given

Floats = npt.NDArray[np.float64]
ROW = 7
"""How many numbers a piece is; see ``drawn``."""


def size_columns(spec: ModelSpec, value: Callable[[Expression], Floats], path: str) -> Columns:
    """Evaluate a severity for all cells; value: gives an expression by cell.

    Raises BadInput for a distribution that is no severity.
    """
    return columns(spec, {*SEVERITIES, *COMPOSED}, "a severity such as lognormal", value, path)


def size_of(given: Columns, cell: int) -> Size:
    """Return the severity of a cell. Raises BadValue for parameters that it cannot have."""
    kind = given.spec.kind
    if kind in COMPOSED:
        named: dict[str, Given] = {
            **given.values(cell),
            **{name: [size_of(one, cell) for one in parts] for name, parts in given.parts.items()},
        }
        return COMPOSED[kind].from_form(**named)
    if given.parts or given.lists:
        raise BadValue(f"{kind}: expected numbers for its parameters")
    return SEVERITIES[kind].from_form(**given.plain(cell))


@dataclass
class Sizes:
    """The severities of one mark as kernels draw them, gathered cell by cell.

    models  (code, *parameters) → the severity;  rows: the pieces of the composed ones
    """

    models: dict[tuple[float, ...], Size] = field(default_factory=dict)
    rows: list[tuple[float, ...]] = field(default_factory=list)
    _known: dict[Size, tuple[float, ...]] = field(default_factory=dict)

    def add(self, size: Size) -> tuple[float, ...]:
        """Return the code and the parameters of a severity."""
        if size not in self._known:
            if isinstance(size, Composed):
                pieces = size.pieces()
                drawn = (float(PIECES), float(len(self.rows)), float(len(pieces)), 0.0)
                self.rows += [piece.row() for piece in pieces]
            else:
                assert isinstance(size, Severity)  # noqa: S101 - there is no third kind
                drawn = (float(size.CODE), *size.parameters())
            self._known[size] = drawn
            self.models[drawn] = size
        return self._known[size]

    @property
    def pieces(self) -> Floats:
        """The rows, [row, 7]."""
        return np.array(self.rows, dtype=np.float64).reshape(len(self.rows), ROW)


def stacked(draws: Sequence[Draws]) -> tuple[Floats, list[Floats]]:
    """Return the pieces of several marks one below the other, and each mark's parameters for it."""
    parameters: list[Floats] = []
    first = 0
    for one in draws:
        moved = one.parameters.copy()
        moved[..., 0] += np.where(one.code == PIECES, first, 0.0)
        parameters.append(moved)
        first += one.pieces.shape[0]
    pieces = [one.pieces for one in draws]
    return np.concatenate([*pieces, np.zeros((0, ROW))]), parameters


def _rows(code: int, parameters: Floats, pieces: Floats) -> list[list[float]]:
    if code != PIECES:
        return []
    first, count = int(parameters[0]), int(parameters[1])
    rows: list[list[float]] = pieces[first : first + count].tolist()
    return rows


def cuts(code: int, parameters: Floats, pieces: Floats) -> tuple[float, ...]:
    """Return the chances where a composed severity jumps or bends.

    They are the ends of its pieces, and where a piece reaches a total loss.
    """
    found: list[float] = []
    begins = 0.0
    for upto, kind, *rest, low, high in _rows(code, parameters, pieces):
        # the third parameter of an MBBEFD is the chance of less than a total loss
        if int(kind) == MBBEFD and low < rest[2] < high:
            found.append(begins + (upto - begins) * (rest[2] - low) / (high - low))
        found.append(upto)
        begins = upto
    return tuple(found)


def levels(code: int, parameters: Floats, pieces: Floats) -> tuple[float, ...]:
    """Return the ends of the pieces of a composed severity that are single sizes."""
    rows = _rows(code, parameters, pieces)
    return tuple(row[0] for row in rows if int(row[1]) == POINT)
