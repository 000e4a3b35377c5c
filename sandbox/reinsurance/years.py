"""Years of losses through a bound programme, on threads: arrays for the kernel, and room."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sandbox.kernels import settlement as kernels
from sandbox.kernels.reinsurance import Contracts, Losses
from sandbox.kernels.settlement import Settled
from sandbox.reinsurance.occurrences import Occurrences

Floats = NDArray[np.float64]
ROWS = 512
"""Losses, and years, that go through together: what a processor keeps at hand. More where years
have more in the mean."""
UNKNOWN = np.zeros(0)
NO_EVENT = np.zeros(0, dtype=np.int64)
for _none in (UNKNOWN, NO_EVENT):
    _none.setflags(write=False)  # as those that are known: the kernel is compiled for one type


def settle_years(
    contracts: Contracts, events: Occurrences, threads: int, *, rows: bool
) -> tuple[Settled, Floats]:
    """Settle all years, each stretch of them on a thread.

    rows  whether what is left of each occurrence is told too
    Gives besides, [stage, 3], what each stage recovers of a row above its loss, 0 where there is
    none, else below; what it sees of the row; which row that is.
    """
    years = events.years
    gross, net, gross_largest, net_largest = np.empty((4, years))
    ceded, reinstated = np.empty((2, len(contracts.kind), years))
    left = np.empty(len(events.amount) if rows else 0)
    settled = Settled(gross, net, gross_largest, net_largest, ceded, reinstated, left)
    losses = Losses(
        events.year,
        events.amount,
        NO_EVENT if events.event is None else events.event,
        *(
            UNKNOWN if column is None else column
            for column in (events.risks, events.time, events.sum_insured)
        ),
    )
    stages = int(contracts.stage.max(initial=-1)) + 1
    cuts = [years * part // threads for part in range(threads + 1)]
    starts = np.searchsorted(events.year, cuts).tolist()

    def stretch(part: int) -> Floats:
        first, last, begin, end = cuts[part], cuts[part + 1], starts[part], starts[part + 1]
        excess = np.zeros((stages, 3))

        def settle(beyond: int, stop: int, size: int) -> int:
            return kernels.settle(
                contracts, losses, first, beyond, begin, stop, size, settled, excess
            )

        # years that are all large go through together; one that is larger by itself
        size = max(ROWS, 2 * (end - begin) // max(last - first, 1))
        while first < last:
            begin = settle(last, end, size)
            if begin == end:  # years without losses behind are settled too
                break
            first = int(events.year[begin])
            stop = int(np.searchsorted(events.year, first + 1))
            begin = settle(first + 1, stop, stop - begin)
            first += 1
        return excess

    if threads == 1:
        return settled, stretch(0)
    with ThreadPoolExecutor(threads) as pool:
        found = np.stack(list(pool.map(stretch, range(threads))))
    worst = np.argmin(found[:, :, 0], axis=0)  # of equals the first
    return settled, found[worst, np.arange(stages)]
