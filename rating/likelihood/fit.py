"""Fit what a file of `kind: severity` asks for: whole severities, the tail, both spliced."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from product_factory.errors import BadInput, BadValue
from rating.likelihood.family import Family, family_of, spliced
from rating.likelihood.goodness import Goodness, goodness
from rating.likelihood.losses import Losses
from rating.likelihood.maximum import Maximum, maximise
from rating.likelihood.specification import SeveritySpec
from rating.likelihood.tail import Above, stable, summary, tail_above, thresholds
from rating.severities import Size

LONG = 1000
"""Losses from which on a fit takes long enough to be told of."""


@dataclass(frozen=True)
class Candidate:
    """A severity that was fitted."""

    best: Maximum
    goodness: Goodness
    size: int
    spliced: bool

    @property
    def name(self) -> str:
        """Its kind, with +tail where it is spliced."""
        return self.best.family.name

    @property
    def aic(self) -> float:
        """Akaike's criterion: twice the parameters less twice the log-likelihood."""
        return 2.0 * len(self.best.values) - 2.0 * self.best.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz' criterion: ln n times the parameters less twice the log-likelihood."""
        return len(self.best.values) * math.log(self.size) - 2.0 * self.best.log_likelihood


@dataclass(frozen=True)
class Figures:
    """At a level: value at risk, and the mean of what lies beyond; infinite where there is none."""

    level: float
    var: float
    tvar: float


@dataclass(frozen=True)
class Severities:
    """What came of it.

    candidates  by the criterion, the best first;  unfit: (kind, why) of those without a maximum
    tail        what exceeds the threshold, judged alone;  stability: above other thresholds
    chosen      the best of the spliced ones where a tail is asked for, else of all
    """

    spec: SeveritySpec
    losses: Losses
    candidates: tuple[Candidate, ...]
    unfit: tuple[tuple[str, str], ...]
    tail: tuple[Above, Goodness] | None
    stability: tuple[Above, ...]
    chosen: Candidate
    figures: tuple[Figures, ...]


def fit_severities(
    spec: SeveritySpec, losses: Losses, say: Callable[[str], None] = lambda _: None
) -> Severities:
    """Fit the severities. Raises BadInput where none of them has a maximum of the likelihood."""
    found: list[Candidate] = []
    unfit: list[tuple[str, str]] = []
    tail, stability = _tail(spec, losses, say)
    start = None if tail is None else (tail[0].shape, tail[0].scale)
    for kind in spec.of:
        if losses.size > LONG:
            say(kind)
        for whole in (True, False):
            if not whole and (tail is None or start is None):
                continue
            try:
                family = family_of(kind, losses, spec.minimum)
                if not whole and tail is not None and start is not None:
                    family = spliced(family, losses, tail[0].threshold, start)
                found.append(_candidate(family, losses, spliced_=not whole))
            except BadValue as error:
                name, _, why = str(error).partition(": ")
                unfit.append((name, why))
    named = dict(unfit)
    asked = [one for one in found if one.spliced or tail is None]
    if not asked:
        why = "; ".join(f"{name}: {text}" for name, text in named.items())
        raise BadInput.one(spec.place("of"), "of", f"none of the severities can be fitted: {why}")
    chosen = min(asked, key=lambda one: _criterion(spec, one))
    if spec.bootstrap:
        judged = _judged(spec, chosen, losses, say)
        found[found.index(chosen)] = judged
        chosen = judged
    found.sort(key=lambda one: _criterion(spec, one))
    figures = tuple(_figures(chosen.best.model, level) for level in spec.levels)
    return Severities(
        spec, losses, tuple(found), tuple(named.items()), tail, stability, chosen, figures
    )


def _criterion(spec: SeveritySpec, one: Candidate) -> float:
    return one.aic if spec.by == "aic" else one.bic


def _candidate(family: Family, losses: Losses, *, spliced_: bool) -> Candidate:
    best = maximise(family, losses)
    return Candidate(best, goodness(best, losses), losses.size, spliced_)


def _judged(
    spec: SeveritySpec, chosen: Candidate, losses: Losses, say: Callable[[str], None]
) -> Candidate:
    try:
        judged = goodness(chosen.best, losses, spec.bootstrap, spec.seed, say)
    except BadValue as error:
        raise BadInput.one(spec.place("bootstrap"), "bootstrap", str(error)) from None
    return Candidate(chosen.best, judged, chosen.size, chosen.spliced)


def _tail(
    spec: SeveritySpec, losses: Losses, say: Callable[[str], None]
) -> tuple[tuple[Above, Goodness] | None, tuple[Above, ...]]:
    if spec.tail is None:
        return None, ()
    if losses.size > LONG:
        say("thresholds")
    asked = spec.tail.threshold
    try:
        looked = thresholds(losses, spec.tail.least)
    except BadValue as error:
        if asked == "stable":
            raise BadInput.one(spec.tail.at, "tail", str(error)) from None
        looked = ()  # few losses: the threshold that is stated stands alone
    try:
        threshold = stable(looked) if asked == "stable" else cast("float", asked)
        best = tail_above(losses, threshold)
        beyond = losses.beyond(threshold)
        judged = goodness(best, beyond, spec.bootstrap, spec.seed, say)
    except BadValue as error:
        raise BadInput.one(spec.tail.at, "tail", str(error)) from None
    return (summary(best, threshold, beyond.size), judged), looked


def _figures(model: Size, level: float) -> Figures:
    var = model.quantile_above(1.0 - level)
    try:
        return Figures(level, var, var + model.excess_mean(var) / (1.0 - level))
    except BadValue:
        return Figures(level, var, math.inf)
