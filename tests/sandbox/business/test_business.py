"""Several products in one run: each as it is alone, storms shared, claims apart, sums exact."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadInput
from rating.engines.collective.annual import annual_model
from rating.engines.collective.expected import costs_of
from rating.engines.collective.happens import stream_of
from sandbox.business.asked import until_of_business
from sandbox.business.members import hold_storms, streamed
from sandbox.business.run import simulate_business
from sandbox.business.together import together
from sandbox.business.write import business_contents
from sandbox.dependence.specification import dependence_of
from sandbox.execution import Execution, Store
from sandbox.files import in_memory
from sandbox.portfolio.generate import generate
from sandbox.results.years import years_parquet
from sandbox.run import simulate
from sandbox.scenarios import find, given_scenario, load_scenarios
from sandbox.simulate.annual import simulate_annual
from sandbox.until import simulate_until
from tests.sandbox.business.mixed import (
    BY_YEAR,
    COASTS,
    LIVES,
    PAIR,
    SEED,
    TWO,
    YEARS,
    assembled,
    bound,
    made,
    pair,
)


@pytest.fixture(scope="module")
def two():
    return made(TWO, by=[("product",), ("home.city",), ("sex",)])


@pytest.fixture(scope="module")
def coasts():
    return made(COASTS)


def data(run):
    return {name: in_memory(content) for name, content in business_contents(run).items()}


def alone(name, policies=60, **change):
    product = assembled(name)
    book = generate(product, policies)
    return simulate(product, book, years=YEARS, seed=SEED, threads=1, **change)


@pytest.mark.parametrize(("name", "by"), [("home", ("city",)), ("million_medical", ("sex",))])
def test_a_products_years_are_those_of_its_own_run_to_the_byte(two, name, by):
    assert two.runs[name].data() == alone(name, by=[by]).data()


def test_adding_a_product_moves_no_draw_of_another(two):
    one = made(TWO.replace("  million_medical: {policies: 60}\n", ""), by=[("home.city",)])
    assert years_parquet_of(one.tables["home"]) == years_parquet_of(two.tables["home"])


def years_parquet_of(table):
    return in_memory(years_parquet(table))


def test_totals_stand_by_product_cover_and_segment(two):
    home, medical = two.tables["home"], two.tables["million_medical"]
    table = two.table
    assert table.columns[: len(home.columns)] == tuple(f"home.{name}" for name in home.columns)
    assert (table.paid[:, : len(home.columns)] == home.paid).all()
    assert (table.premium == home.premium + medical.premium).all()
    assert (table.expenses == home.expenses + medical.expenses).all()
    by = table.by_segment
    assert set(by) == {"product", "home.city", "million_medical.sex"}
    assert by["product"].labels == ("home", "million_medical")
    assert (by["product"].paid[:, 1] == medical.total()).all()
    assert np.allclose(by["home.city"].paid.sum(axis=1), home.total())
    assert np.allclose(by["product"].paid.sum(axis=1), table.total())


def test_equal_risks_of_two_products_would_draw_alike_and_are_refused():
    with pytest.raises(
        BadInput, match=r"b.yaml:5:10: products.coast: 5\d kinds of risks are those"
    ):
        bound(COASTS.replace(", stream: coast", ""))
    with pytest.raises(BadInput, match=r"would draw the very same claims in 'fire.occurrence'"):
        bound(COASTS.replace("home: {policies: 60}", "home: {policies: 60, stream: coast}"))


def test_a_stream_draws_claims_apart_and_leaves_storms_shared(coasts):
    home, coast = coasts.runs["home"], coasts.runs["coast"]
    assert (home.details.storm_year == coast.details.storm_year).all()
    assert (home.details.storm_paid == coast.details.storm_paid).all()  # the same policies
    assert home.details.storm_paid.any()
    column = home.table.columns.index("fire")
    fires = home.table.paid[:, column], coast.table.paid[:, column]
    both = (fires[0] > 0.0) & (fires[1] > 0.0)
    assert fires[0].any()
    assert fires[1].any()
    assert not (fires[0][both] == fires[1][both]).any()


def test_like_policies_without_a_stream_do_draw_alike():
    """What the refusal is for: the same keys give the same claims, whatever product they are of."""
    tables = [alone("home").table.paid for _ in range(2)]
    assert (tables[0] == tables[1]).all()
    product = assembled("home")
    other = streamed(generate(product, 60), "coast")
    apart = simulate(product, other, years=YEARS, seed=SEED, threads=1).table
    place = apart.columns.index("water_damage")
    assert (apart.paid[:, place] != tables[0][:, place]).any()


def test_a_storm_is_as_large_as_what_it_costs_all_products(coasts):
    alone_largest = coasts.tables["home"].largest_event
    assert alone_largest.any()
    assert (coasts.table.largest_event == 2.0 * alone_largest).all()


@pytest.mark.parametrize(("threads", "block"), [(1, 7), (2, 7), (2, 1000)])
def test_who_computes_moves_no_byte(two, threads, block):
    text = TWO + BY_YEAR
    how = Execution.on(threads, block)
    assert data(made(text, execution=how)) == data(made(text))


class Stopped(Exception):
    """Stands for whatever ends a process."""


def test_a_run_that_was_stopped_goes_on_and_leaves_the_same_bytes(two, tmp_path):
    seen = []

    def step(rows):
        seen.append(rows)
        if len(seen) == 9:  # six blocks of the first product and some of the second
            raise Stopped

    def how(store, progress=None):
        return replace(Execution.on(1, 10, progress), store=store, tell=told.append)

    told = []
    with closing(Store(tmp_path / "kept")) as store, pytest.raises(Stopped):
        made(TWO, execution=how(store, step))
    kept = sorted(path.parent.parent.name for path in tmp_path.rglob("[0-9]*.npz"))
    assert kept.count("home") == 6
    assert kept.count("million_medical") >= 2
    store = Store(tmp_path / "kept")
    again = made(TWO, execution=how(store))
    assert any("6 of 6 blocks are taken" in line for line in told)
    assert not any("another run" in line for line in told)
    plain = made(TWO)
    assert data(again) == data(plain)
    store.clear()
    assert not (tmp_path / "kept").exists()


def test_a_measure_of_all_is_known_well_enough_after_rounds_that_go_on_from_one_another(tmp_path):
    file, members = bound(PAIRED)
    asked = until_of_business(file, members, "{figure: claims, relative_error: 4%}", None)
    told, store = [], Store(tmp_path / "kept")
    how = replace(Execution.on(1, 10), store=store, tell=told.append)

    def once(years):
        return simulate_business(file, members, years=years, seed=SEED, execution=how)

    run, rounds = simulate_until(once, asked, 30, tell=told.append, taken=store.taken)
    assert len(rounds) > 1
    assert rounds[-1].reached
    assert run.measures["claims.mean"].error <= 0.04 * run.measures["claims.mean"].value
    assert sum("3 of" in line and "blocks are taken" in line for line in told) >= 2
    assert data(run) == data(made(PAIRED, years=rounds[-1].years))
    store.clear()
    assert not (tmp_path / "kept").exists()


PAIRED = TWO.replace("  home: {policies: 60}\n", "").replace(
    "  million_medical: {policies: 60}\n",
    "  million_medical: {policies: 60}\n"
    "  other: {product: million_medical, policies: 40, stream: other}\n",
)


def priced(member, rate):
    """Give what the policies of a member cost a year, without random numbers."""
    product, book = member.product, member.portfolio
    model = annual_model(product, product.bases["pricing"], book.cells)
    assert book.cells.size == 1
    groups = costs_of(model)
    return rate * book.policies * sum(one.value for one in groups if len(one.group) == 1)


def test_the_mean_of_the_total_is_the_sum_of_the_prices(tmp_path):
    root = pair(tmp_path, currency="USD")
    run = made(PAIR, where=root, years=2_000, basis="pricing")
    due = sum(priced(one, one.rate) for one in run.members)
    found = run.measures["claims.mean"]
    assert found.error < 0.007 * due
    assert abs(found.value - due) <= 4.0 * found.error
    assert abs(1.03 * found.value - due) > 4.0 * found.error  # and 3% would be seen
    other = run.runs["other"]
    assert other.table.currency == "USD"
    assert (run.tables["other"].paid == other.table.paid * 7.1).all()
    assert run.table.currency == "CNY"
    paid = [run.tables[name].total() for name in ("tiny", "other")]
    assert abs(np.corrcoef(paid)[0, 1]) < 4.0 / np.sqrt(2_000)


def test_like_products_without_a_stream_would_be_tied(tmp_path):
    """The planted error: with the keys of their own runs, two like products move together."""
    root = pair(tmp_path)
    _, members = bound(PAIR.replace("exchange: {USD: 7.1}\n", ""), where=root, basis="pricing")
    paid = []
    for member in members:
        book = generate(member.product)
        model = annual_model(member.product, member.product.bases["pricing"], book.cells)
        paid.append(simulate_annual(model, book.premiums, 400, SEED).table.total())
    assert np.corrcoef(paid)[0, 1] > 0.3


def test_run_offs_add_up_too():
    run = made(LIVES, years=20)
    assert run.table.kind == "cohort"
    whole = sum(one.measures["new_business_value.mean"].value for one in run.runs.values())
    assert run.measures["new_business_value.mean"].value == pytest.approx(whole)


def test_years_and_run_offs_do_not_add_up():
    text = TWO.replace("million_medical", "term_life")
    with pytest.raises(
        BadInput, match=r"b.yaml:5:14: products.term_life: expected years of annual"
    ):
        bound(text)


def test_a_scenario_acts_where_it_changes_something():
    known = load_scenarios(assembled("home").shelf)
    run = made(TWO, scenario=find(known, "severity_plus_10"))
    base = made(TWO)
    names = {"home", "million_medical"} - set(run.unshocked)
    assert names
    for name in ("home", "million_medical"):
        same = years_parquet_of(run.tables[name]) == years_parquet_of(base.tables[name])
        assert same == (name in run.unshocked)


def test_a_product_takes_what_is_for_it_of_a_scenario_and_no_change_is_for_none():
    known = load_scenarios(assembled("home").shelf)
    both = given_scenario("frequency_plus_20+medical_inflation_10", known)
    run, more = made(TWO, scenario=both), made(TWO, scenario=known["frequency_plus_20"])
    assert run.unshocked == ()
    of_home = [years_parquet_of(one.tables["home"]) for one in (run, more)]
    assert of_home[0] == of_home[1]
    medical = [one.tables["million_medical"].total().sum() for one in (run, more)]
    assert medical[0] > medical[1]


TAILS = """\
dependence: two
title: {zh: 两产品, en: Two products}
reordered:
  - reordering: tails
    lines: [home, million_medical]
    copula: {kind: comonotonic}
    reference: chosen
    trust: illustrative
