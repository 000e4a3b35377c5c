"""Development factors and their errors: chain ladder as Mack derives it.

T. Mack, "Distribution-free calculation of the standard error of chain ladder reserve estimates",
ASTIN Bulletin 23 (1993), and "The standard error of chain ladder reserve estimates: recursive
calculation and inclusion of a tail factor", ASTIN Bulletin 29 (1999). With C the claims of a year
at an age and F = C(next) / C its own factor, E F = f and Var F = sigma² / C^alpha; alpha 1 makes f
the average by volume, 0 the simple one.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from rating.development.specification import MOST_TAIL

Floats = npt.NDArray[np.float64]
ASK = "state its factor"
ALPHA = {"volume": 1.0, "simple": 0.0}
TWO = 2


@dataclass(frozen=True)
class Factors:
    """What claims grow by from each age to the next; the last entry is the tail.

    factor     [age] from age k to k + 1; of the tail, from the last age to the end
    error      [age] standard error of the factor; NaN where one year tells nothing of it
    deviation  [age] sigma: Var of a year's own factor is sigma² / C^alpha
    years      [age] how many years of origin it was taken from; 0 for the tail
    alpha      power of the claims by which years count
    notes      what a person should know of them
    """

    factor: Floats
    error: Floats
    deviation: Floats
    years: npt.NDArray[np.int64]
    alpha: float
    notes: tuple[str, ...] = ()

    @property
    def to_ultimate(self) -> Floats:
        """What claims of each age still grow by, [age]; the last is the tail."""
        return np.cumprod(self.factor[::-1])[::-1].astype(np.float64)


def link_factors(cumulative: Floats, average: str, diagonals: int | None) -> Factors:
    """Return the factors of a triangle, the tail being 1 without error.

    cumulative  [year, age], NaN where not known
    diagonals   how many of the latest calendar years are used

    Raises BadValue naming the age where there is nothing to develop from.
    """
    alpha = ALPHA[average]
    years, ages = cumulative.shape
    calendar = np.add.outer(np.arange(years), np.arange(ages))
    last = int(calendar[np.isfinite(cumulative)].max())
    first = -1 if diagonals is None else last - diagonals
    factor, error = np.ones(ages), np.zeros(ages)
    deviation, count = np.zeros(ages), np.zeros(ages, dtype=np.int64)
    notes: list[str] = []
    unseen = 0
    for age in range(ages - 1):
        used = np.isfinite(cumulative[:, age + 1]) & (calendar[:, age + 1] > first)
        before, after = cumulative[used, age], cumulative[used, age + 1]
        if alpha == 0.0 and (before <= 0.0).any():
            raise BadValue(f"age {age + 1}: a year without claims has no factor of its own")
        weight = before**alpha
        if not used.any():
            _require_unneeded(cumulative, age, diagonals)
            known = f"no year has a link in the latest {diagonals} diagonals, and none needs one"
            notes.append(f"age {age + 1}: {known}; its factor stands as 1")
            unseen, error[age] = age + 1, 1.0
            continue
        if not weight.sum() > 0.0:
            raise BadValue(f"age {age + 1}: all claims are 0, so nothing grows to age {age + 2}")
        own = np.divide(after, before, out=np.zeros_like(after), where=before > 0.0)
        if alpha == 0.0:
            factor[age] = own.mean()
        else:
            factor[age] = after.sum() / before.sum()
        if not factor[age] > 0.0:
            raise BadValue(f"age {age + 2}: all claims are 0 after claims at age {age + 1}")
        born = int(((before <= 0.0) & (after != 0.0)).sum())
        if born:
            notes.append(f"age {age + 1}: {born} years without claims have some at age {age + 2}")
        seen = before > 0.0
        count[age] = int(seen.sum())
        if count[age] < TWO:
            deviation[age] = math.nan
        else:
            apart = weight[seen] * (own[seen] - factor[age]) ** 2
            deviation[age] = math.sqrt(float(apart.sum()) / (int(count[age]) - 1))
        error[age] = weight.sum()  # until the deviations are whole
    _fill(deviation[unseen : ages - 1])
    error[: ages - 1] = deviation[: ages - 1] / np.sqrt(error[: ages - 1])
    return Factors(factor, error, deviation, count, alpha, tuple(notes))


def _require_unneeded(cumulative: Floats, age: int, diagonals: int | None) -> None:
    """Raise BadValue where a year is still to grow from an age of which no link is used."""
    if age + 1 >= int(np.isfinite(cumulative).sum(axis=1).min()):
        raise BadValue(f"age {age + 1}: no year has a link in the latest {diagonals} diagonals")


def _fill(deviation: Floats) -> None:
    """Give ages with one year Mack's sigma: the square is min(s(k-1)⁴ / s(k-2)², s(k-1)², s(k-2)²).

    s the sigmas of the ages before it; the first age of all has none, and keeps
    NaN, and so do those after it until one is known.
    """
    for age in range(deviation.size):
        if not math.isnan(deviation[age]) or age == 0 or math.isnan(deviation[age - 1]):
            continue
        near = float(np.square(deviation[age - 1]))
        far = float(np.square(deviation[age - 2])) if age >= TWO else near
        far = near if math.isnan(far) else far
        quotient = near * near / far if far > 0.0 else 0.0
        deviation[age] = math.sqrt(min(quotient, near, far))


def extrapolated(factor: Floats, curve: str, ages: int) -> float:
    """Return the tail factor of a curve through the factors: a line through ln(f - 1).

    factor  [age] from age k = 1, 2, … to the next;  curve: the line is in k (exponential) or ln k

    Raises BadValue where fewer than two factors are above 1, where the line does not fall, or so
    slowly that the product has no end, and where the factor is beyond what may be stated.
    """
    place = np.arange(1, factor.size + 1, dtype=np.float64)
    used = factor > 1.0
    if used.sum() < TWO:
        raise BadValue(f"a curve of the tail takes two factors above 1, got {int(used.sum())}")
    beyond = np.arange(factor.size + 1, factor.size + 1 + ages, dtype=np.float64)
    x, ahead = (place, beyond) if curve == "exponential" else (np.log(place), np.log(beyond))
    middle = x[used] - x[used].mean()
    logs = np.log(factor[used] - 1.0)
    slope = float((middle * logs).sum() / (middle * middle).sum())
    if not slope < 0.0:
        raise BadValue("a curve of the tail takes factors that fall with age; " + ASK)
    if curve == "inverse_power" and slope >= -1.0:
        raise BadValue(
            f"a curve of ln(f - 1) that falls by {-slope:.3g} ln age does not end; {ASK}"
        )
    line = logs.mean() + slope * (ahead - x[used].mean())
    whole = float(np.logaddexp(0.0, line).sum())
    if whole > math.log(MOST_TAIL):
        raise BadValue(f"the curve gives a tail above {MOST_TAIL:g}; {ASK}")
    return math.exp(whole)


@dataclass(frozen=True)
class Projection:
    """What years come to in the end.

    ultimate   [year];  process: [year] variance of what is still to come, the factors known
    parameter  [year, year] covariance of ultimates by factors that are estimated
    """

    ultimate: Floats
    process: Floats
    parameter: Floats

    @property
    def errors(self) -> Floats:
        """Mack's standard error of each year, [year]."""
        found: Floats = np.sqrt(self.process + np.diag(self.parameter))
        return found

    @property
    def total_error(self) -> float:
        """Mack's standard error of all years together."""
        return math.sqrt(float(self.process.sum()) + float(self.parameter.sum()))


def project(latest: Floats, known: npt.NDArray[np.int64], factors: Factors) -> Projection:
    """Bring years to their end, age by age, with Mack's error by its recursion (1999).

    latest  [year] claims at the age up to which they are known;  known: [year] that age, from 1
    """
    claims, process = latest.copy(), np.zeros(latest.size)
    parameter = np.zeros((latest.size, latest.size))
    for age in range(factors.factor.size):
        moved = known <= age + 1
        grown = np.where(moved, factors.factor[age], 1.0)
        now = np.where(moved, claims, 0.0)
        own = np.zeros(latest.size)
        held = now > 0.0
        own[held] = now[held] ** (2.0 - factors.alpha) * factors.deviation[age] ** 2
        process = grown**2 * process + own
        parameter = np.outer(grown, grown) * parameter
        both = np.outer(now, now)
        # an unknown error says nothing of years that are past the age
        parameter[both > 0.0] += factors.error[age] ** 2 * both[both > 0.0]
        claims = claims * grown
    return Projection(claims, process, parameter)
