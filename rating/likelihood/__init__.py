"""Severities fitted by maximum likelihood: the body, the tail beyond a threshold, both spliced."""

from rating.likelihood.fit import Candidate, Severities, fit_severities
from rating.likelihood.losses import Losses, read_losses
from rating.likelihood.specification import SeveritySpec

__all__ = [
    "Candidate",
    "Losses",
    "Severities",
    "SeveritySpec",
    "fit_severities",
    "read_losses",
]
