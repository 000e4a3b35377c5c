"""Pay: dated events on one policy → what each cover pays, by the kernel that simulates them too."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, Problem
from product_factory.examples import ClaimEvent
from product_factory.module import ALIVE
from product_factory.numbers.dates import policy_year
from product_factory.types import day_number, day_of
from rating.claims.falling import Schedules, schedules
from rating.claims.instalments import Schedule
from rating.claims.lines import Passed, pass_lines
from rating.claims.marks import Marks
from rating.claims.policy import Policy, read_policy
from rating.claims.scene import Scene
from rating.claims.settlement import ANSWERED, Answer, EventSettled, Settlement, Status
from rating.claims.stays import Stay, closed, first_stays, moved
from rating.claims.trigger import Trigger, effects_of, triggers
from rating.claims.waived import Waived
from rating.kernels import settle as k
from rating.kernels.account import Account, open_account
from rating.kernels.effects import restore_due
from rating.payout import CONTEXT, PayoutPlan, bind


@dataclass(frozen=True)
class Happened:
    """An event as it was stated, its place in the list, and its marks as numbers."""

    number: int
    stated: ClaimEvent
    marks: Marks


@dataclass(frozen=True)
class History:
    """A contract between two dates.

    year   policy year of the balances;  account: all that it carries
    ended  the day on which a payment ended the contract, or None
    due    what falls due;  stays: where the life was and is in processes of transitions
    """

    year: int
    account: Account
    due: Schedules
    stays: tuple[Stay, ...]
    ended: date | None = None

    @property
    def waived(self) -> Waived:
        """The premiums that do not fall due."""
        return self.due.waived(self.since, self.stays)

    @property
    def since(self) -> date | None:
        """The day from which no premium falls due, for good."""
        day = float(self.account.waived[0])
        return None if math.isnan(day) else day_of(day)


def pay(
    product: AssembledProduct,
    policy: Mapping[str, object],
    events: Sequence[ClaimEvent],
    language: str = "en",
) -> Settlement:
    """Settle dated events on one policy, leaving out nothing.

    policy    the variables of the product, `items`, `start`, and where promises read them `premium`
              and `cash_value` (computed at the end of the policy year where the product says how)
    events    in any order; those of one date are settled together, what outranks another first
    language  of what a refusal says, zh or en

    What falls due while the insured lives is listed up to the last date that is stated; the event
    `alive` states nothing but that the insured lives on its day.

    An event after the term or after the contract ended pays nothing, and its status says why.

    Raises BadInput for what is unknown, missing or out of bounds, and for a day before the start,
    by place or name, and Refused for a policy that the product does not accept.
    """
    return pay_with(bind(product), policy, events, language)


def pay_with(
    plan: PayoutPlan,
    policy: Mapping[str, object],
    events: Sequence[ClaimEvent],
    language: str = "en",
) -> Settlement:
    """Settle with a plan that is bound already; see `pay`."""
    held = read_policy(plan, policy, language, events)
    ahead = dict(zip(plan.events, plan.arrays.outranks.sum(axis=0).tolist(), strict=True))
    plan = held.plan
    due = schedules(held)
    facts = [event for event in events if due and event.event == ALIVE]
    happened = [
        Happened(n, event, Marks(plan, n, event, held.items))
        for n, event in enumerate(events)
        if event not in facts
    ]
    problems = [problem for one in happened for problem in one.marks.problems]
    problems += _too_early(held, events)
    problems += [
        Problem(fact.place("marks"), "marks", f"'{ALIVE}' has no marks; leave them out")
        for fact in facts
        if fact.marks
    ]
    if problems:
        raise BadInput(problems)
    happened.sort(key=lambda one: (one.stated.date, ahead[one.stated.event]))
    history = History(0, open_account(plan.arrays, len(plan.items)), due, first_stays(held))
    settled: list[EventSettled] = []
    before: date | None = None
    for day in sorted({one.date for one in events}):
        status, those = _status(held, history, day), [h for h in happened if h.stated.date == day]
        if history.ended is None:
            settled += due.fallen_due(before, day, history.waived, history.stays)
            before = day
        settled += [_known_alive(held, day, status) for fact in facts if fact.date == day]
        if status != "settled":
            settled += [_unsettled(held, one, status) for one in those]
        elif those:
            history, answers = _settle(plan, held, history, day, those)
            settled += answers
            if history.ended is None:
                settled += due.on_entry(day, history.waived, history.stays)
    return _settlement(held, history, settled)


def _too_early(policy: Policy, events: Sequence[ClaimEvent]) -> Iterator[Problem]:
    for n, event in enumerate(events):
        if event.date < policy.start:
            text = f"expected the policy's start {policy.start} or later, got {event.date}"
            yield Problem(event.place("date"), f"events[{n}].date", text)


def _status(policy: Policy, history: History, day: date) -> Status:
    if history.ended is not None:
        return "after_end"
    return "after_term" if policy.end is not None and day >= policy.end else "settled"


def _known_alive(policy: Policy, day: date, status: Status) -> EventSettled:
    return EventSettled(day, ALIVE, (), status, policy_year(policy.start, day), ())


def _unsettled(policy: Policy, one: Happened, status: Status) -> EventSettled:
    year = policy_year(policy.start, one.stated.date)
    marks = tuple(one.marks.told)
    day, event = one.stated.date, one.stated.event
    return EventSettled(day, event, marks, status, year, (), item=one.marks.item)


def _settle(
    plan: PayoutPlan,
    policy: Policy,
    history: History,
    day: date,
    those: list[Happened],
) -> tuple[History, list[EventSettled]]:
    """Settle the events of one date, and let the kernel carry the account forward."""
    year, stays, into = policy_year(policy.start, day), history.stays, []
    for one in those:
        was = stays
        stays = moved(policy.product, stays, one.stated, f"events[{one.number}]")
        into.append(stays[-1].state if len(stays) > len(was) else "")
    account = _copied(history.account)
    if year != history.year:
        account.used[plan.arrays.stages[:, 1] == k.POLICY_YEAR] = 0.0
    before = _copied(account)
    now = float(day_number(day))
    restore_due(
        plan.arrays.effects, plan.arrays.stages, now, before.used, before.reduced, before.due
    )
    scene = _scene(plan, policy, history, day, before, those)
    amount = np.full((len(those), plan.slots), math.nan)
    trace = np.zeros((len(those), plan.slots, 0))
    contract = k.settle(plan.arrays, scene.claims, account, scene.registers, amount, trace)
    found = {
        (event, slot): trigger
        for event in range(len(those))
        for slot, trigger in triggers(scene, event, amount).items()
    }
    passed = pass_lines(scene, found, before.used)
    answers: list[list[Answer]] = [[] for _ in those]
    for (event, slot), trigger in found.items():
        answers[event].append(_answer(scene, event, slot, trigger, passed, amount))
    for one, given in zip(those, answers, strict=True):
        given.extend(list(_left(history.due.living, one.stated.event, day, given, history.waived)))
    settled = [
        EventSettled(
            day,
            one.stated.event,
            tuple(one.marks.told),
            "settled",
            year,
            tuple(told),
            into=state,
            item=one.marks.item,
        )
        for one, told, state in zip(those, answers, into, strict=True)
    ]
    over = contract == 1 or any(_ends_life(policy, one.stated.event) for one in those)
    return replace(
        history, year=year, account=account, stays=stays, ended=day if over else None
    ), settled


def _ends_life(policy: Policy, event: str) -> bool:
    process, _, name = event.partition(".")
    return policy.product.processes[process].events[name].ends == "life"


def _left(
    due: tuple[Schedule, ...], event: str, day: date, given: list[Answer], waived: Waived
) -> Iterator[Answer]:
    """Give what an event leaves of guarantees, where no exclusion took it."""
    if not any(answer.outcome == "takes" for answer in given):
        for one in due:
            if event in one.pays.event:
                yield one.rest(day, waived)


def _copied(account: Account) -> Account:
    return Account._make(array.copy() for array in account)


def _scene(
    plan: PayoutPlan,
    policy: Policy,
    history: History,
    day: date,
    account: Account,
    those: list[Happened],
) -> Scene:
    arrays = plan.arrays
    codes = np.array([one.marks.event for one in those], dtype=np.int64)
    listening = arrays.listens[:, codes].any(axis=1)
    wanted = (k.CONTEXT, CONTEXT.index("cash_value"))
    reads = (arrays.sources[listening] == wanted).all(axis=2).any()
    context = policy.context(day, history.waived, cash_value=bool(reads))
    claims = k.Claims(
        event=codes,
        facts=policy.facts,
        item_facts=policy.item_facts,
        present=policy.present,
        marks=np.array([one.marks.marks for one in those]),
        item_marks=np.array([one.marks.item_marks for one in those]),
        context=np.repeat(context[None, :], len(those), axis=0),
    )
    return Scene(
        plan=plan,
        policy=policy,
        day=day,
        account=account,
        numbers=tuple(one.number for one in those),
        happened=tuple(one.stated for one in those),
        stated=tuple(one.marks for one in those),
        claims=claims,
        registers=np.zeros((len(those), max(plan.slots, 1), arrays.registers.shape[1])),
    )


def _answer(
    scene: Scene,
    event: int,
    slot: int,
    trigger: Trigger,
    passed: Mapping[tuple[int, int], Passed],
    amount: k.Floats,
) -> Answer:
    arrays = scene.plan.arrays
    entry = scene.plan.entries[int(arrays.slot_entry[slot])]
    item = int(arrays.slot_item[slot])
    answers = trigger.outcome in ANSWERED
    if answers and math.isnan(amount[event, slot]):
        text = f"'{entry.name}' has no amount: a table that it reads has no row for this event"
        raise BadInput.one(scene.happened[event].at, f"events[{scene.numbers[event]}]", text)
    lines = passed[event, slot].lines if (event, slot) in passed else ()
    return Answer(
        name=entry.name,
        item=scene.plan.items[item] if item >= 0 else "",
        exclusion=entry.exclusion,
        outcome=trigger.outcome,
        amount=float(amount[event, slot]) if answers else None,
        gross=trigger.gross if answers else None,
        where=trigger.where,
        waiting=trigger.waiting,
        unless=trigger.unless,
        gap=trigger.gap,
        times=trigger.times,
        basis=trigger.basis,
        lines=lines,
        effects=effects_of(scene, slot, trigger) if answers else (),
    )


def _settlement(policy: Policy, history: History, settled: list[EventSettled]) -> Settlement:
    last = settled[-1].date if settled else policy.start
    over = history.ended is not None or (policy.end is not None and last >= policy.end)
    end = history.ended or policy.end
    if over and end is not None:
        history = replace(history, stays=closed(history.stays, end))
    in_force = [event.date for event in settled if event.status == "settled"]
    paid = policy.premiums_paid(in_force[-1] if in_force else policy.start, history.waived)
    return Settlement(
        product=policy.product,
        policy=policy.given,
        start=policy.start,
        end=policy.end,
        ended=history.ended,
        waived=history.since,
        spared=history.waived.spells,
        after="ended" if over else "in_force",
        premiums_paid=None if math.isnan(paid) else paid,
        events=tuple(settled),
    )
