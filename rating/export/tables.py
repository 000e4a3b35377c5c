"""The tables of a product as an export writes them: CSV, and what their columns are."""

import itertools
import math
from collections.abc import Iterator

from product_factory.csv_text import lines_of
from product_factory.table_axis import Axis
from product_factory.tables import Table
from product_factory.types import Type, number
from rating.export.expressions import Json


def csv_of(table: Table) -> bytes:
    """Write a table: its keys, then its values; a row without any value is left out.

    A cell of a `step` key that was carried on from the row before stands as a row of its own.
    """
    return lines_of(_lines(table))


def _lines(table: Table) -> Iterator[list[str]]:
    columns = [name for name in table.columns if table.types[name].kind != "text"]
    yield [*itertools.chain(*(_heads(axis) for axis in table.axes)), *columns]
    for places in itertools.product(*(range(axis.size) for axis in table.axes)):
        cells = [(float(table.cells[name][places]), table.types[name]) for name in columns]
        if all(math.isnan(value) for value, _ in cells):
            continue
        keys = [_key(axis, place) for axis, place in zip(table.axes, places, strict=True)]
        yield [*itertools.chain(*keys), *(_cell(*cell) for cell in cells)]


def told(table: Table) -> Json:
    """Say what a table is: where it comes from, its keys in order, its values."""
    return {
        "title": table.title,
        "source": table.source,
        "status": table.status,
        "made_from": {"file": table.file, "sha256": table.digest},
        "engine": table.header.get("engine"),
        "keys": [
            {"name": axis.name, "key": axis.key, **_type(axis.type, axis.labels)}
            for axis in table.axes
        ],
        "values": [
            {"name": name, **_type(table.types[name], table.types[name].of)}
            for name in table.columns
            if table.types[name].kind != "text"
        ],
    }


def _type(kind: Type, of: tuple[str, ...]) -> Json:
    return {
        "type": kind.kind,
        "unit": kind.unit or None,
        "choices": list(of) if kind.chosen else None,
    }


def _heads(axis: Axis) -> Iterator[str]:
    if axis.key == "band":
        yield f"{axis.name}_from"
        yield f"{axis.name}_below"
    else:
        yield axis.name


def _key(axis: Axis, place: int) -> Iterator[str]:
    if axis.type.chosen:
        yield axis.labels[place]
        return
    yield number(axis.values[place])
    if axis.key == "band":
        below = axis.below[place]
        yield number(below) if math.isfinite(below) else ""


def _cell(value: float, kind: Type) -> str:
    if math.isnan(value):
        return ""
    return kind.of[int(value)] if kind.chosen else number(value)
