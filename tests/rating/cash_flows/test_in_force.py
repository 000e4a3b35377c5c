"""A book of contracts in force is projected from the policy year that each has reached."""

import numpy as np
import pytest

from product_factory.errors import BadInput
from rating.cash_flows.book import book_points
from rating.cash_flows.project import basis_of, projected
from rating.engines.multistate import bound
from rating.engines.multistate.value import pv_claims, total
from rating.plan import bind
from tests.sandbox.shipped import product

HEAD = "age,sex,sum_insured,term,pay,elapsed_years,policy_count\n"
CLOSE = 1e-12


def points_of(folder, text):
    path, lost = folder / "book.csv", []
    path.write_text(HEAD + text, encoding="utf-8")
    (points,) = book_points(bind(product("term_life")), path, lost.extend)
    return points, lost


def test_a_book_is_worth_what_the_engine_says_of_its_contracts_in_force(tmp_path):
    points, lost = points_of(tmp_path, "45,M,500000,20,10,12,60\n45,M,500000,20,10,0,1\n")
    assert not lost
    basis = basis_of(product("term_life"), "best_estimate")
    ((_, flows),) = projected(product("term_life"), basis, [points])
    model = bound(product("term_life"), basis, points.cells, points.premiums)
    worth = total(pv_claims(model), 2)
    np.testing.assert_allclose(flows.present["pv_claims"], worth, rtol=CLOSE)
    assert flows.columns["pols_if"][:, 0].tolist() == [1.0, 1.0]
    assert flows.columns["pols_if"][0, 8:].tolist() == [0.0] * 13  # eight years are left
    assert not flows.columns["premiums"][0].any()  # its ten premiums are paid
    alone = points_of(tmp_path, "45,M,500000,20,10,0,1\n")[0]
    ((_, same),) = projected(product("term_life"), basis, [alone])
    assert same.present["pv_net_cf"][0] == flows.present["pv_net_cf"][1]


@pytest.mark.parametrize(
    ("value", "reason"),
    [("20", "expected less than 20, the term, got 20"), ("-1", "expected 0 to 129, got -1")],
)
def test_a_row_without_a_year_left_is_told(tmp_path, value, reason):
    points, lost = points_of(tmp_path, f"45,M,500000,20,10,3,1\n45,M,500000,20,10,{value},1\n")
    assert points.number.tolist() == [1]
    assert [(one.row, one.column, one.reason) for one in lost] == [(2, "elapsed_years", reason)]


def test_another_word_for_the_column_is_told(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text(HEAD.replace("elapsed_years", "elapsed_year") + "45,M,500000,20,10,3,1\n")
    with pytest.raises(BadInput, match="unknown column 'elapsed_year'; did you mean"):
        list(book_points(bind(product("term_life")), path, lambda _: None))
