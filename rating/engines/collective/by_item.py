"""Expected costs of policies whose items are hit one by one, such as the members of a group.

A policy is its rows: what happens to it as a whole, and to each of its items. Balances of an item
are met by the events of its row, those of the policy by the events of all. Rows that are alike are
computed once; where the counts of several add up to one of their kind, they are one source.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from product_factory.errors import BadInput
from rating.engines.collective.accumulate import Taken, taken
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.closed import closed_costs
from rating.engines.collective.expected_cost import Expected
from rating.engines.collective.fingerprint import Fingerprints
from rating.engines.collective.outcomes import Outcomes, outcomes
from rating.engines.collective.terms import Balance, balances, refused
from rating.frequencies import NegativeBinomial, Poisson


@dataclass(frozen=True)
class Alike:
    """Rows that nothing tells apart: one of them, and how many there are."""

    row: int
    number: int


def alike_rows(model: AnnualModel, cell: int) -> tuple[Alike, ...]:
    """Group the rows of a policy, in their order."""
    told = Fingerprints(model.of_rows)
    found: dict[bytes, list[int]] = {}
    for row in model.rows_of(cell):
        found.setdefault(told.year(row), []).append(row)
    return tuple(Alike(rows[0], len(rows)) for rows in found.values())


def closed_of_rows(model: AnnualModel, cell: int) -> dict[str, Expected]:
    """Give the covers that have a closed form for every row, summed over the rows."""
    found: dict[str, list[tuple[int, Expected]]] = {}
    kinds = alike_rows(model, cell)
    for kind in kinds:
        for name, cost in closed_costs(model.of_rows, kind.row).items():
            found.setdefault(name, []).append((kind.number, cost))
    return {n: _sum(parts) for n, parts in found.items() if len(parts) == len(kinds)}


def _sum(parts: Sequence[tuple[int, Expected]]) -> Expected:
    items = dict.fromkeys(item for _, cost in parts for item, _ in cost.by_item)
    by_item = tuple(
        (one, math.fsum(k * v for k, cost in parts for item, v in cost.by_item if item == one))
        for one in items
    )
    return replace(
        parts[0][1],
        value=math.fsum(k * cost.value for k, cost in parts),
        bound=math.fsum(k * cost.bound for k, cost in parts),
        by_item=by_item,
    )


@dataclass(frozen=True)
class _Part:
    """Sources of rows that are alike: of all of them together, and of one alone."""

    row: int
    number: int
    together: tuple[Outcomes, ...]
    alone: tuple[Outcomes, ...]


def sources_of_rows(
    model: AnnualModel, cell: int
) -> tuple[tuple[Outcomes, ...], tuple[Balance, ...], tuple[Taken, ...]]:
    """Give what events pay by themselves, the balances of the year, and what these take.

    Raises BadInput where the rows of a policy state one of its balances differently.
    """
    parts = tuple(part for kind in alike_rows(model, cell) for part in _parts(model, kind))
    sources = tuple(source for part in parts for source in part.together)
    found = [
        one
        for number in range(len(model.payout.stages))
        for one in _taken_of_stage(model, parts, number)
    ]
    return sources, tuple(one for one, _ in found), tuple(takes for _, takes in found)


def _parts(model: AnnualModel, kind: Alike) -> Iterator[_Part]:
    """Give one part of all rows where their counts add up to one, else one of each."""
    alone = tuple(one for one in outcomes(model.of_rows, kind.row) if one.frequency.mean > 0.0)
    if all(isinstance(one.frequency, Poisson | NegativeBinomial) for one in alone):
        many = tuple(replace(one, frequency=one.frequency.scaled(kind.number)) for one in alone)
        yield _Part(kind.row, kind.number, many, alone)
        return
    for _ in range(kind.number):
        yield _Part(kind.row, 1, alone, alone)


def balances_of_rows(
    model: AnnualModel, rows: Sequence[int], number: int
) -> Iterator[tuple[Balance, tuple[int, ...]]]:
    """Give the balances of one stage, each with the places of the rows that meet it.

    One of the policy is met by all. One of an item is met by the item's row, and by the policy's
    own where its events reach the item as well.

    Raises BadInput where the rows state a balance of the policy differently.
    """
    met = [
        (place, one)
        for place, row in enumerate(rows)
        for one in balances(model.of_rows, row, (number,))
    ]
    if model.payout.stages[number].each:
        item = model.rows.item
        own = [item is not None and item[row] < 0 for row in rows]
        of_policy = {one.slots for place, one in met if own[place]}
        groups: dict[tuple[int, ...], list[tuple[int, Balance]]] = {}
        for place, one in met:
            apart = () if one.slots in of_policy else (-1 - place,)
            groups.setdefault((*apart, *one.slots), []).append((place, one))
        for group in groups.values():
            yield group[0][1], tuple(place for place, _ in group)
    elif met:
        yield _of_policy(model, [one for _, one in met]), tuple(range(len(rows)))


def _of_policy(model: AnnualModel, met: Sequence[Balance]) -> Balance:
    first = met[0]
    if any((one.value, one.above) != (first.value, first.above) for one in met):
        values = ", ".join(f"{value:.12g}" for value in sorted({one.value for one in met}))
        at = model.product.product.place("pools")
        why = f"'{first.title}': one {first.operation} of the policy was expected, got {values}"
        raise BadInput([refused(at, "pools", why)])
    return replace(first, slots=tuple(dict.fromkeys(slot for one in met for slot in one.slots)))


def _taken_of_stage(
    model: AnnualModel, parts: Sequence[_Part], number: int
) -> Iterator[tuple[Balance, Taken]]:
    each = model.payout.stages[number].each
    for balance, places in balances_of_rows(model, [part.row for part in parts], number):
        met = [parts[place] for place in places]
        # rows that are alike have a balance of an item each, and one of the policy together
        known = [source for part in met for source in (part.alone if each else part.together)]
        if not known:
            continue
        k = met[0].number if each else 1
        one = taken(balance, known, model.basis.at)
        values, bounds = iter(one.each), iter(one.each_bound)
        size = [(place in places, len(part.together)) for place, part in enumerate(parts)]
        yield (
            balance,
            Taken(
                each=tuple(k * next(values) if here else 0.0 for here, n in size for _ in range(n)),
                each_bound=tuple(
                    k * next(bounds) if here else 0.0 for here, n in size for _ in range(n)
                ),
                all=k * one.all,
                all_bound=k * one.all_bound,
            ),
        )
