"""Products together, told to a person or a program."""

from collections.abc import Iterator

from sandbox.dependence.combine import Combined
from sandbox.dependence.told import diversification_lines, diversification_told
from sandbox.measures import Mean, Sample


def combined_told(done: Combined) -> dict[str, object]:
    """Give products together as plain values."""
    return {
        "years": len(done.total),
        "seed": done.seed,
        "runs": {
            name: {
                "product_hash": run.recorded.product_hash,
                "sha256": run.sha256,
                "mean": Mean().measure(Sample(run.paid)).value,
            }
            for name, run in done.runs.items()
        },
        "dependence": "" if done.file is None else done.file.says.dependence,
        "dependence_hash": "" if done.file is None else done.file.digest,
        "reordered": {name: list(lines) for name, lines in done.orders.items()},
        "diversification": diversification_told(done.found),
    }


def combined_lines(done: Combined) -> Iterator[str]:
    """Tell products together, within 80 columns."""
    yield f"{len(done.runs)} products, {len(done.total):,} years, seed {done.seed}"
    for name, run in done.runs.items():
        mean = Mean().measure(Sample(run.paid))
        yield f"  {name:<38} mean {mean.value:>18,.4f} ± {mean.error:,.4g}"
    for name, lines in done.orders.items():
        yield f"reordered by {name}: {', '.join(lines)}"
    yield from diversification_lines(done.found)
