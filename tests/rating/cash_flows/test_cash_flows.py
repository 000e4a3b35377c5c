"""The verb `project` on the shelf: flows add up, books lose no row unseen, pages fit."""

import csv
import json

import numpy as np
import pandas as pd
import pytest

from rating.cash_flows import project_points
from rating.cash_flows.flows import cash_flows
from rating.engines.multistate import bound
from rating.engines.multistate.value import net_single_premium, pv_expenses, pv_of_premiums
from rating.page import width
from sandbox.profit.points import points_of
from tests.the_command import inside
from tests.the_shelf import shipped

CLOSE = 1e-12
LONG_TERM = [
    "term_life",
    "critical_illness",
    "increasing_whole_life",
    "endowment",
    "annuity",
    "disability_income",
]
RISK = ["--set=age=30", "--set=sex=M", "--set=term=20", "--set=pay=20", "--set=sum_insured=1000000"]


@pytest.mark.parametrize("name", LONG_TERM)
def test_flows_of_a_portfolio_add_up_and_are_worth_what_the_values_say(name):
    product, basis = shipped(name), "best_estimate"
    points = points_of(product, {}, basis).part(0, 40)
    model = bound(product, product.bases[basis], points.cells, points.premiums)
    found = cash_flows(model, points.premiums)
    of = found.columns
    left = of["premiums"] - of["claims"] - of["expenses"] - of["commissions"]
    np.testing.assert_array_equal(of["net_cf"], left)
    parts = [flow for column, flow in of.items() if column.startswith("claims_")]
    most = of["claims"].max()
    np.testing.assert_allclose(sum(parts), of["claims"], rtol=CLOSE, atol=CLOSE * most)
    states = [flow for column, flow in of.items() if column.startswith("pols_if_")]
    if states:
        np.testing.assert_allclose(sum(states), of["pols_if"], atol=CLOSE)
    worth = {
        "pv_claims": net_single_premium(model),
        "pv_expenses": pv_expenses(model, _expected(model)),
        "pv_commissions": points.premiums * pv_of_premiums(model, model.assumed.spent["premium"]),
    }
    for column, value in worth.items():
        np.testing.assert_allclose(found.present[column], value, rtol=1e-11, atol=1e-6)
    # from the columns alone: what falls due or is spent at t at once, what events bring at t + 1
    v = found.disc_factors
    later = of["claims"] - of["survival_benefits"]
    by_hand = of["survival_benefits"] @ v + later[:, :-1] @ v[1:]
    np.testing.assert_allclose(found.present["pv_claims"], by_hand, rtol=1e-11)


def _expected(model):
    from rating.engines.multistate import expected

    return expected(model)


def test_whom_events_meet_and_who_reach_the_end_are_all_who_began():
    product = shipped("term_life")
    points = points_of(product, {}, "best_estimate").part(0, 40)
    steps: list[int] = []
    done = project_points(product, "best_estimate", [points], progress=steps.append)
    assert sum(steps) == points.size
    of = done.sums.columns
    leave = sum(of[name] for name in ("pols_death", "pols_total_disability", "pols_lapse"))
    np.testing.assert_allclose(
        of["pols_if"][1:], (of["pols_if"] - leave)[:-1] - of["pols_maturity"][1:], atol=1e-12 * 40
    )
    assert (leave + of["pols_maturity"]).sum() == pytest.approx(done.sums.policies, rel=CLOSE)


def test_by_month_as_many_are_left_at_each_year_s_end_as_by_year():
    """The chance to die and then to surrender is that of the year, by constant forces."""
    by_year = json.loads(inside("project", "term_life", *RISK, "--json").stdout)
    by_month = json.loads(inside("project", "term_life", *RISK, "--json", "--months").stdout)
    assert (by_year["step"], by_month["step"]) == ("year", "month")
    for name in ("pols_if", "disc_factors"):
        yearly, monthly = by_year["cash_flows"][name], by_month["cash_flows"][name]
        np.testing.assert_allclose(monthly[::12], yearly, rtol=CLOSE)
    premiums = [told["present_values"]["pv_premiums"] for told in (by_year, by_month)]
    assert premiums[1] == pytest.approx(premiums[0], rel=CLOSE)
    run = inside("project", "term_life", *RISK, "--months", "--explain", "--year", "1")
    assert "第 1 保单年度第 12 月，30 岁  policy year 1, month 12, age 30" in run.stdout
    assert "v·p_[30]+11/12·₁V" in run.stdout


