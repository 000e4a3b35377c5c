"""Premiums by target: profit margin, NPV over premium, rate of return, new business value."""

from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from product_factory.errors import BadInput
from rating.engines.multistate import Cells
from rating.engines.multistate.forward import expected
from rating.engines.multistate.value import net_single_premium, pv_expenses, pv_of_premiums
from rating.profit import Insured, estimated, profit_tested, reserves
from rating.steps.technical import Target, Technical
from rating.target import premium_at_target
from tests.rating.plain_life import DEATH, plain, q, write_plain
from tests.rating.tiny_shelf import changed
from tests.the_command import inside

SOLVED = 1e-9
STEP = {"name": "gross_rate", "kind": "technical", "engine": "multistate", "basis": "pricing"}
STEP |= {"gives": "premium_at_target", "axes": ("age",)}
CASH_VALUE = """\
values:
  cash_value: {kind: modified_reserve, basis: cash_value, share: 80%}
"""
SURRENDER = """\
module: life/surrender
version: 1.0.0
title: {zh: 现金价值, en: Cash value}
kind: lump_sum
pays: {event: lapse.surrender, amount: cash_value, then: {ends: contract}}
"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Plain, and the same with a cash value and a death benefit that reads the premiums paid."""
    root = write_plain(
        tmp_path_factory.mktemp("target"), **{"modules/life/surrender.yaml": SURRENDER}
    )
    for name, amount in (
        ("rich", "max(sum_insured, cash_value)"),
        ("back", "sum_insured + premiums_paid"),
    ):
        (root / name).mkdir()
        for file in ("product", "bases", "rating"):
            text = (root / "plain" / f"{file}.yaml").read_text("utf-8")
            (root / name / f"{file}.yaml").write_text(
                text.replace("product: plain", f"product: {name}"), "utf-8"
            )
        changed(
            root,
            f"{name}/product.yaml",
            "life/death@^1, as: death}",
            f"life/{name}@^1, as: death}}\n  - {{use: life/surrender@^1, as: surrender}}",
        )
        with (root / name / "product.yaml").open("a", encoding="utf-8") as file:
            file.write(CASH_VALUE)
        with (root / name / "bases.yaml").open("a", encoding="utf-8") as file:
            file.write("cash_value:\n  inherits: pricing\n  loading: 5%\n")
        module = DEATH.replace("life/death", f"life/{name}").replace(
            "amount: sum_insured", f"amount: {amount}"
        )
        (root / f"modules/life/{name}.yaml").write_text(module, "utf-8")
    return root


@cache
def product_of(shelf, name):
    return plain(shelf, name=name)


def cells(*risks):
    terms, pays = ["5", "10", "20"], ["1", "5", "10"]
    age, term, pay = zip(*risks, strict=True)
    return Cells({
        "age": np.array(age, np.float64),
        "term": np.array([float(terms.index(str(years))) for years in term]),
        "pay": np.array([float(pays.index(str(years))) for years in pay]),
        "sum_insured": np.full(len(risks), 100_000.0),
    })  # fmt: skip


def step(figure, wanted, discount=0.10):
    target = Target.model_construct(
        figure=figure, basis="best_estimate", wanted=wanted, discount=discount
    )
    return Technical.model_construct(**STEP, target=target)


RISKS = ((30, 20, 10), (45, 10, 5), (58, 5, 1))
FIGURES = st.sampled_from(["profit_margin", "npv_over_premium", "irr", "new_business_value"])
WANTED = {"profit_margin": 0.3, "npv_over_premium": 0.5, "irr": 0.6, "new_business_value": 900.0}


def again(product, sold, premium, figure, discount=0.10):
    """Test the profit of one cell at its premium: the verb `profit` does the same."""
    one = Insured(sold, np.ones(1), premium)
    model = estimated(product, one)
    found = profit_tested(model, one, reserves(product, one), discount)
    if figure == "profit_margin":
        return found.test.margin
    if figure == "npv_over_premium":
        return found.test.npv / premium[0]
    if figure == "irr":
        return found.test.irr.rate
    seen = expected(model)
    spent = 1.0 - model.assumed.spent["premium"]
    worth = premium * pv_of_premiums(model, spent, seen) - pv_expenses(model, seen)
    return float((worth - net_single_premium(model, seen))[0])


@given(figure=FIGURES, share=st.floats(0.0, 1.0), name=st.sampled_from(["plain", "rich", "back"]))
@settings(max_examples=12)
def test_the_profit_test_at_the_solved_premium_gives_the_target(shelf, figure, share, name):
    product, wanted = product_of(shelf, name), WANTED[figure] * share
    wanted = 0.05 + wanted if figure == "irr" else wanted
    # reserves that read the premium leave signatures that change their sign twice
    assume(figure != "irr" or name == "plain")
    found = premium_at_target(product, step(figure, wanted), cells(*RISKS))
    for place, risk in enumerate(RISKS):
        reached = again(product, cells(risk), found[place : place + 1], figure)
        scale = 1.0 if figure != "new_business_value" else 1e5
        assert reached == pytest.approx(wanted, abs=SOLVED * scale)


