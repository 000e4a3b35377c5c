"""Which version of a module or process is taken: the highest that fits every demand.

A demand is a use in the product, or a `requires` of a module that is taken. A product holds one
version of a module, however many covers it makes of it. Where the highest versions do not fit
together, an earlier one is taken: first of the module that is used last.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from product_factory import versions
from product_factory.errors import At, Problem, both, nearest
from product_factory.nodes import Map, Text
from product_factory.shelf import Shelf

MOST_ROUNDS = 20
MOST_TRIES = 20_000
"""Versions that are tried one after the other where the highest do not fit together."""
KINDS = {"modules": "module", "processes": "process"}


@dataclass(frozen=True)
class Demand:
    """Who asks for which versions of what, and where."""

    name: str
    wanted: str
    path: str
    at: At


@dataclass(frozen=True)
class Held:
    """A file of the shelf with its version."""

    version: str
    file: Path

    @property
    def order(self) -> tuple[int, ...]:
        """What versions are ordered by; a version that cannot be read comes last."""
        parts = self.version.split(".")
        return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()


Requires = Callable[[Path], Iterable[Demand]]
"""Gives what the module in a file demands of others."""


def resolve(
    shelf: Shelf, family: str, demands: Sequence[Demand], requires: Requires | None = None
) -> tuple[Mapping[str, Path], list[Problem]]:
    """Choose a file for each name that is demanded; a problem for each that has none.

    Each round takes the highest versions that fit all demands known so far, until what the modules
    taken demand of one another changes nothing. Where that leads nowhere, versions that do fit
    together are searched for; where there are none, the problems are those of the highest.
    """
    known = demands
    chosen: dict[str, Path] = {}
    problems: list[Problem] = []
    unsettled = False
    for _ in range(MOST_ROUNDS):
        before, problems = chosen, []
        chosen = {}
        for name in dict.fromkeys(demand.name for demand in demands):
            file = _choose(shelf, family, [d for d in known if d.name == name], problems)
            if file is not None:
                chosen[name] = file
        if requires is None or problems or chosen == before:
            break
        more = (demand for file in chosen.values() for demand in requires(file))
        known = [*demands, *(demand for demand in more if demand.name in chosen)]
    else:
        unsettled = True
    if requires is not None and (problems or unsettled):
        fitting = _search(shelf, family, demands, requires)
        if fitting is not None:
            return fitting, []
    return chosen, problems


def _search(
    shelf: Shelf, family: str, demands: Sequence[Demand], requires: Requires
) -> Mapping[str, Path] | None:
    """Find the highest versions that fit together, those used first having the choice."""
    names = list(dict.fromkeys(demand.name for demand in demands))
    fitting = {
        name: [
            one
            for one in held(shelf, family, name)
            if one.order
            and all(versions.satisfies(one.version, d.wanted) for d in demands if d.name == name)
        ]
        for name in names
    }
    asked: dict[Path, tuple[Demand, ...]] = {}
    taken: list[Held] = []
    tries = 0

    def fits(name: str, one: Held) -> bool:
        """Hold a version against what those taken ask of it, and what it asks of them."""
        if one.file not in asked:
            asked[one.file] = tuple(requires(one.file))
        before = dict(zip(names, taken, strict=False))
        mine = {demand.name: demand.wanted for demand in asked[one.file]}
        return all(
            versions.satisfies(one.version, demand.wanted)
            for other in taken
            for demand in asked[other.file]
            if demand.name == name
        ) and all(
            versions.satisfies(other.version, mine[known])
            for known, other in before.items()
            if known in mine
        )

    def settle() -> bool:
        nonlocal tries
        if len(taken) == len(names):
            return True
        name = names[len(taken)]
        for one in fitting[name]:
            tries += 1
            if tries > MOST_TRIES:
                return False
            if fits(name, one):
                taken.append(one)
                if settle():
                    return True
                taken.pop()
        return False

    found = settle()
    return {name: one.file for name, one in zip(names, taken, strict=True)} if found else None


def held(shelf: Shelf, family: str, name: str) -> list[Held]:
    """List the versions of a module or process, the highest first."""
    found = []
    for file in shelf.held(family, name):
        node = shelf.nodes(file)
        version = node.get("version") if isinstance(node, Map) else None
        found.append(Held(str(version) if isinstance(version, Text) else "", file))
    return sorted(found, key=lambda one: (one.order, one.file.name), reverse=True)


def _choose(
    shelf: Shelf, family: str, demands: Sequence[Demand], problems: list[Problem]
) -> Path | None:
    first = demands[0]
    files = held(shelf, family, first.name)
    if not files:
        hint = nearest(first.name, shelf.names(family))
        text = f"unknown {KINDS[family]} '{first.name}'{hint}"
        problems += [Problem(demand.at, demand.path, text) for demand in demands]
        return None
    for one in files:
        if not one.order or all(versions.satisfies(one.version, d.wanted) for d in demands):
            return one.file  # a version that cannot be read is told when the file is
    held_here = both_plain(one.version for one in files)
    alone = [d for d in demands if not any(versions.satisfies(f.version, d.wanted) for f in files)]
    for demand in alone:
        text = f"expected a version that fits {demand.wanted}, the shelf holds {held_here}"
        problems.append(Problem(demand.at, demand.path, text))
    if not alone:
        asked = "; ".join(f"{d.wanted} by {d.at}" for d in demands)
        text = f"no version of '{first.name}' fits every demand: {asked}"
        problems.append(Problem(first.at, first.path, f"{text}; the shelf holds {held_here}"))
    return None


def both_plain(words: Iterable[str]) -> str:
    """List words for a message, without quotes: "1.0.0 and 2.0.0"."""
    return both(words).replace("'", "")
