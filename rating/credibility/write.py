"""What a fit of credibility leaves behind: a table by group, the steps of a tariff, lines."""

import math
from collections.abc import Iterator

from rating.book.rejects import reject_lines
from rating.credibility.groups import Groups
from rating.credibility.specification import CredibilitySpec
from rating.fitted_table import fitted_table

COLUMNS = ("premium", "own", "credibility", "error", "weight")


def table_text(spec: CredibilitySpec, found: Groups) -> str:
    """Give the table as CSV with its header: the premium, and what it is made of."""
    rows = (
        [name, *(f"{getattr(found, column)[place]:.{spec.decimals}f}" for column in COLUMNS)]
        for place, name in enumerate(found.periods.names)
    )
    key = (spec.key, "{key: exact}")
    return fitted_table(spec.title.en, spec.source, method(found), key, COLUMNS, rows)


def method(found: Groups) -> str:
    """Say in a few words how the premiums were made."""
    return (
        f"Bühlmann-Straub, collective {found.collective:.6g}, within {found.within:.6g}, "
        f"between {found.between:.6g}"
    )


def steps(spec: CredibilitySpec, found: Groups) -> str:
    """Give steps for `rating.yaml`: a group's facts own_mean and own_weight → its premium."""
    lines = [
        f"# {spec.title.en}, fitted: {spec.source}",
        f"# {method(found)}",
        "# own_mean, own_weight: facts of the group that is quoted",
    ]
    counts = "0" if math.isinf(found.k) else f"own_weight / (own_weight + {found.k:.9g})"
    rest = f"(1 - credibility) * {found.collective:.9g}"
    lines += [
        "- {name: credibility, kind: compute, is: " + counts + "}",
        "- name: risk_premium",
        "  kind: compute",
        f"  is: credibility * own_mean + {rest}",
    ]
    return "\n".join(lines) + "\n"


def lines(spec: CredibilitySpec, found: Groups) -> Iterator[str]:
    """Give what was found, within 80 columns."""
    periods = found.periods
    yield (
        f"{spec.title.en}: {len(periods.names):,} groups, {periods.group.size:,} of "
        f"{periods.rows:,} periods"
    )
    yield from reject_lines(periods.rejects)
    yield f"collective {found.collective:,.4f}"
    yield f"variance within a group {found.within:,.6g}, between groups {found.between:,.6g}"
    if math.isinf(found.k):
        yield "groups differ no more than chance explains: all pay the collective premium"
    else:
        yield f"a weight of {found.k:,.4g} counts for one half"
    yield ""
    yield f"{'':<18} {'weight':>13} {'own':>12} {'credibility':>11} {'premium':>12} {'error':>9}"
    for place, name in enumerate(periods.names):
        yield (
            f"{name[:18]:<18} {found.weight[place]:>13,.2f} {found.own[place]:>12,.4f} "
            f"{found.credibility[place]:>11.4f} {found.premium[place]:>12,.4f} "
            f"{found.error[place]:>9.4g}"
        )


def told(spec: CredibilitySpec, found: Groups) -> dict[str, object]:
    """Give the result as data."""
    return {
        "fit": spec.fit,
        "kind": spec.kind,
        "rows": found.periods.rows,
        "used": int(found.periods.group.size),
        "rejected": [vars(reject) for reject in found.periods.rejects],
        "collective": found.collective,
        "within": found.within,
        "between": found.between,
        "k": None if math.isinf(found.k) else found.k,
        "groups": {
            name: {column: float(getattr(found, column)[place]) for column in COLUMNS}
            for place, name in enumerate(found.periods.names)
        },
    }
