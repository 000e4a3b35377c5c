"""The shelf's long-term care against a contract written out by months and grades."""

import numpy as np
import pytest

from product_factory.shelf import installed
from product_factory.valued import valued
from rating.engines.multistate import Cells, gross_premium
from rating.engines.multistate.unknowns import bound
from rating.values import Valuing, columns_of
from tests.rating.engines import care_textbook as textbook
from tests.rating.engines import disability_textbook
from tests.rating.engines.one_cell import per_thousand
from tests.the_shelf import shipped

PRODUCTS = installed()
CHOSEN = [
    (40, "M", 35, 20, "to 75", "20"),
    (30, "F", 40, 10, "to 70", "10"),
    (50, "M", 20, 20, "to 70", "20"),
    (50, "F", 25, 10, "to 75", "10"),
]


def life(age, sex, term, pay):
    read = disability_textbook.table
    onsets = read(PRODUCTS / "long_term_care" / "tables" / "care_incidence.csv")
    deaths = read(PRODUCTS / "tables" / "cl_2010_2013.csv", sex)
    return textbook.Life(age, term, pay, deaths, onsets)


def cells(*risk):
    return per_thousand(shipped("long_term_care"), *risk)


@pytest.mark.parametrize(("age", "sex", "years", "pays", "term", "pay"), CHOSEN)
def test_the_gross_premium_is_that_written_out(age, sex, years, pays, term, pay):
    product = shipped("long_term_care")
    model = bound(product, product.bases["pricing"], cells(age, sex, term, pay))
    expected = textbook.gross_premium(life(age, sex, years, pays), 0.02)
    assert gross_premium(model)[0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("name", "state"), [("reserve_moderate", "moderate"), ("reserve_severe", "severe")]
)
def test_the_reserve_of_those_who_enter_a_grade_is_that_written_out(name, state):
    """At the end of years 6 and 25, per 1,000; of those who enter the grade then."""
    product, charged = shipped("long_term_care"), 491.92
    at, one = cells(40, "M", "to 75", "20"), life(40, "M", 35, 20)
    worth = columns_of(Valuing(product, at, np.array([charged])), valued(product)[name])[name][0]
    for year in (6, 25):
        expected = textbook.reserve(one, state, year, 0.02, charged)
        assert worth[year - 1] == pytest.approx(expected, rel=1e-10)
    assert worth[-1] == 0.0, "nothing is owed once the contract has ended"


def test_a_contract_that_ends_early_is_priced_alike_beside_one_whose_table_ends():
    """The years after its end hold a certain death, in a grid as long as the longest contract."""
    product = shipped("long_term_care")
    basis = product.bases["pricing"]
    short = gross_premium(bound(product, basis, cells(50, "M", "to 70", "20")))
    both = {
        name: np.array([values[0], cells(30, "M", "to 75", "20").columns[name][0]])
        for name, values in cells(50, "M", "to 70", "20").columns.items()
    }
    assert gross_premium(bound(product, basis, Cells(both)))[0] == short[0]
