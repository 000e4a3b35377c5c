"""Correlation matrices: checked entry by entry, factored, and repaired on request."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput, BadValue
from product_factory.nodes import Node, Seq, Text, said
from product_factory.types import read_number

Floats = npt.NDArray[np.float64]
FLOOR = 1e-7
"""The smallest eigenvalue of a repaired matrix, for each of its rows."""
DECIMALS = 8
"""Of a repaired matrix: eigenvectors have last bits that depend on the machine."""
STEPS = 1000
CLOSE = 1e-12


@dataclass(frozen=True, eq=False)
class Correlation:
    """A positive definite matrix with its lower Cholesky factor.

    change  by how much a repair moved the entry that it moved most; 0 for none
    """

    values: Floats
    root: Floats
    change: float = 0.0


def read_matrix(node: Node) -> tuple[tuple[float, ...], ...]:
    """Read rows of correlations. Raises BadInput at the entry that is wrong."""
    if not isinstance(node, Seq):
        raise BadValue(f"expected rows such as [[1, 0.5], [0.5, 1]], got {said(node)}")
    placed = [_row(row, number, len(node)) for number, row in enumerate(node)]
    rows = [[value for value, _ in row] for row in placed]
    for i, row in enumerate(placed):
        for j, (value, at) in enumerate(row):
            text = _wrong(rows, i, j, value)
            if text:
                raise BadInput.one(at, f"row {i + 1}, column {j + 1}", text)
    return tuple(map(tuple, rows))


def _row(row: Node, number: int, size: int) -> list[tuple[float, At]]:
    """Give each number with its place."""
    if not isinstance(row, Seq) or len(row) != size:
        got = f"{len(row)} numbers" if isinstance(row, Seq) else said(row)
        raise BadInput.one(row.at, f"row {number + 1}", f"expected {size} numbers, got {got}")
    found = []
    for column, entry in enumerate(row):
        if not isinstance(entry, Text):
            where = f"row {number + 1}, column {column + 1}"
            raise BadInput.one(entry.at, where, f"expected a number, got {said(entry)}")
        try:
            found.append((float(read_number(str(entry), "ratio")), entry.at))
        except BadValue as error:
            where = f"row {number + 1}, column {column + 1}"
            raise BadInput.one(entry.at, where, str(error)) from None
    return found


def _wrong(rows: Sequence[Sequence[float]], i: int, j: int, value: float) -> str:
    if i == j and value != 1.0:
        return f"expected 1 on the diagonal, got {value:g}"
    if not -1.0 <= value <= 1.0:
        return f"expected a correlation of -1 to 1, got {value:g}"
    if j < i and value != rows[j][i]:
        return f"expected {rows[j][i]:g} as in row {j + 1}, column {i + 1}, got {value:g}"
    return ""


def correlation(values: Floats, *, repair: bool, at: At, key: str = "matrix") -> Correlation:
    """Give a matrix with its factor. Raises BadInput for one that is not positive definite."""
    root = cholesky(values)
    if root is not None:
        return Correlation(values, root)
    nearest = nearest_correlation(values)
    change = float(np.abs(nearest - values).max())
    if not repair:
        least = float(np.linalg.eigvalsh(values)[0])
        text = (
            f"expected a positive definite matrix, got one whose smallest eigenvalue is {least:.4f}"
            f"; 'repair: nearest' takes the nearest that is, {change:.4f} away at most"
        )
        raise BadInput.one(at, key, text)
    mended = cholesky(nearest)
    assert mended is not None  # noqa: S101 - its eigenvalues are above the floor
    return Correlation(nearest, mended, change)


def cholesky(values: Floats) -> Floats | None:
    """Give the lower factor, row by row in one order of sums; None where there is none.

    A pivot of 1e-14 or less, beside a diagonal of 1, is none: it would be made of rounding errors.
    """
    size = len(values)
    root = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            left = float(values[i, j])
            for k in range(j):
                left -= float(root[i, k]) * float(root[j, k])
            if i > j:
                root[i, j] = left / root[j, j]
            elif left <= FLOOR * FLOOR:
                return None
            else:
                root[i, i] = left**0.5
    return root


def nearest_correlation(values: Floats) -> Floats:
    """Give the nearest positive definite correlation matrix in the Frobenius norm.

    Alternating projections with Dykstra's correction: N. J. Higham, "Computing the nearest
    correlation matrix: a problem from finance", IMA Journal of Numerical Analysis 22 (2002),
    algorithm 3.3, onto matrices whose eigenvalues are at least a small floor.
    """
    floor = FLOOR * len(values)
    unit, correction = values.copy(), np.zeros_like(values)
    for _ in range(STEPS):
        start = unit - correction
        eigenvalues, vectors = np.linalg.eigh(start)
        definite = (vectors * np.maximum(eigenvalues, floor)) @ vectors.T
        correction = definite - start
        before, unit = unit, 0.5 * (definite + definite.T)
        np.fill_diagonal(unit, 1.0)
        if np.abs(unit - before).max() < CLOSE:
            break
    eigenvalues = np.linalg.eigvalsh(unit)
    if eigenvalues[0] < floor:  # the last step gave the diagonal back: shrink what it cost
        share = (floor - eigenvalues[0]) / (1.0 - eigenvalues[0])
        unit = (1.0 - share) * unit
        np.fill_diagonal(unit, 1.0)
    return np.asarray(np.round(unit, DECIMALS), dtype=np.float64)
