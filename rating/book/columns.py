"""A block of a book → columns of numbers, and the rows that cannot be read, with reasons."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from product_factory.errors import BadValue
from product_factory.types import NUMERIC
from rating.book.reasons import READ_AT_MOST, is_text, missing_value, no_text_in, wrong_value
from rating.book.rejects import Reject
from rating.encode import as_text
from rating.variable import VariableReader

Mask: TypeAlias = npt.NDArray[np.bool_]
Numbers: TypeAlias = npt.NDArray[np.float64] | npt.NDArray[np.int32]


@dataclass(frozen=True)
class ReadColumn:
    """One column: int32 codes or floats, which rows hold nothing, the wrong texts of others."""

    values: Numbers
    absent: Mask
    wrong: Mapping[int, str]


MOST_LOOKED_UP = 1_000
"""Wrong texts of a column in one block whose nearest good value is looked for."""
NOT_ASCII = 128
"""From here on a byte is no sign of ASCII."""
PLAIN_NUMBER = r"^[+-]?[0-9]+(\.[0-9]*)?$"


def read_column(reader: VariableReader, column: pa.Array) -> ReadColumn:
    """Read a column as its variable: fast where all is well, value by value where it is not.

    column  of a kind that holds values, see `holds_values`
    """
    column = _plain(column)
    kind = column.type
    counted = not reader.coded and reader.type.kind not in ("yes_no", "date")
    if counted and not (pa.types.is_boolean(kind) or pa.types.is_dictionary(kind)):
        try:
            return _within(reader, column, column.cast(pa.float64()))
        except pa.ArrowException:
            if pa.types.is_string(kind):
                return _some_numbers(reader, column)
    return _by_value(reader, column)


def holds_values(kind: pa.DataType) -> bool:
    """Tell whether a column of a kind holds texts, numbers or truths, and no lists or bytes."""
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    is_a = pa.types
    bare = is_a.is_binary(kind) or is_a.is_large_binary(kind) or is_a.is_binary_view(kind)
    fixed = is_a.is_fixed_size_binary(kind) and not is_a.is_decimal(kind)
    return not (is_a.is_nested(kind) or bare or fixed)


def no_values(name: str, kind: pa.DataType) -> str:
    """Say that a column holds no values."""
    return f"the column '{name}': expected texts or numbers, got {kind}"


def _plain(column: pa.Array) -> pa.Array:
    """Give a column of texts, numbers or truths, in the kinds that are read here."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    kind, is_a = column.type, pa.types
    if is_a.is_floating(kind):
        return column.cast(pa.float64())
    others = (is_a.is_decimal, is_a.is_temporal, is_a.is_large_string, is_a.is_string_view)
    if any(test(kind) for test in (*others, is_a.is_null)):
        return column.cast(pa.string())
    return column


def _some_numbers(reader: VariableReader, column: pa.Array) -> ReadColumn:
    """Read those texts at once that are plain numbers, and the others value by value."""
    plain = pc.fill_null(pc.match_substring_regex(column, PLAIN_NUMBER), fill_value=False)
    numbers = pc.if_else(plain, column, pa.scalar(None, column.type)).cast(pa.float64())
    read = _within(reader, column, numbers)
    rest = np.flatnonzero(~np.asarray(plain))
    others = _by_value(reader, column.take(pa.array(rest)))
    read.values[rest] = others.values
    read.absent[rest] = others.absent
    wrong = {int(rest[place]): text for place, text in others.wrong.items()}
    return ReadColumn(read.values, read.absent, {**read.wrong, **wrong})


def _within(reader: VariableReader, column: pa.Array, numbers: pa.Array) -> ReadColumn:
    absent = np.array(numbers.is_null())
    values = np.asarray(numbers.fill_null(np.nan), dtype=np.float64).copy()
    wrong: dict[int, str] = {}
    for row in np.flatnonzero(~reader.inside(values) & ~absent).tolist():
        text = plain_text(column[row].as_py())
        try:
            values[row] = reader.one(text)
        except BadValue:
            wrong[row] = text
    return ReadColumn(values, absent, wrong)


