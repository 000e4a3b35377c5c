"""What a fit of severities leaves behind: the severity as a basis names it, tables of both fits."""

import csv
import io
import math
from collections.abc import Iterator
from decimal import Decimal

from product_factory.errors import BadValue
from product_factory.json_text import json_text
from rating.likelihood.fit import Severities
from rating.severities import (
    SEVERITIES,
    GeneralisedPareto,
    LogGamma,
    Mbbefd,
    Pareto,
    Size,
    Spliced,
)
from rating.severities.severity import Severity

DIGITS = 9
"""Significant digits of filed parameters, more than any data can tell."""


def severity_yaml(result: Severities) -> str:
    """Give the chosen severity as it stands under `risk:` in bases.yaml."""
    spec, best = result.spec, result.chosen.best
    head = [
        f"# {spec.title.en}, fitted by maximum likelihood: {spec.source}",
        f"# {result.losses.size:,} losses, log-likelihood {best.log_likelihood:.4f}; ± errors:",
    ]
    for name, value, error in best.estimates:
        head.append(f"#   {name} {value:.{DIGITS}g} ± {error:.3g}")
    return "\n".join([*head, *_block(best.model)]) + "\n"


def uncertainty_yaml(result: Severities) -> str:
    """Give the standard error of the chosen severity's mean as a line of uncertainty.yaml.

    No line stands there where the error is as large as the mean, or the mean does not exist.
    """
    best, spec = result.chosen.best, result.spec
    try:
        error = best.error_of(lambda model: model.mean) / best.model.mean
    except (BadValue, OverflowError, ZeroDivisionError, ValueError):
        error = math.inf
    head = [
        f"# {spec.title.en}: the standard error of the mean loss as a part of it, by the delta",
        "# method. It is of the fit alone, not of trend, nor of the choice of a severity.",
    ]
    if not error < 1.0:
        why = "# No line: the error is as large as the mean, or there is no mean."
        return "\n".join([*head, why, "[]", ""])
    named = f"{spec.source}: {result.chosen.name} of {result.losses.size:,} losses"
    line = [
        "- name: severity",
        "  kind: severity",
        f"  times: {{error: {number(error * 100.0)}%}}",
        f"  reference: {json_text(named)}",
        "  trust: illustrative  # say what you know of the data",
    ]
    return "\n".join([*head, *line, ""])


def _block(model: Size) -> Iterator[str]:
    if isinstance(model, Spliced):
        yield "kind: spliced"
        yield f"body: {_line(model.body)}"
        yield f"tail: {_line(model.tail)}"
        yield f"threshold: {number(model.threshold)}"
        yield f"weight: {number(model.weight)}"
    else:
        yield _line(model)


def _line(model: Size) -> str:
    named = ", ".join(f"{name}: {number(value)}" for name, value in parameters(model).items())
    return f"{{kind: {kind_of(model)}, {named}}}"


def kind_of(model: Size) -> str:
    """Name the kind of a severity as product files do."""
    return next(kind for kind, cls in SEVERITIES.items() if type(model) is cls)


def parameters(model: Size) -> dict[str, float]:
    """Give the parameters of a severity in the last of its forms, which is its own."""
    assert isinstance(model, Severity)  # noqa: S101 - bodies and tails are of one kind
    form = model.FORMS[-1]
    if isinstance(model, Mbbefd):
        return {"b": model.b, "g": model.g}
    if isinstance(model, GeneralisedPareto | LogGamma | Pareto):
        return {name: getattr(model, name) for name in form}
    return dict(zip(form, model.parameters(), strict=False))


def number(value: float) -> str:
    """Write a number without an exponent, to nine significant digits."""
    return f"{Decimal(f'{value:.{DIGITS}g}').normalize():f}"


def candidates_csv(result: Severities) -> str:
    """Give every fitted parameter with its error, and each fit's criteria and distances."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["severity", "parameter", "value", "error", "log_likelihood", "aic", "bic", "ks", "ad"]
    )
    for one in result.candidates:
        good, best = one.goodness, one.best
        whole = (best.log_likelihood, one.aic, one.bic, good.distance, good.anderson_darling)
        for name, value, error in best.estimates:
            cells = (value, error, *whole)
            writer.writerow([one.name, name, *(f"{cell:.{DIGITS}g}" for cell in cells)])
    return out.getvalue()


def thresholds_csv(result: Severities) -> str:
    """Give the tail above each threshold that was looked at."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["threshold", "losses", "shape", "shape_error", "scale", "scale_error", "modified_scale"]
    )
    for one in result.stability:
        cells = (one.shape, one.shape_error, one.scale, one.scale_error, one.modified_scale)
        writer.writerow(
            [f"{one.threshold:.{DIGITS}g}", one.count, *(f"{cell:.6g}" for cell in cells)]
        )
    return out.getvalue()
