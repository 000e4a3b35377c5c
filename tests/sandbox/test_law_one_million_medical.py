"""Law 1 for million_medical: both covers and their pool cost what years of claims pay.

The covers share a yearly deductible above their shares; `best_estimate` credits the waiting period
and draws overdispersed counts, `pricing` does neither.
"""

from dataclasses import replace

import pytest

from rating.engines.collective.annual import annual_model
from sandbox.laws.alike import alike
from sandbox.laws.annual import SHARE, cells_of, law_one_annual
from sandbox.laws.profiles import profiles
from sandbox.simulate.annual import AnnualShock
from tests.law_sizes import OFF, SIZES
from tests.the_shelf import shipped

pytestmark = pytest.mark.long

SEED = 20260301
MEDICAL = shipped("million_medical")
BASES = [MEDICAL.bases["pricing"], MEDICAL.bases["best_estimate"]]
PROFILES = profiles(MEDICAL)
GROUPS = {("inpatient",), ("special_outpatient",), ("inpatient", "special_outpatient")}
EVENT = "illness.treatment"


@pytest.fixture(scope="module", params=SIZES)
def size(request):
    """Give what the standard error is multiplied by."""
    return request.param


@pytest.fixture(scope="module")
def laws(size):
    return law_one_annual(MEDICAL, BASES, PROFILES, SEED, share=SHARE * size, threads=2)


def test_both_covers_and_the_pool_are_compared_on_both_bases_for_three_profiles(laws):
    assert len(PROFILES) >= 3
    assert [(law.group, law.basis, law.profile) for law in laws] == list(
        dict.fromkeys((law.group, law.basis, law.profile) for law in laws)
    )
    assert {(law.group, law.basis, law.profile) for law in laws} == {
        (group, basis.name, profile.name)
        for group in GROUPS
        for basis in BASES
        for profile in PROFILES
    }


def test_the_price_is_the_mean_of_the_simulation(laws, size):
    for law in laws:
        assert law.holds, str(law)
        assert law.share == SHARE * size
        assert law.error <= law.share * law.expected, str(law)
        assert abs(law.expected - law.simulated) <= 4.0 * law.error + law.bound, str(law)


def test_the_stated_bounds_are_small_beside_the_errors(laws):
    for law in laws:
        assert law.method == "numeric"
        assert law.bound <= 2e-5 * law.expected, str(law)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_cost_that_is_off_fails_the_law(laws, size, side):
    for law in laws:
        wrong = law.expected * (1.0 + side * OFF * size)
        assert not replace(law, expected=wrong).holds, str(law)


def test_the_bases_assume_years_that_differ():
    one, other = (
        annual_model(MEDICAL, basis, cells_of(MEDICAL, PROFILES[0], 1)) for basis in BASES
    )
    assert not alike(one, other)


@pytest.mark.parametrize(
    "shock",
    [AnnualShock(frequency={EVENT: 1.03}), AnnualShock(severity={EVENT: 0.97})],
    ids=["frequency", "severity"],
)
def test_a_simulation_three_percent_off_the_price_is_caught(shock):
    """The error is planted where it would arise: in what the sandbox draws."""
    laws = law_one_annual(MEDICAL, BASES[:1], [PROFILES[2]], SEED, shock=shock, threads=2)
    assert {law.group for law in laws if not law.holds} == GROUPS
    assert all(law.sharp for law in laws)


@pytest.mark.prove
def test_at_half_the_standard_error_the_price_is_still_the_mean():
    laws = law_one_annual(MEDICAL, BASES, PROFILES, SEED + 2, share=SHARE / 2.0, threads=2)
    for law in laws:
        assert law.holds, str(law)
