"""Simulate 1,000,000 to 50,000,000 years of Poisson(50) lognormal(8, 1.8), paid in a layer.

A claim of X pays min((X - 2,000)+, 500,000). MEAN, the exact mean of a year, is
50 (E[min(X, 502,000)] - E[min(X, 2,000)]) with the lognormal's limited mean in closed form.
"""

import atexit
import math
from functools import cache

import numpy as np

from rating.frequencies import Poisson
from rating.severities import Lognormal
from sandbox.execution import Execution
from sandbox.execution.cluster import Cluster
from sandbox.simulate.layered import simulate_layered
from tests.benchmarks.limits import compound_years

TITLE = "Poisson(50) lognormal(8, 1.8), deductible 2,000, limit 500,000"
YEARS = 1_000_000
MANY_YEARS = 10_000_000
MOST_YEARS = 50_000_000  # some seconds of work, as a cluster is for
FREQUENCY, MU, SIGMA, DEDUCTIBLE, LIMIT = 50.0, 8.0, 1.8, 2_000.0, 500_000.0
MEAN = 622_368.734
STANDARD_DEVIATION = 300_939.88
SEED = 20_260_301

BLOCK = 10_000  # years; numpy is fastest when a block of claims stays in the cache


def numpy_blocks():
    rng = np.random.default_rng(SEED)
    out = np.empty(YEARS)
    for first in range(0, YEARS, BLOCK):
        counts = rng.poisson(FREQUENCY, BLOCK)
        claims = rng.lognormal(MU, SIGMA, counts.sum())
        paid = np.minimum(np.maximum(claims - DEDUCTIBLE, 0.0), LIMIT)
        year = np.repeat(np.arange(BLOCK), counts)
        out[first : first + BLOCK] = np.bincount(year, weights=paid, minlength=BLOCK)
    return out


def gemact():
    from gemact import Frequency, Layer, LossModel, PolicyStructure, Severity

    model = LossModel(
        frequency=Frequency(dist="poisson", par={"mu": FREQUENCY}),
        severity=Severity(dist="lognormal", par={"scale": math.exp(MU), "shape": SIGMA}),
        policystructure=PolicyStructure(layers=Layer(deductible=DEDUCTIBLE, cover=LIMIT)),
        aggr_loss_dist_method="mc",
        n_sim=YEARS,
        random_state=SEED,
    )
    return model.dist[0].nodes  # the sorted totals, one a year


def lossmodels():
    from lossmodels import CollectiveRiskModel, Lognormal, Poisson
    from lossmodels.coverage import Layer

    layer = Layer(Lognormal(mu=MU, sigma=SIGMA), d=DEDUCTIBLE, u=LIMIT)
    return CollectiveRiskModel(Poisson(lam=FREQUENCY), layer).sample(YEARS, rng=SEED)


def pal():
    from pal import FrequencySeverityModel
    from pal import distributions as pal_distributions

    model = FrequencySeverityModel(
        pal_distributions.Poisson(FREQUENCY), pal_distributions.LogNormal(MU, SIGMA)
    )
    claims = model.generate(YEARS, np.random.default_rng(SEED))
    return np.minimum(np.maximum(claims - DEDUCTIBLE, 0.0), LIMIT).aggregate().values


def limit(threads, years=YEARS):
    problem = compound_years.tables(FREQUENCY, MU, SIGMA, DEDUCTIBLE, LIMIT)
    return compound_years.compound_years(problem, years, SEED, threads)


def covercast(execution, years=YEARS):
    return simulate_layered(
        Poisson(FREQUENCY),
        Lognormal(MU, SIGMA),
        DEDUCTIBLE,
        1.0,
        LIMIT,
        years,
        SEED,
        execution=execution,
    )


@cache
def cluster():
    """Two local workers, started before the clock is; they end with the process."""
    found = Cluster("local:2").__enter__()
    atexit.register(found.__exit__, None, None, None)
    return found


def on_dask(years, blocks):
    """Compute so many blocks on two workers; each costs some milliseconds of Dask's own."""
    return covercast(Execution(cluster(), block=years // blocks), years)


PEERS = {
    "GEMAct": ("peer", gemact),
    "PAL": ("peer", pal),
    "lossmodels": ("peer", lossmodels),
    "numpy": ("peer", numpy_blocks),
}


def limit_and_ours(years, blocks):
    """The contenders of a row of so many years; Dask has so many blocks of them."""
    return {
        "fused numba kernel, 1 thread": ("limit", lambda: limit(1, years)),
        "fused numba kernel, 2 threads": ("limit", lambda: limit(2, years)),
        "Covercast, 1 thread": ("ours", lambda: covercast(Execution.on(1), years)),
        "Covercast, 2 threads": ("ours", lambda: covercast(Execution.on(2), years)),
        "Covercast, Dask with 2 local workers": ("ours", lambda: on_dask(years, blocks)),
    }


CONTENDERS = {
    YEARS: PEERS | limit_and_ours(YEARS, blocks=2),
    MANY_YEARS: limit_and_ours(MANY_YEARS, blocks=8),
    MOST_YEARS: limit_and_ours(MOST_YEARS, blocks=20),
}
