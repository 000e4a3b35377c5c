"""years.parquet: the simulated rows."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.loss_table import LossTable
from sandbox.reinsurance import Settlement


def years_parquet(table: LossTable) -> bytes:
    """Give the rows of a loss table as Parquet, the same bytes for the same table.

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
    return _parquet(columns)


def settlement_parquet(settlement: Settlement) -> bytes:
    """Give what reinsurance does in each year as Parquet, the same bytes for the same settlement.

    Columns, in order: `year`; `gross` and `net` of the protected covers; for each contract
    `recovered: NAME`, `premium: NAME`, `reinstatements: NAME` and `commission: NAME`. Net and what
    is recovered add up to gross to the last bit.
    """
    years = len(settlement.gross)
    columns: dict[str, np.ndarray] = {"year": np.arange(years, dtype=np.int64)}
    columns |= {"gross": settlement.gross, "net": settlement.net}
    for place, name in enumerate(settlement.contracts):
        columns[f"recovered: {name}"] = settlement.ceded[:, place]
        columns[f"premium: {name}"] = np.full(years, settlement.premium[place])
        columns[f"reinstatements: {name}"] = settlement.reinstated[:, place]
        columns[f"commission: {name}"] = np.full(years, settlement.commission[place])
    return _parquet(columns)


def _parquet(columns: dict[str, np.ndarray]) -> bytes:
    rows = pa.table(
        {name: pa.array(np.ascontiguousarray(array)) for name, array in columns.items()}
    )
    out = io.BytesIO()
    pq.write_table(
        rows, out, compression="zstd", use_dictionary=False, row_group_size=1_048_576, version="2.6"
    )
    return out.getvalue()
