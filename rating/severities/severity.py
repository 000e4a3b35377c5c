"""What every severity promises that a product file names by its parameters and kernels draw."""

from abc import abstractmethod
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms
from rating.kernels.distributions import severity_quantile
from rating.severities.size import Size


class Severity(Size):
    """A size with three parameters at most."""

    CODE: ClassVar[int]
    """What kernels call the kind."""
    FORMS: ClassVar[Forms]
    """The sets of parameters that a product file may give."""

    @classmethod
    @abstractmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""

    @abstractmethod
    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""

    def _quantile(self, u: float) -> float:
        """Return the quantile at a chance that has been checked; the kernels' own function."""
        return severity_quantile(self.CODE, *self.parameters(), u)
