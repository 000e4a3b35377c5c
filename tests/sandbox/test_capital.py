"""Capital worked by hand from the printed factors; shocks of products; what does not fit."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.rules.load import all_parameters
from product_factory.shelf import installed, open_shelf
from rating.engines.multistate.unknowns import bound
from rating.profit import Insured, estimated
from sandbox.capital import REGIMES, Factors, Item
from sandbox.capital import c_ross_life as shocks
from sandbox.capital import solvency_ii_life as european_shocks
from sandbox.capital.assess import assess
from sandbox.capital.c_ross_life import of_product as c_ross_of
from sandbox.capital.item import aggregated
from sandbox.capital.life import dearer, liabilities, scaled, years
from sandbox.capital.solvency_ii_life import of_product as solvency_of
from sandbox.capital.told import capital_lines, capital_told
from sandbox.run import simulate
from sandbox.scenarios import find, load_scenarios, shock_of
from sandbox.simulate.cohort import shocked
from tests.sandbox.shipped import product, small
from tests.source_tree import ROOT

DAY = re.compile(r"\d{4}-\d\d-\d\d")
PARAMETERS = all_parameters(open_shelf(installed()))
PROPERTY = """kind: c_ross
on: 2026-03-01
company: property
assets: 12000000000
own_funds: {core: 900000000, actual: 1300000000}
non_life:
  - {line: motor, premium: 3000000000, reserve: 1000000000, combined_ratio: 97%,
     combined_ratio_change: -1%, excess_cession: 1%, growth_over_market: 12%, market_share: 3%,
     reserve_deviation: 3%}
  - {line: property, premium: 500000000, reserve: 200000000, combined_ratio: 106%,
     excess_cession: 5%, reserve_deviation: 11%}
