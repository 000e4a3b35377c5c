"""What claims are paid in simulations is what they are paid in `claim`, to the last bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba.core.errors import TypingError

from rating.engines.collective.annual import annual_model
from rating.kernels import settle as plain
from rating.kernels.account import open_account
from rating.kernels.compiled import settle_compiled
from rating.kernels.jit import borrower
from rating.payout import CONTEXT
from sandbox.laws.annual import cells_of
from tests.sandbox.home_profiles import HOME, PROFILES

MODEL = annual_model(HOME, HOME.bases["pricing"], cells_of(HOME, PROFILES[0], 1))
PLAN = MODEL.payout
EVENTS = tuple(range(len(PLAN.events)))


def compiled(plan, claims, account, registers, amount, trace):
    """Settle with the compiled kernel, in room that is made here."""
    passing = np.empty((amount.size, 2), dtype=np.int64)
    return settle_compiled(plan, claims, account, registers, amount, trace, passing)


class Contract:
    """One contract of home: its balances, and its events settled by one of the two."""

    def __init__(self, settle) -> None:
        self.settle = settle
        self.account = open_account(PLAN.arrays, len(PLAN.items))

    def pay(self, present, cause, events) -> bytes:
        """Settle events of one date; every figure that comes out, as bytes."""
        claims = plain.Claims(
            event=np.array([event for event, _ in events], dtype=np.int64),
            facts=np.array([MODEL.cells.columns[name][0] for name in PLAN.facts]),
            item_facts=np.array([MODEL.cells.item_columns[name][0] for name in PLAN.item_facts]),
            present=np.array(present, dtype=np.int64),
            marks=np.full((len(events), len(PLAN.marks)), np.nan),
            item_marks=np.full((len(events), len(PLAN.item_marks), len(PLAN.items)), np.nan),
            context=np.zeros((len(events), len(CONTEXT))),
        )
        claims.marks[:, PLAN.marks.index("cause")] = cause
        claims.item_marks[:, PLAN.item_marks.index("damage")] = [damage for _, damage in events]
        shape = (len(events), PLAN.slots)
        registers = np.zeros((*shape, PLAN.arrays.registers.shape[1]))
        amount = np.zeros(shape)
        trace = np.full((*shape, len(PLAN.stages)), -1.0)
        ended = self.settle(PLAN.arrays, claims, self.account, registers, amount, trace)
        figures = (amount, trace, *self.account, claims.item_marks)
        return b"|".join([bytes([ended]), *(one.tobytes() for one in figures)])


damages = st.one_of(st.floats(0.0, 1.0), st.sampled_from([0.0, 1.0, 2.5e-4, np.nan]))
events = st.tuples(st.sampled_from(EVENTS), st.tuples(damages, damages))
years = st.lists(st.lists(events, min_size=1, max_size=3), min_size=1, max_size=6)


@given(
    year=years,
    present=st.sampled_from([(1, 1), (1, 0), (0, 1)]),
    cause=st.sampled_from([0.0, 1.0]),
)
def test_compiled_and_plain_pay_a_year_of_events_alike(year, present, cause):
    """Several dates, several events a date, balances used up on the way."""
    one, other = Contract(plain.settle), Contract(compiled)
    for date in year:
        assert one.pay(present, cause, date) == other.pay(present, cause, date)


def test_a_sum_insured_is_used_up_alike():
    one, other = Contract(plain.settle), Contract(compiled)
    fire = PLAN.events.index("fire.occurrence")
    for _ in range(4):
        paid = one.pay((1, 1), 0.0, [(fire, (0.4, 0.4))])
        assert paid == other.pay((1, 1), 0.0, [(fire, (0.4, 0.4))])
    limit = PLAN.arrays.stages.shape[0] - 1
    assert one.account.used[limit, 1:].tolist() == [1_500_000.0, 200_000.0]


def test_a_borrower_that_makes_an_array_is_refused():
    def makes(x):
        return np.zeros(3) + x

    with pytest.raises(TypingError, match="array"):
        borrower(makes)(1.0)
