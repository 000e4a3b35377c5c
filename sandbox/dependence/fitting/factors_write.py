"""What a fit of a shared factor leaves behind: a dependence file, lines, data."""

import math
from collections.abc import Iterator

from product_factory.errors import both
from rating.book.rejects import reject_lines
from sandbox.dependence.copulas import Gaussian
from sandbox.dependence.fitting.factors import SharedFactorFit, cv_error
from sandbox.dependence.fitting.write import quoted

DECIMALS = 6


def factor_yaml(found: SharedFactorFit) -> str:
    """Give a file that `simulate --dependence` reads; lines that vary like Poisson are left out."""
    spec = found.spec
    names = [spec.lines[place] for place in found.varying]
    source = quoted(f"{spec.source}; moments of a mixed Poisson")
    spreads = ", ".join(f"{round(float(value), DECIMALS)}" for value in found.cv)
    copula = Gaussian(found.correlation).yaml() if len(names) > 1 else "{kind: comonotonic}"
    return "\n".join(
        [
            f"# fitted to {len(found.data.counts):,} years of {both(spec.columns)}",
            f"dependence: {spec.fit}",
            f"title: {{zh: {quoted(spec.title.zh)}, en: {quoted(spec.title.en)}}}",
            "shared:",
            f"  - factor: {spec.fit}_factor",
            f"    lines: [{', '.join(names)}]",
            f"    multiplier: {{kind: lognormal, cv: [{spreads}]}}",
            f"    copula: {copula}",
            f"    reference: {source}",
            "    trust: derived",
            "",
        ]
    )


def factor_lines(found: SharedFactorFit) -> Iterator[str]:
    """Give what was found, within 80 columns."""
    spec, data = found.spec, found.data
    yield f"{spec.title.en}: {len(data.counts):,} of {data.rows:,} years, {len(spec.lines)} lines"
    yield from reject_lines(data.rejects)
    yield ""
    per = "of a year" if spec.exposure is None else f"a unit of {spec.exposure}"[:20]
    yield f"{'':<34} {per:>20} {'cv of the factor':>22}"
    for place, name in enumerate(spec.lines):
        if place in found.varying:
            cv = math.sqrt(float(found.covariance[place, place]))
            said = f"{cv * 100:.2f}% ± {cv_error(found, place) * 100:.2g}%"
        else:
            said = "none: as Poisson"
        yield f"{name[:34]:<34} {found.means[place]:>20.6g} {said:>22}"
    if len(found.varying) > 1:
        yield ""
        yield "correlation of logarithms (covariance of the factors with its error):"
    for i, above in enumerate(found.varying):
        for j, other in enumerate(found.varying[:i]):
            rho = float(found.correlation.values[i, j])
            pair = f"{spec.lines[other]} and {spec.lines[above]}"
            cov, error = found.covariance[other, above], found.errors[other, above]
            yield f"{pair[:48]:<48} {rho:>8.4f} ({cov:.2g} ± {error:.2g})"
    if found.correlation.change > 0.0:
        yield f"matrix repaired: no entry moved by more than {found.correlation.change:.4f}"


def factor_told(found: SharedFactorFit) -> dict[str, object]:
    """Give the result as data."""
    spec, data = found.spec, found.data
    return {
        "fit": spec.fit,
        "kind": spec.kind,
        "rows": data.rows,
        "used": len(data.counts),
        "rejected": [vars(reject) for reject in data.rejects],
        "lines": list(spec.lines),
        "means": [float(value) for value in found.means],
        "covariance": [[float(value) for value in row] for row in found.covariance],
        "errors": [[float(value) for value in row] for row in found.errors],
        "varying": [spec.lines[place] for place in found.varying],
        "cv": [float(value) for value in found.cv],
        "correlation": [[float(value) for value in row] for row in found.correlation.values],
        "repaired": found.correlation.change,
    }
