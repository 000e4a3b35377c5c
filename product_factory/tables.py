"""Tables: a CSV in git whose header declares keys, types and units.

    # title: Fires a year per home
    # source: 保监发〔2016〕107号
    # status: published | fitted | built | illustrative
    # columns: {age: {key: band, type: age}, sex: {key: exact}, rate: {type: ratio}}
    age_from,age_below,sex,rate

Keys are `exact`, `step` (from this value on) or `band` (two columns `name_from,name_below`, an
empty `below` has no end), or, of numbers, `linear` or `log_linear`: between two rows the value
stands on the line from one to the other, or its logarithm does (`table_between.py`). Outside the
rows of any key there is none: a value is never carried on past the last row, but along a `step`.
Every column after the keys is a value. Cells are kept as one dense array per value column, in the
order of the axes. A combination without a row is an error (`table_holes.py`), or NaN where the
header says why: `# sparse: REASON`. A built table has the cells that its product sells, no more.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput, BadValue
from product_factory.table_axis import Axis, Floats
from product_factory.table_between import found
from product_factory.table_body import Body
from product_factory.table_head import read_header
from product_factory.table_holes import no_holes
from product_factory.table_meaning import meaning
from product_factory.table_text import table_lines, table_rows
from product_factory.types import Type

MAX_CELLS = 5_000_000
MAX_KEYS = 12


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
        places = [self.place(axis, keys[axis.name]) for axis in self.axes]
        known = {name: float(key) for name, key in keys.items() if not isinstance(key, str)}
        return found(self.cells[column], self.axes, places, known)

    def place(self, axis: Axis, key: str | float) -> int:
        """Give the place of a key on an axis. Raises BadValue when it is not there."""
        value = axis.type.code(key) if isinstance(key, str) else float(key)
        for place, start in enumerate(axis.values):
            last = place + 1 == axis.size
            if axis.key == "exact" and start == value:
                return place
            if axis.key == "band" and start <= value < axis.below[place]:
                return place
            if axis.interpolated and (start == value or start < value < axis.until(place)):
                return place
            if axis.key == "step" and start <= value and (last or value < axis.values[place + 1]):
                return place
        message = f"{self.file}: no row for {axis.name} {key}"
        raise BadValue(message)

    def line(self, places: tuple[int, ...]) -> At:
        """Tell the line of the row behind a cell."""
        return At(self.file, int(self.lines[places]), 1)


def read_table(text: str, name: str, file: str) -> Table:
    """Read a table. Raises BadInput with the line of what is missing, doubled or overlapping."""
    lines = table_lines(text, file)
    header, specs, first = read_header(lines, file)
    rows = table_rows(lines, first, file)
    if not rows:
        raise BadInput.one(At(file, first + 1, 1), "", "expected a line of column names")
    keys = [column for column, spec in specs.items() if spec.key]
    if len(keys) > MAX_KEYS:
        raise BadInput.one(At(file), "", f"expected at most {MAX_KEYS} keys, got {len(keys)}")
    reader = Body(file, first, rows, specs)
    axes = tuple(map(reader.axis, keys))
    shape = tuple(axis.size for axis in axes)
    if int(np.prod(shape, dtype=np.float64)) > MAX_CELLS:
        raise BadInput.one(At(file), "", f"expected at most {MAX_CELLS} cells, got {shape}")
    cells, types, where = reader.cells(axes, shape)
    no_holes(axes, where, header, file, first + 1)
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
