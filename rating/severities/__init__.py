"""The severity models, by the word that names them in a product file."""

from rating.severities.beta import Beta
from rating.severities.burr import Burr
from rating.severities.composed import Composed
from rating.severities.empirical import Empirical
from rating.severities.gamma import Gamma
from rating.severities.generalised_pareto import GeneralisedPareto
from rating.severities.inverse_gaussian import InverseGaussian
from rating.severities.log_gamma import LogGamma
from rating.severities.lognormal import Lognormal
from rating.severities.lomax import Lomax
from rating.severities.mbbefd import Mbbefd
from rating.severities.mixture import Mixture
from rating.severities.pareto import Pareto
from rating.severities.severity import Severity
from rating.severities.size import Size
from rating.severities.spliced import Spliced
from rating.severities.weibull import Weibull

SEVERITIES: dict[str, type[Severity]] = {
    "beta": Beta,
    "burr": Burr,
    "gamma": Gamma,
    "generalised_pareto": GeneralisedPareto,
    "inverse_gaussian": InverseGaussian,
    "log_gamma": LogGamma,
    "lognormal": Lognormal,
    "lomax": Lomax,
    "mbbefd": Mbbefd,
    "pareto": Pareto,
    "weibull": Weibull,
}
"""Those with three parameters at most, which kernels draw."""
COMPOSED: dict[str, type[Composed]] = {
    "empirical": Empirical,
    "mixture": Mixture,
    "spliced": Spliced,
}
"""Those made of data or of others, whose pieces kernels draw."""

__all__ = [
    "COMPOSED",
    "SEVERITIES",
    "Beta",
    "Burr",
    "Composed",
    "Empirical",
    "Gamma",
    "GeneralisedPareto",
    "InverseGaussian",
    "LogGamma",
    "Lognormal",
    "Lomax",
    "Mbbefd",
    "Mixture",
    "Pareto",
    "Severity",
    "Size",
    "Spliced",
    "Weibull",
]
