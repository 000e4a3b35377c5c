"""The rows of a table → its axes and one dense array for each value column."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput, BadValue, nearest, one_of
from product_factory.table_axis import INTERPOLATED, Axis, Floats
from product_factory.table_head import ColumnSpec
from product_factory.table_text import formula
from product_factory.types import NUMERIC, Type, read_literal


class Body:
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
        """Tell the place of a cell."""
        before = sum(len(cell) + 1 for cell in self.rows[row][:column])
        return At(self.file, self.first + 2 + row, before + 1)

    def column(self, name: str) -> list[str]:
        """Give the cells of a column as written."""
        place = self.names.index(name)
        return [row[place].strip() for row in self.rows]

    def number(self, text: str, declared: Type, row: int, name: str) -> float:
        """Read a cell as a number. Raises BadInput at its place."""
        try:
            value = read_literal(text, declared)
        except BadValue as error:
            raise BadInput.one(self.at(row, self.names.index(name)), name, str(error)) from None
        return value

    def axis(self, name: str) -> Axis:
        """Read a key: its values in order, or the choices as listed or as they first stand."""
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
        if spec.key in INTERPOLATED and len(values) == 1:
            message = f"expected at least two rows to find a value between, got {name} {texts[0]}"
            raise BadInput.one(self.at(0, self.names.index(name)), name, message)
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
        """Give the place on an axis of every row."""
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
        """Give the dense cells and the type of every value column, and the line of each row."""
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
            self._between(name, types[name], axes)
            dense = np.full(int(np.prod(shape)), np.nan)
            if types[name].kind != "text":
                dense[flat] = [
                    self.number(t, types[name], row, name) for row, t in enumerate(texts)
                ]
            self._above_zero(name, dense[flat], axes)
            found[name] = _filled(dense.reshape(shape), axes)
            found[name].setflags(write=False)
        return found, types, where.reshape(shape)

    def _value_type(self, spec: ColumnSpec, texts: list[str]) -> Type:
        if spec.of:
            return Type(spec.type or "choice", tuple(spec.of))
        if not spec.type:
            return Type("choice", tuple(dict.fromkeys(texts)))
        return Type(spec.type, unit=spec.unit)

    def _between(self, name: str, declared: Type, axes: tuple[Axis, ...]) -> None:
        """Hold a value column to numbers of which there are some between two rows."""
        whole = declared.chosen or declared.kind in ("yes_no", "integer")
        between = next((axis for axis in axes if axis.interpolated), None)
        if between is not None and whole:
            text = f"expected numbers, as the key '{between.name}' is {between.key}"
            place = self.at(0, self.names.index(name))
            raise BadInput.one(place, name, f"{text}, got {declared.kind}")

    def _above_zero(self, name: str, values: Floats, axes: tuple[Axis, ...]) -> None:
        between = next((axis for axis in axes if axis.key == "log_linear"), None)
        if between is not None and (values <= 0.0).any():
            row = int(np.argmax(values <= 0.0))
            text = f"expected a number above 0, as the key '{between.name}' is log_linear"
            got = self.column(name)[row]
            raise BadInput.one(self.at(row, self.names.index(name)), name, f"{text}, got {got}")

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
