"""A risk that was tried, as a message names it."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from rating.encode import Readers


def risk_told(
    known: Readers, columns: Mapping[str, npt.NDArray[np.float64]], row: int, *leave_out: str
) -> str:
    """Name the values of one risk: `city xian, age 30`, or `body, sum_insured 500` of an item."""
    items = list(known.items)
    readers = {**known.item_names, **known.policy}
    found = []
    for name, column in columns.items():
        value = float(column[row])
        if name == "item":
            found.append(items[int(value)])
        elif name not in leave_out and not (np.isnan(value) or (readers[name].coded and value < 0)):
            found.append(f"{name} {readers[name].shown(value)}")
    return ", ".join(found)
