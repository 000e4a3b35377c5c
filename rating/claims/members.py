"""The plan of one policy: each of several members is an item of its own.

A bound plan knows an item such as `member` once, whatever the number that stand in a policy. Here
each member becomes an item, `member.2`, with its own balances, gaps, times and end of a cover. An
event that happens to items one by one becomes one for each item, heard by the covers of that item
and by those of the policy.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from product_factory.assembled import AssembledProduct
from product_factory.examples import ClaimEvent
from rating.kernels import settle as k
from rating.payout import Entry, PayoutPlan

ITEM = "item"
"""Which item of the product one of the policy is, known of it as its other facts are."""
WHOLE = -1


def one_by_one(product: AssembledProduct, event: str) -> bool:
    """Tell whether an event `process.event` happens to the items of a policy one by one."""
    process, _, name = event.partition(".")
    known = product.processes.get(process)
    return known is not None and name in known.events and known.events[name].each is not None


def event_of(event: str, item: str) -> str:
    """Name an event of one item among the events of `own_plan`; '' for no item."""
    return f"{event} of {item}" if item else event


@dataclass(frozen=True)
class _Row:
    """An entry as the policy has it: number in the plan, and its items by name and place."""

    number: int
    items: tuple[tuple[str, int], ...]


def own_plan(
    plan: PayoutPlan, there: Sequence[str], events: Sequence[ClaimEvent] | None = None
) -> PayoutPlan:
    """Give the plan as one policy sees it; the plan itself where it has one of each item.

    there   the items of the policy, those of which several may stand numbered: `member.1`
    events  what happens to it: members whom nothing may happen to are left out; None: all are in
    """
    product = plan.product
    many = frozenset(name for name, item in product.product.items.items() if item.many)
    single = frozenset(name for name in plan.events if one_by_one(product, name))
    if not many and not single:
        return plan
    met = _met(plan, many, single, events)
    held: dict[str, list[str]] = {item: [] for item in plan.items}
    for label in there:
        kind = label.partition(".")[0]
        if kind in many and (met is None or label in met):
            held[kind].append(label)
    for item in plan.items:
        if item not in many:
            held[item] = [item]
    labels = [label for item in plan.items for label in held[item]]
    places = {label: place for place, label in enumerate(labels)}
    rows = [
        row
        for number, entry in enumerate(plan.entries)
        for row in _rows(number, entry, held, places, many, single)
    ]
    codes = [
        (number, place)
        for number, name in enumerate(plan.events)
        for place in (_hit(labels, met) if name in single else (WHOLE,))
    ]
    return replace(
        _arranged(plan, rows, codes),
        events=tuple(
            event_of(plan.events[number], "" if place == WHOLE else labels[place])
            for number, place in codes
        ),
        items=tuple(labels),
        item_facts=(*plan.item_facts, ITEM),
    )


def _met(
    plan: PayoutPlan,
    many: Collection[str],
    single: Collection[str],
    events: Sequence[ClaimEvent] | None,
) -> frozenset[str] | None:
    """Give the items that events name; None where one concerns all members, or may."""
    if events is None:
        return None
    heard = {
        name
        for entry in plan.entries
        if any(item in many for item, _ in entry.slots)
        for name in entry.events
    }
    if any(event.event in heard and event.event not in single for event in events):
        return None
    return frozenset(event.item for event in events if event.item is not None)


def _hit(labels: Sequence[str], met: frozenset[str] | None) -> Iterator[int]:
    return (place for place, label in enumerate(labels) if met is None or label in met)


def _rows(
    number: int,
    entry: Entry,
    held: Mapping[str, Sequence[str]],
    places: Mapping[str, int],
    many: frozenset[str],
    single: frozenset[str],
) -> Iterator[_Row]:
    """Give an entry once, or once for each item, where every item has its own course."""
    kinds = [item for item, _ in entry.slots if item]
    if not kinds:
        yield _Row(number, (("", WHOLE),))
        return
    items = tuple((label, places[label]) for item in kinds for label in held[item])
    if not (many.isdisjoint(kinds) and single.isdisjoint(entry.events)):
        yield from (_Row(number, (one,)) for one in items)
    else:
        yield _Row(number, items)


def _arranged(
    plan: PayoutPlan, rows: Sequence[_Row], codes: Sequence[tuple[int, int]]
) -> PayoutPlan:
    """Lay the arrays out by the rows, and by the events, of (event, place of its item)."""
    arrays, old = plan.arrays, len(plan.entries)
    numbers = np.array([row.number for row in rows], dtype=np.int64)
    every = np.concatenate([numbers, np.arange(old, len(arrays.ends))])
    named = np.array([number for number, _ in codes], dtype=np.int64)
    place = np.array([place for _, place in codes], dtype=np.int64)
    heard = np.ones((len(every), len(codes)), dtype=np.int64)
    for at, row in enumerate(rows):
        if row.items != (("", WHOLE),):
            heard[at] = np.isin(place, [WHOLE, *(one for _, one in row.items)])
    sources = arrays.sources[every].copy()
    sources[sources[..., 0] == k.ITEM] = (k.ITEM_FACT, len(plan.item_facts))
    computed = arrays.computed.copy()
    computed[:, 0] += len(rows) - old
    alike = (place[:, None] == place) | (place[:, None] == WHOLE) | (place == WHOLE)
    slots = [(at, one) for at, row in enumerate(rows) for _, one in row.items]
    effects = [
        (at, *effect[1:])
        for effect in arrays.effects.tolist()
        for at in np.flatnonzero(numbers == effect[0]).tolist()
    ]
    laid = arrays._replace(
        listens=arrays.listens[np.ix_(every, named)] * heard,
        ends=arrays.ends[every],
        waives=arrays.waives[every],
        effects=np.array(effects, dtype=np.int64).reshape(-1, 4),
        once=arrays.once[every],
        listed=arrays.listed[every],
        outranks=arrays.outranks[np.ix_(named, named)] * alike,
        slot_entry=np.array([entry for entry, _ in slots], dtype=np.int64),
        slot_item=np.array([item for _, item in slots], dtype=np.int64),
        parts=arrays.parts[every],
        first_register=arrays.first_register[every],
        first_code=arrays.first_code[every],
        registers=arrays.registers[every],
        sources=sources,
        inputs=arrays.inputs[every],
        stage_line=arrays.stage_line[:, numbers],
        computed=computed,
    )
    entries: list[Entry] = []
    first = 0
    for row in rows:
        items = tuple((label, first + n) for n, (label, _) in enumerate(row.items))
        entries.append(replace(plan.entries[row.number], slots=items))
        first += len(items)
    programs = tuple(plan.programs[number] for number in every.tolist())
    return replace(plan, arrays=laid, entries=tuple(entries), programs=programs)
