"""Products bound to the engine: the textbook of two of them, and what cannot be solved."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory.errors import BadInput
from rating.engines.multistate import Cells, bound, cash_values, gross_premium
from rating.engines.multistate.backward import backward
from rating.engines.multistate.forward import expected
from rating.engines.multistate.moves import DUE, chained
from rating.engines.multistate.project import present_values, values
from rating.engines.multistate.root import RESIDUAL, bracketed
from rating.engines.multistate.unknowns import Contract
from rating.engines.multistate.value import annuity, net_premium, net_single_premium, pv_claims
from tests.rating.engines.slow_contracts import (
    critical_illness,
    endowment,
    endowment_values,
    increasing,
    pension,
)
from tests.the_shelf import shipped

pytestmark = pytest.mark.long

TEXTBOOK = 1e-10
"""Two orders of the same sums, and two ways of closing in on a premium."""


def cells(product, *risks):
    """Cells from (age, sex, pay), per 1,000."""
    pays = product.variables["pay"].type.of
    age, sex, pay = zip(*risks, strict=True)
    return Cells({
        "age": np.array(age, np.float64),
        "sex": np.array(["MF".index(word) for word in sex], np.float64),
        "pay": np.array([pays.index(str(years)) for years in pay], np.float64),
        "sum_insured": np.full(len(risks), 1000.0),
    })  # fmt: skip


ILLNESS, WHOLE_LIFE = shipped("critical_illness"), shipped("increasing_whole_life")
ENDOWMENT, PENSION = shipped("endowment"), shipped("annuity")


@given(st.integers(0, 55), st.sampled_from("MF"), st.sampled_from([10, 20]))
@settings(max_examples=2, deadline=None)
def test_critical_illness_is_the_textbook(age, sex, pay):
    at = bound(ILLNESS, ILLNESS.bases["pricing"], cells(ILLNESS, (age, sex, pay)))
    benefits, due, returned, premium = critical_illness(age, sex, pay)
    found = [float(value[0]) for value in (net_single_premium(at), annuity(at), at.premium)]
    # benefits read the premium, so that what they are worth holds the premiums returned
    for got, wanted in zip(found, (benefits + premium * returned, due, premium), strict=True):
        assert math.isclose(got, wanted, rel_tol=TEXTBOOK)


@given(
    st.tuples(st.integers(0, 65), st.sampled_from("MF"), st.sampled_from([1, 3, 5, 10, 20])).filter(
        lambda risk: risk[0] + risk[2] <= 66
    )
)
@settings(max_examples=4, deadline=None)
def test_increasing_whole_life_is_the_textbook(risk):
    found = cells(WHOLE_LIFE, risk)
    contract = Contract(WHOLE_LIFE, found)
    premium, benefits, due, _, cash = increasing(*risk)
    at = bound(WHOLE_LIFE, WHOLE_LIFE.bases["pricing"], found)
    assert math.isclose(contract.premium()[0], premium, rel_tol=TEXTBOOK)
    assert math.isclose(net_single_premium(at)[0], benefits, rel_tol=TEXTBOOK)
    assert math.isclose(annuity(at)[0], due, rel_tol=TEXTBOOK)
    np.testing.assert_allclose(cash_values(WHOLE_LIFE, found)[0], cash[1:], rtol=1e-9, atol=1e-8)


def risk_of(product, age, sex, pay, **chosen):
    """One cell with the product's other choices by their words, per 1,000."""
    one = cells(product, (age, sex, pay)).columns
    places = {
        name: np.array([float(product.variables[name].type.of.index(str(word)))])
        for name, word in chosen.items()
    }
    return Cells({**one, **places})


@given(
    st.tuples(
        st.integers(18, 60),
        st.sampled_from("MF"),
        st.sampled_from([10, 20, 30]),
        st.sampled_from([1, 5, 10, 20]),
    ).filter(lambda risk: risk[0] + risk[2] <= 80 and risk[3] <= risk[2])
)
@settings(max_examples=6, deadline=None)
def test_an_endowment_is_the_textbook(risk):
    age, sex, term, pay = risk
    found = risk_of(ENDOWMENT, age, sex, pay, term=term)
    premium, deaths, maturity, due = endowment(*risk)
    at = bound(ENDOWMENT, ENDOWMENT.bases["pricing"], found)
    parts = pv_claims(at)
    for got, wanted in (
        (at.premium, premium),
        (parts["death"], deaths),
        (parts["maturity"], maturity),
        (annuity(at), due),
    ):
        assert math.isclose(got[0], wanted, rel_tol=TEXTBOOK)
    cash = endowment_values(*risk, premium)[2]
    kept = cash_values(ENDOWMENT, found, np.array([premium]))[0]
    np.testing.assert_allclose(kept, cash[1:], rtol=1e-9, atol=1e-8)


