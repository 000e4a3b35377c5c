"""A book with a row for each item: its rows gathered into whole policies, wherever a block ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from product_factory.errors import At, BadInput
from rating.book.reasons import no_policy
from rating.book.rejects import Reject
from rating.book.source import Place, Rows, Source

MOST_ROWS = 1_000_000
"""From the first row of a policy to its last: as many are held at a time."""
MOST_LOOSE = 100_000
"""Rows in a stretch that name no policy; a longer one ends the policy before it."""


@dataclass(frozen=True)
class Policies:
    """Whole policies, in the order of the book.

    numbers  of the rows, and the rows
    starts   the first row of each policy, then the number of rows
    loose    row of the book → what is wrong with it: rows that name no policy, up to the last one
    beside   [policy] a loose row within or right beside the policy, or 0: it may be of the policy
    lines    how many rows of the book these are, the loose ones among them
    place    where the next policies begin
    """

    numbers: Rows
    batch: pa.RecordBatch
    starts: npt.NDArray[np.int64]
    loose: tuple[Reject, ...]
    beside: npt.NDArray[np.int64]
    lines: int
    place: Place

    @property
    def of(self) -> npt.NDArray[np.int64]:
        """The policy of each row."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def policies(
    book: Source, by: str, start: Place = (), passed: Sequence[str] = ()
) -> Iterator[Policies]:
    """Give whole policies block by block; one that a block cuts waits for its other rows.

    by      the column that names the policy of each row
    start   a place that an earlier run told: the number of the next row, whether the row before it
            is a loose one, and where the block begins in which it stands

    Raises BadInput for a policy of more than MOST_ROWS rows, and where the file ends early.
    """
    gathered = _Gathered(book, by, start)
    begins: Place = start[2:]
    for numbers, batch in book.blocks(begins, [*passed, by]):
        found = gathered.add(numbers, batch, begins)
        begins = book.place
        if found is not None:
            yield found
    last = gathered.end(begins)
    if last is not None:
        yield last


