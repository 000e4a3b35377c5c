"""Years of losses through a bound programme, on threads: arrays for the kernel, and room."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sandbox.kernels import settlement as kernels
from sandbox.kernels.reinsurance import Contracts, Losses, Room
from sandbox.kernels.settlement import Excess, Settled
from sandbox.reinsurance.occurrences import Occurrences

ROWS = 1_024
"""Losses, and years, that go through together: what a processor keeps at hand."""
UNKNOWN = np.zeros(0)
NO_EVENT = np.zeros(0, dtype=np.int64)
for _none in (UNKNOWN, NO_EVENT):
    _none.setflags(write=False)  # as those that are known: the kernel is compiled for one type


def settle_years(
    contracts: Contracts, events: Occurrences, threads: int, *, rows: bool
) -> tuple[Settled, Excess]:
    """Settle all years, each stretch of them on a thread.

    rows  whether what is left of each occurrence is told too
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
    cuts = [years * part // threads for part in range(threads + 1)]
    starts = np.searchsorted(events.year, cuts).tolist()

    def stretch(part: int) -> Excess:
        first, last, begin, end = cuts[part], cuts[part + 1], starts[part], starts[part + 1]
        excess, room = _no_excess(contracts), _room(ROWS)
        while True:
            begin = kernels.settle(
                contracts, losses, first, last, begin, end, room, settled, excess
            )
            if begin == end:
                return excess
            first = int(events.year[begin])
            room = _room(int(np.searchsorted(events.year, first + 1)) - begin)

    if threads == 1:
        return settled, stretch(0)
    with ThreadPoolExecutor(threads) as pool:
        return settled, _worst(list(pool.map(stretch, range(threads))))


def _room(rows: int) -> Room:
    """Make room for so many rows and years."""
    floats, places = np.empty((10, rows)), np.empty((3, rows), dtype=np.uint64)
    begins = np.empty(rows + 1, dtype=np.uint64)
    of, since, picked = places
    held, whole, left, insured, kept, part, events, *by_year = floats
    return Room(of, held, whole, left, insured, kept, part, events, since, begins, picked, *by_year)


def _no_excess(contracts: Contracts) -> Excess:
    stages = int(contracts.stage.max(initial=-1)) + 1
    return Excess(np.zeros(stages), np.zeros(stages), np.zeros(stages, dtype=np.int64))


def _worst(found: list[Excess]) -> Excess:
    """Give the worst of every stage; of equals the first."""
    worst = np.argmin([one.left for one in found], axis=0)
    left, seen, row = (np.array(column) for column in zip(*found, strict=True))
    stages = np.arange(len(worst))
    return Excess(left[worst, stages], seen[worst, stages], row[worst, stages])