@given(figure=FIGURES, low=st.floats(0.0, 0.9), more=st.floats(0.01, 0.1))
@settings(max_examples=10)
def test_more_is_asked_for_more_is_charged(shelf, figure, low, more):
    product, most = product_of(shelf, "plain"), WANTED[figure]
    first, second = (
        premium_at_target(product, step(figure, 0.05 + most * wanted), cells(*RISKS))
        for wanted in (low, low + more)
    )
    assert (second > first).all()


def test_cells_do_not_disturb_one_another(shelf):
    product = product_of(shelf, "rich")
    together = premium_at_target(product, step("profit_margin", 0.1), cells(*RISKS))
    for place, risk in enumerate(RISKS):
        alone = premium_at_target(product, step("profit_margin", 0.1), cells(risk))
        assert alone[0] == pytest.approx(together[place], rel=1e-11)


@pytest.mark.parametrize("risk", RISKS)
def test_the_margin_is_that_of_a_hand_that_writes_out_every_year(shelf, risk):
    found = premium_at_target(product_of(shelf, "plain"), step("profit_margin", 0.12), cells(risk))
    assert by_hand(found[0], *risk) == pytest.approx(0.12, rel=1e-11)


def by_hand(premium, age, term, pay, insured=100_000.0):
    """Margin at 10%: reserve on 3% and q, best estimate on 4%, 90% of q, 3% surrenders for nothing.

    Expenses as the product's file has them: 100 and 20% of the premium at first, 10 a year, + 2%.
    """
    alive, claims, due = 1.0, 0.0, 0.0
    for year in range(term):
        due += alive * 1.03**-year * (year < pay)
        claims += alive * 1.03 ** -(year + 1) * q(age + year) * insured
        alive *= 1.0 - q(age + year)
    net, held = claims / due, [0.0] * (term + 1)
    for year in reversed(range(term)):
        dies = q(age + year)
        held[year] = (dies * insured + (1.0 - dies) * held[year + 1]) / 1.03 - net * (year < pay)
    npv, income, alive = 0.0, 0.0, 1.0
    for year in range(term):
        charged = premium * (year < pay)
        spent = 10.0 * 1.02**year + (100.0 + 0.2 * charged if year == 0 else 0.0)
        dies = 0.9 * q(age + year)
        stays = (1.0 - dies) * 0.97
        profit = (held[year] + charged - spent) * 1.04 - dies * insured - stays * held[year + 1]
        npv += alive * profit * 1.1 ** -(year + 1)
        income += alive * charged * 1.1**-year
        alive *= stays
    return npv / income


OUT_OF_REACH = [
    (
        "profit_margin",
        0.97,
        r"profit_margin 97% on best_estimate at age 30, .*best 9\d\.\d+%, at a",
    ),
    ("npv_over_premium", 50.0, r"npv_over_premium 5000% .* best \d+\.?\d*%"),
    ("irr", 1e6, r"no premium reaches irr 1e\+08% .* best 530\.715%, at a premium of 557\.05"),
]


@pytest.mark.parametrize(("figure", "wanted", "said"), OUT_OF_REACH)
def test_a_target_out_of_reach_names_the_cell_and_the_best(shelf, figure, wanted, said):
    with pytest.raises(BadInput, match=said):
        premium_at_target(product_of(shelf, "plain"), step(figure, wanted), cells(*RISKS))


RATING = """\
- name: gross_rate
  kind: technical
  engine: multistate
  basis: pricing
  gives: premium_at_target
  target: {figure: profit_margin, basis: best_estimate, is: 5%}
  per: 1000
  at: {sum_insured: 100000}
  axes: [age, term, pay]
- {name: premium, kind: compute, is: gross_rate * sum_insured / 1000}
"""
RISK = ("--set", "age=40", "--set", "term=10", "--set", "pay=5", "--set", "sum_insured=100000")


def test_a_tariff_is_built_at_its_target_and_profit_finds_it_again(tmp_path):
    """As a user: build, quote, profit."""
    root = write_plain(tmp_path, **{"plain/rating.yaml": RATING})
    shelf = ("--shelf", str(root))
    assert inside("build", "plain", *shelf).returncode == 0
    assert inside("quote", "plain", *shelf, *RISK, "--explain").returncode == 0
    found = inside("profit", "plain", *shelf, *RISK)
    assert "margin 5.00% of premiums" in found.stdout, found.stdout + found.stderr


WRONG = [
    ("is: 5%", "is: 97%", "rating.yaml:6:61: gross_rate.target: no premium reaches profit_margin"),
    ("basis: best_estimate", "basis: best_estimat", "unknown basis 'best_estimat'; did you mean"),
    ("gives: premium_at_target", "gives: net_premium", "and the key 'target' belong together"),
    ("  at: {sum_insured: 100000}\n", "", "say 'at: {sum_insured: …}', or make it an axis"),
    ("figure: profit_margin", "figure: profit", "figure: expected"),
    ("is: 5%}", "is: 5%, discount: -100%}", "discount"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_what_is_wrong_with_a_target_is_one_line(tmp_path, old, new, said):
    root = write_plain(tmp_path, **{"plain/rating.yaml": RATING})
    changed(root, "plain/rating.yaml", old, new)
    found = inside("build", "plain", "--shelf", str(root))
    assert found.returncode == 2
    assert said in found.stderr, found.stderr
    assert len(found.stderr.splitlines()) == 1
