"""The values of steps as columns of a result: numbers, and of a choice the name of its level."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rating.book.columns import Mask
from rating.book.decided import WORDS
from rating.plan import RatingPlan

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StepColumns:
    """Which steps are written.

    levels  step → the names of the levels of its choice; empty for a number
    """

    levels: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, plan: RatingPlan, steps: Sequence[str]) -> "StepColumns":
        """Find what the steps of a plan leave: a worksheet shows the same."""
        types = {step.name: step.bound.type for step in plan.values}
        named = {name: types[name] for name in steps}
        return cls({name: t.of if t.kind == "choice" else () for name, t in named.items()})

    def fields(self) -> Iterator[pa.Field]:
        """Give a field for each step."""
        for name, levels in self.levels.items():
            yield pa.field(name, WORDS if levels else pa.float64())

    def arrays(
        self, outputs: Mapping[str, Floats], rows: Callable[[Floats], Floats], hidden: Mask
    ) -> Iterator[pa.Array]:
        """Give a column for each step.

        outputs  step → what the machine left
        rows     takes from it those of the result;  hidden: [row] those that are not shown
        """
        for name, levels in self.levels.items():
            values = rows(outputs[name])
            if not levels:
                yield pa.array(values, mask=hidden if hidden.any() else None)
                continue
            known = ~hidden & (values >= 0.0)
            codes = pa.array(np.where(known, values, 0.0).astype(np.int32), mask=~known)
            yield pa.DictionaryArray.from_arrays(codes, pa.array(levels, pa.string()))
