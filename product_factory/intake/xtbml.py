"""XTbML, the XML in which the Society of Actuaries publishes tables (mort.soa.org).

A file holds one table or more (select, then ultimate): `MetaData` with an `AxisDef` for each axis,
and `Values` with nested `Axis` elements whose leaves are `<Y t="35">0.00213</Y>`, `t` being the
value on the axis. Every value between the ends that an axis declares must be there; a select
table, whose ages differ by duration, is whole within its own ends, and
its header says so.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from product_factory.errors import At, BadInput
from product_factory.intake.taken import Taken, Wanted

KEYS = {"age": "{key: exact, type: age}", "duration": "{key: exact, type: integer}"}
VALUE = "rate"
MAX_AXES = 2
RAGGED = "as published, the ages differ by duration"


def read(path: Path, wanted: Wanted) -> tuple[Taken, ...]:
    """Read every table of a file. Raises BadInput with the table and the place on its axes."""
    at = At(str(path))
    text = path.read_bytes()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise BadInput.one(at, "", "expected XML without a document type; take it out")
    try:
        root = fromstring(text)  # noqa: S314 - without a document type there are no entities
    except (ParseError, ValueError, LookupError) as error:
        raise BadInput.one(at, "", f"expected XML, got: {error}") from None
    tables = root.findall("Table")
    if root.tag != "XTbML" or not tables:
        raise BadInput.one(at, "", f"expected XTbML with tables, got <{root.tag}>")
    told = {key: _said(root, f"ContentClassification/{key}") for key in SAID}
    return tuple(
        _table(table, _part(table, number, len(tables)), told, wanted, at)
        for number, table in enumerate(tables, start=1)
    )


SAID = ("TableIdentity", "ProviderName", "TableReference", "TableName")


def _said(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _part(table: Element, number: int, tables: int) -> str:
    """Name a table among several: select has two axes, ultimate one."""
    if tables == 1:
        return ""
    return {1: "ultimate", 2: "select"}.get(len(table.findall("MetaData/AxisDef")), str(number))


def _table(table: Element, part: str, told: dict[str, str], wanted: Wanted, at: At) -> Taken:
    path = f"Table {part}".strip()
    scaling = _said(table, "MetaData/ScalingFactor")
    if scaling not in ("", "0", "1"):
        raise BadInput.one(at, path, f"expected a ScalingFactor of 0, got {scaling}")
    axes = table.findall("MetaData/AxisDef")
    if not 1 <= len(axes) <= MAX_AXES:
        raise BadInput.one(at, path, f"expected 1 or {MAX_AXES} axes, got {len(axes)}")
    names = [_said(axis, "ScaleType").lower() for axis in axes]
    for name in names:
        if name not in KEYS:
            raise BadInput.one(at, path, f"expected a scale of age or duration, got {name}")
    rows = list(_leaves(table.find("Values"), (), len(axes), path, at))
    _whole(rows, axes, path, at)
    keys = ", ".join(f"{name}: {KEYS[name]}" for name in names)
    source = f"{told['ProviderName']}, table {told['TableIdentity']}: {told['TableReference']}"
    return Taken(
        part=part,
        title=wanted.title or " ".join(filter(None, (told["TableName"], part))),
        source=wanted.source or source,
        status=wanted.status,
        columns=wanted.columns or f"{{{keys}, {VALUE}: {{type: ratio}}}}",
        rows=((*names, VALUE), *rows),
        sparse=wanted.sparse or (RAGGED if _ragged(rows, len(axes)) else ""),
    )


def _ragged(rows: list[tuple[str, ...]], axes: int) -> bool:
    """Tell a select table whose ages are not the same for each duration."""
    return len(rows) < math.prod(len({row[axis] for row in rows}) for axis in range(axes))


def _leaves(
    holder: Element | None, above: tuple[str, ...], axes: int, path: str, at: At
) -> Iterator[tuple[str, ...]]:
    """List the values with their places on the axes, outer first."""
    if holder is None:
        raise BadInput.one(at, path, "expected <Values>, got none")
    for element in holder:
        place = element.get("t")
        here = above if place is None else (*above, place)
        spot = f"{path} t={'/'.join(here)}"
        if element.tag == "Axis" and len(here) < axes:
            yield from _leaves(element, here, axes, path, at)
        elif element.tag == "Y" and place is not None and len(here) == axes:
            value = (element.text or "").strip()
            if not value:
                raise BadInput.one(at, spot, "expected a value, got an empty <Y>")
            yield (*here, value)
        else:
            text = f"expected <Axis> or <Y> with t on {axes} axes, got <{element.tag}>"
            raise BadInput.one(at, spot, text)


def _whole(rows: list[tuple[str, ...]], axes: list[Element], path: str, at: At) -> None:
    """Hold that the outermost axis has every value between the ends that it declares."""
    try:
        ends = [int(_said(axes[0], key)) for key in ("MinScaleValue", "MaxScaleValue")]
        step = int(_said(axes[0], "Increment"))
        there = {int(row[0]) for row in rows}
    except ValueError as error:
        raise BadInput.one(at, path, f"expected whole numbers on the axis, got: {error}") from None
    if step < 1 or not 0 <= ends[1] - ends[0] <= 1000:  # noqa: PLR2004 - no life is as long
        raise BadInput.one(at, path, f"expected an axis of some years, got {ends} by {step}")
    missing = [value for value in range(ends[0], ends[1] + 1, step) if value not in there]
    beyond = sorted(there - set(range(ends[0], ends[1] + 1)))
    if missing or beyond:
        wrong = f"{missing[0]} is missing" if missing else f"got {beyond[0]}"
        text = f"expected every value from {ends[0]} to {ends[1]}, {wrong}"
        raise BadInput.one(at, path, text)
