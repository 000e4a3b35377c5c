"""What the years of a triangle come to: chain ladder, Bornhuetter-Ferguson, Cape Cod."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from product_factory.brought import MOST
from product_factory.errors import BadInput, BadValue
from rating.development.chain_ladder import (
    Factors,
    Projection,
    extrapolated,
    link_factors,
    project,
)
from rating.development.specification import DevelopmentSpec
from rating.development.triangle import Triangle

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Development:
    """A triangle brought to its end.

    chain_ladder  by the factors alone, with Mack's errors
    ultimate      [year] by the method that was asked for
    expected      what a unit of exposure comes to: stated, or by Cape Cod; None of chain ladder
    used          [year] whether the assumption was made from it
    """

    spec: DevelopmentSpec
    triangle: Triangle
    factors: Factors
    chain_ladder: Projection
    ultimate: Floats
    expected: float | None
    used: npt.NDArray[np.bool_]

    @property
    def reserve(self) -> Floats:
        """What is still to come of each year, [year]."""
        return self.ultimate - self.triangle.latest

    @property
    def developed(self) -> Floats:
        """The share of each year's claims that is known by its age, [year]."""
        found: Floats = 1.0 / self.factors.to_ultimate[self.triangle.known - 1]
        return found

    @property
    def load(self) -> float:
        """What the claims known of the years used are multiplied by to be whole."""
        return float(self.ultimate[self.used].sum() / self.triangle.latest[self.used].sum())

    @property
    def load_error(self) -> float:
        """The standard error of the load by chain ladder, given what is known."""
        both = self.chain_ladder.parameter[np.ix_(self.used, self.used)].sum()
        whole = float(self.chain_ladder.process[self.used].sum()) + float(both)
        return float(whole**0.5) / float(self.triangle.latest[self.used].sum())

    @property
    def middle(self) -> date:
        """The midpoint of the years used."""
        years = self.triangle.origins[self.used]
        first, after = date(int(years[0]), 1, 1), date(int(years[-1]) + 1, 1, 1)
        return first + timedelta(days=(after - first).days // 2)


def develop(spec: DevelopmentSpec, triangle: Triangle) -> Development:
    """Bring the years to their end.

    Raises BadInput naming the age that cannot be developed or the year without claims, and for a
    load that no basis accepts.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # what is beyond all bounds is told below
        try:
            factors = link_factors(triangle.cumulative, spec.average, spec.diagonals)
            factors = _with_tail(spec, factors)
        except BadValue as error:
            raise BadInput.one(triangle.at, "", str(error)) from None
        projected = project(triangle.latest, triangle.known, factors)
    years = triangle.origins.size
    last = years if spec.last is None else spec.last
    if last > years:
        text = f"expected at most the {years} years of the triangle, got {last}"
        raise BadInput.one(spec.place("last"), "last", text)
    used = np.arange(years) >= years - last
    found = Development(spec, triangle, factors, projected, projected.ultimate, None, used)
    if not float(triangle.latest[used].sum()) > 0.0:
        raise BadInput.one(triangle.at, "", "the years used have no claims yet, so nothing to load")
    if spec.method == "chain_ladder":
        return _sound(_grown(found))
    assert triangle.exposure is not None  # noqa: S101 - the specification asks for it
    expected = spec.expected
    if expected is None:
        expected = cape_cod(triangle.latest, triangle.exposure, found.developed)
    ultimate = bornhuetter_ferguson(triangle.latest, triangle.exposure * expected, found.developed)
    return _sound(replace(found, ultimate=ultimate, expected=expected))


def _grown(found: Development) -> Development:
    """Refuse years used of which no claims are known yet, and note others: 0 stays 0."""
    triangle, notes = found.triangle, list(found.factors.notes)
    still = found.factors.to_ultimate[triangle.known - 1] != 1.0
    for row in np.flatnonzero(still & (triangle.latest == 0.0)).tolist():
        text = f"{triangle.origins[row]} has no claims yet at age {triangle.known[row]}, which no "
        text += "factor can grow"
        if found.used[row]:
            text += "; use bornhuetter_ferguson or cape_cod, or leave the year out"
            raise BadInput.one(triangle.at, "", text)
        notes.append(text)
    return replace(found, factors=replace(found.factors, notes=tuple(notes)))


def _sound(found: Development) -> Development:
    """Refuse what no basis accepts."""
    load = round(found.load, found.spec.decimals)
    if not (np.isfinite(found.ultimate).all() and 0.0 < load <= MOST):
        text = f"expected a development above 0, at most {MOST:g}, got {found.load:g}"
        raise BadInput.one(found.triangle.at, "", text)
    return found


def _with_tail(spec: DevelopmentSpec, factors: Factors) -> Factors:
    tail = spec.tail
    if tail is None:
        return factors
    factor = tail.factor
    if factor is None:
        factor = extrapolated(factors.factor[:-1], str(tail.curve), tail.ages)
    ends = ((factors.factor, factor), (factors.error, tail.error))
    factor_, error = (np.append(known[:-1], last) for known, last in ends)
    deviation = np.append(factors.deviation[:-1], tail.deviation)
    notes = factors.notes
    if factor != 1.0 and tail.error == 0.0:
        notes = (*notes, f"the tail of {factor:.6g} is taken as known; state its error")
    return replace(factors, factor=factor_, error=error, deviation=deviation, notes=notes)


def bornhuetter_ferguson(latest: Floats, expected: Floats, developed: Floats) -> Floats:
    """Return what years come to: what is known, and what is expected of the share that is not.

    R. Bornhuetter and R. Ferguson, "The actuary and IBNR", Proceedings of the CAS 59 (1972).
    """
    return latest + (1.0 - developed) * expected


def cape_cod(latest: Floats, exposure: Floats, developed: Floats) -> float:
    """Return what a unit of exposure comes to: claims known over the exposure that they are of.

    H. Bühlmann and E. Straub, "Estimation of IBNR reserves by the methods chain ladder, Cape Cod
    and complementary loss ratio" (1983).
    """
    return float(latest.sum() / (exposure * developed).sum())
