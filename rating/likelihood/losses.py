"""The losses of a data file: amounts, what hides them from below, what cuts them above."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput
from rating.book.rejects import Reject
from rating.frame import ColumnReader, read_frame
from rating.likelihood.specification import LossColumn, SeveritySpec

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Losses:
    """Losses, one a row that can be used, in the order of the data.

    amounts   [loss] in currency, above 0
    above     [loss] a loss at or below it is not in the data; 0 where all are
    censored  [loss] whether the loss was at least the amount
    rejects   rows that were left out;  rows: of the file
    """

    amounts: Floats
    above: Floats
    censored: Flags
    rejects: tuple[Reject, ...] = ()
    rows: int = 0

    @classmethod
    def of(
        cls,
        amounts: Sequence[float] | Floats,
        above: float = 0.0,
        censored: Sequence[bool] | None = None,
    ) -> "Losses":
        """Return losses that are hidden up to one amount."""
        values = np.asarray(amounts, dtype=np.float64)
        flags = np.zeros(values.size, dtype=bool) if censored is None else np.asarray(censored)
        return cls(values, np.full(values.size, above), flags, (), values.size)

    @property
    def size(self) -> int:
        """How many there are."""
        return int(self.amounts.size)

    @property
    def seen(self) -> Floats:
        """The amounts of those that are known, [loss]."""
        return self.amounts[~self.censored]

    @property
    def common(self) -> float | None:
        """What all are truncated at; None where it differs."""
        least = float(self.above.min())
        return least if least == float(self.above.max()) else None

    def beyond(self, threshold: float) -> "Losses":
        """Return the losses above a threshold, truncated there at the least."""
        kept = self.amounts > threshold
        above = np.maximum(self.above[kept], threshold)
        return Losses(self.amounts[kept], above, self.censored[kept], (), self.rows)


def read_losses(spec: SeveritySpec, path: Path) -> Losses:
    """Read the losses. Raises BadInput for a file that cannot be read or holds no loss of use."""
    columns = (spec.losses, spec.truncated, spec.limited)
    wanted = [(one.column, one.at) for one in columns if one is not None and one.column]
    reader = ColumnReader(read_frame(path, wanted))
    name = str(spec.losses.column)
    amounts = reader.numbers(name)
    reader.refuse(~(amounts > 0.0), name, "expected a loss above 0")
    above = _column(reader, spec.truncated, 0.0)
    reader.refuse(~(amounts > above), name, "expected a loss above its truncation")
    most = _column(reader, spec.limited, np.inf)
    reader.refuse(~(most > above), name, "expected a limit above the truncation")
    good = reader.good
    if good.sum() < 2:  # noqa: PLR2004 - one loss has no spread
        first = reader.rejects[0] if reader.rejects else None
        why = "" if first is None else f"; row {first.row}, {first.column}: {first.reason}"
        text = f"expected two losses or more that can be used, got {int(good.sum())}{why}"
        raise BadInput.one(At(str(path)), "", text)
    censored = amounts >= most
    kept = np.minimum(amounts, most)
    if censored[good].all():
        text = "every loss has reached its limit, so there is nothing to fit"
        raise BadInput.one(At(str(path)), "", text)
    return Losses(kept[good], above[good], censored[good], reader.left_out, good.size)


def _column(reader: ColumnReader, given: LossColumn | None, otherwise: float) -> Floats:
    size = reader.good.size
    if given is None:
        return np.full(size, otherwise)
    if given.column is None:
        return np.full(size, given.is_, dtype=np.float64)
    found = reader.numbers(given.column)
    reader.refuse(~(found >= 0.0), given.column, "expected 0 or more")
    return found
