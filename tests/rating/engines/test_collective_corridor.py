"""A corridor of the year: against the compound Poisson sum of exponentials, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import cli
from product_factory.assemble import assemble
from product_factory.errors import BadInput
from product_factory.shelf import open_shelf
from rating.aggregate.of_cover import cover_year
from rating.aggregate.year import YearTerms
from rating.aggregate.yearly import yearly
from rating.engines.collective.expected import costs_of
from rating.engines.collective.layer import Layer
from rating.kernels import terms
from tests.rating.engines.tiny_year import LAYER, YEARLY, tiny, tiny_model

EXPONENTIAL = "{kind: gamma, mean: 2000, cv: 1}"
AMOUNTS = st.integers(-3000, 3000).map(float)
CLAIMS = 0.7 * 0.8
"""Of the cause that the cover is for."""
POOL = """
pools:
  both:
    title: {zh: 年, en: Year}
    joins: [bike.limit, phone.limit]
    set: 1200
"""


def line(corridor, above, per="policy_year"):
    return f"    - {{corridor: {corridor}, above: {above}, per: {per}}}"


JOINED = f"{LAYER}\n{line('limit', 700)}"


def limited(most):
    """E[min(S, most)]: sum over n of P(N = n) E[min(Gamma(n), most)] (Loss Models, appendix A)."""
    n = np.arange(1, 60)
    law = stats.gamma(n, scale=2000.0)
    grown = stats.gamma(n + 1, scale=2000.0)
    means = 2000.0 * n * grown.cdf(most) + most * law.sf(most)
    return float(stats.poisson(CLAIMS).pmf(n) @ means)


@pytest.mark.parametrize(
    ("corridor", "above"), [(1000.0, 1500.0), (5000.0, 300.0), (800.0, 9000.0), (500.0, 0.0)]
)
@pytest.mark.parametrize("per", ["policy_year", "contract"])
def test_a_year_keeps_what_comes_below_and_what_goes_beyond(tmp_path, corridor, above, per):
    lines = line(corridor, above, per)
    model = tiny_model(tiny(tmp_path, lines=lines, severity=EXPONENTIAL))
    bike = costs_of(model)[0]
    due = CLAIMS * 2000.0 - limited(above + corridor) + (limited(above) if above else 0.0)
    assert (bike.group, bike.method) == (("bike",), "numeric")
    assert abs(bike.value - due) <= bike.bound
    assert bike.bound < 3e-3 * due


def test_the_year_of_a_cover_has_the_corridor_and_its_mean(tmp_path):
    model = tiny_model(tiny(tmp_path, lines=f"{LAYER}\n{line(900, 600)}"))
    sources, of_year = cover_year(model, ["bike"])
    assert of_year == YearTerms(corridor=900.0, above=600.0)
    bike = costs_of(model)[0]
    year = yearly(sources, of_year)
    assert year.kept.mean == pytest.approx(bike.value, abs=bike.bound + 0.01)


def test_a_corridor_of_each_claim_has_a_closed_form(tmp_path):
    methods = [
        one.method for one in costs_of(tiny_model(tiny(tmp_path, lines=line(1, 2, "event"))))
    ]
    assert methods == ["closed", "closed"]


def test_a_corridor_of_each_claim_stands_before_a_deductible_of_the_year(tmp_path):
    """Where that is next to nothing, the recursion along the year gives the closed form."""
    alone = line(900, 600, "claim")
    then = f"{alone}\n    - {{deductible: 0.01, per: policy_year}}"
    closed = costs_of(tiny_model(tiny(tmp_path / "alone", lines=alone)))[0]
    found = costs_of(tiny_model(tiny(tmp_path / "then", lines=then)))[0]
    assert (closed.method, found.method) == ("closed", "numeric")
    assert abs(found.value - closed.value) <= found.bound + closed.bound + 0.01


def test_covers_that_share_a_corridor_cost_less_together_than_what_each_would_keep(tmp_path):
    model = tiny_model(tiny(tmp_path, lines=JOINED, phone_lines=JOINED, more=POOL))
    bike, phone, both = costs_of(model)
    assert both.group == ("bike", "phone")
    assert both.value == pytest.approx(bike.value + phone.value, abs=both.bound + 1e-6)
    whole = [one.value for one in costs_of(tiny_model(tiny(tmp_path / "free")))]
    assert max(0.0, sum(whole) - 1200.0) < both.value < sum(whole)


def test_a_corridor_that_a_price_cannot_share_is_called_by_its_name(tmp_path):
    tiny(tmp_path, lines=JOINED, phone_lines=JOINED, more=POOL)
    module = tmp_path / "products/modules/property/phone.yaml"
    text = module.read_text("utf-8")
    module.write_text(text.replace("phone.damage", "bike.damage"), "utf-8")
    model = tiny_model(assemble(open_shelf(tmp_path / "products"), "tiny", cli.language()))
    with pytest.raises(
        BadInput, match=r"bike and phone pay bike.damage from the one corridor both"
    ):
        costs_of(model)
    with pytest.raises(BadInput, match=r"expected one limit or corridor of the year .* got both:"):
        cover_year(model, ["bike"])


@pytest.mark.parametrize(
    ("lines", "phone", "why"),
    [
        (f"{line(500, 100)}\n    - {{share: 80%}}", LAYER, "a corridor per policy_year lasts"),
        (f"{line(500, 100)}\n{YEARLY}", LAYER, "a corridor per policy_year lasts all year"),
        (line(500, "so_far / 2"), LAYER, "a corridor per policy_year reads 'so_far'"),
        (line(500, 100), "    - {deductible: 9, per: policy_year}", "corridor per policy_year"),
    ],
)
def test_a_corridor_without_a_price_is_refused_with_its_place(tmp_path, lines, phone, why):
    model = tiny_model(tiny(tmp_path, lines=lines, phone_lines=phone))
    with pytest.raises(BadInput, match=rf"bike.yaml:\d+:7: .*{why}"):
        costs_of(model)


@pytest.mark.parametrize("per", ["claim", "policy_year"])
@pytest.mark.parametrize(
    ("corridor", "above", "same"),
    [("-500", "100", (0, 100)), ("900", "-300", (600, 0)), ("-500", "-100", (0, 0))],
)
def test_a_corridor_below_nothing_costs_what_a_claim_pays(tmp_path, per, corridor, above, same):
    """A claim bears nothing of a value below 0, and of one that begins below 0 what is left."""
    below = line(f"0 + {corridor}", f"0 + {above}", per)
    model = tiny_model(tiny(tmp_path / "below", lines=below, severity=EXPONENTIAL))
    plain = tiny_model(tiny(tmp_path / "plain", lines=line(*same, per), severity=EXPONENTIAL))
    found, due = costs_of(model)[0], costs_of(plain)[0]
    assert found.value == pytest.approx(due.value, rel=1e-12)
    if per == "policy_year":
        _, of_year = cover_year(model, ["bike"])
        assert of_year == YearTerms(corridor=same[0], above=same[1])


@given(x=AMOUNTS, value=AMOUNTS, above=AMOUNTS)
def test_a_layer_keeps_what_the_claim_keeps_also_below_nothing(x, value, above):
    amount = abs(x)
    kept, _ = terms.corridor(amount, value, 0.0, above)
    assert Layer(1.0).corridor(value, above).kept(amount) == pytest.approx(kept)
    kept, _ = terms.deductible(amount, value, 0.0)
    assert Layer(1.0).deductible(value).kept(amount) == pytest.approx(kept)
