"""What a fit of development leaves behind: factors, ultimates, the entry of a basis, lines."""

import csv
import io
import math
from collections.abc import Iterator, Sequence

import numpy as np

from rating.book.rejects import reject_lines
from rating.development.project import Development
from rating.entry import Entry, entries_text
from rating.fitted_table import fitted_table
from rating.likelihood.write import number

FACTOR_COLUMNS = ("factor", "error", "deviation", "years", "to_ultimate", "developed")
YEAR_COLUMNS = ("age", "known", "ultimate", "to_come", "error")


def factors_csv(found: Development) -> str:
    """Give the table: age → factor to the next, its error, what is still to come.

    Errors and deviations are left out where one of an age is not known.
    """
    spec, factors = found.spec, found.factors
    cells = zip(
        factors.factor, factors.error, factors.deviation, factors.years, factors.to_ultimate,
        strict=True,
    )  # fmt: skip
    rows = [
        [age, factor, error, deviation, years, ultimate, 1.0 / ultimate]
        for age, (factor, error, deviation, years, ultimate) in enumerate(cells, 1)
    ]
    title = f"{spec.title.en}: development"
    key = ("age", "{key: exact, type: integer}")
    # a table has no cell for what is not known, and 0 would read as exact
    kept = [place for place in range(1 + len(FACTOR_COLUMNS)) if _known(rows, place)]
    columns = [FACTOR_COLUMNS[place - 1] for place in kept[1:]]
    written = ([_figure(row[place], spec.decimals) for place in kept] for row in rows)
    return fitted_table(title, spec.source, method(found), key, columns, written)


def _known(rows: Sequence[Sequence[float]], place: int) -> bool:
    """Tell a column all of whose figures are known."""
    return all(math.isfinite(row[place]) for row in rows)


def _figure(value: float, decimals: int) -> str:
    return str(value) if isinstance(value, int | np.integer) else f"{value:.{decimals}f}"


def ultimates_csv(found: Development) -> str:
    """Give years of origin: age, claims known, ultimate, what is to come, its standard error."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["origin", *YEAR_COLUMNS])
    for row in year_rows(found):
        writer.writerow([*row[:2], *(number(x) if math.isfinite(x) else "" for x in row[2:])])
    return out.getvalue()


def year_rows(found: Development) -> Iterator[Sequence[float]]:
    """Give each year: origin, age, known, ultimate, to come, error (NaN where there is none)."""
    triangle = found.triangle
    errors = np.full(triangle.origins.size, math.nan)
    if found.expected is None:
        errors = found.chain_ladder.errors
    columns = (triangle.origins, triangle.known, triangle.latest, found.ultimate, found.reserve)
    yield from zip(*(column.tolist() for column in (*columns, errors)), strict=True)


def method(found: Development) -> str:
    """Say in a few words how the years were brought to their end."""
    spec = found.spec
    words = f"{spec.method.replace('_', ' ')}, factors by {spec.average}"
    if spec.diagonals is not None:
        words += f", latest {spec.diagonals} diagonals"
    if spec.tail is not None:
        words += f", tail {found.factors.factor[-1]:.6g}"
        words += " stated" if spec.tail.curve is None else f" by {spec.tail.curve}"
    if found.expected is not None:
        words += f", {found.expected:.6g} a unit of exposure"
    return words


def entry_yaml(found: Development) -> str:
    """Give what stands under `experience:` of a basis, ready to paste."""
    spec, years = found.spec, found.triangle.origins[found.used]
    known, whole = found.triangle.latest[found.used].sum(), found.ultimate[found.used].sum()
    head = [
        f"{spec.title.en}: {method(found)}",
        f"known {known:,.0f} of {whole:,.0f}, years {years[0]} to {years[-1]}",
    ]
    if found.expected is None and math.isfinite(found.load_error):
        head.append(f"development {found.load:.6g} ± {found.load_error:.3g}")
    figures = [("development", number(round(found.load, spec.decimals)))]
    source = f"{spec.source}; {method(found)}"
    return entries_text([Entry(spec.of or "process.key", figures, source, head)])


def lines(found: Development) -> Iterator[str]:
    """Give what was found, within 80 columns."""
    spec, triangle, factors = found.spec, found.triangle, found.factors
    origins = triangle.origins
    ages = triangle.cumulative.shape[1]
    yield f"{spec.title.en}: {origins[0]} to {origins[-1]}, {ages} ages, {method(found)}"
    yield from reject_lines(triangle.rejects)
    yield from (f"look: {finding}" for finding in (*triangle.findings, *factors.notes))
    yield ""
    yield f"{'age':>5} {'years':>6} {'factor':>9} {'error':>9} {'to end':>9} {'developed':>10}"
    for age in range(ages):
        last = age == ages - 1
        ultimate = factors.to_ultimate[age]
        yield (
            f"{'tail' if last else age + 1:>5} {'' if last else factors.years[age]:>6} "
            f"{factors.factor[age]:>9.4f} {_told(factors.error[age], 9, 4)} {ultimate:>9.4f} "
            f"{1.0 / ultimate:>10.2%}"
        )
    yield ""
    yield (f"{'year':>5} {'age':>4} {'known':>16} {'in the end':>16} {'to come':>16} {'error':>14}")
    for row in year_rows(found):
        year, reached, known, ultimate, to_come, error = row
        yield (
            f"{year:>5.0f} {reached:>4.0f} {known:>16,.0f} {ultimate:>16,.0f} {to_come:>16,.0f} "
            f"{_told(error, 14, 0)}"
        )
    sums = (triangle.latest.sum(), found.ultimate.sum(), found.reserve.sum())
    of_all = found.chain_ladder.total_error if found.expected is None else math.nan
    shown = " ".join(f"{x:>16,.0f}" for x in sums)
    yield f"{'all':>5} {'':>4} {shown} {_told(of_all, 14, 0)}"
    yield ""
    years = origins[found.used]
    said = f"claims of {years[0]} to {years[-1]} are to be multiplied by {found.load:.4f}"
    if found.expected is None and math.isfinite(found.load_error):
        said += f" ± {found.load_error:.4f}"
    yield said


def _told(value: float, width: int, decimals: int) -> str:
    return f"{'—':>{width}}" if math.isnan(value) else f"{value:>{width},.{decimals}f}"


def told(found: Development) -> dict[str, object]:
    """Give the result as data."""
    triangle, factors = found.triangle, found.factors
    by_ladder = found.expected is None
    return {
        "fit": found.spec.fit,
        "kind": found.spec.kind,
        "rows": triangle.rows,
        "rejected": [vars(reject) for reject in triangle.rejects],
        "findings": [*triangle.findings, *factors.notes],
        "method": method(found),
        "factors": [
            {
                "age": age + 1,
                "factor": float(factors.factor[age]),
                "error": _or_null(float(factors.error[age])),
                "deviation": _or_null(float(factors.deviation[age])),
                "years": int(factors.years[age]),
                "to_ultimate": float(factors.to_ultimate[age]),
            }
            for age in range(factors.factor.size)
        ],
        "years": [
            dict(zip(("origin", *YEAR_COLUMNS), (*row[:-1], _or_null(row[-1])), strict=True))
            for row in year_rows(found)
        ],
        "to_come": float(found.reserve.sum()),
        "error": _or_null(found.chain_ladder.total_error) if by_ladder else None,
        "expected": found.expected,
        "development": found.load,
        "development_error": _or_null(found.load_error) if by_ladder else None,
        "middle": found.middle.isoformat(),
    }


def _or_null(value: float) -> float | None:
    return value if math.isfinite(value) else None
