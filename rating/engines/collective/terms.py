"""Which terms the expected cost of a year can be computed under, and the yearly limits among them.

An event is paid by itself as long as nothing of the year stands in its way but limits that come
last: then a year pays min(sum of what the events would pay, limit) of each balance. Whatever else
lasts longer than an event, or reads its date, is refused with its place, and left to simulation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from product_factory import promise
from product_factory.assembled import Cover
from product_factory.contract import BEGINS_ABOVE
from product_factory.errors import At, BadInput, Problem
from product_factory.module import Pays
from product_factory.types import Type
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.events import contract
from rating.engines.collective.read import reads, varies
from rating.kernels.settle import EVENT, fill, line_above, line_value
from rating.payout import Entry, computed_marks

MONEY = Type("money")
CLOCK = ("date", "start", "time_in_force", "time_in_force.days", "time_in_force.years")
LAST = ("limit", "corridor")
"""Balances of the year that the sum of what events are paid meets, where no line follows them."""
VALUES = ("premium", "premiums_paid", "cash_value", "reserve", "death_benefit")


@dataclass(frozen=True)
class Balance:
    """A limit or corridor of the year on what some slots are paid together.

    title  the pool, or `cover, line 3`;  value: for a policy of the cell, in currency
    above  what a corridor begins above, None for a limit
    """

    title: str
    slots: tuple[int, ...]
    value: float
    above: float | None = None

    @property
    def operation(self) -> str:
        """What the product calls it."""
        return "limit" if self.above is None else BEGINS_ABOVE


def check_terms(model: AnnualModel) -> None:
    """Refuse the lines under which the events of a year cannot be paid one by one.

    Raises BadInput with the place of every such line.
    """
    problems: list[Problem] = []
    for entry in model.payout.entries:
        cover, pays = entry.cover, entry.cover.module.pays
        problems += entry_problems(model, entry)
        if pays is not None and not entry.exclusion:
            if pays.waits is not None and credits_waiting(model, cover):
                problems.append(
                    refused(pays.waits.at, "pays.waits", "a waiting period is credited")
                )
            problems += _of_lines(model, entry)
    if problems:
        raise BadInput(problems)


def refused(at: At, path: str, why: str) -> Problem:
    """Say that a place has no price, and why."""
    text = f"{why}: no closed or numeric expected cost, so the method would be simulated"
    return Problem(at, path, text)


def credits_waiting(model: AnnualModel, cover: Cover) -> bool:
    """Tell whether a cover has a waiting period that the basis does not leave out."""
    pays = cover.module.pays
    has = pays is not None and pays.waits is not None
    return has and not model.basis.without(f"{cover.alias}.waits")


def entry_problems(model: AnnualModel, entry: Entry) -> Iterator[Problem]:
    """List what no method can price: payments that end something, values that time changes."""
    cover = entry.cover
    if model.payout.arrays.ends[model.payout.entries.index(entry)] != 0:
        yield refused(cover.module.at, entry.name, "a payment ends the cover or the contract")
    pays = cover.module.pays
    if pays is not None and not entry.exclusion:
        yield from _of_payments(model, cover, pays)
    dated = _dated_marks(model, entry)
    for part in promise.parts(cover):
        if part.path.startswith("pays.waits"):
            continue
        read = reads(model.product, cover, part.value, part.wanted)
        for name in sorted(read & {*CLOCK, *VALUES, *dated}):
            what = "a value of the contract" if name in VALUES else "the date of the event"
            yield refused(part.at, part.path, f"'{name}' is {what}")


def _dated_marks(model: AnnualModel, entry: Entry) -> set[str]:
    """List the marks of an entry's events that are computed from the date."""
    found: set[str] = set()
    for alias in {event.partition(".")[0] for event in entry.events}:
        for name, value in computed_marks(model.product, model.basis, alias).items():
            if reads(model.product, entry.cover, value) & {*CLOCK, *found}:
                found.add(name)
    return found


