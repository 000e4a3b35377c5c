"""Expected cost in closed form: frequency × chance that it fits × mean of a layer of the severity.

It exists for a cover whose amount is one drawn mark times constants, and whose lines act on each
claim or event alone with constant values: shares, deductibles, franchises, corridors, limits. A
chain of such lines keeps scale × layers of the mark.
"""

import math
from collections.abc import Iterator

import numpy as np

from product_factory import promise
from product_factory.assembled import Cover
from product_factory.contract import BEGINS_ABOVE
from product_factory.expressions.scope import InlineLeaf
from product_factory.expressions.tree import Binary, Expression, Name, Number
from product_factory.types import Type
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.events import choices, contract
from rating.engines.collective.expected_cost import Expected
from rating.engines.collective.happens import CollectiveProcess, Draws
from rating.engines.collective.layer import Layer
from rating.engines.collective.read import reads, varies
from rating.engines.collective.terms import MONEY, check_terms
from rating.kernels import settle as k
from rating.payout import Entry

ROUNDED = 0.005
"""What rounding to the cent may move one payout."""


def closed_costs(model: AnnualModel, cell: int) -> dict[str, Expected]:
    """Give the covers that have a closed form, by name, for a policy of a cell.

    Raises BadInput at terms that need a simulation.
    """
    check_terms(model)
    found: dict[str, Expected] = {}
    for entry in model.payout.entries:
        if entry.exclusion or not _alone(model, entry, cell):
            continue
        parts = [_of_event(model, entry, cell, process) for process in _heard(model, entry)]
        if any(part is None for part in parts) or not _only_collective(model, entry):
            continue
        costs = [part for part in parts if part is not None]
        value = math.fsum(math.fsum(cost.values()) for cost, _ in costs)
        bound = math.fsum(bound for _, bound in costs)
        by_item = tuple(
            (item, math.fsum(cost.get(slot, 0.0) for cost, _ in costs))
            for item, slot in entry.slots
            if item
        )
        found[entry.name] = Expected((entry.name,), "closed", value, bound, by_item)
    return found


def _heard(model: AnnualModel, entry: Entry) -> Iterator[CollectiveProcess]:
    return (process for process in model.collective if process.name in entry.events)


def _only_collective(model: AnnualModel, entry: Entry) -> bool:
    return not any(process.name in entry.events for process in model.catalogue)


def _present(model: AnnualModel, entry: Entry, cell: int) -> list[int]:
    slots = [slot for _, slot in entry.slots]
    items = model.payout.arrays.slot_item
    present = model.cells.present[cell]
    return [slot for slot in slots if items[slot] < 0 or present[items[slot]] == 1]


def _alone(model: AnnualModel, entry: Entry, cell: int) -> bool:
    """Tell whether every line acts on each claim of each item alone, by constants."""
    plan, number = model.payout.arrays, model.payout.entries.index(entry)
    cover = entry.cover
    pays = cover.module.pays
    assert pays is not None  # noqa: S101 - entries that are no exclusions pay
    several = len(_present(model, entry, cell)) > 1
    for stage, shown in enumerate(model.payout.stages):
        if plan.stage_line[stage, number] < 0:
            continue
        if plan.stages[stage, 1] > k.EVENT:
            return False
        if shown.operation in ("share", "average"):
            continue
        if (several and not shown.each) or len(shown.lines) > 1:
            return False
    changing = varies(model.product, cover)
    return not any(
        reads(model.product, cover, line.value, promise.WANTED.get(line.operation, MONEY))
        & changing
        or reads(model.product, cover, line.above, MONEY) & changing
        or (line.when is not None and reads(model.product, cover, line.when, None) & changing)
        for line in entry.lines
    )


def _of_event(
    model: AnnualModel, entry: Entry, cell: int, process: CollectiveProcess
) -> tuple[dict[int, float], float] | None:
    """Give what the events of a process cost by slot, and the bound; None without a closed form."""
    pays = entry.cover.module.pays
    assert pays is not None  # noqa: S101 - the caller looked
    alias = process.name.partition(".")[0]
    draws = _mark_of(model, entry.cover, alias, pays.amount, process)
    chosen = {model.payout.marks[c.mark] for c in process.chances}
    marks = set(promise.marks(model.product, entry.cover))
    conditions = (
        set() if pays.where is None else reads(model.product, entry.cover, pays.where, None)
    )
    if draws is None or draws.given or (conditions & marks) - chosen:
        return None
    if not _exclusions_read_choices(model, process, chosen):
        return None
    frequency = process.counts[cell]
    costs: dict[int, float] = {}
    payouts = 0.0
    for slot in _present(model, entry, cell):
        place = int(model.payout.arrays.slot_item[slot]) if draws.each else 0
        layer, chance = _layer(model, entry, cell, process, draws, slot)
        layer = layer.of_larger(float(draws.factor[cell]))
        drawn = (int(draws.code[0, cell, place]), *draws.parameters[0, cell, place].tolist())
        severity = draws.models[drawn]
        costs[slot] = frequency.mean * chance * layer.expected(severity)
        payouts += frequency.mean * chance
    return costs, ROUNDED * payouts


