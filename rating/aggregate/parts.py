"""A year in independent parts, each under a limit or corridor of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rating.aggregate.grid import Source
from rating.aggregate.year import YearTerms
from rating.frequencies import NegativeBinomial, Poisson


@dataclass(frozen=True)
class Part:
    """The claims of one of so many alike, such as members of a group, and what its year keeps.

    terms  met by these claims and by no others; each of the number has them for itself
    """

    sources: tuple[Source, ...]
    terms: YearTerms
    number: int = 1

    @property
    def all_sources(self) -> tuple[Source, ...]:
        """The claims of all of them, before terms of the year."""
        return tuple(one for source in self.sources for one in so_many(source, self.number))


@dataclass(frozen=True)
class YearInParts:
    """What is kept of a year is the sum of what its parts keep."""

    parts: tuple[Part, ...]

    @property
    def begins(self) -> float:
        """What the claims of some part must exceed for anything of it to be kept; 0: nothing."""
        return max(part.terms.begins for part in self.parts)


def so_many(source: Source, number: int) -> tuple[Source, ...]:
    """Give the claims of so many that are alike: one source where counts add up to their kind."""
    if isinstance(source.frequency, Poisson | NegativeBinomial):
        return (replace(source, frequency=source.frequency.scaled(number)),)
    return (source,) * number


def in_parts(parts: Sequence[Part]) -> YearTerms | YearInParts:
    """Give terms of the whole year where there is one part only."""
    if len(parts) == 1 and parts[0].number == 1:
        return parts[0].terms
    if all(part.terms.whole for part in parts):
        return YearTerms()
    return YearInParts(tuple(parts))
