"""Premiums as whole numbers of a unit, so that sums are exact in any order."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from rating.plan import RatingPlan
from rating.steps import Round

Floats = npt.NDArray[np.float64]
Units = npt.NDArray[np.int64]
FINE = Fraction(1, 1_000_000)
"""The unit of tariffs that do not round."""
MOST = 1e15
"""How many units a premium of a year may have: sums of a block stay far from the end of int64."""


@dataclass(frozen=True)
class Money:
    """The unit in which premiums are counted.

    exact  whether every tariff rounds to a whole number of units
    """

    unit: Fraction
    exact: bool

    @classmethod
    def of(cls, plans: Iterable[RatingPlan]) -> "Money":
        """Give the greatest unit of which all units that the tariffs round to are multiples."""
        units = {
            step.unit if isinstance(step := plan.premium.step, Round) else None for plan in plans
        }
        known = [unit for unit in units if unit is not None]
        if len(known) < len(units):
            return cls(FINE, exact=False)
        common = known[0]
        for unit in known[1:]:
            common = Fraction(
                gcd(
                    common.numerator * unit.denominator,
                    unit.numerator * common.denominator,
                ),
                common.denominator * unit.denominator,
            )
        return cls(common, exact=True)

    def units(self, premiums: Floats, times: Floats) -> Units:
        """Give what falls due in a year in units; a tariff that does not round is rounded here.

        Raises BadValue for an amount that is too large to be counted.
        """
        each = np.rint(premiums * float(self.unit.denominator) / float(self.unit.numerator))
        if np.any(each * times > MOST):
            most = f"{float(self.unit) * MOST:,.0f}"
            message = f"expected premiums of at most {most}, got {float(premiums.max()):,.2f}"
            raise BadValue(message)
        made: Units = each.astype(np.int64) * times.astype(np.int64)
        return made

    def amount(self, units: int) -> float:
        """Give units as money."""
        return float(units * self.unit)