@given(
    st.tuples(
        st.integers(18, 60),
        st.sampled_from("MF"),
        st.sampled_from([55, 60, 65]),
        st.sampled_from([1, 5, 10, 20]),
    ).filter(lambda risk: risk[0] + max(risk[3], 5) <= risk[2])
)
@settings(max_examples=4, deadline=None)
def test_a_pension_is_the_textbook(risk):
    age, sex, annuity_age, pay = risk
    found = risk_of(PENSION, age, sex, pay, annuity_age=annuity_age)
    premium, annuities, rest, deaths, due, _, cash = pension(*risk)
    at = bound(PENSION, PENSION.bases["pricing"], found)
    parts = pv_claims(at)
    for got, wanted in (
        (at.premium, premium),
        (parts["annuity"], annuities + rest),
        (parts["death"], deaths),
        (annuity(at), due),
    ):
        assert math.isclose(got[0], wanted, rel_tol=TEXTBOOK)
    kept = cash_values(PENSION, found, np.array([premium]))[0]
    np.testing.assert_allclose(kept, cash[1:], rtol=1e-9, atol=1e-8)


@pytest.mark.parametrize("product", [ILLNESS, WHOLE_LIFE], ids=lambda one: one.name)
def test_the_premium_solves_its_own_equation(product):
    """What premiums leave is worth what benefits are, to the stated residual."""
    risks = cells(product, (0, "F", 20), (17, "M", 10), (30, "M", 20), (46, "F", 10))
    at = bound(product, product.bases["pricing"], risks)
    again = gross_premium(at)
    assert np.all(np.abs(again - at.premium) <= 2 * RESIDUAL * at.premium * 10)


@pytest.mark.parametrize("product", [ILLNESS, WHOLE_LIFE], ids=lambda one: one.name)
@pytest.mark.parametrize("basis", ["pricing", "cash_value"])
def test_forward_backward_and_the_kernels_of_a_chain_agree(product, basis):
    """Kolmogorov forward, Thiele backward, and the chain's kernels: one value of what is paid."""
    at = bound(product, product.bases[basis], cells(product, (20, "F", 10), (44, "M", 10)))
    seen = expected(at)
    worth = sum(pv_claims(at, seen).values())
    back = backward(at, np.zeros_like(at.within)).first[:, 0]
    chain = chained(at)
    kernels = dict(zip([s.name for s in chain.streams], present_values(chain).T, strict=True))
    due = kernels.pop(DUE)
    np.testing.assert_allclose(back, worth, rtol=1e-11)
    np.testing.assert_allclose(sum(kernels.values()), worth, rtol=1e-11)  # nobody is below 18
    np.testing.assert_allclose(due, annuity(at, seen), rtol=1e-11)


@pytest.mark.parametrize("basis", ["pricing", "best_estimate", "cash_value"])
@pytest.mark.parametrize(
    ("product", "chosen"), [(ENDOWMENT, {"term": 20}), (PENSION, {"annuity_age": 60})]
)
def test_payments_while_alive_are_the_same_forward_backward_and_by_the_kernels(
    product, chosen, basis
):
    at = bound(product, product.bases[basis], risk_of(product, 40, "F", 10, **chosen))
    worth = pv_claims(at)
    back = backward(at, np.zeros_like(at.within)).first[0, 0]
    chain = chained(at)
    kernels = dict(zip([s.name for s in chain.streams], present_values(chain)[0], strict=True))
    for column, value in worth.items():
        assert math.isclose(kernels[column], value[0], rel_tol=1e-11)
    assert math.isclose(back, sum(worth.values())[0], rel_tol=1e-11)