def _mark_of(
    model: AnnualModel,
    cover: Cover,
    alias: str,
    amount: Expression,
    process: CollectiveProcess,
) -> Draws | None:
    """Find the drawn mark of which an amount is a multiple, None where it is anything else."""
    scope = promise.scope(model.product, cover)
    drawn = {draws.name: draws for draws in process.draws}
    shape = model.product.processes[alias].marks
    changing = varies(model.product, cover)

    def mark_in(value: Expression) -> Draws | None:
        if isinstance(value, Name):
            if value.name in drawn:
                return drawn[value.name]
            mark = shape.get(value.name)
            if mark is not None and mark.computed is not None:
                return mark_in(mark.computed)
            leaf = scope.find(value.name)
            return mark_in(leaf.expression) if isinstance(leaf, InlineLeaf) else None
        if isinstance(value, Binary) and value.op in ("*", "/"):
            left, right = value.left, value.right
            if constant(right):
                return mark_in(left)
            return mark_in(right) if value.op == "*" and constant(left) else None
        return None

    def constant(value: Expression) -> bool:
        if isinstance(value, Number):
            return True
        return not reads(model.product, cover, value) & changing

    return mark_in(amount)


def _exclusions_read_choices(
    model: AnnualModel, process: CollectiveProcess, chosen: set[str]
) -> bool:
    for entry in model.payout.entries:
        if not entry.exclusion or process.name not in entry.events:
            continue
        marks = set(promise.marks(model.product, entry.cover))
        for line in entry.cover.module.excludes:
            read = (
                set() if line.where is None else reads(model.product, entry.cover, line.where, None)
            )
            read |= reads(model.product, entry.cover, line.amount, Type("money"))
            if (read & marks) - chosen:
                return False
    return True


def _layer(
    model: AnnualModel,
    entry: Entry,
    cell: int,
    process: CollectiveProcess,
    draws: Draws,
    slot: int,
) -> tuple[Layer, float]:
    """Give what is kept of the mark, and the chance that the event is paid by this cover."""
    plan, number = model.payout.arrays, model.payout.entries.index(entry)
    registers = np.zeros(plan.registers.shape[1])
    claims = contract(model, cell, process.event)
    item = int(plan.slot_item[slot])
    if draws.each:
        claims.item_marks[0, draws.mark, item] = 1.0
    else:
        claims.marks[0, draws.mark] = 1.0
    k.compute_marks(plan, claims, 0, registers)
    chance = 0.0
    for share, chosen in choices(process.chances, cell):
        for mark, choice in chosen:
            claims.marks[0, mark] = choice
        if not _excluded(model, claims, process):
            k.fill(plan, claims, 0, number, item, registers)
            chance += share * float(k.trigger(plan, number, registers)[0] == k.PAYS)
    k.fill(plan, claims, 0, number, item, registers)
    slope = k.evaluate(plan, number, k.AMOUNT, registers)
    layer = Layer(slope)
    if math.isfinite(draws.most):
        layer = layer.limit(slope * draws.most)
    for stage in range(plan.stages.shape[0]):
        line = int(plan.stage_line[stage, number])
        if line >= 0 and k.applies(plan, line, slot, registers):
            operation = model.payout.stages[stage].operation
            value = k.line_value(plan, line, slot, 0.0, registers)
            if operation == BEGINS_ABOVE:
                layer = layer.corridor(value, k.line_above(plan, line, slot, registers))
            else:
                layer = getattr(layer, operation)(value)
    return layer, chance


def _excluded(model: AnnualModel, claims: k.Claims, process: CollectiveProcess) -> bool:
    plan = model.payout.arrays
    for number in range(plan.exclusions):
        if plan.listens[number, process.event] == 1:
            registers = np.zeros(plan.registers.shape[1])
            k.fill(plan, claims, 0, number, -1, registers)
            if k.trigger(plan, number, registers)[0] != k.NOTHING:
                return True
    return False
