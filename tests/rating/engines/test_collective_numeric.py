"""Yearly limits: the two ways agree, a textbook agrees, and other lasting terms are refused."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadInput
from rating.aggregate.recursion import compounded
from rating.engines.collective.expected import costs_of, expected_costs
from rating.engines.collective.numeric import numeric_costs
from rating.engines.collective.quadrature import LINE, PLANE, halved, unit_nodes
from rating.engines.collective.terms import balances
from rating.frequencies import (
    FREQUENCIES,
    Binomial,
    Frequency,
    Mixed,
    NegativeBinomial,
    Poisson,
    ZeroModified,
)
from rating.kernels.aggregate import convolve, limited, spread
from tests.rating.engines.tiny_year import (
    LAYER,
    POOL,
    YEARLY,
    one_cell,
    tiny,
    tiny_model,
)

POOLED = f"{LAYER}\n{YEARLY}"
COUNTS = [
    Poisson(0.4),
    Poisson(6.0),
    NegativeBinomial(0.8, 1.6),
    NegativeBinomial(3.0, 4.0),
    Binomial(1, 0.3),
    Binomial(7, 0.6),
    Mixed((0.8, 0.2), (Poisson(0.1), NegativeBinomial(2.0, 3.0))),
    ZeroModified(0.4, Poisson(1.0)),
    ZeroModified(1.5, Poisson(1.0)),
]
EXACT = 1e-12
claims = st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4).filter(lambda x: sum(x) > 0.1)


def test_the_counts_cover_every_kind():
    assert {type(count) for count in COUNTS} == set(FREQUENCIES.values())


@pytest.mark.parametrize("count", COUNTS, ids=str)
@given(weights=claims)
def test_panjers_recursion_is_the_sum_over_counts(count: Frequency, weights):
    """The textbook: P(S = k) = sum over n of P(N = n) times the n-fold convolution."""
    chances = np.array([*weights, *[0.0] * 9])
    chances /= chances.sum()
    size = chances.size - 1
    total, power = np.zeros(size), np.eye(size)[0]
    for n in range(200):
        total += count.probability(n) * power
        power = np.convolve(power, chances)[:size]
    found = compounded(count, chances)
    assert found == pytest.approx(total, rel=1e-10, abs=1e-15)


@given(amounts=st.lists(st.floats(0.0, 10.0), min_size=1, max_size=20))
def test_the_lattice_keeps_the_mean_and_lowers_every_limited_mean(amounts):
    values = np.array(amounts)
    weights = np.full(values.size, 1.0 / values.size)
    chances = spread(values, weights, 0.5, 20)
    assert math.fsum(chances) == pytest.approx(1.0, rel=EXACT)
    means = limited(chances) * 0.5
    assert means[20] == pytest.approx(values.mean(), rel=EXACT, abs=EXACT)
    for m in range(21):
        assert means[m] == pytest.approx(
            sum(min(k, m) * c for k, c in enumerate(chances)) * 0.5, rel=EXACT, abs=EXACT
        )
        assert means[m] <= np.minimum(values, m * 0.5).mean() + EXACT


def test_a_convolution_is_that_of_numpy():
    rng = np.random.default_rng(1)
    x, y = rng.random(40), rng.random(40)
    assert convolve(x, y) == pytest.approx(np.convolve(x, y)[:40], rel=EXACT)


@pytest.mark.parametrize("grading", [LINE, PLANE, halved(LINE), halved(PLANE)])
@pytest.mark.parametrize("cuts", [(), (0.9,), (0.3, 0.97)])
def test_nodes_integrate_powers_and_steps_at_the_cuts(grading, cuts):
    nodes = unit_nodes(cuts, constant_above=False, grading=grading)
    for k in range(6):
        assert math.fsum(nodes.weight * nodes.u**k) == pytest.approx(1.0 / (k + 1), rel=1e-13)
    for cut in cuts:
        assert math.fsum(nodes.weight[nodes.u > cut]) == pytest.approx(1.0 - cut, rel=1e-13)
    assert (nodes.u > 0.0).all()
    assert (nodes.u < 1.0).all()


def test_above_a_total_loss_one_node_is_enough():
    nodes = unit_nodes((0.3, 0.97), constant_above=True, grading=LINE)
    assert (nodes.u > 0.97).sum() == 1
    assert math.fsum(nodes.weight) == pytest.approx(1.0, rel=1e-13)


@pytest.fixture
def pooled(tmp_path):
    return tiny_model(tiny(tmp_path, lines=POOLED, phone_lines=POOLED, more=POOL))


def test_the_covers_of_a_pool_add_up_to_the_pool(pooled):
    """Dates enter the covers, not the pool: the integral over the year against the year's sum."""
    bike, phone, both = costs_of(pooled)
    assert both.group == ("bike", "phone")
    assert {one.method for one in (bike, phone, both)} == {"numeric"}
    assert bike.value + phone.value == pytest.approx(both.value, abs=both.bound)
    assert max(bike.bound, phone.bound) < 2e-5 * both.value


