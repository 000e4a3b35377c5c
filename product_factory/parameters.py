"""Dated parameters: legal and actuarial constants with unit, value by date and reference."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from pydantic import Field

from product_factory.errors import At, BadInput, BadValue, Problem
from product_factory.nodes import Map, Text
from product_factory.settings import Schedule, read_schedule
from product_factory.strict import (
    Bilingual,
    Day,
    KindOfType,
    PlainText,
    RawNode,
    Strict,
    Word,
)
from product_factory.types import Type, number, read_literal, typed


class Dated(Strict):
    """A value from a day on, with the law it comes from and how far to trust it.

    until  the last day on which it holds, where no other value follows or one that follows at once
    """

    since: Day = Field(alias="from")
    until: Day | None = None
    value: RawNode = Field(alias="is")
    reference: PlainText
    trust: Literal["read", "weak", "derived", "memory"]


class Expected(Strict):
    """A change that is known or thought to come; it counts only where a reader asks what if."""

    since: Day = Field(alias="from")
    value: RawNode = Field(alias="is")
    because: PlainText
    trust: Literal["read", "weak", "derived", "memory"]


class Parameter(Strict):
    """One parameter with its values in order of date."""

    title: Bilingual
    type: KindOfType
    unit: PlainText = ""
    by: PlainText = ""
    dated: tuple[Dated, ...] = Field(min_length=1)
    expected: tuple[Expected, ...] = ()


class ParameterFile(Strict):
    """A file of parameters: `parameters: cn` and a list by dotted name."""

    parameters: Word
    list: dict[str, Parameter]


@dataclass(frozen=True)
class DatedValue:
    """A parameter as it stands on a day: a number, or a schedule of (from, value) rows.

    reference  the law, or why the change is expected
    """

    name: str
    title: Bilingual
    type: Type
    value: float | Schedule
    by: str
    text: str
    since: date
    reference: str
    trust: str
    at: At
    expected: bool = False

    def said(self) -> str:
        """Give the value as canonical text: 30%, 60 days, 18: 160%, 41: 140%."""
        if isinstance(self.value, tuple):
            return ", ".join(f"{number(start)}: {number(value)}" for start, value in self.value)
        return typed(self.value, self.type)


@dataclass(frozen=True)
class Parameters:
    """All parameters of the shelf by full name (`cn.life.grace_min`).

    foreseen  whether expected changes are taken for values, from their days on
    known     values that were asked for before, by name, day and `foreseen`
    """

    entries: dict[str, Parameter]
    foreseen: bool = False
    known: dict[tuple[str, date, bool], DatedValue] = field(
        default_factory=dict, compare=False, repr=False
    )

    def names(self) -> tuple[str, ...]:
        """List the full names."""
        return tuple(self.entries)

    def value(self, name: str, day: date) -> DatedValue:
        """Give the value on a day. Raises BadInput on a day that has none."""
        asked = (name, day, self.foreseen)
        if asked not in self.known:
            self.known[asked] = self._value(name, day)
        return self.known[asked]

    def _value(self, name: str, day: date) -> DatedValue:
        absent = self.absent(name, day)
        if absent:
            raise BadInput.one(self.entries[name].at, "", absent)
        entry, dated = self.entries[name], self._rows(name, day)[-1]
        value = _read(dated.value, entry, name)
        shown = str(dated.value) if isinstance(dated.value, Text) else _schedule_text(dated.value)
        return DatedValue(
            name=name,
            title=entry.title,
            type=Type(entry.type, unit=entry.unit),
            value=value,
            by=entry.by,
            text=shown,
            since=dated.since,
            reference=dated.because if isinstance(dated, Expected) else dated.reference,
            trust=dated.trust,
            at=dated.value.at,
            expected=isinstance(dated, Expected),
        )

    def absent(self, name: str, day: date) -> str:
        """Say why a parameter has no value on a day, or nothing where it has one."""
        entry, rows = self.entries[name], self._rows(name, day)
        if not rows:
            first = entry.dated[0].since
            return f"'{name}' has no value on {day}; the first is from {first}"
        last = rows[-1]
        if isinstance(last, Dated) and last.until is not None and last.until < day:
            return f"'{name}' has no value on {day}; the last held until {last.until}"
        return ""

    def _rows(self, name: str, day: date) -> list[Dated | Expected]:
        entry = self.entries[name]
        rows: list[Dated | Expected] = [*entry.dated]
        rows += entry.expected if self.foreseen else ()
        return [row for row in rows if row.since <= day]


def _schedule_text(node: Map) -> str:
    return ", ".join(f"{start}: {value}" for start, value in node.items())


def _read(node: Text | Map, entry: Parameter, name: str) -> float | Schedule:
    if entry.type == "schedule":
        return read_schedule(node, name)
    if not isinstance(node, Text):
        raise BadInput.one(node.at, name, f"expected a {entry.type}, got a mapping")
    try:
        return read_literal(str(node), Type(entry.type, unit=entry.unit))
    except BadValue as error:
        raise BadInput.one(node.at, name, str(error)) from None


def unite(files: tuple[ParameterFile, ...]) -> Parameters:
    """Put files together; checks every value once. Raises BadInput on disorder or doubles."""
    problems: list[Problem] = []
    entries: dict[str, Parameter] = {}
    for file in files:
        for short, entry in file.list.items():
            name = f"{file.parameters}.{short}"
            if name in entries:
                problems.append(Problem(entry.at, name, "is defined twice"))
            entries[name] = entry
            problems += _in_time(name, entry)
            values = [*(d.value for d in entry.dated), *(e.value for e in entry.expected)]
            for value in values:
                try:
                    _read(value, entry, name)
                except BadInput as error:
                    problems.extend(error.problems)
    if problems:
        raise BadInput(problems)
    return Parameters(entries)


def _in_time(name: str, entry: Parameter) -> list[Problem]:
    """Hold that each day has one value, from the first date on and up to the last."""
    found: list[Problem] = []
    for row in entry.dated:
        if row.until is not None and row.until < row.since:
            text = f"expected a last day from {row.since} on, got {row.until}"
            found.append(Problem(row.place("until"), name, text))
    rows: list[Dated | Expected] = [*entry.dated, *entry.expected]
    for one, two in pairwise(rows):
        until = one.until if isinstance(one, Dated) else None
        text = ""
        if two.since == one.since:
            text = f"two values from {one.since} on; each day has one"
        elif two.since < one.since:
            text = f"expected dates in rising order, got {two.since} after {one.since}"
        elif until is not None and two.since <= until:
            text = f"two values on {two.since}; the one before holds until {until}"
        elif until is not None and two.since > until + timedelta(days=1):
            text = f"no value from {until + timedelta(days=1)} to {two.since - timedelta(days=1)}"
        if text:
            found.append(Problem(two.place("from"), name, text))
    return found
