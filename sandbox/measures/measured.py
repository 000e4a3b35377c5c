"""A figure with its Monte Carlo error."""

from dataclasses import dataclass

Z95 = 1.959963984540054
"""97.5% quantile of the standard normal distribution."""


@dataclass(frozen=True)
class Measured:
    """An estimate from simulated rows.

    value:   the estimate, in the unit of the figure.
    error:   Monte Carlo standard error of the value, same unit; inf where none can be given.
    low, high: 95% interval for the true value; infinite on a side that the rows cannot bound.
    method:  how value, error and interval were found.
    n:       number of simulated rows.
    trusted: False when `why` tells a reason not to rely on error and interval. True says that no
             such reason shows in the rows, which is less than a proof: rows that miss a heavy
             tail do not show it.
    """

    value: float
    error: float
    low: float
    high: float
    method: str
    n: int
    trusted: bool = True
    why: str = ""

    @classmethod
    def normal(cls, value: float, error: float, method: str, n: int, why: str) -> "Measured":
        """Make an estimate with the interval value -+ 1.96 errors; `why` withdraws the trust."""
        reach = Z95 * error
        return cls(value, error, value - reach, value + reach, method, n, not why, why)
