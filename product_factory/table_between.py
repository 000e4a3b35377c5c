"""What stands between two rows of a table: on the line from one to the other.

`between` is the definition; `Builder.lookup` writes the same operations into a program, in the
same order, so that every evaluator agrees with it to the bit. At a row it is the cell itself. It
never leaves the two cells: rounding is held between them. `linear` multiplies before it divides,
so that whole numbers on a line come out whole.
"""

from collections.abc import Mapping, Sequence

from product_factory.numbers.portable import power
from product_factory.table_axis import Axis, Floats


def between(key: str, low: float, high: float, way: float, width: float) -> float:
    """Give the value `way` of `width` from the cell `low` to the cell `high`; NaN where one is.

    key  linear: low + (high - low) way / width; log_linear: low (high / low) ^ (way / width),
         whose logarithm is linear; cells above 0
    """
    if way == 0.0:
        return low
    if key == "linear":
        raw = low + (high - low) * way / width
    else:
        raw = low * power(high / low, way / width)
    smallest, largest = (high, low) if high < low else (low, high)
    return min(max(raw, smallest), largest)


def found(
    cells: Floats, axes: Sequence[Axis], places: Sequence[int], keys: Mapping[str, float]
) -> float:
    """Give the value at the places of the keys, between two rows along an interpolated axis.

    Of two such axes the last is gone along first.
    """
    if not axes:
        return float(cells)
    axis, place = axes[0], places[0]
    low = found(cells[place], axes[1:], places[1:], keys)
    if not axis.interpolated:
        return low
    high = found(cells[min(place + 1, axis.size - 1)], axes[1:], places[1:], keys)
    way = keys[axis.name] - axis.values[place]
    return between(axis.key, low, high, way, float(axis.widths[place]))
