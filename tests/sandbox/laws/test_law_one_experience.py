"""Law 1 where a basis brings its experience to the period priced: price and simulation alike."""

from dataclasses import replace

import pytest

from rating.engines.collective.expected import costs_of
from sandbox.laws import annual
from sandbox.laws.annual import SHARE, law_one_annual
from tests.law_sizes import SIZES, SMALL
from tests.rating.engines.test_brought_ratio import ratio
from tests.rating.engines.tiny_year import LAYER, YEARLY, tiny, tiny_model
from tests.sandbox.laws.test_law_one_counts import PROFILE, SEED

pytestmark = pytest.mark.long

EXPERIENCE = """\
  experience:
    bike:
      damage: {development: 1.1, trend: 2%, from: 2023-07-01, to: 2026-07-01, source: counts}
      bill: {trend: 6%, large_losses: 4%, from: 2023-07-01, to: 2026-07-01, source: paid}
"""
TERMS = {
    "closed": LAYER,
    "numeric": f"{LAYER}\n{YEARLY}",
    "sequence": "    - {deductible: 1500, per: policy_year}\n    - {share: 80%}\n" + YEARLY,
}


@pytest.fixture(params=[pytest.param(SMALL, id="small"), SIZES[-1]])
def size(request, monkeypatch):
    """Give what the standard error is multiplied by; a small law has a small pilot."""
    if request.param == SMALL:
        monkeypatch.setattr(annual, "PILOT", replace(annual.PILOT, policies=100))
    return request.param


def lines(terms):
    return {"lines": TERMS[terms], "phone_lines": TERMS[terms]}


@pytest.mark.parametrize("terms", TERMS)
def test_the_price_is_the_mean_of_the_simulation_and_not_without_the_experience(
    tmp_path, terms, size
):
    product = tiny(tmp_path / "with", experience=EXPERIENCE, **lines(terms))
    bases = [product.bases["pricing"]]
    laws = law_one_annual(product, bases, [PROFILE], SEED, share=SHARE * size, threads=2)
    plain = costs_of(tiny_model(tiny(tmp_path / "without", **lines(terms))))[0].value
    assert {law.group for law in laws} == {("bike",), ("phone",)}
    for law in laws:
        assert law.holds, str(law)
        assert law.sharp, str(law)
        if law.group == ("bike",):
            assert law.expected > 1.2 * plain
            assert not replace(law, expected=plain).holds


@pytest.mark.parametrize("terms", ["closed", "numeric"])
def test_the_law_holds_for_a_ratio_that_becomes_total(tmp_path, terms, size):
    """Shares of 5,000 that grow by 30%: those above 77% are total losses, and no more."""
    lines_ = TERMS[terms].replace("limit: limit", "limit: 7000")
    product = ratio(tmp_path, "{kind: mbbefd, c: 2}", 1.3, lines_)
    bases = [product.bases["pricing"]]
    laws = law_one_annual(product, bases, [PROFILE], SEED, share=SHARE * size, threads=2)
    plain = costs_of(tiny_model(ratio(tmp_path, "{kind: mbbefd, c: 2}", 1.0, lines_)))[0].value
    law = next(one for one in laws if one.group == ("bike",))
    assert law.holds, str(law)
    assert law.sharp, str(law)
    assert not replace(law, expected=plain).holds
