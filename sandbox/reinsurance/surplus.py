"""Surplus: what of a risk's sum insured stands above the line that is kept."""

from typing import Literal

from pydantic import Field

from sandbox.kernels import reinsurance as kernels
from sandbox.reinsurance.contract import Terms
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.occurrences import CEILING, STEP
from sandbox.reinsurance.proportional import Proportional


class Surplus(Proportional):
    """Cedes of a risk of sum insured S the part min(max(S - line, 0), lines x line) / S.

    line:  the sum insured that is kept of each risk, currency.
    lines: how many times the line the contract takes over at most; what is above stays.
    """

    kind: Literal["surplus"] = "surplus"
    line: float = Field(ge=STEP, lt=CEILING)
    lines: float = Field(gt=0.0)

    @property
    def by_risk(self) -> bool:
        """Whether it needs the size of each risk."""
        return True

    def terms(self, exposure: Exposure = NO_EXPOSURE) -> Terms:
        """Give the line that is kept, and how much above it goes over at most."""
        del exposure
        return Terms(kernels.LINES, attachment=self.line, limit=self.line * self.lines)
