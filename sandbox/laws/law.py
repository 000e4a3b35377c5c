"""What law 1 compares, and when it holds."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ERRORS = 4.0
"""Standard errors that expectation and simulated mean may be apart, beside the stated bound."""


@dataclass(frozen=True)
class LawOne:
    """One comparison: a cover, or a pool of covers, on a basis, for a risk profile.

    group      the covers;  method: closed, numeric, events or recursion
    expected   E, computed without random numbers, with its error bound, in currency
    simulated  the mean of the simulation, with its standard error
    share      the standard error as a share of E that was asked for
    years      policy years, or lives, that were simulated
    """

    group: tuple[str, ...]
    basis: str
    profile: str
    method: str
    expected: float
    bound: float
    simulated: float
    error: float
    share: float
    years: int

    @property
    def holds(self) -> bool:
        """|E − simulated| ≤ 4 standard errors + bound, the standard error being small enough."""
        apart = abs(self.expected - self.simulated)
        return self.sharp and apart <= ERRORS * self.error + self.bound

    @property
    def sharp(self) -> bool:
        """Whether the standard error is as small as the law asks for."""
        return (
            self.error <= self.share * abs(self.expected) or self.expected == self.simulated == 0.0
        )

    @classmethod
    def judged(  # noqa: PLR0913 - the parts of one comparison
        cls,
        *,
        group: tuple[str, ...],
        basis: str,
        profile: str,
        method: str,
        expected: float,
        bound: float,
        rows: npt.NDArray[np.float64],
        share: float,
        years: int,
    ) -> "LawOne":
        """Compare with independent rows, each an unbiased mean."""
        mean = math.fsum(rows.tolist()) / rows.size
        spread = math.fsum(((rows - mean) ** 2).tolist()) / (rows.size - 1)
        error = math.sqrt(spread / rows.size)
        return cls(group, basis, profile, method, expected, bound, mean, error, share, years)

    def __str__(self) -> str:
        """Give one line."""
        return (
            f"{'+'.join(self.group)} on {self.basis}, {self.profile}: E {self.expected:.6g} "
            f"± {self.bound:.2g} ({self.method}), simulated {self.simulated:.6g} "
            f"± {self.error:.2g}, {self.years:,} years: {'holds' if self.holds else 'FAILS'}"
        )
