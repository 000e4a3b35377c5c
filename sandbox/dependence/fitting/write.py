"""What a fit of a dependence leaves behind: a dependence file, a table of candidates, lines."""

import math
from collections.abc import Iterator

from product_factory.errors import both
from rating.book.rejects import reject_lines
from sandbox.dependence.fitting.fitted import Candidate, Fitted

DECIMALS = 6
MANY_TIES = 0.1
"""Share of rows with equal results from which ranks say little."""
DOUBTFUL = 0.05


def dependence_yaml(found: Fitted) -> str:
    """Give a file that `simulate --dependence` reads, of the best copula."""
    spec, best = found.spec, found.best
    source = quoted(f"{spec.source}; {method(found)}")
    return "\n".join(
        [
            f"# fitted to {len(found.results.u):,} rows of {both(spec.columns)}: {summary(best)}",
            f"dependence: {spec.fit}",
            f"title: {{zh: {quoted(spec.title.zh)}, en: {quoted(spec.title.en)}}}",
            "reordered:",
            f"  - reordering: {spec.fit}_order",
            f"    lines: [{', '.join(spec.lines)}]",
            f"    copula: {best.copula.yaml()}",
            f"    reference: {source}",
            "    trust: derived",
            "",
        ]
    )


def quoted(text: str) -> str:
    """Give a text between quotes, as YAML reads it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def method(found: Fitted) -> str:
    """Say how parameters were found."""
    by = {"likelihood": "by maximum pseudo-likelihood", "tau": "by Kendall's tau"}
    return f"fitted {by[found.spec.method]}"


def summary(one: Candidate) -> str:
    """Say in a few words how well a candidate fits."""
    chance = "" if math.isnan(one.chance) else f", p {one.chance:.3f}"
    return f"{one.copula.KIND}, AIC {one.aic:.2f}{chance}"


def candidates_csv(found: Fitted) -> str:
    """Give every candidate in a row, the best first."""
    rows = ["copula,log_likelihood,parameters,aic,distance,p,tau,lower_tail,upper_tail"]
    for one in found.candidates:
        pair = one.copula.tau(), one.copula.lower(), one.copula.upper()
        ends = ",".join(f"{float(matrix[0, 1]):.{DECIMALS}f}" for matrix in pair)
        p = "" if math.isnan(one.chance) else f"{one.chance:.4f}"
        rows.append(
            f"{one.copula.KIND},{one.log_likelihood:.4f},{len(one.parameters)},{one.aic:.4f},"
            f"{one.distance:.{DECIMALS}f},{p},{ends}"
        )
    return "\n".join(rows) + "\n"


def lines(found: Fitted) -> Iterator[str]:
    """Give what was found, within 80 columns."""
    spec, results = found.spec, found.results
    used = f"{len(results.u):,} of {results.rows:,} rows, {len(spec.lines)} lines"
    yield f"{spec.title.en}: {used}, {method(found)}"
    yield from reject_lines(results.rejects)
    if results.ties > MANY_TIES:
        part = f"{results.ties * 100:.0f}%"
        yield f"{part} of the rows of a line share a result with others: ranks say less"
    yield ""
    for i, name in enumerate(spec.lines):
        for j in range(i):
            pair = f"{spec.lines[j]} and {name}"
            yield f"{pair[:60]:<60} tau {found.taus[i, j]:>8.4f}"
    yield ""
    head = (
        f"{'':<13} {'AIC':>10} {'log-lik.':>10} {'distance':>9} {'p':>6} {'lower':>6} {'upper':>6}"
    )
    yield f"{head}  parameter"
    for one in found.candidates:
        p = "" if math.isnan(one.chance) else f"{one.chance:.3f}"
        tails = [float(matrix[0, 1]) for matrix in (one.copula.lower(), one.copula.upper())]
        yield (
            f"{one.copula.KIND:<13} {one.aic:>10.2f} {one.log_likelihood:>10.2f} "
            f"{one.distance:>9.4f} {p:>6} {tails[0]:>6.3f} {tails[1]:>6.3f}{_parameter(one)}"
        )
    best = found.best
    yield ""
    yield f"the least AIC is that of {best.copula.KIND}: dependence.yaml holds it"
    if best.chance < DOUBTFUL:
        yield "and yet it fits badly: samples of it are seldom so far off"


def _parameter(one: Candidate) -> str:
    if not one.parameters:
        return ""
    error = f"±{one.errors[0]:.2g}" if one.errors else ""
    return f"  {one.parameters[0]:.4g}{error}"


def told(found: Fitted) -> dict[str, object]:
    """Give the result as data."""
    spec, results = found.spec, found.results
    return {
        "fit": spec.fit,
        "kind": spec.kind,
        "rows": results.rows,
        "used": len(results.u),
        "rejected": [vars(reject) for reject in results.rejects],
        "ties": results.ties,
        "lines": list(spec.lines),
        "tau": [[float(value) for value in row] for row in found.taus],
        "copulas": [
            {
                "kind": one.copula.KIND,
                "copula": one.copula.yaml(),
                "parameters": list(one.parameters),
                "errors": list(one.errors),
                "log_likelihood": one.log_likelihood,
                "aic": one.aic,
                "distance": one.distance,
                "p": None if math.isnan(one.chance) else one.chance,
            }
            for one in found.candidates
        ],
    }
