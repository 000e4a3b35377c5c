"""Law 1 for home: what each cover and the pool cost by the engine is what years of it pay.

Three profiles (tests/law_sizes.py says how large); `best_estimate` inherits the risk of `pricing`
unchanged, which the verb finds out and these tests assert, so that its comparison is the same one.
"""

import math
from dataclasses import replace

import pytest

from product_factory.numbers.rounding import round_half_up
from rating.engines.collective.annual import annual_model
from rating.engines.collective.outcomes import outcomes
from rating.frequencies import NegativeBinomial, Poisson
from sandbox.laws.alike import alike
from sandbox.laws.annual import CATASTROPHE_SHARE, SHARE, cells_of, law_one_annual
from sandbox.simulate.annual import AnnualShock
from tests.law_sizes import CATASTROPHE_OFF, OFF, SIZES
from tests.sandbox.home_profiles import HOME, PROFILES, home_profile

pytestmark = pytest.mark.long

SEED = 20260301
BASES = [HOME.bases["pricing"], HOME.bases["best_estimate"]]
COVERS = ("fire", "water_damage", "theft", "typhoon")
GROUPS = {*((cover,) for cover in COVERS), COVERS}
CENT = 0.005
CHEAP = home_profile(
    "Guangzhou, brick and wood, contents only",
    "guangzhou",
    "brick_wood",
    500,
    contents=(100_000.0, 100_000.0),
)


@pytest.fixture(scope="module", params=SIZES)
def size(request):
    """Give what the standard error is multiplied by."""
    return request.param


@pytest.fixture(scope="module")
def laws(size):
    return law_one_annual(
        HOME,
        BASES,
        PROFILES,
        SEED,
        share=SHARE * size,
        catastrophe_share=CATASTROPHE_SHARE * size,
        threads=2,
    )


def test_every_cover_and_the_pool_are_compared_on_both_bases_for_three_profiles(laws):
    seen = {(law.group, law.basis, law.profile) for law in laws}
    assert len(PROFILES) >= 3
    assert seen == {
        (group, basis.name, profile.name)
        for group in GROUPS
        for basis in BASES
        for profile in PROFILES
    }


def test_the_price_is_the_mean_of_the_simulation(laws, size):
    for law in laws:
        assert law.holds, str(law)
        stormy = "typhoon" in law.group
        assert law.share == size * (CATASTROPHE_SHARE if stormy else SHARE)
        assert law.error <= law.share * law.expected, str(law)
        assert abs(law.expected - law.simulated) <= 4.0 * law.error + law.bound, str(law)


@pytest.mark.prove
def test_at_half_the_standard_error_the_price_is_still_the_mean():
    laws = law_one_annual(
        HOME,
        BASES[:1],
        PROFILES,
        SEED + 2,
        share=SHARE / 2.0,
        catastrophe_share=CATASTROPHE_SHARE / 2.0,
        threads=2,
    )
    for law in laws:
        assert law.holds, str(law)


def test_the_stated_bounds_are_small_beside_the_errors(laws):
    for law in laws:
        assert law.bound <= 2e-4 * law.expected, str(law)


def test_storms_are_summed_event_by_event_and_the_rest_is_numeric(laws):
    assert {law.method for law in laws if law.group == ("typhoon",)} == {"events"}
    assert {law.method for law in laws if law.group != ("typhoon",)} == {"numeric"}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_both_bases_assume_the_same_year_to_the_last_number(laws, profile):
    one, other = (annual_model(HOME, basis, cells_of(HOME, profile, 1)) for basis in BASES)
    assert alike(one, other)
    first, second = (
        [law for law in laws if (law.basis, law.profile) == (basis.name, profile.name)]
        for basis in BASES
    )
    assert [replace(law, basis="") for law in first] == [replace(law, basis="") for law in second]


def test_a_year_that_differs_in_one_number_is_not_taken_for_the_same():
    model = annual_model(HOME, BASES[0], cells_of(HOME, PROFILES[0], 1))
    counts = tuple(count.scaled(1.0 + 1e-15) for count in model.collective[0].counts)
    fire = replace(model.collective[0], counts=counts)
    assert not alike(model, replace(model, collective=(fire, *model.collective[1:])))
    (storms,) = model.catalogue
    rarer = replace(storms, rates=storms.rates * 0.999)
    assert not alike(model, replace(model, catalogue=(rarer,)))


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_cost_that_is_off_fails_the_law(laws, size, side):
    """A catastrophe is asked for more, its standard error being four times as large."""
    for law in laws:
        off = CATASTROPHE_OFF if "typhoon" in law.group else OFF
        if law.expected > 0.0:
            wrong = law.expected * (1.0 + side * off * size)
            assert not replace(law, expected=wrong).holds, str(law)


