"""lifelib's BasicTerm_M as a product of this language, projected by the verb."""

import json

import numpy as np
import pandas as pd
import pytest

import cli
from product_factory.assemble import assemble
from product_factory.shelf import open_shelf
from rating.engines.multistate import Cells, bound
from rating.engines.multistate.value import pv_claims
from rating.projection import by_year, project
from sandbox.simulate.cohort import CohortShock, shocked, simulate_cohort
from tests.rating.cash_flows.basic_term import model as basic
from tests.the_command import inside

TEXTBOOK = 1e-12


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    root = basic.write_shelf(tmp_path_factory.mktemp("basic_term"))
    built = inside("build", "basic_term", "--shelf", str(root))
    assert built.returncode == 0, built.stderr
    return root


@pytest.fixture(scope="module")
def product(shelf):
    return assemble(open_shelf(shelf), "basic_term", cli.language())


def projected(shelf, *asked):
    run = inside("project", "basic_term", "--shelf", str(shelf), "--json", *asked)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_10_000_points_of_lifelib_give_its_own_sum_to_every_printed_digit(shelf, tmp_path):
    book = basic.write_book(tmp_path / "points.csv", basic.rows())
    told = projected(shelf, "--book", str(book))
    assert (told["points"], told["rejected"], told["step"]) == (10_000, 0, "month")
    assert f"{told['present_values']['pv_net_cf']:.4f}" == basic.PV_NET_CF


def test_tables_and_points_are_those_of_the_package():
    pytest.importorskip("lifelib", reason="lifelib is a peer: it is installed for `make bench`")
    pytest.importorskip("openpyxl", reason="its tables are xlsx")
    from tests.benchmarks.lifelib import package

    for ours, theirs in zip(
        (basic.points()[0], basic.points()[2], basic.points()[3]), package.points(), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)
    tables, base = package.tables(), basic.read("mort_table")
    factor, spot = basic.read("select_factor"), basic.read("disc_rate_ann")
    mortality = tables["mort_table"].cells["rate"].reshape(-1, 6)
    for age, rate in base.items():
        wanted = [rate * factor[year] for year in range(1, 7)]
        np.testing.assert_allclose(wanted, mortality[age - 18], rtol=1e-14)
    assert [*spot.values()] == tables["disc_rate_ann"].cells["rate"][: len(spot)].tolist()


@pytest.mark.parametrize("place", [0, 1, 4, 21])
def test_every_flow_of_a_point_is_that_of_a_slow_textbook(shelf, place):
    row = basic.rows(place + 1)[place]
    told = projected(shelf, *(f"--set={name}={value}" for name, value in row.items()))
    wanted = basic.by_hand(row["age"], row["term"], row["sum_insured"])
    for name, flow in wanted.items():
        most = np.abs(flow).max()
        found = told["cash_flows"][name]
        np.testing.assert_allclose(found, flow, rtol=TEXTBOOK, atol=TEXTBOOK * most, err_msg=name)
    for name in ("premiums", "claims", "expenses", "commissions", "net_cf"):
        worth = wanted[name] @ wanted["disc_factors"]
        close = pytest.approx(worth, abs=TEXTBOOK * told["present_values"]["pv_premiums"])
        assert told["present_values"][f"pv_{name}"] == close


def test_a_book_is_the_same_to_the_bit_in_every_form_and_by_point_adds_up(shelf, tmp_path):
    book = basic.write_book(tmp_path / "points.csv", basic.rows(1_300))
    frame = pd.read_csv(book, dtype={"term": str, "pay": str})
    frame.to_parquet(tmp_path / "points.parquet")
    out = tmp_path / "by_point.parquet"
    as_text = projected(shelf, "--book", str(book))
    other = str(tmp_path / "points.parquet")
    as_columns = projected(shelf, "--book", other, "--by", "point", "-o", str(out))
    assert as_text["cash_flows"] == as_columns["cash_flows"]
    assert as_text["present_values"] == as_columns["present_values"]
    rows = pd.read_parquet(out)
    assert rows["point"].tolist() == list(range(1, 1_301))
    for name, worth in as_text["present_values"].items():
        assert rows[name].sum() == pytest.approx(worth, rel=1e-9)


def cells(product, count=3):
    age, sex, term, insured = basic.points(count)
    place = np.searchsorted(basic.TERMS, term).astype(np.float64)
    named = {"age": age, "sex": sex, "sum_insured": insured}
    columns = {name: column.astype(np.float64) for name, column in named.items()}
    return Cells({**columns, "term": place, "pay": place})


def test_law_one_holds_where_benefits_fall_at_the_start_and_rates_discount_from_issue(product):
    at = bound(product, product.bases["best_estimate"], cells(product, 1))
    run = simulate_cohort(at, np.array([2_000]), np.zeros(1), 300, 5, keys=np.ones(1, np.uint64))
    paid = run.table.paid[:, run.table.columns.index("death")] / 2_000
    error = paid.std(ddof=1) / np.sqrt(len(paid))
    expected = pv_claims(at)["death"][0]
    assert error < 0.03 * expected
    assert abs(paid.mean() - expected) <= 4.0 * error


def test_a_shock_of_interest_moves_discounts_and_not_what_a_benefit_at_the_start_pays(product):
    at = bound(product, product.bases["best_estimate"], cells(product))
    moved = shocked(at, CohortShock(interest_add=0.01))
    flows = {name: project(one, np.ones(3)) for name, one in (("at", at), ("moved", moved))}
    nominal = [one.claims["death"] * one.v[None, :] for one in flows.values()]
    np.testing.assert_allclose(*nominal, rtol=1e-13)
    spot = np.array(list(basic.read("disc_rate_ann").values()))
    month = np.arange(moved.steps + 1)
    worth = (1.01 + spot[month // 12]) ** (-month / 12)
    np.testing.assert_allclose(moved.assumed.discounts, worth[1:] / worth[:-1], rtol=1e-13)


def test_policy_years_are_worth_what_their_months_are(product):
    at = bound(product, product.bases["best_estimate"], cells(product, 1))
    flows = project(at, np.array([100.0]))
    yearly = by_year(flows, np.ones(1))
    worth = np.concatenate([[1.0], np.cumprod(flows.v)])[::12]
    for starts, steps in (
        (yearly.premiums, flows.premiums),
        (yearly.expenses, flows.expenses + flows.commissions),
    ):
        assert starts @ worth[:-1] == pytest.approx(flows.pv(steps)[0], rel=1e-12)
    ended = flows.pv(flows.all_claims, at_end=True)[0]
    assert yearly.claims @ worth[1:] == pytest.approx(ended, rel=1e-12)
    grown = np.cumprod(1.0 / (1.0 + at.assumed.interest))
    np.testing.assert_allclose(grown, worth[1:], rtol=1e-13)
