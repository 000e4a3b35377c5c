"""Quota share: a fixed part of every risk."""

from typing import Literal

import numpy as np
from pydantic import Field

from sandbox.reinsurance.contract import Amounts
from sandbox.reinsurance.proportional import Proportional


class QuotaShare(Proportional):
    """Cedes the part `cession` of each risk, above 0 and at most 1."""

    kind: Literal["quota_share"] = "quota_share"
    cession: float = Field(gt=0.0, le=1.0)

    def shares(self, sums: Amounts | None, size: int) -> Amounts:
        """Give the cession for every risk, however large."""
        del sums
        return np.full(size, self.cession)
