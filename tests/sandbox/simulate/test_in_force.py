"""A book of contracts in force: its run-offs begin at the policy year that each has reached."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from product_factory.columns import width
from product_factory.errors import BadInput
from rating.engines.collective.change import Change
from rating.engines.multistate.forward import expected
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import claims, pv_claims, pv_expenses, pv_of_premiums
from sandbox.adequacy.judge import Wanted, adequacy
from sandbox.execution import ONE_THREAD, Execution
from sandbox.full_report import further, simulated
from sandbox.horizon import first_years
from sandbox.laws.ceded_lives import ceded_life
from sandbox.laws.same import fingerprint
from sandbox.portfolio.book import REJECTED, read_book
from sandbox.portfolio.portfolio import priced
from sandbox.portfolio.risks import Risks
from sandbox.results.html_page import Page
from sandbox.results.policy_years import (
    add_policy_years,
    policy_years_csv,
    policy_years_lines,
    policy_years_told,
)
from sandbox.run import simulate
from sandbox.run_off_protection import run_off_protection
from sandbox.runs import Runs
from sandbox.scenarios import shock_of
from sandbox.simulate.cohort import CohortShock, shocked, simulate_cohort
from tests.sandbox.run_offs import PROGRAMME, under
from tests.sandbox.scenarios.changes import scenario
from tests.sandbox.shipped import product, small

SEED = 20261130
STANDARD_ERRORS = 4.5
RISKS = {
    "age": [30, 45, 48, 45],
    "sex": ["M", "F", "M", "F"],
    "sum_insured": [1_000_000, 500_000, 300_000, 500_000],
    "term": [20, 10, 20, 10],
    "pay": [20, 10, 10, 10],
}
OVER = [0, 4, 13, 9]


def book(folder, name="book.csv", **columns):
    path = folder / name
    pd.DataFrame(RISKS).assign(**columns).to_csv(path, index=False)
    return path


def in_force(made, lives, over, cells):
    """Give policies of the product's own portfolio of which some years are over."""
    own = small(made.name).cells
    columns = {name: column[:cells] for name, column in own.columns.items()}
    nothing = np.zeros((cells, max(1, len(made.items))), np.int64)
    many = np.full(cells, lives)
    risks = Risks(many, columns, {}, nothing, elapsed=np.array(over[:cells]))
    return priced(made, risks, "in force", strict=False)


def run_of(portfolio, basis="best_estimate", runs=60, **options):
    made = portfolio.product
    model = bound(made, made.bases[basis], portfolio.risks, portfolio.premiums)
    found = simulate_cohort(
        model,
        portfolio.cells.policies,
        portfolio.premiums,
        runs,
        SEED,
        keys=portfolio.cells.keys,
        **options,
    )
    return model, found


def near(rows, known, bound_=0.0):
    error = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    return abs(rows.mean(axis=0) - known) <= STANDARD_ERRORS * error + bound_


@pytest.mark.parametrize(
    ("name", "lives"),
    [("term_life", 3_000), ("critical_illness", 600), ("long_term_care", 600), ("annuity", 300)],
)
def test_the_mean_of_the_run_offs_is_the_value_of_the_years_to_come(name, lives):
    """Claims by cover, premiums and expenses, of those who are in force on the day."""
    portfolio = in_force(product(name), lives, [7, 0, 2], 3)
    model, run = run_of(portfolio)
    seen = expected(model)
    worth = pv_claims(model, seen)
    many = portfolio.cells.policies
    for place, column in enumerate(run.table.columns):
        assert near(run.table.paid[:, place], (worth[column] * many).sum()), column
    income = portfolio.premiums * pv_of_premiums(model, np.ones_like(model.within), seen)
    assert near(run.table.premium, (income * many).sum())
    spent = pv_expenses(model, seen) + portfolio.premiums * pv_of_premiums(
        model, model.assumed.spent["premium"], seen
    )
    assert near(run.table.expenses, (spent * many).sum())
    issued = bound(
        model.product, model.basis, replace(portfolio.risks, elapsed=None), portfolio.premiums
    )
    wrong = sum((worth * many).sum() for worth in pv_claims(issued).values())
    assert not near(run.table.total(), wrong)  # nor is it the value of new contracts


def test_events_counted_by_the_year_are_those_of_the_policy_year_that_is_reached():
    portfolio = in_force(product("long_term_medical"), 300, [7], 1)
    model, run = run_of(portfolio, runs=40)
    seen = expected(model)
    worth, many = pv_claims(model, seen), portfolio.cells.policies
    off = sum(float(one.bound.sum()) for one in model.running) * many.max()
    for place, column in enumerate(run.table.columns):
        assert near(run.table.paid[:, place], (worth[column] * many).sum(), off), column


