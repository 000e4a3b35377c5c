"""Backward: what a contract is worth in each state (Thiele), less premiums it may count on.

Where payments depend on the number of premiums paid, the value of a contract that has paid n of
them is plain + n × each: both run backward together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.engines.multistate.model import Model
from rating.engines.multistate.moves import Brought, brought, discounts, transitions

Floats = npt.NDArray[np.float64]
Amounts = Callable[[int, Floats], Mapping[tuple[int, int], Floats]]
"""Step, value of the first state at its end [cell] → (way, place of a payment) → amount [cell]."""


@dataclass(frozen=True)
class Value:
    """The value at each step's start and at the end, in the first state: [cell, step + 1].

    It is that of a contract that has paid every premium that fell due, with what falls due that day
    still to be paid.

    kept  [state, cell, step + 1] the same in each state that was asked for
    """

    first: Floats
    kept: Floats


def backward(
    model: Model,
    premium: Floats,
    amounts: Amounts | None = None,
    spent: Floats | None = None,
    kept: tuple[int, ...] = (),
) -> Value:
    """Run Thiele's recursion back from the end of each contract.

    premium  [cell, step] what a premium due leaves for the contract, at the step's start
    amounts  what is paid, where it depends on the value itself; the rest is what the model says
    spent    [cell, step] money that a contract in force costs at the step's start
    kept     states of which the value is given beside that of the first
    """
    laid = transitions(model)
    cells, steps = model.within.shape
    free = np.array([not waived for waived in model.waived], np.float64)[:, None]
    v, paid = discounts(model), model.paid
    rows = tuple(brought(model, laid))
    counts = any(p.each is not None for way in model.ways for p in way.payments)
    onward = np.array(model.onward)
    runs = np.zeros((cells, steps))
    for one in model.running:
        runs = runs + one.amount
    due = [(np.array(flow.states, np.float64)[:, None], flow.amount) for flow in model.flows]
    value, each = np.zeros((len(model.states), cells)), np.zeros((len(model.states), cells))
    asked = (0, *kept)
    found = np.zeros((len(asked), cells, steps + 1))
    for states, amount in due:
        value = value + states * amount[:, steps]
    found[:, :, steps] = value[asked, :]
    for k in reversed(range(steps)):
        rates = laid.rates[:, k].T
        given = {} if amounts is None else amounts(k, value[0])
        then = rates[laid.stay] * value[onward]
        for row in rows:
            gain = np.zeros(cells) if row.target < 0 else value[row.target]
            for key, payment in row.payments:
                gain = gain + (given[key] if key in given else payment.amount[:, k])
            then[row.source] += rates[row.rate] * gain
        owed = model.due[:, k] * free
        if model.running:
            then = then + runs[:, k]
        value = v[k] * then - owed * premium[:, k]
        if counts:
            each = v[k] * _each(rows, rates, rates[laid.stay] * each[onward], each, k)
            value = value + owed * model.premium * each
        if spent is not None:
            value = value + spent[:, k]
        value, each = value * model.within[:, k], each * model.within[:, k]
        for states, amount in due:
            value = value + states * amount[:, k]
        found[:, :, k] = value[asked, :]
        if counts:
            found[:, :, k] += (paid[:, k] - model.due[:, k]) * model.premium * each[asked, :]
    return Value(found[0], found[1:])


def _each(
    rows: tuple[Brought, ...], rates: Floats, staying: Floats, each: Floats, k: int
) -> Floats:
    for row in rows:
        gain = np.zeros(staying.shape[1]) if row.target < 0 else each[row.target]
        for _, payment in row.payments:
            if payment.each is not None:
                gain = gain + payment.each[:, k]
        staying[row.source] += rates[row.rate] * gain
    return staying
