"""Combinations of keys that have no row: told by name, unless the header says why they lack."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput
from product_factory.table_axis import Axis


def no_holes(
    axes: tuple[Axis, ...],
    lines: npt.NDArray[np.int64],
    header: Mapping[str, str],
    file: str,
    names: int,
) -> None:
    """Hold a table to a row for each combination of its keys.

    lines  line of the row behind each cell, 0 where none; names  the line of the column names

    Along a step axis one row is enough: it holds from its step on. `# sparse: REASON` permits
    holes, and a built table has those of the cells that its product does not sell. Raises BadInput
    at the row after which the first missing one would stand.
    """
    if header["status"] == "built" or "sparse" in header:
        return
    steps = tuple(place for place, axis in enumerate(axes) if axis.key == "step")
    kept = [axis for axis in axes if axis.key != "step"]
    last = np.asarray(lines.max(axis=steps))  # of the rows that one combination has
    missing = np.flatnonzero(last == 0)
    if not missing.size:
        return
    first = int(missing[0])
    after = int(last.ravel()[first - 1]) if first else names
    places = np.unravel_index(first, last.shape)
    keys = ", ".join(
        f"{axis.name} {axis.labels[int(place)]}" for axis, place in zip(kept, places, strict=True)
    )
    text = f"expected a row for {keys} after this one; else say why in a line '# sparse: …'"
    raise BadInput.one(At(file, after, 1), "", text)
