"""When benefits fall within a step, and rates that discount from issue, against a hand."""

import dataclasses

import numpy as np
import pytest

from product_factory.errors import At, BadInput
from product_factory.expressions.tree import Name, Number, Steps
from product_factory.interest import highest_interest
from rating.engines.multistate import Cells, bound, net_premium
from rating.engines.multistate.backward import backward
from rating.engines.multistate.forward import expected
from rating.engines.multistate.value import discount, net_single_premium, pv_expenses
from tests.rating.plain_life import plain, q, table, write_plain
from tests.rating.test_expenses import INSURED, PREMIUM, cell, spending, years
from tests.the_shelf import shipped

HERE = At("test")
CLOSE = 1e-13
SINCE = [(1, "1.0%"), (2, "1.6%"), (3, "2.1%"), (4, "2.5%"), (5, "2.8%"), (6, "3.0%")]


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    rates = table("From issue", "rate", SINCE, key="policy_year: {key: exact, type: integer}")
    return plain(write_plain(tmp_path_factory.mktemp("timing"), **{"tables/since.csv": rates}))


def started(product, step="year"):
    """The pricing basis with benefits at the start of the step."""
    at = product.bases["pricing"]
    grid = at.grid.model_copy(update={"benefits": "start", "step": step})
    return dataclasses.replace(at, grid=grid)


def test_a_benefit_at_the_start_is_worth_a_step_s_interest_more(product):
    for step, per_year in (("year", 1), ("month", 12)):
        end = dataclasses.replace(
            product.bases["pricing"],
            grid=product.bases["pricing"].grid.model_copy(update={"step": step}),
        )
        at_end = net_premium(bound(product, end, cell()))
        at_start = net_premium(bound(product, started(product, step), cell()))
        assert at_start[0] == pytest.approx(at_end[0] * 1.03 ** (1 / per_year), rel=CLOSE)


@pytest.mark.parametrize(
    ("line", "each"), [("claim, amount: 80", 80.0), ("claim_payment, amount: 2%", 0.02 * INSURED)]
)
def test_what_settling_costs_falls_with_the_benefit(product, line, each):
    with_costs = spending(product, f"{{name: one, per: {line}}}")
    at = dataclasses.replace(started(product), expenses=with_costs.basis.expenses)
    model = bound(product, at, cell(), np.array([PREMIUM]))
    by_hand = years(lambda _, alive, dies: alive * dies * each)
    assert pv_expenses(model, expected(model))[0] == pytest.approx(by_hand, rel=CLOSE)


def test_backward_is_worth_what_forward_is_where_benefits_fall_at_the_start(product):
    model = bound(product, started(product, "month"), cell())
    value = backward(model, np.zeros_like(model.within)).first[0, 0]
    assert value == pytest.approx(net_single_premium(model)[0], rel=CLOSE)


def test_a_basis_whose_amounts_read_their_own_step_s_end_pays_at_the_end():
    product = shipped("increasing_whole_life")
    name = product.product.values["cash_value"].basis
    basis = product.bases[name]
    grid = basis.grid.model_copy(update={"benefits": "start"})
    bases = {**product.bases, name: dataclasses.replace(basis, grid=grid)}
    changed = dataclasses.replace(product, bases=bases)
    sold = next(one for one in product.files["quotes"] if one.expect)
    from rating.encode import encode, readers

    risk = encode(readers(product), sold.given)
    cells = Cells({n: risk.columns[n] for n in product.variables})
    with pytest.raises(BadInput, match="expected benefits at the end where an amount reads"):
        bound(changed, changed.bases["pricing"], cells)


def since(product, interest=None):
    rates = interest or Name("since", HERE)
    return dataclasses.replace(product.bases["pricing"], interest=rates, curve="from_issue")


def test_rates_from_issue_discount_each_year_by_its_own(product):
    model = bound(product, since(product), cell())
    wanted = [(1 + float(rate[:-1]) / 100) ** -t for t, (_, rate) in enumerate(SINCE)]
    np.testing.assert_allclose(discount(model), wanted, rtol=CLOSE)
    alive, worth = 1.0, 0.0
    for t in range(5):
        worth += alive * q(50 + t) * INSURED * wanted[t + 1]
        alive *= 1.0 - q(50 + t)
    assert net_single_premium(model)[0] == pytest.approx(worth, rel=CLOSE)
    earned = np.array(wanted[:-1]) / np.array(wanted[1:]) - 1.0
    np.testing.assert_allclose(model.assumed.interest, earned, rtol=1e-11)
    assert highest_interest(product, since(product)) == pytest.approx(earned.max(), rel=1e-11)


def test_one_rate_from_issue_is_the_flat_rate(product):
    one = since(product, Number(0.03, "%", "3%", HERE))
    flat = bound(product, product.bases["pricing"], cell())
    found = bound(product, one, cell())
    np.testing.assert_allclose(discount(found), discount(flat), rtol=CLOSE)


def test_a_table_that_ends_with_the_contract_lacks_the_year_of_its_end(product):
    short = Steps(((1, 0.02),), "policy_year", "test", HERE)
    assert bound(product, since(product, short), cell()).steps == 5  # a schedule goes on
    longer = Cells({**cell(10).columns, "term": np.array([1.0])})
    with pytest.raises(BadInput, match="the table ends in policy year 7: the end of the contract"):
        bound(product, since(product), longer)
