"""Simulate run-offs of a portfolio of long-term contracts, on the chain that prices them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadValue
from rating.engines.collective.change import UNCHANGED, Change
from rating.engines.multistate.assumed import closed, shared
from rating.engines.multistate.chain import Chain, Sheet, Stream
from rating.engines.multistate.model import Model
from rating.engines.multistate.moves import DUE, chained, transitions
from rating.engines.multistate.revalued import revalued
from rating.engines.multistate.running import running
from rating.engines.multistate.two_lives import apart, joined, processes
from sandbox.execution import ONE_THREAD, Execution
from sandbox.loss_table import LossTable, Segments
from sandbox.portfolio.expenses import EVERY_KIND
from sandbox.simulate.ceding import (
    EACH,
    EXPENSES,
    PREMIUM,
    Ceding,
    Taken,
    in_money_of_the_year,
)
from sandbox.simulate.counted import CountedEvents, Paid
from sandbox.simulate.grouping import Grouping
from sandbox.simulate.policy_years import (
    CLAIMS,
    PREMIUMS,
    SPENT,
    PolicyYears,
    simulate_policy_years,
)
from sandbox.simulate.walk import walk

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
PAID = "premiums paid"


@dataclass(frozen=True)
class RateShock:
    """`times`, then `add`, then `least` on a yearly rate, in the policy years first … last.

    times, add, least  one number, or one for each cell and step
    """

    times: float | Floats = 1.0
    add: float | Floats = 0.0
    first: int = 1
    last: int = 1000
    least: float | Floats = 0.0


@dataclass(frozen=True)
class CohortShock:
    """What a scenario changes: yearly rates by event, and the yearly interest rate.

    interest_add  one number, or one for each policy year and the one after the last
    change  of events that are counted by the year beside the life
    expenses  kind → what they are multiplied by, [cell, step]; EVERY_KIND for all
    """

    rates: Mapping[str, RateShock] = field(default_factory=dict)
    interest_add: float | Floats = 0.0
    change: Change = UNCHANGED
    expenses: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class CohortRun:
    """Present values by run, and how many policies met which event, [run, event].

    A diagnosis that a contract outlives is met as well as the event that ends it. Events that are
    counted by the year are met as often as they happen to a policy in force.

    taken  what contracts of reinsurance take; None where nobody asked
    by_year  the same run-offs by policy year; None where nobody asked
    """

    table: LossTable
    events: tuple[str, ...]
    met: Integers
    taken: Taken | None = None
    by_year: PolicyYears | None = None


def shocked(model: Model, shock: CohortShock) -> Model:
    """Give the model under a shock; rates stay within 0 … 1, together with what else can happen.

    A grid of months takes a twelfth of what is added, and of a least rate.
    """
    assumed = model.assumed
    year = np.arange(model.steps) // model.per_year + 1
    moved = shared([_moved(model, shock, rates, year) for rates in assumed.by_situation])
    since = assumed.since_issue
    every = shock.expenses.get(EVERY_KIND, 1.0)
    spent = {
        kind: amount * every * shock.expenses.get(kind, 1.0)
        for kind, amount in assumed.spent.items()
    }
    then = replace(
        assumed,
        by_situation=moved,
        spent=spent if shock.expenses else assumed.spent,
        interest=_raised(assumed.interest, shock.interest_add),
        since_issue=None if since is None else _raised(since, shock.interest_add),
    )
    moved_model = revalued(replace(model, assumed=then), assumed)
    if shock.change == UNCHANGED:
        return moved_model
    runs = running(model.product, model.basis, then, shock.change)
    return replace(moved_model, running=runs, change=shock.change)


def _raised(rates: Floats, add: float | Floats) -> Floats:
    """Add to rates by policy year: [year]."""
    return rates + (add[: len(rates)] if isinstance(add, np.ndarray) else add)


def _moved(
    model: Model, shock: CohortShock, given: Mapping[str, Floats], year: Integers
) -> Mapping[str, Floats]:
    """Give the rates of one situation under a shock."""
    assumed = model.assumed
    if not shock.rates:
        return given
    product = model.product
    lives = any(event.partition(".")[0] in processes(product) for event in shock.rates)
    rates = apart(product, given) if lives else dict(given)
    for event, change in shock.rates.items():
        if event not in rates:
            continue
        window = (year >= change.first) & (year <= change.last)
        moved = rates[event] * change.times + change.add / model.per_year
        moved = np.clip(np.maximum(moved, change.least / model.per_year), 0.0, 1.0)
        rates[event] = np.where(window[None, :], moved, rates[event]) * model.within
    if lives:
        rates = joined(product, rates)
    nature = [event for event in rates if event not in assumed.acts]
    total = np.zeros_like(model.within)
    for event in nature:
        total = total + rates[event]
    if (total > 1.0).any():
        # what cannot all happen keeps its proportions
        rates |= {e: np.where(total > 1.0, rates[e] / total, rates[e]) for e in nature}
    return closed(rates, assumed.acts, assumed.closing, model.within)


def simulate_cohort(  # noqa: PLR0913 - each is a choice of the caller
    model: Model,
    policies: Integers,
    premiums: Floats,
    runs: int,
    seed: int,
    *,
    keys: npt.NDArray[np.uint64],
    groupings: Mapping[str, Grouping] | None = None,
    ceding: Ceding | None = None,
    by_year: bool = False,
    execution: Execution = ONE_THREAD,
    inputs: Mapping[str, str] | None = None,
) -> CohortRun:
    """Simulate run-offs to the end of the last contract. The same for any execution.

    policies  [cell];  premiums: [cell] yearly premium of one policy;  keys: [cell] hash of the risk
    ceding    what contracts of reinsurance take of what is paid; it moves nothing else
    by_year   whether they are told by policy year too, which takes the time of another run

    Amounts are present values at the basis's interest, at issue, of contracts in force on the day
    that is the model's time 0: premiums and expenses fall at a step's start while in force,
    payments at its end.
    """
    if len(policies) != model.cells.size or len(premiums) != model.cells.size:
        message = f"expected {model.cells.size} cells, got {len(policies)} and {len(premiums)}"
        raise BadValue(message)
    if by_year:
        in_money_of_the_year(model, At("--by"), "")
    groupings = groupings or {}
    chain, counted = walked(model, premiums)
    laid = None if ceding is None else ceding.laid(model, chain)
    chain = chain if laid is None else laid.chain
    years = None if laid is None else laid.of_years
    events = CountedEvents(model, policies, seed, keys, groupings, years) if model.running else None
    done = walk(
        chain,
        policies,
        runs,
        seed,
        keys=keys,
        groupings=groupings,
        execution=execution,
        inputs=inputs,
        counted=counted,
        follows=None if events is None else events.years,
        weights=None if laid is None else laid.weights,
        by_year=None if laid is None else laid.yearly,
    )
    columns = model.columns or ("none",)
    place = {name: number for number, name in enumerate(done.streams)}
    paid = _columns(columns, place, done.paid)
    table = LossTable(
        columns=columns,
        paid=paid,
        premium=done.paid[:, place[PREMIUM]].copy(),
        basis=model.basis.name,
        seed=seed,
        kind="cohort",
        expenses=_columns((EXPENSES,), place, done.paid)[:, 0].copy(),
        by_segment={
            name: Segments(
                labels=grouping.labels,
                paid=_total(_columns(columns, place, done.by_segment[name])),
                premium=done.by_segment[name][:, :, place[PREMIUM]].copy(),
            )
            for name, grouping in groupings.items()
        },
        currency=model.product.product.currency,
    )
    made = CohortRun(table, *_met(model, done.moved))
    beside = None if events is None else events.done(done.followed)
    made = made if beside is None else _with(made, beside)
    if laid is not None:
        taken = done.weighed
        if beside is not None and laid.of_years:
            taken = taken + beside.weighed
        yearly = None if laid.yearly is None else done.yearly
        made = replace(made, taken=Taken(taken, yearly, laid.worth))
    if not by_year:
        return made
    weighed = {PREMIUM: PREMIUMS} | {
        f"{name}{each}": kind for name, kind in _weighed(columns) for each in ("", EACH)
    }
    by_policy_year = simulate_policy_years(
        model, chain, weighed, counted, policies, runs, seed, keys, execution, inputs or {}
    )
    return replace(made, by_year=by_policy_year)


def _weighed(columns: tuple[str, ...]) -> list[tuple[str, int]]:
    """Give what each stream counts as, year by year."""
    return [*((name, CLAIMS) for name in columns), (EXPENSES, SPENT)]


def _with(run: CohortRun, paid: Paid) -> CohortRun:
    """Give the run with what events counted by the year were paid."""
    table = run.table
    columns = table.paid.copy()
    for name, rows in zip(paid.columns, paid.paid.T, strict=True):
        if name in table.columns:
            columns[:, table.columns.index(name)] += rows
    expenses = paid.spent if table.expenses is None else table.expenses + paid.spent
    segments = {
        name: replace(one, paid=one.paid + paid.segments[name])
        for name, one in table.by_segment.items()
    }
    return CohortRun(
        replace(table, paid=columns, expenses=expenses, by_segment=segments),
        (*run.events, *paid.events),
        np.concatenate([run.met, paid.seen], axis=1),
    )


def walked(model: Model, premiums: Floats) -> tuple[Chain, Mapping[str, str]]:
    """Give the chain with premiums and expenses, and which streams are paid times a count.

    premiums  [cell] yearly premium of one policy
    """
    chain = chained(model)
    each = [stream for name in model.columns if (stream := _each(model, name)) is not None]
    due = chain.stream(DUE)
    assert due.flow is not None  # noqa: S101 - premiums fall due in states
    premium = Stream(PREMIUM, flow=replace(due.flow, scale=premiums), flow_of=due.flow_of)
    streams = (*chain.streams, *each, premium, *_expenses(model, due.flow, premiums))
    times = [stream.name for stream in streams if stream.name.endswith(EACH)]
    if not times or model.begun is None:
        return replace(chain, streams=streams), dict.fromkeys(times, DUE)
    return replace(chain, streams=(*streams, _paid(model))), dict.fromkeys(times, PAID)


def _paid(model: Model) -> Stream:
    """Count premiums, with those that were due before the first day in what falls due on it."""
    assert model.begun is not None  # noqa: S101 - who is new has paid none
    due = np.zeros((model.cells.size, model.steps + 1, 2))
    due[:, :-1, 0] = model.due
    due[:, 0, :] += model.begun.paid[:, None]
    return Stream(PAID, flow=Sheet(due), flow_of=np.where(np.array(model.waived), 1, 0))


def _each(model: Model, column: str) -> Stream | None:
    """Give what is paid for each premium paid so far, where there is such a payment."""
    laid = transitions(model)
    amounts: list[Floats] = []
    amount_of = np.full(len(laid.way), -1, np.int64)
    for number, way in enumerate(model.ways):
        parts = [p.each for p in way.payments if p.column == column and p.each is not None]
        if not parts:
            continue
        paying = [move.source for move in way.moves if column in move.pays]
        amount_of[(laid.way == number) & np.isin(laid.source, paying)] = len(amounts)
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        amounts.append(total * model.premium[:, None])
    if not amounts:
        return None
    return Stream(f"{column}{EACH}", Sheet(np.stack(amounts, axis=-1)), amount_of)


def _expenses(model: Model, due: Sheet, premiums: Floats) -> list[Stream]:
    """Give the expenses: of those in force, of premiums that fall due, of claims."""
    spent = model.assumed.spent
    waived = np.array(model.waived)
    nothing = np.zeros((model.cells.size, 1, 1))
    started = (spent["policy"] + spent["sum_insured"])[:, :, None]
    shares = np.concatenate([spent["premium"][:, :, None], nothing], axis=1)
    every = np.concatenate([started, nothing], axis=1)
    flow = np.concatenate([every + due.values * shares * premiums[:, None, None], every], axis=2)
    flow_of = np.where(waived, 1, 0).astype(np.int64)
    settled, each = _settled(model)
    return [replace(settled, flow=Sheet(flow), flow_of=flow_of), *([] if each is None else [each])]


def _settled(model: Model) -> tuple[Stream, Stream | None]:
    """What settling the claims of each transition costs, and the same for each premium paid so far.

    Claims that pay the same share a column.
    """
    laid, spent = transitions(model), model.assumed.spent
    if not (spent["claim"].any() or spent["claim_payment"].any()):
        return Stream(EXPENSES), None
    places: dict[tuple[int, tuple[int, ...]], int] = {}
    amount_of = np.full(len(laid.way), -1, np.int64)
    for row, number in enumerate(laid.way.tolist()):
        if number >= 0 and model.ways[number].event not in model.assumed.acts:
            way = model.ways[number]
            pays = {name for m in way.moves if m.source == laid.source[row] for name in m.pays}
            if pays:
                paid = tuple(n for n, p in enumerate(way.payments) if p.column in pays)
                amount_of[row] = places.setdefault((number, paid), len(places))
    amounts, each = [], []
    for number, paid in places:
        payments = [model.ways[number].payments[place] for place in paid]
        amount, many = np.zeros_like(model.within), np.zeros_like(model.within)
        for payment in payments:
            amount = amount + payment.amount
            many = many + (0.0 if payment.each is None else payment.each)
        amounts.append(spent["claim"] + spent["claim_payment"] * amount)
        each.append(spent["claim_payment"] * many * np.nan_to_num(model.premium)[:, None])
    if not amounts:
        return Stream(EXPENSES), None
    settled = Stream(EXPENSES, Sheet(np.stack(amounts, axis=-1)), amount_of)
    counted = Stream(f"{EXPENSES}{EACH}", Sheet(np.stack(each, axis=-1)), amount_of)
    return settled, counted if any(one.any() for one in each) else None


def _columns(columns: tuple[str, ...], place: Mapping[str, int], paid: Floats) -> Floats:
    """Give the columns that are paid, each with what is paid for each premium, last axis."""
    found = []
    for column in columns:
        total = np.zeros(paid.shape[:-1])
        for name in (column, f"{column}{EACH}"):
            if name in place:
                total = total + paid[..., place[name]]
        found.append(total)
    return np.stack(found, axis=-1)


def _total(paid: Floats) -> Floats:
    total = np.zeros(paid.shape[:-1])
    for column in range(paid.shape[-1]):
        total = total + paid[..., column]
    return total


def _met(model: Model, moved: Integers) -> tuple[tuple[str, ...], Integers]:
    """Count the policies that met each event."""
    laid = transitions(model)
    events = tuple(dict.fromkeys(way.event for way in model.ways))
    met = np.zeros((len(moved), len(events)), np.int64)
    for row, number in enumerate(laid.way.tolist()):
        if number >= 0:
            met[:, events.index(model.ways[number].event)] += moved[:, row]
    return events, met
