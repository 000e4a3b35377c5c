"""Surplus: what of a risk's sum insured stands above the line that is kept."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from sandbox.reinsurance.contract import Amounts
from sandbox.reinsurance.exposure import sums_of
from sandbox.reinsurance.occurrences import CEILING, STEP
from sandbox.reinsurance.proportional import Proportional


class Surplus(Proportional):
    """Cedes of a risk of sum insured S the part min(max(S - line, 0), lines x line) / S.

    line:  the sum insured that is kept of each risk, currency.
    lines: how many times the line the contract takes over at most; what is above stays.
    """

    BY_RISK: ClassVar[bool] = True

    kind: Literal["surplus"] = "surplus"
    line: float = Field(ge=STEP, lt=CEILING)
    lines: float = Field(gt=0.0)

    def shares(self, sums: Amounts | None, size: int) -> Amounts:
        """Give the ceded part of each risk by its sum insured; BadValue where that is not known."""
        whole = sums_of(sums, size, self.name)
        over = np.minimum(np.maximum(whole - self.line, 0.0), self.line * self.lines)
        return np.divide(over, whole, out=np.zeros(size), where=whole > 0.0)
