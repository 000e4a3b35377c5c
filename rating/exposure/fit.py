"""Fit the damage ratio: what the losses say by themselves, MBBEFD, and the Swiss Re family."""

from collections.abc import Sequence
from dataclasses import dataclass

from product_factory.errors import At, BadInput, BadValue
from rating.exposure.curves import CURVES, exposure_curve, of_moments, swiss_re
from rating.exposure.layers import LayerCost, layer_costs
from rating.exposure.specification import ExposureSpec
from rating.likelihood.family import Family, Parameter, family_of
from rating.likelihood.goodness import Goodness, goodness
from rating.likelihood.losses import Losses
from rating.likelihood.maximum import Maximum, maximise
from rating.severities import Empirical, Size

ROUND = 12


@dataclass(frozen=True)
class ExposureFit:
    """What came of it.

    fitted    name → the most likely member of a family, with how far it lies from the losses
    unfit     name → why there is none
    curves    name → damage ratio: observed, fitted, published
    chosen    the name of the one that is filed
    over      losses above their sum insured, which count as total
    """

    spec: ExposureSpec
    losses: Losses
    over: int
    fitted: dict[str, tuple[Maximum, Goodness]]
    unfit: dict[str, str]
    curves: dict[str, Size]
    chosen: str
    layers: tuple[LayerCost, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """The shares of the sum insured at which the curve is filed."""
        count = self.spec.points
        return tuple(round(place / count, ROUND) for place in range(count + 1))

    def at(self, name: str, share: float) -> float:
        """Return a curve at a share."""
        return exposure_curve(self.curves[name], share)

    def aic(self, name: str) -> float:
        """Return Akaike's criterion of a fitted curve."""
        best = self.fitted[name][0]
        return 2.0 * (len(best.values) - best.log_likelihood)


def fit_exposure(spec: ExposureSpec, losses: Losses, over: int) -> ExposureFit:
    """Fit the curves. Raises BadInput where neither family has a maximum of the likelihood."""

    def of_c(values: Sequence[float]) -> Size:
        return swiss_re(values[0])

    families = {
        "mbbefd": family_of("mbbefd", losses, None),
        "swiss_re": Family("swiss_re", (Parameter("c", "positive"),), of_c, (3.0,)),
    }
    fitted: dict[str, tuple[Maximum, Goodness]] = {}
    unfit: dict[str, str] = {}
    for name, family in families.items():
        try:
            best = maximise(family, losses)
            fitted[name] = best, goodness(best, losses)
        except BadValue as error:
            unfit[name] = str(error).partition(": ")[2]
    moments = None
    if spec.truncated == 0.0:
        try:
            amounts = losses.amounts
            moments = of_moments(float(amounts.mean()), float((amounts >= 1.0).mean()))
        except BadValue as error:
            unfit["moments"] = str(error)
    if not fitted:
        why = "; ".join(f"{name}: {text}" for name, text in unfit.items())
        raise BadInput.one(At(spec.at.file), "", f"no curve can be fitted: {why}")
    curves: dict[str, Size] = {}
    if spec.truncated == 0.0:
        curves["observed"] = Empirical.of(losses.amounts.tolist())
    curves |= {name: best.model for name, (best, _) in fitted.items()}
    if moments is not None:
        curves["moments"] = moments
    best_one = min(
        fitted, key=lambda name: len(fitted[name][0].values) - fitted[name][0].log_likelihood
    )
    chosen = best_one if spec.curve == "best" else spec.curve
    if chosen not in curves:
        raise BadInput.one(spec.place("curve"), "curve", f"{chosen}: {unfit[chosen]}")
    curves |= {name: swiss_re(c) for name, c in CURVES.items()}
    layers = layer_costs(curves[chosen], spec.profile, spec.loss_ratio, spec.layers)
    return ExposureFit(spec, losses, over, fitted, unfit, curves, chosen, layers)
