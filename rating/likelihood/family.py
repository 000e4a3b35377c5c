"""The families of severities that are fitted: their parameters, and where the search begins."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from rating.likelihood.losses import Losses
from rating.severities import SEVERITIES, GeneralisedPareto, Size, Spliced

Floats = npt.NDArray[np.float64]
Start = Callable[[Floats, float], tuple[float, ...]]

EULER = 0.5772156649015329
LOGISTIC = 1.8138
"""The standard deviation of a logistic variable: that of ln X for a log-logistic of gamma 1."""
SURE = 1e-12


@dataclass(frozen=True)
class Parameter:
    """A parameter that is sought, on a scale where any number will do.

    how  any, positive (its logarithm), above_one (that of what exceeds 1), share (its logit)
    """

    name: str
    how: str

    def free(self, value: float) -> float:
        """Return the number that stands for a value."""
        if self.how == "any":
            return value
        if self.how == "share":
            return math.log(value / (1.0 - value))
        return math.log(value - 1.0 if self.how == "above_one" else value)

    def value(self, free: float) -> float:
        """Return the value that a number stands for."""
        if self.how == "any":
            return free
        if self.how == "share":
            return 1.0 / (1.0 + math.exp(-free))
        return math.exp(free) + (1.0 if self.how == "above_one" else 0.0)

    def slope(self, free: float) -> float:
        """Return how fast the value moves with the number."""
        value = self.value(free)
        if self.how == "any":
            return 1.0
        if self.how == "share":
            return value * (1.0 - value)
        return value - (1.0 if self.how == "above_one" else 0.0)


@dataclass(frozen=True)
class Family:
    """Severities of one kind, some parameters fixed.

    make   values of the parameters → the severity; BadValue where there is none
    start  values where the search begins
    """

    name: str
    parameters: tuple[Parameter, ...]
    make: Callable[[Sequence[float]], Size]
    start: tuple[float, ...]


def _log_spread(x: Floats) -> float:
    return max(float(np.log(x).std()), 0.05)


def _lognormal(x: Floats, _: float) -> tuple[float, ...]:
    return float(np.log(x).mean()), _log_spread(x)


def _gamma(x: Floats, _: float) -> tuple[float, ...]:
    mean, variance = float(x.mean()), max(float(x.var()), SURE)
    return mean * mean / variance, variance / mean


def _weibull(x: Floats, _: float) -> tuple[float, ...]:
    shape = math.pi / math.sqrt(6.0) / _log_spread(x)
    return shape, math.exp(float(np.log(x).mean()) + EULER / shape)


def _pareto(x: Floats, minimum: float) -> tuple[float, ...]:
    return (1.0 / max(float(np.log(x / minimum).mean()), SURE),)


def _lomax(x: Floats, _: float) -> tuple[float, ...]:
    return 2.5, 1.5 * float(x.mean())


def _generalised_pareto(x: Floats, threshold: float) -> tuple[float, ...]:
    return 0.2, 0.8 * float((x - threshold).mean())


def _burr(x: Floats, _: float) -> tuple[float, ...]:
    return 1.0, LOGISTIC / _log_spread(x), float(np.median(x))


def _inverse_gaussian(x: Floats, _: float) -> tuple[float, ...]:
    mean = float(x.mean())
    return mean, 1.0 / max(float((1.0 / x).mean()) - 1.0 / mean, SURE)


def _log_gamma(x: Floats, minimum: float) -> tuple[float, ...]:
    logs = np.log(x / minimum)
    mean, variance = float(logs.mean()), max(float(logs.var()), SURE)
    return mean / variance, mean * mean / variance


def _beta(x: Floats, _: float) -> tuple[float, ...]:
    mean, variance = float(x.mean()), max(float(x.var()), SURE)
    total = max(mean * (1.0 - mean) / variance - 1.0, 0.1)
    return mean * total, (1.0 - mean) * total


def _mbbefd(x: Floats, _: float) -> tuple[float, ...]:
    whole = max(float((x >= 1.0).mean()), 0.5 / x.size)
    return 0.5, 1.0 / min(whole, 0.9)


ANY, POSITIVE = "any", "positive"
KINDS: dict[str, tuple[tuple[tuple[str, str], ...], str, Start]] = {
    "beta": ((("a", POSITIVE), ("b", POSITIVE)), "", _beta),
    "burr": ((("alpha", POSITIVE), ("gamma", POSITIVE), ("scale", POSITIVE)), "", _burr),
    "gamma": ((("shape", POSITIVE), ("scale", POSITIVE)), "", _gamma),
    "generalised_pareto": (
        (("shape", ANY), ("scale", POSITIVE)),
        "threshold",
        _generalised_pareto,
    ),
    "inverse_gaussian": ((("mean", POSITIVE), ("shape", POSITIVE)), "", _inverse_gaussian),
    "log_gamma": ((("rate", POSITIVE), ("shape", POSITIVE)), "minimum", _log_gamma),
    "lognormal": ((("mu", ANY), ("sigma", POSITIVE)), "", _lognormal),
    "lomax": ((("alpha", POSITIVE), ("scale", POSITIVE)), "", _lomax),
    "mbbefd": ((("b", POSITIVE), ("g", "above_one")), "", _mbbefd),
    "pareto": ((("alpha", POSITIVE),), "minimum", _pareto),
    "weibull": ((("shape", POSITIVE), ("scale", POSITIVE)), "", _weibull),
}
"""kind → its parameters with their scales, the parameter that is fixed, where to begin."""
RATIOS = ("beta", "mbbefd")


def family_of(kind: str, losses: Losses, minimum: float | None) -> Family:
    """Return the family of a kind for these losses.

    Raises BadValue where the kind cannot be the severity of some of them.
    """
    parameters, fixed, start = KINDS[kind]
    amounts = losses.amounts
    most = float(amounts.max())
    if kind in RATIOS and (most > 1.0 or (kind == "beta" and most >= 1.0)):
        bound = "at most 1" if kind == "mbbefd" else "below 1"
        raise BadValue(f"{kind}: expected losses as shares of the sum insured, {bound}")
    least = _fixed(kind, losses, minimum) if fixed else 0.0
    cls = SEVERITIES[kind]
    names = tuple(name for name, _ in parameters)
    given = {fixed: least} if fixed else {}

    def make(values: Sequence[float]) -> Size:
        return cls.from_form(**given, **dict(zip(names, values, strict=True)))

    return Family(
        kind,
        tuple(Parameter(name, how) for name, how in parameters),
        make,
        start(amounts, least),
    )


def _fixed(kind: str, losses: Losses, minimum: float | None) -> float:
    """Return the least loss that a kind allows: stated, or what losses are truncated at."""
    found = losses.common if minimum is None else minimum
    if kind == "generalised_pareto":
        found = 0.0 if found is None else found
    elif kind == "pareto" and not found:
        found = float(losses.seen.min())  # of all least losses the one that is most likely
    if found is None or (kind != "generalised_pareto" and not found > 0.0):
        raise BadValue(f"{kind}: expected its least loss under 'minimum'")
    low = float(losses.amounts.min())
    if found > low or (kind == "log_gamma" and found == low):
        where = "below" if kind == "log_gamma" else "at most"
        raise BadValue(f"{kind}: expected a minimum {where} the least loss {low:g}, got {found:g}")
    return found


def spliced(body: Family, losses: Losses, threshold: float, tail: Sequence[float]) -> Family:
    """Return a body with a generalised Pareto tail above a threshold; tail: where that begins."""
    count = len(body.parameters)
    share = float((losses.amounts > threshold).mean())

    def make(values: Sequence[float]) -> Size:
        shape, scale = values[count + 1], values[count + 2]
        beyond = GeneralisedPareto(shape, scale, threshold)
        return Spliced(body.make(values[:count]), beyond, threshold, values[count])

    return Family(
        f"{body.name}+tail",
        (
            *body.parameters,
            Parameter("weight", "share"),
            Parameter("tail_shape", ANY),
            Parameter("tail_scale", POSITIVE),
        ),
        make,
        (*body.start, share, *tail),
    )
