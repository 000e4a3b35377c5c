"""Where and when a change acts: segments, covers, policy years, ramps; several changes as one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory.errors import BadInput
from rating.engines.collective.annual import annual_model
from rating.engines.collective.change import changed
from rating.engines.collective.expected import costs_of
from rating.engines.multistate.forward import expected
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import pv_claims, pv_expenses
from rating.scoped import Ramp, Scope, Scoped, Times
from sandbox.portfolio.generate import generate
from sandbox.run import simulate
from sandbox.scenarios import shock_of
from sandbox.simulate.cohort import shocked, simulate_cohort
from tests.rating.beside.tiny_medical import one_life
from tests.sandbox.scenarios.changes import scenario
from tests.sandbox.shop import CLAIMS, PREMIUM

SEED = 7

# --- the part of a change in force


def test_a_ramp_by_hand():
    """150% from nothing over five years from the second on: 1, 1, 1.125, 1.25, 1.375, 1.5, 1.5."""
    one = Scoped(1.5, Scope(first=2, ramp=Ramp(0.0, 1.0, 5)))
    found = one.times(one.scope.part(np.arange(1.0, 8.0)))
    assert found.tolist() == [1.0, 1.0, 1.125, 1.25, 1.375, 1.5, 1.5]


def test_a_change_ends_with_its_years_and_a_ramp_may_fall():
    scope = Scope(first=1, last=3, ramp=Ramp(1.0, 0.5, 2))
    assert scope.part(np.arange(1.0, 6.0)).tolist() == [1.0, 0.5, 0.5, 0.0, 0.0]


@given(st.floats(0.0, 5.0), st.integers(1, 9), st.integers(2, 9))
def test_a_ramp_that_stays_at_all_of_it_is_no_ramp_to_the_bit(value, first, over):
    plain, flat = (Scope(first=first, ramp=ramp) for ramp in (None, Ramp(1.0, 1.0, over)))
    year = np.arange(1.0, 20.0)
    both = [Scoped(value, scope).times(scope.part(year)) for scope in (plain, flat)]
    assert np.array_equal(*both)


@given(st.floats(0.0, 1.0), st.floats(0.0, 5.0), st.integers(2, 9))
def test_a_factor_of_one_is_one_to_the_bit_whatever_its_ramp(start, end, over):
    scope = Scope(ramp=Ramp(start, end, over))
    assert (Scoped(1.0, scope).times(scope.part(np.arange(1.0, 20.0))) == 1.0).all()


# --- segments


def factors(product, *changes):
    """Give what the frequency of each cell of the portfolio is multiplied by."""
    cells = generate(product).cells
    factor = shock_of(scenario(*changes), product).change.frequency["bike.damage"]
    if isinstance(factor, Times):
        return factor.of(product, cells.columns, cells.policy_years)
    return np.full(cells.size, factor)


@settings(max_examples=20)
@given(times=st.floats(0.1, 3.0), age=st.integers(18, 60))
def test_a_segment_and_all_others_are_everybody(bikes, times, age):
    young, old = (
        f"{{kind: frequency, times: {times!r}, where: {{age: {{{bound}: {limit}}}}}"
        for bound, limit in (("at_most", age), ("at_least", age + 1))
    )
    everyone = factors(bikes, f"{{kind: frequency, times: {times!r}")
    assert np.array_equal(factors(bikes, young, old), everyone)
    apart = factors(bikes, young) + factors(bikes, old)
    assert np.allclose(apart, 1.0 + everyone)


def priced(product, shock, portfolio):
    """Give what the portfolio is expected to be paid a year, without random numbers."""
    model = annual_model(product, product.bases["best_estimate"], portfolio.cells)
    model = changed(model, shock.change)
    costs = [costs_of(model, cell)[0].value for cell in range(portfolio.cells.size)]
    return float(np.dot(costs, portfolio.cells.policies))


WILD = "where: {group: wild}"


def test_a_segment_costs_more_by_what_it_has(bikes):
    """Half as many claims again, each a tenth larger: of the wild group alone."""
    cells = (portfolio := generate(bikes)).cells
    worse = scenario(
        f"{{kind: frequency, times: 150%, {WILD}", f"{{kind: severity, times: 110%, {WILD}"
    )
    of = dict(zip(bikes.variables["group"].type.of, CLAIMS.values(), strict=True))
    groups = [bikes.variables["group"].type.of[int(g)] for g in cells.columns["group"]]
    by_hand = sum(
        n * of[g] * 1000.0 * (1.5 * 1.1 if g == "wild" else 1.0)
        for n, g in zip(cells.policies.tolist(), groups, strict=True)
    )
    assert math.isclose(priced(bikes, shock_of(worse, bikes), portfolio), by_hand, rel_tol=1e-9)


ANNUAL = {
    "frequency": f"{{kind: frequency, times: 150%, {WILD}",
    "severity": "{kind: severity, times: 80%, where: {age: {at_least: 40}}",
    "cover": "{kind: frequency, cover: bike, times: 70%",
    "volume": f"{{kind: volume, times: 200%, {WILD}",
}


@pytest.mark.parametrize("change", ANNUAL)
def test_law_one_under_a_shock_of_a_year(bikes, change):
    """The mean of the simulation is the price, both under the shock."""
    shocked_by, portfolio = scenario(ANNUAL[change]), generate(bikes)
    shock = shock_of(shocked_by, bikes)
    price = priced(bikes, shock, shock.portfolio(portfolio))
    paid = simulate(bikes, portfolio, years=4_000, seed=SEED, scenario=shocked_by).table.total()
    error = paid.std(ddof=1) / math.sqrt(len(paid))
    assert abs(paid.mean() - price) <= 4.0 * error
    assert error < 0.03 * price
    assert abs(priced(bikes, shock_of(scenario(NOTHING), bikes), portfolio) - price) > 4.0 * error


NOTHING = "{kind: frequency, times: 100%"


@pytest.mark.parametrize(
    "change",
    [
        f"{{kind: frequency, times: 100%, {WILD}",
        f"{{kind: severity, times: 100%, {WILD}",
        "{kind: frequency, cover: bike, times: 100%",
        f"{{kind: expense, times: 100%, {WILD}",
        f"{{kind: premium, times: 100%, {WILD}",
        f"{{kind: volume, times: 100%, {WILD}",
        "{kind: frequency, times: 200%, where: {age: {at_least: 61}}",
    ],
)
def test_a_zero_shock_of_a_segment_changes_nothing_to_the_bit(bikes, change):
    runs = [simulate(bikes, years=60, seed=SEED, scenario=one) for one in (None, scenario(change))]
    for name in ("paid", "premium", "expenses"):
        before, after = (getattr(run.table, name) for run in runs)
        assert np.array_equal(before, after)


def test_other_policies_keep_their_claims_to_the_bit(bikes):
    by = [["group"]]
    worse = scenario(f"{{kind: frequency, times: 300%, {WILD}")
    runs = [simulate(bikes, years=60, seed=SEED, by=by, scenario=one) for one in (None, worse)]
    before, after = (run.table.by_segment["group"] for run in runs)
    calm, wild = (before.labels.index(name) for name in ("calm", "wild"))
    assert np.array_equal(before.paid[:, calm], after.paid[:, calm])
    assert (after.paid[:, wild] >= before.paid[:, wild]).all()
    assert after.paid[:, wild].sum() > before.paid[:, wild].sum()


def test_premium_and_expenses_by_hand(bikes):
    """Upkeep of 4 half as dear again, and premiums 10% lower, of which 20% are commission."""
    policies = generate(bikes).policies
    cheap = scenario("{kind: premium, times: 90%", "{kind: expense, per: policy, times: 150%")
    table = simulate(bikes, years=10, seed=SEED, scenario=cheap).table
    assert table.expenses is not None
    assert math.isclose(table.premium[0], 0.9 * PREMIUM * policies)
    assert math.isclose(table.expenses[0], (0.2 * 0.9 * PREMIUM + 1.5 * 4.0) * policies)
    dear = scenario("{kind: expense, times: 110%")
    found = simulate(bikes, years=10, seed=SEED, scenario=dear).table.expenses
    assert math.isclose(found[0], 1.1 * (0.2 * PREMIUM + 4.0) * policies)


def test_more_business_is_more_policies_and_never_fewer_in_any_cell(bikes):
    portfolio = generate(bikes)
    more, most = (
        shock_of(scenario(f"{{kind: volume, times: {size}"), bikes).portfolio(portfolio)
        for size in ("130%", "160%")
    )
    assert (portfolio.cells.policies <= more.cells.policies).all()
    assert (more.cells.policies <= most.cells.policies).all()
    assert abs(more.policies - 1.3 * portfolio.policies) < 4.0 * math.sqrt(portfolio.cells.size)


# --- long-term contracts


def test_costs_that_grow_for_some_years_by_hand(life):
    """Costs grow by 2%, by 7% in years 3 to 5: 1, 1, 1.07 / 1.02, its square and so on."""
    change = "{kind: expense, inflation: 5%, policy_year: {at_least: 3, at_most: 5}"
    model = bound(life, life.bases["best_estimate"], one_life(), np.array([900.0]))
    factor = shock_of(scenario(change), life).cohort(model).expenses["policy"]
    years = factor[0, :: model.per_year]
    rise = 1.07 / 1.02
    wanted = [1.0, 1.0, *(rise**n for n in (1, 2, 3)), *[rise**3] * 9][: len(years)]
    assert len(wanted) >= 5
    np.testing.assert_allclose(years, wanted, rtol=1e-14)
    # half of 5% in the first of two years of a ramp, in which nothing has grown yet; then all
    ramp = "{kind: expense, inflation: 5%, ramp: {starts: 50%, over: 2}"
    factor = shock_of(scenario(ramp), life).cohort(model).expenses["policy"]
    np.testing.assert_allclose(factor[0, :: model.per_year][:3], [1.0, rise, rise**2], rtol=1e-14)


def test_a_volume_that_leaves_no_policy_is_told_and_not_a_premium_of_0(bikes):
    none = scenario("{kind: volume, times: 0.0001%")
    with pytest.raises(BadInput, match=r"'volume' leaves none of \d+ policies, and no premium to"):
        simulate(bikes, years=10, seed=SEED, scenario=none)


@pytest.mark.parametrize("key", ["event", "cover"])
def test_a_scope_that_is_written_and_empty_is_refused(key):
    with pytest.raises(BadInput, match=f"{key}: expected at least one name"):
        scenario(f"{{kind: frequency, times: 120%, {key}: []")


def test_a_segment_without_a_condition_is_refused():
    with pytest.raises(BadInput, match="expected at least one condition"):
        scenario("{kind: frequency, times: 120%, where: {}")


LONG = {
    "rate": "{kind: rate, event: mortality.death, times: 400%, ramp: {over: 4}",
    "of_the_young": "{kind: rate, cover: death, times: 300%, where: {age: {at_most: 50}}",
    "interest": "{kind: interest, add: -3%, ramp: {over: 5}",
    "frequency": "{kind: frequency, times: 200%, policy_year: {at_least: 2}, ramp: {over: 3}",
    "severity": "{kind: severity, times: 150%, policy_year: {at_most: 2}",
    "inflation": "{kind: inflation, add: 10%, policy_year: {at_least: 3, at_most: 3}",
    "expense": "{kind: expense, times: 300%, inflation: 20%, ramp: {over: 5}",
}


def model_under(product, change):
    model = bound(product, product.bases["best_estimate"], one_life(), np.array([900.0]))
    return model if change is None else shocked(model, change.cohort(model))


@pytest.mark.parametrize("change", LONG)
def test_law_one_under_a_shock_of_many_years(life, change):
    model = model_under(life, shock_of(scenario(LONG[change]), life))
    policies = 500
    table = simulate_cohort(
        model,
        np.array([policies]),
        np.array([900.0]),
        200,
        SEED,
        keys=np.array([7], np.uint64),
    ).table
    seen = expected(model)
    prices = {name: value[0] for name, value in pv_claims(model, seen).items()}
    prices["expenses"] = float(pv_expenses(model, seen)[0])
    plain = model_under(life, None)
    moved = False
    for name, price in prices.items():
        rows = table.expenses if name == "expenses" else table.paid[:, table.columns.index(name)]
        rows = rows / policies
        error = rows.std(ddof=1) / math.sqrt(len(rows))
        assert abs(rows.mean() - price) <= 4.0 * error + 1e-3 * price, name
        usual = expected(plain)
        spent = pv_expenses(plain, usual)
        before = spent[0] if name == "expenses" else pv_claims(plain, usual)[name][0]
        moved = moved or abs(price - before) > 0.02 * before
    assert moved


@pytest.mark.parametrize("change", LONG)
def test_a_ramp_at_nothing_changes_nothing_to_the_bit(life, change):
    start = LONG[change].partition(", ramp")[0]
    nothing = scenario(f"{start}, ramp: {{starts: 0%, reaches: 0%, over: 2}}")
    if change == "expense":
        nothing = scenario("{kind: expense, times: 300%, ramp: {reaches: 0%, over: 2}")
    plain, model = (model_under(life, one) for one in (None, shock_of(nothing, life)))
    before, after = (
        [*pv_claims(one).values(), pv_expenses(one, expected(one))] for one in (plain, model)
    )
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_a_rate_by_hand_in_each_policy_year(life):
    """Deaths three times as many over three years: 1, 2, 3, 3, 3 times, exactly."""
    model = model_under(life, None)
    line = "{kind: rate, event: mortality.death, times: 300%, ramp: {over: 3}"
    worse = model_under(life, shock_of(scenario(line), life))
    found = worse.rates["mortality.death"] / model.rates["mortality.death"]
    assert np.allclose(found[0], [1.0, 2.0, 3.0, 3.0, 3.0], rtol=1e-15)


def test_a_path_of_interest_by_hand(life):
    model = model_under(life, None)
    line = "{kind: interest, add: -2%, policy_year: {at_least: 2}, ramp: {over: 3}"
    path = model_under(life, shock_of(scenario(line), life)).assumed.interest
    assert np.allclose(path - model.assumed.interest, [0.0, 0.0, -0.01, -0.02, -0.02])


# --- several as one

LINES = [
    "{kind: frequency, times: 110%",
    "{kind: frequency, times: 123%, where: {group: wild}",
    "{kind: frequency, times: 70%, cover: bike",
    "{kind: severity, times: 130%",
    "{kind: premium, times: 90%",
    "{kind: premium, times: 77%, where: {group: calm}",
    "{kind: expense, times: 110%",
    "{kind: expense, times: 130%, per: policy",
    "{kind: volume, times: 120%",
]


@settings(max_examples=20)
@given(st.permutations(LINES))
def test_the_order_of_changes_moves_nothing(bikes, lines):
    assert shock_of(scenario(*lines), bikes) == shock_of(scenario(*LINES), bikes)


def test_changes_of_one_event_multiply(bikes):
    calm, wild = {1.1 * 0.7}, {1.1 * 0.7 * 1.23}
    found = {round(factor, 12) for factor in factors(bikes, *LINES[:3])}
    assert found == {round(factor, 12) for factor in calm | wild}
