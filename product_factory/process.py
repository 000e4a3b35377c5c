"""A process: what happens, whose events carry marks. Shape only; the numbers stand in the bases."""

from typing import Literal

from pydantic import Field, model_validator

from product_factory.declared import Mark
from product_factory.errors import BadValue, nearest
from product_factory.strict import Bilingual, Path, Strict, Texts, Value, Version, Word


class Event(Strict):
    """One thing that can happen.

    `ends: life`: nothing else happens to the life after it. `by: policyholder`: an act, which falls
    where the grid of a basis says that surrenders fall. `from` and `to`: the states that it leads
    from and to, in a process of transitions.
    """

    title: Bilingual
    ends: Literal["life"] | None = None
    by: Literal["policyholder"] | None = None
    leaves: Texts = Field((), alias="from")
    to: Word | None = None


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
    collective   a number of events a year, each with drawn marks
    catalogue    events with a yearly rate each, and an intensity at every place
    """

    process: Path
    version: Version
    title: Bilingual
    kind: Literal["decrement", "incidence", "transitions", "collective", "catalogue"]
    drawn: Literal["policy", "portfolio"]
    states: dict[Word, ProcessState] = Field(default_factory=dict)
    events: dict[Word, Event] = Field(min_length=1)
    marks: dict[Word, Mark] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _states_of_transitions(self) -> "Process":
        if self.kind != "transitions":
            if self.states:
                message = f"'states' are for kind transitions, not for {self.kind}"
                raise BadValue(message)
            for name, event in self.events.items():
                if event.leaves or event.to is not None:
                    message = f"event '{name}': 'from' and 'to' are for kind transitions"
                    raise BadValue(message)
            return self
        if len(self.states) < 2:  # noqa: PLR2004 - a state that one may leave needs another
            message = f"expected 2 states or more under 'states', got {len(self.states)}"
            raise BadValue(message)
        for name, event in self.events.items():
            self._leads(name, event)
        return self

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
