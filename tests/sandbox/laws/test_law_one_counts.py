"""Law 1 for every kind of count: what a year costs by the engine is what simulated years pay.

The small product of tests/rating/engines/tiny_year.py under each kind, with terms that are priced
in closed form, by recursion, and claim by claim in sequence. Its policies stand in groups, so that
the last of them would fail if a group's claims reached its policies with the wrong dependence.
"""

from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadInput
from rating.engines.collective.change import changed
from rating.frequencies import FREQUENCIES
from rating.kernels.jit import kernel
from rating.kernels.random import stream_key
from sandbox.execution import Execution
from sandbox.kernels.claims import draw_cell
from sandbox.laws import annual
from sandbox.laws.annual import SHARE, law_one_annual
from sandbox.laws.profiles import Profile
from sandbox.simulate.annual import AnnualShock, simulate_annual
from sandbox.simulate.annual_task import risks_of
from tests.law_sizes import OFF, SIZES, SMALL
from tests.rating.engines.tiny_year import LAYER, YEARLY, tiny, tiny_model

pytestmark = pytest.mark.long

SEED = 20260301
COUNTS = {
    "binomial": "{kind: binomial, trials: 3, chance: 25%}",
    "mixed": """{kind: mixed, weights: [80%, 20%],
        of: [{kind: poisson, mean: 0.2},
             {kind: negative_binomial, mean: 3, variance_over_mean: 2}]}""",
    "negative_binomial": "{kind: negative_binomial, mean: 0.8, variance_over_mean: 3}",
    "poisson": "{kind: poisson, mean: 0.8}",
    "zero_modified": "{kind: zero_modified, none: 60%, of: {kind: poisson, mean: 1.5}}",
}
SEQUENCE = "    - {deductible: 1500, per: policy_year}\n    - {share: 80%}\n" + YEARLY
TERMS = {"closed": LAYER, "numeric": f"{LAYER}\n{YEARLY}", "sequence": SEQUENCE}
PROFILE = Profile("aged 40", {"age": np.float64(40.0)}, {}, np.ones(1, dtype=np.int64))

every_kind = pytest.mark.parametrize("kind", COUNTS)
NEW = ("binomial", "mixed", "zero_modified")
"""Kinds that no product of the shelf has; the shelf's own laws hold the others."""


def test_every_kind_of_count_is_held_to_the_law():
    assert set(COUNTS) == set(FREQUENCIES)


@pytest.fixture(params=[pytest.param(SMALL, id="small"), SIZES[-1]])
def size(request, monkeypatch):
    """Give what the standard error is multiplied by; a small law has a small pilot."""
    if request.param == SMALL:
        monkeypatch.setattr(annual, "PILOT", replace(annual.PILOT, policies=100))
    return request.param


def laws_of(folder, kind, terms, size, shock=None):
    product = tiny(folder, lines=terms, phone_lines=terms, frequency=COUNTS[kind])
    return law_one_annual(
        product,
        [product.bases["pricing"]],
        [PROFILE],
        SEED,
        share=SHARE * size,
        shock=shock,
        threads=2,
    )


@pytest.mark.parametrize("terms", TERMS)
@every_kind
def test_the_price_is_the_mean_of_the_simulation(tmp_path, kind, terms, size):
    laws = laws_of(tmp_path, kind, TERMS[terms], size)
    methods = {"closed"} if terms == "closed" else {"numeric"}
    assert {law.method for law in laws} == methods
    for law in laws:
        assert law.holds, str(law)
        assert law.sharp, str(law)
        assert law.bound <= 1e-3 * law.expected, str(law)
        for side in (-1.0, 1.0):
            wrong = law.expected * (1.0 + side * OFF * size)
            assert not replace(law, expected=wrong).holds, str(law)


@pytest.mark.parametrize("kind", NEW)
def test_years_with_more_events_than_priced_are_caught(tmp_path, kind, size):
    shock = AnnualShock(frequency={"bike.damage": 1.0 + OFF * size})
    laws = laws_of(tmp_path, kind, LAYER, size, shock)
    assert {law.group for law in laws if not law.holds} == {("bike",)}


@kernel
def policy_counts(risks, process, seed, counts):
    """Count the claims of each policy of the first cell: [year, policy]."""
    key = stream_key(seed, risks.keys[0])
    usual = np.ones(risks.event.size)
    for year in range(counts.shape[0]):
        at, of, _, _ = draw_cell(risks, 0, risks.policies[0], key, year, usual)
        for claim in range(at.size):
            if of[claim] == process:
                counts[year, int(at[claim])] += 1


def counts_of(model, years):
    """Draw the years' claims of the first process as the simulation does."""
    risks = risks_of(model, np.zeros(1))
    counts = np.zeros((years, int(model.cells.policies[0])), dtype=np.int64)
    policy_counts(risks, 0, np.uint64(SEED), counts)
    return counts


@every_kind
def test_each_policy_of_a_group_has_the_count_of_one_and_knows_nothing_of_the_others(
    tmp_path, kind
):
    model = tiny_model(tiny(tmp_path, frequency=COUNTS[kind]), policies=4)
    (count,) = model.collective[0].counts
    years = 10_000
    counts = counts_of(model, years)
    for n in range(4):
        chance = count.probability(n)
        error = np.sqrt(chance * (1.0 - chance) / years)
        assert np.abs((counts == n).mean(axis=0) - chance).max() < 4.5 * error
    between = np.corrcoef(counts.T)[~np.eye(4, dtype=bool)]
    assert np.abs(between).max() < 4.5 / np.sqrt(years)
    both = (counts[:, 0] > 0) & (counts[:, 1] > 0)
    assert abs(both.mean() - count.survival(0) ** 2) < 4.5 * np.sqrt(both.mean() / years)


@every_kind
def test_more_events_leave_the_claims_of_a_year_in_place(tmp_path, kind):
    model = tiny_model(tiny(tmp_path, frequency=COUNTS[kind]), policies=50)
    runs = [
        simulate_annual(model, np.zeros(1), 400, SEED, shock=AnnualShock(frequency=factor))
        for factor in ({}, {"bike.damage": 1.1}, {"bike.damage": 0.0})
    ]
    base, more, none = (run.table.paid[:, 0] for run in runs)
    assert more.sum() > base.sum()
    # whoever has them by an urn: a year's claims are keyed by index, and terms are of the claim
    assert (more >= base - 1e-9).all()
    assert not none.any()


@every_kind
def test_the_same_years_for_any_threads_and_blocks(tmp_path, kind):
    model = tiny_model(tiny(tmp_path, frequency=COUNTS[kind]), policies=50)
    paid = {
        simulate_annual(
            model, np.zeros(1), 300, SEED, execution=Execution.on(threads, block)
        ).table.paid.tobytes()
        for threads in (1, 2)
        for block in (7, 256)
    }
    assert len(paid) == 1


def test_a_scenario_that_a_count_cannot_follow_is_refused_by_price_and_simulation(tmp_path):
    model = tiny_model(tiny(tmp_path, frequency=COUNTS["zero_modified"]))
    shock = AnnualShock(frequency={"bike.damage": 3.0})
    for verb in (
        lambda: simulate_annual(model, np.zeros(1), 10, SEED, shock=shock),
        lambda: changed(model, shock.change),
    ):
        with pytest.raises(BadInput, match=r"bike.damage: zero_modified.none: .*got 0.4 x 3"):
            verb()
