"""The states of a model are the cells of a graph's clocks; how events lead on from them."""

from collections.abc import Iterable
from dataclasses import dataclass

from product_factory.clocks import Clocks
from product_factory.states import ENDED


@dataclass(frozen=True)
class Move:
    """From a state to another (ENDED: the contract is over), paying these columns.

    A move may lead back to its own state: a payment that changes nothing.
    """

    source: int
    target: int
    pays: frozenset[str]


def states_of(clocks: Clocks) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Name the states, and give for each the one a step later if nothing happens."""
    names = clocks.graph.names
    places = {cell: number for number, cell in enumerate(clocks.cells)}
    found, onward = [], []
    for cell in clocks.cells:
        left = [f"{c} in {n}" for c, n in zip(clocks.gaps, cell.left, strict=True) if n]
        stays = clocks.graph.living[cell.state].stays
        both = zip(stays, cell.since, strict=True)
        stayed = [_since(clocks, process, *one) for process, one in enumerate(both)]
        found.append(" ".join([names[cell.state], *left, *filter(None, stayed)]))
        after = clocks.after(cell)
        assert after is not None  # noqa: S101 - nothing ends where nothing happens
        onward.append(places[after])
    return tuple(found), tuple(onward)


def _since(clocks: Clocks, process: int, place: int, steps: int) -> str:
    """Say how long a state has lasted; of a relapse that would count, when the stay ended."""
    stay = clocks.spared.get(process)
    if stay is None or stay.place == place:
        return f"since {steps}" if steps else ""
    return f"left {steps} ago" if steps < stay.relapse else ""


def moves_of(
    clocks: Clocks, event: str, columns: tuple[str, ...], *, ends: bool
) -> tuple[Move, ...]:
    """List where an event leads from each state in which it can happen, these paying."""
    places = {cell: number for number, cell in enumerate(clocks.cells)}
    found = []
    for source, cell in enumerate(clocks.cells):
        ready = clocks.ready(cell)
        pays = tuple(column for column in columns if column in ready)
        if not pays and not ends and event not in clocks.graph.leads:
            continue
        if not clocks.graph.happens(clocks.graph.living[cell.state], event):
            continue
        after = None if ends else clocks.after(cell, pays, event)
        target = ENDED if after is None else places[after]
        found.append(Move(source, target, frozenset(pays)))
    return tuple(found)


def mixed(
    waived: tuple[bool, ...], onward: tuple[int, ...], moves: Iterable[tuple[Move, ...]]
) -> tuple[bool, ...]:
    """Tell for each state whether it is one in which premiums are waived, or lies after one."""
    leads: dict[int, set[int]] = {source: {target} for source, target in enumerate(onward)}
    for those in moves:
        for one in those:
            if one.target >= 0:
                leads[one.source].add(one.target)
    reached = {place for place, free in enumerate(waived) if free}
    todo = sorted(reached)
    while todo:
        new = leads[todo.pop()] - reached
        reached |= new
        todo += sorted(new)
    return tuple(place in reached for place in range(len(waived)))
