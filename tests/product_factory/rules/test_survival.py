"""Survival benefits as rules see them: when the first falls due, how much falls due in a year."""

import numpy as np
import pytest

from product_factory.rules.judge import outcome
from product_factory.rules.load import rules_for
from tests.product_factory.rules.conftest import made, stated

YEARLY = ("cell", "policy_year")


@pytest.fixture(scope="module")
def endowment(tmp_path_factory):
    return stated(made(tmp_path_factory.mktemp("shelf"), "endowment"))


@pytest.fixture(scope="module")
def annuity(tmp_path_factory):
    return stated(made(tmp_path_factory.mktemp("shelf"), "annuity"))


def test_the_first_survival_benefit_is_that_of_the_cover_and_maturity_is_none(endowment):
    """Without the optional cover the sum insured at the end of the term is all that is paid."""
    rows = endowment.rows[("cell",)]
    chosen = rows.names["survival"].values == 1.0
    first = rows.columns["survival_from"].values
    assert chosen.any()
    assert (first[chosen] == 5.0).all()
    assert np.isinf(first[~chosen]).all()


def test_what_falls_due_at_an_anniversary_is_of_the_year_that_ends_then(endowment):
    """5% of the least sum insured, 10,000, at the ends of years 5 to 19; not maturity, in 20."""
    rows = endowment.rows[YEARLY]
    cell = {"age": 30, "sex": 0, "term": 1, "pay": 2, "survival": 1}
    meant = np.all([rows.names[name].values == value for name, value in cell.items()], axis=0)
    paid = rows.columns["survival_benefit"].values[meant]
    assert paid.tolist() == [0.0] * 4 + [500.0] * 15 + [0.0]


def test_an_annuity_begins_at_its_age(annuity):
    rows = annuity.rows[("cell",)]
    ages = np.array([55.0, 60.0, 65.0])[rows.names["annuity_age"].values.astype(int)]
    first = rows.columns["survival_from"].values
    assert (first == ages - rows.names["age"].values).all()
    yearly = annuity.rows[YEARLY]
    began = (
        yearly.columns["attained_age"].values + 1.0
        >= np.array([55.0, 60.0, 65.0])[yearly.names["annuity_age"].values.astype(int)]
    )
    last = yearly.columns["attained_age"].values == 105.0
    paid = yearly.columns["survival_benefit"].values
    assert (paid[began & ~last] == 1_000.0).all()
    assert (paid[~began] == 0.0).all()


EARLY = (
    "annuity/product.yaml",
    "require: age + 5 <= annuity_age",
    "require: age + 3 <= annuity_age",
)
DEAR = ("endowment/product.yaml", "share: 5%", "share: 40%")


@pytest.mark.parametrize(
    ("name", "change", "rule"),
    [("annuity", EARLY, "cn/survival_first"), ("endowment", DEAR, "cn/survival_share")],
)
def test_an_early_or_a_dear_survival_benefit_fails_its_rule_and_no_other(
    tmp_path, name, change, rule
):
    product = made(tmp_path, name, change)
    facts = stated(product)
    results = {
        one.rule: outcome(one, facts, product.on).result
        for one in rules_for(product)
        if one.rule in {"cn/survival_first", "cn/survival_share"}
    }
    assert [name for name, result in results.items() if result == "failed"] == [rule]