def test_inflation_of_a_scenario_grows_the_years_that_a_horizon_leaves():
    """From the second year to come on."""
    portfolio = in_force(product("long_term_medical"), 1, [7], 1)
    made = portfolio.product
    model = bound(made, made.bases["best_estimate"], portfolio.risks, portfolio.premiums)
    shock = CohortShock(change=Change(inflation=0.05))
    short = shocked(first_years(model, 2), shock)
    for before, after in zip(model.running, short.running, strict=True):
        assert after.amount.shape == (1, 2)
        np.testing.assert_allclose(after.amount[:, 0], before.amount[:, 0], rtol=1e-9)
    medical = zip(short.running, model.running, strict=True)
    grown = [after.amount[:, 1] / before.amount[:, 1] for after, before in medical]
    assert any((one > 1.03).all() for one in grown)


def test_a_book_of_contracts_issued_on_the_day_is_one_without_the_column_to_the_byte(tmp_path):
    (tmp_path / "stated").mkdir()
    plain, stated = book(tmp_path), book(tmp_path / "stated", elapsed_years=0)
    asked = {"years": 60, "by": [("sex",), ("policy_year",)]}
    one, other = (simulate(product("term_life"), path, **asked) for path in (plain, stated))
    assert one.manifest == other.manifest
    assert one.data() == other.data()


def test_contracts_in_force_move_no_draw_of_the_others(tmp_path):
    alone = simulate(product("term_life"), book(tmp_path), years=60, by=[("age", "sex", "term")])
    mixed = book(tmp_path, "mixed.csv", elapsed_years=[0, 0, 13, 0])
    beside = simulate(product("term_life"), mixed, years=60, by=[("age", "sex", "term")])
    one, other = (run.table.by_segment["age, sex, term"] for run in (alone, beside))
    assert one.labels == other.labels
    same = (one.paid == other.paid).all(axis=0)
    assert dict(zip(one.labels, same.tolist(), strict=True)) == {
        label: not label.startswith("48") for label in one.labels
    }


def test_a_book_is_told_by_the_years_that_are_over(tmp_path):
    path = book(tmp_path, elapsed_years=OVER, policy_count=[1, 2, 3, 4])
    run = simulate(product("term_life"), path, years=30, by=[("elapsed_years",)])
    assert run.table.by_segment["elapsed_years"].labels == ("0", "4", "9", "13")
    assert run.portfolio.policies == 10
    assert sorted(run.portfolio.cells.elapsed.tolist()) == sorted(OVER)


def test_years_of_contracts_in_force_are_told_from_the_day_of_the_run(tmp_path):
    by = [("policy_year",)]
    run = simulate(product("term_life"), book(tmp_path, elapsed_years=OVER), years=10, by=by)
    rows = run.answers.policy_years
    head = policy_years_lines(rows)[:2]
    assert head[0].startswith("claims by year from the day of the run")
    assert policy_years_lines(rows, "zh")[0].startswith("按自运行日起各年的赔付")
    assert max(map(width, (*head, *policy_years_lines(rows, "zh")[:2]))) <= 80
    assert policy_years_csv(rows).startswith(b"year_from_run,")
    assert policy_years_told(rows)[0]["years"] == "from the day of the run"
    for language, wrong in (("en", "olicy year"), ("zh", "保单年度")):
        page = Page("x", language)
        add_policy_years(page, language, rows)
        assert wrong not in page.html()
    issued = simulate(product("term_life"), book(tmp_path, "new.csv"), years=10, by=by)
    assert policy_years_lines(issued.answers.policy_years)[0].startswith("claims by policy year")
    assert policy_years_csv(issued.answers.policy_years).startswith(b"policy_year,")


def test_run_offs_of_contracts_in_force_are_the_same_for_any_blocks():
    portfolio = in_force(product("long_term_care"), 40, [3, 0, 1], 3)
    runs = [
        run_of(portfolio, execution=execution)[1] for execution in (ONE_THREAD, Execution.on(2, 7))
    ]
    assert len({fingerprint(run.table) for run in runs}) == 1


def test_a_contract_that_was_waived_of_nothing_has_paid_all_that_was_due():
    """The refund of long-term care is of premiums paid: those before the day are counted."""
    portfolio = in_force(product("long_term_care"), 2_000, [15], 1)
    model, run = run_of(portfolio, basis="pricing")
    place = run.table.columns.index("death")
    assert near(run.table.paid[:, place], pv_claims(model)["death"][0] * 2_000)
    forgotten = replace(model, begun=replace(model.begun, paid=np.zeros(1)))
    assert not near(run.table.paid[:, place], pv_claims(forgotten)["death"][0] * 2_000)


