"""figures.json and manifest.json: sorted, exact, the same bytes for the same figures."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TypeAlias, cast

from sandbox.measures import Curve, Measured
from sandbox.measures.reductions import reductions_told
from sandbox.results.command import command_of
from sandbox.results.manifest import Manifest
from sandbox.results.versions import versions
from sandbox.sampling import PLAIN

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | int | bool | None"


def figures_json(
    measures: Mapping[str, Measured], curves: Mapping[str, Curve], parts: Mapping[str, Measured]
) -> bytes:
    """Give `{"measures": {name: {...}}, "curves": {name: [{"return_period": T, ...}]}}`.

    parts: cover → its part of the tail value at risk 99% of all claims, under "allocation".

    Numbers print as Python's shortest repr, which reads back to the bit; an infinite bound or
    error ("the rows cannot bound it") is null. Of years that were drawn together, "reductions".
    """
    brings = reductions_told(measures)
    return _bytes(
        {
            **({"reductions": cast("Json", brings)} if brings else {}),
            "allocation": {name: _measured(part) for name, part in parts.items()},
            "measures": {name: _measured(measured) for name, measured in measures.items()},
            "curves": {
                name: [
                    {"return_period": period, **_measured(point)}
                    for period, point in zip(curve.return_periods, curve.points, strict=True)
                ]
                for name, curve in curves.items()
            },
        }
    )


def manifest_json(manifest: Manifest, hashes: Mapping[str, str]) -> bytes:
    """Give the manifest with the SHA-256 of each data file, the command, and what computed them."""
    said = asdict(manifest)
    if manifest.sampling == PLAIN.KIND:
        del said["sampling"]
    command: Json = [*command_of(manifest, hashes)]
    beside: dict[str, Json] = {
        "files": dict(hashes),
        "command": command,
        "versions": {**versions()},
    }
    return _bytes({**said, **beside})


def _measured(measured: Measured) -> dict[str, Json]:
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in ((one.name, getattr(measured, one.name)) for one in fields(Measured))
    }


def _bytes(content: Mapping[str, Json]) -> bytes:
    text = json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()
