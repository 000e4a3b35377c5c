"""What a product promises for an event with its marks, as amounts on the grid.

Exclusions are read first: what one takes reaches no cover. Inside a waiting period that the basis
credits a cover pays what it pays meanwhile, or nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct, Cover
from product_factory.clocks import Clocks
from product_factory.errors import At, BadInput
from product_factory.expressions.scope import Layers
from product_factory.expressions.tree import Expression
from product_factory.module import Exclusion, Pays
from product_factory.promise import scope as promise_scope
from product_factory.types import Type, read_literal
from rating.engines.multistate.amount import Amount
from rating.engines.multistate.grid import Grid
from rating.engines.multistate.instalments import Instalments, Rest

Floats = npt.NDArray[np.float64]
MONEY = Type("money")


@dataclass(frozen=True)
class Promised:
    """One payment that an event may bring.

    column  the cover, or `exclusion.line`
    holds   [cell, step] 1 where it is paid, if the contract's state lets the cover pay
    amount  in the product's currency;  at: where it is written
    """

    column: str
    holds: Floats
    amount: Amount | Rest
    at: At


def promised(
    grid: Grid,
    basis: AssembledBasis,
    clocks: Clocks,
    event: str,
    marks: Mapping[str, str],
    due: tuple[Instalments, ...] = (),
) -> tuple[Promised, ...]:
    """List what an event with these marks may bring, where nothing is paid on none of the grid.

    due  the payments at due dates, of whose guarantees an event brings the rest
    """
    product = grid.product
    declared = product.processes[event.partition(".")[0]].marks
    coded = {n: read_literal(c, declared[n].declared) for n, c in marks.items()}
    left = np.ones((grid.cells.size, grid.steps))
    found: list[Promised] = []
    for cover, line in _excluding(product, event):
        scope = promise_scope(product, cover)
        fits = grid.holds(line.where, scope, coded) * left
        if fits.any():
            amount = grid.amount(line.amount, scope, MONEY, coded)
            found.append(Promised(f"{cover.alias}.{line.name}", fits, amount, line.amount.at))
        left = left * (1.0 - fits)
    resting = {one.column: one for one in due}
    for cover, pays in _paying(product, event):
        if cover.alias in resting:
            one = resting[cover.alias]
            found.append(Promised(one.column, one.began * left, Rest(one), one.at))
            continue
        found += _of_cover(grid, basis, clocks, cover, pays, coded, left)
    return tuple(one for one in found if one.holds.any())


def _of_cover(
    grid: Grid,
    basis: AssembledBasis,
    clocks: Clocks,
    cover: Cover,
    pays: Pays,
    coded: Mapping[str, float],
    left: Floats,
) -> Iterator[Promised]:
    lines = [line for line in pays.adjust if not basis.without(f"{cover.alias}.{line.operation}")]
    if lines:
        text = "the multistate engine pays amounts that no line adjusts"
        raise BadInput.one(pays.place("adjust"), f"covers.{cover.alias}.adjust", text)
    if clocks.graph.effects[cover.alias].reduces or clocks.graph.effects[cover.alias].restores:
        text = "the multistate engine knows no sum insured that payments reduce or restore"
        raise BadInput.one(pays.place("then"), f"covers.{cover.alias}.then", text)
    scope = promise_scope(grid.product, cover)
    fits = grid.holds(pays.where, scope, coded) * left
    steps = clocks.waits.get(cover.alias, 0)
    if steps and pays.waits is not None:
        early = (np.arange(grid.steps) < steps).astype(np.float64)[None, :] * fits
        if pays.waits.unless is not None:
            early = early * (1.0 - grid.holds(pays.waits.unless, scope, coded))
        if pays.waits.meanwhile is not None:
            yield _one(grid, cover, early, pays.waits.meanwhile, scope, coded)
        fits = fits * (1.0 - early)
    yield _one(grid, cover, fits, pays.amount, scope, coded)


def _one(
    grid: Grid,
    cover: Cover,
    holds: Floats,
    amount: Expression,
    scope: Layers,
    coded: Mapping[str, float],
) -> Promised:
    return Promised(cover.alias, holds, grid.amount(amount, scope, MONEY, coded), amount.at)


def _excluding(product: AssembledProduct, event: str) -> list[tuple[Cover, Exclusion]]:
    return [
        (cover, line)
        for cover in product.exclusions.values()
        for line in cover.module.excludes
        if event in line.event
    ]


def _paying(product: AssembledProduct, event: str) -> list[tuple[Cover, Pays]]:
    return [
        (cover, cover.module.pays)
        for cover in product.covers.values()
        if cover.module.pays is not None and event in cover.module.pays.event
    ]
