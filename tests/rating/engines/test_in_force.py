"""A model of contracts in force is the model of their issue, from a later day on."""

from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadInput
from product_factory.expressions.tree import Steps
from product_factory.inflation import price_level
from rating.engines.multistate import Cells, bound
from rating.engines.multistate.backward import backward
from rating.engines.multistate.faster import grown_faster
from rating.engines.multistate.moves import chained
from rating.engines.multistate.project import values
from rating.engines.multistate.value import net_single_premium, pv_claims
from tests.sandbox.shipped import product, small

LONG_TERM = (
    "annuity",
    "critical_illness",
    "disability_income",
    "endowment",
    "increasing_whole_life",
    "long_term_care",
    "term_life",
)
OVER = np.array([0, 1, 4])
CLOSE = 1e-11


def cells_of(name, elapsed=None):
    portfolio = small(name)
    columns = {n: column[: len(OVER)] for n, column in portfolio.cells.columns.items()}
    return Cells(columns, elapsed), portfolio.premiums[: len(OVER)]


def both(name, basis="best_estimate", **change):
    """Give the model of the issue, and that of the day on which some years are over."""
    made, (cells, premium) = product(name), cells_of(name)
    assumed = replace(made.bases[basis], **change)
    late = replace(cells, elapsed=OVER)
    return bound(made, assumed, cells, premium), bound(made, assumed, late, premium)


@pytest.mark.parametrize("name", LONG_TERM)
def test_what_is_to_come_is_worth_the_prospective_value_of_the_policy_year(name):
    """Thiele's recursion from the end of the contract back, in whatever state clocks have led to.

    The interest of the shelf is level, and expenses are not in it.
    """
    issued, late = both(name)
    nothing = np.zeros_like(issued.within)
    states = tuple(range(len(issued.states)))
    worth = backward(issued, nothing, kept=states).kept
    cell, first = np.arange(len(OVER)), OVER * issued.per_year
    known = worth[late.begun.state, cell, first]
    assert (known > 0.0).all()
    np.testing.assert_allclose(net_single_premium(late), known, rtol=CLOSE)


def test_of_no_year_over_it_is_the_model_of_the_issue_to_the_bit():
    made, (cells, premium) = product("long_term_care"), cells_of("long_term_care")
    basis = made.bases["best_estimate"]
    issued = bound(made, basis, cells, premium)
    late = bound(made, basis, replace(cells, elapsed=np.zeros(len(OVER), np.int64)), premium)
    assert issued.begun is None
    for one, other in zip(issued.ways, late.ways, strict=True):
        for paid, same in zip(one.payments, other.payments, strict=True):
            assert np.array_equal(paid.amount, same.amount)
    for kind, amount in issued.assumed.spent.items():
        assert np.array_equal(amount, late.assumed.spent[kind])
    for column, worth in pv_claims(issued).items():
        assert np.array_equal(worth, pv_claims(late)[column])


def test_premiums_that_were_due_before_the_day_are_counted():
    issued, late = both("long_term_care")
    cell, first = np.arange(len(OVER)), OVER * issued.per_year
    np.testing.assert_array_equal(
        late.begun.paid, issued.paid[cell, first] - issued.due[cell, first]
    )
    steps = issued.per_year * 3
    for one, over in enumerate(first.tolist()):
        np.testing.assert_array_equal(late.paid[one, :steps], issued.paid[one, over : over + steps])


def test_expenses_grow_from_the_day_and_not_from_the_issue():
    """The upkeep of term life: 30 a year, which grows by 2.5%."""
    late = both("term_life")[1]
    lasts = late.within.sum(axis=1).astype(int)
    for one, steps in enumerate(lasts.tolist()):
        found = late.assumed.spent["policy"][one, 1:steps]
        known = [30.0 * 1.025**year for year in range(1, steps)]
        np.testing.assert_allclose(found, known, rtol=1e-12)
    assert late.assumed.spent["policy"][1, 0] == 30.0  # what it costs to issue it is spent


def test_faster_growth_is_that_of_the_years_to_come():
    """1% more from the second year to come on: (1 + 3.5%) / (1 + 2.5%) each year."""
    late = both("term_life")[1]
    level = grown_faster(late, {"policy": np.full(late.within.shape, 0.01)})["policy"]
    for one, steps in enumerate(late.within.sum(axis=1).astype(int).tolist()):
        known = [(1.035 / 1.025) ** year for year in range(steps)]
        np.testing.assert_allclose(level[one, 1:steps], known[1:], rtol=1e-12)


def test_losses_grow_from_the_day_and_not_from_the_issue():
    """Against a basis whose inflation begins as many years later as are over."""
    made, (cells, premium) = product("long_term_medical"), cells_of("long_term_medical")
    cells, premium = (
        Cells({name: column[:1] for name, column in cells.columns.items()}),
        premium[:1],
    )
    basis = made.bases["best_estimate"]
    over = 6
    late = bound(made, basis, replace(cells, elapsed=np.array([over])), premium)
    level = price_level(made, basis, 130)
    rates = [0.0] * (over + 1) + (level[1:] / level[:-1] - 1.0).tolist()
    rows = tuple((float(year), rate) for year, rate in enumerate(rates, 1))
    said = replace(basis, inflation=Steps(rows, "policy_year", "moved", basis.at))
    issued = bound(made, said, cells, premium)
    for one, other in zip(issued.running, late.running, strict=True):
        known = one.amount[:, over * issued.per_year :]
        np.testing.assert_allclose(other.amount[:, : known.shape[1]], known, rtol=1e-9)
        assert not other.amount[:, known.shape[1] :].any()


def test_interest_is_of_the_years_to_come():
    """A rate of 5% for two years and 1% after them."""
    at = product("term_life").bases["best_estimate"].at
    path = Steps(((1.0, 0.05), (3.0, 0.01)), "policy_year", "a path", at)
    issued, late = both("term_life", interest=path)
    found, chain = pv_claims(late), chained(issued)
    for one, first in enumerate(OVER.tolist()):
        moved = np.concatenate([np.ones(first), issued.assumed.discounts])[: issued.steps]
        since = replace(chain, discount=moved)
        for column in late.columns:
            known = values(since, since.stream(column))[one, first, 0]
            assert found[column][one] == pytest.approx(known, rel=CLOSE)


@pytest.mark.parametrize("starts", [False, True])
def test_benefits_at_the_start_are_worth_the_interest_of_the_years_to_come(starts):
    made = product("term_life")
    basis = made.bases["best_estimate"]
    grid = basis.grid.model_copy(update={"benefits": "start"} if starts else {})
    path = Steps(((1.0, 0.05), (3.0, 0.01)), "policy_year", "a path", basis.at)
    issued, late = both("term_life", interest=path, grid=grid)
    worth = 1.0 / late.assumed.discounts if starts else np.ones(late.steps)
    old = 1.0 / issued.assumed.discounts if starts else np.ones(issued.steps)
    for one, over in enumerate(OVER.tolist()):
        sold = issued.ways[0].payments[0].amount[one] / old
        found = late.ways[0].payments[0].amount[one] / worth
        np.testing.assert_allclose(found[:5], sold[over : over + 5], rtol=CLOSE)


def test_a_contract_of_which_no_year_is_left_is_an_error_that_names_it():
    made, (cells, premium) = product("increasing_whole_life"), cells_of("increasing_whole_life")
    late = replace(cells, elapsed=np.array([0, 100, 0]))
    with pytest.raises(BadInput, match=r"elapsed_years: expected less than \d+, the policy years"):
        bound(made, made.bases["best_estimate"], late, premium)
