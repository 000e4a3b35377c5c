"""A storm that is known, added to the catalogue of a bound year."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from product_factory.risk import ModelSpec
from product_factory.types import Type
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.catalogue import storms_of
from rating.engines.collective.cells import CellValues
from rating.engines.collective.happens import CatalogueProcess
from rating.hazards.footprint import footprint
from sandbox.scenarios.shock import Replayed

Floats = npt.NDArray[np.float64]
NUMBER = Type("number")


def with_replays(
    model: AnnualModel, replays: Mapping[str, Replayed]
) -> tuple[AnnualModel, Mapping[str, int]]:
    """Give the model with a row for each storm, and event → that row.

    The row's yearly rate is 0: the storms that are drawn stay what they were, to the bit.
    """
    if not replays:
        return model, {}
    catalogue, rows = [], {}
    for process in model.catalogue:
        if process.name in replays:
            rows[process.name] = len(process.names)
            catalogue.append(_extended(model, process, replays[process.name]))
        else:
            catalogue.append(process)
    return replace(model, catalogue=tuple(catalogue)), rows


def _extended(
    model: AnnualModel, process: CatalogueProcess, replayed: Replayed
) -> CatalogueProcess:
    latitudes, longitudes = _sites(model, process, replayed)
    events = storms_of(model.product.tables[replayed.table])
    row = events.names.index(replayed.storm)
    wind = footprint(events, latitudes, longitudes)[row : row + 1]
    return replace(
        process,
        names=(*process.names, replayed.storm),
        rates=np.append(process.rates, 0.0),
        strength=np.append(process.strength, events.max_wind[row]),
        intensity=np.vstack([process.intensity, wind]),
    )


def _sites(
    model: AnnualModel, process: CatalogueProcess, replayed: Replayed
) -> tuple[Floats, Floats]:
    """Give latitude and longitude of each place of the process's intensities."""
    risks = model.basis.risk[process.name.partition(".")[0]].values()
    spec = next((r for r in risks if isinstance(r, ModelSpec) and r.kind == "vortex"), None)
    at = dict(spec.parameters)["at"] if spec is not None else ()
    if not isinstance(at, tuple) or len(at) != 2:  # noqa: PLR2004 - latitude and longitude
        raise BadInput.one(replayed.at, "event", f"'{process.name}' has no wind field to replay in")
    values = CellValues(model.cells)
    _, first = np.unique(process.place, return_index=True)
    latitude, longitude = (values.value(part, NUMBER)[first] for part in at)
    return latitude, longitude
