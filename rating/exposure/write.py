"""What a fit of an exposure curve leaves behind: the curve as a table, the damage ratio, lines."""

from collections.abc import Iterator

from rating.book.rejects import reject_lines
from rating.exposure.curves import CURVES
from rating.exposure.fit import ExposureFit
from rating.fitted_table import fitted_table
from rating.likelihood.write import number
from rating.severities import Mbbefd

DECIMALS = 6


def curve_csv(found: ExposureFit) -> str:
    """Give the table: share of the sum insured → share of the cost, `curve` the chosen one."""
    spec = found.spec
    columns = {"curve": found.chosen, **{name: name for name in found.curves}}
    rows = (
        [f"{share:g}", *(f"{found.at(name, share):.{DECIMALS}f}" for name in columns.values())]
        for share in found.shares
    )
    title, key = f"{spec.title.en}: exposure curve", ("share", "{key: linear, type: number}")
    return fitted_table(title, spec.source, method(found), key, tuple(columns), rows)


def method(found: ExposureFit) -> str:
    """Say in a few words how the chosen curve was made."""
    if found.chosen not in found.fitted:
        ratio = found.curves[found.chosen]
        assert isinstance(ratio, Mbbefd)  # noqa: S101 - every family is
        count = found.losses.size
        made = f"b {ratio.b:.5g}, g {ratio.g:.5g}"
        return f"mean and total losses of {count:,} losses: {made}"
    best, _ = found.fitted[found.chosen]
    told = ", ".join(f"{name} {value:.6g} ± {error:.3g}" for name, value, error in best.estimates)
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
    yield from reject_lines(losses.rejects)
    yield ""
    for name, (best, good) in found.fitted.items():
        told = ", ".join(f"{one} {value:.5g} ± {error:.3g}" for one, value, error in best.estimates)
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
                    one: {"value": value, "error": error} for one, value, error in best.estimates
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
