"""What a contract answers to dated events: per event, cover and item, line by line."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from product_factory.assembled import AssembledProduct
from product_factory.numbers.rounding import round_half_up

Status: TypeAlias = Literal["settled", "after_term", "after_end"]
Outcome: TypeAlias = Literal[
    "paid",
    "instead",
    "takes",
    "fits_not",
    "where_not",
    "waiting",
    "gap",
    "unlisted",
    "met",
    "outranked",
    "excluded",
    "cover_ended",
    "not_insured",
    "not_hit",
    "not_begun",
]
After: TypeAlias = Literal["in_force", "ended"]
ANSWERED = frozenset({"paid", "instead", "takes"})


@dataclass(frozen=True)
class Read:
    """A name that was read, and its value as a person writes it; computed: no one stated it."""

    name: str
    text: str
    computed: bool = False


@dataclass(frozen=True)
class Formula:
    """A value or condition of the promise, and the names that it reads; '' where there is none."""

    text: str = ""
    reads: tuple[Read, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """A waiting period: `day` days since the start, of `days`; the days 0 … days - 1 lie within."""

    day: int
    days: int


@dataclass(frozen=True)
class Gap:
    """Days since the last event that the cover paid; the days 0 … days - 1 lie within.

    paid  the day of that event
    """

    day: int
    days: int
    paid: date


@dataclass(frozen=True)
class Times:
    """The payment would be number `number` of the `most` that the cover makes."""

    number: int
    most: int


@dataclass(frozen=True)
class Effect:
    """What a payment does besides: last_time, ends_cover, ends_contract, waives, reduces, restores.

    target  the sum insured or the balance that is reduced or restored, as the product names it
    after   days until a restoration, 0 for at once
    """

    kind: str
    target: str = ""
    after: int = 0


@dataclass(frozen=True)
class Balance:
    """A deductible, corridor or limit: what earlier claims used up, and what this one does too.

    value   the balance in full
    before  what was left of it when the claim came;  after: what is left now
    """

    value: float
    before: float
    after: float


@dataclass(frozen=True)
class Above:
    """The amount above which a corridor begins, and how it came about."""

    value: float
    formula: Formula


@dataclass(frozen=True)
class LineTrail:
    """What one line of `adjust` did to one claim.

    number     its place under `adjust`, from 0
    applies    whether its `when` holds; where it does not, nothing below is set but `kept`
    value      of the line, such as 75% or 500
    above      what a corridor begins above; None for any other line
    came, kept what the lines above left, and what this one leaves
    together   what all claims that share the balance brought to it; `came` where none shares it
    balance    of a deductible, corridor or limit, else None
    """

    number: int
    operation: str
    per: str
    each: str
    pool: str
    formula: Formula
    applies: bool
    value: float
    above: Above | None
    came: float
    kept: float
    together: float
    balance: Balance | None


@dataclass(frozen=True)
class Answer:
    """What one cover and item, or one line of an exclusion, answers to one event.

    name      `cover`, or `exclusion.line`;  item: '' for none
    outcome   paid         the amount went through the lines; it may be 0
              instead      within the waiting period: what is paid meanwhile, past all lines
              takes        the exclusion's line fits: no cover sees the event
              fits_not     the exclusion's line does not fit
              where_not    the cover's `where` does not hold
              waiting      within the waiting period: no claim
              gap          too soon after the last event that the cover paid: no claim
              unlisted     it is none of what the cover pays for once each: no claim
              met          the cover has paid for the same before: no claim
              outranked    an event of the same date that outranks it was answered: no claim
              excluded     an exclusion took the event
              cover_ended  an earlier payment ended the cover, or was the last of its number
              not_insured  the policy has no such item
              not_hit      the event has no loss for the item
              not_begun    payments at due dates have not begun, so that no guarantee runs
    amount    what is paid, to the cent; None unless paid, instead or takes
    gross     the amount before its lines; None likewise
    effects   what the payment does to the contract
    """

    name: str
    item: str
    exclusion: bool
    outcome: Outcome
    amount: float | None
    gross: float | None
    where: Formula
    waiting: Waiting | None
    unless: Formula
    gap: Gap | None
    times: Times | None
    basis: Formula
    lines: tuple[LineTrail, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class EventSettled:
    """One event and every answer to it; none where the contract was not in force.

    due  no event, but what falls due while `event` lasts: `alive`, or `process.state`
    into  the state that the event leads into, `process.state`; '' for none
    item  the one that the event happens to alone, `member.2` of several; '' for none
    """

    date: date
    event: str
    marks: tuple[tuple[str, str], ...]
    status: Status
    policy_year: int
    answers: tuple[Answer, ...]
    due: bool = False
    into: str = ""
    item: str = ""


@dataclass(frozen=True)
class Payment:
    """An amount paid, be it 0, for an event."""

    date: date
    name: str
    item: str
    exclusion: bool
    amount: float


@dataclass(frozen=True)
class Settlement:
    """A contract's answers to dated events, in order of date.

    policy         what was given of it, name and value
    end            the first day after the term; None for a contract for life
    ended          the day on which a payment ended the contract, or None
    waived         the day of the payment that waived the later premiums, or None
    spared         first and last day of the due dates on which premiums were waived while a state
                   lasted; None: it lasts
    after          ended when a payment or the term ended it by the last event's day
    premiums_paid  due dates up to the last event in force, or the waiver, × premium; None without
                   a premium
    """

    product: AssembledProduct
    policy: tuple[tuple[str, str], ...]
    start: date
    end: date | None
    ended: date | None
    waived: date | None
    spared: tuple[tuple[date, date | None], ...]
    after: After
    premiums_paid: float | None
    events: tuple[EventSettled, ...]

    @property
    def payments(self) -> tuple[Payment, ...]:
        """Every amount that was paid, be it 0, in order."""
        return tuple(
            Payment(event.date, answer.name, answer.item, answer.exclusion, answer.amount)
            for event in self.events
            for answer in event.answers
            if answer.amount is not None
        )

    @property
    def total(self) -> float:
        """The sum of all payments, to the cent."""
        return round_half_up(math.fsum(payment.amount for payment in self.payments), 1.0, 100.0)
