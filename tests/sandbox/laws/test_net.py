"""Law 1 net of a programme: recoveries, reinstatement premiums and what is left have their means.

A small product stands for claims one by one, home for its storms, million_medical for terms whose
claims depend on one another, of which a part is ceded.
"""

from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadInput
from rating.severities import Lognormal
from sandbox.laws import net
from sandbox.laws.annual import CATASTROPHE_SHARE, SHARE
from sandbox.laws.layer_of_storms import StormLayer
from sandbox.laws.net import law_one_net
from sandbox.laws.profiles import Profile, profiles
from sandbox.protection import protection
from sandbox.reinsurance import ExcessOfLoss
from sandbox.reinsurance_file import REINSURANCE, programme_of
from sandbox.simulate.annual import AnnualShock
from tests.law_sizes import CATASTROPHE_OFF, OFF, SMALL, WHOLE
from tests.rating.engines.tiny_year import tiny
from tests.sandbox.home_profiles import PROFILES
from tests.sandbox.shipped import product, written

pytestmark = pytest.mark.long

SEED = 20260301
AGED = Profile("aged 40", {"age": np.float64(40.0)}, {}, np.ones(1, dtype=np.int64))
SIZES = [
    pytest.param(SMALL, id="small"),
    pytest.param(WHOLE, id="whole", marks=pytest.mark.prove),
]
CLAIMS = """covers: [bike]
premium_share: 60%
contracts:
  - {kind: quota_share, name: quota, cession: 25%, commission: 30%}
  - - {kind: excess_of_loss, name: low, attachment: 900, limit: 1000, per: risk}
    - {kind: excess_of_loss, name: high, attachment: 1900, limit: 800, per: event, share: 60%}
"""
STORMS = """covers: [typhoon]
premium_share: 30%
sum_insured: sum_insured
contracts:
  - {kind: surplus, name: surplus, line: 500000, lines: 2, commission: 30%}
  - {kind: excess_of_loss, name: each, attachment: 5000, limit: 50000, per: risk}
  - {kind: excess_of_loss, name: storm, attachment: 10000, limit: 100000, premium: 3000,
     reinstatements: [100%], pro_rata: WAY}
"""
QUOTA = """covers: [inpatient, special_outpatient]
premium_share: 100%
contracts:
  - - {kind: quota_share, name: first, cession: 40%}
    - {kind: quota_share, name: second, cession: 10%}
  - {kind: quota_share, name: behind, cession: 50%}
"""


def under(made, programme):
    return replace(made, files={**made.files, "reinsurance": written(REINSURANCE, programme)})


def claims_of(folder):
    return under(tiny(folder), CLAIMS)


def laws_of(made, profile, size, basis="pricing", **more):
    return law_one_net(
        made,
        [made.bases[basis]],
        [profile],
        SEED,
        share=SHARE * size,
        catastrophe_share=CATASTROPHE_SHARE * size,
        threads=2,
        **more,
    )


def held(laws, off, size):
    for law in laws:
        assert law.holds, str(law)
        assert law.bound <= 0.1 * off * law.expected, str(law)
        for side in (-1.0, 1.0):
            wrong = law.expected * (1.0 + side * off * size)
            assert not replace(law, expected=wrong).holds, str(law)


@pytest.mark.parametrize("size", SIZES)
def test_layers_of_claims_recover_their_mean_behind_a_quota_share(tmp_path, size):
    laws = laws_of(claims_of(tmp_path), AGED, size, policies=50)
    assert {law.group[0] for law in laws} == {net.NET, "quota", "low", "high"}
    held(laws, OFF, size)


def test_the_means_of_layers_are_those_of_the_severity_in_closed_form(tmp_path):
    """A claim pays min(80% (X - 300), 4000); of 75% of it, 1000 xs 900 begins at X = 1800."""
    bill = Lognormal.from_form(mean=2000.0, cv=1.5)
    often = 50 * 0.7 * 0.8
    expected = {
        "quota": often * 0.25 * 0.8 * bill.expected_layer(300.0, 5000.0),
        "low": often * 0.6 * bill.expected_layer(1800.0, 1000.0 / 0.6),
        "high": often * 0.6 * 0.6 * bill.expected_layer(300.0 + 1900.0 / 0.6, 800.0 / 0.6),
    }
    laws = laws_of(claims_of(tmp_path), AGED, 40.0, policies=50)
    for law in laws:
        if law.group[0] != net.NET:
            assert abs(law.expected - expected[law.group[0]]) <= law.bound, str(law)


@pytest.mark.parametrize(
    ("way", "size"),
    [
        pytest.param("amount_and_time", SMALL, id="small"),
        pytest.param("amount", WHOLE, id="amount", marks=pytest.mark.prove),
        pytest.param("amount_and_time", WHOLE, id="amount_and_time", marks=pytest.mark.prove),
    ],
)
def test_storms_recover_their_mean_and_fill_up_the_layer_at_its_price(size, way):
    made = under(product("home"), STORMS.replace("WAY", way))
    laws = laws_of(made, PROFILES[0], size, policies=5)
    names = {net.NET, "surplus", "each", "storm", "storm: reinstatements"}
    assert {law.group[0] for law in laws} == names
    held(laws, CATASTROPHE_OFF, size)


