"""Facultative: single large risks are ceded, each in part."""

from typing import ClassVar, Literal

from pydantic import Field

from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.contract import Terms
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.occurrences import CEILING
from sandbox.reinsurance.proportional import Proportional


class Facultative(Proportional):
    """Cedes the part `cession` of each risk whose sum insured is above `above`, currency."""

    BY_RISK: ClassVar[bool] = True

    kind: Literal["facultative"] = "facultative"
    above: float = Field(ge=0.0, lt=CEILING)
    cession: float = Field(gt=0.0, le=1.0)

    def terms(self, exposure: Exposure = NO_EXPOSURE) -> Terms:
        """Give the cession of large risks."""
        del exposure
        return Terms(kernels.LARGE, attachment=self.above, share=self.cession)
