"""What a fit of a bonus-malus scale leaves behind: the levels as a table, the years, lines."""

import csv
import io
import math
from collections.abc import Iterator

import numpy as np

from rating.bonus_malus.scale import Standing
from rating.bonus_malus.specification import BonusMalusSpec, Claims
from rating.book.rejects import reject_lines
from rating.fitted_table import fitted_table


def levels_csv(spec: BonusMalusSpec, claims: Claims, found: Standing) -> str:
    """Give the table: level → its factor, the fair one, who stands there; level 0 is the lowest."""
    factors = np.array(spec.factors)
    columns = {
        "factor": factors,
        "fair": found.fair,
        "rebased": factors / found.factor,
        "share": found.share,
        "frequency": found.frequency,
    }
    rows = (
        [level, *(f"{column[level]:.6f}" for column in columns.values())]
        for level in range(factors.size)
    )
    key = ("level", "{key: exact}")
    return fitted_table(spec.title.en, spec.source, method(claims), key, tuple(columns), rows)


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
    yield from reject_lines(claims.rejects)
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