def test_a_part_is_ceded_of_claims_that_depend_on_one_another():
    made = under(product("million_medical"), QUOTA)
    laws = laws_of(made, profiles(made)[2], SMALL)
    held(laws, OFF, SMALL)
    kept = {law.group[0]: law.expected for law in laws}
    assert kept[net.NET] == pytest.approx(kept["behind"])
    assert kept["first"] == pytest.approx(4.0 * kept["second"])


@pytest.mark.parametrize(
    "shock",
    [{"frequency": 1.0 + OFF * SMALL}, {"severity": 1.0 - OFF * SMALL}],
    ids=["frequency", "severity"],
)
def test_claims_off_the_price_are_caught_in_a_layer(tmp_path, shock):
    shocks = {name: {"bike.damage": times} for name, times in shock.items()}
    laws = laws_of(claims_of(tmp_path), AGED, SMALL, policies=50, shock=AnnualShock(**shocks))
    assert {"quota", "low", "high"} <= {law.group[0] for law in laws if not law.holds}
    assert all(law.sharp for law in laws)


PLANTED = {
    "a cession": ("25%", "28%", "quota"),
    "an attachment": ("attachment: 900", "attachment: 1008", "low"),
    "the part that is placed": (", share: 60%", ", share: 67.2%", "high"),
}


@pytest.mark.parametrize("error", PLANTED)
def test_a_term_of_a_contract_12_percent_off_is_caught(tmp_path, monkeypatch, error):
    old, new, contract = PLANTED[error]
    made = claims_of(tmp_path)
    assert CLAIMS.count(old) == 1
    wrong = under(made, CLAIMS.replace(old, new))
    known, right = net.ceded, programme_of(made.files["reinsurance"])

    def mistaken(portfolio):
        return protection(replace(portfolio, product=wrong))

    monkeypatch.setattr(net, "protection", mistaken)
    monkeypatch.setattr(
        net, "ceded", lambda model, cover: known(model, replace(cover, programme=right))
    )
    laws = {law.group[0]: law for law in laws_of(made, AGED, SMALL, policies=50)}
    assert laws[contract].sharp
    assert not laws[contract].holds, str(laws[contract])


def test_storms_more_often_than_priced_are_caught_in_a_layer():
    made = under(product("home"), STORMS.replace("WAY", "amount"))
    shock = AnnualShock(frequency={"typhoon.storm": 1.0 + SMALL * CATASTROPHE_OFF})
    laws = laws_of(made, PROFILES[0], SMALL, policies=5, shock=shock)
    failed = {law.group[0] for law in laws if not law.holds}
    assert {"storm", "storm: reinstatements"} <= failed


@pytest.mark.parametrize(
    "line",
    [
        "{kind: stop_loss, name: last, attachment: 80%, limit: 50%}",
        "{kind: excess_of_loss, name: last, attachment: 100, limit: 50, per: year}",
        "{kind: excess_of_loss, name: last, attachment: 100, limit: 50, reinstatements: 1}",
    ],
)
def test_a_contract_without_a_known_mean_is_not_said_to_be_held(tmp_path, line):
    programme = CLAIMS.partition("  - - ")[0] + f"  - {line}\n"
    made = under(tiny(tmp_path), programme)
    with pytest.raises(BadInput, match=r"'last': no mean .* so the method would be simulated"):
        laws_of(made, AGED, SMALL)


@pytest.mark.parametrize("way", ["amount", "time", "amount_and_time"])
def test_a_layer_that_every_storm_fills_is_charged_for_the_first_of_a_year(way):
    """The first of Poisson(r) storms comes by t with chance 1 - exp(-r t); the first is charged.

    By time the charge is the rest of the year: 1 - (1 - exp(-r)) / r in the mean, for a premium
    of 1. Two limits are paid at most, of which the second half is reinstated by none.
    """
    layer = ExcessOfLoss(name="l", attachment=5, limit=10, reinstatements=(1.0,), pro_rata=way)
    storms = StormLayer(layer, np.array([0.3, 0.5]), np.array([10.0, 10.0]))
    none = np.exp(-0.8)
    known = storms.charged(1.0)
    expected = 1.0 - none if way == "amount" else 1.0 - (1.0 - none) / 0.8
    assert abs(known.value - expected) <= known.bound + 1e-9
    recovered = storms.recovered()
    paid = 10.0 * 0.8 * none + 20.0 * (1.0 - none - 0.8 * none)
    assert abs(recovered.value - paid) <= recovered.bound + 1e-9
    assert recovered.bound < 1e-3 * paid
