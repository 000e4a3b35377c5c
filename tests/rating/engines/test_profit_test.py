"""The profit test: a published example, then laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadValue
from rating.engines.multistate.profit_test import (
    internal_rate,
    net_present_value,
    payback,
    profit_test,
)


def example(**changed):
    q = np.array([0.010, 0.012, 0.014])
    given_ = {
        "premiums": np.full(3, 140.0),
        "expenses": np.full(3, 1.5),
        "claims": 10_000.0 * q,
        "staying": 1.0 - q,
        "reserves": np.array([0.0, 50.0, 85.0, 0.0]),
        "interest": np.full(3, 0.05),
        "risk_discount": 0.10,
        "acquisition": 10.0,
    }
    return profit_test(**(given_ | changed))


def test_the_example_of_issue_5_is_reproduced_to_every_printed_digit():
    """Issue 5, acceptance: vector, NPV and IRR of the signature, and the NPV of the vector."""
    found = example()
    assert found.vector.round(9).tolist() == [-10.0, -4.075, -6.055, 94.675]
    assert f"{found.npv:.2f}" == "50.92"
    assert found.irr.rate is not None
    assert f"{found.irr.rate:.1%}" == "88.4%"
    assert f"{net_present_value(found.vector, 0.10):.2f}" == "52.42"


def test_margin_payback_and_strain_of_the_example_by_hand():
    found = example()
    income = 140 * (1 + 0.99 / 1.1 + 0.99 * 0.988 / 1.21)
    assert found.margin == pytest.approx(found.npv / income, rel=1e-14)
    assert found.payback == 3
    assert found.strain == pytest.approx(10 + 4.075 + 0.99 * 6.055, rel=1e-14)
    assert found.irr.said == "the only rate"


def test_without_premiums_there_is_no_margin_and_without_profit_no_payback():
    found = example(premiums=np.zeros(3))
    assert found.margin is None
    assert found.payback is None
    assert found.irr.rates == ()
    assert found.irr.said == "no rate: the signature never changes its sign"


def test_several_rates_of_return_are_all_given_and_none_is_chosen():
    """-1000, 2600, -1680 over two years: x² - 2.6 x + 1.68 has the roots 1.2 and 1.4."""
    found = internal_rate(np.array([-1000.0, 2600.0, -1680.0]))
    assert [round(rate, 12) for rate in found.rates] == [0.2, 0.4]
    assert found.rate is None
    assert found.said == "several rates: 20.0000%, 40.0000%"


def test_a_signature_that_touches_nothing_has_no_rate_though_its_sign_changes():
    found = internal_rate(np.array([-1.0, 1.0, -1.0]))
    assert found.rates == ()
    assert found.said.startswith("no rate between -99.99%")


@given(
    loss=st.floats(1, 1e6),
    gains=st.lists(st.floats(1, 1e6), min_size=1, max_size=30),
)
def test_a_loss_before_gains_has_one_rate_at_which_it_is_worth_nothing(loss, gains):
    flows = np.array([-loss, *gains])
    rate = internal_rate(flows).rate
    if rate is None:  # beyond the range that is searched
        assert net_present_value(flows, 1e4) > 0.0 or net_present_value(flows, -0.9999) < 0.0
        return
    above, below = (net_present_value(flows, rate + step) for step in (1e-9, -1e-9))
    assert below >= 0.0 >= above or abs(net_present_value(flows, rate)) <= 1e-9 * flows.sum()


@given(reserve=st.lists(st.floats(0, 1e4), min_size=2, max_size=2))
def test_at_the_rate_that_reserves_earn_their_level_does_not_move_the_value(reserve):
    free = example(risk_discount=0.05, reserves=np.array([0.0, *reserve, 0.0]))
    none = example(risk_discount=0.05, reserves=np.zeros(4))
    assert free.npv == pytest.approx(none.npv, rel=1e-9, abs=1e-9)


def test_payback_is_the_year_from_which_on_nothing_is_owed():
    assert payback(np.array([-1.0, 2.0, -3.0, 5.0]), 0.0) == 3
    assert payback(np.array([-1.0, 2.0]), 0.0) == 1
    assert payback(np.array([1.0, 0.0]), 0.0) == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reserves": np.zeros(3)}, "reserves: expected 4 years"),
        ({"risk_discount": -1.0}, "above -100%"),
        ({"staying": np.full(3, 1.1)}, "staying of 0 to 1"),
    ],
)
def test_what_does_not_fit_is_an_error(changed, said):
    with pytest.raises(BadValue, match=said):
        example(**changed)
