"""Chains: a worked example, published values, laws over random models, a slow textbook."""

from dataclasses import replace

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
    bad = replace(chain, rates=Sheet(rates))
    with pytest.raises(BadValue, match=f"cell 0, step 2: .*{said}"):
        checked(bad)


def test_an_unknown_stream_is_an_error_that_names_the_known_ones():
    with pytest.raises(BadValue, match="death, income, got 'care'"):
        present_value(disability(), "care")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lasts": integers(4)}, "expected lasts from 0 to 3"),
        ({"lasts": integers(-1)}, "expected lasts from 0 to 3"),
        ({"target": integers(1, ENDED, 2, ENDED)}, "expected target from -1 to 1"),
        ({"rate_of": integers(0, 1, 2, 4)}, "expected rate_of from 0 to 3"),
        ({"source": integers(0, 0, 1)}, "expected 4 transitions in source, got 3|expected 3 trans"),
        ({"discount": np.array([0.9, 0.0, 0.9])}, "discount factors above 0"),
        ({"start": np.ones((2, 2))}, "expected start of"),
        ({"per_year": 7}, "steps of"),
        ({"streams": (Stream("x", flow=Sheet(np.ones((1, 1, 3)))),)}, "a flow of 1 or 2 columns"),
        ({"streams": (Stream("x", Sheet(np.ones((1, 1, 1)))),)}, "belong together"),
        ({"streams": (Stream("x", flow_of=integers(0, 0)),)}, "belongs to a flow"),
        (
            {"streams": (Stream("x", flow=Sheet(np.ones((1, 1, 1))), flow_of=integers(0, 1)),)},
            "flow_of names no column",
        ),
        (
            {"streams": (Stream("x", Sheet(np.ones((1, 1, 1))), integers(0, 0, 0, 1)),)},
            "names no column",
        ),
        ({"streams": (Stream("x", flow=Sheet(np.ones((2, 1, 1)))),)}, "expected 1 or 1 rows"),
        (
            {"streams": (Stream("x", flow=Sheet(np.ones((2, 1, 1)), integers(2))),)},
            "expected one of 2 rows",
        ),
        ({"rates": Sheet(np.zeros((1, 1, 4)), scale=np.ones(1))}, "rates have no scale"),
    ],
)
def test_what_does_not_fit_is_an_error_before_any_kernel_reads_it(changed, said):
    chain = replace(disability(), **changed)
    with pytest.raises(BadValue, match=said):
        present_values(chain)
