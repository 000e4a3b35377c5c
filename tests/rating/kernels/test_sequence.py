"""Claims paid one after the other, against every sequence of claims written out."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rating.kernels.sequence import gains, step_of

HALF = Fraction(1, 2)
Claim = tuple[Fraction, int, Fraction, int]
"""Its chance, its own cost, the share that is paid, and the slot: -1 where it is no claim."""


@st.composite
def kinds_of_claim(draw) -> list[Claim]:
    weights = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    return [
        (
            Fraction(weight, sum(weights)),
            draw(st.integers(1, 9)),
            draw(st.sampled_from([Fraction(1), HALF])),
            draw(st.sampled_from([0, 1, 1, -1])),
        )
        for weight in weights
    ]


def written_out(claims: list[Claim], deductible: int, limit: Fraction | None, events: int):
    """What the last of some events is paid on average by slot, over all sequences of claims."""
    paid = [Fraction(0), Fraction(0)]
    for sequence in itertools.product(claims, repeat=events):
        chance, left, room = Fraction(1), Fraction(deductible), limit
        value, slot = Fraction(0), -1
        for probability, cost, share, slot in sequence:
            chance *= probability
            value = Fraction(0)
            if slot < 0:
                continue
            taken = min(left, Fraction(cost))
            left -= taken
            value = (cost - taken) * share
            if room is not None:
                value = min(value, room)
                room -= value
        if slot >= 0:
            paid[slot] += chance * value
    return [float(amount) for amount in paid]


def computed(claims: list[Claim], deductible: int, limit: Fraction | None, events: int):
    """The same on a lattice of steps of 1 below the deductible and of a half beyond."""
    weight, cost, share, slot = (
        np.array(column, dtype=float) for column in zip(*claims, strict=True)
    )
    slots = slot.astype(np.int64)
    cost = np.where(slots < 0, 0.0, cost)
    points = 0 if limit is None else int(limit / HALF)
    most = np.inf if limit is None else float(limit)
    step = step_of(
        weight, cost, cost * share, slots, 2, float(deductible), most, deductible, points
    )
    below, after = np.zeros(deductible), np.zeros(points + 1)
    (below if deductible else after)[0] = 1.0
    paid = np.zeros((events, 2))
    stands = np.zeros((events + 1, deductible)), np.zeros((events + 1, points + 1))
    gains(step, below, after, paid, *stands)
    for one, other in zip(*stands, strict=True):
        assert one.sum() + other.sum() == pytest.approx(1.0, abs=1e-12)
    return paid


@given(
    claims=kinds_of_claim(),
    deductible=st.integers(0, 12),
    limit=st.none() | st.integers(1, 20).map(lambda halves: halves * HALF),
)
def test_each_event_is_paid_what_all_sequences_of_claims_are_paid_on_average(
    claims, deductible, limit
):
    paid = computed(claims, deductible, limit, 4)
    for events in range(1, 5):
        expected = written_out(claims, deductible, limit, events)
        assert paid[events - 1] == pytest.approx(expected, abs=1e-12)


def test_a_share_that_stood_before_the_deductible_is_told_apart():
    claims = [(Fraction(1), 8, HALF, 0)]
    after = computed(claims, 10, None, 2)[1][0]
    assert after == pytest.approx((16 - 10) / 2)
    assert after != pytest.approx(16 / 2 - 10)