def _of_payments(model: AnnualModel, cover: Cover, pays: Pays) -> Iterator[Problem]:
    """Refuse what makes one payment depend on those before it."""
    if pays.once and not model.basis.without(f"{cover.alias}.once"):
        yield refused(pays.place("once"), "pays.once", "each is paid for once")
    if pays.gap is not None and not model.basis.without(f"{cover.alias}.gap"):
        yield refused(pays.place("gap"), "pays.gap", "a gap is credited")
    if pays.times is not None:
        yield refused(pays.place("times"), "pays.times", "a cover pays so many times and ends")
    if pays.then is not None and (pays.then.reduces or pays.then.restores):
        yield refused(pays.then.at, "pays.then", "a payment reduces or restores")


def _of_lines(model: AnnualModel, entry: Entry) -> Iterator[Problem]:
    cover = entry.cover
    changing = varies(model.product, cover)
    for number, line in enumerate(entry.lines):
        path = f"pays.adjust[{number}]"
        if line.per not in ("policy_year", "contract"):
            continue
        named = f"a {line.operation} per {line.per}"
        read = reads(model.product, cover, line.value, MONEY)
        read |= reads(model.product, cover, line.above, MONEY)
        if line.operation not in LAST:
            yield refused(line.at, path, f"{named} lasts all year")
        elif number + 1 < len(entry.lines):
            yield refused(line.at, path, f"{named} is followed by another line")
        elif line.when is not None:
            yield refused(line.at, path, f"{named} has a 'when'")
        elif varying := sorted(read & changing):
            yield refused(line.at, path, f"{named} reads '{varying[0]}', which events bring")


def balances(
    model: AnnualModel, cell: int, among: Sequence[int] | None = None
) -> tuple[Balance, ...]:
    """Give the balances of the year that a policy of the cell meets; each slot stands in one.

    among  the stages that are asked for; None for all
    """
    plan, payout = model.payout.arrays, model.payout
    present = model.cells.present[cell]
    found: list[Balance] = []
    for number, stage in enumerate(payout.stages):
        if plan.stages[number, 1] <= EVENT or (among is not None and number not in among):
            continue
        groups: dict[int, list[int]] = {}
        for slot, (entry, item) in enumerate(zip(plan.slot_entry, plan.slot_item, strict=True)):
            if plan.stage_line[number, entry] >= 0 and (item < 0 or present[item] == 1):
                groups.setdefault(int(item) if stage.each else -1, []).append(slot)
        title = stage.pool or f"{stage.lines[0][0]}, line {stage.lines[0][1] + 1}"
        for slots in groups.values():
            value, above = balance_amounts(model, cell, number, slots)
            corridor = stage.operation == BEGINS_ABOVE
            found.append(Balance(title, tuple(slots), value, above if corridor else None))
    return tuple(found)


def balance_amounts(
    model: AnnualModel, cell: int, stage: int, slots: Sequence[int]
) -> tuple[float, float]:
    """Give the value of a line that lasts all year, and what a corridor begins above.

    Raises BadInput where covers differ in it.
    """
    values = {_amounts(model, cell, stage, slot) for slot in slots}
    if len(values) > 1:
        at = model.product.product.place("pools")
        shown = model.payout.stages[stage]
        told = [f"{value:.12g}" + f" above {above:.12g}" * (above > 0.0) for value, above in values]
        got = ", ".join(sorted(told))
        text = f"a {shown.operation} that all its covers state alike was expected, got {got}"
        raise BadInput([refused(at, f"pools.{shown.pool}", text)])
    return values.pop()


def _amounts(model: AnnualModel, cell: int, stage: int, slot: int) -> tuple[float, float]:
    plan = model.payout.arrays
    entry = int(plan.slot_entry[slot])
    registers = np.zeros(plan.registers.shape[1])
    claims = contract(model, cell, 0)
    fill(plan, claims, 0, entry, int(plan.slot_item[slot]), registers)
    line = int(plan.stage_line[stage, entry])
    value = float(line_value(plan, line, slot, 0.0, registers))
    corridor = model.payout.stages[stage].operation == BEGINS_ABOVE
    return value, float(line_above(plan, line, slot, registers)) if corridor else 0.0
