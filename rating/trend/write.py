"""What a fit of trends leaves behind: the years, the entries of a basis, lines."""

import csv
import io
from collections.abc import Iterator

from rating.book.rejects import reject_lines
from rating.entry import Entry, entries_text
from rating.likelihood.write import number
from rating.trend.regression import Line, Trends


def years_csv(found: Trends) -> str:
    """Give the years: what was added up, each measure observed and on its line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    sums = found.history.sums
    heads = [head for line in found.lines for head in (line.name, f"{line.name}_fitted")]
    writer.writerow(["year", *sums, *heads])
    for row, year in enumerate(found.history.years.tolist()):
        cells = [column[row] for column in sums.values()]
        cells += [value[row] for line in found.lines for value in (line.observed, line.fitted)]
        writer.writerow([year, *(number(float(cell)) for cell in cells)])
    return out.getvalue()


def entries_yaml(found: Trends) -> str:
    """Give what stands under `experience:` of a basis, an entry a measure that it can be of."""
    spec = found.spec
    named = {"frequency": spec.number_of, "severity": spec.size_of}
    default = {"frequency": "process.event", "severity": "process.mark"}
    return entries_text(
        Entry(
            of=named[line.name] or default[line.name],
            figures=[
                ("trend", f"{number(round(100.0 * line.trend, spec.decimals))}%"),
                ("from", line.middle.isoformat()),
                ("to", line.to.isoformat()),
            ],
            source=f"{spec.source}; {spec.title.en}, {_told(line)}",
            head=[_told(line), f"factor {line.factor:.6g} ± {line.factor_error:.3g}"],
        )
        for line in found.lines
        if line.name in named
    )


def _told(line: Line) -> str:
    count = line.observed.size
    return f"log-linear over {count} years, {line.trend:.2%} ± {line.trend_error:.2%} a year"


def lines(found: Trends) -> Iterator[str]:
    """Give what was found, within 80 columns."""
    history = found.history
    weighted = ", weighted" if found.spec.weighted else ""
    yield f"{found.spec.title.en}: {history.years[0]} to {history.years[-1]}{weighted}"
    yield from reject_lines(history.rejects)
    yield ""
    yield f"{'year':>5}" + "".join(f" {line.name:>12} {'on the line':>11}" for line in found.lines)
    for row, year in enumerate(history.years.tolist()):
        yield f"{year:>5}" + "".join(
            f" {line.observed[row]:>12,.6g} {line.fitted[row]:>11,.6g}" for line in found.lines
        )
    yield ""
    for line in found.lines:
        low, high = line.interval
        yield (
            f"{line.name:<13} {line.trend:+.2%} a year ± {line.trend_error:.2%} "
            f"({low:+.2%} … {high:+.2%}), R² {line.fit:.3f}"
        )
        yield (
            f"{'':<13} from {line.middle} to {line.to}, {line.years:.2f} years: "
            f"x {line.factor:.4f} ± {line.factor_error:.4f}"
        )


def told(found: Trends) -> dict[str, object]:
    """Give the result as data."""
    return {
        "fit": found.spec.fit,
        "kind": found.spec.kind,
        "rows": found.history.rows,
        "rejected": [vars(reject) for reject in found.history.rejects],
        "years": found.history.years.tolist(),
        "trends": {
            line.name: {
                "trend": line.trend,
                "error": line.trend_error,
                "interval": list(line.interval),
                "r_squared": line.fit,
                "from": line.middle.isoformat(),
                "to": line.to.isoformat(),
                "factor": line.factor,
                "factor_error": line.factor_error,
                "observed": line.observed.tolist(),
                "fitted": line.fitted.tolist(),
            }
            for line in found.lines
        },
    }
