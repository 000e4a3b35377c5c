"""years.parquet: the simulated rows, written piece by piece, since there may be millions."""

from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.files import Content
from sandbox.loss_table import LossTable
from sandbox.reinsurance import Settlement

GROUP = 1 << 20
"""Rows that are written at a time."""


def years_parquet(table: LossTable) -> Content:
    """Give what writes the rows of a loss table as Parquet, the same bytes for the same table.

    Columns, in order: `year` (int64, from 0); `paid: COVER` for each cover; `paid` (their sum);
    `premium`; `expenses` and `largest_event` where simulated; `paid: BY=LABEL` and
    `premium: BY=LABEL` for each segment. Amounts are float64 in the table's currency. One row
    group size, no dictionary, no pandas metadata, no time: nothing varies but the data.
    """
    columns: dict[str, np.ndarray] = {"year": np.arange(table.years, dtype=np.int64)}
    for index, name in enumerate(table.columns):
        columns[f"paid: {name}"] = table.paid[:, index]
    columns["paid"] = table.total()
    columns["premium"] = table.premium
    if table.expenses is not None:
        columns["expenses"] = table.expenses
    if table.largest_event is not None:
        columns["largest_event"] = table.largest_event
    for by, segments in table.by_segment.items():
        for index, label in enumerate(segments.labels):
            columns[f"paid: {by}={label}"] = segments.paid[:, index]
            columns[f"premium: {by}={label}"] = segments.premium[:, index]
    return parquet(columns)


def settlement_parquet(settlement: Settlement) -> Content:
    """Give what writes reinsurance of each year as Parquet, the same bytes for the same settlement.

    Columns, in order: `year`; `gross` and `net` of the protected covers; for each contract
    `recovered: NAME`, `premium: NAME`, `reinstatements: NAME` and `commission: NAME`. Net and what
    is recovered add up to gross to the last bit.
    """
    years = len(settlement.gross)
    columns: dict[str, np.ndarray] = {"year": np.arange(years, dtype=np.int64)}
    columns |= {"gross": settlement.gross, "net": settlement.net}
    for place, name in enumerate(settlement.contracts):
        columns[f"recovered: {name}"] = settlement.ceded[:, place]
        columns[f"premium: {name}"] = _each(settlement.premium[..., place], years)
        columns[f"reinstatements: {name}"] = settlement.reinstated[:, place]
        columns[f"commission: {name}"] = _each(settlement.commission[..., place], years)
    return parquet(columns)


def _each(amounts: np.ndarray, years: int) -> np.ndarray:
    """Give amounts by year, where one number stands for all of them too."""
    return np.broadcast_to(amounts, (years,))


def parquet(columns: dict[str, np.ndarray]) -> Content:
    """Give what writes columns, each [row] and `year` among them, as Parquet."""
    rows = len(columns["year"])
    schema = pa.schema([(name, pa.from_numpy_dtype(each.dtype)) for name, each in columns.items()])

    def write(file: IO[bytes]) -> None:
        options = {"compression": "zstd", "use_dictionary": False, "version": "2.6"}
        with pq.ParquetWriter(file, schema, **options) as writer:
            for first in range(0, rows, GROUP):
                part = {
                    name: pa.array(np.ascontiguousarray(each[first : first + GROUP]))
                    for name, each in columns.items()
                }
                writer.write_table(pa.table(part, schema=schema), row_group_size=GROUP)

    return write
