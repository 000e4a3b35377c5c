"""What a fit leaves behind for a product: tables of relativities and the steps of its tariff."""

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np

from rating.relativities.result import Modelled, Result
from rating.relativities.specification import Relativities
from rating.relativities.term import Term

ERROR_DECIMALS = 4
WIDTH = 96
ROUNDED_TO = "0.01"


def tables(result: Result) -> dict[str, str]:
    """Give the tables by name: each factor, with the relativities of every model that uses it."""
    named: dict[str, list[tuple[Modelled, int]]] = {}
    for entry in result.models:
        for number, term in enumerate(entry.fitted.terms):
            named.setdefault(term.name, []).append((entry, number))
    return {table_name(name): _table(result, uses) for name, uses in named.items()}


def table_name(term: str) -> str:
    """Name the table of a term; a table may not have the name of the variable that it reads."""
    return f"by_{term}"


def _table(result: Result, uses: list[tuple[Modelled, int]]) -> str:
    spec = result.spec
    term = uses[0][0].fitted.terms[uses[0][1]]
    columns = dict(_columns(result, term, uses))
    rates = {entry.name for entry, _ in uses}
    # what stands beside a rate may be 0, which nothing between two rows of log_linear may be
    beside = "text" if "log_linear" in term.how else "number"
    kinds = {name: "number" if name in rates else beside for name in columns}
    declared = [*_keys(spec, term), *(f"{name}: {{type: {kinds[name]}}}" for name in columns)]
    methods = "; ".join(method(entry) for entry, _ in uses)
    head = [
        f"# title: {spec.title.en}: relativities by {' and '.join(term.words)}",
        f"# source: {spec.source}",
        "# status: fitted",
        f"# columns: {{{', '.join(declared)}}}",
        f"# method: {methods}",
        f"# base: {_at_base(term)}; an error is that of the logarithm",
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*term.keys, *columns])
    for point in range(term.basis.shape[0]):
        places = np.unravel_index(point, term.sizes)
        words = [names[int(place)] for names, place in zip(term.labels, places, strict=True)]
        writer.writerow([*words, *(cells[point] for cells in columns.values())])
    return "\n".join(head) + "\n" + out.getvalue()


def _at_base(term: Term) -> str:
    places = np.unravel_index(term.base, term.sizes)
    return ", ".join(
        f"{key} {names[int(place)]}"
        for key, names, place in zip(term.keys, term.labels, places, strict=True)
    )


def _keys(spec: Relativities, term: Term) -> Iterator[str]:
    for word, key, how in zip(term.words, term.keys, term.how, strict=True):
        kind = spec.variables[word].type or "number"
        yield f"{key}: {{key: exact}}" if how == "exact" else f"{key}: {{key: {how}, type: {kind}}}"


def _columns(
    result: Result, term: Term, uses: list[tuple[Modelled, int]]
) -> Iterator[tuple[str, list[str]]]:
    own, spec = result.policies, result.spec
    for entry, number in uses:
        filed = entry.filed.relativities[number]
        yield entry.name, [f"{value:.{spec.decimals}f}" for value in filed]
        errors = entry.fitted.errors(number)
        yield f"{entry.name}_error", [f"{value:.{ERROR_DECIMALS}f}" for value in errors]
    yield "exposure", [f"{value:.2f}" for value in term.total(own.exposure)]
    if spec.claims is not None:
        yield "claims", [f"{value:.2f}" for value in term.total(own.claims)]
    if spec.amounts is not None:
        yield "amounts", [f"{value:.2f}" for value in term.total(own.amounts)]


def method(entry: Modelled) -> str:
    """Say in a few words how a model was made."""
    fitted, model = entry.fitted, entry.model
    power = f" of power {model.power:g}" if model.family == "tweedie" else ""
    robust = ", robust errors" if model.errors == "robust" else ""
    return (
        f"{entry.name} {model.family}{power}, log link, {fitted.rows:,} rows, "
        f"D2 {fitted.explained:.2%}, dispersion {fitted.dispersion:.4g}{robust}"
    )


def steps(result: Result) -> str:
    """Give `rating.yaml`: a lookup for each factor, each model's mean, the premium, rounded."""
    spec, own = result.spec, result.policies
    lines = [
        f"# {spec.title.en}, fitted: {spec.source}",
        f"# {own.size:,} policies, {own.exposure.sum():,.1f} years, {own.claims.sum():,.0f} claims",
    ]
    for entry in result.models:
        lines += _model_steps(entry)
    if result.premium is not None and spec.premium is not None:
        lines += _premium_steps(result)
    return "\n".join(lines) + "\n"


def _model_steps(entry: Modelled) -> Iterator[str]:
    name = entry.name
    yield f"# {method(entry)}"
    factors = []
    for term in entry.fitted.terms:
        step = f"{name}_{term.name}"
        factors.append(step)
        yield f"- {{name: {step}, kind: lookup, table: {table_name(term.name)}.{name}}}"
    if entry.model.offset is not None:
        factors.append(entry.model.offset)
    yield from _compute(name, [f"{entry.filed.base:.9g}", *factors])


def _compute(name: str, factors: list[str], why: str = "") -> Iterator[str]:
    yield f"- name: {name}" + (f"   # {why}" if why else "")
    yield "  kind: compute"
    yield from folded("  is:", factors)


def folded(key: str, factors: Sequence[str]) -> Iterator[str]:
    """Write a product of factors beside a key, on as many lines as it needs."""
    indent = " " * (len(key) - len(key.lstrip()) + 1)
    line = f"{key} {factors[0]}"
    for factor in factors[1:]:
        if len(line) + len(factor) + 3 > WIDTH:
            yield line
            line = indent
        line += f" * {factor}"
    yield line


def _premium_steps(result: Result) -> Iterator[str]:
    premium, spec = result.premium, result.spec
    assert premium is not None  # noqa: S101 - asked by the caller
    assert spec.premium is not None  # noqa: S101 - the same
    balance = [] if premium.balance == 1.0 else [f"{premium.balance:.6f}"]
    why = f"{premium.balance:.6f} brings the product to the observed total" if balance else ""
    yield from _compute("risk_premium", [*premium.of, *balance], why)
    last = "risk_premium"
    if premium.load != 1.0:
        most = spec.amounts.most if spec.amounts is not None else None
        why = f"what amounts exceed {most:,.0f} by, in proportion" if most else ""
        yield from _compute("with_large_losses", [last, f"{premium.load:.6f}"], why)
        last = "with_large_losses"
    if spec.premium.pro_rata:
        exposure = spec.exposure.column
        if spec.exposure.most is not None:
            exposure = f"min({spec.exposure.most:g}, {exposure})"
        yield "- name: premium"
        yield "  kind: compute"
        yield f'  is: "{last} * {exposure}"'
        last = "premium"
    yield f"- {{name: payable, kind: round, of: {last}, to: {ROUNDED_TO}, mode: half_up}}"
