"""A fit of a dependence as its file says it, and the results that its data hold."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from scipy.stats import rankdata

from product_factory.errors import At, BadInput, BadValue
from product_factory.strict import Bilingual, Dotted, PlainText, Strict, Whole, Word, word_of
from rating.book.rejects import Reject
from rating.frame import ColumnReader, read_frame

Floats = npt.NDArray[np.float64]
FITTED = ("gaussian", "t", "clayton", "gumbel", "frank", "independence")
"""Copulas that data may be fitted by."""
LEAST_ROWS, MOST_ROWS = 20, 20_000
LEAST_LINES, MOST_LINES = 2, 8
MOST_BOOTSTRAPS = 10_000
Family = Annotated[str, word_of(FITTED)]


class DependenceSpec(Strict):
    """A file of `kind: dependence`; the data hold one year a row, one line a column.

    lines      what the columns are called in the dependence;  columns: of the data, in that order
    copulas    which are fitted;  method: by maximum likelihood or by Kendall's tau
    bootstrap  samples of each fitted copula for its goodness of fit; 0 for none
    """

    fit: Word
    kind: Literal["dependence"]
    title: Bilingual
    source: PlainText
    lines: tuple[Dotted, ...] = Field(min_length=LEAST_LINES, max_length=MOST_LINES)
    columns: tuple[PlainText, ...]
    copulas: tuple[Family, ...] = Field(FITTED, min_length=1)
    method: Literal["likelihood", "tau"] = "likelihood"
    bootstrap: Whole = 100
    seed: Whole = 20260301

    @model_validator(mode="after")
    def _sound(self) -> "DependenceSpec":
        if len(self.columns) != len(self.lines):
            got = len(self.columns)
            raise BadValue(f"expected a column for each of {len(self.lines)} lines, got {got}")
        for names in (self.lines, self.columns, self.copulas):
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise BadValue(f"expected each name once, got '{twice}' more than once")
        if not 0 <= self.bootstrap <= MOST_BOOTSTRAPS:
            raise BadValue(f"expected 0 to {MOST_BOOTSTRAPS} samples, got {self.bootstrap}")
        if not 0 <= self.seed < 2**64:
            raise BadValue(f"expected a seed of 0 or more, below 2**64, got {self.seed}")
        return self


@dataclass(frozen=True, eq=False)
class Results:
    """Pseudo-observations: ranks over rows + 1, [row, line]; equal results share their rank.

    ties     share of rows that share a result with another, of the line with most of them
    rows     of the file;  rejects: those that were left out
    """

    u: Floats
    ties: float = 0.0
    rows: int = 0
    rejects: tuple[Reject, ...] = ()

    @classmethod
    def of(cls, values: Floats, rows: int = 0, rejects: tuple[Reject, ...] = ()) -> "Results":
        """Give the pseudo-observations of results, [row, line]."""
        size = len(values)
        tied = [1.0 - len(np.unique(column)) / size for column in values.T]
        return cls(pseudo(values), max(tied), rows or size, rejects)


def pseudo(values: Floats) -> Floats:
    """Give the ranks of each column over rows + 1."""
    return np.asarray(rankdata(values, axis=0) / (len(values) + 1.0), dtype=np.float64)


def read_results(spec: DependenceSpec, path: Path) -> Results:
    """Read the results. Raises BadInput for a file that cannot be read or holds too little."""
    at = spec.place("columns")
    reader = ColumnReader(read_frame(path, [(name, at) for name in spec.columns]))
    columns = [reader.numbers(name) for name in spec.columns]
    values = np.column_stack(columns)[reader.good]
    if not LEAST_ROWS <= len(values) <= MOST_ROWS:
        text = f"expected {LEAST_ROWS} to {MOST_ROWS:,} rows with results, got {len(values):,}"
        raise BadInput.one(At(str(path)), "", text)
    for name, column in zip(spec.columns, values.T, strict=True):
        if (column == column[0]).all():
            text = f"expected results that differ, got {column[0]:g} in every row of '{name}'"
            raise BadInput.one(At(str(path)), name, text)
    return Results.of(values, len(reader.good), reader.left_out)
