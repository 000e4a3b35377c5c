"""What a study leaves behind: a table that a product can read, and lines for a person."""

from collections.abc import Iterator

import numpy as np

from rating.book.rejects import reject_lines
from rating.experience.result import Group, Result
from rating.experience.study import Study


def table_text(result: Result) -> str:
    """Give the table as CSV with its header: rate, and beside it exposure, events and interval."""
    study = result.study
    lines = [
        f"# title: {study.title.en}",
        f"# source: {study.source}",
        "# status: fitted",
        f"# columns: {_columns(study)}",
        f"# method: {method(result)}",
        ",".join((*study.by, study.axis.name, *_values(study))),
    ]
    for group in result.groups:
        for number, place in enumerate(result.places):
            cells = [*group.words, str(place), *_cells(study, group, number)]
            lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def _columns(study: Study) -> str:
    keys = [f"{name}: {{key: exact, of: [{', '.join(by.words)}]}}" for name, by in study.by.items()]
    kind = "integer" if study.axis.name == "policy_year" else "age"
    keys.append(f"{study.axis.name}: {{key: step, type: {kind}}}")
    for name in _values(study):
        typed = "ratio" if name not in ("exposure", "events") else "number"
        keys.append(f"{name}: {{type: {typed}}}")
    return "{" + ", ".join(keys) + "}"


def _values(study: Study) -> tuple[str, ...]:
    blended = () if study.standard is None else ("standard",)
    return ("rate", "exposure", "events", "crude", "own", "low", "high", *blended)


def _cells(study: Study, group: Group, number: int) -> Iterator[str]:
    yield f"{group.rate[number]:.{study.decimals}f}"
    yield f"{group.exposure[number]:.2f}"
    yield f"{group.events[number]:.0f}"
    columns = [group.crude, group.own, group.low, group.high]
    if group.standard is not None:
        columns.append(group.standard)
    for column in columns:
        # a cell that nobody lived through has no crude rate; the table's NaN is no text
        value = 0.0 if np.isnan(column[number]) else float(column[number])
        yield f"{value:.{study.decimals}f}"


def method(result: Result) -> str:
    """Say in a line how the rates were made."""
    study = result.study
    words = "central exposure, constant force"
    if study.graduate is None:
        return words
    smoothing = ", ".join(
        f"{group.graduated.smoothing:.6g}" for group in result.groups if group.graduated is not None
    )
    words += f"; Whittaker-Henderson of order {study.graduate.order}, smoothing {smoothing}"
    if study.standard is not None:
        weights = ", ".join(f"{group.weight:.1%}" for group in result.groups)
        words += f"; credibility {weights} against {study.standard.table}"
    return words


def told(result: Result) -> dict[str, object]:
    """Give the result as data."""
    study = result.study
    return {
        "study": study.study,
        "event": study.event,
        "method": method(result),
        "rows": result.records.rows,
        "used": int(result.records.start.size),
        "rejected": [
            {"row": r.row, "column": r.column, "value": r.value, "reason": r.reason}
            for r in result.records.rejects
        ],
        "groups": [_group_told(result, group) for group in result.groups],
    }


def _group_told(result: Result, group: Group) -> dict[str, object]:
    def plain(column: np.ndarray) -> list[float | None]:
        return [None if np.isnan(value) else float(value) for value in column]

    return {
        **dict(zip(result.study.by, group.words, strict=True)),
        "exposure": float(group.exposure.sum()),
        "events": float(group.events.sum()),
        "expected": None if np.isnan(group.expected) else group.expected,
        "credibility": group.weight,
        "smoothing": None if group.graduated is None else group.graduated.smoothing,
        "freedom": None if group.graduated is None else group.graduated.freedom,
        result.study.axis.name: list(result.places),
        **{
            name: plain(getattr(group, name))
            for name in ("exposure", "events", "crude", "own", "low", "high", "rate")
        },
    }


def lines(result: Result) -> Iterator[str]:
    """Give the result for a person, within 80 columns."""
    study, records = result.study, result.records
    yield f"{study.title.en}: {records.start.size:,} of {records.rows:,} lives"
    yield from method(result).split("; ")
    yield from reject_lines(records.rejects)
    for group in result.groups:
        yield ""
        named = ", ".join(f"{n} {w}" for n, w in zip(study.by, group.words, strict=True))
        heading = f"{named}: " if named else ""
        yield f"{heading}{group.events.sum():,.0f} events in {group.exposure.sum():,.1f} years"
        if group.standard is not None:
            ratio = group.events.sum() / group.expected
            yield (
                f"actual / expected {ratio:.1%} of {group.expected:,.1f}; "
                f"credibility {group.weight:.1%}"
            )
        yield (
            f"{study.axis.name:>12} {'exposure':>11} {'events':>6} {'crude':>8} {'own':>8} "
            f"{'95% interval':>18} {'filed':>8}"
        )
        for number, place in enumerate(result.places):
            yield (
                f"{place:>12} {group.exposure[number]:>11,.1f} {group.events[number]:>6,.0f} "
                f"{_share(group.crude[number])} {_share(group.own[number])} "
                f"{_share(group.low[number])} …{_share(group.high[number])} "
                f"{_share(group.rate[number])}"
            )


def _share(value: float) -> str:
    return f"{'—':>8}" if np.isnan(value) else f"{value:>8.3%}"
