"""A history of groups: exposure is in policies, events and sizes are those of their members."""

import csv

import numpy as np
import pytest

from rating.engines.collective.annual import annual_model
from sandbox.backtest.frequency import year_total
from sandbox.backtest.history import CLAIMS, HISTORY
from sandbox.backtest.judge import by_row
from sandbox.portfolio.book import read_book
from sandbox.studies import Asked, study
from tests.rating.test_aggregate_groups import RATE
from tests.sandbox.simulate.group_draws import GROUPS, works

YEARS = range(2020, 2026)
POLICIES = dict(zip(GROUPS, (60, 100, 40), strict=True))
MEMBERS = [
    (RATE[trade, member["age"]], number, member["sum_insured"])
    for name, number in POLICIES.items()
    for trade, members in [GROUPS[name]]
    for member in members
]
TREATMENTS, BILL, CV = 0.3, 4000.0, 1.2


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return works(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="module")
def portfolio(product, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "book.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["policy", "policy_count", "trade", "age", "sum_insured"])
        for name, number in POLICIES.items():
            trade, members = GROUPS[name]
            for one in members:
                out.writerow([name, number, trade, one["age"], one["sum_insured"]])
    return read_book(product, path)


def happened(seed, *, often=1.0, large=1.0):
    """Write what happened to each member, and what treatments cost; with what is planted."""
    random = np.random.default_rng(seed)
    rows, claims = ["year,policies,line,claims,paid"], ["year,line,amount"]
    spread = np.log1p(CV * CV)
    for year in YEARS:
        accidents, paid = 0, 0.0
        bills = []
        for rate, number, _ in MEMBERS:
            accidents += int(random.poisson(rate * often, number).sum())
            for count in random.negative_binomial(TREATMENTS / 0.5, 1.0 / 1.5, number).tolist():
                own = BILL * large * random.lognormal(-spread / 2.0, spread**0.5, count)
                paid += min(float(np.maximum(own - 500.0, 0.0).sum()), 8000.0)
                bills += own.tolist()
        head = f"{year},{sum(POLICIES.values())}"
        rows.append(f"{head},accident.injury,{accidents},")
        rows.append(f"{head},illness.treatment,{len(bills)},")
        rows.append(f"{head},treatment,,{paid:.2f}")
        claims += [f"{year},illness.treatment,{bill:.2f}" for bill in bills]
    return {HISTORY: "\n".join(rows).encode(), CLAIMS: "\n".join(claims).encode()}


def failing(product, portfolio, given):
    done = study(Asked("backtest", product, portfolio, 60, 5, given=given))
    return {(one["line"], one["subject"], one["test"]) for one in done.told["failing"]}


def test_events_are_those_of_all_members_of_all_policies(product, portfolio):
    model = annual_model(product, product.bases["best_estimate"], portfolio.cells)
    rows = by_row(model, portfolio.cells.policies)
    accidents = year_total(model.of_rows, "accident.injury", rows, 0.0)
    treated = year_total(model.of_rows, "illness.treatment", rows, 0.0)
    due = sum(rate * number for rate, number, _ in MEMBERS)
    assert accidents.mean == pytest.approx(due, rel=1e-12)
    assert accidents.variance == pytest.approx(due, rel=1e-12)
    members = sum(number for _, number, _ in MEMBERS)
    assert treated.mean == pytest.approx(TREATMENTS * members, rel=1e-12)
    assert treated.variance == pytest.approx(1.5 * TREATMENTS * members, rel=1e-12)


def test_a_history_of_the_groups_themselves_fails_nothing(product, portfolio):
    assert failing(product, portfolio, happened(1)) == set()


def test_more_accidents_and_larger_bills_are_named(product, portfolio):
    found = failing(product, portfolio, happened(2, often=1.4, large=1.3))
    assert {
        ("accident.injury", "frequency", "level"),
        ("illness.treatment.bill", "severity", "level"),
        ("treatment", "total", "level"),
    } <= found
    assert ("illness.treatment", "frequency", "level") not in found
