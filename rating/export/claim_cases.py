"""Conformance cases of claims: a policy, dated events, what each cover answers line by line."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from product_factory.errors import BadInput, BadValue, Refused
from product_factory.examples import Claim, ClaimEvent
from product_factory.module import ALIVE
from product_factory.types import number, read_literal
from rating.claims.marks import with_unit
from rating.claims.pay import pay_with
from rating.claims.policy import OWN, Policy, read_policy
from rating.claims.settlement import Answer, EventSettled, Settlement
from rating.claims.waived import NONE_WAIVED
from rating.encode import as_text
from rating.export.covering import Chosen, Trait, choose
from rating.export.draws import Draws
from rating.export.expressions import Json
from rating.export.happenings import Grounds, Life, starts, stated
from rating.export.quote_cases import texts
from rating.export.risks import drawn, evaluated, given
from rating.kernels import settle as k
from rating.payout import CONTEXT, PayoutPlan
from rating.payout import bind as bind_payout
from rating.plan import RatingPlan

POOL = 6
"""How many claims are drawn for each case that is wanted."""
POLICIES = 400
MOST_CASH = 30_000


@dataclass(frozen=True)
class Happened:
    """A claim with its answers; why: what it was chosen for."""

    why: str
    policy: Mapping[str, object]
    events: tuple[ClaimEvent, ...]
    settlement: Settlement


def claim_cases(rates: RatingPlan, count: int, seed: int) -> tuple[list[Json], Chosen]:
    """Give the cases, and how much of the promises they show.

    Claims worked by hand beside the product stand first, then drawn ones.
    """
    plan = bind_payout(rates.product)
    golden = list(_golden(plan, rates))
    pool = [*golden, *_drawn(plan, rates, seed, POOL * count)]
    traits = [frozenset(_traits(one.settlement)) for one in pool]
    chosen = choose(traits, count, known=_known(plan), first=len(golden))
    cases: list[Json] = []
    for place in chosen.places:
        one = pool[place]
        why, told = one.why or chosen.because(place), (one.policy, one.events, one.settlement)
        cases.append({"id": len(cases) + 1, "why": why, **told_case(plan, *told)})
    return cases, chosen


def _known(plan: PayoutPlan) -> Iterator[Trait]:
    """List what ought to be shown: each answer given, each line at work, each pool used up."""
    for entry in plan.entries:
        for item, slot in entry.slots:
            name = f"{entry.name}.{item}" if item else entry.name
            yield "answers", f"{name} {'takes' if entry.exclusion else 'paid'}"
            for order, line in enumerate(entry.lines):
                yield "lines", f"{name} {order} {line.operation} applies"
            pools = {
                stage.pool
                for stage, row in zip(plan.stages, plan.arrays.stage_line, strict=True)
                if stage.pool and row[plan.arrays.slot_entry[slot]] >= 0
            }
            yield from (("pools", f"{pool} at {name}") for pool in sorted(pools))


def _golden(plan: PayoutPlan, rates: RatingPlan) -> Iterator[Happened]:
    claims: tuple[Claim, ...] = plan.product.files.get("claims", ())
    for claim in claims:
        own = {name: as_text(claim.policy[name]) for name in OWN if name in claim.policy}
        risk = {name: value for name, value in claim.policy.items() if name not in OWN}
        policy = {**own, **texts(rates, risk)}
        events = tuple(_canonical(plan, event) for event in claim.events)
        yield Happened(f"claims.yaml: {claim.name}", policy, events, pay_with(plan, policy, events))


def _canonical(plan: PayoutPlan, event: ClaimEvent) -> ClaimEvent:
    """Write the marks of an event as an export gives them."""
    if event.event == ALIVE:
        return event
    marks = plan.product.processes[event.event.partition(".")[0]].marks

    def one(name: str, value: object) -> object:
        if isinstance(value, Mapping):
            return {item: one(name, entry) for item, entry in value.items()}
        mark = marks[name]
        return stated(mark, read_literal(with_unit(as_text(value), mark.declared), mark.declared))

    told = {name: one(name, value) for name, value in event.marks.items()}
    return ClaimEvent.model_construct(
        date=event.date, event=event.event, item=event.item, marks=told
    )


def _drawn(plan: PayoutPlan, rates: RatingPlan, seed: int, count: int) -> Iterator[Happened]:
    risks = drawn(rates, seed + 2, POLICIES)
    registers, _ = evaluated(rates, risks)
    premium = np.broadcast_to(registers[rates.premium.register], (risks.size,))
    refused = np.broadcast_to(registers[rates.refused], (risks.size,))
    good = np.flatnonzero((refused < 0.0) & np.isfinite(premium) & (premium >= 0.0)).tolist()
    grounds = Grounds.of(plan)
    for n in range(count if good else 0):
        draws = Draws(seed, f"claim {n}")
        row = good[draws.below(len(good))]
        start = starts(plan.product.on, draws)
        own = {"start": start.isoformat(), "premium": number(float(premium[row]))}
        cash = draws.below(MOST_CASH)
        policy: dict[str, object] = {**own, **given(rates, risks, row)}
        if "cash_value" in plan.facts_read():
            policy["cash_value"] = f"{cash}.{n % 100:02d}"
        held = read_policy(plan, policy)
        life = Life(grounds, draws, start, held.end, _amounts(rates, policy), held.items)
        events = tuple(life.events())
        try:
            settlement = pay_with(plan, policy, events)
        except (BadInput, BadValue, Refused):
            continue  # what lacks a fact that a promise reads is no case
        if events:
            yield Happened("", policy, events, settlement)


def _amounts(rates: RatingPlan, policy: Mapping[str, object]) -> dict[str, str]:
    """List the amounts of money of a policy; `item.name`, `member.1.name` for those of items."""
    known = rates.readers
    found = {
        name: str(policy[name]) for name, one in known.policy.items() if one.type.kind == "money"
    }
    items = policy.get("items")
    for item, ones in items.items() if isinstance(items, Mapping) else ():
        kinds = {name: one.type.kind for name, one in known.items[item].items()}
        several = isinstance(ones, list)
        for place, group in enumerate(ones if several else [ones], 1):
            of = f"{item}.{place}" if several else item
            found |= {f"{of}.{name}": v for name, v in group.items() if kinds[name] == "money"}
    return found


def _traits(settlement: Settlement) -> Iterator[Trait]:
    """Tell what a settlement shows."""
    yield "after", settlement.after
    if settlement.waived is not None or settlement.spared:
        yield "premiums", "waived"
    for event in settlement.events:
        yield f"status #{event.event}", event.status + (" due" if event.due else "")
        yield "policy years", min(event.policy_year, 3)
        for answer in event.answers:
            yield from _of_answer(answer)


def _of_answer(answer: Answer) -> Iterator[Trait]:
    kind = answer.item.partition(".")[0]
    name = f"{answer.name}.{kind}" if kind else answer.name
    yield "answers", f"{name} {answer.outcome}"
    for what, wait in (("waiting", answer.waiting), ("gap", answer.gap)):
        if wait is not None and wait.day in (wait.days - 1, wait.days):
            yield f"{what} #{name}", wait.day - wait.days
    if answer.unless.text:
        yield "waived waiting", f"{name} {answer.outcome}"
    if answer.times is not None:
        yield f"times #{name}", min(answer.times.number, answer.times.most + 1)
    for effect in answer.effects:
        yield "then", f"{name} {effect.kind} {effect.target}"
    for line in answer.lines:
        what = f"{name} {line.number} {line.operation}"
        yield "lines", f"{what} {'applies' if line.applies else 'does not apply'}"
        if line.kept < line.came:
            yield "lines", f"{what} takes {'all' if line.kept == 0.0 else 'some'}"
        if line.together != line.came:
            yield "lines", f"{what} shares"
        if line.balance is not None:
            used = line.balance.before < line.balance.value
            left = line.balance.after > 0.0
            yield "balances", f"{what} {'used' if used else 'whole'} {'left' if left else 'spent'}"
            if line.pool and used:
                yield "pools", f"{line.pool} at {name}"


def told_case(
    plan: PayoutPlan,
    policy: Mapping[str, object],
    events: Sequence[ClaimEvent],
    settlement: Settlement,
) -> Json:
    """Tell a claim and its answers as an export does."""
    cash = _cash_values(plan, read_policy(plan, policy), settlement.events)
    known = {name: value for name, value in policy.items() if name != "cash_value"}
    return {
        "policy": known | ({"cash_values": cash} if cash else {}),
        "events": [
            {"date": event.date.isoformat(), "event": event.event, "marks": dict(event.marks)}
            | ({"item": event.item} if event.item else {})
            for event in events
        ],
        "settled": [_event(event) for event in settlement.events],
        "end": _day(settlement.end),
        "ended": _day(settlement.ended),
        "after": settlement.after,
        "waived": _day(settlement.waived),
        "premiums_paid": _number(settlement.premiums_paid),
        "total": number(settlement.total),
    }


def _cash_values(plan: PayoutPlan, held: Policy, events: Sequence[EventSettled]) -> dict[str, str]:
    """Give the cash value of each policy year in which an event met a promise that reads one."""
    codes = {code for entry in range(len(plan.entries)) for code in _cash_readers(plan, entry)}
    found: dict[str, str] = {}
    for event in events:
        if event.due or event.status != "settled" or event.event not in codes:
            continue
        known = held.context(event.date, NONE_WAIVED, cash_value=True)
        value = float(known[CONTEXT.index("cash_value")])
        if math.isfinite(value):
            found[str(event.policy_year)] = number(value)
    return found


def _cash_readers(plan: PayoutPlan, entry: int) -> tuple[str, ...]:
    wanted = (k.CONTEXT, CONTEXT.index("cash_value"))
    arrays = plan.arrays
    sources = arrays.sources[entry, : arrays.inputs[entry]].tolist()
    return plan.entries[entry].events if list(wanted) in sources else ()


def _event(event: EventSettled) -> Json:
    return {
        "date": event.date.isoformat(),
        "event": event.event,
        "due": event.due,
        "status": event.status,
        "policy_year": event.policy_year,
        "answers": [_answer(one) for one in event.answers],
    } | ({"item": event.item} if event.item else {})


def _answer(answer: Answer) -> Json:
    return {
        "name": answer.name,
        "item": answer.item or None,
        "outcome": answer.outcome,
        "gross": _number(answer.gross),
        "lines": [
            {
                "line": line.number,
                "operation": line.operation,
                "applies": line.applies,
                "value": _number(line.value if line.applies else None),
                "came": number(line.came),
                "kept": number(line.kept),
                "left": _number(line.balance.after) if line.balance is not None else None,
            }
            for line in answer.lines
        ],
        "amount": None if answer.amount is None else f"{answer.amount:.2f}",
    }


def _number(value: float | None) -> str | None:
    return None if value is None or not math.isfinite(value) else number(value)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
