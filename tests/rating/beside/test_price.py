"""Treatments beside a life: priced year by year at the attained age, with inflation of the bills.

The textbook is written slowly here: a policy's year by Poisson counts and gamma sums, lives and
interest year by year.
"""

import math

import numpy as np
import pytest
from scipy.stats import gamma, poisson

from rating.cash_flows.flows import cash_flows
from rating.engines.multistate.running import Running
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import gross_premium, net_premium, pv_claims, reserves
from rating.projection import project
from rating.recursion.recursion import Recursion
from tests.rating.beside.tiny_medical import (
    AGE,
    BASES,
    DEATH_BENEFIT,
    INFLATION,
    INTEREST,
    MEAN,
    PER_CLAIM,
    TERM,
    medical,
    often,
    one_life,
)
from tests.rating.plain_life import q

DEDUCTIBLE, SHARE, LIMIT = 1_000.0, 0.8, 20_000.0
EXACT = 1e-10
FINEST = 2e-4
"""The bound that the lattice of a yearly deductible states, as a share of the cost, at most."""


def stop_loss(rate, mean, retention):
    """E[(S - retention)+] of a Poisson number of exponential bills, over the number of them."""
    return math.fsum(
        poisson.pmf(n, rate)
        * (
            n * mean * gamma.sf(retention, n + 1, scale=mean)
            - retention * gamma.sf(retention, n, scale=mean)
        )
        for n in range(1, 60)
    )


def year_of_claims(year):
    """What a policy is paid in a policy year: each bill over a deductible, 80%, up to a limit."""
    mean = MEAN * (1.0 + INFLATION) ** (year - 1)
    top = DEDUCTIBLE + LIMIT / SHARE
    layer = mean * (math.exp(-DEDUCTIBLE / mean) - math.exp(-top / mean))
    return often(AGE + year - 1) * SHARE * layer


def year_under_a_yearly_deductible(year):
    """The same with a deductible and a limit of the year, used up by its bills together."""
    rate, mean = often(AGE + year - 1), MEAN * (1.0 + INFLATION) ** (year - 1)
    top = DEDUCTIBLE + LIMIT / SHARE
    return SHARE * (stop_loss(rate, mean, DEDUCTIBLE) - stop_loss(rate, mean, top))


def slow(of_year):
    """Present values at issue: treatments, deaths, and premiums of 1."""
    alive, worth, treated, died, due = 1.0, 1.0, 0.0, 0.0, 0.0
    for year in range(1, TERM + 1):
        death = q(AGE + year - 1)
        due += alive * worth
        worth /= 1.0 + INTEREST
        treated += alive * worth * of_year(year)
        died += alive * worth * death * DEATH_BENEFIT
        alive *= 1.0 - death
    return treated, died, due


def at(product, basis="pricing"):
    return bound(product, product.bases[basis], one_life())


def test_the_price_is_the_textbook_year_by_year(tmp_path):
    model = at(medical(tmp_path, PER_CLAIM))
    treated, died, due = slow(year_of_claims)
    found = pv_claims(model)
    assert found["medical"][0] == pytest.approx(treated, rel=EXACT)
    assert found["death"][0] == pytest.approx(died, rel=EXACT)
    assert net_premium(model)[0] == pytest.approx((treated + died) / due, rel=EXACT)
    gross = (treated + died) / (due * (1.0 - 0.2))
    assert gross_premium(model)[0] == pytest.approx(gross, rel=EXACT)


def test_a_yearly_deductible_and_limit_are_renewed_with_every_policy_year(tmp_path):
    (running,) = at(medical(tmp_path)).running
    for year in range(1, TERM + 1):
        expected, off = year_under_a_yearly_deductible(year), running.bound[0, year - 1]
        assert off <= FINEST * expected + 0.02, "a bound that allows anything proves nothing"
        assert abs(running.amount[0, year - 1] - expected) <= off, year


def test_inflation_grows_the_bills_and_not_what_is_paid_of_them(tmp_path):
    """A fixed deductible takes a smaller part of every year's bills: the cost grows faster."""
    flat = BASES.replace("  inflation: 6%\n", "").replace("  inflation: {1: 5%, 3: 4%}\n", "")
    (none,) = at(medical(tmp_path / "flat", **{"plain/bases.yaml": flat})).running
    (some,) = at(medical(tmp_path / "grown")).running
    assert some.amount[0, 0] == none.amount[0, 0]
    grown = some.amount[0] / none.amount[0]
    assert (grown[1:] > 1.06 ** np.arange(1, TERM)).all()


