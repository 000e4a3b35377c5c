"""Why an entry pays, or does not: its trigger, read again beside the kernel that decided it."""

import math
from dataclasses import dataclass, replace

from product_factory.constants import constant
from product_factory.module import Exclusion, Pays
from product_factory.promise import DAYS, scope
from product_factory.types import day_number, day_of
from rating.claims.scene import Scene
from rating.claims.settlement import Effect, Formula, Gap, Outcome, Times, Waiting
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
    gap: Gap | None = None
    times: Times | None = None
    basis: Formula = NOTHING_SAID


def triggers(scene: Scene, event: int, amount: k.Floats) -> dict[int, Trigger]:
    """Give the trigger of every slot that listens to an event, and note which covers have paid.

    amount  [event, slot] what the kernel paid

    The events of a date are asked for in their order, each once: gaps and times of a later one
    count what the earlier ones paid.

    Raises BadInput for what a part needs and nobody knows.
    """
    arrays, account = scene.plan.arrays, scene.account
    found: dict[int, Trigger] = {}
    taken, lesser = False, k.outranked(arrays, scene.claims, amount, event)
    for slot in range(scene.plan.slots):
        entry, item = int(arrays.slot_entry[slot]), int(arrays.slot_item[slot])
        if arrays.listens[entry, scene.claims.event[event]] == 0:
            continue
        exclusion = entry < arrays.exclusions
        if lesser:
            found[slot] = Trigger("outranked")
        elif account.alive[entry] == 0:
            found[slot] = Trigger("cover_ended")
        elif taken and not exclusion:
            found[slot] = Trigger("excluded")
        elif item >= 0 and scene.claims.present[item] == 0:
            found[slot] = Trigger("not_insured")
        else:
            found[slot] = _trigger(scene, event, slot)
            taken = taken or found[slot].outcome == "takes"
    paying = {int(arrays.slot_entry[s]) for s, one in found.items() if one.outcome == "paid"}
    for entry in paying:
        account.paid[entry] += 1
        account.last[entry] = float(day_number(scene.day))
        if arrays.once[entry] >= 0:
            account.met[entry, int(scene.claims.marks[event, arrays.once[entry]])] = 1
    return found


def promise_of(entry: Entry) -> Pays | Exclusion:
    """Give what the module says for an entry."""
    if not entry.exclusion:
        pays = entry.cover.module.pays
        assert pays is not None  # noqa: S101 - only covers that pay are entries
        return pays
    name = entry.name.partition(".")[2]
    return next(line for line in entry.cover.module.excludes if line.name == name)


def effects_of(scene: Scene, slot: int, trigger: Trigger) -> tuple[Effect, ...]:
    """List what a payment does to the contract."""
    bound = scene.plan.entries[int(scene.plan.arrays.slot_entry[slot])]
    then = promise_of(bound).then
    found: list[Effect] = []
    last = trigger.times is not None and trigger.times.number == trigger.times.most
    if last and trigger.outcome == "paid":
        found.append(Effect("last_time"))
    if then is None:
        return tuple(found)
    if then.ends is not None:
        found.append(Effect(f"ends_{then.ends}"))
    if then.waives is not None and math.isnan(scene.account.waived[0]):
        found.append(Effect("waives"))
    found += [Effect("reduces", name) for name in then.reduces]
    names = scope(scene.plan.product, bound.cover)
    for name, after in then.restores.items():
        found.append(Effect("restores", name, int(constant(after, names, DAYS) or 0)))
    return tuple(found)


def _trigger(scene: Scene, event: int, slot: int) -> Trigger:
    arrays = scene.plan.arrays
    entry, r = int(arrays.slot_entry[slot]), scene.ready(event, slot)
    bound = scene.plan.entries[entry]
    promise = promise_of(bound)
    if arrays.once[entry] >= 0:
        scene.need_mark(event, entry, int(arrays.once[entry]))
        told = k.spent(arrays, scene.claims, scene.account, event, entry)
        if told != k.FRESH:
            return Trigger("met" if told == k.MET else "unlisted")
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
            return Trigger("instead", gross, where, waiting, unless, basis=basis)
    gap, times = _gap(scene, event, slot), _times(scene, event, slot)
    said = Trigger("gap", where=where, waiting=waiting, unless=unless, gap=gap, times=times)
    if gap is not None and gap.day < gap.days:
        return said
    if times is not None and times.number > times.most:
        return replace(said, outcome="cover_ended")
    if _not_hit(scene, event, slot):
        return replace(said, outcome="not_hit")
    scene.need(event, slot, k.AMOUNT)
    basis = scene.formula(event, slot, k.AMOUNT, written(promise.amount))
    gross = k.evaluate(arrays, entry, k.AMOUNT, r)
    outcome: Outcome = "takes" if bound.exclusion else "paid"
    return replace(said, outcome=outcome, gross=gross, basis=basis)


def _gap(scene: Scene, event: int, slot: int) -> Gap | None:
    """Give how long ago the cover paid; None where it has no gap, or has not paid yet."""
    arrays = scene.plan.arrays
    entry = int(arrays.slot_entry[slot])
    last = float(scene.account.last[entry])
    if arrays.parts[entry, k.GAP, 2] < 0 or math.isnan(last):
        return None
    scene.need(event, slot, k.GAP)
    days = int(k.evaluate(arrays, entry, k.GAP, scene.registers[event, slot]))
    return Gap(day_number(scene.day) - int(last), days, day_of(last))


def _times(scene: Scene, event: int, slot: int) -> Times | None:
    """Give which payment of how many this would be; None where the cover does not count."""
    arrays = scene.plan.arrays
    entry = int(arrays.slot_entry[slot])
    if arrays.parts[entry, k.TIMES, 2] < 0:
        return None
    scene.need(event, slot, k.TIMES)
    most = int(k.evaluate(arrays, entry, k.TIMES, scene.registers[event, slot]))
    return Times(int(scene.account.paid[entry]) + 1, most)


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
