"""What a bound promise is: the arrays by which claims are paid, with their names."""

from dataclasses import dataclass

from product_factory.assembled import AssembledBasis, AssembledProduct, Cover
from product_factory.contract import CLOSED_LIST
from product_factory.expressions.program import Program
from product_factory.module import AdjustLine
from rating.kernels.settle import CONTEXT as CONTEXT_KIND
from rating.kernels.settle import FACT, ITEM_FACT, Plan

CONTEXT = (
    *(name for name in CLOSED_LIST if name not in ("time_in_force", "so_far")),
    "time_in_force.days",
    "time_in_force.years",
    "start",
)


@dataclass(frozen=True)
class Entry:
    """An exclusion's line or a cover, as its plan's rows see it.

    name   `cover`, or `exclusion.line`;  slots: (item or '', slot number)
    lines  those of its `adjust` that are not left out, then those of the pools over it
    """

    name: str
    cover: Cover
    events: tuple[str, ...]
    slots: tuple[tuple[str, int], ...]
    exclusion: bool
    lines: tuple[AdjustLine, ...] = ()


@dataclass(frozen=True)
class Stage:
    """A line, or a pool of lines: its operation and the (entry, line) that meet there."""

    operation: str
    per: str
    each: str
    lines: tuple[tuple[str, int], ...]
    pool: str


@dataclass(frozen=True)
class PayoutPlan:
    """The plan with its names.

    basis       whose values compute marks that no event states, None for claims
    events      process.event, in the order of the plan's codes
    facts       policy variables;  item_facts, marks, item_marks: likewise
    columns     one name a slot: cover, or cover.item
    programs    of each entry, then of each computed mark: its parts, by number, as results
    """

    product: AssembledProduct
    basis: AssembledBasis | None
    arrays: Plan
    entries: tuple[Entry, ...]
    stages: tuple[Stage, ...]
    events: tuple[str, ...]
    facts: tuple[str, ...]
    item_facts: tuple[str, ...]
    items: tuple[str, ...]
    marks: tuple[str, ...]
    item_marks: tuple[str, ...]
    programs: tuple[Program, ...]

    def facts_read(self) -> tuple[str, ...]:
        """List what payments read of a policy: facts, also of items, and the closed list."""
        arrays = self.arrays
        found: dict[str, None] = {}
        for entry, inputs in enumerate(arrays.inputs.tolist()):
            for kind, place in arrays.sources[entry, :inputs].tolist():
                if kind in (FACT, ITEM_FACT):
                    found[(self.facts if kind == FACT else self.item_facts)[place]] = None
                elif kind == CONTEXT_KIND:
                    found[CONTEXT[place]] = None
        return tuple(found)

    @property
    def slots(self) -> int:
        """The number of slots."""
        return len(self.arrays.slot_entry)

    @property
    def columns(self) -> tuple[str, ...]:
        """The name of each slot."""
        return tuple(
            f"{entry.name}.{item}" if item else entry.name
            for entry in self.entries
            for item, _ in entry.slots
        )
