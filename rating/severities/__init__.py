"""The severity models, by the word that names them in a product file."""

from rating.severities.beta import Beta
from rating.severities.gamma import Gamma
from rating.severities.lognormal import Lognormal
from rating.severities.mbbefd import Mbbefd
from rating.severities.severity import Severity

SEVERITIES: dict[str, type[Severity]] = {
    "beta": Beta,
    "gamma": Gamma,
    "lognormal": Lognormal,
    "mbbefd": Mbbefd,
}

__all__ = ["SEVERITIES", "Beta", "Gamma", "Lognormal", "Mbbefd", "Severity"]
