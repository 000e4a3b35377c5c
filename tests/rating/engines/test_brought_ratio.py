"""Experience of a mark that is a ratio: a total loss stays total, in closed form and by nodes."""

import pytest
from scipy.integrate import quad

from rating.engines.collective.expected import costs_of
from rating.severities import Beta, Mbbefd
from tests.rating.engines.tiny_year import YEARLY, tiny, tiny_model

WHOLE = "    - {share: 100%}"
DEDUCTIBLE = "    - {deductible: 1000, per: claim}"
VALUE = 5_000.0
MODELS = {
    "{kind: mbbefd, c: 3}": Mbbefd.from_form(c=3.0),
    "{kind: beta, mean: 30%, cv: 1}": Beta.from_form(mean=0.3, cv=1.0),
}


def ratio(folder, model, factor, lines=WHOLE):
    """The tiny product whose bike cover pays a share of 5,000, brought by a factor."""
    entry = f"  experience: {{bike: {{bill: {{development: {factor}, source: made}}}}}}\n"
    told = "" if factor == 1.0 else entry
    how = {"lines": lines, "severity": model, "experience": told}
    return tiny(folder, amount="bill * limit", mark="ratio", **how)


def cost(product):
    return costs_of(tiny_model(product))[0]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("factor", [0.8, 1.0, 1.3])
def test_the_share_is_multiplied_and_is_at_most_a_total_loss(tmp_path, model, factor):
    """0.56 accidents a year of 5,000 × E[max(min(1, factor X) - 20%, 0)]."""
    by_hand = quad(lambda x: MODELS[model].survival(x / factor), 0.2, 1.0, epsabs=1e-12)[0]
    found = cost(ratio(tmp_path, model, factor, DEDUCTIBLE))
    assert found.value == pytest.approx(0.56 * VALUE * by_hand, rel=1e-8)


@pytest.mark.parametrize("model", MODELS)
def test_nodes_find_what_is_total_too(tmp_path, model):
    """Under a limit of the year far away the cost is that of each claim alone, within its bound."""
    lines = f"{DEDUCTIBLE}\n{YEARLY.replace('limit: limit', 'limit: 60000')}"
    closed = cost(ratio(tmp_path / "closed", model, 1.3, DEDUCTIBLE))
    nodes = cost(ratio(tmp_path / "nodes", model, 1.3, lines))
    assert nodes.method == "numeric"
    assert nodes.value == pytest.approx(closed.value, rel=1e-5)
    assert abs(nodes.value - closed.value) <= nodes.bound + closed.bound
