"""Facultative: single large risks are ceded, each in part."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from sandbox.reinsurance.contract import Amounts
from sandbox.reinsurance.exposure import sums_of
from sandbox.reinsurance.occurrences import CEILING
from sandbox.reinsurance.proportional import Proportional


class Facultative(Proportional):
    """Cedes the part `cession` of each risk whose sum insured is above `above`, currency."""

    BY_RISK: ClassVar[bool] = True

    kind: Literal["facultative"] = "facultative"
    above: float = Field(ge=0.0, lt=CEILING)
    cession: float = Field(gt=0.0, le=1.0)

    def shares(self, sums: Amounts | None, size: int) -> Amounts:
        """Give the cession for large risks; BadValue where sums insured are not known."""
        whole = sums_of(sums, size, self.name)
        return np.where(whole > self.above, self.cession, 0.0)
