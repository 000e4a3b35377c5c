"""Facts of the promises: for what covers pay, what is excluded, and what pricing leaves out."""

from collections.abc import Iterator

from product_factory import promise
from product_factory.assembled import AssembledProduct, Cover
from product_factory.basis import LeavesOut
from product_factory.module import event_of
from product_factory.rules.facts import NumberFact, TextFact
from product_factory.types import Type

CAUSE = "cause"
CLOCK = ("time_in_force", "policy_year")
"""What a condition reads that holds for part of the contract only."""
CAUSES = ("illness", "accident")
PRICING = "pricing"
WAITS = ".waits"
TRUTH = Type("yes_no")


def promise_texts(product: AssembledProduct) -> Iterator[tuple[str, TextFact]]:
    """List events, kinds, operations, excluded causes, periods of limits, waits priced as none."""
    at = product.product.place("covers")
    events = [name for cover in product.covers.values() for name, _ in promise.events(cover)]
    yield "definition.events", TextFact(tuple(dict.fromkeys(events)), at)
    kinds = [cover.module.kind for cover in product.covers.values()]
    yield "definition.kinds", TextFact(tuple(dict.fromkeys(kinds)), at)
    lines = [
        line
        for cover in product.covers.values()
        if cover.module.pays is not None
        for line in cover.module.pays.adjust
    ]
    over = [line for pool in product.product.pools.values() for line in pool.adjust]
    operations = dict.fromkeys(line.operation for line in (*lines, *over))
    yield "definition.adjusts", TextFact(tuple(operations), at)
    periods = [line.per for line in lines if line.operation == "limit"]
    yield "definition.limit_periods", TextFact(tuple(dict.fromkeys(periods)), at)
    causes = [cause for use in product.exclusions.values() for cause in _excluded(use)]
    place = product.product.place("exclusions")
    yield "definition.excluded_causes", TextFact(tuple(dict.fromkeys(causes)), place)
    for_ever = [
        cause for use in product.exclusions.values() for cause in _excluded(use, for_ever=True)
    ]
    yield "definition.excluded_for_ever", TextFact(tuple(dict.fromkeys(for_ever)), place)
    basis = product.bases.get(PRICING)
    if basis is not None:
        said = [f"{entry.line}: {entry.because}" for entry in _waits_left_out(product)]
        yield "definition.waits_left_out", TextFact(tuple(said), basis.at)


def _excluded(use: Cover, *, for_ever: bool = False) -> Iterator[str]:
    """List the causes that an exclusion names; only those without a limit of time if wanted."""
    for entry in use.module.excludes:
        tests = entry.where.tests if entry.where is not None else ()
        if for_ever and any(test.name in CLOCK for test in tests):
            continue
        for test in tests:
            if test.name == CAUSE:
                yield from test.any_of


def _waits_left_out(product: AssembledProduct) -> tuple[LeavesOut, ...]:
    basis = product.bases.get(PRICING)
    entries = basis.leaves_out if basis is not None else ()
    return tuple(entry for entry in entries if entry.line.endswith(WAITS))


def promise_numbers(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    """State whether death is covered, by which cause, and whether pricing credits waiting."""
    at = product.product.place("covers")
    by = {c: any(_pays_death(product, one, c) for one in product.covers.values()) for c in CAUSES}
    for cause, paid in by.items():
        yield f"definition.death_by_{cause}", NumberFact(float(paid), TRUTH, at)
    yield "definition.pays_death", NumberFact(float(any(by.values())), TRUTH, at)
    basis = product.bases.get(PRICING)
    if basis is not None:
        priced = not _waits_left_out(product)
        yield "definition.waits_priced", NumberFact(float(priced), TRUTH, basis.at)


def _pays_death(product: AssembledProduct, cover: Cover, cause: str) -> bool:
    """Tell whether a cover pays for a death by a cause, waiting periods and exclusions apart."""
    pays = cover.module.pays
    if pays is None:
        return False
    for name, at in promise.events(cover):
        process, event = event_of(name, at)
        declared = product.processes[process]
        known = declared.marks[CAUSE].of if CAUSE in declared.marks else (cause,)
        tests = pays.where.tests if pays.where is not None else ()
        fits = all(cause in test.any_of for test in tests if test.name == CAUSE)
        if declared.events[event].kills and cause in known and fits:
            return True
    return False
