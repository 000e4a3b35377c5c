"""Copulas of a correlation matrix."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, WithJsonSchema, model_validator

from product_factory import shapes
from product_factory.errors import BadInput, BadValue
from product_factory.strict import Share, located
from sandbox.dependence.copulas.copula import Copula, CopulaLine, pairs
from sandbox.dependence.matrix import Correlation, cholesky, correlation, read_matrix

Floats = npt.NDArray[np.float64]
Matrix = Annotated[
    tuple[tuple[float, ...], ...],
    BeforeValidator(located(read_matrix)),
    WithJsonSchema({"type": "array", "items": {"type": "array", "items": shapes.NUMBER}}),
]
DECIMALS = 4
"""Of a matrix that is written; fitted ones have no more digits that are alike on all machines."""


@dataclass(frozen=True, eq=False)
class Elliptical(Copula):
    """A copula of a correlation matrix; Kendall's tau of a pair is (2 / pi) arcsin(rho)."""

    correlation: Correlation

    @property
    def size(self) -> int:  # type: ignore[override]
        """How many lines there are."""
        return len(self.correlation.values)

    @property
    def rho(self) -> float:
        """The correlation of the first two lines."""
        return float(self.correlation.values[0, 1])

    @property
    def change(self) -> float:
        """By how much a repair moved the entry that it moved most; 0 for none."""
        return self.correlation.change

    def tau(self) -> Floats:
        """Give Kendall's tau of each pair, [line, line]."""
        return np.asarray(2.0 / math.pi * np.arcsin(self.correlation.values), dtype=np.float64)

    def upper(self) -> Floats:
        """Give the tail dependence above: as below, since both tails are alike."""
        return self.lower()

    def rows(self) -> str:
        """Give the matrix as YAML in filed decimals, to be repaired where these break it."""
        values = np.round(self.correlation.values, DECIMALS)
        rows = (f"[{', '.join(f'{float(value):g}' for value in row)}]" for row in values)
        broken = "" if cholesky(values) is not None else ", repair: nearest"
        return f"matrix: [{', '.join(rows)}]{broken}"


def of_pair(rho: float) -> Correlation:
    """Give the correlation of two lines."""
    return Correlation(
        np.array([[1.0, rho], [rho, 1.0]]),
        np.array([[1.0, 0.0], [rho, math.sqrt(max((1.0 - rho) * (1.0 + rho), 0.0))]]),
    )


class EllipticalLine(CopulaLine):
    """A matrix, or one correlation for all pairs.

    repair  `nearest` takes the nearest positive definite matrix in the place of one that is not
    """

    matrix: Matrix | None = None
    correlation: Share | None = None
    repair: Literal["nearest"] | None = None

    @model_validator(mode="after")
    def _one(self) -> "EllipticalLine":
        if (self.matrix is None) == (self.correlation is None):
            raise BadValue("expected one of 'matrix' and 'correlation'")
        return self

    def bound_matrix(self, lines: Sequence[str]) -> Correlation:
        """Give the correlation of these lines. Raises BadInput for one that does not fit them."""
        size = len(lines)
        if self.matrix is None:
            rho = self.correlation or 0.0
            if not -1.0 <= rho <= 1.0:
                text = f"expected a correlation of -1 to 1, got {rho:g}"
                raise BadInput.one(self.place("correlation"), "correlation", text)
            at = self.place("correlation")
            values = pairs(rho, size)
            return correlation(values, repair=self.repair is not None, at=at, key="correlation")
        if len(self.matrix) != size:
            text = f"expected {size} rows for {size} lines, got {len(self.matrix)}"
            raise BadInput.one(self.place("matrix"), "matrix", text)
        values = np.array(self.matrix)
        return correlation(values, repair=self.repair is not None, at=self.place("matrix"))
