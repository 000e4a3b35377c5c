"""Which covers wait in one queue for balances of the year, and whether their order can be priced.

A queue is what one process's events meet: covers that share a yearly deductible, a yearly limit, or
a waiting period of their own. Each cover may have lines for the single event first; then one
deductible of the year; then shares; then one limit of the year. Whatever else lasts longer than an
event, or reads its date, is refused with its place, and left to simulation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from product_factory.assembled import Cover
from product_factory.errors import BadInput, Problem
from product_factory.module import AdjustLine, Pays
from product_factory.types import Type
from rating.engines.collective.annual import AnnualModel, items_hit
from rating.engines.collective.happens import CollectiveProcess
from rating.engines.collective.read import reads, varies
from rating.engines.collective.terms import (
    CLOCK,
    LAST,
    MONEY,
    balance_amounts,
    credits_waiting,
    entry_problems,
    refused,
)
from rating.kernels.settle import EVENT
from rating.payout import Entry, computed_marks

DAYS = Type("days")
YEARLY = ("policy_year", "contract")
AFTER_DEDUCTIBLE = ("share", "average")
"""Operations that keep a part of what a deductible left, whatever it is."""


@dataclass(frozen=True)
class Queue:
    """Covers whose claims meet at the same balances of the year.

    entries     their numbers in the plan;  process: whose events they pay
    deductible, limit  the stages of the plan where the balances stand, -1 for none
    """

    entries: tuple[int, ...]
    process: CollectiveProcess
    deductible: int
    limit: int

    def amounts(self, model: AnnualModel, cell: int) -> tuple[float, float]:
        """Give the deductible and the limit of a policy of the cell; 0 and infinite for none.

        Raises BadInput where the covers state different ones.
        """
        slots = [slot for number in self.entries for _, slot in model.payout.entries[number].slots]
        if model.cells.item is not None:
            of = model.payout.arrays.slot_item
            there = [s for s in slots if of[s] < 0 or model.cells.present[cell, of[s]] == 1]
            slots = there or slots
        deductible = 0.0
        if self.deductible >= 0:
            deductible, _ = balance_amounts(model, cell, self.deductible, slots)
        if self.limit < 0:
            return deductible, float("inf")
        return deductible, balance_amounts(model, cell, self.limit, slots)[0]


def in_sequence(model: AnnualModel) -> bool:
    """Tell whether any claim depends on its date, or on earlier claims but for a last balance."""
    for entry in model.payout.entries:
        pays = entry.cover.module.pays
        if entry.exclusion or pays is None:
            continue
        if credits_waiting(model, entry.cover):
            return True
        last = len(entry.lines) - 1
        for number, line in enumerate(entry.lines):
            if line.per in YEARLY and (line.operation not in LAST or number < last):
                return True
    return False


def queues(model: AnnualModel) -> tuple[Queue, ...]:
    """Find the queues of a model. Raises BadInput with the place of every line without a price."""
    problems: list[Problem] = []
    for entry in model.payout.entries:
        problems += entry_problems(model, entry)
        if not entry.exclusion:
            problems += _lines(model, entry)
            problems += _waits(model, entry.cover)
    if problems:
        raise BadInput(problems)
    return tuple(_queue(model, numbers) for numbers in _joined(model))


def _joined(model: AnnualModel) -> list[list[int]]:
    """Group the covers that meet at a stage which lasts longer than an event."""
    plan = model.payout.arrays
    groups = [[n] for n, entry in enumerate(model.payout.entries) if not entry.exclusion]
    for stage in range(plan.stages.shape[0]):
        if plan.stages[stage, 1] > EVENT:
            meet = [g for g in groups if any(plan.stage_line[stage, n] >= 0 for n in g)]
            rest = [g for g in groups if g not in meet]
            groups = [*rest, sorted(n for g in meet for n in g)] if meet else rest
    return sorted(groups)


def _queue(model: AnnualModel, numbers: Sequence[int]) -> Queue:
    entries = [model.payout.entries[number] for number in numbers]
    return Queue(
        entries=tuple(numbers),
        process=_process(model, entries),
        deductible=_stage(model, numbers, "deductible"),
        limit=_stage(model, numbers, "limit"),
    )


def _process(model: AnnualModel, entries: Sequence[Entry]) -> CollectiveProcess:
    heard = {event for entry in entries for event in entry.events}
    known = {process.name: process for process in model.collective}
    if len(heard) > 1 or not heard <= set(known):
        names = " and ".join(sorted(heard))
        at = entries[0].cover.module.at
        why = f"balances that last all year are used up by {names}, not by one process of claims"
        raise BadInput([refused(at, "pays.event", why)])
    return known[heard.pop()]


def _stage(model: AnnualModel, numbers: Sequence[int], operation: str) -> int:
    """Find the stage of the year with this operation, where all of the covers meet; -1: none."""
    plan, payout = model.payout.arrays, model.payout
    found = [
        stage
        for stage, shown in enumerate(payout.stages)
        if shown.operation == operation
        and plan.stages[stage, 1] > EVENT
        and any(plan.stage_line[stage, number] >= 0 for number in numbers)
    ]
    if not found:
        return -1
    met = [number for number in numbers if plan.stage_line[found[0], number] >= 0]
    if len(found) > 1 or len(met) < len(numbers):
        names = ", ".join(payout.entries[number].name for number in numbers)
        why = f"{names} share one balance of the year but not every {operation}"
        at = payout.entries[numbers[0]].cover.module.at
        raise BadInput([refused(at, "pays.adjust", why)])
    return found[0]


def _lines(model: AnnualModel, entry: Entry) -> Iterator[Problem]:
    cover = entry.cover
    changing = varies(model.product, cover)
    deductible = False
    for number, line in enumerate(entry.lines):
        path = f"pays.adjust[{number}]"
        if line.per in YEARLY:
            yield from _balance(model, cover, line, changing, path)
            if line.operation not in ("deductible", "limit") or (
                deductible and line.operation == "deductible"
            ):
                yield refused(line.at, path, f"a {line.operation} per {line.per} lasts all year")
            if line.operation == "limit" and number + 1 < len(entry.lines):
                yield refused(line.at, path, f"a limit per {line.per} is followed by another line")
            deductible = deductible or line.operation == "deductible"
        elif deductible and line.operation not in AFTER_DEDUCTIBLE:
            why = f"a {line.operation} follows a deductible that lasts all year"
            yield refused(line.at, path, why)


def _balance(
    model: AnnualModel, cover: Cover, line: AdjustLine, changing: set[str], path: str
) -> Iterator[Problem]:
    named = f"a {line.operation} per {line.per}"
    if line.when is not None:
        yield refused(line.at, path, f"{named} has a 'when'")
    elif line.each is not None and model.cells.item is None:
        yield refused(line.at, path, f"{named} is one for each item")
    elif line.each is None and _of_items(model, cover):
        yield refused(line.at, path, f"{named} is shared by items that events hit one by one")
    elif varying := sorted(reads(model.product, cover, line.value, MONEY) & changing):
        yield refused(line.at, path, f"{named} reads '{varying[0]}', which events bring")


def _of_items(model: AnnualModel, cover: Cover) -> bool:
    """Tell whether a cover's events hit items one by one."""
    pays = cover.module.pays
    return pays is not None and not items_hit(model.product).keys().isdisjoint(pays.event)


def _waits(model: AnnualModel, cover: Cover) -> Iterator[Problem]:
    """A credited waiting period must count the day of the event, and pay nothing meanwhile."""
    pays: Pays | None = cover.module.pays
    if pays is None or pays.waits is None or not credits_waiting(model, cover):
        return
    waits = pays.waits
    if waits.meanwhile is not None:
        yield refused(waits.at, "pays.waits", "something is paid within a waiting period")
    if reads(model.product, cover, waits.length, DAYS) & varies(model.product, cover):
        yield refused(waits.at, "pays.waits.for", "a waiting period depends on the event")
    if waits.by == "date":
        return
    (alias,) = {event.partition(".")[0] for event in pays.event}
    computed = computed_marks(model.product, model.basis, alias).get(waits.by)
    read = reads(model.product, cover, computed)
    if computed is None or not read or not read <= set(CLOCK):
        why = f"a waiting period counts '{waits.by}', which is not the day of the event"
        yield refused(waits.place("by"), "pays.waits.by", why)