def test_a_row_for_each_point_and_step_adds_up_to_the_portfolio(tmp_path):
    out = tmp_path / "rows.parquet"
    run = inside("project", "term_life", "--by", "point_step", "-o", str(out), "--json")
    told, rows = json.loads(run.stdout), pd.read_parquet(out)
    assert told["policies"] == 20_000
    assert rows["point"].nunique() == told["points"]
    by_time = rows.groupby("t")[["pols_if", "net_cf"]].sum()
    for name in by_time:
        np.testing.assert_allclose(by_time[name], told["cash_flows"][name], rtol=1e-9, atol=1e-3)


def test_the_page_and_the_file_tell_the_same(tmp_path):
    out, data = tmp_path / "out.csv", tmp_path / "out.json"
    run = inside("project", "term_life", *RISK, "-o", str(out))
    assert run.returncode == 0, run.stderr
    assert max(width(line) for line in run.stdout.splitlines()[:-1]) <= 80
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 21
    assert rows[0]["premiums"] == "2456"
    assert f"{float(rows[0]['net_cf']):,.2f}" in run.stdout
    inside("project", "term_life", *RISK, "-o", str(data))
    told = json.loads(data.read_text("utf-8"))
    assert told["cash_flows"]["net_cf"] == [float(row["net_cf"]) for row in rows]
    assert f"{told['present_values']['pv_net_cf']:,.4f}" in run.stdout


BOOK = """\
id,age,sex,sum_insured,term,pay,policy_count
a,30,M,1000000,20,20,2.5
b,thirty,M,1000000,20,20,1
c,30,M,1000000,20,30,1
d,30,M,1000000,20,20,none
e,50,F,500000,10,1,1
f,30,M
"""


def test_rows_that_cannot_be_projected_are_told_with_their_reasons(tmp_path):
    book, out = tmp_path / "book.csv", tmp_path / "out.parquet"
    book.write_text(BOOK, encoding="utf-8")
    run = inside("project", "term_life", "--book", str(book), "--by", "point", "-o", str(out))
    assert run.returncode == 1, run.stderr
    assert "4 rows were left out:" in run.stdout
    assert "  row 2: age: expected an age such as 35, got thirty\n" in run.stdout
    assert pd.read_parquet(out)["point"].tolist() == [1, 5]
    assert pd.read_parquet(out)["policies"].tolist() == [2.5, 1.0]
    with (tmp_path / "out.parquet.rejects.csv").open(encoding="utf-8") as file:
        rejects = {row["row"]: row for row in csv.DictReader(file)}
    assert rejects["2"]["column"] == "age"
    assert rejects["3"]["reason"].startswith("refused by pay_within_term: ")
    assert (rejects["4"]["column"], rejects["4"]["value"]) == ("policy_count", "none")
    assert rejects["6"]["reason"] == "expected 7 cells, got 3"
    alone = json.loads(inside("project", "term_life", *RISK, "--json").stdout)["present_values"]
    found = pd.read_parquet(out)["pv_net_cf"][0]
    assert found == pytest.approx(2.5 * alone["pv_net_cf"], rel=CLOSE)


def test_a_book_without_a_single_good_row_is_no_crash(tmp_path):
    book = tmp_path / "book.csv"
    book.write_text("\n".join(BOOK.splitlines()[:3:2]) + "\n", encoding="utf-8")
    run = inside("project", "term_life", "--book", str(book), "-o", str(tmp_path / "out.csv"))
    assert run.returncode == 1
    assert "0 points" in run.stdout


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["home"], "a projection is of a contract that lasts longer than a year"),
        (["term_life", "--basis", "best"], "bases: unknown basis 'best'"),
        (["term_life", "-o", "out.txt"], "expected a file that ends in .parquet, .csv or .json"),
        (
            ["term_life", "-o", "out.json", "--by", "point"],
            "expected a file that ends in .parquet or .csv",
        ),
        (
            ["term_life", "--by", "point"],
            "--by point: expected a file for its rows, such as -o rows.parquet",
        ),
        (["term_life", "--book", "none.csv"], "there is no such file"),
        (["term_life", "--book", "none.csv", "--set", "age=30"], "--book: expected without --set"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, asked, says):
    run = inside("project", *asked, cwd=tmp_path)
    assert run.returncode == 2
    assert says in run.stderr
    assert run.stderr.count("\n") == 1
