"""Worked examples beside a product: golden quotes and claims, calculated by hand."""

from typing import Literal

from pydantic import Field

from product_factory.strict import Day, Dotted, PlainText, RawNode, Strict, Word

Given = dict[str, RawNode]


class Quote(Strict):
    """One risk and what it must cost: named steps, or the line of `accepts` that refuses it."""

    name: PlainText
    date: Day
    given: Given
    expect: dict[str, PlainText] = Field(min_length=1)
    source: PlainText


class ClaimEvent(Strict):
    """A dated event with its marks; a mark of each item is a mapping.

    item  the one to which it happens, `member.2` of several, where it happens to items one by one
    """

    date: Day
    event: Dotted
    item: Dotted | None = None
    marks: dict[str, RawNode] = Field(default_factory=dict)


class Expected(Strict):
    """What a cover, or an exclusion, must pay at a date."""

    date: Day
    cover: Word | None = None
    exclusion: Dotted | None = None
    item: Dotted | None = None
    amount: PlainText


class Claim(Strict):
    """One policy, what happens to it, and what must be paid."""

    name: PlainText
    policy: Given
    events: tuple[ClaimEvent, ...] = Field(min_length=1)
    expect: tuple[Expected, ...]
    after: Literal["in_force", "ended"]
    premiums_paid: PlainText = ""
    working: PlainText
