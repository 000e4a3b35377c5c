"""Cash flows of contracts from issue to the end, step by step, under lifelib's names.

Row t of a projection is time t, t steps from issue, or of contracts in force from the day on which
some of their years are over, and the step that begins then: premiums,
commissions, expenses and benefits at due dates fall at time t; what an event of the step brings
falls at its end, or at its start where the basis pays benefits then. The last row is the end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.states import state_graph
from rating.cash_flows.names import claims_names, policies_names
from rating.engines.multistate.forward import Expected, expected, moving, surely
from rating.engines.multistate.model import Model
from rating.engines.multistate.moves import Transitions, transitions
from rating.engines.multistate.value import claim_expenses, discount, paid_by

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CashFlows:
    """Expected flows per policy at time 0, [cell, t], in the product's currency.

    columns       name → flow: `pols_if` in force from time t on, with a `pols_if_STATE` for each
                  living state where there are several, `pols_EVENT` whom events of the step meet,
                  `pols_maturity` who reach the end, `premiums`, `claims` with a
                  `claims_COVER` for each, `survival_benefits` (those of the claims that fall due at
                  time t), `expenses` with `claim_expenses` (those of them that fall with claims),
                  `commissions`, `net_cf` = premiums - claims - expenses - commissions
    present       `pv_premiums`, `pv_claims`, … → present value at time 0: [cell]
    disc_factors  [t] present value of 1 at time t
    """

    columns: Mapping[str, Floats]
    present: Mapping[str, Floats]
    disc_factors: Floats
    per_year: int


def cash_flows(model: Model, premiums: Floats) -> CashFlows:
    """Project cells that are charged premiums [cell], each time that one falls due.

    The commissions are the expenses that are shares of premiums.
    """
    laid = transitions(model)
    asked = _asked(model, laid)
    seen = expected(model, laid, tuple(asked.values()))
    spent, now = model.assumed.spent, discount(model)
    ends = np.append(now[1:], now[-1])
    worth = model.assumed.brought
    then, brought = (ends, 1.0) if worth is None else (now, worth[None, :])
    events, acts, due = _claims(model, seen)
    paid = {name: _ended(flow / brought) for name, flow in events.items()}
    left = {name: _ended(flow) for name, flow in acts.items()}
    settled = _ended(claim_expenses(model, seen) / brought)
    income = _ended(seen.paying * model.due * premiums[:, None])
    started = _ended(seen.alive[:, :-1] * (spent["policy"] + spent["sum_insured"]))
    commissions = income * _ended(spent["premium"])
    nothing = np.zeros_like(income)
    of_events, of_acts, fell = (_total(part.values(), nothing) for part in (paid, left, due))
    claims, expenses = of_events + of_acts + fell, started + settled
    covers = dict.fromkeys(claims_names(model.product).values(), nothing)
    for column, name in claims_names(model.product).items():
        covers[name] = _total((x[column] for x in (paid, left, due) if column in x), covers[name])
    columns = {
        **_policies(model, seen, tuple(asked)),
        "premiums": income,
        "claims": claims,
        **covers,
        "survival_benefits": fell,
        "expenses": expenses,
        "claim_expenses": settled,
        "commissions": commissions,
        "net_cf": income - claims - expenses - commissions,
    }
    present = {
        "pv_premiums": _worth(income, now),
        "pv_claims": _worth(of_events, then) + _worth(of_acts, ends) + _worth(fell, now),
        "pv_expenses": _worth(started, now) + _worth(settled, then),
        "pv_commissions": _worth(commissions, now),
    }
    income_left = present["pv_premiums"] - present["pv_claims"]
    present["pv_net_cf"] = income_left - present["pv_expenses"] - present["pv_commissions"]
    return CashFlows(columns, present, now, model.per_year)


def _ended(flow: Floats) -> Floats:
    """Give a flow of steps a last row, of the end: [cell, t]."""
    return np.concatenate([flow, np.zeros((len(flow), 1))], axis=1)


def _total(parts: Iterable[Floats], found: Floats) -> Floats:
    for part in parts:
        found = found + part
    return found


def _worth(flow: Floats, factors: Floats) -> Floats:
    """Add up from the first step on, so that the order never changes: [cell]."""
    total = np.zeros(len(flow))
    for t, factor in enumerate(factors.tolist()):
        total = total + factor * flow[:, t]
    return total


def _claims(
    model: Model, seen: Expected
) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Floats]]:
    """Give what events, acts of the policyholder and due dates bring, by column.

    The first two [cell, step] as worth at the step's end, the third [cell, t].
    """
    events: dict[str, Floats] = {}
    acts: dict[str, Floats] = {}
    for number, way in enumerate(model.ways):
        found = acts if way.event in model.assumed.acts else events
        for payment in way.payments:
            paid = paid_by(model, seen, number, payment)
            found[payment.column] = found.get(payment.column, 0.0) + paid
    for one in model.running:
        events[one.column] = events.get(one.column, 0.0) + seen.alive[:, :-1] * one.amount
    due: dict[str, Floats] = {}
    for flow, chance in zip(model.flows, seen.due, strict=True):
        due[flow.column] = due.get(flow.column, 0.0) + chance * flow.amount
    return events, acts, due


def _asked(model: Model, laid: Transitions) -> dict[str, Integers]:
    """Give the figures of who is in each living state, and whom each event meets, by column."""
    found: dict[str, Integers] = {}
    living = state_graph(model.product).names
    if len(living) > 1:
        # where clocks run, a state is told apart by what stands behind its name
        names = np.array([state.partition(" ")[0] for state in model.states])
        found |= {f"pols_if_{name}": surely(np.flatnonzero(names == name)) for name in living}
    # where only clocks run, NOTHING reads the last
    events = np.array([*(way.event for way in model.ways), ""])[laid.way]
    moves = moving(laid)
    for event, name in policies_names(model.product).items():
        found[name] = moves[np.flatnonzero(events == event)]
    return found


def _policies(model: Model, seen: Expected, asked: tuple[str, ...]) -> dict[str, Floats]:
    """Give the policies in force, those whom each event meets, and those that reach the end."""
    within = _ended(model.within)
    found = {"pols_if": seen.alive * within}
    found |= {name: chance * within for name, chance in zip(asked, seen.more, strict=True)}
    last = model.within.sum(axis=1).astype(np.int64)
    cell = np.arange(len(last))
    found["pols_maturity"] = np.zeros_like(within)
    found["pols_maturity"][cell, last] = seen.alive[cell, last]
    return found
