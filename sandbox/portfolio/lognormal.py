"""`{kind: lognormal, mean: 1500000, cv: 0.6, step: 100000}`: amounts with a long tail."""

from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from product_factory.strict import Plain, Strict
from rating.severities import SEVERITIES

Floats = npt.NDArray[np.float64]


class Lognormal(Strict):
    """The lognormal of `rating/severities`, by mean and coefficient of variation.

    step: amounts are rounded to the nearest multiple, halves up; few steps make few cells.
    """

    kind: Literal["lognormal"]
    mean: Plain
    cv: Plain
    step: Plain | None = None

    @model_validator(mode="after")
    def _exists(self) -> "Lognormal":
        SEVERITIES["lognormal"].from_form(mean=self.mean, cv=self.cv)
        return self

    def quantile(self, u: Floats) -> Floats:
        """Give the value at each chance of not being exceeded, in the variable's unit."""
        # compiled for whole columns; files are read without it
        from sandbox.kernels.portfolio import lognormal_quantiles  # noqa: PLC0415

        mu, sigma, _ = SEVERITIES["lognormal"].from_form(mean=self.mean, cv=self.cv).parameters()
        values = np.empty(len(u))
        lognormal_quantiles(mu, sigma, u, values)
        return values
