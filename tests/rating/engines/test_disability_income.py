"""The shelf's disability income against a contract written out by months disabled."""

import numpy as np
import pytest

from product_factory.shelf import installed
from product_factory.valued import valued
from rating.engines.multistate import gross_premium
from rating.engines.multistate.unknowns import bound
from rating.values import Valuing, columns_of
from tests.rating.engines import disability_textbook as textbook
from tests.rating.engines.one_cell import per_thousand
from tests.the_shelf import shipped

PRODUCTS = installed()
CHOSEN = [
    (30, "M", 30, 20, "to 60", "20"),
    (40, "F", 20, 20, "20", "20"),
    (50, "M", 10, 10, "to 60", "10"),
]


def life(age, sex, term, pay):
    own = PRODUCTS / "disability_income" / "tables" / "disability_incidence.csv"
    deaths = textbook.table(PRODUCTS / "tables" / "cl_2010_2013.csv", sex)
    return textbook.Life(age, term, pay, deaths, textbook.table(own))


def cells(*risk):
    return per_thousand(shipped("disability_income"), *risk)


@pytest.mark.parametrize(("age", "sex", "years", "pays", "term", "pay"), CHOSEN)
def test_the_gross_premium_is_that_written_out(age, sex, years, pays, term, pay):
    product = shipped("disability_income")
    model = bound(product, product.bases["pricing"], cells(age, sex, term, pay))
    expected = textbook.gross_premium(life(age, sex, years, pays), 0.02)
    assert gross_premium(model)[0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("name", "months"), [("reserve_disabled", 12), ("reserve_long_disabled", 60)]
)
def test_the_reserve_of_the_disabled_is_that_written_out(name, months):
    """At the end of policy years 6 and 15, per 1,000; what falls due that day is still owed."""
    product = shipped("disability_income")
    at, one = cells(30, "M", "to 60", "20"), life(30, "M", 30, 20)
    worth = columns_of(Valuing(product, at, np.array([222.12])), valued(product)[name])[name][0]
    found = textbook.sums(one, 1.02 ** (-1 / 12))
    net = (found.benefits + found.returned * 222.12) / found.premiums
    for year in (6, 15):
        expected = textbook.claim_reserve(one, year, months, 0.02, net)
        assert worth[year - 1] == pytest.approx(expected + 1_000.0, rel=1e-10)
    assert np.isnan(worth[: months // 12 - 1]).all()
    assert worth[-1] == pytest.approx(1_000.0), "the last income falls due on the last day"
