"""The changes that move a premium, in order, each as a tariff that has it and all before it."""

from collections.abc import Sequence
from dataclasses import dataclass

from product_factory.assembled import AssembledProduct
from product_factory.diff.change import Change
from product_factory.diff.compare import compare
from product_factory.errors import BadInput, BadValue, Stale, nearest
from rating.book import machine_of
from rating.book.decided import check_decisions
from rating.impact.parts import mixed, part_of, parts
from rating.plan import RatingPlan, bind, bind_mixed
from rating.variable import VariableReader

BUILT = "built."
REST = "everything else"
"""What one speaks of where the parts alone do not make the new tariff."""


@dataclass(frozen=True)
class Unit:
    """One part that differs, with the values of it that do."""

    part: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Link:
    """Units that are applied at once, and the tariff that has them and all before.

    needs  why the first of them is not applied alone, empty where it is
    """

    units: tuple[Unit, ...]
    plan: RatingPlan
    needs: str = ""

    @property
    def name(self) -> str:
        """What it is called."""
        return " + ".join(unit.part for unit in self.units) or REST


@dataclass(frozen=True)
class Chain:
    """From the old tariff to the new one; without a link, both give every risk the same.

    idle     units that change what no premium reads, or read what gives the same
    outside  values that differ and are no part of a tariff, bases of rate tables among them
    """

    old: RatingPlan
    new: RatingPlan
    links: tuple[Link, ...]
    idle: tuple[Unit, ...]
    outside: tuple[Change, ...]


def chain(old: AssembledProduct, new: AssembledProduct, order: Sequence[str] = ()) -> Chain:
    """Take the changes between two products one at a time.

    order  parts, or what their names begin with, that come first; the others as `diff` has them

    A change whose mixture cannot be bound is taken together with the ones it needs. Raises
    BadInput and Stale as `bind` does for either product, and BadValue for an unknown part.
    """
    first, last = bind(old), bind(new)
    check_decisions(last)
    units, outside = _units(old, new)
    todo = _ordered(units, order)
    made = _Making(old, new, first)
    while todo:
        todo = made.take(todo)
    links = made.links
    if signature(made.plan) != signature(last):
        links.append(Link((), last, "the parts that differ do not make the new tariff alone"))
    elif links:
        links[-1] = Link(links[-1].units, last, links[-1].needs)
    return Chain(first, last, tuple(links), tuple(made.idle), outside)


def _units(old: AssembledProduct, new: AssembledProduct) -> tuple[list[Unit], tuple[Change, ...]]:
    """Sort what differs by part, in the order of the first value of each."""
    before, after = set(parts(old)), set(parts(new))
    found: dict[str, list[Change]] = {}
    outside: list[Change] = []
    for change in compare(old.effective, new.effective).changes:
        part = part_of(change.path, before, after)
        if part is None:
            outside.append(change)
        else:
            found.setdefault(part, []).append(change)
    return [Unit(part, tuple(changes)) for part, changes in found.items()], tuple(outside)


def _ordered(units: list[Unit], order: Sequence[str]) -> list[Unit]:
    """Put first what is asked for first. Raises BadValue for what no part begins with."""
    for wanted in order:
        if not any(_begins(unit, wanted) for unit in units):
            names = [unit.part for unit in units]
            text = f"--order {wanted}: expected a part that differs{nearest(wanted, names)}"
            raise BadValue(text)
    places = {
        unit.part: next(
            (place for place, wanted in enumerate(order) if _begins(unit, wanted)), len(order)
        )
        for unit in units
    }
    return sorted(units, key=lambda unit: places[unit.part])


def _begins(unit: Unit, wanted: str) -> bool:
    return unit.part == wanted or unit.part.startswith(f"{wanted}.")


class _Making:
    """The chain as far as it has come."""

    def __init__(self, old: AssembledProduct, new: AssembledProduct, first: RatingPlan) -> None:
        self.old = old
        self.new = new
        self.taken: frozenset[str] = frozenset()
        self.plan = first
        self.links: list[Link] = []
        self.idle: list[Unit] = []

    def take(self, todo: list[Unit]) -> list[Unit]:
        """Take the first of the units, with those that it needs; give the others."""
        first, rest = todo[0], todo[1:]
        bound, why = self.bound([first])
        group = [first]
        if bound is None:
            group = self.together(first, rest)
            bound, _ = self.bound(group)
        self.taken |= {unit.part for unit in group}
        if bound is not None and signature(bound) != signature(self.plan):
            self.links.append(Link(tuple(group), bound, why))
            self.plan = bound
        else:
            self.idle += group
        return [unit for unit in rest if unit not in group]

    def bound(self, group: Sequence[Unit]) -> tuple[RatingPlan | None, str]:
        """Bind what has these and all before, or say why it cannot be."""
        taken = self.taken | {unit.part for unit in group}
        try:
            plan = bind_mixed(mixed(self.old, self.new, taken))
            check_decisions(plan)
        except (BadInput, Stale) as error:
            return None, str(error).split("\n", maxsplit=1)[0]
        return plan, ""

    def together(self, first: Unit, rest: list[Unit]) -> list[Unit]:
        """Give the fewest units that can be applied with one that cannot be applied alone."""
        for other in rest:
            if self.bound([first, other])[0] is not None:
                return [first, other]
        group = [first]
        for other in rest:
            group.append(other)
            if self.bound(group)[0] is not None:
                break
        for other in group[1:]:
            fewer = [unit for unit in group if unit is not other]
            if self.bound(fewer)[0] is not None:
                group = fewer
        return group


def signature(plan: RatingPlan) -> tuple[object, ...]:
    """Give what a tariff does: two with the same one do the same with every risk."""
    machine = machine_of(plan)
    offered = plan.product.variables.get("mode")
    return (
        machine.columns,
        machine.policy_outputs,
        machine.code.tobytes(),
        machine.data.tobytes(),
        machine.constants.tobytes(),
        readers_key(plan),
        tuple((step.name, type(step.step).__name__) for step in plan.decisions),
        tuple(line.name for line in plan.lines),
        plan.product.product.contract.mode,
        offered.type.of if offered else (),
    )


def readers_key(plan: RatingPlan) -> tuple[object, ...]:
    """Give how a tariff reads a book: two with the same one read every row alike."""
    known = plan.readers
    return (
        tuple((name, _key(reader)) for name, reader in known.policy.items()),
        tuple(
            (item, tuple((name, _key(reader)) for name, reader in group.items()))
            for item, group in known.items.items()
        ),
        known.optional,
    )


def _key(reader: VariableReader) -> tuple[object, ...]:
    # nan is no bound, and is not equal to itself
    return (reader.path, reader.type, repr((reader.least, reader.most, reader.step)))
