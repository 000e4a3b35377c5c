"""Factors that frequencies share, from numbers of claims by year: moments of a mixed Poisson.

Given its multipliers M the number of claims of a line is Poisson with mean E M, so that the
variance of N is E + E² Var M and the covariance of two lines E E' Cov(M, M'): what claims vary
beyond Poisson is the factor's. Lognormal multipliers with a Gaussian copula have ln(1 + Cov) as the
covariances of their logarithms.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from product_factory.errors import At, BadInput, BadValue
from product_factory.strict import Bilingual, Dotted, PlainText, Strict, Word
from rating.book.rejects import Reject
from rating.frame import ColumnReader, read_frame
from sandbox.dependence.fitting.specification import LEAST_ROWS, MOST_ROWS
from sandbox.dependence.matrix import Correlation, correlation
from sandbox.measures.jackknife import jackknife

Floats = npt.NDArray[np.float64]
MOST_CORRELATION = 0.999


class SharedFactorSpec(Strict):
    """A file of `kind: shared_factor`; the data hold one year a row, counts of a line a column.

    lines     what the columns are called in the dependence;  columns: of counts, in that order
    exposure  a column of policies or insured years, by which each year's mean is expected
    """

    fit: Word
    kind: Literal["shared_factor"]
    title: Bilingual
    source: PlainText
    lines: tuple[Dotted, ...] = Field(min_length=1, max_length=8)
    columns: tuple[PlainText, ...]
    exposure: PlainText | None = None

    @model_validator(mode="after")
    def _sound(self) -> "SharedFactorSpec":
        if len(self.columns) != len(self.lines):
            got = len(self.columns)
            raise BadValue(f"expected a column for each of {len(self.lines)} lines, got {got}")
        for names in (self.lines, self.columns):
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise BadValue(f"expected each name once, got '{twice}' more than once")
        return self


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts, [year, line], and exposure, [year]; rows of the file, rejects: those left out."""

    counts: Floats
    exposure: Floats
    rows: int = 0
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, eq=False)
class SharedFactorFit:
    """What was found.

    covariance, errors  [line, line] of the multipliers; errors by leaving out one year each
    varying             places of the lines that vary beyond Poisson
    cv                  [varying];  correlation: of the logarithms of their multipliers
    """

    spec: SharedFactorSpec
    data: Counts
    means: Floats
    covariance: Floats
    errors: Floats
    varying: tuple[int, ...]
    cv: Floats
    correlation: Correlation


def read_counts(spec: SharedFactorSpec, path: Path) -> Counts:
    """Read counts. Raises BadInput for a file that cannot be read or holds too little."""
    at = spec.place("columns")
    wanted = [(name, at) for name in spec.columns]
    if spec.exposure is not None:
        wanted.append((spec.exposure, spec.place("exposure")))
    reader = ColumnReader(read_frame(path, wanted))
    columns = []
    for name in spec.columns:
        values = reader.numbers(name)
        reader.refuse(~(values >= 0.0) | (values % 1.0 != 0.0), name, "expected a whole number")
        columns.append(values)
    exposure = np.ones(reader.good.size)
    if spec.exposure is not None:
        exposure = reader.numbers(spec.exposure)
        reader.refuse(~(exposure > 0.0), spec.exposure, "expected an exposure above 0")
    counts = np.column_stack(columns)[reader.good]
    if not LEAST_ROWS <= len(counts) <= MOST_ROWS:
        text = f"expected {LEAST_ROWS} to {MOST_ROWS:,} years with counts, got {len(counts):,}"
        raise BadInput.one(At(str(path)), "", text)
    for name, column in zip(spec.columns, counts.T, strict=True):
        if not column.any():
            raise BadInput.one(At(str(path)), name, f"expected claims in some year of '{name}'")
    return Counts(counts, exposure[reader.good], reader.good.size, reader.left_out)


def multiplier_covariance(counts: Floats, exposure: Floats) -> Floats:
    """Give the covariances of the multipliers, [line, line]; a variance may come out below 0."""
    years = len(counts)
    expected = exposure[:, None] * counts.sum(axis=0) / exposure.sum()
    apart = counts - expected
    products = (apart.T @ apart) * (years / (years - 1.0))
    products -= np.diag(expected.sum(axis=0))
    return np.asarray(products / (expected.T @ expected), dtype=np.float64)


def fit_factor(spec: SharedFactorSpec, data: Counts) -> SharedFactorFit:
    """Fit the factor. Raises BadInput where no line varies beyond Poisson."""
    covariance = multiplier_covariance(data.counts, data.exposure)
    varying = tuple(np.flatnonzero(np.diag(covariance) > 0.0).tolist())
    if not varying:
        text = "no line varies more than Poisson counts do: there is no factor to fit"
        raise BadInput.one(spec.place("columns"), "columns", text)
    kept = covariance[np.ix_(varying, varying)]
    logs = np.log1p(np.maximum(kept, -0.99))
    spread = np.sqrt(np.diag(logs))
    rho = np.clip(logs / np.outer(spread, spread), -MOST_CORRELATION, MOST_CORRELATION)
    np.fill_diagonal(rho, 1.0)
    return SharedFactorFit(
        spec,
        data,
        data.counts.sum(axis=0) / data.exposure.sum(),
        covariance,
        _errors(data),
        varying,
        np.sqrt(np.diag(kept)),
        correlation(0.5 * (rho + rho.T), repair=True, at=spec.at),
    )


def _errors(data: Counts) -> Floats:
    """Give standard errors of the covariances by the jackknife."""
    years = len(data.counts)
    again = []
    for year in range(years):
        kept = np.arange(years) != year
        again.append(multiplier_covariance(data.counts[kept], data.exposure[kept]))
    return jackknife(np.array(again))


def cv_error(found: SharedFactorFit, line: int) -> float:
    """Give the standard error of a line's coefficient of variation, from that of its square."""
    square = float(found.covariance[line, line])
    return float(found.errors[line, line]) / (2.0 * math.sqrt(square)) if square > 0.0 else math.inf
