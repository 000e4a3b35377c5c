"""Log-linear regression: a measure that grows by the same share every year."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from product_factory.brought import MOST
from product_factory.errors import At, BadInput
from product_factory.experience import DAYS_A_YEAR
from product_factory.numbers.portable import power
from rating.trend.specification import History, TrendSpec

Floats = npt.NDArray[np.float64]
MEASURES = {
    "frequency": ("claims", "exposure"),
    "severity": ("amount", "claims"),
    "pure_premium": ("amount", "exposure"),
}
"""Measure → what is divided by what."""
COVERED = 0.95


@dataclass(frozen=True)
class Line:
    """ln of a measure = level + slope × year, by least squares (weighted where that is asked).

    observed, fitted  [year];  slope, error: of the logarithm a year;  freedom: years less two
    middle   the midpoint of the experience: of the years by what the measure is divided by
    to       the midpoint of the period that is priced
    """

    name: str
    observed: Floats
    fitted: Floats
    slope: float
    error: float
    freedom: int
    fit: float
    middle: date
    to: date

    @property
    def trend(self) -> float:
        """By how much the measure grows a year."""
        return math.expm1(self.slope)

    @property
    def trend_error(self) -> float:
        """The standard error of the trend, by the delta method."""
        return math.exp(self.slope) * self.error

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the trend, by Student's t."""
        return math.expm1(self.slope - self.wide), math.expm1(self.slope + self.wide)

    @property
    def wide(self) -> float:
        """How far the ends of the interval are from the slope."""
        return float(student.ppf(0.5 + COVERED / 2.0, self.freedom)) * self.error

    @property
    def years(self) -> float:
        """Years from the middle of the experience to that of the period priced."""
        return (self.to - self.middle).days / DAYS_A_YEAR

    @property
    def factor(self) -> float:
        """What the experience is multiplied by."""
        return float(power(1.0 + self.trend, self.years))

    @property
    def factor_error(self) -> float:
        """The standard error of the factor, by the delta method."""
        return self.factor * abs(self.years) * self.error


@dataclass(frozen=True)
class Trends:
    """The lines that the columns allow."""

    spec: TrendSpec
    history: History
    lines: tuple[Line, ...]


def fit_trends(spec: TrendSpec, history: History) -> Trends:
    """Fit a line to every measure.

    Raises BadInput where the period is before the experience, where slope or interval are absurd,
    and where the factor is none that a basis accepts.
    """
    found = [
        _line(spec, history, name, *of)
        for name, of in MEASURES.items()
        if all(one in history.sums for one in of)
    ]
    for line in found:
        if line.to < line.middle:
            text = f"expected a day after the middle of the experience {line.middle}, got {line.to}"
            raise BadInput.one(_at(spec), "to", text)
        _require_sound(line, spec)
    return Trends(spec, history, tuple(found))


def _require_sound(line: Line, spec: TrendSpec) -> None:
    """Refuse years that tell of no trend, and a factor that no basis accepts."""
    edge = math.log1p(MOST)
    if not (abs(line.slope) <= edge and line.slope + line.wide <= edge):
        text = f"expected years whose {line.name} tells of a trend, got a slope of the logarithm "
        text += f"of {line.slope:.3g} ± {line.error:.3g} a year, 95% within ± {line.wide:.3g}"
        raise BadInput.one(spec.at, "", text)
    written = math.log1p(round(100.0 * line.trend, spec.decimals) / 100.0) * line.years
    if not -edge <= written <= math.log(MOST):
        text = f"expected a factor of {line.name} above {1.0 / (1.0 + MOST):.2g}, at most {MOST:g},"
        text += f" got e^{written:.3g}: {line.trend:.2%} a year over {line.years:,.1f} years"
        raise BadInput.one(_at(spec), "to", text)


def _at(spec: TrendSpec) -> At:
    return spec.place("to")


def _line(spec: TrendSpec, history: History, name: str, over: str, under: str) -> Line:
    observed = history.sums[over] / history.sums[under]
    weight = history.sums[under]
    slope, error, fitted, fit = regression(
        history.years.astype(np.float64),
        np.log(observed),
        weight if spec.weighted else np.ones(weight.size),
    )
    middle = _middle(history, weight)
    freedom = observed.size - 2
    return Line(name, observed, np.exp(fitted), slope, error, freedom, fit, middle, spec.to)


def regression(x: Floats, y: Floats, weight: Floats) -> tuple[float, float, Floats, float]:
    """Return the slope, its standard error, the line at x, and R², by weighted least squares.

    x, y, weight  [point]; three points or more
    """
    centre, level = np.average(x, weights=weight), np.average(y, weights=weight)
    spread = float((weight * (x - centre) ** 2).sum())
    slope = float((weight * (x - centre) * (y - level)).sum()) / spread
    line = level + slope * (x - centre)
    left = float((weight * (y - line) ** 2).sum())
    whole = float((weight * (y - level) ** 2).sum())
    error = math.sqrt(left / (x.size - 2) / spread)
    return slope, error, line, 1.0 - left / whole if whole > 0.0 else 1.0


def _middle(history: History, weight: Floats) -> date:
    """Give the midpoint of the years, each at its own middle, by weight."""
    starts = [date(int(year), 1, 1) for year in (*history.years, history.years[-1] + 1)]
    middles = [(a.toordinal() + b.toordinal()) / 2 for a, b in pairwise(starts)]
    mean = float(np.average(np.array(middles), weights=weight))
    return date(1, 1, 1) + timedelta(days=round(mean) - 1)
