"""A block of a book → columns of numbers, and the rows that cannot be read, with reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from product_factory.errors import At, BadInput, BadValue
from rating.book.rejects import Reject
from rating.encode import as_text
from rating.variable import VariableReader

Mask: TypeAlias = npt.NDArray[np.bool_]
Numbers: TypeAlias = npt.NDArray[np.float64] | npt.NDArray[np.int32]


@dataclass(frozen=True)
class ReadColumn:
    """One column: int32 codes or floats, which rows hold nothing, what is wrong with others."""

    values: Numbers
    absent: Mask
    wrong: Mapping[int, tuple[str, str]]


def read_column(reader: VariableReader, column: pa.Array) -> ReadColumn:
    """Read a column as its variable: fast where all is well, value by value where it is not.

    Raises BadInput for a column whose kind cannot hold values, such as a list.
    """
    kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise BadInput.one(At(""), reader.path, f"expected texts or numbers, got {kind}")
    counted = not reader.coded and reader.type.kind not in ("yes_no", "date")
    if counted and not pa.types.is_boolean(kind):
        numbers = _as_numbers(column)
        if numbers is not None:
            return _within(reader, column, numbers)
    return _by_value(reader, column)


def _as_numbers(column: pa.Array) -> pa.Array | None:
    """Read all as floats at once, or None where a text is none."""
    if pa.types.is_dictionary(column.type):
        return None
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.string())
    try:
        return column.cast(pa.float64())
    except pa.ArrowException:
        return None


def _within(reader: VariableReader, column: pa.Array, numbers: pa.Array) -> ReadColumn:
    absent = np.asarray(numbers.is_null())
    values = np.asarray(numbers.fill_null(np.nan), dtype=np.float64).copy()
    wrong: dict[int, tuple[str, str]] = {}
    for row in np.flatnonzero(~reader.inside(values) & ~absent).tolist():
        text = plain_text(column[row].as_py())
        try:
            values[row] = reader.one(text)
        except BadValue as error:
            wrong[row] = (text, str(error))
    return ReadColumn(values, absent, wrong)


def _by_value(reader: VariableReader, column: pa.Array) -> ReadColumn:
    """Read each different value once."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    words = [plain_text(word) for word in column.dictionary.to_pylist()]
    codes = np.full(len(words) + 1, -1.0 if reader.coded else np.nan)
    blank = np.zeros(len(words) + 1, dtype=np.bool_)
    blank[-1] = True
    reasons: dict[int, tuple[str, str]] = {}
    for place, word in enumerate(words):
        if not word.strip():
            blank[place] = True
            continue
        try:
            codes[place] = reader.one(word)
        except BadValue as error:
            reasons[place] = (word, str(error))
    indices = column.indices.cast(pa.int64()).fill_null(len(words))
    places = np.asarray(indices)
    values = codes.astype(np.int32)[places] if reader.coded else codes[places]
    wrong: dict[int, tuple[str, str]] = {}
    if reasons:
        for row in np.flatnonzero(np.isin(places, list(reasons))).tolist():
            wrong[row] = reasons[int(places[row])]
    return ReadColumn(values, blank[places], wrong)


def plain_text(value: object) -> str:
    """Give the text of a cell: a whole float without its point, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return as_text(value)


def nothing(reader: VariableReader, rows: int) -> ReadColumn:
    """Give the column of a variable that the book does not have."""
    values: Numbers = np.full(rows, -1, np.int32) if reader.coded else np.full(rows, np.nan)
    return ReadColumn(values, np.ones(rows, np.bool_), {})


def wrong_rows(column: ReadColumn, name: str, numbers: npt.NDArray[np.int64]) -> Iterator[Reject]:
    """List what is wrong with a column, row by row."""
    for row, (text, reason) in column.wrong.items():
        yield Reject(int(numbers[row]), name, text, reason)


def required(
    reader: VariableReader, missing: Mask, name: str, numbers: npt.NDArray[np.int64]
) -> Iterator[Reject]:
    """List the rows that lack a value that they must have."""
    for row in np.flatnonzero(missing).tolist():
        yield Reject(int(numbers[row]), name, "", reader.absent())


def filtered(column: pa.Array, rows: Mask) -> pa.Array:
    """Keep some rows of a column that is passed through."""
    return column.filter(pc.cast(pa.array(rows), pa.bool_()))
