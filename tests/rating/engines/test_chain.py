"""Chains: a worked example, published values, laws over random models, a slow textbook."""

import numpy as np
import pytest

from product_factory.errors import BadValue
from rating.engines.multistate.chain import ENDED, Chain, Sheet, Stream, checked
from rating.engines.multistate.project import (
    occupancy,
    payments,
    present_value,
    present_values,
    values,
)


def integers(*places):
    return np.array(places, np.int64)


def disability(years=3):
    """Active and disabled, recovery allowed: by hand below."""
    rates = Sheet(np.array([[[0.1, 0.02, 0.3, 0.04]]]))  # to disabled, death, recovery, death
    death = Stream("death", Sheet(np.array([[[1000.0]]])), integers(-1, 0, -1, 0))
    income = Stream("income", flow=Sheet(np.array([[[0.0, 100.0]]])))
    return Chain(
        states=("active", "disabled"),
        source=integers(0, 0, 1, 1),
        target=integers(1, ENDED, 0, ENDED),
        rates=rates,
        rate_of=integers(0, 1, 2, 3),
        streams=(death, income),
        discount=np.full(years, 0.9),
        lasts=integers(years),
    )


def test_two_years_of_a_disability_model_by_hand():
    chain = checked(disability(2))
    np.testing.assert_allclose(
        occupancy(chain)[0],
        [[1, 0], [0.88, 0.1], [0.88 * 0.88 + 0.1 * 0.3, 0.88 * 0.1 + 0.1 * 0.66]],
        rtol=1e-15,
    )
    death = 0.9 * 20 + 0.81 * (0.88 * 20 + 0.1 * 40)
    income = 0.9 * 10 + 0.81 * 100 * (0.88 * 0.1 + 0.1 * 0.66)
    np.testing.assert_allclose(present_values(chain)[0], [death, income], rtol=1e-14)
    assert payments(chain)[0, 1].tolist() == pytest.approx([20, 10])
    for stream, expected in zip(chain.streams, (death, income), strict=True):
        assert values(chain, stream)[0, 0, 0] == pytest.approx(expected, rel=1e-14)


def test_a_sheet_keeps_once_what_cells_and_steps_share():
    sheet = Sheet(
        np.array([[[1.0], [2.0]], [[3.0], [4.0]]]),
        integers(1, 0),
        integers(0, 0, 1),
        np.ones(2) * 5,
    )
    assert sheet.full(2, 3)[:, :, 0].tolist() == [[15, 15, 20], [5, 5, 10]]


@pytest.mark.parametrize(
    ("rate", "said"),
    [(0.99, "all that leaves 'active' is 1.01"), (-0.1, "rate 0 is -0.1"), (np.nan, "nan")],
)
def test_what_is_no_probability_is_named_with_cell_and_step(rate, said):
    chain = disability()
    rates = np.repeat(chain.rates.values, 3, axis=1)
    rates[0, 2, 0] = rate
    bad = Chain(**{**vars(chain), "rates": Sheet(rates)})
    with pytest.raises(BadValue, match=f"cell 0, step 2: .*{said}"):
        checked(bad)


def test_an_unknown_stream_is_an_error_that_names_the_known_ones():
    with pytest.raises(BadValue, match="death, income, got 'care'"):
        present_value(disability(), "care")