def test_the_limit_bites_and_never_pays_more_than_itself(pooled, tmp_path):
    free = tiny_model(tiny(tmp_path / "free"))
    without = {one.group: one.value for one in numeric_costs(free, 0)}
    bike, phone, both = costs_of(pooled)
    assert bike.value < 0.95 * without[("bike",)]
    assert phone.value < 0.9 * without[("phone",)]
    (balance,) = balances(pooled, 0)
    assert balance.value == 5000.0
    assert both.value < balance.value


def test_a_pooled_year_is_a_slow_sum_over_dated_claims(pooled):
    """The textbook: years of numpy, claim by claim in order of date."""
    rng = np.random.default_rng(7)
    years = 200_000
    severity = {
        0: lambda n: (
            2000.0 / math.sqrt(3.25) * np.exp(math.sqrt(math.log(3.25)) * rng.standard_normal(n))
        ),
        1: lambda n: rng.gamma(1.0 / 1.69, 1500.0 * 1.69, n),
    }
    shape = 0.9 / 1.5
    counts = {
        0: rng.poisson(0.7 * 0.8, years),
        1: rng.poisson(rng.gamma(shape, 0.9 / shape, years)),
    }
    rows = []
    for cover in (0, 1):
        year = np.repeat(np.arange(years), counts[cover])
        kept = np.minimum(np.maximum(severity[cover](year.size) - 300.0, 0.0) * 0.8, 4000.0)
        rows.append(np.column_stack([year, rng.random(year.size), np.full(year.size, cover), kept]))
    events = np.concatenate(rows)
    events = events[np.lexsort((events[:, 1], events[:, 0]))]
    paid = np.zeros((years, 2))
    used, last = 0.0, -1.0
    for year, _, cover, kept in events.tolist():
        used = 0.0 if year != last else used
        last = year
        amount = min(kept, 5000.0 - used)
        used += amount
        paid[int(year), int(cover)] += amount
    for cover, one in enumerate(costs_of(pooled)[:2]):
        error = paid[:, cover].std() / math.sqrt(years)
        assert error < 0.006 * one.value
        assert abs(paid[:, cover].mean() - one.value) <= 4.0 * error + one.bound


def test_a_cover_and_its_basis_are_priced_by_name(tmp_path):
    product = tiny(tmp_path)
    found = expected_costs(product, product.bases["pricing"], one_cell(product), 0)
    assert found == costs_of(tiny_model(product))


LINE_1 = "bike.yaml:13:7: pays.adjust[0]: a"
REFUSED = {
    "a line after the yearly limit": (
        f"{YEARLY}\n    - {{share: 80%}}",
        f"{LINE_1} limit per policy_year is followed by another line",
    ),
    "a yearly limit that an event brings": (
        "    - {limit: bill * 2, per: policy_year}",
        f"{LINE_1} limit per policy_year reads 'bill', which events bring",
    ),
    "a yearly limit with a condition": (
        "    - {limit: limit, per: policy_year, when: {cause: accident}}",
        f"{LINE_1} limit per policy_year has a 'when'",
    ),
    "a payment that ends the cover": (
        "    - {share: 80%}\n  then: {ends: cover}",
        "bike: a payment ends the cover or the contract",
    ),
}
LEFT = ": no closed or numeric expected cost, so the method would be simulated"


@pytest.mark.parametrize(("lines", "message"), REFUSED.values(), ids=REFUSED)
def test_terms_that_need_a_simulation_say_which_line_and_why(tmp_path, lines, message):
    model = tiny_model(tiny(tmp_path, lines=lines))
    with pytest.raises(BadInput) as caught:
        costs_of(model)
    assert str(caught.value).endswith(message + LEFT)


def test_a_waiting_period_that_is_credited_takes_its_share_of_the_year(tmp_path):
    """30 days of 365 in which nothing is paid, at a rate that is the same all year."""
    share = "    - {share: 80%}"
    whole = costs_of(tiny_model(tiny(tmp_path / "whole", lines=share)))[0]
    waits = f"{share}\n  waits: {{for: 30 days}}"
    waited = costs_of(tiny_model(tiny(tmp_path / "waited", lines=waits)))[0]
    assert waited.value == pytest.approx(whole.value * 335 / 365, abs=whole.bound + waited.bound)


def test_two_independent_marks_are_a_plane_of_nodes(tmp_path):
    """E of a sum of two marks without lines is the sum of their means."""
    model = tiny_model(tiny(tmp_path, amount="bill + more", lines="    - {share: 100%}"))
    bike = costs_of(model)[0]
    assert bike.method == "numeric"
    assert bike.value == pytest.approx(0.7 * 0.8 * 2100.0, abs=bike.bound)
    assert bike.bound < 1e-5 * bike.value


def test_three_independent_marks_are_refused(tmp_path):
    product = tiny(tmp_path, amount="bill + more")
    model = tiny_model(product)
    bike = model.collective[0]
    third = replace(bike.draws[1], together=False, name="bill")
    wider = replace(model, collective=(replace(bike, draws=(*bike.draws, third)),))
    with pytest.raises(BadInput, match=r"bike\.damage draws 3 marks independently"):
        costs_of(wider)
