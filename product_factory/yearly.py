"""A contract of many years beside whose life things happen by number: treatments, accidents.

Rates of a life say when it ends and where it goes; events by number happen to those who are alive,
year after year, and their terms are renewed with every policy year. Either side is priced by an
engine of its own; this says which covers are of which.
"""

from collections.abc import Iterator
from dataclasses import replace

from product_factory.assembled import RATED, AssembledProduct, Cover
from product_factory.errors import Problem
from product_factory.promise import events

COUNTED = ("collective",)
"""Kinds of process that may stand beside a life: events of one policy, counted by the year."""


def counted(product: AssembledProduct) -> tuple[str, ...]:
    """Name the processes beside a life whose events are counted by the year, in their order."""
    if not product.long_term:
        return ()
    return tuple(alias for alias, one in product.processes.items() if one.kind not in RATED)


def by_year(product: AssembledProduct, cover: Cover) -> bool:
    """Tell whether a cover or exclusion stands beside a life, on events counted by the year."""
    beside = counted(product)
    return any(event.partition(".")[0] in beside for event, _ in events(cover))


def of_a_year(product: AssembledProduct) -> AssembledProduct:
    """Give what is counted by the year of a contract of many: its processes, and covers on them.

    A product without a life, or without such a process, is given back as it is.
    """
    return product.derive("what is counted by the year", lambda: _of_a_year(product))


def _of_a_year(product: AssembledProduct) -> AssembledProduct:
    beside = counted(product)
    if not beside:
        return product
    covers = {name: cover for name, cover in product.covers.items() if by_year(product, cover)}
    exclusions = {}
    for name, use in product.exclusions.items():
        lines = tuple(
            line.model_copy(update={"event": here})
            for line in use.module.excludes
            if (here := tuple(e for e in line.event if e.partition(".")[0] in beside))
        )
        if lines:
            module = use.module.model_copy(update={"excludes": lines})
            exclusions[name] = replace(use, module=module)
    return replace(
        product,
        product=product.product.model_copy(
            update={
                "one_a_date": {},
                "pools": {
                    name: pool
                    for name, pool in product.product.pools.items()
                    if pool.covers <= {*covers}
                },
            }
        ),
        processes={alias: product.processes[alias] for alias in beside},
        covers=covers,
        exclusions=exclusions,
    )


def yearly_problems(product: AssembledProduct) -> Iterator[Problem]:
    """List what keeps the two sides of a contract of many years from being told apart."""
    for basis in product.bases.values():
        if basis.inflation is not None and not counted(product):
            text = (
                "expected no inflation: it is of events counted by the year beside a life, such "
                "as treatments in a contract of many years"
            )
            yield Problem(basis.inflation.at, f"{basis.name}.inflation", text)
    beside = counted(product)
    if not beside:
        return
    for alias in beside:
        process = product.processes[alias]
        if process.kind not in COUNTED:
            text = (
                f"expected events of one policy beside a life, got a process that is {process.kind}"
            )
            yield Problem(process.at, f"processes.{alias}.kind", text)
    for cover in product.covers.values():
        sides = {event.partition(".")[0] in beside for event, _ in events(cover)}
        if len(sides) > 1:
            text = "expected events of a life, or events counted by the year, got both"
            yield Problem(cover.at, f"covers.{cover.alias}.event", text)
    for name, pool in product.product.pools.items():
        known = [product.covers[one] for one in sorted(pool.covers) if one in product.covers]
        if len({by_year(product, one) for one in known}) > 1:
            text = "expected covers of a life, or of events counted by the year, got both"
            yield Problem(product.product.place("pools"), f"pools.{name}", text)
