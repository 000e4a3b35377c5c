"""Laws of chains over random models of 1 to 8 states with recovery, and the slow textbook."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rating.engines.multistate.chain import ENDED, Chain, Sheet, Stream, checked
from rating.engines.multistate.layout import pulls_of
from rating.engines.multistate.project import (
    discounted,
    occupancy,
    payments,
    present_values,
    thiele_residual,
    values,
)
from tests.rating.engines.chains import Textbook, flows, random_chain

OF_LARGEST = 1e-12  # of the largest value on the path: issue 5's acceptance
THIELE = 1e-10  # of the largest value on the path: the same
SAMPLE, ALL = 200, 10_000
seeds = st.integers(0, 2**32 - 1)
one_to_eight = st.integers(1, 8)


def largest(chain, stream):
    """The largest value or payment of a stream on any path."""
    found = float(np.abs(values(chain, stream)).max(initial=0.0))
    for sheet, more in ((stream.amounts, 0), (stream.flow, 1)):
        if sheet is not None:
            full = sheet.full(chain.cells, chain.steps + more)
            found = max(found, float(np.abs(full).max(initial=0.0)))
    return found


def held_against_the_textbook(seed):
    """The worst difference, as a part of the largest value on the path."""
    chain = checked(random_chain(seed))
    alive, paid, pv = occupancy(chain), payments(chain), present_values(chain)
    value = [values(chain, stream) for stream in chain.streams]
    worst = 0.0
    for cell in range(chain.cells):
        book = Textbook(chain, cell)
        end = book.last + 1
        worst = max(worst, np.abs(np.array(book.occupancy())[:, :-1] - alive[cell, :end]).max())
        assert not alive[cell, end:].any()
        for i, stream in enumerate(chain.streams):
            scale = largest(chain, stream)
            gaps = [
                np.abs(np.array(book.payments(i)) - paid[cell, :end, i]).max(),
                abs(book.present_value(i) - pv[cell, i]),
                np.abs(book.values(i)[:, :-1] - value[i][cell, :end]).max(),
            ]
            worst = max(worst, max(gaps) / scale)
    return worst


def test_a_sample_of_random_models_agrees_with_the_textbook():
    assert max(held_against_the_textbook(seed) for seed in range(SAMPLE)) <= OF_LARGEST


@pytest.mark.prove
def test_ten_thousand_random_models_agree_with_the_textbook():
    assert max(held_against_the_textbook(seed) for seed in range(ALL)) <= OF_LARGEST


@given(seed=seeds, states=one_to_eight)
def test_thiele_s_equation_holds_along_every_projection(seed, states):
    chain = random_chain(seed, states)
    for stream in chain.streams:
        residual = thiele_residual(chain, stream, values(chain, stream))
        assert residual <= THIELE * largest(chain, stream)


def test_a_planted_error_breaks_thiele_s_equation():
    chain = random_chain(3)
    chain = replace(chain, lasts=np.full(chain.cells, chain.steps))
    stream = chain.streams[0]
    wrong = values(chain, stream)
    wrong[0, chain.steps // 2, 0] += 1e-8 * largest(chain, stream)
    assert thiele_residual(chain, stream, wrong) > THIELE * largest(chain, stream)


@given(seed=seeds, states=one_to_eight)
def test_the_chances_of_all_states_and_of_having_ended_add_up_to_one(seed, states):
    chain = random_chain(seed, states)
    ends = Stream(
        "ended",
        Sheet(np.ones((1, 1, 1))),
        np.where(chain.target == ENDED, 0, -1),
    )
    chain = replace(chain, streams=(ends,))
    alive, ended = occupancy(chain), np.cumsum(payments(chain)[:, :, 0], axis=1)
    assert (alive >= 0.0).all()
    for cell, last in enumerate(chain.lasts):
        total = alive[cell, : last + 1].sum(axis=1) + ended[cell, : last + 1]
        np.testing.assert_allclose(total, 1.0, atol=OF_LARGEST)


@given(seed=seeds, states=one_to_eight)
def test_forward_and_backward_give_the_same_present_value(seed, states):
    chain = random_chain(seed, states)
    forward = present_values(chain)
    for i, stream in enumerate(chain.streams):
        backward = (chain.starting * values(chain, stream)[:, 0]).sum(axis=1)
        np.testing.assert_allclose(
            forward[:, i], backward, atol=OF_LARGEST * largest(chain, stream)
        )


@given(seed=seeds, states=one_to_eight, at=st.floats(0, 1))
def test_the_retrospective_value_is_the_prospective_one(seed, states, at):
    """Pay at time 0 what a stream is worth: what is left then meets what is expected from then on.

    Accumulated at interest, less what was paid before time k, it is the mean value at time k.
    """
    chain = random_chain(seed, states)
    v, alive, paid, now = (
        discounted(chain),
        occupancy(chain),
        payments(chain),
        present_values(chain),
    )
    for i, stream in enumerate(chain.streams):
        value = values(chain, stream)
        for cell, last in enumerate(chain.lasts):
            k = round(at * last)
            left = (now[cell, i] - (v[:k] * paid[cell, :k, i]).sum()) / v[k]
            # what transitions of step k - 1 pay at time k is paid before the value at time k counts
            on_the_way = paid[cell, k, i] - (alive[cell, k] * flows(chain, stream)[cell, k]).sum()
            expected = (alive[cell, k] * value[cell, k]).sum()
            scale = largest(chain, stream) * max(1.0, 1.0 / v[k])
            assert left - on_the_way == pytest.approx(expected, abs=10 * OF_LARGEST * scale)


@given(seed=seeds, states=one_to_eight, times=st.floats(-3, 3))
def test_a_premium_is_linear_in_the_benefit(seed, states, times):
    chain = random_chain(seed, states)
    stream = chain.streams[0]

    def scaled(sheet, factor):
        if sheet is None:
            return None
        return replace(sheet, scale=factor * sheet.scales(chain.cells))

    more = tuple(
        replace(stream, amounts=scaled(stream.amounts, by), flow=scaled(stream.flow, by))
        for by in (1.0, times, 1.0 + times)
    )
    one, other, both = present_values(replace(chain, streams=more)).T
    assert other == pytest.approx(times * one, rel=1e-12, abs=1e-12 * largest(chain, stream))
    assert both == pytest.approx(one + other, rel=1e-12, abs=1e-11 * largest(chain, stream))


@given(seed=seeds, states=one_to_eight)
def test_a_book_is_its_cells_one_by_one_to_the_bit(seed, states):
    chain = random_chain(seed, states)
    alone = [present_values(chain.part(cell, cell + 1))[0] for cell in range(chain.cells)]
    assert present_values(chain).tobytes() == np.array(alone).tobytes()
    assert present_values(chain, threads=2).tobytes() == np.array(alone).tobytes()


@given(
    q=st.lists(st.floats(0, 1), min_size=1, max_size=80),
    interest=st.floats(0, 0.1),
)
def test_a_chain_of_one_state_is_the_life_table(q, interest):
    """l(x + 1) = l(x) (1 - q); A and ä by their sums; A + d ä = 1 for whole life."""
    years = len(q)
    certain = [*q[:-1], 1.0]
    chain = checked(
        Chain(
            states=("alive",),
            source=np.array([0]),
            target=np.array([ENDED]),
            rates=Sheet(np.array(certain)[None, :, None]),
            rate_of=np.array([0]),
            streams=(
                Stream("death", Sheet(np.ones((1, 1, 1))), np.array([0])),
                Stream("annuity", flow=Sheet(np.ones((1, 1, 1)))),
            ),
            discount=np.full(years, 1.0 / (1.0 + interest)),
            lasts=np.array([years]),
        )
    )
    assert pulls_of(chain).pulls.tolist() == [[0, 1]]  # the fast path: one product a step
    lives = np.concatenate([[1.0], np.cumprod(1.0 - np.array(certain))])
    np.testing.assert_allclose(occupancy(chain)[0, :, 0], lives, rtol=1e-13, atol=1e-300)
    insurance, annuity = present_values(chain)[0]
    assert insurance + interest / (1.0 + interest) * annuity == pytest.approx(1.0, rel=1e-12)


@given(seed=seeds)
def test_a_state_that_nobody_reaches_changes_nothing(seed):
    chain = random_chain(seed, 1)
    streams = tuple(
        replace(s, flow_of=None if s.flow_of is None else np.append(s.flow_of, -1))
        for s in chain.streams
    )
    start = None if chain.start is None else np.pad(chain.start, [(0, 0), (0, 1)])
    wider = replace(chain, states=("state 0", "never"), start=start, streams=streams)
    np.testing.assert_allclose(present_values(wider), present_values(chain), rtol=1e-13, atol=1e-10)
