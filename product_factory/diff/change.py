"""What differs between two products."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from product_factory.effective.entry import KINDS, Kind
from product_factory.errors import At

How: TypeAlias = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Move:
    """A cell that moved: its keys, what stood there and what stands there."""

    keys: str
    old: str
    new: str


@dataclass(frozen=True)
class Moves:
    """How two columns of cells differ.

    cells    that both have;  moved: of them, how many differ
    added, removed   cells that only one has
    largest  the cells that moved most, relative to what stood there
    """

    cells: int
    moved: int
    added: int
    removed: int
    largest: tuple[Move, ...]


@dataclass(frozen=True)
class Change:
    """One value that differs; `moves` where it stands for the cells of a table."""

    kind: Kind
    how: How
    path: str
    old: str
    new: str
    old_at: At
    new_at: At
    moves: Moves | None = None


@dataclass(frozen=True)
class Difference:
    """All that differs, from what moves money to what moves nothing.

    old, new  the product and its version: `term_life 2026.1.0`
    """

    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def counts(self) -> Mapping[Kind, int]:
        """The kinds that differ, with how many values of each."""
        found = {kind: sum(one.kind == kind for one in self.changes) for kind in KINDS}
        return {kind: number for kind, number in found.items() if number}

    @property
    def foremost(self) -> Kind | None:
        """The kind that moves most, None where nothing differs."""
        return next(iter(self.counts), None)
