"""The states of a model are the cells of a graph's clocks; how events lead on from them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from product_factory.clocks import Cell, Clocks
from product_factory.states import ENDED


@dataclass(frozen=True)
class Move:
    """From a state to another (ENDED: the contract is over), paying these columns.

    A move may lead back to its own state: a payment that changes nothing.
    """

    source: int
    target: int
    pays: frozenset[str]


@dataclass(frozen=True)
class Running:
    """A clock of a state.

    kind   gap: steps still to come in which the cover `of` pays nothing more; since: steps for
           which the process `of` has been in `state`, as far as they are counted; left: steps since
           it left `state`, while a relapse would count
    """

    kind: Literal["gap", "since", "left"]
    of: str
    steps: int
    state: str = ""


NAMES = {"gap": "{of} in {steps}", "since": "since {steps}", "left": "left {steps} ago"}


def _name(one: Running, *, several: bool) -> str:
    name = NAMES[one.kind].format(of=one.of, steps=one.steps)
    return f"{one.of} {name}" if several and one.state else name


def states_of(clocks: Clocks) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Name the states, and give for each the one a step later if nothing happens."""
    names = clocks.graph.names
    places = {cell: number for number, cell in enumerate(clocks.cells)}
    several = len(clocks.graph.moving) > 1
    found, onward = [], []
    for cell in clocks.cells:
        timed = (_name(one, several=several) for one in running(clocks, cell))
        found.append(" ".join((names[cell.state], *timed)))
        after = clocks.after(cell)
        assert after is not None  # noqa: S101 - nothing ends where nothing happens
        onward.append(places[after])
    return tuple(found), tuple(onward)


def running(clocks: Clocks, cell: Cell) -> Iterator[Running]:
    """Give the clocks that run: of a relapse that would count, that of the stay that ended."""
    for cover, left in zip(clocks.gaps, cell.left, strict=True):
        if left:
            yield Running("gap", cover, left)
    places = clocks.graph.living[cell.state].stays
    moving = clocks.graph.moving.items()
    for number, ((process, states), place) in enumerate(zip(moving, places, strict=True)):
        stay, steps = clocks.spared.get(number), cell.since[number]
        if stay is None or stay.place == place:
            if steps:
                yield Running("since", process, steps, states[place])
        elif steps < stay.relapse:
            yield Running("left", process, steps, states[stay.place])


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
