"""The lines of all covers in one order, and what payments do to their balances."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.constants import constant
from product_factory.contract import BEGINS_ABOVE
from product_factory.errors import At, BadInput, BadValue, nearest
from product_factory.module import AdjustLine, Then
from product_factory.promise import DAYS, line_names, scope
from rating.kernels import effects
from rating.payout.parts import Written
from rating.payout.plan import Entry, Stage

Integers = npt.NDArray[np.int64]
LASTING = ("policy_year", "contract")


def stages(product: AssembledProduct, entries: list[Written]) -> tuple[tuple[Stage, ...], Integers]:
    """Order the lines of all covers; a pooled line stands once, at its place in each cover.

    Gives the stages, and [stage, entry] the number of the line that stands there, -1 for none.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for number, one in enumerate(entries):
        for place, key in enumerate(one.keys):
            found.setdefault(key, []).append((number, place))
    order = _order(product, [one.keys for one in entries])
    stage_line = np.full((len(order), len(entries)), -1, dtype=np.int64)
    made: list[Stage] = []
    for stage, key in enumerate(order):
        lines = [entries[number].lines[place] for number, place in found[key]]
        _alike(product, key, lines)
        for number, place in found[key]:
            stage_line[stage, number] = place
        made.append(
            Stage(
                operation=lines[0].operation,
                per=lines[0].per,
                each=lines[0].each or "",
                lines=tuple((entries[number].entry.name, place) for number, place in found[key]),
                pool=_pool_of(key),
            )
        )
    return tuple(made), stage_line


def effects_of(
    product: AssembledProduct, entries: list[Written], found: tuple[Stage, ...]
) -> Integers:
    """List what payments reduce and restore, as `rating.kernels.effects` reads it: [effect, 4].

    Raises BadInput for a balance that is unknown or does not outlast the event.
    """
    rows: list[tuple[int, int, int, int]] = []
    for number, one in enumerate(entries):
        then = one.then or Then.model_construct()
        wanted = [(effects.REDUCES, name, then.at, 0) for name in then.reduces]
        wanted += [(effects.RESTORES, *entry) for entry in _restored(product, one.entry, then)]
        for kind, name, at, days in wanted:
            try:
                targets = _targets(product, entries, found, name)
                if kind == effects.REDUCES:
                    _reducible(found, targets, name)
            except BadValue as error:
                raise BadInput.one(at, f"{one.entry.name}.then", str(error)) from None
            rows += [(number, kind, target, days) for target in targets]
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def _reducible(found: tuple[Stage, ...], targets: list[int], name: str) -> None:
    """Refuse a corridor: of it is used up what came, borne or not, and not what was paid."""
    if any(one != effects.SUM_INSURED and found[one].operation == BEGINS_ABOVE for one in targets):
        message = f"expected a balance that payments reduce, got '{name}', which is a corridor"
        raise BadValue(message)


def _restored(product: AssembledProduct, entry: Entry, then: Then) -> Iterator[tuple[str, At, int]]:
    for name, after in then.restores.items():
        days = constant(after, scope(product, entry.cover), DAYS)
        if days is None or days < 0:
            text = "expected a time of 0 days or more, the same for all policies"
            raise BadInput.one(after.at, f"{entry.name}.then.restores", text)
        yield name, after.at, int(days)


def _targets(
    product: AssembledProduct, entries: list[Written], found: tuple[Stage, ...], name: str
) -> list[int]:
    """Give the stages that a name means, or SUM_INSURED."""
    if name == "sum_insured":
        return [effects.SUM_INSURED]
    cover, _, term = name.partition(".")
    own = {one.entry.name: one for one in entries}
    here = [
        number
        for number, stage in enumerate(found)
        if name == stage.pool or any(_reads(own[alias], n, cover, term) for alias, n in stage.lines)
    ]
    if not here:
        known = [f"{c.alias}.{t}" for c in product.covers.values() for t in c.terms]
        known += [*product.product.pools, "sum_insured"]
        message = f"unknown balance '{name}'{nearest(name, known)}"
        raise BadValue(message)
    lasting = [number for number in here if found[number].per in LASTING]
    if not lasting:
        message = f"expected a balance per policy_year or contract, got '{name}'"
        raise BadValue(message)
    return lasting


def _reads(one: Written, place: int, cover: str, term: str) -> bool:
    """Tell whether a line of a cover's own reads a term, or is the operation of that name."""
    of_a_pool_over = len(one.keys[place].split()) > len(("pool", "name"))
    of_it = one.entry.cover.alias == cover and not one.entry.exclusion
    return of_it and not of_a_pool_over and term in line_names(one.lines[place])


def _pool_of(key: str) -> str:
    return key.split()[1] if key.startswith("pool ") else ""


def _order(product: AssembledProduct, rows: list[tuple[str, ...]]) -> list[str]:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for row in rows:
        for before, after in zip([None, *row], row, strict=False):
            sorter.add(after, *([before] if before else []))
    try:
        return list(sorter.static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        at = product.product.place("pools")
        text = f"the pools want their lines in an order that no cover can keep: {circle}"
        raise BadInput.one(at, "pools", text) from None


def _alike(product: AssembledProduct, key: str, lines: list[AdjustLine]) -> None:
    shapes = {(line.operation, line.per, line.each) for line in lines}
    if len(shapes) > 1:
        shown = ", ".join(sorted(f"{o} per {p}{' each ' + e if e else ''}" for o, p, e in shapes))
        at = product.product.place("pools")
        raise BadInput.one(at, f"pools.{key.removeprefix('pool ')}", f"joins unlike lines: {shown}")