def _by_value(reader: VariableReader, column: pa.Array) -> ReadColumn:
    """Read each different value once."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    words = _texts(column.dictionary)
    codes = np.full(len(words) + 1, -1.0 if reader.coded else np.nan)
    blank = np.zeros(len(words) + 1, dtype=np.bool_)
    blank[-1] = True
    bad = np.zeros(len(words) + 1, dtype=np.bool_)
    known = {word: float(place) for place, word in enumerate(reader.type.of)}
    named = reader.coded and reader.type.kind not in NUMERIC
    for place, word in enumerate(words):
        if word in known:
            codes[place] = known[word]
        elif not word.strip():
            blank[place] = True
        elif named or len(word) > READ_AT_MOST:  # without looking for the nearest word
            bad[place] = True
        else:
            try:
                codes[place] = reader.one(word)
            except BadValue:
                bad[place] = True
    places = _places(column, len(words))
    values = (codes.astype(np.int32) if reader.coded else codes).take(places)
    blanks = blank[:-1].any() or column.indices.null_count
    absent = blank[places] if blanks else np.zeros(len(places), np.bool_)
    rows = np.flatnonzero(bad[places]) if bad.any() else ()
    return ReadColumn(values, absent, {int(row): words[int(places[row])] for row in rows})


def _places(column: pa.DictionaryArray, beyond: int) -> npt.NDArray[np.integer]:
    """Give where in the dictionary each row stands; a row without a value stands beyond."""
    indices = column.indices
    if not indices.null_count:
        return np.asarray(indices)
    return np.asarray(indices.cast(pa.int64()).fill_null(beyond))


def _texts(column: pa.Array) -> list[str]:
    """Give the texts of a column; bytes that are none are written out."""
    try:
        found = column.to_pylist()
    except UnicodeDecodeError:
        found = column.cast(pa.binary()).to_pylist()
        return [(word or b"").decode("utf-8", "backslashreplace") for word in found]
    if pa.types.is_string(column.type):
        return [word or "" for word in found]
    return [plain_text(word) for word in found]


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


def wrong_rows(
    reader: VariableReader, column: ReadColumn, numbers: npt.NDArray[np.int64]
) -> Iterator[Reject]:
    """List what is wrong with a column, row by row; each text is looked at once."""
    seen: dict[str, Reject] = {}
    for row, text in column.wrong.items():
        if text not in seen:
            seen[text] = wrong_value(0, text, reader, near=len(seen) < MOST_LOOKED_UP)
        yield replace(seen[text], row=int(numbers[row]))


def required(
    reader: VariableReader, missing: Mask, numbers: npt.NDArray[np.int64]
) -> Iterator[Reject]:
    """List the rows that lack a value that they must have."""
    for row in np.flatnonzero(missing).tolist():
        yield missing_value(int(numbers[row]), reader)


def no_texts(
    batch: pa.RecordBatch, names: Iterable[str], numbers: npt.NDArray[np.int64]
) -> Iterator[Reject]:
    """List the rows whose texts are none in a column that is passed through."""
    for name in names:
        yield from _no_texts(batch.column(name), name, numbers)


def _no_texts(column: pa.Array, name: str, numbers: npt.NDArray[np.int64]) -> Iterator[Reject]:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode() if _is_broken(column.dictionary) else column.indices
    if not _is_broken(column):
        return
    for row, held in enumerate(column.cast(pa.binary()).to_pylist()):
        if held is not None and not is_text(held):
            yield no_text_in(int(numbers[row]), name, held)


def _is_broken(column: pa.Array) -> bool:
    if pa.types.is_string(column.type) and _is_ascii(column):
        return False
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return True
    return False


def _is_ascii(column: pa.StringArray) -> bool:
    """Tell whether all texts are ASCII, which is seen far sooner than whether they are UTF-8."""
    _, ends, text = column.buffers()
    if not len(column) or text is None:
        return True
    first, last = np.frombuffer(ends, np.int32)[[column.offset, column.offset + len(column)]]
    most = np.frombuffer(text, np.uint8)[first:last].max(initial=0)
    return bool(most < NOT_ASCII)


Array = TypeVar("Array", bound=npt.NDArray[np.generic])


def picked(values: Array, rows: Mask) -> Array:
    """Keep some rows, without a copy where all are kept."""
    return values if rows.all() else values[rows]  # type: ignore[return-value]


def filtered(column: pa.Array, rows: Mask) -> pa.Array:
    """Keep some rows of a column that is passed through."""
    if rows.all():
        return column
    return column.filter(pc.cast(pa.array(rows), pa.bool_()))
