"""Simulate run-offs of a portfolio of long-term contracts, on the arrays that price them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from product_factory.numbers.hashing import hash64
from rating.engines.multistate.model import Model
from rating.engines.multistate.value import discount, leaving, pols_if
from sandbox.kernels.cohort import run_off
from sandbox.loss_table import LossTable, Segments
from sandbox.simulate.blocks import run_blocks
from sandbox.simulate.grouping import Grouping, segment_columns

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
STREAM = hash64("cohort") & 0xFFFFFFFF


@dataclass(frozen=True)
class RateShock:
    """`times` and then `add` on a yearly rate, in the policy years first … last."""

    times: float = 1.0
    add: float = 0.0
    first: int = 1
    last: int = 1000


@dataclass(frozen=True)
class CohortShock:
    """What a scenario changes: yearly rates by event, and the yearly interest rate."""

    rates: Mapping[str, RateShock] = field(default_factory=dict)
    interest_add: float = 0.0


@dataclass(frozen=True)
class CohortRun:
    """Present values by run, and how many policies left how ('' for maturity), [run, way]."""

    table: LossTable
    ways: tuple[str, ...]
    left: Integers


def shocked(model: Model, shock: CohortShock) -> Model:
    """Give the model under a shock; rates stay within 0 … 1, together with what else can happen."""
    rates = dict(model.rates)
    year = np.arange(1, model.years + 1)
    for event, change in shock.rates.items():
        window = (year >= change.first) & (year <= change.last)
        moved = rates[event] * change.times + change.add
        rates[event] = (
            np.where(window[None, :], np.clip(moved, 0.0, 1.0), rates[event]) * model.within
        )
    nature = [event for event in rates if event not in model.acts]
    total = np.zeros_like(model.within)
    for event in nature:
        total = total + rates[event]
    if (total > 1.0).any():
        # what cannot all happen keeps its proportions
        rates |= {e: np.where(total > 1.0, rates[e] / total, rates[e]) for e in nature}
    return replace(model, rates=rates, interest=model.interest + shock.interest_add)


def simulate_cohort(  # noqa: PLR0913 - each is a choice of the caller
    model: Model,
    policies: Integers,
    premiums: Floats,
    runs: int,
    seed: int,
    *,
    keys: npt.NDArray[np.uint64],
    groupings: Mapping[str, Grouping] | None = None,
    threads: int = 1,
    block: int = 16,
    progress: Callable[[int], None] | None = None,
) -> CohortRun:
    """Simulate run-offs to the end of the last contract. The same for any threads and block.

    policies  [cell];  premiums: [cell] yearly premium of one policy;  keys: [cell] hash of the risk

    Amounts are present values at issue at the basis's interest: premiums and expenses fall at a
    year's start while in force, payments at its end.
    """
    if len(policies) != model.cells.size or len(premiums) != model.cells.size:
        message = f"expected {model.cells.size} cells, got {len(policies)} and {len(premiums)}"
        raise BadValue(message)
    groupings = groupings or {}
    ways, columns, cumulative, value = _exits(model)
    flows = _flows(model, premiums)
    segment, first_of = segment_columns(groupings, model.cells.size)
    paid = np.zeros((runs, len(columns)))
    other = np.zeros((runs, 2))
    by_segment = np.zeros((runs, sum(len(g.labels) for g in groupings.values()), 2))
    left = np.zeros((runs, len(ways) + 1), dtype=np.int64)
    word = np.uint64(seed)

    def work(first: int, last: int) -> None:
        run_off(
            word,
            STREAM,
            first,
            keys,
            policies,
            cumulative,
            value,
            flows,
            segment,
            paid[first:last],
            other[first:last],
            by_segment[first:last],
            left[first:last],
        )

    run_blocks(work, runs, threads, block, progress)
    table = LossTable(
        columns=columns,
        paid=paid,
        premium=other[:, 0].copy(),
        basis=model.basis.name,
        seed=seed,
        kind="cohort",
        expenses=other[:, 1].copy(),
        by_segment={
            name: Segments(
                labels=grouping.labels,
                paid=by_segment[
                    :, first_of[name] : first_of[name] + len(grouping.labels), 0
                ].copy(),
                premium=by_segment[
                    :, first_of[name] : first_of[name] + len(grouping.labels), 1
                ].copy(),
            )
            for name, grouping in groupings.items()
        },
        currency=model.product.product.currency,
    )
    return CohortRun(table, (*ways, ""), left)


def _exits(model: Model) -> tuple[tuple[str, ...], tuple[str, ...], Floats, Floats]:
    """Lay out the ways to leave: an event with one set of marks, and each of them by year.

    Way stands before year, acts of the policyholder last, so that a shocked rate moves few policies
    from one way to another: what is compared on the same random numbers stays alike.

    Gives the ways, the columns that are paid, the cumulated chances [cell, way × year] and the
    present values [cell, way × year, column].
    """
    alive, v, leave = pols_if(model), discount(model), leaving(model)
    ways: list[tuple[str, tuple[tuple[str, str], ...], float]] = []
    for event in (*(e for e in leave if e not in model.acts), *sorted(model.acts)):
        marked = {tuple(o.marks.items()): o.weight for o in model.outcomes if o.event == event}
        # an event that pays nothing ends the contract all the same
        ways += [(event, marks, weight) for marks, weight in (marked or {(): 1.0}).items()]
    columns = tuple(dict.fromkeys(outcome.column for outcome in model.outcomes))
    chance = np.zeros((model.cells.size, len(ways), model.years))
    value = np.zeros((model.cells.size, len(ways), model.years, max(1, len(columns))))
    for place, (event, marks, weight) in enumerate(ways):
        chance[:, place, :] = alive[:, :-1] * leave[event] * weight
        for outcome in model.outcomes:
            if outcome.event == event and tuple(outcome.marks.items()) == marks:
                column = columns.index(outcome.column)
                value[:, place, :, column] += outcome.amount * v[None, 1:]
    flat = chance.reshape(model.cells.size, -1)
    names = tuple(event for event, _, _ in ways)
    shape = (model.cells.size, flat.shape[1], value.shape[3])
    return names, columns or ("none",), np.cumsum(flat, axis=1), value.reshape(shape)


def _flows(model: Model, premiums: Floats) -> Floats:
    """Give the present value of a policy's premiums and expenses by the year in which it leaves."""
    v = discount(model)
    premium = np.zeros((model.cells.size, model.years + 1))
    expense = np.zeros_like(premium)
    paid = np.zeros(model.cells.size)
    spent = np.zeros(model.cells.size)
    for year in range(model.years):
        due = premiums * model.due[:, year]
        paid = paid + v[year] * due
        share = model.per_premium[:, year] * due
        spent = spent + v[year] * (model.per_policy[:, year] + share)
        premium[:, year], expense[:, year] = paid, spent
    premium[:, model.years], expense[:, model.years] = paid, spent
    return np.stack([premium, expense], axis=2)
