"""A loss table for each segment of a classification, so that every figure reads them alike."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue, either, nearest
from sandbox.loss_table import LossTable


def segment_tables(
    table: LossTable, by: str, expenses: Mapping[str, npt.NDArray[np.float64]] | None = None
) -> Mapping[str, LossTable]:
    """Give label → the rows of that segment, all covers in one column.

    expenses  label → expenses by row, where they are known
    """
    if by not in table.by_segment:
        known = either(table.by_segment) or "none"
        hint = nearest(by, table.by_segment)
        message = f"segments by '{by}': expected one of {known}, got '{by}'{hint}"
        raise BadValue(message)
    segments = table.by_segment[by]
    return MappingProxyType(
        {
            label: LossTable(
                columns=("all covers",),
                paid=segments.paid[:, [column]],
                premium=segments.premium[:, column].copy(),
                basis=table.basis,
                seed=table.seed,
                kind=table.kind,
                expenses=None if expenses is None else expenses[label],
                currency=table.currency,
                replicate=table.replicate,
            )
            for column, label in enumerate(segments.labels)
        }
    )
