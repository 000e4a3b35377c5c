"""Policies that walk through a chain: law 1 over random chains, and a slow walk step by step."""

from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadValue
from rating.engines.multistate.chain import ENDED, Chain, Sheet, Stream
from rating.engines.multistate.project import payments, present_values
from sandbox.execution import Execution
from sandbox.kernels.walk import leaves_in, staying
from sandbox.simulate.grouping import Grouping
from sandbox.simulate.walk import walk
from tests.rating.engines.chains import flows, random_chain

RUNS, LIVES, SEED = 40, 500, 20260301
STANDARD_ERRORS = 4.5  # over some two hundred means: one in 300,000 lies beyond


def keys(chain):
    return np.arange(1, chain.cells + 1).astype(np.uint64)


def each(chain, lives=LIVES):
    return np.full(chain.cells, lives)


@pytest.mark.parametrize("states", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("seed", range(4))
def test_the_mean_of_the_walks_is_the_present_value(seed, states):
    chain = random_chain(100 * states + seed, states)
    result = walk(chain, each(chain), RUNS, SEED, keys=keys(chain))
    expected = present_values(chain).sum(axis=0)
    rows = result.paid / LIVES
    error = rows.std(axis=0, ddof=1) / np.sqrt(RUNS)
    assert (np.abs(rows.mean(axis=0) - expected) <= STANDARD_ERRORS * error + 1e-9).all()


def test_three_percent_more_is_not_the_mean_of_the_walks():
    chain = random_chain(303, 3)
    rows = walk(chain, each(chain, 5_000), RUNS, SEED, keys=keys(chain)).paid / 5_000
    error = rows.std(axis=0, ddof=1) / np.sqrt(RUNS)
    wrong = 1.03 * present_values(chain).sum(axis=0)
    paid = wrong != 0.0
    assert paid.any()
    assert (np.abs(rows.mean(axis=0) - wrong) > STANDARD_ERRORS * error)[paid].all()


@pytest.mark.parametrize("seed", range(3))
def test_every_transition_is_taken_as_often_as_it_is_expected(seed):
    chain = random_chain(seed, 4)
    one = Sheet(np.ones((1, 1, 1)))
    count = len(chain.source)
    streams = tuple(
        Stream(str(j), one, np.where(np.arange(count) == j, 0, -1)) for j in range(count)
    )
    chain = replace(chain, streams=streams, discount=np.ones(chain.steps))
    result = walk(chain, each(chain), RUNS, SEED, keys=keys(chain))
    np.testing.assert_array_equal(result.moved, result.paid)
    rows = result.moved / LIVES
    expected = payments(chain).sum(axis=(0, 1))
    # what is rare is a Poisson number: its sample says little of its spread
    error = np.maximum(rows.std(axis=0, ddof=1), np.sqrt(expected / LIVES)) / np.sqrt(RUNS)
    assert (np.abs(rows.mean(axis=0) - expected) <= STANDARD_ERRORS * error).all()


def test_walks_are_those_of_a_slow_walk_step_by_step():
    """The textbook: at every step one uniform number decides; the law of the paths is the same."""
    chain = random_chain(88, 3)
    chain = replace(chain.part(0, 1), lasts=np.array([chain.steps]))
    generator = np.random.default_rng(5)
    rates = chain.rates.full(1, chain.steps)[0]
    stream = chain.streams[0]
    lives = 20_000
    paid = np.zeros(lives)
    amounts = None if stream.amounts is None else stream.amounts.full(1, chain.steps)[0]
    flow = flows(chain, stream)[0]
    start = np.cumsum(chain.starting[0])
    for life in range(lives):
        state, v = int(np.searchsorted(start, generator.random(), side="right")), 1.0
        for k in range(chain.steps + 1):
            paid[life] += v * flow[k, state]
            if k == chain.steps:
                break
            u, reached = generator.random(), 0.0
            v *= chain.discount[k]
            for j in np.flatnonzero(chain.source == state):
                reached += rates[k, chain.rate_of[j]]
                if u < reached:
                    if amounts is not None and stream.amount_of[j] >= 0:
                        paid[life] += v * amounts[k, stream.amount_of[j]]
                    state = chain.target[j]
                    break
            if state == ENDED:
                break
    rows = walk(chain, np.array([1]), lives, SEED, keys=keys(chain)).paid[:, 0]
    error = np.hypot(paid.std(), rows.std()) / np.sqrt(lives)
    assert abs(paid.mean() - rows.mean()) <= STANDARD_ERRORS * error
    assert rows.std() == pytest.approx(paid.std(), rel=0.05)


def test_walks_are_the_same_for_any_threads_and_blocks():
    chain = random_chain(5, 6)
    groupings = {"all": Grouping(("a", "b"), np.arange(chain.cells) % 2)}
    runs = [
        walk(
            chain, each(chain, 20), 33, SEED, keys=keys(chain), groupings=groupings,
            execution=Execution.on(threads, block),
        )
        for threads, block in ((1, 33), (1, 4), (3, 5), (2, 1))
    ]  # fmt: skip
    for run in runs:
        assert run.paid.tobytes() == runs[0].paid.tobytes()
        assert run.moved.tobytes() == runs[0].moved.tobytes()
        assert run.by_segment["all"].tobytes() == runs[0].by_segment["all"].tobytes()
        np.testing.assert_allclose(run.by_segment["all"].sum(axis=1), run.paid, rtol=1e-12)


def test_another_cell_or_policy_moves_no_draw():
    chain = random_chain(9, 4)
    assert chain.cells > 1
    together = walk(chain, each(chain, 3), 5, SEED, keys=keys(chain)).moved
    apart = [
        walk(chain.part(c, c + 1), np.array([3]), 5, SEED, keys=keys(chain)[c : c + 1]).moved
        for c in range(chain.cells)
    ]
    np.testing.assert_array_equal(together, sum(apart))
    more = walk(chain, each(chain, 4), 5, SEED, keys=keys(chain)).moved
    assert (more.sum(axis=1) >= together.sum(axis=1)).all()


def certain(steps):
    """A chain of which every step is certain: from 0 to 1 and back."""
    return Chain(
        states=("here", "there"),
        source=np.array([0, 1]),
        target=np.array([1, 0]),
        rates=Sheet(np.ones((1, 1, 1))),
        rate_of=np.array([0, 0]),
        streams=(Stream("there", flow=Sheet(np.array([[[0.0, 1.0]]]))),),
        discount=np.ones(steps),
        lasts=np.array([steps]),
    )


def test_what_is_certain_happens_at_every_step():
    result = walk(certain(7), np.array([3]), 2, SEED, keys=np.array([1], np.uint64))
    assert result.moved.tolist() == [[12, 9]] * 2
    assert result.paid.tolist() == [[12.0]] * 2


def test_a_chance_of_having_stayed_is_not_lost_to_zero():
    """After 2,000 steps of 99.9% the chance is 1e-6000; who is still there leaves as others do."""
    rates = np.full((1, 4_000, 1), 0.999)
    left, ends = np.zeros((1, 1, 4_000)), np.zeros((1, 1, 4_000), np.int64)
    staying(rates, np.array([0, 1]), np.array([0]), left, ends)
    assert left.min() > 0.0
    uniforms = (np.arange(20_000) + 0.5) / 20_000
    at = np.array([leaves_in(left[0, 0], ends[0, 0], 2_000, 4_000, u) for u in uniforms])
    assert np.mean(at == 2_000) == pytest.approx(0.999, abs=1e-4)
    # the next stretch is reached by the same uniform number
    k = int(ends[0, 0, 0]) - 1
    assert leaves_in(left[0, 0], ends[0, 0], k, 4_000, 0.9) == k
    assert leaves_in(left[0, 0], ends[0, 0], k, 4_000, 0.0009) == k + 1
    assert leaves_in(left[0, 0], ends[0, 0], 3_999, 4_000, 0.0009) == 4_000


def test_cells_without_policies_or_keys_are_an_error():
    chain = random_chain(9, 4)
    with pytest.raises(BadValue, match="expected 3 cells, got 1 and 3"):
        walk(chain, np.array([1]), 1, SEED, keys=keys(chain))


def test_what_is_paid_for_each_premium_paid_is_the_sum_over_numbers_of_premiums():
    """Premiums of 2 are due in the first state; death pays 10 for each unit paid, in both states.

    The textbook keeps the chance of each state with each number of premiums paid.
    """
    steps, waived, dies, v = 6, 0.2, 0.1, 0.95
    chain = Chain(
        states=("paying", "waived"),
        source=np.array([0, 0, 1]),
        target=np.array([1, ENDED, ENDED]),
        rates=Sheet(np.array([[[waived, dies]]])),
        rate_of=np.array([0, 1, 1]),
        streams=(
            Stream("due", flow=Sheet(np.full((1, 1, 1), 2.0)), flow_of=np.array([0, -1])),
            Stream("refund", Sheet(np.full((1, 1, 1), 10.0)), np.array([-1, 0, 0])),
        ),
        discount=np.full(steps, v),
        lasts=np.array([steps]),
    )
    chance, expected = {(0, 0): 1.0}, 0.0
    for k in range(steps):
        then = {}
        for (state, paid), p in chance.items():
            number = paid + (1 if state == 0 else 0)
            expected += p * dies * v ** (k + 1) * 10.0 * 2.0 * number
            moves = p * waived if state == 0 else 0.0
            for target, q in ((state, p * (1 - dies) - moves), (1, moves)):
                then[target, number] = then.get((target, number), 0.0) + q
        chance = then
    result = walk(
        chain, np.array([2_000]), RUNS, SEED, keys=keys(chain), counted={"refund": "due"}
    )  # fmt: skip
    rows = result.paid[:, 1] / 2_000
    error = rows.std(ddof=1) / np.sqrt(RUNS)
    assert error <= 0.005 * expected
    assert abs(rows.mean() - expected) <= STANDARD_ERRORS * error
