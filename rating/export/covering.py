"""Choose few of many candidates so that everything that some candidate shows is shown.

A trait is what a case shows: the branch that a condition takes, the row that a table gives, the
outcome of a cover. Rare traits choose first, so that common ones are met on the way.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

Trait = tuple[str, int | str]
"""What is looked at, and what was seen there."""


@dataclass(frozen=True)
class Chosen:
    """Places of the candidates that were chosen, in their order, and how many traits they show.

    traits  what is looked at → (traits that the chosen show, traits of all candidates)
    why     place → the trait that chose it; none for one that fills up
    """

    places: tuple[int, ...]
    why: dict[int, Trait]
    traits: dict[str, tuple[int, int]]


def choose(
    candidates: Sequence[frozenset[Trait]],
    most: int,
    weight: dict[str, int] | None = None,
    dull: frozenset[int] = frozenset(),
) -> Chosen:
    """Choose so many candidates at most.

    weight  of what is looked at: 0 (unless told) before 1, and so on
    dull    places that are chosen for what they show only, or when no other is left
    """
    ranks = weight or {}
    count: Counter[Trait] = Counter()
    holder: dict[Trait, int] = {}
    for place, shows in enumerate(candidates):
        for trait in shows:
            count[trait] += 1
            holder.setdefault(trait, place)
    chosen: list[int] = []
    why: dict[int, Trait] = {}
    shown: set[Trait] = set()

    def rank(trait: Trait) -> tuple[int, int, str]:
        return ranks.get(trait[0], 0), count[trait], repr(trait)

    for trait in sorted(count, key=rank):
        if len(chosen) >= most:
            break
        if trait not in shown:
            place = holder[trait]
            chosen.append(place)
            why[place] = trait
            shown |= candidates[place]
    taken = set(chosen)
    rest = sorted((p in dull, p) for p in range(len(candidates)) if p not in taken)
    chosen += [place for _, place in rest[: most - len(chosen)]]
    seen = {trait for place in chosen for trait in candidates[place]}
    traits: dict[str, tuple[int, int]] = {}
    for trait in sorted(count, key=repr):
        had, of = traits.get(trait[0], (0, 0))
        traits[trait[0]] = (had + (trait in seen), of + 1)
    return Chosen(tuple(chosen), why, traits)
