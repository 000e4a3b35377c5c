"""Expected cost of a year by quadrature over single events and recursion over the year.

A cover costs frequency × mean payout of an event, less what yearly limits take when events of one
year meet there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from product_factory.errors import BadInput
from rating.engines.collective.accumulate import Taken, taken
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.by_item import sources_of_rows
from rating.engines.collective.expected_cost import Expected
from rating.engines.collective.outcomes import Outcomes, outcomes
from rating.engines.collective.terms import Balance, balances, check_terms
from rating.payout import Entry

CENT = 0.005
"""What rounding to the cent may move one payout."""


@dataclass(frozen=True)
class _Year:
    """A policy's year: what events pay by themselves, and what balances take from it."""

    sources: tuple[Outcomes, ...]
    balances: tuple[Balance, ...]
    taken: tuple[Taken, ...]

    def mean(self, source: int, slot: int) -> float:
        one = self.sources[source]
        return one.frequency.mean * float(one.fine.mean[slot])

    def bound(self, source: int, slot: int) -> float:
        """Quadrature against half as many panels, jumps that no node is cut at, and the cents."""
        one = self.sources[source]
        mean = one.fine.mean[slot]
        apart = 0.0 if one.coarse is None else abs(float(mean - one.coarse.mean[slot]))
        apart += float(one.residue[slot])
        return one.frequency.mean * (apart + (CENT if mean > 0.0 else 0.0))

    def variance(self, slots: Sequence[int]) -> float:
        """Give the variance of what some slots are paid in a year, as if no limit lasted longer."""
        found: list[float] = []
        for one in self.sources:
            event = one.fine.together(slots)
            count = one.frequency
            found.append(count.mean * event.square)
            found.append((count.variance - count.mean) * event.mean * event.mean)
        return math.fsum(found)


def numeric_costs(model: AnnualModel, cell: int) -> tuple[Expected, ...]:
    """Give the expected yearly cost of each cover and pool for a policy of a cell, with its bound.

    Raises BadInput at terms that need a simulation.
    """
    check_terms(model)
    year = _year(model, cell)
    for balance in year.balances:
        _one_cover_a_process(model, year, balance)
    found = [
        _of_entry(year, entry)
        for entry in model.payout.entries
        if not entry.exclusion or _slot_means(year, entry) > 0.0
    ]
    by_name = {one.group[0]: one for one in found}
    found += [
        _of_pool(model, year, name, tuple(by_name[cover] for cover in covers))
        for name, covers in pools(model).items()
    ]
    return tuple(found)


def _year(model: AnnualModel, cell: int) -> _Year:
    if model.by_item:
        return _Year(*sources_of_rows(model, cell))
    sources = outcomes(model, cell)
    limits = balances(model, cell)
    return _Year(sources, limits, tuple(taken(one, sources, model.basis.at) for one in limits))


def pools(model: AnnualModel) -> dict[str, tuple[str, ...]]:
    """List the covers of each pool, in the order of the product."""
    return {
        name: tuple(entry.name for entry in model.payout.entries if entry.name in pool.covers)
        for name, pool in model.product.product.pools.items()
    }


def _slot_means(year: _Year, entry: Entry) -> float:
    sources = range(len(year.sources))
    return math.fsum(year.mean(source, slot) for source in sources for _, slot in entry.slots)


def _one_cover_a_process(model: AnnualModel, year: _Year, balance: Balance) -> None:
    """Refuse an event that two covers pay from one yearly balance: it is shared by no formula."""
    entry_of = model.payout.arrays.slot_entry
    for place, source in enumerate(year.sources):
        fed = {int(entry_of[slot]) for slot in balance.slots if year.mean(place, slot) > 0.0}
        if len(fed) > 1:
            names = " and ".join(model.payout.entries[number].name for number in sorted(fed))
            text = (
                f"{names} pay {source.name} from the one {balance.operation} {balance.title}: no "
                "closed or numeric expected cost, so the method would be simulated"
            )
            raise BadInput.one(model.product.product.place("pools"), "pools", text)


def _of_entry(year: _Year, entry: Entry) -> Expected:
    parts: list[float] = []
    bounds: list[float] = []
    by_item: list[tuple[str, float]] = []
    for item, slot in entry.slots:
        value, bound = _of_slot(year, slot)
        parts.append(value)
        bounds.append(bound)
        if item:
            by_item.append((item, value))
    methods = {one.method for one in year.sources if one.name in entry.events}
    return Expected(
        group=(entry.name,),
        method="events" if methods == {"events"} else "numeric",
        value=math.fsum(parts),
        bound=math.fsum(bounds),
        by_item=tuple(by_item),
        variance=year.variance([slot for _, slot in entry.slots]),
    )


def _of_slot(year: _Year, slot: int) -> tuple[float, float]:
    """Give what a slot costs and its bound; slots that share a balance share what it takes."""
    values: list[float] = []
    bounds: list[float] = []
    for source in range(len(year.sources)):
        mean = year.mean(source, slot)
        if mean == 0.0:
            continue
        values.append(mean)
        bounds.append(year.bound(source, slot))
        for balance, takes in zip(year.balances, year.taken, strict=True):
            if slot in balance.slots:
                share = mean / math.fsum(year.mean(source, one) for one in balance.slots)
                values.append(-takes.each[source] * share)
                bounds.append(takes.each_bound[source] * share)
    return math.fsum(values), math.fsum(bounds)


def _of_pool(model: AnnualModel, year: _Year, name: str, covers: Sequence[Expected]) -> Expected:
    """Give a pool from the distribution of its year's sum, which no date enters."""
    value = [cover.value for cover in covers]
    bound = [cover.bound for cover in covers]
    for balance, takes in zip(year.balances, year.taken, strict=True):
        if balance.title == name:
            value.append(math.fsum(takes.each) - takes.all)
            bound.append(takes.all_bound)
    items = dict.fromkeys(item for cover in covers for item, _ in cover.by_item)
    by_item = tuple(
        (item, math.fsum(v for cover in covers for i, v in cover.by_item if i == item))
        for item in items
    )
    group = tuple(cover.group[0] for cover in covers)
    slots = [
        slot for entry in model.payout.entries if entry.name in group for _, slot in entry.slots
    ]
    return Expected(
        group, "numeric", math.fsum(value), math.fsum(bound), by_item, year.variance(slots)
    )
