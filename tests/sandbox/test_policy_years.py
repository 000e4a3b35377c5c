"""Run-offs by policy year: they come to the run-offs, to the last life, whoever computes them."""

import csv
import json

import numpy as np
import pytest

from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import discount
from sandbox.by_policy_year import OF_CLAIMS
from sandbox.execution import Execution
from sandbox.measures import Sample
from sandbox.results.html_page import Page
from sandbox.results.policy_years import (
    add_policy_years,
    policy_years_csv,
    policy_years_lines,
    policy_years_told,
)
from sandbox.run import simulate
from tests.sandbox.run_offs import run as protected
from tests.sandbox.shipped import product, small
from tests.the_command import inside

SEED, RUNS, BY = 5, 30, [["policy_year"]]
POLICIES = {"term_life": 60, "long_term_medical": 6}
"""Few where each kind of risk costs a pricing of every year."""


def run(name, runs=RUNS, **how):
    return simulate(product(name), small(name, POLICIES[name]), years=runs, seed=SEED, by=BY, **how)


@pytest.mark.parametrize("name", ["term_life", "long_term_medical"])
def test_years_brought_to_issue_are_the_run_off_of_every_run(name):
    """Both grids are of years: claims fall at a year's end, premiums and expenses at its start."""
    done = run(name)
    found, table = done.details.by_year, done.table
    portfolio = small(name, POLICIES[name])
    model = bound(
        done.product,
        done.product.bases["best_estimate"],
        portfolio.risks,
        portfolio.premiums,
    )
    worth = discount(model)
    assert model.per_year == 1
    assert found.years == model.steps
    assert model.assumed.brought is None
    np.testing.assert_allclose(found.claims @ worth[1:], table.total(), rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(found.premium @ worth[:-1], table.premium, rtol=1e-9)
    planted = found.claims @ worth[:-1]
    assert not np.allclose(planted, table.total(), rtol=1e-3)
    assert table.total().sum() > 0.0


def test_asking_moves_nothing_and_the_horizon_ends_the_years():
    plain = simulate(product("term_life"), small("term_life", 60), years=RUNS, seed=SEED)
    done = run("term_life")
    assert done.table.paid.tobytes() == plain.table.paid.tobytes()
    assert plain.details.by_year is None
    assert not plain.answers.policy_years
    first = run("term_life", horizon=3).details.by_year
    whole = done.details.by_year
    assert first.years == 3
    assert first.claims.tobytes() == np.ascontiguousarray(whole.claims[:, :3]).tobytes()


def test_files_are_the_same_for_any_threads_and_blocks():
    whole = run("long_term_medical", 12).data()
    assert "policy_years.csv" in whole
    for threads, block in ((1, 1), (2, 5)):
        assert run("long_term_medical", 12, execution=Execution.on(threads, block)).data() == whole


def test_each_year_is_measured_in_every_way_it_is_told():
    done = run("term_life")
    found, rows = done.details.by_year, done.answers.policy_years
    assert [row.year for row in rows] == list(range(1, found.years + 1))
    for row in rows[:4]:
        sample = Sample(found.claims[:, row.year - 1])
        assert list(row.claims) == [one.measure(sample) for one in OF_CLAIMS]
        assert row.premium.value == pytest.approx(found.premium[:, row.year - 1].mean())
    assert len([line for line in policy_years_lines(rows) if "±" in line]) == len(rows)
    for language, says in (("zh", "按保单年度"), ("en", "By policy year")):
        page = Page("x", language)
        add_policy_years(page, language, rows)
        assert says in page.html()


def test_a_product_that_contracts_protect_is_told_before_reinsurance():
    rows = run("term_life", 5).answers.policy_years
    assert "reinsurance" not in " ".join(policy_years_lines(rows))
    assert b",none,claims," in policy_years_csv(rows)
    quota = "covers: [death]\ncontracts:\n  - {kind: quota_share, name: q, cession: 90%}\n"
    done = protected(quota, years=5, by=BY)
    gross, told = done.details.by_year.claims[:, 0].mean(), done.answers.policy_years
    assert told[0].claims[0].value == pytest.approx(gross)
    lines = policy_years_lines(told)
    assert lines[1].endswith("each with its error; before reinsurance")
    assert max(map(len, lines[:2])) <= 80
    assert policy_years_lines(told, "zh")[0].endswith("再保险前")
    assert b",before,claims," in policy_years_csv(told)
    assert policy_years_told(told)[0]["reinsurance"] == "before"
    page = Page("x", "en")
    add_policy_years(page, "en", told)
    assert "All of it is before reinsurance." in page.html()


def test_the_verb_writes_a_row_for_each_measure_and_a_rerun_proves_it(tmp_path):
    verb = ("simulate", "term_life", "--years", "10", "--horizon", "2", "--by", "policy_year")
    done = inside(*verb, "--by", "sex", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "another run" not in done.stderr
    assert not (tmp_path / "out" / ".blocks").exists()
    with (tmp_path / "out" / "policy_years.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["policy_year"] for row in rows] == ["1"] * 6 + ["2"] * 6
    answers = json.loads((tmp_path / "out" / "answers.json").read_bytes())
    assert float(rows[0]["value"]) == answers["policy_years"][0]["claims"]["mean"]["value"]
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes())["command"][-6:] == [
        *("--by", "policy_year", "--by", "sex", "--horizon", "2")
    ]
    again = inside("rerun", "out/manifest.json", cwd=tmp_path)
    assert again.stdout.endswith("every byte is the same\n"), again.stdout


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("home", ("--by", "policy_year"), "policy_year alone, of a product of long-term contr"),
        ("term_life", ("--by", "policy_year,sex"), "expected policy_year alone"),
        ("term_life", ("--by", "sex,policy_year"), "got sex, policy_year of term_life"),
        ("term_life", ("--allocate", "{by: [policy_year]}"), "unknown classification 'policy_yea"),
    ],
)
def test_what_has_no_policy_years_is_told(name, options, says):
    done = inside("simulate", name, "--years", "100", *options)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert says in done.stderr
