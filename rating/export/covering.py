"""Choose few of many candidates so that everything that some candidate shows is shown.

A trait is what a case shows: the branch that a condition takes, the row that a table gives, the
outcome of a cover. Rare traits choose first, so that common ones are met on the way.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Trait = tuple[str, int | str]
"""What is looked at, and what was seen there."""
Shown = dict[str, tuple[int, int]]
"""Kind of trait → how many are shown, of how many."""


@dataclass(frozen=True)
class Chosen:
    """Places of the candidates that were chosen, in their order, and what they show.

    why      place → the trait that chose it; none for one that fills up
    shown    kind of trait, the words before a #, → how many are shown, of how many
    missing  the traits that nothing chosen shows, but those that choose last
    """

    places: tuple[int, ...]
    why: dict[int, Trait]
    shown: Shown
    missing: tuple[Trait, ...]

    def because(self, place: int) -> str:
        """Say why a place was chosen."""
        return told(self.why[place]) if place in self.why else "drawn"


def told(trait: Trait) -> str:
    """Write a trait."""
    return f"{trait[0]}: {trait[1]}"


def choose(
    candidates: Sequence[frozenset[Trait]],
    most: int,
    *,
    known: Iterable[Trait] = (),
    first: int = 0,
    last: str = "",
    dull: frozenset[int] = frozenset(),
) -> Chosen:
    """Choose so many candidates at most.

    known  traits that ought to be shown, though perhaps no candidate shows them
    first  so many of the candidates, from the first on, are chosen before all others
    last   traits whose kind begins so choose after all others
    dull   places that are chosen for what they show only, or when no other is left
    """
    count: Counter[Trait] = Counter(dict.fromkeys(known, 0))
    holder: dict[Trait, int] = {}
    for place, shows in enumerate(candidates):
        for trait in shows:
            count[trait] += 1
            holder.setdefault(trait, place)
    chosen = list(range(min(first, most)))
    why: dict[int, Trait] = {}
    seen = {trait for place in chosen for trait in candidates[place]}

    def later(trait: Trait) -> bool:
        return bool(last) and trait[0].startswith(last)

    def rank(trait: Trait) -> tuple[bool, int, str]:
        return later(trait), count[trait], repr(trait)

    for trait in sorted(holder, key=rank):
        if len(chosen) >= most:
            break
        if trait not in seen:
            place = holder[trait]
            chosen.append(place)
            why[place] = trait
            seen |= candidates[place]
    taken = set(chosen)
    rest = sorted((p in dull, p) for p in range(len(candidates)) if p not in taken)
    chosen += [place for _, place in rest[: most - len(chosen)]]
    seen = {trait for place in chosen for trait in candidates[place]}
    shown: Shown = {}
    for trait in sorted(count, key=repr):
        kind = trait[0].partition(" #")[0]
        had, of = shown.get(kind, (0, 0))
        shown[kind] = (had + (trait in seen), of + 1)
    missing = tuple(
        trait for trait in sorted(count, key=repr) if trait not in seen and not later(trait)
    )
    return Chosen(tuple(chosen), why, shown, missing)
