"""Bind a catalogue of storms: events with rates, the wind at each place, and the damage there."""

from typing import TypedDict

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, BadValue, nearest
from product_factory.expressions.tree import Expression, Name
from product_factory.risk import ModelSpec
from product_factory.tables import Table
from product_factory.types import Type
from rating.engines.collective.cells import CellValues, RiskCells
from rating.engines.collective.reader import Reader
from rating.hazards.event_set import EventSet, event_set
from rating.hazards.footprint import footprint

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
NUMBER = Type("number")


class Catalogue(TypedDict):
    """The arrays of a catalogue; see `annual.CatalogueProcess`."""

    names: tuple[str, ...]
    rates: Floats
    strength: Floats
    place: Integers
    intensity: Floats
    damage: Floats
    mark: int
    intensity_mark: int


def read_catalogue(
    product: AssembledProduct, cells: RiskCells, values: CellValues, reader: Reader
) -> Catalogue:
    """Read `{kind: catalogue, events: table}`, the wind and the damage marks."""
    event = next(iter(reader.process.events))
    spec = reader.spec(event, "catalogue")
    events = storms(product, dict(spec.parameters)["events"], reader.path(event))
    wind_name = next(
        n for n, m in reader.process.marks.items() if not m.each and m.type == "number"
    )
    wind = reader.spec(wind_name, "vortex")
    place, intensity = _winds(events, wind, values)
    damage_name = next(n for n, m in reader.process.marks.items() if m.each and m.computed is None)
    damage = np.full((cells.size, max(1, len(product.items)), 2), np.nan)
    for item in range(len(product.items)):
        for mask, curve in reader.cases(reader.risk(damage_name), item, damage_name):
            if curve.kind != "emanuel":
                text = f"expected a damage curve of kind emanuel, got {curve.kind}"
                raise BadInput.one(curve.at, reader.path(damage_name), text)
            given = dict(curve.parameters)
            for column, key in enumerate(("v_threshold", "v_half")):
                found = values.value(given[key], NUMBER, item)  # type: ignore[arg-type]
                damage[mask, item, column] = found[mask]
            here = mask & (cells.present[:, item] == 1)
            if not (damage[here, item, 1] > damage[here, item, 0]).all():
                text = "expected v_half above v_threshold"
                raise BadInput.one(curve.at, reader.path(damage_name), text)
    return Catalogue(
        names=events.names,
        rates=events.yearly_rate,
        strength=events.max_wind,
        place=place,
        intensity=intensity,
        damage=damage,
        mark=reader.payout.item_marks.index(damage_name),
        intensity_mark=reader.payout.marks.index(wind_name),
    )


def storms(
    product: AssembledProduct, events: Expression | tuple[Expression, ...], path: str
) -> EventSet:
    """Find the table of events by name. Raises BadInput when it is no event set."""
    name = events.name if isinstance(events, Name) else ""
    at = events[0].at if isinstance(events, tuple) else events.at
    if name not in product.tables:
        hint = nearest(name, product.tables)
        raise BadInput.one(at, path, f"unknown table '{name}'{hint}")
    return storms_of(product.tables[name])


def storms_of(table: Table) -> EventSet:
    """Read a table of storms."""
    try:
        return event_set(table.axes[0].labels, {n: c.ravel() for n, c in table.cells.items()})
    except BadValue as error:
        raise BadInput.one(table.line((0,)), "", str(error)) from None


def _winds(events: EventSet, spec: ModelSpec, values: CellValues) -> tuple[Integers, Floats]:
    at = dict(spec.parameters)["at"]
    if not isinstance(at, tuple) or len(at) != 2:  # noqa: PLR2004 - latitude and longitude
        raise BadInput.one(spec.at, "at", "expected [latitude, longitude]")
    latitude, longitude = (values.value(part, NUMBER) for part in at)
    sites, place = np.unique(np.column_stack([latitude, longitude]), axis=0, return_inverse=True)
    wind = footprint(events, sites[:, 0].copy(), sites[:, 1].copy())
    return place.ravel().astype(np.int64), wind
