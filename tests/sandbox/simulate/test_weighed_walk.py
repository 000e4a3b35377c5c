"""Walks as contracts of reinsurance weigh them: by cell, and by the policy year of a payment."""

from dataclasses import replace

import numpy as np
import pytest

from rating.engines.multistate.chain import Chain, Sheet, Stream
from rating.engines.multistate.project import payments
from sandbox.execution import Execution
from sandbox.simulate.walk import walk
from tests.rating.engines.chains import random_chain

RUNS, LIVES, SEED = 40, 500, 20260301
STANDARD_ERRORS = 4.5  # over some hundreds of means


def keys(chain):
    return np.arange(1, chain.cells + 1).astype(np.uint64)


def weights_of(chain, seed, weighings=2):
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (weighings, chain.cells, _streams(chain)))


def _streams(chain):
    return len(chain.streams)


def of_years(expected, chain):
    """The textbook: what falls on the last day of a cell is of the year that ends on it."""
    years = -(-chain.steps // chain.per_year)
    found = np.zeros((chain.cells, years, expected.shape[2]))
    for cell in range(chain.cells):
        for time in range(chain.lasts[cell] + 1):
            # a transition's payment at the end of a step is of the year of that step
            found[cell, max(min(time, chain.lasts[cell] - 1), 0) // chain.per_year] += expected[
                cell, time
            ]
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_weighing_is_the_weighed_sum_of_what_each_cell_is_paid(seed):
    chain = random_chain(200 + seed, 3)
    weights = weights_of(chain, seed)
    lives = np.full(chain.cells, 20)
    done = walk(chain, lives, 5, SEED, keys=keys(chain), weights=weights)
    plain = walk(chain, lives, 5, SEED, keys=keys(chain))
    assert done.paid.tobytes() == plain.paid.tobytes()
    assert done.moved.tobytes() == plain.moved.tobytes()
    assert plain.weighed.shape == (5, 0)
    expected = np.zeros((5, 2))
    for c in range(chain.cells):
        alone = walk(chain.part(c, c + 1), lives[:1], 5, SEED, keys=keys(chain)[c : c + 1])
        expected += alone.paid @ weights[:, c].T
    np.testing.assert_allclose(done.weighed, expected, rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("per_year", [1, 4, 12])
@pytest.mark.parametrize("seed", range(3))
def test_years_add_up_to_all_that_is_weighed(seed, per_year):
    chain = replace(random_chain(300 + seed, 3), per_year=per_year)
    weights = weights_of(chain, seed)
    lives = np.full(chain.cells, 20)
    done = walk(chain, lives, 5, SEED, keys=keys(chain), weights=weights, by_year=True)
    assert done.yearly.shape == (5, -(-chain.steps // per_year), 2)
    np.testing.assert_allclose(done.yearly.sum(axis=1), done.weighed, rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_mean_of_a_year_is_what_is_expected_of_its_payments(seed):
    """Payments of events at a time belong to the step before it, flows to the step after."""
    chain = replace(random_chain(400 + seed, 3), per_year=2)
    chain = replace(chain, discount=np.ones(chain.steps))
    ways = tuple(replace(s, flow=None, flow_of=None) for s in chain.streams)
    due = tuple(replace(s, amounts=None, amount_of=None) for s in chain.streams)
    expected = of_years(payments(replace(chain, streams=due)), chain)
    moved = payments(replace(chain, streams=ways))[:, 1:]
    years = expected.shape[1]
    for step in range(chain.steps):
        expected[:, step // 2] += moved[:, step]
    assert years == -(-chain.steps // 2)
    weights = np.ones((1, chain.cells, _streams(chain)))
    lives = np.full(chain.cells, LIVES)
    rows = walk(chain, lives, RUNS, SEED, keys=keys(chain), weights=weights, by_year=True)
    found = rows.yearly[:, :, 0] / LIVES
    error = found.std(axis=0, ddof=1) / np.sqrt(RUNS)
    apart = np.abs(found.mean(axis=0) - expected.sum(axis=(0, 2)))
    assert (apart <= STANDARD_ERRORS * error + 1e-9).all()


def staying(lasts):
    """Nobody leaves; at time k, k + 1 is paid."""
    flow = Sheet(np.arange(1.0, 11.0).reshape(1, 10, 1))
    return Chain(
        states=("here",),
        source=np.zeros(0, np.int64),
        target=np.zeros(0, np.int64),
        rates=Sheet(np.zeros((1, 1, 1))),
        rate_of=np.zeros(0, np.int64),
        streams=(Stream("all", flow=flow),),
        discount=np.ones(9),
        lasts=np.array(lasts),
        per_year=4,
    )


def test_what_is_due_on_the_last_day_is_of_the_year_that_ends_on_it():
    chain = staying([8, 9, 3])
    weights = np.zeros((3, 3, 1))
    weights[[0, 1, 2], [0, 1, 2]] = 1.0
    done = walk(chain, np.ones(3, np.int64), 1, 1, keys=keys(chain), weights=weights, by_year=True)
    years = done.yearly[0].T.tolist()
    assert years == [[10.0, 35.0, 0.0], [10.0, 26.0, 19.0], [10.0, 0.0, 0.0]]


def test_weighed_walks_are_the_same_for_any_threads_and_blocks():
    chain = random_chain(5, 6)
    weights = weights_of(chain, 1)
    runs = [
        walk(
            chain, np.full(chain.cells, 20), 33, SEED, keys=keys(chain), weights=weights,
            by_year=True, execution=Execution.on(threads, block),
        )
        for threads, block in ((1, 33), (1, 4), (3, 5), (2, 1))
    ]  # fmt: skip
    for run in runs:
        assert run.weighed.tobytes() == runs[0].weighed.tobytes()
        assert run.yearly.tobytes() == runs[0].yearly.tobytes()
