"""Tables: a CSV in git whose header declares keys, types and units.

    # title: Fires a year per home
    # source: 保监发〔2016〕107号
    # status: published | fitted | built | illustrative
    # columns: {age: {key: band, type: age}, sex: {key: exact}, rate: {type: ratio}}
    age_from,age_below,sex,rate

Keys are `exact`, `step` (from this value on) or `band` (two columns `name_from,name_below`, an
empty `below` has no end). Every column after the keys is a value. Cells are kept as one dense
array per value column, in the order of the axes; a combination without a row is NaN.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from product_factory.errors import At, BadInput, BadValue, either, nearest, one_of
from product_factory.nodes import Map, Seq, read_nodes, said
from product_factory.table_meaning import meaning
from product_factory.table_text import MAX_ROWS, formula, table_lines, table_rows
from product_factory.types import NUMERIC, Type, read_literal

MAX_CELLS = 5_000_000
MAX_KEYS = 12
KEYS = ("exact", "step", "band")
TYPES = tuple(sorted(NUMERIC | {"text", "yes_no"}))
STATUSES = ("published", "fitted", "built", "illustrative")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Axis:
    """One key of a table.

    name    the variable that it reads
    key     exact, step or band
    type    numeric, or a choice among `labels`
    labels  the key values as written, in order
    values  the same as numbers (places 0, 1, … for a choice; the lower ends of bands)
    below   the upper ends of bands, else empty
    """

    name: str
    key: str
    type: Type
    labels: tuple[str, ...]
    values: tuple[float, ...]
    below: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """The number of key values."""
        return len(self.values)

    @cached_property
    def _grid(self) -> Floats:
        return np.array(self.values + self.below, dtype=np.float64)

    def grid(self) -> Floats:
        """Give the key values, then for bands the upper ends."""
        return self._grid


@dataclass(frozen=True)
class Table:
    """A table with its axes, its value columns and where it came from.

    cells    column → dense array, shape = the sizes of the axes
    types    column → type of its values (a choice is kept as its place)
    lines    line number of the row behind each cell (0 where none), same shape
    header   every `# key: value` line
    digest   sha256 of the text
    """

    name: str
    file: str
    title: str
    source: str
    status: str
    axes: tuple[Axis, ...]
    cells: dict[str, Floats]
    types: dict[str, Type]
    lines: npt.NDArray[np.int64]
    header: dict[str, str]
    digest: str

    @cached_property
    def meanings(self) -> dict[str, str]:
        """Column → digest of what its cells say, however the file is laid out."""
        return {column: meaning(self, column) for column in self.cells}

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the value columns."""
        return tuple(self.cells)

    def find(self, column: str, **keys: str | float) -> float:
        """Give one cell by its keys, NaN where there is none; for tests and messages."""
        return float(
            self.cells[column][tuple(self.place(axis, keys[axis.name]) for axis in self.axes)]
        )

    def place(self, axis: Axis, key: str | float) -> int:
        """Give the place of a key on an axis. Raises BadValue when it is not there."""
        value = axis.type.code(key) if isinstance(key, str) else float(key)
        for place, start in enumerate(axis.values):
            last = place + 1 == axis.size
            if axis.key == "exact" and start == value:
                return place
            if axis.key == "band" and start <= value < axis.below[place]:
                return place
            if axis.key == "step" and start <= value and (last or value < axis.values[place + 1]):
                return place
        message = f"{self.file}: no row for {axis.name} {key}"
        raise BadValue(message)

    def line(self, places: tuple[int, ...]) -> At:
        """Tell the line of the row behind a cell."""
        return At(self.file, int(self.lines[places]), 1)


