"""The frequency models, by the word that names them in a product file."""

from rating.frequencies.binomial import Binomial
from rating.frequencies.frequency import Frequency, Panjer
from rating.frequencies.mixed import Mixed
from rating.frequencies.negative_binomial import NegativeBinomial
from rating.frequencies.poisson import Poisson
from rating.frequencies.zero_modified import ZeroModified

FREQUENCIES: dict[str, type[Frequency]] = {
    "binomial": Binomial,
    "mixed": Mixed,
    "negative_binomial": NegativeBinomial,
    "poisson": Poisson,
    "zero_modified": ZeroModified,
}

__all__ = [
    "FREQUENCIES",
    "Binomial",
    "Frequency",
    "Mixed",
    "NegativeBinomial",
    "Panjer",
    "Poisson",
    "ZeroModified",
]
