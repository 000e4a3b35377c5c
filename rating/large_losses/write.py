"""What a fit of a large-loss load leaves behind: the entry of a basis, lines."""

import math
from collections.abc import Iterator

from rating.book.rejects import reject_lines
from rating.entry import Entry, entries_text
from rating.large_losses.load import Load
from rating.likelihood.write import number


def entry_yaml(found: Load) -> str:
    """Give what stands under `experience:` of a basis: the load of a mark of capped losses."""
    spec = found.spec
    head = [
        method(found),
        f"mean capped at {spec.threshold:g} {found.capped:.6g}, with the load {found.mean:.6g}",
        f"of a mark assumed, developed and trended from losses capped at {spec.threshold:g},",
        "all at one price level; every one is loaded alike, before any term of the contract",
    ]
    figures = [("large_losses", f"{number(round(100.0 * found.load, spec.decimals))}%")]
    source = f"{spec.source}; {method(found)}"
    return entries_text([Entry(spec.of or "process.mark", figures, source, head)])


def method(found: Load) -> str:
    """Say in a few words how the load was made."""
    upto = "" if found.spec.most is None else f" up to {found.spec.most:g}"
    if found.tail is None:
        return f"increased limit factor {found.spec.factor:g} from {found.spec.threshold:g}{upto}"
    return (
        f"generalised Pareto above {found.spec.threshold:g}{upto}, {found.above} losses, "
        f"load {found.load:.2%} ± {found.error:.2%}"
    )


def lines(found: Load) -> Iterator[str]:
    """Give what was found, within 80 columns."""
    spec, losses, tail = found.spec, found.losses, found.tail
    yield f"{spec.title.en}: {losses.size:,} of {losses.rows:,} losses"
    yield from reject_lines(losses.rejects)
    yield f"{found.above:,} above {spec.threshold:,.6g}, {found.above / losses.size:.2%} of all"
    if tail is not None:
        yield (
            f"generalised Pareto above it: shape {tail.shape:.4f} ± {tail.shape_error:.4f}, "
            f"scale {tail.scale:,.4f} ± {tail.scale_error:.4f}"
        )
    yield ""
    upto = "" if spec.most is None else f" up to {spec.most:,.6g}"
    rows = [
        ("mean, capped at the threshold", found.capped),
        (f"mean excess of those above it{upto}, of the data", found.excess_seen),
        (f"mean excess of those above it{upto}, with the load", found.excess),
        ("mean of the data", found.mean_seen),
        ("mean with the load", found.mean),
    ]
    for name, value in rows:
        yield f"{name:<58} {value:>16,.4f}"
    error = "" if math.isnan(found.error) else f" ± {found.error:.2%}"
    yield ""
    yield f"large losses load the capped mean by {found.load:.2%}{error}"


def told(found: Load) -> dict[str, object]:
    """Give the result as data."""
    return {
        "fit": found.spec.fit,
        "kind": found.spec.kind,
        "rows": found.losses.rows,
        "used": found.losses.size,
        "rejected": [vars(reject) for reject in found.losses.rejects],
        "threshold": found.spec.threshold,
        "most": found.spec.most,
        "above": found.above,
        "tail": None if found.tail is None else dict(vars(found.tail)),
        "capped_mean": found.capped,
        "excess": None if math.isnan(found.excess) else found.excess,
        "excess_of_the_data": found.excess_seen,
        "mean": found.mean,
        "mean_of_the_data": found.mean_seen,
        "large_losses": found.load,
        "error": None if math.isnan(found.error) else found.error,
    }
