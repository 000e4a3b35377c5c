"""The frequency models, by the word that names them in a product file."""

from rating.frequencies.frequency import Frequency
from rating.frequencies.negative_binomial import NegativeBinomial
from rating.frequencies.poisson import Poisson

FREQUENCIES: dict[str, type[Frequency]] = {
    "negative_binomial": NegativeBinomial,
    "poisson": Poisson,
}

__all__ = ["FREQUENCIES", "Frequency", "NegativeBinomial", "Poisson"]
