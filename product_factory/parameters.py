"""Dated parameters: legal and actuarial constants with unit, value by date and reference."""

from dataclasses import dataclass
from datetime import date
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
from product_factory.types import Type, read_literal


class Dated(Strict):
    """A value from a day on, with the law it comes from and how far to trust it."""

    since: Day = Field(alias="from")
    value: RawNode = Field(alias="is")
    reference: PlainText
    trust: Literal["read", "weak", "derived", "memory"]


class Expected(Strict):
    """A change that is known or thought to come."""

    since: Day = Field(alias="from")
    value: RawNode = Field(alias="is")
    because: PlainText
    trust: Literal["read", "weak", "derived", "memory"]


class Parameter(Strict):
    """One parameter with its values in order of date."""

    title: Bilingual
    type: KindOfType
    by: PlainText = ""
    dated: tuple[Dated, ...] = Field(min_length=1)
    expected: tuple[Expected, ...] = ()


class ParameterFile(Strict):
    """A file of parameters: `parameters: cn` and a list by dotted name."""

    parameters: Word
    list: dict[str, Parameter]


@dataclass(frozen=True)
class DatedValue:
    """A parameter as it stands on a day: a number, or a schedule of (from, value) rows."""

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


@dataclass(frozen=True)
class Parameters:
    """All parameters of the shelf by full name (`cn.life.grace_min`)."""

    entries: dict[str, Parameter]

    def names(self) -> tuple[str, ...]:
        """List the full names."""
        return tuple(self.entries)

    def value(self, name: str, day: date) -> DatedValue:
        """Give the value on a day. Raises BadInput when the day lies before the first."""
        entry = self.entries[name]
        current = [dated for dated in entry.dated if dated.since <= day]
        if not current:
            first = entry.dated[0]
            text = f"'{name}' has no value on {day}; the first is from {first.since}"
            raise BadInput.one(entry.at, "", text)
        dated = current[-1]
        value = _read(dated.value, entry, name)
        shown = str(dated.value) if isinstance(dated.value, Text) else _schedule_text(dated.value)
        return DatedValue(
            name=name,
            title=entry.title,
            type=Type(entry.type),
            value=value,
            by=entry.by,
            text=shown,
            since=dated.since,
            reference=dated.reference,
            trust=dated.trust,
            at=dated.value.at,
        )


def _schedule_text(node: Map) -> str:
    return ", ".join(f"{start}: {value}" for start, value in node.items())


def _read(node: Text | Map, entry: Parameter, name: str) -> float | Schedule:
    if entry.type == "schedule":
        return read_schedule(node, name)
    if not isinstance(node, Text):
        raise BadInput.one(node.at, name, f"expected a {entry.type}, got a mapping")
    try:
        return read_literal(str(node), Type(entry.type))
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
            for one, two in pairwise(entry.dated):
                if two.since <= one.since:
                    text = f"expected dates in rising order, got {two.since} after {one.since}"
                    problems.append(Problem(two.at, name, text))
            values = [*(d.value for d in entry.dated), *(e.value for e in entry.expected)]
            for value in values:
                try:
                    _read(value, entry, name)
                except BadInput as error:
                    problems.extend(error.problems)
    if problems:
        raise BadInput(problems)
    return Parameters(entries)
