"""Law 1 for policies on risk for a part of the year: per claim, per year, in sequence, storms."""

from dataclasses import replace

import numpy as np
import pytest

from rating.engines.collective.annual import annual_model
from rating.engines.collective.expected import costs_of
from sandbox.laws import annual
from sandbox.laws.annual import CATASTROPHE_SHARE, SHARE, cells_of, law_one_annual
from sandbox.laws.profiles import profiles
from sandbox.simulate.annual import AnnualShock, simulate_annual
from tests.law_sizes import CATASTROPHE_OFF, OFF, SMALL
from tests.rating.engines.tiny_year import tiny
from tests.sandbox.home_profiles import HOME, PROFILES
from tests.sandbox.laws.test_law_one_counts import COUNTS, PROFILE, SEED, TERMS
from tests.the_shelf import shipped

pytestmark = pytest.mark.long

MID_YEAR = (182, 365, -182)
RUNNING_OUT = (0, 120, 245)
WITHIN = (40, 250, -40)
MEDICAL = shipped("million_medical")


def held(laws, size, *, catastrophe=False):
    assert laws
    for law in laws:
        off = CATASTROPHE_OFF if catastrophe and "typhoon" in law.group else OFF
        assert law.holds, str(law)
        assert law.sharp, str(law)
        for side in (-1.0, 1.0):
            if law.expected > 0.0:
                wrong = law.expected * (1.0 + side * off * size)
                assert not replace(law, expected=wrong).holds, str(law)


@pytest.fixture
def few(monkeypatch):
    """A small law has a small pilot."""
    monkeypatch.setattr(annual, "PILOT", replace(annual.PILOT, policies=100))


@pytest.mark.parametrize(
    ("kind", "terms", "period"),
    [
        ("poisson", "closed", MID_YEAR),
        ("negative_binomial", "numeric", WITHIN),
        ("mixed", "sequence", MID_YEAR),
        ("zero_modified", "numeric", RUNNING_OUT),
        ("binomial", "sequence", WITHIN),
    ],
)
@pytest.mark.usefixtures("few")
def test_the_price_of_a_part_of_a_year_is_the_mean_of_its_simulation(tmp_path, kind, terms, period):
    made = tiny(tmp_path, lines=TERMS[terms], phone_lines=TERMS[terms], frequency=COUNTS[kind])
    at = replace(PROFILE, period=period)
    laws = law_one_annual(made, [made.bases["pricing"]], [at], SEED, share=SHARE * SMALL, threads=2)
    held(laws, SMALL)


@pytest.mark.parametrize(
    "period",
    [MID_YEAR, *(pytest.param(one, marks=pytest.mark.prove) for one in (RUNNING_OUT, WITHIN))],
)
def test_home_pays_its_storms_and_its_claims_of_the_days_on_risk(period):
    at = replace(PROFILES[0], period=period)
    laws = law_one_annual(
        HOME,
        [HOME.bases["pricing"]],
        [at],
        SEED,
        share=SHARE * SMALL,
        catastrophe_share=CATASTROPHE_SHARE * SMALL,
        threads=2,
    )
    held(laws, SMALL, catastrophe=True)


NEW, HALF_WAITED, RENEWED = (30, 130, -30), (0, 100, 15), (30, 130, 335)


@pytest.fixture(scope="module")
def medical():
    return {period: medical_laws(period) for period in (NEW, RENEWED)}


def medical_laws(period):
    at = replace(profiles(MEDICAL)[0], period=period)
    basis = MEDICAL.bases["best_estimate"]
    return law_one_annual(MEDICAL, [basis], [at], SEED, share=SHARE * SMALL, threads=2)


@pytest.mark.parametrize("period", [NEW, RENEWED])
def test_medical_waits_from_its_first_start_and_has_its_whole_deductible(medical, period):
    held(medical[period], SMALL)


@pytest.mark.prove
def test_medical_waits_for_the_rest_of_its_waiting_period():
    held(medical_laws(HALF_WAITED), SMALL)