def test_what_is_returned_of_waived_contracts_is_the_same_forward_and_backward():
    at = bound(ILLNESS, ILLNESS.bases["pricing"], cells(ILLNESS, (3, "M", 10), (16, "F", 20)))
    assert any(p.each is not None for way in at.ways for p in way.payments)
    worth = sum(pv_claims(at).values())
    back = backward(at, np.zeros_like(at.within)).first[:, 0]
    np.testing.assert_allclose(back, worth, rtol=1e-11)


def test_the_reserve_of_a_contract_of_many_states_is_the_chains_value():
    at = bound(ILLNESS, ILLNESS.bases["pricing"], cells(ILLNESS, (35, "F", 20)))
    chain = chained(at)
    net = net_premium(at)
    paid = sum(values(chain, s)[0, :, 0] for s in chain.streams if s.name != DUE)
    due = values(chain, chain.stream(DUE))[0, :, 0]
    reserve = backward(at, np.repeat(net[:, None], at.steps, axis=1)).first[0]
    np.testing.assert_allclose(reserve, paid - net[0] * due, atol=1e-9)
    assert abs(reserve[0]) < 1e-9


def test_a_monthly_basis_credits_waiting_periods_and_gaps():
    """Best estimate: 90 days are 3 steps, 180 days are 6; leaving them out costs more."""
    risk = cells(ILLNESS, (40, "M", 20))
    basis = ILLNESS.bases["best_estimate"]
    credited = bound(ILLNESS, basis, risk)
    pricing = ILLNESS.bases["pricing"]
    generous = dataclasses.replace(basis, leaves_out=pricing.leaves_out)
    assert len(credited.states) == 112
    assert len(bound(ILLNESS, generous, risk).states) == 12
    less, more = pv_claims(credited), pv_claims(bound(ILLNESS, generous, risk))
    for cover in ("severe", "mild", "moderate"):
        assert 0.9 < less[cover][0] / more[cover][0] < 1.0
    waiting = [w for w in credited.ways if w.event == "critical_illness.mild"]
    assert all(w.holds is not None and not w.holds[:, :3].any() for w in waiting)
    yearly = dataclasses.replace(basis, grid=pricing.grid)
    with pytest.raises(BadInput, match="90 days, no whole number of its steps of a year"):
        bound(ILLNESS, yearly, risk)


def test_cells_of_a_solved_premium_do_not_disturb_one_another():
    risks = [(40, "M", 5), (0, "F", 20), (60, "F", 3)]
    together = Contract(WHOLE_LIFE, cells(WHOLE_LIFE, *risks)).premium()
    alone = [Contract(WHOLE_LIFE, cells(WHOLE_LIFE, risk)).premium()[0] for risk in risks]
    assert together.tolist() == alone


def test_a_premium_that_is_infinite_is_an_error_that_names_the_cell():
    with pytest.raises(BadInput, match=r"no premium pays .* age 65, sex M, pay 20"):
        Contract(WHOLE_LIFE, cells(WHOLE_LIFE, (40, "M", 5), (65, "M", 20))).premium()


def test_a_share_that_reads_the_cash_value_is_a_cycle_that_is_printed():
    declared = WHOLE_LIFE.product.values["cash_value"]
    from product_factory.expressions.tree import Name

    share = declared.model_copy(update={"share": Name("cash_value", declared.at)})
    sold = WHOLE_LIFE.product.model_copy(update={"values": {"cash_value": share}})
    circular = dataclasses.replace(WHOLE_LIFE, product=sold)
    with pytest.raises(BadInput, match="cash_value → share → cash_value"):
        cash_values(circular, cells(WHOLE_LIFE, (40, "M", 5)))


@given(
    st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=5),
    st.floats(-3.0, 3.0),
)
def test_a_root_is_found_to_its_residual(roots, bend):
    wanted = np.array(roots)

    def residual(x):
        y = x / wanted
        return (y - 1.0) * (1.0 + np.exp(bend * np.minimum(y, 3.0))), 1.0 + y

    found, none = bracketed(residual, np.full(len(roots), 1.0), 0.02)
    assert not none.any()
    np.testing.assert_allclose(found, wanted, rtol=1e-10)


def test_where_there_is_no_root_it_says_so():
    found, none = bracketed(lambda x: (-np.ones_like(x), np.ones_like(x)), np.ones(2))
    assert none.all()
    assert found.shape == (2,)
