"""Settle a tower of three layers with reinstatements over 100,000 years of losses in memory.

Poisson(3) losses a year, Pareto(1.5) from 1,000,000. Layers 4 m xs 1 m, 5 m xs 5 m, 10 m xs 10 m,
each reinstated twice, at 100% and 50% of the premium. GEMAct is no contender: it settles only
losses that it draws itself.
"""

from functools import cache

import numpy as np

from sandbox.reinsurance import ExcessOfLoss, Occurrences, Programme
from tests.benchmarks.limits import fused_tower

ROW = "three-layer tower with reinstatements, 100,000 years"
NOTE = (
    "All cede the same, year by year. `numpy` computes recoveries alone, without premiums of "
    "reinstatements; the fused kernel those too, but no gross, net or largest event, which "
    "Covercast's time holds."
)
YEARS = 100_000
SEED = 20_260_301
FREQUENCY, ALPHA, LEAST = 3.0, 1.5, 1_000_000.0
ATTACHMENTS = (1_000_000.0, 5_000_000.0, 10_000_000.0)
LIMITS = (4_000_000.0, 5_000_000.0, 10_000_000.0)
PRICES = (1.0, 0.5)
PREMIUM = 1_000_000.0


@cache
def losses():
    """Give the year of each loss, and its amount."""
    rng = np.random.default_rng(SEED)
    counts = rng.poisson(FREQUENCY, YEARS)
    amounts = np.floor(LEAST * (1.0 + rng.pareto(ALPHA, counts.sum())))
    return np.repeat(np.arange(YEARS), counts), np.minimum(amounts, 1e11)


@cache
def occurrences():
    return Occurrences(*losses(), YEARS)


@cache
def starts():
    return np.searchsorted(losses()[0], np.arange(YEARS + 1))


def numpy_by_layer():
    """What each layer recovers, nothing else: reinstatements as a limit of the year, not priced."""
    year, amount = losses()
    ceded = []
    for attachment, limit in zip(ATTACHMENTS, LIMITS, strict=True):
        found = np.minimum(np.maximum(amount - attachment, 0.0), limit)
        total = np.bincount(year, weights=found, minlength=YEARS)
        ceded.append(np.minimum(total, limit * (1 + len(PRICES))))
    return np.column_stack(ceded)


def pal():
    from pal.contracts import XoLTower
    from pal.frequency_severity import FreqSevSims

    tower = XoLTower(
        limit=list(LIMITS),
        excess=list(ATTACHMENTS),
        premium=[PREMIUM] * len(LIMITS),
        reinstatement_cost=[list(PRICES)] * len(LIMITS),
        aggregate_limit=[limit * (1 + len(PRICES)) for limit in LIMITS],
    )
    claims = FreqSevSims(*losses(), YEARS)
    layers = [layer.apply(claims).recoveries.aggregate().values for layer in tower.layers]
    return np.column_stack(layers)


def limit(threads):
    """Recoveries and reinstatement premiums: no gross, no net, no largest event."""
    prices = [list(PRICES)] * len(LIMITS)
    amounts = losses()[1]
    return fused_tower.settle(starts(), amounts, ATTACHMENTS, LIMITS, prices, threads)[0]


@cache
def programme():
    tower = tuple(
        ExcessOfLoss(
            name=f"layer {place}", attachment=attachment, limit=limit, reinstatements=PRICES,
            premium=PREMIUM,
        )
        for place, (attachment, limit) in enumerate(zip(ATTACHMENTS, LIMITS, strict=True))
    )  # fmt: skip
    return Programme(contracts=(tower,))


def covercast(threads=1):
    """Gross, net, largest events and premiums by year besides what the limit tells."""
    return programme().settle(occurrences(), threads=threads).ceded


def checked():
    """The same from plain arrays, whose order and range are checked first."""
    return programme().settle(Occurrences(*losses(), YEARS)).ceded


CONTENDERS = {
    "PAL": ("peer", pal),
    "numpy": ("peer", numpy_by_layer),
    "fused numba kernel, 1 thread": ("limit", lambda: limit(1)),
    "fused numba kernel, 2 threads": ("limit", lambda: limit(2)),
    "Covercast, 1 thread": ("ours", covercast),
    "Covercast, 2 threads": ("ours", lambda: covercast(2)),
    "Covercast, losses checked too, 1 thread": ("ours", checked),
}
