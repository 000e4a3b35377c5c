"""The fast way through a layer: closed forms, the plain way that draws every claim, the bits."""

import math
from hashlib import blake2b
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import ks_2samp

from product_factory.errors import BadValue, either
from rating.frequencies import FREQUENCIES, NegativeBinomial, Poisson
from rating.kernels.random import philox4x32, stream_key, uniform
from rating.severities import SEVERITIES, Beta, Gamma, Lognormal, Mbbefd
from sandbox.execution import Execution
from sandbox.kernels.layered import EXACT, REDRAWN, STEPS
from sandbox.simulate.layered import LEAST_ABOVE, TABLE_ERROR, layered_cover, simulate_layered

STANDARD_ERRORS = 4.0
MEAN_ROUNDING = 0.0005  # currency, of a mean printed to three decimals
QUADRATURE = 1e-6  # relative
TABLED_PAYMENT = 2e-4  # relative, of a single claim; the mean's own bound is TABLE_ERROR
PLAIN_CLAIMS = 100_000
SAME_DISTRIBUTION = 1e-3  # chance of a Kolmogorov-Smirnov distance as large

# DESIGN section 9: Poisson(50) x lognormal(8, 1.8), deductible 2,000, limit 500,000
DESIGN = (Poisson(50.0), Lognormal(8.0, 1.8), 2_000.0, 1.0, 500_000.0)
MEAN, DEVIATION = 622_368.734, 300_939.88
VAR_995, TVAR_99 = 1_669_345.1, 1_723_319.0
MEAN_ERROR, VAR_ERROR, TVAR_ERROR = 301.0, 2_690.0, 2_600.0  # at a million years

COVERS = {
    "design": DESIGN,
    "ground up": (Poisson(3.0), Gamma(0.7, 4_000.0), 0.0, 1.0, math.inf),
    "shared, heavy counts": (
        NegativeBinomial(20.0, 4.0),
        Lognormal(7.0, 1.2),
        500.0,
        0.8,
        10_000.0,
    ),
    "rare and unlimited": (Poisson(0.2), Lognormal(9.0, 1.0), 20_000.0, 0.9, math.inf),
    "many": (NegativeBinomial(3_000.0, 12.0), Gamma(2.0, 100.0), 150.0, 1.0, 400.0),
    "damage ratios": (Poisson(8.0), Mbbefd.from_form(c=3.0), 0.01, 1.0, 0.5),
}
covers = pytest.mark.parametrize("cover", COVERS.values(), ids=COVERS.keys())


def moments(frequency, severity, deductible, share, limit):
    """Mean and standard deviation of a year, the second moment of a payment by quadrature."""

    def slice_of_square(y):
        return 2.0 * y * severity.survival(deductible + y / share)

    top = min(limit, share * (severity.quantile(1.0 - 1e-14) - deductible))
    cuts = [0.0, *(top * 10.0**-k for k in range(6, -1, -1))]
    square = sum(
        quad(slice_of_square, low, high, epsrel=1e-10, limit=200)[0] for low, high in pairwise(cuts)
    )
    mean = share * severity.expected_layer(deductible, limit / share)
    variance = frequency.mean * (square - mean * mean) + frequency.variance * mean * mean
    return frequency.mean * mean, math.sqrt(variance)


def drawn_plainly(frequency, severity, deductible, share, limit, years, seed):
    """The plain way: draw every claim, apply the terms to each, add up the year."""
    rng = np.random.default_rng(seed)
    totals = np.zeros(years)
    for year in range(years):
        for u in rng.random(frequency.quantile(1.0 - rng.random())):
            claim = severity.quantile(1.0 - u)
            totals[year] += min(share * max(claim - deductible, 0.0), limit)
    return totals


