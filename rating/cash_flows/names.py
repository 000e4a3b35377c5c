"""Names of projected columns: those of lifelib where it has one, else of the event or cover."""

from collections import Counter

from product_factory.assembled import AssembledProduct

LAPSE = "lapse"


def policies_names(product: AssembledProduct) -> dict[str, str]:
    """Give for each event the column of those whom it meets.

    `pols_death` for `mortality.death`, `pols_lapse` for the only act of the policyholder; events
    that share a name keep that of their process.
    """
    short, acts = {}, []
    for alias, process in product.processes.items():
        for event, declared in process.events.items():
            short[f"{alias}.{event}"] = event
            if declared.by == "policyholder":
                acts.append(f"{alias}.{event}")
    if len(acts) == 1 and LAPSE not in short.values():
        short[acts[0]] = LAPSE
    times = Counter(short.values())
    return {
        event: f"pols_{name if times[name] == 1 else event.replace('.', '_')}"
        for event, name in short.items()
    }


def claims_names(product: AssembledProduct) -> dict[str, str]:
    """Give for each cover, and each line of exclusions, the column of what it pays.

    The lines of one module of exclusions share a column.
    """
    covers = [alias for alias, cover in product.covers.items() if cover.module.pays is not None]
    lines = [
        (f"{alias}.{line.name}", alias)
        for alias, cover in product.exclusions.items()
        for line in cover.module.excludes
    ]
    return {alias: f"claims_{name}" for alias, name in (*((c, c) for c in covers), *lines)}