COLLECTIVE = ("fire.occurrence", "water_damage.occurrence", "theft.occurrence")


@pytest.mark.parametrize(
    "shock",
    [
        AnnualShock(frequency=dict.fromkeys(COLLECTIVE, 1.03)),
        AnnualShock(severity=dict.fromkeys(COLLECTIVE, 0.97)),
    ],
    ids=["frequency", "severity"],
)
def test_a_simulation_three_percent_off_the_price_is_caught(shock):
    """The error is planted where it would arise: in what the sandbox draws."""
    laws = law_one_annual(HOME, BASES[:1], [CHEAP], SEED, shock=shock, threads=2)
    failed = {law.group for law in laws if not law.holds}
    assert {("fire",), ("water_damage",), ("theft",)} <= failed
    assert all(law.sharp for law in laws)


def test_storms_fifteen_percent_more_often_than_priced_are_caught():
    shock = AnnualShock(frequency={"typhoon.storm": 1.15})
    laws = law_one_annual(HOME, BASES[:1], [PROFILES[1]], SEED, share=0.05, shock=shock, threads=2)
    assert ("typhoon",) in {law.group for law in laws if not law.holds}


def textbook_damage(wind: float, threshold: float, half: float) -> float:
    """Emanuel 2011, equation 1."""
    v = max(wind - threshold, 0.0) / (half - threshold)
    return v**3 / (1.0 + v**3)


RESISTANCE = {"reinforced_concrete": 110.0, "brick_concrete": 95.0, "brick_wood": 74.7}


def textbook_storm(wind: float, construction: str, facts: dict[str, tuple[float, float]]):
    """What a storm of this wind pays by item: damage, average, deductible in proportion, limit."""
    half = RESISTANCE[construction]
    curves = {"building": (25.7, half), "contents": (30.0, half * 1.2)}
    loss = {item: textbook_damage(wind, *curves[item]) * v for item, (v, _) in facts.items()}
    if "building" in loss:
        value, insured = facts["building"]
        loss["building"] *= min(1.0, insured / value)
    total = sum(loss.values())
    deductible = max(500.0, 0.05 * total)
    left = max(0.0, total - deductible)
    share = left / total if total > 0.0 else 0.0
    return {item: min(amount * share, facts[item][1]) for item, amount in loss.items()}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_every_storm_of_the_catalogue_pays_what_the_slow_textbook_pays(profile):
    """A shared set of events would prove only their frequency: here each event's loss is held."""
    model = annual_model(HOME, BASES[0], cells_of(HOME, profile, 1))
    (storms,) = model.catalogue
    (found,) = (one for one in outcomes(model, 0) if one.method == "events")
    kind = HOME.variables["construction"].type
    construction = kind.of[int(profile.values["construction"])]
    rows = zip(*(profile.items[name].tolist() for name in ("value", "sum_insured")), strict=True)
    facts = {
        item: row
        for item, row, present in zip(HOME.items, rows, profile.present, strict=True)
        if present == 1
    }
    slots = {
        item: slot
        for entry in model.payout.entries
        if entry.name == "typhoon"
        for item, slot in entry.slots
    }
    winds = storms.intensity[:, storms.place[0]]
    hit = [wind for wind in winds.tolist() if wind > 25.7]
    assert len(hit) == len(found.fine.weight) > 5
    total = found.frequency.mean
    rates = [rate for rate, wind in zip(storms.rates, winds, strict=True) if wind > 25.7]
    assert total == pytest.approx(math.fsum(rates), rel=1e-13)
    for row, wind in enumerate(hit):
        expected = textbook_storm(wind, construction, facts)
        assert found.fine.weight[row] * total == pytest.approx(rates[row], rel=1e-12)
        for item, amount in expected.items():
            paid = found.fine.paid[row, slots[item]]
            assert abs(paid - amount) <= CENT + 1e-7
            assert paid == round_half_up(paid, 1.0, 100.0)


def test_both_kinds_of_count_that_reach_policies_by_an_urn_are_among_the_processes():
    model = annual_model(HOME, BASES[0], cells_of(HOME, PROFILES[0], 1))
    kinds = {type(count) for process in model.collective for count in process.counts}
    assert kinds == {NegativeBinomial, Poisson}