def test_the_inflation_of_a_basis_may_differ_by_policy_year(tmp_path):
    model = at(medical(tmp_path, PER_CLAIM), "best_estimate")
    (running,) = model.running
    bills = MEAN * np.array([1.0, 1.05, 1.05 * 1.04, 1.05 * 1.04**2, 1.05 * 1.04**3])
    top = DEDUCTIBLE + LIMIT / SHARE
    for year, mean in enumerate(bills):
        layer = mean * (math.exp(-DEDUCTIBLE / mean) - math.exp(-top / mean))
        expected = often(AGE + year) * SHARE * layer
        assert running.amount[0, year] == pytest.approx(expected, rel=EXACT)


def test_reserves_are_what_later_years_cost_less_later_premiums(tmp_path):
    model = at(medical(tmp_path, PER_CLAIM))
    treated, died, due = slow(year_of_claims)
    net = (treated + died) / due
    held = reserves(model, net * np.ones_like(model.within))[0]
    for passed in range(TERM + 1):
        alive, worth, expected = 1.0, 1.0, 0.0
        for year in range(passed + 1, TERM + 1):
            death = q(AGE + year - 1)
            expected -= alive * worth * net
            worth /= 1.0 + INTEREST
            expected += alive * worth * (year_of_claims(year) + death * DEATH_BENEFIT)
            alive *= 1.0 - death
        assert held[passed] == pytest.approx(expected, abs=1e-8)


def test_recursion_projection_and_cash_flows_tell_the_same_value(tmp_path):
    model = at(medical(tmp_path), "best_estimate")
    premium = gross_premium(model)
    flows, projected = cash_flows(model, premium), project(model, premium)
    left = -Recursion(model, float(premium[0])).value(0)
    assert flows.present["pv_net_cf"][0] == pytest.approx(left, abs=1e-7)
    worth = projected.pv(projected.net_cf)[0]
    assert worth == pytest.approx(left, abs=1e-7)
    names = {term.kind for step in Recursion(model, 1.0).steps(1) for term in step.terms}
    assert {"runs", "settles"} <= names
    paid = flows.columns["claims_medical"][0, :TERM]
    assert paid == pytest.approx(flows.columns["pols_if"][0, :TERM] * model.running[0].amount[0])


MONTHLY = BASES.replace("  interest: 3%\n", "  interest: 3%\n  grid: {step: month}\n")


def test_a_step_of_a_month_is_paid_what_the_year_expects_up_to_its_end(tmp_path):
    """A yearly deductible takes most of the first months; the months of a year are the year."""
    yearly = at(medical(tmp_path / "year"))
    monthly = at(medical(tmp_path / "month", **{"plain/bases.yaml": MONTHLY}))
    by_month = monthly.running[0].amount[0].reshape(TERM, 12)
    assert by_month.sum(axis=1) == pytest.approx(yearly.running[0].amount[0], rel=1e-12)
    assert (np.diff(by_month, axis=1) > 0.0).all()
    rate, mean = often(AGE), MEAN
    top = DEDUCTIBLE + LIMIT / SHARE
    for month in (1, 6, 12):
        part = rate * month / 12.0
        expected = SHARE * (stop_loss(part, mean, DEDUCTIBLE) - stop_loss(part, mean, top))
        off = monthly.running[0].bound[0, :month].sum()
        assert abs(by_month[0, :month].sum() - expected) <= off


def test_benefits_at_the_start_of_a_step_are_not_discounted_over_it(tmp_path):
    starts = BASES.replace("  interest: 3%\n", "  interest: 3%\n  grid: {benefits: start}\n")
    late = pv_claims(at(medical(tmp_path / "end")))["medical"][0]
    early = pv_claims(at(medical(tmp_path / "start", **{"plain/bases.yaml": starts})))["medical"][0]
    assert early == pytest.approx(late * 1.03, rel=1e-12)


def test_bases_that_expect_the_same_claims_share_their_costs(tmp_path):
    text = BASES + "cheaper:\n  inherits: pricing\n  interest: 1%\n"
    product = medical(tmp_path, **{"plain/bases.yaml": text})
    first = at(product).running[0]
    again = at(product, "cheaper").running[0]
    assert isinstance(first, Running)
    assert again.amount.tobytes() == first.amount.tobytes()
    assert len(product.derive("costs of what is counted", list)) == 1