catastrophe: {motor_typhoon: 100000000, property_typhoon: 200000000, earthquake: 50000000}
market: 400000000
credit: 300000000
"""


def assessed(text, name="company.yaml"):
    return assess(read_nodes(text, str(name)), PARAMETERS, product)


def root(*terms):
    return math.sqrt(sum(terms))


def test_a_property_company_under_c_ross_by_hand():
    """Factors of rule 4: motor 0.103 and 0.123, property 0.391 and 0.561; K of motor premium
    0 - 0.05 + 0 + 0.15 = 0.10, of reserve 0.05; of property 0.10 - 0.035 = 0.065, and 0.10.
    Motor and property are not correlated; assets of 12bn relieve to 95%.
    """
    motor_p, motor_r = 3e9 * 0.103 * 1.10, 1e9 * 0.123 * 1.05
    property_p, property_r = 5e8 * 0.391 * 1.065, 2e8 * 0.561 * 1.10
    motor = root(motor_p**2, motor_p * motor_r, motor_r**2)
    fire = root(property_p**2, property_p * property_r, property_r**2)
    business = root(motor**2, fire**2)
    typhoon = root(1e16, 2 * 0.65 * 2e16, 4e16)
    storms = root(typhoon**2, 5e7**2)
    non_life = root(business**2, 0.5 * business * storms, storms**2)
    market, credit = 4e8, 3e8
    whole = root(
        non_life**2,
        market**2,
        credit**2,
        2 * 0.10 * non_life * market,
        2 * 0.15 * non_life * credit,
        2 * 0.27 * market * credit,
    )
    done = assessed(PROPERTY)
    for name, amount in (
        ("motor", motor),
        ("property", fire),
        ("premium_reserve", business),
        ("catastrophe", storms),
        ("non_life", non_life),
        ("quantified", whole),
    ):
        assert math.isclose(done.required.find(name).amount, amount, rel_tol=1e-12), name
    assert math.isclose(done.required.amount, 0.95 * whole, rel_tol=1e-12)
    core, comprehensive = done.ratios
    assert math.isclose(core.value, 9e8 / (0.95 * whole), rel_tol=1e-12)
    assert (core.least, comprehensive.least, done.met) == (0.5, 1.0, True)
    short = f"{0.75 * done.required.amount:.0f}"
    rich = "core: 900000000, actual: 1300000000"
    poor = assessed(PROPERTY.replace(rich, f"core: {short}, actual: {short}"))
    assert [ratio.met for ratio in poor.ratios] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "k"),
    [
        ("combined_ratio: 97%", "combined_ratio: 95%", 0.05),
        ("combined_ratio: 97%", "combined_ratio: 105.1%", 0.20),
        ("change: -1%", "change: 1%", 0.15),
        ("change: -1%", "change: 2.1%", 0.25),  # 0.10 + 0.15, the most that counts
        ("excess_cession: 1%", "excess_cession: -1%", 0.112),
        ("excess_cession: 1%", "excess_cession: -1.1%", 0.227),
        ("growth_over_market: 12%", "growth_over_market: 10%", -0.05),
        ("market_share: 3%", "market_share: 21%", 0.20),
        ("premium: 3000000000", "premium: 1999999999", -0.20),
    ],
)
def test_characteristic_factors_at_their_bounds(old, new, k):
    assert old in PROPERTY
    premium = assessed(PROPERTY.replace(old, new)).required.find("motor").find("premium")
    assert f"(1 + {k:g})" in premium.how


def test_catastrophe_is_the_loss_of_a_rank_after_excess_of_loss_by_hand(tmp_path):
    """400 scenarios of 1 to 400 per mille of 10 000 by one region and 1% of 5000 by another: rank
    398 loses 3980 + 50; 60% of the 1000 above 2000 is recovered.
    """
    rows = "\n".join(f"{n},{n / 1000},0.01" for n in range(400, 0, -1))
    (tmp_path / "typhoon.csv").write_text(f"scenario,guangdong,fujian\n{rows}\n")
    peril = """{exposure: {guangdong: 10000, fujian: 5000}, factors: typhoon.csv,
     excess: [{attachment: 2000, limit: 1000, share: 60%}]}"""
    text = PROPERTY.replace("property_typhoon: 200000000", f"property_typhoon: {peril}")
    found = assessed(text, tmp_path / "company.yaml").required.find("property_typhoon")
    assert math.isclose(found.amount, 3980 + 50 - 600, rel_tol=1e-12)
    assert found.how == "loss of rank 398 of 400 scenarios of typhoon.csv"
    (tmp_path / "typhoon.csv").write_text("scenario,guangdong,fujian\n1,0.5,2\n")
    with pytest.raises(
        BadInput, match=r"typhoon\.csv:2:1: expected a damage ratio from 0 to 1, got 2"
    ):
        assessed(text, tmp_path / "company.yaml")
    with pytest.raises(BadInput, match="has no column 'hainan'"):
        assessed(text.replace("fujian: 5000", "hainan: 5000"), tmp_path / "company.yaml")


def test_a_life_company_under_c_ross_by_hand():
    """Rule 5: disease and its trend by 0.25; death and longevity by -0.25; mass lapse is most."""
    text = """kind: c_ross
on: 2026-03-01
company: life
own_funds: {core: 100, actual: 200}
life: {mortality: 100, mortality_catastrophe: 20, longevity: 80, disease: 40, disease_trend: 30,
  expense: 50, lapse_up: 60, lapse_down: 70, mass_lapse: 90}
market: 110
"""
    disease = root(40**2, 2 * 0.25 * 40 * 30, 30**2)
    loss = root(
        100**2 + 20**2 + 80**2 + disease**2,
        2 * 0.25 * (100 * 20 + 100 * disease + 20 * disease),
        -2 * 0.25 * 100 * 80,
    )
    life = root(loss**2, 50**2, 90**2, 2 * 0.4 * loss * 50, 2 * 0.5 * 50 * 90)
    whole = root(life**2, 110**2, 2 * 0.30 * life * 110)
    assert math.isclose(assessed(text).required.amount, whole, rel_tol=1e-12)


def test_solvency_ii_by_hand():
    """Fire 8% of 1000 and 10% of 500, motor liability 10% and 9%; correlated by 0.25; 3 sigma."""
    text = """kind: solvency_ii
on: 2026-03-01
own_funds: 800
non_life:
  - {line: fire, premium: 1000, reserve: 500}
  - {line: motor_liability, premium: 2000, reserve: 1500}
