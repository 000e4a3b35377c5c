"""A process: what happens, whose events carry marks. Shape only; the numbers stand in the bases."""

from typing import Literal

from pydantic import Field

from product_factory.declared import Mark
from product_factory.strict import Bilingual, Path, Strict, Version, Word


class Event(Strict):
    """One thing that can happen.

    `ends: life`: nothing else happens to the life after it. `by: policyholder`: an act, which falls
    where the grid of a basis says that surrenders fall.
    """

    title: Bilingual
    ends: Literal["life"] | None = None
    by: Literal["policyholder"] | None = None


class Process(Strict):
    """A process file.

    decrement   at most one event of each name per life, at a yearly rate
    incidence   may happen again to the same life, at a yearly rate for each event
    collective  a number of events a year, each with drawn marks
    catalogue   events with a yearly rate each, and an intensity at every place
    """

    process: Path
    version: Version
    title: Bilingual
    kind: Literal["decrement", "incidence", "collective", "catalogue"]
    drawn: Literal["policy", "portfolio"]
    events: dict[Word, Event] = Field(min_length=1)
    marks: dict[Word, Mark] = Field(default_factory=dict)
