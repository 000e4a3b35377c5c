"""Claims of each simulated row by size and cover, beside a loss table."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from sandbox.bands import Bands

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SizeTable:
    """Claims by size. A claim is what one event pays one policy under one cover.

    bands    where they begin, and of what the size is
    counts   [row, cover, band] claims
    paid     [row, cover, band] what they were paid, currency; over the bands they add up to the
             loss table's `paid` to the last bit, in any order, once they are `fitted`
    largest  [row, cover] the largest claim paid, 0 without one
    """

    bands: Bands
    counts: Integers
    paid: Floats
    largest: Floats

    def __post_init__(self) -> None:
        """Seal the arrays; refuse shapes that do not fit one another."""
        shape = *self.largest.shape, len(self.bands.edges)
        for name in ("counts", "paid"):
            found = getattr(self, name).shape
            if found != shape:
                raise BadValue(f"sizes.{name}: expected shape {shape}, got {found}")
        for array in (self.counts, self.paid, self.largest):
            array.setflags(write=False)

    def joined(self, rows: int, years: int) -> "SizeTable":
        """Give the table with every `years` rows as one, of the first rows × years."""
        counts, paid = np.zeros_like(self.counts[:rows]), np.zeros_like(self.paid[:rows])
        largest = np.zeros_like(self.largest[:rows])
        for year in range(years):
            these = slice(year, rows * years, years)
            counts += self.counts[these]
            paid += self.paid[these]
            largest = np.maximum(largest, self.largest[these])
        return replace(self, counts=counts, paid=paid, largest=largest)

    def reordered(self, cover: int, order: Integers) -> "SizeTable":
        """Give the table with the rows of a cover in another order."""
        counts, paid, largest = self.counts.copy(), self.paid.copy(), self.largest.copy()
        for array in (counts, paid, largest):
            array[:, cover] = array[order, cover]
        return replace(self, counts=counts, paid=paid, largest=largest)

    def in_order(self, order: Integers) -> "SizeTable":
        """Give the table with its rows in another order."""
        counts, paid = self.counts[order], self.paid[order]
        return replace(self, counts=counts, paid=paid, largest=self.largest[order])

    def times(self, rate: float) -> "SizeTable":
        """Give the table in another currency, the bounds of its bands too."""
        bands = replace(self.bands, edges=tuple(edge * rate for edge in self.bands.edges))
        paid, largest = self.paid * rate, self.largest * rate
        return replace(self, bands=bands, paid=paid, largest=largest)

    def fitted(self, paid: Floats) -> "SizeTable":
        """Give the table whose bands add up to what covers are paid, exactly, in any order.

        paid  [row, cover], the same claims added one after the other

        Each band is rounded to the last bit of its sum, the largest takes what is left: as
        multiples of one bit below 2^53 of it they are added without rounding. No band moves by
        more than the rounding of the sum.
        """
        bit = np.spacing(paid)[:, :, None]
        parts = self.paid / bit
        np.rint(parts, out=parts)
        parts *= bit
        most = parts.argmax(axis=2)[:, :, None]
        np.put_along_axis(parts, most, 0.0, axis=2)
        others = np.zeros_like(paid)
        for band in range(parts.shape[2]):
            others += parts[:, :, band]
        np.put_along_axis(parts, most, (paid - others)[:, :, None], axis=2)
        return replace(self, paid=parts)
