"""The compact protocol of Thrift, as far as the footer of a Parquet file needs it.

A struct is read as `field → (type, value)` in the order of its fields, and written back to the
same bytes. A list is `(type of its entries, entries)`; bytes that are already written stand as
they are. Source: thrift/doc/specs/thrift-compact-protocol.md of Apache Thrift.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
WHOLE = frozenset({I16, I32, I64})
LONG = 15
"""A list of as many entries or more has its length in a number of its own; so has a field's gap."""
Struct: TypeAlias = dict[int, tuple[int, Any]]
Values: TypeAlias = tuple[int, list[Any]]


class Reader:
    """Reads values from bytes, one behind the other."""

    def __init__(self, data: bytes) -> None:
        """Start at the first byte."""
        self.data = data
        self.place = 0

    def struct(self) -> Struct:
        """Read a struct to its end."""
        found: Struct = {}
        field = 0
        while head := self._byte():
            kind = head & 15
            field = field + (head >> 4) if head >> 4 else self._whole()
            found[field] = (kind, None if kind in (TRUE, FALSE) else self._value(kind))
        return found

    def _byte(self) -> int:
        self.place += 1
        return self.data[self.place - 1]

    def _number(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:  # noqa: PLR2004 - the sign that more follows
                return number

    def _whole(self) -> int:
        number = self._number()
        return (number >> 1) ^ -(number & 1)

    def _bytes(self, count: int) -> bytes:
        self.place += count
        return self.data[self.place - count : self.place]

    def _value(self, kind: int) -> Any:  # noqa: ANN401 - what a footer holds
        if kind in WHOLE:
            return self._whole()
        if kind == BINARY:
            return self._bytes(self._number())
        if kind == STRUCT:
            return self.struct()
        if kind in (LIST, SET):
            head = self._byte()
            size = head >> 4 if head >> 4 < LONG else self._number()
            return (head & 15, [self._value(head & 15) for _ in range(size)])
        if kind in (TRUE, FALSE, BYTE, DOUBLE):
            return self._bytes(8 if kind == DOUBLE else 1)
        message = f"expected a type of a Parquet footer, got {kind}"
        raise ValueError(message)


def written(struct: Struct) -> bytes:
    """Write a struct."""
    return b"".join(_fields(struct))


def _fields(struct: Struct) -> Iterable[bytes]:
    last = 0
    for field, (kind, value) in struct.items():
        gap = field - last
        last = field
        yield bytes([gap << 4 | kind]) if gap <= LONG else bytes([kind]) + _whole(field)
        if value is not None:
            yield _value(kind, value)
    yield b"\0"


def _value(kind: int, value: Any) -> bytes:  # noqa: ANN401 - what a footer holds
    if kind in WHOLE:
        return _whole(value)
    if kind == BINARY:
        return _number(len(value)) + bytes(value)
    if kind in (LIST, SET):
        inner, entries = value
        size = len(entries)
        head = bytes([size << 4 | inner]) if size < LONG else bytes([240 | inner]) + _number(size)
        return head + b"".join(_value(inner, entry) for entry in entries)
    return value if isinstance(value, bytes) else written(value)


def _number(number: int) -> bytes:
    found = bytearray()
    while number > 127:  # noqa: PLR2004 - what fits into the seven bits of a byte
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])


def _whole(number: int) -> bytes:
    return _number(number << 1 if number >= 0 else (-number << 1) - 1)
