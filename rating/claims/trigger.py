"""Why an entry pays, or does not: its trigger, read again beside the kernel that decided it."""

import math
from dataclasses import dataclass

from product_factory.module import Exclusion, Pays, Then
from rating.claims.scene import Scene
from rating.claims.settlement import Formula, Outcome, Waiting
from rating.formula import conditions_written, written
from rating.kernels import settle as k
from rating.payout import Entry

NOTHING_SAID = Formula()


@dataclass(frozen=True)
class Trigger:
    """How the trigger of one slot went for one event; gross is NaN where nothing is paid."""

    outcome: Outcome
    gross: float = math.nan
    where: Formula = NOTHING_SAID
    waiting: Waiting | None = None
    unless: Formula = NOTHING_SAID
    basis: Formula = NOTHING_SAID


def triggers(scene: Scene, event: int, alive: k.Integers) -> dict[int, Trigger]:
    """Give the trigger of every slot that listens to an event.

    alive  [entry] which covers had not ended before the date

    Raises BadInput for what a part needs and nobody knows.
    """
    arrays = scene.plan.arrays
    found: dict[int, Trigger] = {}
    taken = False
    for slot in range(scene.plan.slots):
        entry, item = int(arrays.slot_entry[slot]), int(arrays.slot_item[slot])
        if arrays.listens[entry, scene.claims.event[event]] == 0:
            continue
        exclusion = entry < arrays.exclusions
        if alive[entry] == 0:
            found[slot] = Trigger("cover_ended")
        elif taken and not exclusion:
            found[slot] = Trigger("excluded")
        elif item >= 0 and scene.claims.present[item] == 0:
            found[slot] = Trigger("not_insured")
        else:
            found[slot] = _trigger(scene, event, slot)
            taken = taken or found[slot].outcome == "takes"
    return found


def promise_of(entry: Entry) -> Pays | Exclusion:
    """Give what the module says for an entry."""
    if not entry.exclusion:
        pays = entry.cover.module.pays
        assert pays is not None  # noqa: S101 - only covers that pay are entries
        return pays
    name = entry.name.partition(".")[2]
    return next(line for line in entry.cover.module.excludes if line.name == name)


def ends_of(then: Then | None) -> str:
    """Say what a payment ends: '', cover or contract."""
    return (then.ends or "") if then is not None else ""


def _trigger(scene: Scene, event: int, slot: int) -> Trigger:
    arrays = scene.plan.arrays
    entry, r = int(arrays.slot_entry[slot]), scene.ready(event, slot)
    bound = scene.plan.entries[entry]
    promise = promise_of(bound)
    where = NOTHING_SAID
    if promise.where is not None:
        scene.need(event, slot, k.WHERE)
        where = scene.formula(event, slot, k.WHERE, conditions_written(promise.where))
        if k.evaluate(arrays, entry, k.WHERE, r) == 0.0:
            return Trigger("fits_not" if bound.exclusion else "where_not", where=where)
    waiting, unless = None, NOTHING_SAID
    waits = promise.waits if isinstance(promise, Pays) else None
    if waits is not None:
        scene.need(event, slot, k.WAITS)
        inside = k.evaluate(arrays, entry, k.WAITS, r) == 1.0
        waiting = _waiting(scene, entry, r)
        if inside and waits.unless is not None:
            scene.need(event, slot, k.UNLESS)
            unless = scene.formula(event, slot, k.UNLESS, conditions_written(waits.unless))
        if inside and k.evaluate(arrays, entry, k.UNLESS, r) != 1.0:
            if waits.meanwhile is None:
                return Trigger("waiting", where=where, waiting=waiting, unless=unless)
            scene.need(event, slot, k.MEANWHILE)
            basis = scene.formula(event, slot, k.MEANWHILE, written(waits.meanwhile))
            gross = k.evaluate(arrays, entry, k.MEANWHILE, r)
            return Trigger("instead", gross, where, waiting, unless, basis)
    if _not_hit(scene, event, slot):
        return Trigger("not_hit", where=where, waiting=waiting, unless=unless)
    scene.need(event, slot, k.AMOUNT)
    basis = scene.formula(event, slot, k.AMOUNT, written(promise.amount))
    gross = k.evaluate(arrays, entry, k.AMOUNT, r)
    outcome: Outcome = "takes" if bound.exclusion else "paid"
    return Trigger(outcome, gross, where, waiting, unless, basis)


def _not_hit(scene: Scene, event: int, slot: int) -> bool:
    """Tell whether the event states marks of items, but none for this one."""
    entry = int(scene.plan.arrays.slot_entry[slot])
    absent = scene.absent(entry, k.AMOUNT, scene.registers[event, slot])
    marks = [place for kind, place in absent if kind == k.ITEM_MARK]
    of_an_item = scene.plan.arrays.slot_item[slot] >= 0
    return bool(of_an_item and marks) and all(scene.elsewhere(event, mark) for mark in marks)


def _waiting(scene: Scene, entry: int, r: k.Floats) -> Waiting:
    """Read the two sides of `days since the start < days to wait` off the registers."""
    arrays = scene.plan.arrays
    result = int(arrays.parts[entry, k.WAITS, 2])
    row = arrays.code[result - int(arrays.first_register[entry]) + int(arrays.first_code[entry])]
    return Waiting(int(r[row[1]]), int(r[row[2]]))
