"""Quota share: a fixed part of every risk."""

from typing import Literal

from pydantic import Field

from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.contract import Terms
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.proportional import Proportional


class QuotaShare(Proportional):
    """Cedes the part `cession` of each risk, above 0 and at most 1."""

    kind: Literal["quota_share"] = "quota_share"
    cession: float = Field(gt=0.0, le=1.0)

    def terms(self, exposure: Exposure = NO_EXPOSURE) -> Terms:
        """Give the cession of every risk, however large."""
        del exposure
        return Terms(kernels.PART, share=self.cession)
