"""The profit test where payments fall due while the insured lives: what is put aside moves time."""

import numpy as np
import pytest

from rating.engines.multistate.grid import Cells
from rating.profit import Insured, estimated, profit_tested, reserves
from rating.projection import project
from tests.the_shelf import shipped

CHOSEN = {
    "endowment": {"age": 40.0, "sex": 1.0, "term": 1.0, "pay": 2.0, "survival": 1.0},
    "annuity": {"age": 45.0, "sex": 1.0, "annuity_age": 1.0, "pay": 2.0},
}


def insured(name, premium):
    cells = {**CHOSEN[name], "sum_insured": 10_000.0}
    one = Cells({key: np.array([value]) for key, value in cells.items()})
    return Insured(one, np.ones(1), np.array([premium]))


@pytest.mark.parametrize(("name", "premium"), [("endowment", 1_660.0), ("annuity", 24_000.0)])
def test_at_the_rate_that_is_earned_profit_is_worth_the_cash_flow_whatever_is_reserved(
    name, premium
):
    """What a reserve takes it gives back with interest, so that no reserve changes the worth."""
    product, sold = shipped(name), insured(name, premium)
    model = estimated(product, sold)
    held = reserves(product, sold)
    (rate,) = set(model.assumed.interest.tolist())  # level on this basis
    flow = project(model, sold.premiums)
    worth = flow.pv(flow.net_cf)[0]
    for reserve in (held, np.zeros_like(held), held * 3.0):
        found = profit_tested(model, sold, reserve, rate).test.npv
        assert found == pytest.approx(worth, rel=1e-9)


def test_what_fell_due_has_left_the_reserve():
    """From 60 on, at the end of year 15, more is paid on a day than the reserve grows in a year."""
    product, sold = shipped("annuity"), insured("annuity", 24_000.0)
    held = reserves(product, sold)[0]
    assert held[14] > held[15] > held[16] > 0.0
    assert held[-1] == 0.0


def test_the_reserve_of_an_endowment_is_gone_when_the_sum_insured_was_paid():
    held = reserves(shipped("endowment"), insured("endowment", 1_660.0))[0]
    assert held[19] > 9_000.0
    assert held[20] == 0.0