def test_years_of_the_results_and_of_scenarios_are_those_to_come():
    portfolio = in_force(product("term_life"), 3_000, [7, 0, 2], 3)
    model, run = run_of(portfolio, by_year=True)
    first = sum(
        paid[:, 0] @ portfolio.cells.policies for paid in claims(model, expected(model)).values()
    )
    assert near(run.by_year.claims[:, 0], first)
    short = simulate(portfolio.product, portfolio, years=60, seed=SEED, horizon=1)
    rows = short.table.total()
    discounted = run.by_year.claims[:, 0] * model.assumed.discounts[0]
    np.testing.assert_allclose(rows, discounted, rtol=1e-9)
    change = "{kind: rate, event: mortality.death, times: 300%, policy_year: {at_most: 1}"
    worse = simulate(
        portfolio.product, portfolio, years=60, seed=SEED, horizon=1, scenario=scenario(change)
    )
    assert 2.0 < worse.table.paid[:, 0].sum() / short.table.paid[:, 0].sum() < 4.0


PROPORTIONAL = PROGRAMME[: PROGRAMME.index("  - - {kind: stop_loss")]


def test_reinsurance_takes_its_part_of_the_years_to_come():
    """Against means that need no random numbers; at risk, above the cash value of the year."""
    made = under("term_life", PROPORTIONAL)
    portfolio = in_force(made, 4_000, [6], 1)
    model = bound(made, made.bases["best_estimate"], portfolio.risks, portfolio.premiums)
    cover = run_off_protection(portfolio, model)
    known = ceded_life(model, cover, float(portfolio.premiums[0]))
    _, run = run_of(portfolio, ceding=cover.ceding)
    _, settled = cover.settled(run)
    for place, name in enumerate(settled.contracts):
        assert near(settled.ceded[:, place] / 4_000, known.recovered[name].value, 1e-3), name
        assert near(settled.premium[:, place] / 4_000, known.premium[name].value, 1e-3), name
    assert known.net.value > 0.0


BAD = [
    ("-1", "expected 0 to 129, got -1"),
    ("2.5", "expected a whole number, got 2.5"),
    ("", "expected 0 to 129, got nothing"),
    ("10", "expected less than 10, the term, got 10"),
    ("40", "expected less than 10, the term, got 40"),
]


@pytest.mark.parametrize(("value", "reason"), BAD)
def test_a_bad_value_rejects_its_row_and_says_why(tmp_path, value, reason):
    path = book(tmp_path, elapsed_years=["0", value, "13", "9"])
    found = read_book(product("term_life"), path)
    assert (found.policies, found.left_out) == (3, {REJECTED: 1})
    (reject,) = found.rejects
    assert (reject.row, reject.column, reject.value) == (2, "elapsed_years", value)
    assert reject.reason == reason
    assert reject.reason_zh.startswith("应")


def test_contracts_of_a_year_have_no_years_that_are_over(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text("age,sex,ssi,deductible,elapsed_years\n30,M,member,10000,2\n", "utf-8")
    with pytest.raises(BadInput, match=r"expected no column 'elapsed_years': .* lasts a year"):
        read_book(product("million_medical"), path)


def test_the_rate_is_not_judged_by_contracts_in_force(tmp_path):
    path = book(tmp_path, elapsed_years=OVER)
    made = product("term_life")
    runs = Runs(made, read_book(made, path), 20, SEED, ONE_THREAD)
    with pytest.raises(BadInput, match="expected contracts at issue"):
        adequacy(runs, Wanted(0.9, 0.0, "best_estimate"))


def test_a_full_report_of_contracts_in_force_judges_no_rate(tmp_path, monkeypatch):
    monkeypatch.setattr("sandbox.full_report.fitting", lambda _: ())
    run = simulate(product("term_life"), book(tmp_path, elapsed_years=OVER), years=10)
    assert simulated(run) == 0
    beside = further(run, "en")
    assert (len(beside.sections), dict(beside.plots)) == (1, {})


def test_a_scenario_of_new_business_leaves_contracts_in_force_as_many(tmp_path):
    made = product("term_life")
    mixed = read_book(made, book(tmp_path, elapsed_years=OVER, policy_count=100))
    more = shock_of(scenario("{kind: volume, times: 130%"), made).portfolio(mixed)
    old = mixed.cells.elapsed > 0
    assert old.sum() == 3
    assert (more.cells.policies[old] == mixed.cells.policies[old]).all()
    assert more.cells.policies[~old].tolist() == [130]