class _Gathered:
    """The rows of the last policy so far, and the loose rows that are not told yet.

    told    the number of the first row that no policies given so far hold
    before  whether the row before it is loose
    """

    def __init__(self, book: Source, by: str, start: Place) -> None:
        self.book, self.by = book, by
        self.told, self.before = (start[0], start[1]) if start else (1, 0)
        self.next = self.told
        self.loose: list[Reject] = []
        self.numbers: Rows = np.zeros(0, np.int64)
        self.batch: pa.RecordBatch | None = None
        self.origin: Place = start[2:]

    def add(self, numbers: Rows, batch: pa.RecordBatch, begins: Place) -> Policies | None:
        """Take a block; give the policies that are whole with it."""
        fresh = numbers >= self.told
        if not fresh.all():
            numbers, batch = numbers[fresh], batch.filter(pa.array(fresh))
        names = names_of(batch.column(self.by))
        named = ~blank(names)
        self.loose += [entry for entry in self.book.skipped if entry.row >= self.told]
        self.book.skipped.clear()
        self.loose += [no_policy(int(row), self.by) for row in numbers[~named].tolist()]
        self.loose.sort(key=lambda entry: entry.row)
        self.next = max(self.next, self.book.place[0])
        if not named.all():
            numbers, batch = numbers[named], batch.filter(pa.array(named))
        if not numbers.size:
            return self._waiting()
        held = 0 if self.batch is None else len(self.numbers)
        if self.batch is not None:
            batch = self._joined(self.batch, batch)
            numbers = np.concatenate([self.numbers, numbers])
        names = names_of(batch.column(self.by))
        far = np.flatnonzero(np.diff(numbers) > MOST_LOOSE) + 1
        starts = np.union1d(starts_of(names), far)
        last = int(starts[-2])
        if last >= held:
            self.origin = begins
        spans = numbers[starts[1:] - 1] - numbers[starts[:-1]]
        if spans.max() >= MOST_ROWS:
            first = int(starts[spans.argmax()])
            name = names[first].as_py().decode("utf-8", "replace")
            raise self._beyond(f"the policy '{name}' has more than {MOST_ROWS:,} rows")
        self.numbers, self.batch = numbers[last:], batch.slice(last)
        if last == 0:
            return self._waiting()
        place = (int(numbers[last]), *self._flags(int(numbers[last])), *self.origin)
        return self._given(numbers[:last], batch.slice(0, last), starts[:-1], place)

    def end(self, begins: Place) -> Policies | None:
        """Give the last policy, and the loose rows behind it."""
        if self.next == self.told:
            return None
        return self._all((self.next, 0, *begins))

    def _waiting(self) -> Policies | None:
        """Give what waits, where no row to come can be of it."""
        held = self.batch is not None and self.next - int(self.numbers[-1]) <= MOST_LOOSE
        if held or self.next == self.told:
            return None
        return self._all((self.next, *self._flags(self.next), *self.book.place))

    def _all(self, place: Place) -> Policies:
        numbers, batch = self.numbers, self.batch
        starts = np.unique(np.array([0, len(numbers)], dtype=np.int64))
        self.numbers, self.batch = np.zeros(0, np.int64), None
        if batch is None:
            batch = pa.record_batch({name: pa.array([], pa.string()) for name in self.book.names})
        return self._given(numbers, batch, starts, place)

    def _joined(self, first: pa.RecordBatch, second: pa.RecordBatch) -> pa.RecordBatch:
        """Join rows whose codes may stand for different texts."""
        table = pa.Table.from_batches([first, second]).unify_dictionaries()
        try:
            columns = [pa.concat_arrays(column.chunks) for column in table.columns]
        except pa.ArrowInvalid:  # beyond 2 GiB of text in a column
            name = names_of(first.column(self.by))[0].as_py().decode("utf-8", "replace")
            text = f"the policy '{name}', and the rows read with it, are too long to be held"
            raise self._beyond(text) from None
        return pa.record_batch(columns, schema=table.schema)

    def _beyond(self, text: str) -> BadInput:
        return BadInput.one(At(str(self.book.path)), "", f"{text}; expected fewer")

    def _flags(self, row: int) -> tuple[int]:
        return (int(any(entry.row == row - 1 for entry in self.loose)),)

    def _given(
        self, numbers: Rows, batch: pa.RecordBatch, starts: npt.NDArray[np.int64], place: Place
    ) -> Policies:
        rows = [entry.row for entry in self.loose]
        if self.before:
            rows.insert(0, self.told - 1)
        loose = np.unique(np.array([*rows, np.iinfo(np.int64).max], dtype=np.int64))
        firsts, lasts = numbers[starts[:-1]], numbers[starts[1:] - 1]
        # the first loose row from the one before the policy on, if it is not behind the one after
        found = loose[np.searchsorted(loose, firsts - 1)]
        beside = np.where(found <= lasts + 1, found, 0)
        told = tuple(entry for entry in self.loose if entry.row < place[0])
        self.loose = self.loose[len(told) :]
        lines = place[0] - self.told
        self.told, self.before = place[0], place[1]
        return Policies(numbers, batch, starts, told, beside, lines, place)


def names_of(column: pa.Array) -> pa.Array:
    """Give the names of policies as bytes; null where a cell is null or not a number.

    Blanks before and behind a name are no part of it, whichever of Unicode's they are.
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column.cast(pa.string()).cast(pa.large_binary())
    try:
        return pc.utf8_trim_whitespace(column).cast(pa.large_binary())
    except pa.ArrowInvalid:  # a name that is no text, for which its row is rejected
        names = column.cast(pa.large_binary())
        return pa.array([one and _stripped(one) for one in names.to_pylist()], names.type)


def _stripped(name: bytes) -> bytes:
    return name.decode("utf-8", "surrogateescape").strip().encode("utf-8", "surrogateescape")


def blank(names: pa.Array) -> npt.NDArray[np.bool_]:
    """Tell which rows name no policy."""
    return np.array(pc.equal(pc.fill_null(pc.binary_length(names), 0), 0))


def starts_of(names: pa.Array) -> npt.NDArray[np.int64]:
    """Give where each run of one name starts, then the number of rows."""
    differs = np.asarray(pc.not_equal(names.slice(1), names.slice(0, len(names) - 1)))
    return np.concatenate([[0], np.flatnonzero(differs) + 1, [len(names)]]).astype(np.int64)
