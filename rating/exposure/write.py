"""What a fit of an exposure curve leaves behind: the curve as a table, the damage ratio, lines."""

import csv
import io
from collections.abc import Iterator

from rating.exposure.curves import CURVES
from rating.exposure.fit import ExposureFit
from rating.likelihood.write import number
from rating.severities import Mbbefd

SHOWN = 12
"""Rejected rows that are told one by one."""
DECIMALS = 6


def _columns(found: ExposureFit) -> tuple[str, ...]:
    return ("curve", *found.curves)


def curve_csv(found: ExposureFit) -> str:
    """Give the table: share of the sum insured → share of the cost, `curve` the chosen one."""
    spec, columns = found.spec, _columns(found)
    typed = ", ".join(f"{name}: {{type: number}}" for name in columns)
    out = io.StringIO()
    out.write(f"# title: {spec.title.en}: exposure curve\n# source: {spec.source}\n")
    out.write("# status: fitted\n")
    out.write(f"# columns: {{share: {{key: linear, type: number}}, {typed}}}\n")
    out.write(f"# method: {method(found)}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["share", *columns])
    for share in found.shares:
        cells = [found.at(name, share) for name in (found.chosen, *found.curves)]
        writer.writerow([f"{share:g}", *(f"{cell:.{DECIMALS}f}" for cell in cells)])
    return out.getvalue()


def method(found: ExposureFit) -> str:
    """Say in a few words how the chosen curve was made."""
    if found.chosen not in found.fitted:
        ratio = found.curves[found.chosen]
        assert isinstance(ratio, Mbbefd)  # noqa: S101 - every family is
        count = found.losses.size
        made = f"b {ratio.b:.5g}, g {ratio.g:.5g}"
        return f"mean and total losses of {count:,} losses: {made}"
    best, _ = found.fitted[found.chosen]
    pairs = zip(best.family.parameters, best.values, best.errors.tolist(), strict=True)
    told = ", ".join(f"{one.name} {value:.6g} ± {error:.3g}" for one, value, error in pairs)
    return f"{found.chosen} by maximum likelihood, {found.losses.size:,} losses: {told}"


def severity_yaml(found: ExposureFit) -> str:
    """Give the damage ratio as it stands under `risk:` in bases.yaml."""
    ratio = found.curves[found.chosen]
    assert isinstance(ratio, Mbbefd)  # noqa: S101 - every family is
    head = f"# {found.spec.title.en}: {found.spec.source}\n# {method(found)}\n"
    return f"{head}{{kind: mbbefd, b: {number(ratio.b)}, g: {number(ratio.g)}}}\n"


def lines(found: ExposureFit) -> Iterator[str]:
    """Give what was found, within 80 columns."""
    losses = found.losses
    yield f"{found.spec.title.en}: {losses.size:,} of {losses.rows:,} damage ratios"
    whole = int((losses.amounts >= 1.0).sum())
    yield f"{whole:,} total losses, of which {found.over:,} exceed the sum insured"
    for reject in losses.rejects[:SHOWN]:
        yield f"row {reject.row}: {reject.column}: {reject.reason}, got {reject.value}"
    if len(losses.rejects) > SHOWN:
        yield f"… and {len(losses.rejects) - SHOWN:,} more rows left out"
    yield ""
    for name, (best, good) in found.fitted.items():
        pairs = zip(best.family.parameters, best.values, best.errors.tolist(), strict=True)
        told = ", ".join(f"{one.name} {value:.5g} ± {error:.3g}" for one, value, error in pairs)
        mark = " *" if name == found.chosen else ""
        yield f"{name:<12} {told}{mark}"
        yield (
            f"{'':<12} AIC {found.aic(name):,.2f}, KS {good.distance:.4f}, "
            f"AD {good.anderson_darling:.3f}"
        )
    if found.chosen not in found.fitted:
        yield f"{found.chosen:<12} {method(found)} *"
    for name, why in found.unfit.items():
        yield f"{name}: {why}"
    yield ""
    yield f"{'':<12} {'mean':>9} {'total':>8} {'G(1%)':>8} {'G(10%)':>8} {'G(50%)':>8}"
    for name, ratio in found.curves.items():
        total = 1.0 / ratio.g if isinstance(ratio, Mbbefd) else float((losses.amounts >= 1).mean())
        at = "".join(f" {found.at(name, share):>8.4f}" for share in (0.01, 0.1, 0.5))
        named = f"{name} {CURVES[name]:g}" if name in CURVES else name
        yield f"{named:<14}{ratio.limited_mean(1.0):>8.5f} {total:>8.5f}{at}"
    if found.layers:
        yield ""
        yield f"{'limit':>16} {'above':>16} {'cost':>16} {'rate':>9}"
    for one in found.layers:
        yield (
            f"{one.layer.limit:>16,.0f} {one.layer.attachment:>16,.0f} {one.cost:>16,.2f} "
            f"{one.rate:>9.4%}"
        )


def told(found: ExposureFit) -> dict[str, object]:
    """Give the result as data."""
    return {
        "fit": found.spec.fit,
        "kind": found.spec.kind,
        "rows": found.losses.rows,
        "used": found.losses.size,
        "total_losses": int((found.losses.amounts >= 1.0).sum()),
        "above_the_sum_insured": found.over,
        "rejected": [vars(reject) for reject in found.losses.rejects],
        "fitted": {
            name: {
                "parameters": {
                    one.name: {"value": value, "error": error}
                    for one, value, error in zip(
                        best.family.parameters, best.values, best.errors.tolist(), strict=True
                    )
                },
                "log_likelihood": best.log_likelihood,
                "aic": found.aic(name),
                "ks": good.distance,
                "ad": good.anderson_darling,
            }
            for name, (best, good) in found.fitted.items()
        },
        "without_maximum": found.unfit,
        "chosen": found.chosen,
        "curves": {
            name: {"mean": ratio.limited_mean(1.0), "at_a_tenth": found.at(name, 0.1)}
            for name, ratio in found.curves.items()
        },
        "layers": [
            {
                "attachment": one.layer.attachment,
                "limit": one.layer.limit,
                "cost": one.cost,
                "rate": one.rate,
                "by_band": list(one.by_band),
            }
            for one in found.layers
        ],
    }