class ColumnSpec(BaseModel):
    """What the header declares of one column."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = ""
    type: str = ""
    unit: str = ""
    decimals: int | None = None
    of: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None


def read_table(text: str, name: str, file: str) -> Table:
    """Read a table. Raises BadInput with the line of what is missing, doubled or overlapping."""
    lines = table_lines(text, file)
    header, specs, first = _header(lines, file)
    rows = table_rows(lines, first, file)
    if not rows:
        raise BadInput.one(At(file, first + 1, 1), "", "expected a line of column names")
    keys = [column for column, spec in specs.items() if spec.key]
    if len(keys) > MAX_KEYS:
        raise BadInput.one(At(file), "", f"expected at most {MAX_KEYS} keys, got {len(keys)}")
    reader = _Body(file, first, rows, specs)
    axes = tuple(map(reader.axis, keys))
    shape = tuple(axis.size for axis in axes)
    if int(np.prod(shape, dtype=np.float64)) > MAX_CELLS:
        raise BadInput.one(At(file), "", f"expected at most {MAX_CELLS} cells, got {shape}")
    cells, types, where = reader.cells(axes, shape)
    return Table(
        name=name,
        file=file,
        title=header["title"],
        source=header["source"],
        status=header["status"],
        axes=axes,
        cells=cells,
        types=types,
        lines=where,
        header=header,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _header(lines: list[str], file: str) -> tuple[dict[str, str], dict[str, ColumnSpec], int]:
    header: dict[str, str] = {}
    places: dict[str, At] = {}
    first = 0
    for first, line in enumerate(lines):
        if not line.startswith("#"):
            break
        key, _, value = line[1:].partition(":")
        if key.strip() in header:
            raise BadInput.one(At(file, first + 1, 1), "", f"duplicate header line '{key.strip()}'")
        header[key.strip()] = value.strip()
        places[key.strip()] = At(file, first + 1, len(line) - len(value.lstrip()) + 1)
    for needed in ("title", "source", "status", "columns"):
        if needed not in header:
            raise BadInput.one(At(file, 1, 1), "", f"expected a header line '# {needed}: …'")
    if header["status"] not in STATUSES:
        got = header["status"]
        text = f"expected {either(STATUSES)}, got {got}{nearest(got, STATUSES)}"
        raise BadInput.one(places["status"], "status", text)
    return header, _specs(header["columns"], places["columns"]), first


def _specs(text: str, at: At) -> dict[str, ColumnSpec]:
    node = read_nodes(text, at.file, at.line, at.column)
    if not isinstance(node, Map):
        raise BadInput.one(at, "columns", f"expected {{name: {{…}}, …}}, got {said(node)}")
    specs: dict[str, ColumnSpec] = {}
    for name, entry in node.items():
        known = ("key", "type", "unit", "decimals", "of", "from", "to")
        if not isinstance(entry, Map):
            message = f"expected {{key: …, type: …}}, got {said(entry)}"
            raise BadInput.one(entry.at, f"columns.{name}", message)
        for key in entry:
            if key not in known:
                message = f"unknown key '{key}'{nearest(key, known)}"
                raise BadInput.one(entry.keys_at[key], f"columns.{name}", message)
        specs[name] = _spec(name, entry)
    return specs


def _spec(name: str, entry: Map) -> ColumnSpec:
    renamed = {"from": "start", "to": "end"}
    plain: dict[str, object] = {}
    for key, value in entry.items():
        plain[renamed.get(key, key)] = list(value) if isinstance(value, Seq) else str(value)
    try:
        spec = ColumnSpec.model_validate(plain)
    except ValueError:
        message = "expected a word or number for each key, a list for 'of'"
        raise BadInput.one(entry.at, f"columns.{name}", message) from None
    if spec.start is not None and spec.end is not None and spec.end - spec.start > MAX_ROWS:
        message = f"expected at most {MAX_ROWS} values from {spec.start}, got {spec.end}"
        raise BadInput.one(entry["to"].at, f"columns.{name}.to", message)
    for key, known in (("key", KEYS), ("type", TYPES)):
        got = getattr(spec, key)
        if got and got not in known:
            message = f"expected {either(known)}, got {got}{nearest(got, known)}"
            raise BadInput.one(entry[key].at, f"columns.{name}.{key}", message)
    return spec


class _Body:
    """The rows under the column names."""

    def __init__(
        self, file: str, first: int, rows: list[list[str]], specs: dict[str, ColumnSpec]
    ) -> None:
        self.file = file
        self.first = first
        self.specs = specs
        self.names = [name.strip() for name in rows[0]]
        self.rows = rows[1:]
        expected: list[str] = []
        for name, spec in specs.items():
            expected += [f"{name}_from", f"{name}_below"] if spec.key == "band" else [name]
        if self.names != expected:
            text = f"expected the columns {','.join(expected)}, got {','.join(self.names)}"
            raise BadInput.one(At(file, first + 1, 1), "", text)
        for place, row in enumerate(self.rows):
            if len(row) != len(expected):
                text = f"expected {len(expected)} cells, got {len(row)}"
                raise BadInput.one(self.at(place, 0), "", text)
        if not self.rows:
            raise BadInput.one(At(file, first + 2, 1), "", "expected at least one row, got none")

    def at(self, row: int, column: int) -> At:
        before = sum(len(cell) + 1 for cell in self.rows[row][:column])
        return At(self.file, self.first + 2 + row, before + 1)

    def column(self, name: str) -> list[str]:
        place = self.names.index(name)
        return [row[place].strip() for row in self.rows]

    def number(self, text: str, declared: Type, row: int, name: str) -> float:
        try:
            value = read_literal(text, declared)
        except BadValue as error:
            raise BadInput.one(self.at(row, self.names.index(name)), name, str(error)) from None
        return value

    def axis(self, name: str) -> Axis:
        spec = self.specs[name]
        if spec.key == "band":
            return self._bands(name, spec)
        texts = self.column(name)
        if spec.type not in NUMERIC:
            labels = tuple(spec.of) or tuple(dict.fromkeys(texts))
            known = frozenset(labels)
            for row, text in enumerate(texts):
                if text not in known:
                    message = f"expected {one_of(labels)}, got {text}{nearest(text, labels)}"
                    raise BadInput.one(self.at(row, self.names.index(name)), name, message)
                if formula(text):
                    message = f"expected a word, got {text}, which a spreadsheet would run"
                    raise BadInput.one(self.at(row, self.names.index(name)), name, message)
            places = tuple(float(place) for place in range(len(labels)))
            return Axis(name, spec.key, Type("choice", labels), labels, places)
        kind = Type(spec.type, unit=spec.unit)
        known_numbers: dict[str, float] = {}  # a key stands on many rows
        for row, text in enumerate(texts):
            if text not in known_numbers:
                known_numbers[text] = self.number(text, kind, row, name)
        numbers = [known_numbers[text] for text in texts]
        ordered = sorted(dict(zip(numbers, texts, strict=True)).items())
        values = tuple(value for value, _ in ordered)
        if spec.start is not None and spec.end is not None:
            missing = sorted(set(range(spec.start, spec.end + 1)) - {int(v) for v in values})
            if missing:
                message = (
                    f"expected every value from {spec.start} to {spec.end}, {missing[0]} is missing"
                )
                after = next((v for v in values if v > missing[0]), values[-1])
                place = self.at(numbers.index(after), self.names.index(name))
                raise BadInput.one(place, name, message)
        return Axis(name, spec.key, kind, tuple(label for _, label in ordered), values)

    def _bands(self, name: str, spec: ColumnSpec) -> Axis:
        kind = Type(spec.type or "number", unit=spec.unit)
        starts, ends = self.column(f"{name}_from"), self.column(f"{name}_below")
        bands: dict[tuple[float, float], tuple[str, At]] = {}
        for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
            low = self.number(start, kind, row, f"{name}_from")
            high = self.number(end, kind, row, f"{name}_below") if end else float("inf")
            if high <= low:
                text = f"expected a band that ends above {start}, got {end}"
                raise BadInput.one(self.at(row, self.names.index(f"{name}_below")), name, text)
            at = self.at(row, self.names.index(f"{name}_from"))
            bands.setdefault((low, high), (f"{start}-{end}", at))
        ordered = sorted(bands.items())
        for (one, (before, _)), (two, (label, at)) in pairwise(ordered):
            if two[0] != one[1]:
                wrong = "overlap" if two[0] < one[1] else "leave a gap"
                raise BadInput.one(at, name, f"the bands '{before}' and '{label}' {wrong}")
        low_ends = tuple(band[0] for band, _ in ordered)
        labels = tuple(label for _, (label, _) in ordered)
        return Axis(name, "band", kind, labels, low_ends, tuple(band[1] for band, _ in ordered))

    def places(self, axis: Axis) -> npt.NDArray[np.int64]:
        if axis.type.chosen:
            labels = {label: place for place, label in enumerate(axis.labels)}
            return np.array([labels[text] for text in self.column(axis.name)], dtype=np.int64)
        if axis.key == "band":
            kind = axis.type
            starts = self.column(f"{axis.name}_from")
            numbers = [read_literal(text, kind) for text in starts]
        else:
            texts = self.column(axis.name)
            known = {text: read_literal(text, axis.type) for text in dict.fromkeys(texts)}
            numbers = [known[text] for text in texts]
        index = {value: place for place, value in enumerate(axis.values)}
        return np.array([index[number] for number in numbers], dtype=np.int64)

    def cells(
        self, axes: tuple[Axis, ...], shape: tuple[int, ...]
    ) -> tuple[dict[str, Floats], dict[str, Type], npt.NDArray[np.int64]]:
        flat = np.zeros(len(self.rows), dtype=np.int64)
        for axis in axes:
            flat = flat * axis.size + self.places(axis)
        self._no_doubles(flat)
        where = np.zeros(int(np.prod(shape)), dtype=np.int64)
        where[flat] = np.arange(len(self.rows)) + self.first + 2
        found: dict[str, Floats] = {}
        types: dict[str, Type] = {}
        for name, spec in self.specs.items():
            if spec.key:
                continue
            texts = self.column(name)
            types[name] = self._value_type(spec, texts)
            dense = np.full(int(np.prod(shape)), np.nan)
            if types[name].kind != "text":
                dense[flat] = [
                    self.number(t, types[name], row, name) for row, t in enumerate(texts)
                ]
            found[name] = _filled(dense.reshape(shape), axes)
            found[name].setflags(write=False)
        return found, types, where.reshape(shape)

    def _value_type(self, spec: ColumnSpec, texts: list[str]) -> Type:
        if spec.of:
            return Type(spec.type or "choice", tuple(spec.of))
        if not spec.type:
            return Type("choice", tuple(dict.fromkeys(texts)))
        return Type(spec.type, unit=spec.unit)

    def _no_doubles(self, flat: npt.NDArray[np.int64]) -> None:
        seen: dict[int, int] = {}
        for row, cell in enumerate(flat.tolist()):
            if cell in seen:
                text = f"duplicate row, the same keys stand on line {seen[cell] + self.first + 2}"
                raise BadInput.one(self.at(row, 0), "", text)
            seen[cell] = row


def _filled(cells: Floats, axes: tuple[Axis, ...]) -> Floats:
    """Carry the cells of a step axis forward to steps that other keys have and these have not."""
    for number, axis in enumerate(axes):
        if axis.key != "step":
            continue
        moved = np.moveaxis(cells, number, 0)
        for place in range(1, axis.size):
            moved[place] = np.where(np.isnan(moved[place]), moved[place - 1], moved[place])
    return cells
