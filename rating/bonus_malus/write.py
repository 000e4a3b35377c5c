"""What a fit of a bonus-malus scale leaves behind: the levels as a table, the years, lines."""

import csv
import io
import math
from collections.abc import Iterator

from rating.bonus_malus.scale import Standing
from rating.bonus_malus.specification import BonusMalusSpec, Claims

SHOWN = 12
"""Rejected rows that are told one by one."""


def levels_csv(spec: BonusMalusSpec, claims: Claims, found: Standing) -> str:
    """Give the table: level → its factor, the fair one, who stands there; level 0 is the lowest."""
    names = ("factor", "fair", "rebased", "share", "frequency")
    typed = ", ".join(f"{name}: {{type: number}}" for name in names)
    out = io.StringIO()
    out.write(f"# title: {spec.title.en}\n# source: {spec.source}\n# status: fitted\n")
    out.write(f"# columns: {{level: {{key: exact}}, {typed}}}\n# method: {method(claims)}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["level", *names])
    for level, factor in enumerate(spec.factors):
        cells = (
            factor,
            found.fair[level],
            factor / found.factor,
            found.share[level],
            found.frequency[level],
        )
        writer.writerow([level, *(f"{cell:.6f}" for cell in cells)])
    return out.getvalue()


def years_csv(spec: BonusMalusSpec, found: Standing) -> str:
    """Give the shares of the levels and the mean factor year by year, of those who begin."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["year", "factor", *(f"at_{factor:g}" for factor in spec.factors)])
    for year, shares in enumerate(found.by_year.tolist(), 1):
        factor = math.fsum(f * s for f, s in zip(spec.factors, shares, strict=True))
        writer.writerow([year, f"{factor:.6f}", *(f"{share:.6f}" for share in shares)])
    return out.getvalue()


def method(claims: Claims) -> str:
    """Say in a few words what the frequencies of the policies are."""
    alike = math.isinf(claims.shape)
    spread = "alike for all" if alike else f"gamma of shape {claims.shape:.4g}"
    return f"{claims.mean:.6g} claims a year, {spread}"


def lines(spec: BonusMalusSpec, claims: Claims, found: Standing) -> Iterator[str]:
    """Give what was found, within 80 columns."""
    yield f"{spec.title.en}: {claims.policies:,} of {claims.rows:,} policies"
    yield f"{claims.exposure:,.1f} years, {claims.claims:,.0f} claims: {method(claims)}"
    for reject in claims.rejects[:SHOWN]:
        yield f"row {reject.row}: {reject.column}: {reject.reason}, got {reject.value}"
    if len(claims.rejects) > SHOWN:
        yield f"… and {len(claims.rejects) - SHOWN:,} more rows left out"
    yield ""
    yield f"{'level':>5} {'factor':>8} {'share':>9} {'frequency':>10} {'fair factor':>12}"
    for level, factor in enumerate(spec.factors):
        yield (
            f"{level:>5} {factor:>8g} {found.share[level]:>9.4%} "
            f"{found.frequency[level]:>10.5f} {found.fair[level]:>12.4f}"
        )
    yield ""
    yield f"mean factor in the long run {found.factor:.5f}, so premiums are divided by it"
    yield f"efficiency {found.efficiency:.4f} at the mean frequency"


def told(spec: BonusMalusSpec, claims: Claims, found: Standing) -> dict[str, object]:
    """Give the result as data."""
    return {
        "fit": spec.fit,
        "kind": spec.kind,
        "rows": claims.rows,
        "used": claims.policies,
        "rejected": [vars(reject) for reject in claims.rejects],
        "mean": claims.mean,
        "shape": None if math.isinf(claims.shape) else claims.shape,
        "factors": list(spec.factors),
        "share": found.share.tolist(),
        "frequency": found.frequency.tolist(),
        "fair": found.fair.tolist(),
        "mean_factor": found.factor,
        "efficiency": found.efficiency,
    }
