"""Scenarios: every kind of change does what it says, and nothing else; names are checked."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sandbox.scenarios
from product_factory.errors import BadInput, BadValue
from product_factory.nodes import read_nodes
from product_factory.shelf import installed, open_shelf
from product_factory.strict import read
from rating.engines.collective.annual import annual_model
from rating.scoped import Scope
from sandbox.figures import FIGURES, difference
from sandbox.measures import (
    Exceedance,
    Expectile,
    Mean,
    ProportionalHazard,
    ReturnOnCapital,
    Ruin,
    Sample,
    Skewness,
    StandardDeviation,
    TailValueAtRisk,
    TimeToRuin,
    ValueAtRisk,
    Wang,
)
from sandbox.run import simulate
from sandbox.runs import Runs
from sandbox.scenarios import (
    CHANGES,
    Replayed,
    Scenario,
    find,
    fits,
    load_scenarios,
    shock_of,
    with_replays,
)
from sandbox.scenarios.shock import RateChange
from sandbox.stress import fitting, stress
from sandbox.stress_told import stress_lines
from tests.sandbox.shipped import product, small

YEARS = 60
SEED = 5
REPLAY = "{kind: replay, event: typhoon.storm, table: historic_typhoons, storm: meranti_2016, "
# one change of each kind that changes nothing, with the product that it is for
NOTHING = {
    "frequency": ("home", "{kind: frequency, times: 100%, "),
    "severity": ("home", "{kind: severity, times: 100%, "),
    "rate": ("term_life", "{kind: rate, times: 100%, add: 0, "),
    "interest": ("term_life", "{kind: interest, add: 0%, "),
    "inflation": ("long_term_medical", "{kind: inflation, add: 0%, "),
    "expense": ("home", "{kind: expense, times: 100%, "),
    "premium": ("home", "{kind: premium, times: 100%, "),
    "volume": ("home", "{kind: volume, times: 100%, "),
}
WITHOUT_ZERO = {"replay"}


def scenario_of(*changes):
    lines = "".join(f"  - {change}reference: test, trust: illustrative}}\n" for change in changes)
    text = f"scenario: test\ntitle: {{zh: 试, en: Test}}\nchanges:\n{lines}"
    return read(Scenario, read_nodes(text, "test.yaml"))


def run(name, scenario=None, years=YEARS, policies=300):
    return simulate(product(name), small(name, policies), years=years, seed=SEED, scenario=scenario)


def test_every_kind_is_a_file_named_by_its_word_and_has_an_example():
    folder = Path(sandbox.scenarios.__file__).parent
    for kind in CHANGES:
        assert (folder / f"{kind}.py").is_file()
    assert set(CHANGES) == {*NOTHING, *WITHOUT_ZERO}


@pytest.mark.parametrize("kind", sorted(NOTHING))
def test_a_zero_shock_changes_nothing_to_the_bit(kind):
    name, change = NOTHING[kind]
    base, shocked = (run(name, scenario, policies=30) for scenario in (None, scenario_of(change)))
    assert np.array_equal(base.table.paid, shocked.table.paid)
    assert np.array_equal(base.table.premium, shocked.table.premium)
    moved = difference(Mean(), *(FIGURES["claims"].of(r.table) for r in (base, shocked)))
    assert (moved.value, moved.error) == (0.0, 0.0)


def test_every_scenario_of_the_shelf_fits_a_product_and_says_where_its_numbers_are_from():
    scenarios = load_scenarios(open_shelf(installed()))
    products = [
        product(name)
        for name in (
            "critical_illness",
            "disability_income",
            "home",
            "long_term_care",
            "long_term_medical",
            "million_medical",
            "term_life",
        )
    ]
    used = {name for name, one in scenarios.items() if any(fits(one, p) for p in products)}
    assert used == set(scenarios)
    for scenario in scenarios.values():
        assert all(change.reference and change.trust for change in scenario.changes)


def test_only_usual_scenarios_run_where_none_is_named():
    names = {one.scenario for one in fitting(product("term_life"))}
    assert "mortality_plus_15" in names
    assert not any(name.startswith(("rule_10", "solvency_ii", "pandemic_2022")) for name in names)


def test_the_shocks_of_c_ross_ii_are_those_of_rule_5():
    """偿二代二期 规则第5号: 死亡率 +15%; 死亡巨灾 12 个月内 +0.0018; II 类退保率 ±40%."""
    scenarios = load_scenarios(open_shelf(installed()))
    names = ("mortality_plus_15", "pandemic_year", "lapse_up_40", "lapse_down_40")
    shocks = {name: shock_of(scenarios[name], product("term_life")) for name in names}
    death, lapse = "mortality.death", "lapse.surrender"
    assert shocks["mortality_plus_15"].rates == {death: (RateChange(times=1.15),)}
    assert shocks["pandemic_year"].rates == {death: (RateChange(add=0.0018, scope=Scope(last=1)),)}
    assert shocks["lapse_up_40"].rates == {lapse: (RateChange(times=1.4),)}
    assert shocks["lapse_down_40"].rates == {lapse: (RateChange(times=0.6),)}


def test_more_frequent_claims_are_never_fewer_in_any_year():
    base, more = run("home"), run("home", scenario_of("{kind: frequency, times: 150%, "))
    assert more.details.claims > base.details.claims
    assert np.array_equal(base.details.storm_paid, more.details.storm_paid)


def test_more_severe_claims_are_as_many_and_pay_no_less():
    base, more = run("home"), run("home", scenario_of("{kind: severity, times: 110%, "))
    assert more.details.claims == base.details.claims
    assert (more.table.total() >= base.table.total()).all()
    assert more.table.total().sum() > base.table.total().sum()


def test_a_replayed_storm_comes_every_year_and_leaves_the_others_alone():
    base, shocked = run("home"), run("home", scenario_of(REPLAY))
    counts = [np.bincount(r.details.storm_year, minlength=YEARS) for r in (base, shocked)]
    assert np.array_equal(counts[0] + 1, counts[1])
    fire = base.table.columns.index("fire")
    assert np.isclose(base.table.paid[:, fire].sum(), shocked.table.paid[:, fire].sum(), rtol=0.05)
    assert (shocked.table.total() > base.table.total()).all()


def test_a_replayed_storm_has_the_wind_of_its_own_track():
    """Meranti came ashore at Xiamen: nowhere else is its wind as strong."""
    home = product("home")
    model = annual_model(home, home.bases["best_estimate"], small("home").cells)
    at = scenario_of(REPLAY).changes[0].at
    replayed = {"typhoon.storm": Replayed("historic_typhoons", "meranti_2016", at)}
    longer, rows = with_replays(model, replayed)
    (before,), (after,) = model.catalogue, longer.catalogue
    row = rows["typhoon.storm"]
    assert (row, after.rates[row], after.names[row]) == (len(before.names), 0.0, "meranti_2016")
    assert np.array_equal(after.intensity[:row], before.intensity)
    cities = home.variables["city"].type.of
    wind = {
        cities[int(city)]: after.intensity[row, place]
        for city, place in zip(small("home").cells.columns["city"], after.place, strict=True)
    }
    assert max(wind, key=wind.__getitem__) == "xiamen"
    assert wind["xiamen"] > 30.0
    assert wind["zhengzhou"] < 15.0


def test_a_difference_on_common_random_numbers_is_surer_than_its_parts():
    scenario = find(load_scenarios(product("home").shelf), "severity_plus_10")
    rows = stress(Runs(product("home"), small("home"), 400, SEED), [scenario])
    ratio = next(r for r in rows if (r.figure, r.measure) == ("claims_over_premium", Mean()))
    assert ratio.difference.value == ratio.shocked.value - ratio.base.value
    assert ratio.difference.low > 0.0
    assert ratio.difference.error < 0.2 * ratio.base.error
    tail = next(r for r in rows if r.figure == "largest_event")
    assert tail.base.error == math.inf  # 400 rows do not bound a quantile of 99.5%
    assert (tail.difference.error, tail.difference.low) == (math.inf, -math.inf)
    assert f"change {tail.difference.value:,.4f} ± unknown" in "".join(stress_lines([tail]))


MEASURES = [
    Mean(),
    StandardDeviation(),
    ValueAtRisk(level=0.9),
    TailValueAtRisk(level=0.9),
    Exceedance(return_period=10),
    Skewness(),
    Expectile(level=0.9),
    Wang(price_of_risk=0.3),
    ProportionalHazard(risk_aversion=1.2),
    Ruin(capital=0.0, years=2),
    TimeToRuin(capital=0.0, years=4),
    ReturnOnCapital(capital=5.0),
    ReturnOnCapital(capital=TailValueAtRisk(level=0.9)),
]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.kind)
def test_influences_spread_as_the_error_of_the_measure_says(measure):
    sample = Sample(np.random.default_rng(3).gamma(3.0, 10.0, 20_000) - 20.0)
    found = measure.measure(sample)
    influences = measure.influence(sample, found.value)
    assert abs(influences.mean()) < 0.05 * influences.std()
    assert np.isclose(influences.std() / np.sqrt(20_000), found.error, rtol=0.02)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.kind)
def test_runs_that_are_equal_differ_by_nothing(measure):
    sample = Sample(np.random.default_rng(3).gamma(3.0, 10.0, 500) - 20.0)
    found = difference(measure, sample, replace(sample))
    assert (found.value, found.error, found.low, found.high) == (0.0, 0.0, 0.0, 0.0)


def test_the_paired_error_of_a_moved_quantile_is_what_repeated_runs_show():
    """90% quantile of X and of X + Y/10, Y standard normal, over 200 runs of 2,000 rows."""
    measure, found, errors = ValueAtRisk(level=0.9), [], []
    for number in range(200):
        rng = np.random.default_rng(number)
        x, y = rng.gamma(3.0, 10.0, 2_000), rng.normal(5.0, 2.0, 2_000)
        moved = difference(measure, Sample(x), Sample(x + y))
        found.append(moved.value)
        errors.append(moved.error)
    assert np.isclose(np.std(found), np.mean(errors), rtol=0.35)


def test_runs_of_different_lengths_cannot_be_paired():
    with pytest.raises(BadValue, match="expected 3 rows in both runs, got 4"):
        difference(Mean(), Sample(np.arange(3.0)), Sample(np.arange(4.0)))


YEARS_BACK = "{kind: rate, times: 2, policy_year: {at_least: 3, at_most: 2}, "
WRONG = [
    (
        "home",
        "{kind: frequency, event: fier.occurrence, times: 2, ",
        "test.yaml:4:30: event: unknown event 'fier.occurrence'; did you mean 'fire.occurrence'?",
    ),
    (
        "home",
        "{kind: rate, event: fire.occurrence, times: 2, ",
        "4:25: event: 'fire.occurrence' is an event of a collective process",
    ),
    (
        "home",
        "{kind: rate, times: 2, ",
        "4:5: home has no events of a decrement, incidence, transitions or lives process to change",
    ),
    ("home", "{kind: interest, add: 1%, ", "4:5: home lasts a year and bears no interest"),
    ("term_life", "{kind: inflation, add: 1%, ", "4:5: term_life has no events that are counted"),
    (
        "long_term_medical",
        "{kind: inflation, add: 100%, ",
        "expected a change of less than 100%, got 100%",
    ),
    ("home", "{kind: frequency, times: 0%, ", "4:30: times: expected more than 0%, got 0%"),
    ("home", "{kind: severity, times: -10%, ", "4:29: times: expected 0% or more, got -10%"),
    ("term_life", YEARS_BACK, "4:41: policy_year: expected policy years from 1 on, in order, got"),
    ("term_life", REPLAY, "4:27: event: expected an event of a catalogue, got 'typhoon.storm'"),
    (
        "home",
        REPLAY.replace("meranti_2016", "meranti"),
        "storm: unknown storm 'meranti'; did you mean 'meranti_2016'?",
    ),
    (
        "home",
        REPLAY.replace("historic_t", "hystoric_t"),
        "table: unknown table 'hystoric_typhoons'; did you mean 'historic_typhoons'?",
    ),
]


@pytest.mark.parametrize(("name", "change", "says"), WRONG, ids=[w[2][:40] for w in WRONG])
def test_a_change_that_does_not_fit_is_told_with_its_place(name, change, says):
    with pytest.raises(BadInput) as error:
        shock_of(scenario_of(change), product(name))
    assert says in str(error.value)


def test_one_storm_of_an_event_is_replayed():
    with pytest.raises(BadInput, match=r"'typhoon\.storm' is changed by an earlier line already"):
        shock_of(scenario_of(REPLAY, REPLAY), product("home"))


def test_an_unknown_kind_or_scenario_is_told_with_the_nearest_word():
    with pytest.raises(BadInput, match="unknown kind 'frequenzy'; did you mean 'frequency'"):
        scenario_of("{kind: frequenzy, times: 120%, ")
    with pytest.raises(BadInput, match="unknown scenario 'pandemic'; did you mean 'pandemic_year'"):
        find(load_scenarios(product("home").shelf), "pandemic")


def test_a_scenario_is_named_as_its_file(tmp_path):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    shelf = installed() / "scenarios" / "pandemic_year.yaml"
    (folder / "plague.yaml").write_bytes(shelf.read_bytes())
    with pytest.raises(BadInput, match="expected 'plague' as its path says, got 'pandemic_year'"):
        load_scenarios(open_shelf(tmp_path))
