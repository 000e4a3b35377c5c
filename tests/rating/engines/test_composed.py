"""Severities made of others, named in a basis: form, quadrature and draws are of one mind."""

import math

import numpy as np
import pytest

from product_factory.errors import BadInput
from rating.engines.collective.expected import costs_of
from rating.engines.collective.numeric import numeric_costs
from rating.kernels.distributions import PIECES, drawn
from rating.severities import Empirical, GeneralisedPareto, Lognormal, Mbbefd, Mixture, Spliced
from rating.severities.composed import pieces_of
from sandbox.simulate.annual import simulate_annual
from tests.rating.engines.tiny_year import tiny, tiny_model

SPLICED = """{kind: spliced, body: {kind: lognormal, mu: 6.5, sigma: 1.1},
    tail: {kind: generalised_pareto, shape: 0.3, scale: 900, threshold: 3000},
    threshold: 3000, weight: 8%}"""
MIXTURE = """{kind: mixture, weights: [70%, 30%],
    of: [{kind: gamma, mean: 800, cv: 0.9}, {kind: empirical, values: [400, 2500, 9000]}]}"""
EMPIRICAL = "{kind: empirical, values: [200, 900, 2500, 8000], weights: [4, 3, 2, 1]}"
KINDS = {"spliced": SPLICED, "mixture": MIXTURE, "empirical": EMPIRICAL}
MODELS = {
    "spliced": Spliced(Lognormal(1.0, 1.0), GeneralisedPareto(0.4, 7.0, 10.0), 10.0, 0.07),
    "mixture": Mixture.of([0.2, 0.8], [Mbbefd(3.0, 8.0), Lognormal(-1.0, 0.5)]),
    "empirical": Empirical.of([3.0, 1.0, 2.0, 900.0], [1.0, 2.0, 3.0, 0.5]),
    "one in another": Mixture.of(
        [0.5, 0.5],
        [
            Spliced(Empirical.of([1.0, 2.0, 30.0]), Lognormal(2.0, 1.0), 10.0, 0.25),
            Spliced(Mbbefd(3.0, 8.0), GeneralisedPareto(0.2, 1.0, 2.0), 0.5, 0.25),
        ],
    ),
}
FREE = "    - {deductible: 100, per: claim}"


@pytest.mark.parametrize("kind", MODELS)
def test_pieces_drawn_by_even_chances_have_the_distribution(kind):
    model = MODELS[kind]
    pieces = np.array([piece.row() for piece in pieces_of(model)])
    assert pieces[-1, 0] == 1.0
    n = 20_000
    found = np.sort([drawn(pieces, PIECES, 0.0, len(pieces), 0.0, (k + 0.5) / n) for k in range(n)])
    for x in np.quantile(found, [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999]).tolist():
        share = np.searchsorted(found, x, side="right") / n
        # each piece begins and ends between two chances, and the last bit of x may miss an edge
        assert share == pytest.approx(model.distribution(x), abs=(len(pieces) + 2) / n)


def test_a_far_tail_keeps_its_digits():
    model = MODELS["spliced"]
    pieces = np.array([piece.row() for piece in pieces_of(model)])
    for chance in (1e-3, 1e-9, 2.0**-40):
        x = drawn(pieces, PIECES, 0.0, 2.0, 0.0, 1.0 - chance)
        assert x == pytest.approx(model.quantile_above(chance), rel=1e-5 if chance < 1e-9 else 1e-7)


@pytest.mark.parametrize("severity", KINDS.values(), ids=KINDS)
def test_the_closed_form_is_the_quadrature(tmp_path, severity):
    model = tiny_model(tiny(tmp_path, severity=severity))
    closed, numeric = costs_of(model)[0], numeric_costs(model, 0)[0]
    assert (closed.method, numeric.method) == ("closed", "numeric")
    assert abs(closed.value - numeric.value) <= closed.bound + numeric.bound
    assert numeric.bound < 1e-4 * numeric.value


def test_the_closed_form_is_that_of_the_losses_by_hand(tmp_path):
    """0.7 events × 80% accidents × 80% of what each loss leaves above 300, at most 4,000."""
    bike = costs_of(tiny_model(tiny(tmp_path, severity=EMPIRICAL)))[0]
    kept = [0.8 * (900 - 300) * 0.3, 0.8 * (2500 - 300) * 0.2, 4000 * 0.1]
    assert bike.value == pytest.approx(0.7 * 0.8 * math.fsum(kept), rel=1e-12)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """Each kind on bike, all run by the one compiled kernel; many policies make few years do."""

    def run(severity, years=600):
        folder = tmp_path_factory.mktemp("composed")
        model = tiny_model(tiny(folder, severity=severity, lines=FREE), policies=400)
        table = simulate_annual(model, np.array([100.0]), years, 7).table
        return costs_of(model)[0], table.paid[:, table.columns.index("bike")] / 400

    return run


@pytest.mark.parametrize("severity", KINDS.values(), ids=KINDS)
def test_the_price_is_the_mean_of_the_simulation(simulated, severity):
    expected, paid = simulated(severity)
    error = paid.std() / math.sqrt(paid.size)
    assert error < 0.01 * expected.value
    assert abs(paid.mean() - expected.value) <= 4.0 * error + expected.bound
    # an error of 9% would be seen; one of 3% below, in ten times the years
    assert abs(paid.mean() * 1.09 - expected.value) > 4.0 * error + expected.bound


@pytest.mark.prove
@pytest.mark.parametrize("severity", KINDS.values(), ids=KINDS)
def test_law_one_of_composed_severities_at_the_sizes_of_the_design(simulated, severity):
    """A standard error of at most 0.5% of the price, and a planted error of 3% that is seen."""
    expected, paid = simulated(severity, years=6_000)
    error = paid.std() / math.sqrt(paid.size)
    assert error < 0.005 * expected.value
    assert abs(paid.mean() - expected.value) <= 4.0 * error + expected.bound
    assert abs(paid.mean() * 1.03 - expected.value) > 4.0 * error + expected.bound


@pytest.mark.parametrize(
    ("severity", "says"),
    [
        (SPLICED.replace("body", "boddy"), "spliced takes body and tail and threshold and weight"),
        (SPLICED.replace("{kind: lognormal, mu: 6.5, sigma: 1.1}", "7"), "expected a distribution"),
        (SPLICED.replace("mu: 6.5", "mean: 6.5"), "lognormal takes mean and cv or mu and sigma"),
        (SPLICED.replace("kind: lognormal", "kind: lognormel"), "did you mean 'lognormal'?"),
        (SPLICED.replace("8%", "108%"), "spliced.weight: expected a number between 0 and 1"),
        (MIXTURE.replace("30%", "20%"), "mixture.weights: expected a sum of 1, got 0.9"),
        (MIXTURE.replace("kind: gamma", "kind: poisson").replace(", cv: 0.9", ""), "a severity"),
        ("{kind: gamma, mean: {kind: gamma, mean: 1, cv: 1}, cv: 1}", "expected a number"),
        ("{kind: gamma, mean: [1, 2], cv: 1}", "expected numbers"),
        (EMPIRICAL.replace(", 1]", "]"), "expected one weight a value (4), got 3"),
        (SPLICED.replace("shape: 0.3", "shape: 1.3"), "expected below 1 (for a mean), got 1.3"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(tmp_path, severity, says):
    with pytest.raises(BadInput) as error:
        tiny_model(tiny(tmp_path, severity=severity))
    told = str(error.value)
    assert "tiny/bases.yaml:" in told
    assert says in told
