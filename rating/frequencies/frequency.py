"""What every frequency model promises."""

from typing import ClassVar, Protocol, Self

from product_factory.numbers.domains import Forms


class Frequency(Protocol):
    """The number N of events in a year.

    Every figure rests on product_factory.numbers and is the same to the bit everywhere.
    """

    CODE: ClassVar[int]
    """What kernels call the kind."""
    FORMS: ClassVar[Forms]
    """The sets of parameters that a product file may give."""

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""

    @property
    def mean(self) -> float:
        """E[N]."""

    @property
    def variance(self) -> float:
        """E[N**2] - E[N]**2."""

    def parameters(self) -> tuple[float, float]:
        """Return what the kernels' ``frequency_quantile`` takes after the code."""

    def probability(self, n: int) -> float:
        """Return P(N = n)."""

    def distribution(self, n: int) -> float:
        """Return P(N <= n)."""

    def survival(self, n: int) -> float:
        """Return P(N > n), with its digits kept in the tail."""

    def panjer(self) -> tuple[float, float, float]:
        """Return (a, b, p0): p(0) = p0, p(n) = (a + b / n) p(n - 1) (Panjer 1981)."""

    def quantile(self, u: float) -> int:
        """Return the least n with P(N <= n) >= u, for 0 < u < 1; the kernels' own function."""

    def thinned(self, share: float) -> "Frequency":
        """Return the number of events that a share of the year holds, their times being even."""

    def besides(self, share: float) -> "Frequency":
        """Return the number of others in a share of the year, given that one event happens.

        At share 1: n P(N = n) / E[N] is the chance of n - 1 others (the reduced Palm distribution;
        Daley and Vere-Jones, An Introduction to the Theory of Point Processes, II, 2008, 13.1).
        """

    def after(self, count: int, share: float) -> "Frequency":
        """Return the number of events in a whole year, as known after so many in a share of one."""
