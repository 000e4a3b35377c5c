"""Premiums, reserves and present values on the arrays of a model, one row a cell.

Premiums and expenses fall at a step's start, claims at its end. Sums run step by step, so that
their order never changes. Names follow lifelib; actuarial symbols stand beside them.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from rating.engines.multistate.backward import backward
from rating.engines.multistate.forward import Expected, expected
from rating.engines.multistate.model import Model, Payment
from rating.engines.multistate.moves import discounts
from rating.engines.multistate.payment import due_in_first

Floats = npt.NDArray[np.float64]


def pols_if(model: Model) -> Floats:
    """Probability of being in force at the start of each step and at the end of the last (tpx).

    Shape [cell, steps + 1].
    """
    return expected(model).alive


def discount(model: Model) -> Floats:
    """Present value of 1 at the start of each step and at the end. Shape [steps + 1].

    v^t where interest is level.
    """
    factors = np.ones(model.steps + 1)
    v = discounts(model)
    for step in range(model.steps):
        factors[step + 1] = factors[step] * v[step]
    return factors


def pv_claims(model: Model, seen: Expected | None = None) -> dict[str, Floats]:
    """Present value at issue of each column's payments, one value a cell (A for a death cover)."""
    seen = seen or expected(model)
    found = {column: pv_at_end(model, paid) for column, paid in claims(model, seen).items()}
    for column, paid in on_first_day(model, seen).items():
        found[column] = found[column] + paid
    return found


def claims(model: Model, seen: Expected, *, all_of_them: bool = True) -> dict[str, Floats]:
    """Expected payments of each column at each step's end, seen from issue: [cell, step].

    What falls due at a later time than the first day is paid at the end of the step before it.

    all_of_them  else without what an act of the policyholder asked for and what falls due unasked
    """
    found: dict[str, Floats] = {}
    for number, way in enumerate(model.ways):
        if way.event in model.assumed.acts and not all_of_them:
            continue
        for payment in way.payments:
            paid = paid_by(model, seen, number, payment)
            found[payment.column] = found.get(payment.column, 0.0) + paid
    for flow, chance in zip(model.flows, seen.due, strict=True) if all_of_them else ():
        paid = chance[:, 1:] * flow.amount[:, 1:]
        found[flow.column] = found.get(flow.column, 0.0) + paid
    for one in model.running:
        paid = seen.alive[:, :-1] * one.amount
        found[one.column] = found.get(one.column, 0.0) + paid
    return found


def paid_by(model: Model, seen: Expected, way: int, payment: Payment) -> Floats:
    """Expected amount of one payment of a way at each step's end, seen from issue: [cell, step]."""
    key = (way, payment.column)
    paid = seen.taken[key] * payment.amount
    if payment.each is None:
        return paid
    return paid + seen.counted[key] * model.premium[:, None] * payment.each


def falls_due(model: Model) -> Floats:
    """Give what falls due at each time in the first state: [cell, step + 1]."""
    return due_in_first(model.flows, model.within.shape)


def on_first_day(model: Model, seen: Expected) -> dict[str, Floats]:
    """Give what falls due on the contract's first day, by column: [cell]."""
    due = zip(model.flows, seen.due, strict=True)
    return {flow.column: chance[:, 0] * flow.amount[:, 0] for flow, chance in due}


def pv_at_end(model: Model, amounts: Floats) -> Floats:
    """Present value of amounts [cell, step] at each step's end, seen from issue."""
    return _summed(amounts, discount(model)[1:])


def pv_at_start(model: Model, amounts: Floats, seen: Expected | None = None) -> Floats:
    """Present value at issue of amounts [cell, step] at each step's start while in force."""
    alive = (seen or expected(model)).alive
    return _summed(alive[:, :-1] * amounts, discount(model))


def pv_of_premiums(model: Model, shares: Floats, seen: Expected | None = None) -> Floats:
    """Present value at issue of a share [cell, step] of a premium of 1, where one is due."""
    paying = (seen or expected(model)).paying
    return _summed(paying * model.due * shares, discount(model))


def _summed(amounts: Floats, factors: Floats) -> Floats:
    total = np.zeros(len(amounts))
    for step in range(amounts.shape[1]):
        total = total + factors[step] * amounts[:, step]
    return total


def annuity(model: Model, seen: Expected | None = None) -> Floats:
    """Present value of a premium of 1 (ä)."""
    return pv_of_premiums(model, np.ones_like(model.within), seen)


def total(parts: Mapping[str, Floats], size: int | tuple[int, ...]) -> Floats:
    """Add columns up, in their order: [cell] or [cell, step]."""
    found = np.zeros(size)
    for part in parts.values():
        found = found + part
    return found


def net_single_premium(model: Model, seen: Expected | None = None) -> Floats:
    """Present value of all payments: what they are worth at issue."""
    return total(pv_claims(model, seen), model.cells.size)


def net_premium(model: Model) -> Floats:
    """Net level premium by equivalence, A / ä."""
    seen = expected(model)
    return net_single_premium(model, seen) / annuity(model, seen)


def kept(model: Model, seen: Expected) -> Floats:
    """Present value of what a premium of 1 leaves after loadings and expenses per premium.

    Raises BadInput naming a cell of which premiums leave nothing.
    """
    shares = 1.0 - model.assumed.loading - model.assumed.spent["premium"]
    left = pv_of_premiums(model, shares, seen)
    if not (left > 0.0).all():
        cell = int(np.argmin(left))
        text = f"premiums leave nothing after loadings at {model.cells.shown(model.product, cell)}"
        raise BadInput.one(model.basis.at, f"{model.basis.name}.loading", text)
    return left


def pv_expenses(model: Model, seen: Expected) -> Floats:
    """Present value of expenses that are no share of the premium."""
    spent = model.assumed.spent
    started = pv_at_start(model, spent["policy"] + spent["sum_insured"], seen)
    return started + pv_at_end(model, claim_expenses(model, seen))


def claim_expenses(model: Model, seen: Expected) -> Floats:
    """Expected cost of settling claims at each step's end: [cell, step]."""
    spent = model.assumed.spent
    found = seen.claims * spent["claim"]
    if spent["claim_payment"].any():
        settled = total(claims(model, seen, all_of_them=False), found.shape)
        found = found + settled * spent["claim_payment"]
    return found


def gross_premium(model: Model) -> Floats:
    """Level gross premium by equivalence: benefits and expenses over what premiums leave.

    A premium of 1 leaves 1 less the loading and the expenses per premium of its year. Raises
    BadInput naming a cell of which premiums leave nothing.
    """
    seen = expected(model)
    left = kept(model, seen)
    return (net_single_premium(model, seen) + pv_expenses(model, seen)) / left


def reserves(model: Model, net: Floats) -> Floats:
    """Prospective reserve at each step's start and at the end, where nothing was claimed yet (tV).

    net  [cell, step] the premium that the reserve may count on, at each step's start

    Shape [cell, steps + 1]; 0 beyond the term.
    """
    return backward(model, net).first


def modified_reserves(model: Model) -> Floats:
    """Reserve with the basis's loadings: the gross premium re-computed on it, less its loading.

    The basis of the minimum cash value, 银保监办发〔2020〕7号 八-十一. Shape [cell, steps + 1].
    """
    gross = gross_premium(model)
    return reserves(model, gross[:, None] * (1.0 - model.assumed.loading))