other: {catastrophe: 150}
life: {mortality: 100, longevity: 80, lapse_up: 60, mass_lapse: 90}
market: 200
operational: 30
absorption: 40
"""
    fire = 3 * root(80**2, 80 * 50, 50**2)
    motor = 3 * root(200**2, 200 * 135, 135**2)
    business = root(fire**2, motor**2, 2 * 0.25 * fire * motor)
    non_life = root(business**2, 150**2, 2 * 0.25 * business * 150)
    life = root(100**2 + 80**2 + 90**2, -2 * 0.25 * 100 * 80, 2 * 0.25 * 80 * 90)
    basic = root(non_life**2, life**2, 200**2, 2 * 0.25 * 200 * (life + non_life))
    done = assessed(text)
    assert math.isclose(done.required.find("premium_reserve").amount, business, rel_tol=1e-12)
    assert math.isclose(done.required.find("life").amount, life, rel_tol=1e-12)
    assert math.isclose(done.required.amount, basic + 30 - 40, rel_tol=1e-12)
    assert math.isclose(done.ratios[0].value, 800 / (basic - 10), rel_tol=1e-12)


@pytest.mark.parametrize(
    ("pack", "families"),
    [
        (
            "c_ross",
            [
                "lines",
                "life",
                "life_outer",
                "modules_property",
                "modules_life",
                "modules_reinsurer",
            ],
        ),
        ("solvency_ii", ["lines", "life", "non_life", "modules"]),
    ],
)
def test_every_matrix_is_symmetric_and_never_gives_a_negative_square(pack, families):
    factors = Factors(PARAMETERS, pack, assessed(PROPERTY).company.on)
    for family in families:
        known = [
            name.removeprefix(f"{pack}.{family}.")
            for name in PARAMETERS.names()
            if name.rpartition(".")[0] == f"{pack}.{family}"
        ]
        matrix = factors.matrix(family, known)
        array = np.array([[matrix.between(one, two) for two in known] for one in known])
        assert np.linalg.eigvalsh(array).min() > 0.0, family
        amounts = np.arange(1.0, len(known) + 1)
        parts = [Item(name, amount) for name, amount in zip(known, amounts, strict=True)]
        whole = aggregated("all", parts, matrix, "")
        assert math.isclose(whole.amount, math.sqrt(amounts @ array @ amounts), rel_tol=1e-12)


def insured(name):
    portfolio = small(name)
    policies = portfolio.cells.policies.astype(float)
    return Insured(portfolio.risks, policies, portfolio.premiums)


def test_liabilities_are_the_mean_of_the_simulated_loss():
    """Premium less payments and expenses, as law one compares price and simulation."""
    sold = insured("term_life")
    expected = -liabilities(estimated(product("term_life"), sold), sold).sum()
    run = simulate(product("term_life"), small("term_life"), years=400, seed=9)
    mean = run.measures["new_business_value.mean"]
    assert abs(mean.value - expected) < 4 * mean.error
    assert mean.error < 0.05 * abs(expected)


def test_c_ross_shocks_change_rates_as_the_rule_says():
    """Catastrophe 0.0018 in the first year; longevity 0.97^t for 10 years, then 0.98, then 0.99."""
    sold = insured("term_life")
    model = estimated(product("term_life"), sold)
    factors = Factors(PARAMETERS, "c_ross", assessed(PROPERTY).company.on)
    death, lapse = "mortality.death", "lapse.surrender"
    inside = model.within[:, 0] > 0
    raised = shocks._catastrophe(model, factors).rates[death] - model.rates[death]
    assert np.allclose(raised[inside, 0], 0.0018, rtol=1e-9)
    assert not raised[:, 1:].any()
    ratio = shocks._longevity(model, factors).rates[death] / np.where(
        model.rates[death] > 0, model.rates[death], 1.0
    )
    longest = int(np.argmax(model.within.sum(axis=1)))
    by_hand = np.cumprod([0.97] * 10 + [0.98] * 10 + [0.99] * 10 + [1.0] * 30)
    steps = int((model.rates[death][longest] > 0).sum())
    assert np.allclose(ratio[longest, :steps], by_hand[:steps], rtol=1e-12)
    first = shocks._mass_lapse(model, factors).rates[lapse][inside, 0]
    assert np.allclose(first, np.maximum(2.5 * model.rates[lapse][inside, 0], 0.25), rtol=1e-9)


def test_incidence_rises_in_both_regimes_and_recovery_falls_under_solvency_ii_alone():
    """Article 139: incidence +35%, then +25%, recovery -20%; rule 5: incidence +20%."""
    model = estimated(product("disability_income"), insured("disability_income"))
    begins, ends = (model.rates[f"disability.{name}"] for name in ("disablement", "recovery"))
    assert begins.any()
    assert ends.any()
    day = assessed(PROPERTY).company.on
    worse = european_shocks._disability(model, Factors(PARAMETERS, "solvency_ii", day)).rates
    rises = np.where(years(model) == 1, 1.35, 1.25)
    assert np.allclose(worse["disability.disablement"], begins * rises, rtol=1e-12)
    assert np.allclose(worse["disability.recovery"], ends * 0.8, rtol=1e-12)
    worse = shocks._trend(model, Factors(PARAMETERS, "c_ross", day)).rates
    assert (worse["disability.disablement"] > begins)[begins > 0].all()
    assert np.array_equal(worse["disability.recovery"], ends)


def test_risks_of_products_are_differences_of_present_values():
    portfolio = small("term_life")
    sold = insured("term_life")
    model = estimated(product("term_life"), sold)
    factors = Factors(PARAMETERS, "c_ross", assessed(PROPERTY).company.on)
    found = c_ross_of(portfolio, factors, "type_two")
    base = liabilities(model, sold).sum()
    up = liabilities(scaled(model, "mortality", 1.15), sold).sum() - base
    assert math.isclose(found["mortality"], up, rel_tol=1e-9)
    assert found["mortality"] > 0.0 > found["longevity"]
    assert found["disease"] == 0.0  # a term life has no illness
    ill = c_ross_of(small("critical_illness", 40), factors, "type_one")
    assert ill["disease"] > 0.0
    assert ill["disease_trend"] > 0.0
    other = Factors(PARAMETERS, "solvency_ii", factors.day)
    european = solvency_of(portfolio, other)
    assert all(amount >= 0.0 for amount in european.values())
    worth = -liabilities(model, sold)
    assert math.isclose(european["mass_lapse"], 0.4 * worth[worth > 0].sum(), rel_tol=1e-9)
    assert math.isclose(european["mortality"], up, rel_tol=1e-9)  # every cell gets worse
    assert european["catastrophe"] < found["mortality_catastrophe"]


def test_medical_losses_rise_by_a_fifth_of_their_present_value():
    """Rule 5: what is paid for events counted by the year is a fifth more, and so is its worth."""
    portfolio, sold = small("long_term_medical"), insured("long_term_medical")
    factors = Factors(PARAMETERS, "c_ross", assessed(PROPERTY).company.on)
    found = c_ross_of(portfolio, factors, "type_two")
    model = estimated(product("long_term_medical"), sold)
    free = replace(model, running=())  # of the line health, all of them
    by_hand = 0.2 * (liabilities(model, sold) - liabilities(free, sold)).sum()
    assert by_hand > 0.0
    assert math.isclose(found["medical"], by_hand, rel_tol=1e-9)
    assert found["other"] == 0.0
    elsewhere = dearer(model, 1.2, health=False)
    assert all(a.amount is b.amount for a, b in zip(elsewhere.running, model.running, strict=True))
    term = c_ross_of(small("term_life"), factors, "type_two")
    assert (term["medical"], term["other"]) == (0.0, 0.0)


def test_a_company_has_the_medical_risk_of_its_products():
    text = PROPERTY.split("non_life", maxsplit=1)[0] + "products: [long_term_medical]\n"
    done = assessed(text.replace("company: property", "company: life"))
    assert done.required.find("medical").amount > 0.0


def test_health_under_solvency_ii_is_refused_and_not_left_out():
    factors = Factors(PARAMETERS, "solvency_ii", assessed(PROPERTY).company.on)
    says = "long_term_medical pays for events of .*, which are health business"
    with pytest.raises(BadInput, match=says):
        solvency_of(small("long_term_medical"), factors)


def test_what_is_weak_is_told():
    lines = capital_lines(assessed(PROPERTY))
    assert any("c_ross.lines: agriculture, credit" in line and "(weak;" in line for line in lines)
    told = capital_told(assessed(PROPERTY))
    assert {row["trust"] for row in told["verify"]} == {"weak", "derived"}
    assert set(REGIMES) == {"c_ross", "solvency_ii"}
    life = PROPERTY.partition("non_life")[0].replace("company: property", "company: life")
    assert not assessed(life + "life: {mortality: 100}\n").weak, "no line of non-life was used"


def test_first_days_that_were_not_read_are_marked_in_their_file_and_in_the_docs():
    """Read is 2021-03-01 alone, the first day of the least ratios (Article 8)."""
    said = (ROOT / "docs" / "capital.md").read_text("utf-8").partition("from memory")[0]
    for pack in REGIMES:
        text = (ROOT / "products" / "parameters" / f"{pack}.yaml").read_text("utf-8")
        head, _, values = text.partition("\n")
        marked = set(DAY.findall(head.partition("from memory")[2]))
        assert marked == set(DAY.findall(values)) - {"2021-03-01"}
        assert marked <= set(DAY.findall(said))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("line: property", "line: proprty", "10:12: line: expected motor, property, transport"),
        ("line: property", "line: motor", "10:12: line: 'motor' stands twice"),
        ("kind: c_ross", "kind: c_ros", "kind: unknown kind 'c_ros'; did you mean 'c_ross'"),
        ("company: property", "company: propety", "expected property, life or reinsurer, got pro"),
        (
            "market: 400000000",
            "market: -1",
            "13:9: market: expected an amount of 0 or more, got -1",
        ),
        ("market: 400000000", "life: {mortalty: 1}", "expected mortality, mortality_catastrophe"),
        ("market: 400000000", "products: home", "expected long-term products, got home"),
        ("on: 2026-03-01", "on: 2019-03-01", "has no value on 2019-03-01; the first is from 2021"),
        (
            "core: 900000000",
            "core: 1400000000",
            "core: expected at most the actual capital 1,300,000,000",
        ),
        ("earthquake", "earthquak", "unknown key 'earthquak'; did you mean 'earthquake'?"),
    ],
)
def test_a_company_that_does_not_fit_is_told_with_its_place(old, new, says):
    assert old in PROPERTY
    with pytest.raises(BadInput) as error:
        assessed(PROPERTY.replace(old, new))
    assert says in str(error.value)


def test_a_point_more_of_inflation_is_a_point_more_of_the_growth_that_an_expense_states():
    """10% more and a point faster: upkeep of 30 that grows by 2.5% is 33 * 1.035**(y - 1)."""
    one = product("term_life")
    few = small("term_life", 20)
    model = bound(one, one.bases["best_estimate"], few.risks, few.premiums)
    shock = shock_of(find(load_scenarios(one.shelf), "solvency_ii_expense"), one)
    spent = shocked(model, shock.cohort(model)).assumed.spent
    year = np.arange(model.steps)
    upkeep = 30.0 * 1.1 * 1.035**year + np.where(year == 0, 1.1 * 300.0, 0.0)
    wanted = upkeep * model.within
    np.testing.assert_allclose(spent["policy"], wanted, rtol=1e-12)
    np.testing.assert_allclose(spent["premium"], model.assumed.spent["premium"], rtol=1e-15)
    factors = Factors(PARAMETERS, "solvency_ii", one.on)
    stressed = european_shocks._expense(model, factors).assumed.spent
    np.testing.assert_allclose(stressed["policy"], wanted, rtol=1e-12)
    planted = 30.0 * 1.1 * 1.025**year * 1.01**year  # as if nothing had grown before
    assert abs(planted[10] / upkeep[10] - 1.0) > 1e-3
