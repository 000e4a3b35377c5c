"""Facultative: single risks, large ones or those that somebody chose, are ceded, each in part."""

from typing import Literal

from pydantic import Field

from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.contract import Terms
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.occurrences import CEILING
from sandbox.reinsurance.proportional import Proportional


class Facultative(Proportional):
    """Cedes the part `cession` of each risk whose sum insured is above `above`, currency.

    above: None where the size of a risk does not matter; which risks it is of is then for the
        binder to say.
    """

    kind: Literal["facultative"] = "facultative"
    above: float | None = Field(default=None, ge=0.0, lt=CEILING)
    cession: float = Field(gt=0.0, le=1.0)

    @property
    def by_risk(self) -> bool:
        """Whether it needs the size of each risk."""
        return self.above is not None

    def terms(self, exposure: Exposure = NO_EXPOSURE) -> Terms:
        """Give the cession of large risks, or of all."""
        del exposure
        if self.above is None:
            return Terms(kernels.PART, share=self.cession)
        return Terms(kernels.LARGE, attachment=self.above, share=self.cession)
