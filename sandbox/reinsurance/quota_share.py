"""Quota share: a fixed part of every loss."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.occurrences import Occurrences


class QuotaShare(BaseModel):
    """Cedes the part `cession` of each occurrence.

    name:    what figures call the contract.
    cession: part ceded, above 0 and at most 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["quota_share"] = "quota_share"
    name: str = Field(min_length=1)
    cession: float = Field(gt=0.0, le=1.0)

    def recover(self, events: Occurrences) -> NDArray[np.float64]:
        """Give the recovery from each occurrence, [occurrence], currency on the grid."""
        ceded = np.empty(len(events.amount))
        kernels.quota_share(events.amount, self.cession, ceded)
        return ceded
