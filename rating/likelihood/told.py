"""A fit of severities for a person, within 80 columns, and as data."""

import math
from collections.abc import Iterator

from rating.book.rejects import reject_lines
from rating.likelihood.fit import Candidate, Severities
from rating.likelihood.goodness import Goodness


def lines(result: Severities) -> Iterator[str]:
    """Give what was read, fitted and chosen."""
    yield from _data_lines(result)
    yield ""
    yield f"{'':<24} {'log-lik.':>11} {'AIC':>10} {'BIC':>10} {'KS':>7} {'AD':>9}"
    for one in result.candidates:
        good = one.goodness
        mark = " *" if one is result.chosen else ""
        yield (
            f"{one.name:<24} {one.best.log_likelihood:>11.2f} {one.aic:>10.2f} {one.bic:>10.2f} "
            f"{good.distance:>7.4f} {good.anderson_darling:>9.3f}{mark}"
        )
    for name, why in result.unfit:
        yield f"{name}: {why}"
    yield ""
    yield f"* {result.chosen.name}"
    yield from _parameters(result.chosen)
    yield from _judged(result.chosen.goodness)
    if result.tail is not None:
        tail, good = result.tail
        yield ""
        yield (
            f"above {tail.threshold:g}: {tail.count:,} losses, shape {tail.shape:.4f} "
            f"± {tail.shape_error:.4f}, scale {tail.scale:.4f} ± {tail.scale_error:.4f}"
        )
        yield from _judged(good)
    yield ""
    for figures in result.figures:
        beyond = "infinite" if math.isinf(figures.tvar) else f"{figures.tvar:,.3f}"
        level = f"{100.0 * figures.level:.6g}%"
        yield f"{level}: value at risk {figures.var:,.3f}, mean beyond it {beyond}"


def _data_lines(result: Severities) -> Iterator[str]:
    """Say what the data hold and what was left out."""
    losses = result.losses
    yield f"{result.spec.title.en}: {losses.size:,} of {losses.rows:,} losses"
    hidden, cut = int((losses.above > 0.0).sum()), int(losses.censored.sum())
    yield f"mean {losses.amounts.mean():,.4f}, largest {losses.amounts.max():,.4f}"
    if hidden:
        yield f"{hidden:,} are hidden below an amount (truncated)"
    if cut:
        yield f"{cut:,} have reached their limit (censored)"
    yield from reject_lines(losses.rejects)


def _parameters(one: Candidate) -> Iterator[str]:
    for name, value, error in one.best.estimates:
        yield f"  {name:<12} {value:>14.6g} ± {error:.4g}"


def _judged(good: Goodness) -> Iterator[str]:
    """Say how far a severity lies from its losses."""
    if math.isfinite(good.chi_square):
        text = f"chi-square {good.chi_square:.2f}, {good.freedom} degrees of freedom"
        yield f"  {text}: chance {chance(good.chance)}"
    if good.drawn:
        yield (
            f"  of {good.drawn:,} samples of it, as far: KS {chance(good.distance_chance)}, "
            f"AD {chance(good.anderson_darling_chance)}"
        )


def chance(value: float) -> str:
    """Write a probability value."""
    return "< 0.0001" if value < 1e-4 else f"{value:.4f}"  # noqa: PLR2004 - what four decimals show


def told(result: Severities) -> dict[str, object]:
    """Give the result as data."""
    losses, tail = result.losses, result.tail
    return {
        "fit": result.spec.fit,
        "kind": result.spec.kind,
        "rows": losses.rows,
        "used": losses.size,
        "truncated": int((losses.above > 0.0).sum()),
        "censored": int(losses.censored.sum()),
        "rejected": [vars(reject) for reject in losses.rejects],
        "candidates": [_candidate(one) for one in result.candidates],
        "without_maximum": dict(result.unfit),
        "chosen": result.chosen.name,
        "tail": None if tail is None else {**vars(tail[0]), "goodness": _finite(vars(tail[1]))},
        "thresholds": [dict(vars(one)) for one in result.stability],
        "figures": [_finite(vars(one)) for one in result.figures],
    }


def _candidate(one: Candidate) -> dict[str, object]:
    return {
        "name": one.name,
        "parameters": {
            name: {"value": value, "error": error} for name, value, error in one.best.estimates
        },
        "covariance": one.best.covariance.tolist(),
        "log_likelihood": one.best.log_likelihood,
        "last_step": one.best.last_step,
        "aic": one.aic,
        "bic": one.bic,
        "goodness": _finite(vars(one.goodness)),
    }


def _finite(values: dict[str, object]) -> dict[str, object]:
    """Write null for what is no number, as JSON must."""
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in values.items()
    }
