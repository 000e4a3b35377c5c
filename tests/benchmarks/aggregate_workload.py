"""The distribution of a year of Poisson(50) lognormal(8, 1.8) claims, each paid in a layer, by FFT.

On 2^18 points of 20 each, which hold the mean to nine digits; GEMAct's claim is discretised in the
same way ("local moments"), aggregate's by its own on as many points.
"""

import math

import numpy as np

from rating.aggregate import ClaimTerms, by_fourier, lump
from rating.frequencies import Poisson
from rating.severities import Lognormal
from tests.benchmarks.limits import aggregate_fft
from tests.benchmarks.years_workload import DEDUCTIBLE, FREQUENCY, LIMIT, MU, SIGMA

ROW = "Poisson(50) lognormal(8, 1.8), deductible 2,000, limit 500,000: the distribution by FFT"
STEP, LOG2 = 20.0, 18
SIZE = 1 << LOG2


def mean_of(chances, step=STEP):
    return float(step * np.arange(len(chances)) @ chances)


def limit():
    found = aggregate_fft.aggregate(FREQUENCY, MU, SIGMA, DEDUCTIBLE, LIMIT, STEP, SIZE)
    return mean_of(found)


def covercast():
    claim = lump(Lognormal(MU, SIGMA), ClaimTerms(DEDUCTIBLE, LIMIT), STEP, SIZE)
    return by_fourier(Poisson(FREQUENCY), claim, SIZE).mean


def gemact():
    from gemact import Frequency, Layer, LossModel, PolicyStructure, Severity

    model = LossModel(
        frequency=Frequency(dist="poisson", par={"mu": FREQUENCY}),
        severity=Severity(dist="lognormal", par={"scale": math.exp(MU), "shape": SIGMA}),
        policystructure=PolicyStructure(layers=Layer(deductible=DEDUCTIBLE, cover=LIMIT)),
        aggr_loss_dist_method="fft",
        sev_discr_method="localmoments",
        sev_discr_step=STEP,
        n_sev_discr_nodes=int(LIMIT / STEP),
        n_aggr_dist_nodes=SIZE,
    )
    return float(model.dist[0].mean())


def aggregate():
    from aggregate import build

    made = build(
        f"agg Year {FREQUENCY:g} claims {LIMIT:g} xs {DEDUCTIBLE:g} "
        f"sev {math.exp(MU):.17g} * lognorm {SIGMA} ! poisson",
        log2=LOG2,
        bs=STEP,
        normalize=False,
    )
    return float(made.est_m)


CONTENDERS = {
    "aggregate": ("peer", aggregate),
    "GEMAct": ("peer", gemact),
    "numpy FFT": ("limit", limit),
    "Covercast": ("ours", covercast),
}
