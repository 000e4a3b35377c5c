"""Which version of a module or process is taken: the highest that fits every demand.

A demand is a use in the product, or a `requires` of a module that is taken. A product holds one
version of a module, however many covers it makes of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from product_factory import versions
from product_factory.errors import At, Problem, both, nearest
from product_factory.nodes import Map, Text
from product_factory.shelf import Shelf

MOST_ROUNDS = 20
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
    taken demand of one another changes nothing.
    """
    known = demands
    chosen: dict[str, Path] = {}
    problems: list[Problem] = []
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
    return chosen, problems


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
