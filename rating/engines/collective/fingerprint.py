"""What tells cells apart: all that a payment may depend on, and how often there is one."""

import numpy as np
import numpy.typing as npt

from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.happens import CollectiveProcess
from rating.payout import CONTEXT

Floats = npt.NDArray[np.float64]


class Fingerprints:
    """Tells the cells of a model apart; what does not depend on the cell is read once."""

    def __init__(self, model: AnnualModel) -> None:
        """Find which facts payments read."""
        self.model = model
        self._context = model.cells.begun
        names = model.payout.facts_read()
        cells = model.cells
        self._columns = [cells.columns[name] for name in names if name in cells.columns]
        self._items = [cells.item_columns[name] for name in names if name in cells.item_columns]
        self._places = [CONTEXT.index(name) for name in names if name in CONTEXT]

    def payment(self, process: CollectiveProcess, cell: int) -> bytes:
        """Give all that the payment of an event may depend on."""
        parts = [self.model.cells.present[cell].tobytes()]
        parts += [one.cumulative[:, cell].tobytes() for one in process.chances]
        for draws in process.draws:
            parts += [draws.code[:, cell].tobytes(), draws.parameters[:, cell].tobytes()]
            parts.append(draws.factor[cell].tobytes())
        parts += [column[cell].tobytes() for column in (*self._columns, *self._items)]
        parts.append(self._context[cell, self._places].tobytes())
        if self.model.cells.periods is not None:
            parts.append(self.model.cells.periods.named(cell).encode())
        return b"|".join(parts)

    def year(self, cell: int) -> bytes:
        """Give all that a year may depend on, of a model without a catalogue."""
        parts = []
        for process in self.model.collective:
            parts += [self.payment(process, cell), repr(process.counts[cell]).encode()]
        return b"||".join(parts)
