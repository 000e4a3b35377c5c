"""Dependent and independent rates, years and months, forces, improvement, two lives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadValue
from rating.engines.multistate import constant_force, euler, improvement, uniform
from rating.engines.multistate.chain import Chain, Sheet, Stream, checked
from rating.engines.multistate.joint_lives import joint_lives
from rating.engines.multistate.project import occupancy, present_values

ROUND_TRIP = 1e-12  # of a probability
FAMILY = [constant_force, uniform]
rates = st.lists(st.floats(0.0, 0.6), min_size=1, max_size=4).map(np.array)


def ids(module):
    return module.__name__.rpartition(".")[2]


@pytest.mark.parametrize("convention", FAMILY, ids=ids)
@given(alone=rates)
def test_dependent_and_independent_rates_are_each_others_inverse(convention, alone):
    together = convention.dependent(alone)
    assert (together <= alone + ROUND_TRIP).all()
    assert together.sum() == pytest.approx(1.0 - np.prod(1.0 - alone), abs=ROUND_TRIP)
    np.testing.assert_allclose(convention.independent(together), alone, atol=1e-10)


@pytest.mark.parametrize("convention", FAMILY, ids=ids)
@given(alone=rates, parts=st.sampled_from([1, 2, 4, 12]))
def test_the_parts_of_a_year_make_the_year(convention, alone, parts):
    year = convention.dependent(alone)
    left, gone = 1.0, np.zeros_like(year)
    for part in convention.split(year, parts):
        gone += left * part
        left *= 1.0 - part.sum()
    np.testing.assert_allclose(gone, year, atol=ROUND_TRIP)


def test_uniform_decrements_in_their_single_tables_are_the_textbook_s():
    """Bowers et al., chapter 10: q1 = q1' (1 - q2' / 2 - q3' / 2 + q2' q3' / 3)."""
    found = uniform.dependent(np.array([0.1, 0.2, 0.3]))
    assert found[0] == pytest.approx(0.1 * (1 - 0.1 - 0.15 + 0.02), rel=1e-15)


def test_the_associated_rate_of_a_multiple_decrement_table_is_the_textbook_s():
    """Bowers et al., chapter 10: q' = 1 - p^(q_cause / q)."""
    found = constant_force.independent(np.array([0.02, 0.04]))
    assert found[0] == pytest.approx(1 - 0.94 ** (1 / 3), rel=1e-14)


def test_a_month_of_constant_force_is_the_twelfth_root():
    found = constant_force.split(np.array([[0.1], [1.0]]), 12)
    assert found[0, :, 0].tolist() == pytest.approx([1 - 0.9 ** (1 / 12)] * 12, rel=1e-14)
    assert found[1, 0, 0] == 1.0


def test_a_certain_event_that_no_other_goes_with_stays_certain():
    alone = constant_force.dependent(np.array([[0.02, 0.04], [1.0, 0.0]]))
    assert alone[1].tolist() == [1.0, 0.0]
    assert alone[0].sum() == pytest.approx(1 - 0.98 * 0.96, rel=1e-14)


def test_a_month_of_uniform_deaths_is_a_twelfth_of_the_year_s():
    found = uniform.split(np.array([0.12]), 12)[:, 0]
    assert found.tolist() == pytest.approx([0.01 / (1 - m * 0.01) for m in range(12)], rel=1e-14)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: constant_force.dependent(np.array([0.5, 1.0])), "certain event"),
        (lambda: constant_force.independent(np.array([0.5, 0.5])), "leave nobody"),
        (lambda: constant_force.split(np.array([0.5, 1.2]), 12), "0 to 1"),
        (lambda: uniform.dependent(np.array([-0.1])), "0 to 1"),
        (lambda: uniform.independent(np.array([0.7, 0.7])), "no independent rates"),
        (lambda: uniform.split(np.array([0.7, 0.7]), 12), "add up"),
        (lambda: euler.step(np.array([[9.0, 9.0]]), np.array([0, 0]), 0.1), "1.8 in state 0"),
        (lambda: euler.step(np.array([[-9.0]]), np.array([0]), 0.1), "0 or more"),
        (lambda: improvement.improved(np.ones(1), np.ones((1, 1))), "below 100%"),
        (
            lambda: improvement.diagonal(np.ones((3, 2)), np.array([1]), np.array([0]), 3),
            "ends too early",
        ),
    ],
)
def test_what_no_convention_can_turn_is_an_error(act, said):
    with pytest.raises(BadValue, match=said):
        act()


def test_rates_improve_along_the_life_s_own_diagonal_and_stay_where_the_forecast_ends():
    table = improvement.improved(np.array([0.1, 0.2, 0.4]), np.array([[0.5], [0.25], [0.5]]))
    assert table.ravel().tolist() == pytest.approx([0.1, 0.05, 0.2, 0.15, 0.4, 0.2])
    followed = improvement.diagonal(table, np.array([0, 1]), np.array([0, 1]), 2)
    assert followed.ravel().tolist() == pytest.approx([0.1, 0.15, 0.15, 0.2])


@given(q=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30))
def test_two_lives_are_the_product_and_the_union_of_one_another(q):
    first, second = (np.array(column)[None, :] for column in zip(*q, strict=True))
    lives = joint_lives(first, second)
    steps = first.shape[1]
    together = np.array([[[1.0, 0.0, 0.0]]])
    last = np.ones((1, 1, 1))
    chain = checked(
        Chain(
            **vars(lives),
            streams=(Stream("joint", flow=Sheet(together)), Stream("last", flow=Sheet(last))),
            discount=np.full(steps, 1 / 1.05),
            lasts=np.array([steps]),
        )
    )
    x = np.concatenate([[1.0], np.cumprod(1.0 - first[0])])
    y = np.concatenate([[1.0], np.cumprod(1.0 - second[0])])
    v = 1.05 ** -np.arange(steps + 1.0)
    np.testing.assert_allclose(occupancy(chain)[0, :, 0], x * y, atol=ROUND_TRIP)
    expected = [(v * x * y).sum(), (v * (x + y - x * y)).sum()]
    np.testing.assert_allclose(present_values(chain)[0], expected, rtol=1e-13)
