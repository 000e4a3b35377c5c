"""The explained recursion: its lines add up, and its values are those of the kernels."""

import json

import numpy as np
import pytest

from rating.cash_flows.flows import cash_flows
from rating.engines.multistate import Cells, bound
from rating.engines.multistate.backward import backward
from rating.engines.multistate.moves import DUE, chained
from rating.engines.multistate.project import values
from rating.engines.multistate.value import net_premium
from rating.page import width
from rating.plan import bind
from rating.quote import quote
from rating.recursion import Recursion, recursion_lines, recursion_told
from tests.rating.engines.test_transitions import on, shelf
from tests.the_command import inside
from tests.the_shelf import shipped

CLOSE = 1e-12
"""Of the largest value on the path."""
CASES = {
    "term_life": {"age": 30, "sex": "M", "sum_insured": 1000000, "term": 20, "pay": 20},
    "critical_illness": {"age": 5, "sex": "M", "sum_insured": 300000, "pay": 20},
    "endowment": None,
    "annuity": {"age": 40, "sex": "M", "annuity_age": 60, "pay": 10, "sum_insured": 12000},
    "increasing_whole_life": None,
}


def case(name):
    """A product with a risk that it sells, and the premium."""
    product = shipped(name)
    given = CASES.get(name)
    if given is None:
        first = next(one for one in product.files["quotes"] if one.expect)
        given = first.given
    price = quote(bind(product), given)
    columns = {n: price.risk.columns[n] for n in product.variables}
    return product, Cells(columns), price.premium


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("net", [True, False])
def test_every_line_adds_up_to_the_value_that_the_kernels_find(name, net):
    product, cells, premium = case(name)
    model = bound(product, product.bases["pricing"], cells, np.array([premium]))
    found = Recursion(model, premium, net=net)
    charged = net_premium(model) if net else np.array([premium])
    spent = None if net else model.assumed.spent["policy"] + model.assumed.spent["sum_insured"]
    share = 0.0 if net else model.assumed.spent["premium"]
    wanted = backward(
        model, charged[:, None] * (1.0 - share * np.ones_like(model.within)), None, spent
    )
    most = np.abs(wanted.first).max()
    got = [found.value(time) for time in range(found.last + 1)]
    np.testing.assert_allclose(got, wanted.first[0, : found.last + 1], rtol=0, atol=CLOSE * most)
    for step in found.steps():
        total = sum(term.amount for term in step.terms)
        assert total == step.value, (step.time, step.state)
        if step.each is not None:
            assert sum(term.amount for term in step.each.terms) == step.each.value


@pytest.mark.parametrize(
    "name", ["term_life", "critical_illness", "endowment", "disability_income"]
)
def test_the_first_value_is_what_the_projection_brings_in(name):
    """Backward with expenses, state by state, against forward."""
    product, cells, premium = case(name)
    model = bound(product, product.bases["best_estimate"], cells, np.array([premium]))
    flows = cash_flows(model, np.array([premium]))
    close = CLOSE * flows.present["pv_premiums"][0]
    value = Recursion(model, premium).value(0)
    assert value == pytest.approx(-flows.present["pv_net_cf"][0], abs=close)


def test_every_state_s_value_is_thiele_s_with_recovery(tmp_path):
    """Disability with recovery by month: both states, at each time, against the chain's kernel."""
    model = on(tmp_path, shelf())
    premium = float(net_premium(model)[0])
    found = Recursion(model, premium, net=True)
    chain = chained(model)
    wanted = sum(values(chain, chain.stream(name)) for name in model.columns)
    wanted = wanted - premium * values(chain, chain.stream(DUE))
    most = np.abs(wanted).max()
    np.testing.assert_allclose(found.plain, wanted[0, : found.last + 1], rtol=0, atol=CLOSE * most)
    told = recursion_told(found, year=2)
    symbols = {term["symbol"] for step in told["steps"] for term in step["terms"]}
    back = "v·q_[60]+1^recovery·₁₊₁⁄₁₂V^" + model.states[0]
    assert back in symbols
    assert {step["state"] for step in told["steps"]} == set(model.states)
    assert max(width(line) for line in recursion_lines(found, year=2)) <= 80


SAID = (
    *("第 5 保单年度，34 岁", "policy year 5, age 34", "  ₄V ", "v·p_[30]+4·₅V"),
    *("v·q_[30]+4^death·S", "减：此时应交的保险费", "less the premium that falls due"),
)


def test_how_long_a_state_has_lasted_is_said_in_words():
    product, cells, premium = case("disability_income")
    model = bound(product, product.bases["best_estimate"], cells, np.array([premium]))
    page = "\n".join(recursion_lines(Recursion(model, premium), year=2))
    assert "状态“有效，失能结束后 4 个月”" in page
    assert "state 'in force, 1 month after disabled ended'" in page
    assert "转入状态“失能，失能时间计为 3 个月”的价值" in page
    assert max(width(line) for line in page.splitlines()) <= 80


ASKED = [f"--set={name}={value}" for name, value in CASES["term_life"].items()]


def test_the_command_tells_it_in_notation_and_in_both_languages():
    run = inside("project", "term_life", *ASKED, "--explain", "--year", "5")
    assert run.returncode == 0, run.stderr
    for part in SAID:
        assert part in run.stdout
    assert max(width(line) for line in run.stdout.splitlines()) <= 80
    told = json.loads(inside("project", "term_life", *ASKED, "--explain", "--json").stdout)
    assert len(told["steps"]) == 21
    for step, after in zip(told["steps"], told["steps"][1:], strict=False):
        assert step["terms"][-1]["factors"][-1] == after["value"]
        total = 0.0
        for term in step["terms"]:
            assert term["amount"] == np.prod(term["factors"])
            total += term["amount"]
        assert total == step["value"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["--explain"], "--explain: expected one point, described by --set, and no file"),
        ([*ASKED, "--explain", "-o", "out.csv"], "--explain: expected one point"),
        ([*ASKED, "--net"], "--net and --year: expected with --explain"),
        ([*ASKED, "--explain", "--year", "21"], "expected a policy year from 1 to 20, got 21"),
        (
            [*ASKED, "--explain", "--basis", "prices"],
            "unknown basis 'prices'; did you mean 'pricing'",
        ),
    ],
)
def test_what_cannot_be_explained_is_one_line(asked, says):
    run = inside("project", "term_life", *asked)
    assert run.returncode == 2
    assert says in run.stderr
    assert run.stderr.count("\n") == 1
