"""A process: what happens, whose events carry marks. Shape only; the numbers stand in the bases."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field, model_validator

from product_factory.declared import Mark
from product_factory.errors import BadValue, nearest
from product_factory.strict import Bilingual, Path, Strict, Texts, Value, Version, Word

SHOCK = "shock"
"""What a basis may state of two lives: the yearly rate of what both die of, a part of each's."""
TWO = 2


class Event(Strict):
    """One thing that can happen.

    `ends: life`: nothing else happens to the life after it. `by: policyholder`: an act, which falls
    where the grid of a basis says that surrenders fall. `from` and `to`: the states that it leads
    from and to, in a process of transitions or of lives. `of`: the lives that die, in one of lives.
    `each: item`: it happens to the items of a policy one by one, each at its own rate.
    """

    title: Bilingual
    ends: Literal["life"] | None = None
    by: Literal["policyholder"] | None = None
    leaves: Texts = Field((), alias="from")
    to: Word | None = None
    of: Texts = ()
    each: Literal["item"] | None = None

    @property
    def kills(self) -> bool:
        """Whether a life ends by it: the only one, or one of two."""
        return self.ends == "life" or bool(self.of)


class Life(Strict):
    """One of the two lives that a contract insures; a basis states the yearly rate of its death."""

    title: Bilingual


class ProcessState(Strict):
    """A state that a life may enter and leave.

    select  how long the rates of those in it depend on the time since they entered
    """

    title: Bilingual
    select: Value | None = None


class Process(Strict):
    """A process file.

    decrement    at most one event of each name per life, at a yearly rate
    incidence    may happen again to the same life, at a yearly rate for each event
    transitions  leads a life from state to state, at a yearly rate for each event in its states;
                 everyone starts in the first state
    lives        two lives that die, at a yearly rate each: three states (both alive, and one or the
                 other alone), five events (one dies, the other, both at once, the one left dies)
    collective   a number of events a year, each with drawn marks
    catalogue    events with a yearly rate each, and an intensity at every place
    """

    process: Path
    version: Version
    title: Bilingual
    kind: Literal["decrement", "incidence", "transitions", "lives", "collective", "catalogue"]
    drawn: Literal["policy", "portfolio"]
    lives: dict[Word, Life] = Field(default_factory=dict)
    states: dict[Word, ProcessState] = Field(default_factory=dict)
    events: dict[Word, Event] = Field(min_length=1)
    marks: dict[Word, Mark] = Field(default_factory=dict)

    @property
    def moves(self) -> bool:
        """Whether its events lead from state to state."""
        return self.kind in ("transitions", "lives")

    @property
    def from_the_start(self) -> bool:
        """Whether its states are of lives that are there from the start of the contract.

        Payments while in one follow the contract's years, not the day on which it was entered.
        """
        return self.kind == "lives"

    @property
    def rated(self) -> tuple[str, ...]:
        """What a basis must state a rate or number of: the events, or the lives."""
        return tuple(self.lives) if self.kind == "lives" else tuple(self.events)

    @property
    def may_rate(self) -> tuple[str, ...]:
        """What a basis may state beside: of two lives, the shock that both die of."""
        return (SHOCK,) if self.kind == "lives" else ()

    @model_validator(mode="after")
    def _states_of_transitions(self) -> "Process":
        if self.kind != "lives" and self.lives:
            message = f"'lives' are for kind lives, not for {self.kind}"
            raise BadValue(message)
        if not self.moves:
            if self.states:
                message = f"'states' are for kind transitions or lives, not for {self.kind}"
                raise BadValue(message)
            for name, event in self.events.items():
                if event.leaves or event.to is not None:
                    message = f"event '{name}': 'from' and 'to' are for kind transitions or lives"
                    raise BadValue(message)
        elif len(self.states) < 2:  # noqa: PLR2004 - a state that one may leave needs another
            message = f"expected 2 states or more under 'states', got {len(self.states)}"
            raise BadValue(message)
        for name, event in self.events.items():
            if event.each is not None:
                self._one_by_one(name, event)
            if event.of and self.kind != "lives":
                message = f"event '{name}': 'of' is for kind lives"
                raise BadValue(message)
            if self.moves:
                self._leads(name, event)
        if self.kind == "lives":
            _two_lives(self)
        return self

    def _one_by_one(self, name: str, event: Event) -> None:
        if self.kind != "collective":
            message = f"event '{name}': 'each' is for kind collective, not for {self.kind}"
            raise BadValue(message)
        if event.ends is not None:
            message = f"event '{name}': expected no 'ends', since it happens to one item only"
            raise BadValue(message)

    def _leads(self, name: str, event: Event) -> None:
        for state in (*event.leaves, *((event.to,) if event.to else ())):
            if state not in self.states:
                message = f"event '{name}': unknown state '{state}'{nearest(state, self.states)}"
                raise BadValue(message)
        if not event.leaves:
            message = f"event '{name}': expected the key 'from', the states that it leads from"
            raise BadValue(message)
        if (event.to is None) == (event.ends is None):
            message = f"event '{name}': expected one of 'to', a state, and 'ends: life'"
            raise BadValue(message)
        if event.to in event.leaves:
            message = f"event '{name}': leads from '{event.to}' to itself"
            raise BadValue(message)


def _two_lives(process: Process) -> None:
    """Hold a process of lives against its shape: who dies where, and who is left."""
    lives, states = tuple(process.lives), tuple(process.states)
    if len(lives) != TWO or len(states) != TWO + 1:
        message = (
            f"expected 2 lives and 3 states (both alive, then the first alone, the second alone), "
            f"got {len(lives)} and {len(states)}"
        )
        raise BadValue(message)
    clash = next((name for name in (*lives, SHOCK) if name in process.events), "")
    if clash:
        message = f"event '{clash}': expected another name, since a basis states the rate of it"
        raise BadValue(message)
    both, first, second = states
    wanted = {
        ((lives[0],), both, second): f"death of {lives[0]}, from {both} to {second}",
        ((lives[1],), both, first): f"death of {lives[1]}, from {both} to {first}",
        (lives, both, None): f"death of {lives[0]} and {lives[1]} at once, from {both}",
        ((lives[0],), first, None): f"death of {lives[0]}, the one left, from {first}",
        ((lives[1],), second, None): f"death of {lives[1]}, the one left, from {second}",
    }
    for name, event in process.events.items():
        unknown = next((one for one in event.of if one not in lives), "")
        if unknown:
            message = f"event '{name}': unknown life '{unknown}'{nearest(unknown, lives)}"
            raise BadValue(message)
        key = (tuple(sorted(event.of, key=lives.index)), "".join(event.leaves), event.to)
        if wanted.pop(key, None) is None:
            message = f"event '{name}': {_no_such_death(event, wanted.values())}"
            raise BadValue(message)
    if wanted:
        message = f"expected an event for each death of two lives; missing: {min(wanted.values())}"
        raise BadValue(message)


def _no_such_death(event: Event, missing: Iterable[str]) -> str:
    """Tell which death of two lives is still to be stated, and what an event is instead."""
    got = f"death of {' and '.join(event.of) or 'nobody'}, from {' and '.join(event.leaves)}"
    if event.to is not None:
        got += f" to {event.to}"
    such = min(missing, default="")
    expected = f"expected another death, such as {such}" if such else "all five deaths are stated"
    return f"{expected}; got {got}"