def test_who_has_waited_is_paid_more_than_who_begins(medical):
    new, renewed = (sum(law.simulated for law in medical[period]) for period in (NEW, RENEWED))
    assert new < 0.95 * renewed


ACCIDENTS = 0.15
"""The share of events that no waiting period stops, as `bases.yaml` says."""


@pytest.mark.parametrize(
    ("period", "waits"), [(NEW, True), (RENEWED, False), ((30, 130, 0), False), ((0, 100, 0), True)]
)
def test_only_accidents_are_paid_in_the_thirty_days_from_the_first_start(period, waits):
    """Day by day, as prices and simulation share what they know of a contract's age."""
    at = replace(profiles(MEDICAL)[0], period=period)
    model = annual_model(MEDICAL, MEDICAL.bases["best_estimate"], cells_of(MEDICAL, at, 20_000))
    covers = ("inpatient", "special_outpatient")
    losses = simulate_annual(model, np.ones(1), 80, SEED, protects=covers).losses
    day = np.floor(losses.time * 365.0) - period[0]
    early, late = ((day < 30).sum(), (day >= 30).sum() * 30 / 70)
    share = ACCIDENTS if waits else 1.0
    assert late > 3_000
    assert early / late == pytest.approx(share, rel=0.15)


def test_a_simulation_that_forgets_the_period_is_caught():
    """Planted where it would arise: storms come as if the policy were on risk all year."""
    at = replace(PROFILES[1], period=(182, 365, -182))
    shock = AnnualShock(frequency={"typhoon.storm": 365 / 183})
    laws = law_one_annual(
        HOME,
        [HOME.bases["pricing"]],
        [at],
        SEED,
        share=0.2,
        catastrophe_share=0.16,
        shock=shock,
        threads=2,
    )
    assert ("typhoon",) in {law.group for law in laws if not law.holds}


def test_without_terms_of_the_year_a_part_costs_its_part(tmp_path):
    made = tiny(tmp_path, lines=TERMS["closed"], phone_lines=TERMS["closed"])
    whole, part = (
        costs_of(annual_model(made, made.bases["pricing"], cells_of(made, one, 1)))
        for one in (PROFILE, replace(PROFILE, period=(100, 173, -100)))
    )
    for one, other in zip(whole, part, strict=True):
        assert other.value == pytest.approx(one.value * 73 / 365, rel=1e-12)


def test_under_a_deductible_of_the_year_a_part_costs_less_than_its_part(tmp_path):
    """It stays whole, and fewer claims use it up."""
    made = tiny(tmp_path, lines=TERMS["sequence"], phone_lines=TERMS["sequence"])
    whole, part = (
        costs_of(annual_model(made, made.bases["pricing"], cells_of(made, one, 1)))
        for one in (PROFILE, replace(PROFILE, period=(100, 173, -100)))
    )
    for one, other in zip(whole, part, strict=True):
        assert 0.0 < other.value < 0.95 * one.value * 73 / 365


def test_a_part_of_a_year_is_priced_as_a_year_with_so_many_claims(tmp_path):
    """Under terms of the year: the aggregate with the mean number of events of the part."""
    fewer = "{kind: poisson, mean: 0.16}"
    lines = TERMS["sequence"]
    (tmp_path / "whole").mkdir()
    (tmp_path / "part").mkdir()
    year = tiny(tmp_path / "whole", lines=lines, phone_lines=lines, frequency=fewer)
    part = tiny(tmp_path / "part", lines=lines, phone_lines=lines, frequency=COUNTS["poisson"])
    at = replace(PROFILE, period=(100, 173, -100))
    costs = [
        costs_of(annual_model(made, made.bases["pricing"], cells_of(made, one, 1)))
        for made, one in ((year, PROFILE), (part, at))
    ]
    (one, *_), (other, *_) = costs  # the other cover is of a process of its own
    assert other.group == one.group == ("bike",)
    assert other.value == pytest.approx(one.value, rel=1e-9)
