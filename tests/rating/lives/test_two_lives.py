"""Two lives through the language: published values, a slow textbook, the simulation, messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory.errors import BadInput
from product_factory.valued import valued
from rating.engines.multistate import annuity, pv_claims
from rating.engines.multistate.joint_lives import deaths
from rating.engines.multistate.moves import chained
from rating.engines.multistate.project import occupancy, thiele_residual, values
from rating.engines.multistate.two_lives import apart, joined
from rating.engines.multistate.unknowns import bound
from rating.values import VALUES
from rating.values.valuing import Valuing
from sandbox.simulate.cohort import CohortShock, RateShock, shocked, simulate_cohort
from tests.rating.lives.joint_shelf import BASES, cells, made, q

PAIRS = ((50, 50), (50, 60), (65, 65), (40, 80))
LAST_AGE, V = 130, 1 / 1.05
OF_SECOND = "  second: {age: second_age, sex: second_sex}"


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return made(tmp_path_factory.mktemp("joint"))


@pytest.fixture(scope="module")
def shock_product(tmp_path_factory):
    """A monthly grid, a shock, a rate of the second that grows when alone, a 5-year pay."""
    rates = "{first: q, second: [{when: {two_lives: second}, is: 'min(1, 1.3 * q)'}, "
    rates += "{otherwise: q}], shock: 0.05%, cause: {illness: 100%}}"
    changes = [
        ("{first: q, second: q, cause: {illness: 100%}}", rates),
        ("  loading: 0%\n", "  loading: 0%\n  grid: {step: month}\n"),
    ]
    return made(tmp_path_factory.mktemp("shock"), bases=changes)


def on(product, *pairs, basis="pricing", **given):
    return bound(product, product.bases[basis], cells(*pairs, **given))


def test_while_alive_is_an_annuity_of_the_last_survivor(product, tmp_path):
    alive = made(tmp_path, joint_annuity=[("while: two_lives.both", "while: alive")])
    found, parts = pv_claims(on(alive, *PAIRS)), pv_claims(on(product, *PAIRS))
    sums = parts["together"] + parts["first_alone"] + parts["second_alone"] / 0.6
    np.testing.assert_allclose(found["together"], sums, rtol=1e-11)


def dies(age):
    """Chance of death within a year, by the table."""
    return np.where(np.asarray(age) >= LAST_AGE, 1.0, q(np.asarray(age, np.float64)))


def alone(age):
    """Chances of a life to be alive after so many years."""
    lives = np.cumprod(1.0 - dies(np.arange(age, LAST_AGE + 1)))
    return np.concatenate([[1.0], lives, np.zeros(60)])[:110]


def test_joint_life_values_are_the_published_ones(product):
    """Society of Actuaries, tables for the exam on long-term actuarial mathematics.

    Standard ultimate survival model (Makeham, A 0.00022, B 2.7e-6, c 1.124), 5%, independent lives,
    columns of joint life functions: a-due and A of xx at 50 and 65, and of x, x + 10 at 50.
    """
    found = pv_claims(on(product, *PAIRS))
    told = [f"{value:.4f}" for value in found["together"][:3]]
    assert told == ["15.8195", "14.2699", "11.6831"]
    # A of a first death at its year's end = 1 - d × a-due
    assert [f"{x:.5f}" for x in found["first_to_die"][:2]] == ["0.24669", "0.32048"]


def test_annuities_and_insurances_keep_the_identities_of_two_lives(product):
    """A of the last survivor = a_x + a_y - a_xy; of a reversion a_y - a_xy (Bowers 9.5, 9.7)."""
    found = pv_claims(on(product, *PAIRS))
    v = V ** np.arange(110)
    for cell, (x, y) in enumerate(PAIRS):
        a_x, a_y = (v * alone(x)).sum(), (v * alone(y)).sum()
        a_xy = (v * alone(x) * alone(y)).sum()
        d = 1 - V
        assert found["together"][cell] == pytest.approx(a_xy, rel=1e-12)
        assert found["first_alone"][cell] == pytest.approx(a_x - a_xy, rel=1e-11)
        assert found["second_alone"][cell] == pytest.approx(0.6 * (a_y - a_xy), rel=1e-11)
        assert found["first_to_die"][cell] == pytest.approx(1 - d * a_xy, rel=1e-12)
        assert found["last_to_die"][cell] == pytest.approx(1 - d * (a_x + a_y - a_xy), rel=1e-11)


def slowly(x, y, shock, months, pay_years):
    """State by state and month by month, as a clerk would: what each cover is worth; premiums."""
    month = 1 / 12
    both, first, second = 1.0, 0.0, 0.0
    worth = dict.fromkeys(("together", "first_alone", "second_alone", "first", "last"), 0.0)
    premiums = 0.0
    for k in range(months + 1):
        v = V ** (k * month)
        if k % 12 == 0:
            worth["together"] += v * both
            worth["first_alone"] += v * first
            worth["second_alone"] += v * second * 0.6
            premiums += v * both * (k < 12 * pay_years)
        if k == months:
            return worth, premiums
        a, b = (min(age + k // 12, LAST_AGE) for age in (x, y))
        q1, q2 = (1 - (1 - dies(age)) ** month for age in (a, b))
        later = 1 - (1 - min(1.0, 1.3 * dies(b))) ** month
        c = 1 - (1 - shock) ** month
        # over the whole table the chance that both live is the product of both, less the shock once
        live = (1 - q1) * (1 - q2) / (1 - c)
        one, other = (1 - q2) - live, (1 - q1) - live
        at_once = 1 - live - one - other
        worth["first"] += V ** ((k + 1) * month) * both * (one + other + at_once)
        gone = both * at_once + first * q1 + second * later
        worth["last"] += V ** ((k + 1) * month) * gone
        both, first, second = (
            both * live,
            both * other + first * (1 - q1),
            both * one + second * (1 - later),
        )
    raise AssertionError


def test_months_a_shock_and_a_bereaved_rate_are_those_of_the_slow_textbook(shock_product):
    at = on(shock_product, (62, 57), pay=1.0)  # the second choice of pay: 5 years
    found = pv_claims(at)
    worth, premiums = slowly(62, 57, 0.0005, 12 * (LAST_AGE + 1 - 57), 5)
    for name, said in (
        ("together", "together"),
        ("first_alone", "first_alone"),
        ("second_alone", "second_alone"),
        ("first_to_die", "first"),
        ("last_to_die", "last"),
    ):
        assert found[name][0] == pytest.approx(worth[said], rel=1e-10)
    assert annuity(at)[0] == pytest.approx(premiums, rel=1e-12)
    chain = chained(at)
    stream = chain.stream("last_to_die")
    held = values(chain, stream)
    assert np.abs(thiele_residual(chain, stream, held)).max() <= 1e-10 * np.abs(held).max()
    np.testing.assert_allclose(occupancy(chain).sum(axis=2).max(), 1.0, rtol=1e-12)


def test_forces_of_two_lives_may_be_above_one(tmp_path):
    """Forces 1.5 and 0.5: both are alive with e^-2t, the first alone with e^-1.5t (1 - e^-0.5t)."""
    one = made(
        tmp_path,
        product=[("term: life", "term: 5")],
        bases=[
            ("first: q, second: q", "first: 1.5, second: 0.5"),
            ("  loading: 0%\n", "  loading: 0%\n  grid: {step: month, rates: intensity}\n"),
        ],
    )
    both, first, second = occupancy(chained(on(one, (50, 60))))[0, 12]
    expected = np.exp([-2.0, -1.5, -0.5])
    found = [both, both + first, both + second]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_what_is_owed_to_the_one_left_is_the_annuity_and_the_insurance_of_one_life(tmp_path):
    """After 10 years: an annuity-due on one life, and 1 at the end of its year of death."""
    left = "share: 100%}\n"
    for name in ("first", "second"):
        left += f"  {name}_left: {{kind: in_state, basis: pricing, while: two_lives.{name}, "
        left += "since: 0}\n"
    one = made(tmp_path, product=[("share: 100%}\n", left)])
    premium = np.full(1, 1e9)  # above the net premium, of which none falls due to one alone
    valuing = Valuing(one, cells((62, 57), pay=1.0, sum_insured=1e6), premium)
    v = V ** np.arange(110)
    for name, age, share in (("first_left", 72, 1.0), ("second_left", 67, 0.6)):
        a = (v * alone(age)).sum()
        expected = 1e6 * (share * a + 1 - (1 - V) * a)
        (found,) = VALUES["in_state"](valuing, valued(one)[name]).values()
        assert found[0, 9] == pytest.approx(expected, rel=1e-11)


rate = st.floats(0.0, 1.0)


@settings(max_examples=200, deadline=None)
@given(q1=rate, q2=rate, share=st.floats(0.0, 0.999999))
def test_a_shock_moves_no_life_table(q1, q2, share):
    c = share * min(q1, q2)
    one, other, both = (float(x[0]) for x in deaths(*(np.array([x]) for x in (q1, q2, c))))
    assert one + both == pytest.approx(q1, abs=1e-12)
    assert other + both == pytest.approx(q2, abs=1e-12)
    assert both >= c - 1e-12
    assert min(one, other) >= 0.0


@pytest.mark.parametrize("times", [0.8, 1.0, 1.15])
def test_a_scenario_moves_the_rate_of_each_life(product, shock_product, times):
    """All who die more often die by rates that are so much higher, alone or together."""
    for one in (product, shock_product):
        at = on(one, (62, 57))
        rates = at.assumed.by_situation[0]
        again = joined(one, apart(one, rates))
        for name, given_rate in rates.items():
            np.testing.assert_allclose(again[name], given_rate, rtol=1e-9, atol=1e-13)
    at = on(product, (62, 57))
    names = [f"two_lives.{name}" for name in ("first_death", "second_death", "both_deaths")]
    moved = shocked(at, CohortShock({name: RateShock(times) for name in names}))
    years = moved.assumed.by_situation[0]
    expected = np.minimum(1.0, times * dies(np.arange(62, 62 + at.steps)))
    np.testing.assert_allclose((years[names[0]] + years[names[2]])[0], expected, rtol=1e-12)


@pytest.mark.parametrize("which", ["product", "shock_product"])
def test_walks_of_two_lives_pay_what_is_priced(which, request):
    """Law 1: annuities, both insurances and premiums while both live."""
    at = on(request.getfixturevalue(which), (62, 57), pay=2.0)
    runs, policies = 200, 400
    keys = np.array([7], np.uint64)
    run = simulate_cohort(at, np.array([policies]), np.array([100.0]), runs, 3, keys=keys)
    expected = pv_claims(at)
    told = [(run.table.premium / policies, 100.0 * annuity(at)[0])]
    columns = run.table.columns
    told += [(run.table.paid[:, columns.index(n)] / policies, v[0]) for n, v in expected.items()]
    for paid, mean in told:
        error = paid.std(ddof=1) / np.sqrt(runs)
        assert abs(paid.mean() - mean) <= 4.0 * error
        assert error < 0.01 * mean, "the law must not pass by vagueness"
    assert len(told) == 6


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"two_lives": [("of: [first, second]", "of: [first, secnd]")]}, "unknown life 'secnd'"),
        ({"two_lives": [("{of: second, from: second", "{of: first, from: second")]},
         "such as death of second, the one left, from second; got death of first, from second"),
        ({"two_lives": [("  first_death:", "  first:")]}, "event 'first': expected another name"),
        ({"two_lives": [("kind: lives", "kind: transitions")]}, "'lives' are for kind lives"),
        ({"product": [("second_sex}\n", "second_sx}\n")]}, "got 'second_sx'; did you mean"),
        ({"product": [("second: {age", "secnd: {age")]}, "unknown life 'secnd'; did you mean"),
        ({"product": [("while: two_lives.both", "while: two_lives.first")]}, "in which a contract"),
        ({"product": [("while: two_lives.both", "while: two_lives.bot")]}, "unknown state"),
        ({"joint_annuity": [("every: year}", "every: year, for: 2 years}")]}, "'after' and 'for'"),
        ({"bases": [("second: q, ", "")]}, "the basis says nothing of 'second'"),
        ({"bases": [("first: q", "frst: q")]}, "unknown event or mark 'frst'"),
        ({"product": [(OF_SECOND, "  second: {age: second_age}")],
          "bases": [("second: q", "second: [{when: {sex: M}, is: q}, {otherwise: q}]")]},
         "'sex' is no fact of 'second'; write lives: {second: {sex: …}}"),
        ({"product": [(OF_SECOND, "  second: {sex: second_sex}")]},
         "expected the age of 'second'"),
    ],
)  # fmt: skip
def test_what_no_two_lives_can_be_is_refused_with_its_place(tmp_path, changes, says):
    with pytest.raises(BadInput) as error:
        made(tmp_path, **changes)
    assert says in str(error.value)
    assert error.value.problems[0].at.line > 0


def test_a_shock_above_a_life_s_own_rate_names_the_cell(tmp_path):
    assert "second: q, " in BASES
    one = made(tmp_path, bases=[("second: q, ", "second: q, shock: 1%, ")])
    with pytest.raises(BadInput, match=r"a part of the rate of 'first', got 0\.01 above 0\.0012"):
        on(one, (50, 60))
