"""A fit of relativities for a person, within 80 columns, and as data."""

from collections.abc import Iterator

import numpy as np

from rating.book.rejects import reject_lines
from rating.relativities.result import Modelled, Result, Score

UNSURE = 0.05
"""A factor whose test leaves more chance than this to chance is marked."""


def lines(result: Result) -> Iterator[str]:
    """Give what was read, fitted and measured."""
    yield from _data_lines(result)
    for entry in result.models:
        yield ""
        yield from _model(entry)
    yield ""
    yield f"{'':<22} {'rows':>9} {'D²':>8} {'Gini':>7} {'observed/fitted':>16}"
    for score in result.scores:
        where = f"{score.what}, {score.where}"
        yield (
            f"{where:<22} {score.rows:>9,} {_share(score.explained):>8} {score.gini:>7.4f} "
            f"{score.ratio:>16.6f}"
        )
    if result.premium is not None:
        yield ""
        yield f"premium: {' × '.join(result.premium.of)} × {result.premium.balance:.6f} to balance"
        yield f"large losses: × {result.premium.load:.6f}"


def _data_lines(result: Result) -> Iterator[str]:
    """Say what the data hold and what was left out."""
    own, spec, joined = result.policies, result.spec, result.policies.joined
    yield f"{spec.title.en}: {own.size:,} of {own.rows:,} policies"
    paid = f", {own.amounts.sum():,.2f} paid" if spec.amounts is not None else ""
    yield f"{own.exposure.sum():,.1f} years, {own.claims.sum():,.0f} claims{paid}"
    if joined is not None:
        yield f"joined: {joined.rows:,} claims, {joined.total:,.2f} on {joined.policies:,} policies"
        if joined.orphans:
            yield f"left out: {joined.orphans:,} claims of {joined.orphan_ids:,} unknown policies"
        if joined.silent:
            yield (
                f"no amount: {joined.silent:,} policies with {joined.silent_claims:,.0f} claims, "
                "counted as none"
            )
    for key, count in own.clipped.items():
        yield f"{key}: {count:,} above the most that counts"
    yield from reject_lines(own.rejects)


def _model(entry: Modelled) -> Iterator[str]:
    fitted = entry.fitted
    error = float(np.sqrt(fitted.covariance[0, 0]))
    yield (
        f"{entry.name}: {entry.model.family}, base {entry.filed.base:.6g} ± {error:.1%}, "
        f"D² {fitted.explained:.2%}, dispersion {fitted.dispersion:.4g}"
    )
    if entry.tests:
        yield f"  {'without':<22} {'columns':>7} {'deviance':>12} {'F':>9} {'chance':>9}"
    for test in entry.tests:
        mark = "  weak" if test.chance > UNSURE else ""
        yield (
            f"  {test.term:<22} {test.columns:>7} {test.rise:>+12.2f} {test.statistic:>9.2f} "
            f"{chance(test.chance):>9}{mark}"
        )


def chance(value: float) -> str:
    """Write a probability value."""
    return "< 0.0001" if value < 1e-4 else f"{value:.4f}"  # noqa: PLR2004 - what four decimals show


def _share(value: float) -> str:
    return "—" if np.isnan(value) else f"{value:.3%}"


def told(result: Result) -> dict[str, object]:
    """Give the result as data."""
    own, joined = result.policies, result.policies.joined
    return {
        "fit": result.spec.fit,
        "kind": result.spec.kind,
        "rows": own.rows,
        "used": own.size,
        "exposure": float(own.exposure.sum()),
        "claims": float(own.claims.sum()),
        "amounts": float(own.amounts.sum()),
        "amounts_before": float(own.whole.sum()),
        "joined": None if joined is None else vars(joined),
        "above_the_most": dict(own.clipped),
        "rejected": [vars(reject) for reject in own.rejects],
        "models": [_model_told(entry) for entry in result.models],
        "premium": None if result.premium is None else vars(result.premium),
        "scores": [_score_told(score) for score in result.scores],
    }


def _model_told(entry: Modelled) -> dict[str, object]:
    fitted = entry.fitted
    return {
        "name": entry.name,
        "family": entry.model.family,
        "base": entry.filed.base,
        "base_error": float(np.sqrt(fitted.covariance[0, 0])),
        "explained": fitted.explained,
        "deviance": fitted.deviance,
        "null_deviance": fitted.null,
        "dispersion": fitted.dispersion,
        "parameters": fitted.freedom,
        "tests": [vars(test) for test in entry.tests],
        "factors": {
            term.name: {
                "keys": list(term.keys),
                "points": [list(names) for names in term.labels],
                "relativity": entry.filed.relativities[number].tolist(),
                "error": fitted.errors(number).tolist(),
            }
            for number, term in enumerate(fitted.terms)
        },
    }


def _score_told(score: Score) -> dict[str, object]:
    return dict(vars(score))
