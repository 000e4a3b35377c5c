"""What a fit reads: its specification, and columns of data in CSV or Parquet, told by row."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from product_factory.errors import At, BadInput, nearest
from product_factory.nodes import MAX_CHARACTERS, Node, read_nodes
from rating.book.rejects import Reject

Days = npt.NDArray[np.int64]
SUFFIXES = (".parquet", ".csv")
EARLIEST, LATEST = np.datetime64("1800-01-01", "D"), np.datetime64("2200-01-01", "D")


def read_file(path: Path) -> Node:
    """Read a specification in YAML. Raises BadInput with file:line:column."""
    label = path.as_posix()
    if not path.is_file():
        raise BadInput.one(At(label), "", "there is no such file")
    if path.stat().st_size > 4 * MAX_CHARACTERS:
        text = f"expected at most {4 * MAX_CHARACTERS} bytes, got {path.stat().st_size}"
        raise BadInput.one(At(label), "", text)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput.one(At(label, line, 1), "", "expected text in UTF-8") from None
    return read_nodes(text, label)


def read_frame(path: Path, wanted: list[tuple[str, At]]) -> pd.DataFrame:
    """Read the wanted columns, each with the place that names it; CSV as texts.

    Raises BadInput for a file that cannot be read or lacks one of them.
    """
    at = At(str(path))
    if path.suffix not in SUFFIXES:
        raise BadInput.one(at, "", "expected data named .parquet or .csv")
    if not path.is_file():
        raise BadInput.one(at, "", "there is no such file")
    try:
        if path.suffix == ".parquet":
            names = list(pa.parquet.read_schema(path).names)
        else:
            names = list(pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns)
        for name, where in wanted:
            if name not in names:
                text = f"{path.name} has no column '{name}'{nearest(name, names)}"
                raise BadInput.one(where, "columns", text)
        only = list(dict.fromkeys(name for name, _ in wanted))
        if path.suffix == ".parquet":
            frame: pd.DataFrame = pa.parquet.read_table(path, columns=only).to_pandas()
            return frame
        return pd.read_csv(path, usecols=only, dtype=str, encoding="utf-8-sig")
    except (pa.ArrowException, OSError, UnicodeDecodeError, ValueError) as error:
        text = str(error).split("\n", maxsplit=1)[0]
        raise BadInput.one(at, "", f"the data cannot be read: {text}") from None


class ColumnReader:
    """Reads columns of a frame and keeps which rows are good; a row is refused once."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.good = np.ones(len(frame), dtype=bool)
        self.rejects: list[Reject] = []

    def refuse(self, bad: npt.NDArray[np.bool_], column: str, reason: str) -> None:
        """Leave out the rows that are bad and not yet left out."""
        for row in np.flatnonzero(bad & self.good).tolist():
            held = self.frame[column].iloc[row] if column in self.frame else ""
            value = "none" if pd.isna(held) else str(held)
            self.rejects.append(Reject(row + 1, column, value, reason))
        self.good &= ~bad

    @property
    def left_out(self) -> tuple[Reject, ...]:
        """The rows that were refused, in their order."""
        return tuple(sorted(self.rejects, key=lambda reject: reject.row))

    def first_left_out(self) -> str:
        """Tell the first row that was refused, as the end of a text that tells what is missing."""
        if not self.rejects:
            return ""
        first = self.left_out[0]
        return f"; row {first.row} was left out: {first.column}: {first.reason}, got {first.value}"

    def coded(self, column: str) -> tuple[Days, tuple[str, ...]]:
        """Give each row the place of its word among the words of the column; 0 where it has none.

        A word is the same whether the file holds it as a text or as a number.
        """
        codes, found = pd.factorize(self.frame[column])
        self.refuse(codes < 0, column, "expected a word")
        words = dict.fromkeys(str(value) for value in found)
        place = {word: number for number, word in enumerate(words)}
        renamed = np.array([place[str(value)] for value in found] or [0], dtype=np.int64)
        return renamed[np.maximum(codes, 0)], tuple(words)

    def words(self, column: str) -> Sequence[str]:
        """Give each row its word; rows without one are refused."""
        codes, words = self.coded(column)
        return [words[code] for code in codes.tolist()] if words else [""] * codes.size

    def numbers(self, column: str) -> npt.NDArray[np.float64]:
        """Give each row its number, NaN where it has none; such rows are refused."""
        values = pd.to_numeric(self.frame[column], errors="coerce").to_numpy(
            dtype=np.float64, na_value=np.nan
        )
        bad = ~np.isfinite(values) | (np.abs(values) > np.finfo(np.float32).max)
        self.refuse(bad, column, "expected a number")
        return np.where(bad, np.nan, values)

    def days(self, column: str) -> Days:
        """Give each row its day number; rows without a day are refused."""
        read = pd.to_datetime(self.frame[column], errors="coerce", format="ISO8601")
        day = read.to_numpy().astype("datetime64[D]")
        bad = np.isnat(day) | (day < EARLIEST) | (day > LATEST)
        self.refuse(bad, column, "expected a day such as 2026-03-01, between 1800 and 2200")
        return np.where(bad, EARLIEST, day).astype(np.int64)