def read_from_words(frequency, severity, deductible, share, limit, year, seed):
    """One year from its keyed words, every payment from the quantile function itself."""
    key = stream_key(np.uint64(seed), np.uint64(0))
    k0, k1 = np.uint64(key & 0xFFFFFFFF), np.uint64(key >> 32)
    zero, at = np.uint64(0), np.uint64(year)
    above = severity.survival(deductible)
    u = uniform(np.uint64(key), zero, at, zero)
    total = 0.0
    for claim in range(frequency.thinned(above).quantile(u)):
        word = philox4x32(np.uint64(1 + claim // 4), at, zero, zero, k0, k1)[claim % 4]
        step, inside = divmod(int(word), 2**32 // STEPS)
        place = (step + (inside + 0.5) * STEPS / 2**32) / STEPS
        if step == 0 or step >= STEPS - EXACT:
            v = uniform(np.uint64(key), zero, at, np.uint64(REDRAWN + claim))
            place = 1.0 - (STEPS - 1 - step + v) / STEPS
        excess = severity.quantile(1.0 - above * (1.0 - place)) - deductible
        total += min(share * excess, limit)
    return total


def test_the_figures_of_the_design_follow_from_its_terms():
    mean, deviation = moments(*DESIGN)
    assert abs(mean - MEAN) <= MEAN_ROUNDING
    assert deviation == pytest.approx(DEVIATION, rel=QUADRATURE)
    assert abs(layered_cover(*DESIGN).mean - MEAN) <= MEAN_ROUNDING


@covers
def test_years_have_the_mean_and_the_spread_of_the_closed_form(cover):
    years = 20_000
    totals = simulate_layered(*cover, years, seed=11)
    mean, deviation = moments(*cover)
    assert layered_cover(*cover).mean == pytest.approx(mean, rel=1e-12)
    assert abs(totals.mean() - mean) <= STANDARD_ERRORS * deviation / math.sqrt(years)
    fourth = np.mean((totals - mean) ** 4) / deviation**4
    spread = math.sqrt((fourth - 1.0) / (4.0 * years))
    assert abs(totals.std() / deviation - 1.0) <= STANDARD_ERRORS * spread


@covers
def test_the_table_keeps_the_mean(cover):
    """Against every payment of a fine grid, by the quantile function itself."""
    _, severity, deductible, share, limit = cover
    made = layered_cover(*cover)
    assert abs(made.table_error) <= TABLE_ERROR
    above, excesses = made.layer.above, made.layer.excesses
    points = 8
    table = exact = 0.0
    for step in range(1, STEPS - EXACT, 37):
        for point in range(points):
            inside = (point + 0.5) / points
            tail = above * (1.0 - (step + inside) / STEPS)
            exact += min(share * (severity.quantile(1.0 - tail) - deductible), limit)
            excess = excesses[step] + inside * (excesses[step + 1] - excesses[step])
            table += min(share * excess, limit)
    assert abs(table / exact - 1.0) <= TABLE_ERROR


@covers
def test_a_year_is_what_its_keyed_words_say(cover):
    totals = simulate_layered(*cover, 12, seed=5)
    expected = [read_from_words(*cover, year, seed=5) for year in range(12)]
    np.testing.assert_allclose(totals, expected, rtol=TABLED_PAYMENT)


@given(u=st.floats(1e-12, 1.0 - 1e-12), which=st.sampled_from(sorted(COVERS)))
def test_counts_are_those_of_the_thinned_frequency(u, which):
    cover = COVERS[which]
    layer = layered_cover(*cover).layer
    place = int(layer.guide[int(u * len(layer.guide))])
    while layer.chances[place] < u:
        place += 1
    assert layer.first + place == cover[0].thinned(layer.above).quantile(u)


@pytest.mark.parametrize("frequency", [Poisson(6.0), NegativeBinomial(6.0, 3.0)])
def test_a_thinned_count_is_each_event_kept_by_itself(frequency):
    kept = 0.3
    for k in range(8):
        direct = sum(
            frequency.probability(n) * math.comb(n, k) * kept**k * (1.0 - kept) ** (n - k)
            for n in range(k, 150)
        )
        assert frequency.thinned(kept).probability(k) == pytest.approx(direct, rel=1e-12)


def small(frequency, severity, deductible, share, limit):
    """The same cover with a tenth of the claims, for the plain way."""
    return frequency.thinned(0.1), severity, deductible, share, limit


def test_years_are_distributed_as_when_every_claim_is_drawn():
    """Each shape once; the last line shows that 10% more claims would be noticed."""
    for name in ("design", "shared, heavy counts"):
        cover = small(*COVERS[name])
        fast = simulate_layered(*cover, 8_000, seed=2)
        plain = drawn_plainly(*cover, 8_000, seed=3)
        assert ks_2samp(fast, plain).pvalue > SAME_DISTRIBUTION
    more = simulate_layered(cover[0].thinned(1.1), *cover[1:], 8_000, seed=2)
    assert ks_2samp(more, plain).pvalue < SAME_DISTRIBUTION


@given(threads=st.integers(1, 4), block=st.integers(1, 700), years=st.integers(1, 600))
def test_threads_blocks_and_more_years_move_no_bit(threads, block, years):
    alone = simulate_layered(*COVERS["shared, heavy counts"], 600, seed=7)
    some = simulate_layered(
        *COVERS["shared, heavy counts"], years, seed=7, execution=Execution.on(threads, block)
    )
    assert some.tobytes() == alone[:years].tobytes()


def test_streams_are_told_apart_by_seed_cell_and_process():
    given_streams = [
        {"seed": 1},
        {"seed": 2},
        {"seed": 1, "cell": 2},
        {"seed": 1, "process": 2},
    ]
    drawn = [simulate_layered(*DESIGN, 200, **stream) for stream in given_streams]
    assert len({totals.tobytes() for totals in drawn}) == len(drawn)


@covers
def test_more_claims_a_higher_share_or_limit_never_lower_a_year(cover):
    frequency, severity, deductible, share, limit = cover
    base = simulate_layered(*cover, 2_000, seed=4)
    more = type(frequency)(
        frequency.mean * 1.2, *frequency.parameters()[1 : len(frequency.FORMS[0])]
    )
    limit = min(limit, share * (severity.quantile(0.99) - deductible))
    low = simulate_layered(frequency, severity, deductible, share * 0.9, limit, 2_000, seed=4)
    lower = simulate_layered(frequency, severity, deductible, share * 0.9, limit / 2, 2_000, seed=4)
    busier = simulate_layered(more, *cover[1:], 2_000, seed=4)
    assert np.all(base <= busier)
    assert np.all(low <= base)
    assert np.all(lower <= low)
    assert base.sum() < busier.sum()
    assert lower.sum() < low.sum() < base.sum()


def test_years_without_claims_cost_nothing():
    assert simulate_layered(Poisson(0.0), *DESIGN[1:], 100, seed=1).tolist() == [0.0] * 100


def test_the_bits_are_those_of_record():
    """Whatever the instruction set: only whole numbers and portable functions are used."""
    digest = blake2b(digest_size=8)
    for cover in COVERS.values():
        digest.update(simulate_layered(*cover, 500, seed=9).tobytes())
    assert digest.hexdigest() == "c75623e4af940531"


MANY = "frequency: expected a count with at most 1048576 likely values above the deductible"


class Twice(Poisson):
    """A frequency that the kernel does not know, though it says that it is Poisson."""


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({0: Twice(1.0)}, f"frequency: expected {either(FREQUENCIES)}, got Twice"),
        ({0: NegativeBinomial(1e6, 1e6)}, f"{MANY}, got {NegativeBinomial(1e6, 1e6)}"),
        ({1: None}, f"severity: expected {either(SEVERITIES)}, got NoneType"),
        ({2: -1.0}, "deductible: expected 0 or more, got -1"),
        ({2: math.inf}, "deductible: expected 0 or more, got inf"),
        ({1: Beta(2.0, 3.0), 2: 1.0}, None),
        ({3: 0.0}, "share: expected above 0 and at most 1, got 0"),
        ({3: 1.2}, "share: expected above 0 and at most 1, got 1.2"),
        ({4: 0.0}, "limit: expected above 0, got 0"),
        ({4: math.nan}, "limit: expected above 0, got nan"),
    ],
)
def test_what_this_way_cannot_do_is_refused(changed, message):
    cover = [changed.get(place, part) for place, part in enumerate(DESIGN)]
    with pytest.raises(BadValue) as error:
        layered_cover(*cover)
    chance = (
        f"deductible: expected one that a claim exceeds with a chance of at least {LEAST_ABOVE:g}"
    )
    assert str(error.value) == (message or f"{chance}, got 1 (0)")


def test_a_severity_that_the_table_would_bend_is_refused():
    """Half of such a gamma's claims are below 1e-301, and the layer ends where they begin."""
    with pytest.raises(BadValue, match="expected one whose table keeps the mean to 1e-05, got 4"):
        layered_cover(Poisson(50.0), Gamma(0.001, 1.0), 0.0, 1.0, 0.001)


@pytest.mark.parametrize(
    ("given_last", "message"),
    [
        ({"years": 0}, "years: expected 1 to 4294967296, got 0"),
        ({"seed": -1}, "seed: expected 0 or more, below 2**64, got -1"),
        ({"process": -1}, "process: expected 0 or more, below 2**32, got -1"),
    ],
)
def test_a_run_that_cannot_be_is_refused(given_last, message):
    with pytest.raises(BadValue) as error:
        simulate_layered(*DESIGN, **{"years": 10, "seed": 1} | given_last)
    assert str(error.value) == message


@pytest.mark.prove
@pytest.mark.parametrize("seed", [1, 20_260_301])
def test_a_million_years_agree_with_the_exact_figures(seed):
    years = 1_000_000
    totals = np.sort(simulate_layered(*DESIGN, years, seed, execution=Execution.on(2)))
    fourth = np.mean((totals - MEAN) ** 4) / DEVIATION**4
    spread = DEVIATION * math.sqrt((fourth - 1.0) / (4.0 * years))
    assert abs(totals.mean() - MEAN) <= STANDARD_ERRORS * MEAN_ERROR
    assert abs(totals.std() - DEVIATION) <= STANDARD_ERRORS * spread
    assert abs(totals[int(0.995 * years)] - VAR_995) <= STANDARD_ERRORS * VAR_ERROR
    assert abs(totals[int(0.99 * years) :].mean() - TVAR_99) <= STANDARD_ERRORS * TVAR_ERROR


@pytest.mark.prove
@covers
def test_many_years_are_distributed_as_when_every_claim_is_drawn(cover):
    cover = small(*cover)
    years = min(20_000, int(PLAIN_CLAIMS / cover[0].mean))
    fast = simulate_layered(*cover, 100_000, seed=2)
    plain = drawn_plainly(*cover, years, seed=3)
    assert ks_2samp(fast, plain).pvalue > SAME_DISTRIBUTION