"""
STORMY = """\
dependence: stormy
title: {zh: 风暴, en: Stormy}
shared:
  - factor: season
    lines: [home.fire, million_medical.illness]
    multiplier: {kind: gamma, cv: 50%}
    copula: {kind: comonotonic}
    reference: chosen
    trust: illustrative
"""


def test_whole_products_are_put_in_another_order(two):
    tied = made(TWO, dependence=dependence_of(TAILS.encode(), "d.yaml"))
    plain = two.tables["million_medical"].total()
    moved = tied.tables["million_medical"].total()
    assert (np.sort(moved) == np.sort(plain)).all()
    assert (tied.tables["home"].total() == two.tables["home"].total()).all()
    order = np.argsort(tied.tables["home"].total(), kind="stable")
    assert (np.diff(moved[order]) >= 0.0).all()
    assert tied.diversification.benefit.value == pytest.approx(0.0, abs=1e-12)


def test_a_product_with_storms_stays_where_it_is():
    text = TAILS.replace("[home, million_medical]", "[million_medical, home]")
    with pytest.raises(BadInput, match=r"d.yaml:5:12: lines: 'home' stays with its storms"):
        made(TWO, dependence=dependence_of(text.encode(), "d.yaml"))


def test_a_shared_factor_ties_frequencies_of_several_products(two):
    tied = made(TWO, dependence=dependence_of(STORMY.encode(), "d.yaml"))
    own = alone("home", dependence=dependence_of(STORMY.encode(), "d.yaml"))
    assert (tied.runs["home"].table.paid == own.table.paid).all()
    assert (tied.tables["million_medical"].paid != two.tables["million_medical"].paid).any()


def test_a_horizon_adds_years_up(two):
    run = made(TWO, horizon=3)
    total = two.table.total()
    assert run.table.years == YEARS // 3
    assert np.allclose(run.table.total(), total.reshape(-1, 3).sum(axis=1))
    assert all(one.years == YEARS // 3 for one in run.tables.values())


def test_an_event_set_has_one_name_and_a_name_one_event_set():
    _, (home, coast) = bound(COASTS)
    hold_storms([home, coast])
    other = replace(coast.storms, rates=coast.storms.rates * 2.0)
    with pytest.raises(BadInput, match=r"b.yaml:5:10: products.coast: its process 'typhoon' has"):
        hold_storms([home, replace(coast, storms=other)])
    named = replace(coast.storms, name="wind.storm", stream=stream_of("wind.storm"))
    with pytest.raises(BadInput, match=r"calls their process 'typhoon' and not 'wind'"):
        hold_storms([home, replace(coast, storms=named)])
    hold_storms([home, replace(coast, storms=replace(named, rates=other.rates))])


def test_storms_that_come_in_other_years_to_one_product_are_refused():
    """As under a scenario that makes them more frequent for one of the two."""
    file, members = bound(COASTS)
    runs = {
        one.name: simulate(one.product, one.portfolio, years=YEARS, seed=seed, threads=1)
        for one, seed in zip(members, (SEED, SEED + 1), strict=True)
    }
    with pytest.raises(BadInput, match=r"its storms are those of 'home', and come in other years"):
        together(file, members, runs, {}, None, ())


def test_equal_lives_are_walked_alike_whatever_the_process():
    text = LIVES.replace("endowment: {", "other: {product: term_life, ")
    with pytest.raises(BadInput, match=r"products.other: \d+ kinds of risks .* claims: expect"):
        bound(text)
    bound(text.replace("other: {", "other: {stream: other, "))
