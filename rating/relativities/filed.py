"""What is filed: relativities and base rates rounded, before anything else uses them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from rating.relativities.data import Policies
from rating.relativities.fitted import Fitted, response
from rating.relativities.specification import Model, Relativities
from rating.relativities.term import Term, label

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
DIGITS = 9
"""Significant digits of a base rate, so that totals are kept to 1e-8."""


@dataclass(frozen=True)
class Filed:
    """A model as a tariff: a base rate and a relativity for each point of each term.

    relativities  of each term: [point], rounded to the decimals of the file
    base          the mean where every relativity is 1, such that the total is the observed one
    """

    terms: tuple[Term, ...]
    relativities: tuple[Floats, ...]
    base: float
    offset: str | None

    def mean(self, policies: Policies) -> Floats:
        """Give the mean of every policy: claims or amount a year, or amount a claim."""
        return self.base * _factors(self.terms, self.relativities, self.offset, policies)


def significant(value: float, digits: int = DIGITS) -> float:
    """Round to significant digits."""
    return float(f"{value:.{digits - 1}e}")


def file_model(
    spec: Relativities, model: Model, fitted: Fitted, policies: Policies, rows: Rows | None = None
) -> Filed:
    """Round the relativities, then set the base so that the rows' own total is kept.

    Raises BadInput for a relativity that the decimals leave nothing of.
    """
    rounded: list[Floats] = []
    for number, term in enumerate(fitted.terms):
        values = np.asarray(np.round(np.exp(fitted.logs(number)), spec.decimals), np.float64)
        if rows is not None:
            # a part of the rows may hardly show a point that all of them show
            values = np.maximum(values, 10.0**-spec.decimals)
        if not (values > 0.0).all():
            point = label(term, int(np.argmin(values)))
            text = f"the relativity of {point} is nothing at {spec.decimals} decimals"
            raise BadInput.one(model.at, "models", text)
        rounded.append(values)
    told = response(model, policies, rows)
    factors = _factors(fitted.terms, tuple(rounded), model.offset, policies)[told.rows]
    base = float(np.sum(told.weight * told.y) / np.sum(told.weight * factors))
    return Filed(fitted.terms, tuple(rounded), significant(base), model.offset)


def _factors(
    terms: tuple[Term, ...],
    relativities: tuple[Floats, ...],
    offset: str | None,
    policies: Policies,
) -> Floats:
    product = np.ones(policies.size)
    if offset is not None:
        product = product * policies.offsets[offset]
    for term, values in zip(terms, relativities, strict=True):
        # between two points the logarithm is on the line, as in a table with a log_linear key
        factor = term.at(values) if term.share is None else np.exp(term.at(np.log(values)))
        product = product * factor
    return product
