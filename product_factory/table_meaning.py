"""What a column of a table says, as a digest: rows in any order, numbers in any spelling."""

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from product_factory.tables import Table


def meaning(table: "Table", column: str) -> str:
    """Give the sha256 of the keys, the type and the cells of one column."""
    cells = table.cells[column]
    keys: list[object] = []
    for place, axis in enumerate(table.axes):
        values: list[object] = [*axis.values]
        if axis.type.kind == "choice":
            order = sorted(range(axis.size), key=axis.labels.__getitem__)
            cells = np.take(cells, order, axis=place)
            values = [axis.labels[one] for one in order]
        keys.append([axis.name, axis.key, axis.type.kind, axis.type.unit, values, [*axis.below]])
    declared = table.types[column]
    said = [keys, declared.kind, declared.unit]
    if declared.chosen:
        ranks = {label: rank for rank, label in enumerate(sorted(declared.of))}
        moved = np.array([*(float(ranks[label]) for label in declared.of), np.nan])
        cells = moved[np.where(np.isnan(cells), len(declared.of), cells).astype(np.int64)]
        used = sorted(declared.of)
        said.append(used)
    hashed = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode())
    hashed.update(_bytes(cells))
    return hashed.hexdigest()


def _bytes(cells: npt.NDArray[np.float64]) -> bytes:
    """Give the cells as bytes: one zero, one NaN, little-endian."""
    plain = np.where(np.isnan(cells), np.nan, cells + 0.0)
    return plain.astype("<f8").tobytes()
