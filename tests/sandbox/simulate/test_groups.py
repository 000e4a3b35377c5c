"""Groups member by member: the price is the mean of the years, and nobody moves another's draws."""

import csv
import os
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from product_factory.errors import BadInput, BadValue
from product_factory.nodes import read_nodes
from product_factory.strict import read
from rating.engines.collective.annual import AnnualModel, annual_model
from rating.engines.collective.cells import risk_cells
from rating.engines.collective.change import Change, changed
from rating.engines.collective.expected import costs_of
from rating.engines.collective.members import joined
from sandbox.execution import ONE_THREAD, Execution
from sandbox.laws.annual import cells_of
from sandbox.laws.law import LawOne
from sandbox.laws.net import portfolio_alike
from sandbox.portfolio.book import read_book
from sandbox.portfolio.generate import draw, generate
from sandbox.protection import sums_insured
from sandbox.questions import Questions
from sandbox.refused import refuse_together
from sandbox.sampling import find_sampling
from sandbox.simulate.annual import AnnualShock, Grouping, simulate_annual
from sandbox.tail.asked import Tail
from sandbox.tail.find import find_tail
from tests.rating.group_accident import MODULES
from tests.sandbox.simulate.group_draws import GROUPS, SEED, draws, group, works
from tests.the_command import ROOT

MEMBERS, YEARS = 160, 500
"""In a cell of several groups, so that more than one of them has accidents in one year."""
SHARE = 0.025
OFF = 8.5 * SHARE
"""What is caught: four errors from a mean that is itself four errors away."""
COLUMNS = ("policy", "item", "trade", "age", "sum_insured")


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return works(tmp_path_factory.mktemp("shelf"))


def law_of(product, name: str) -> list[LawOne]:
    profile, basis = group(product, name), product.bases["pricing"]
    policies = max(40, MEMBERS // len(GROUPS[name][1]))
    costs = costs_of(annual_model(product, basis, cells_of(product, profile, 1)))
    model = annual_model(product, basis, cells_of(product, profile, policies))
    table = simulate_annual(model, np.zeros(1), YEARS, SEED).table
    column = dict(zip(table.columns, table.paid.T / policies, strict=True))
    return [
        LawOne.judged(
            group=one.group,
            basis=basis.name,
            profile=name,
            method=one.method,
            expected=one.value,
            bound=one.bound,
            rows=sum(column[cover] for cover in one.group),
            share=SHARE,
            years=YEARS * policies,
        )
        for one in costs
    ]


@pytest.mark.parametrize("name", GROUPS)
def test_the_price_of_a_group_is_the_mean_of_its_years(product, name):
    """A limit a year for each member, one a year for the policy; many groups in a cell."""
    laws = law_of(product, name)
    assert {law.group for law in laws} == {("injury",), ("treatment",)}
    for law in laws:
        assert law.holds, str(law)
        assert law.bound < 1e-3 * law.expected, str(law)
        for side in (1.0 - OFF, 1.0 + OFF):
            assert not replace(law, expected=law.expected * side).holds, str(law)


def test_a_limit_of_each_member_is_not_one_of_the_policy(product, tmp_path):
    """What the law would not tell apart is told apart by the price of the other product."""
    text = MODULES["treatment"].replace("per: policy_year, each: item", "per: policy_year")
    other = works(tmp_path, **{"modules/health/treatment.yaml": text})
    one, all_ = (
        next(law.expected for law in law_of(of, "of nine") if law.group == ("treatment",))
        for of in (product, other)
    )
    assert all_ < 0.85 * one


def test_compiled_years_are_plain_years_to_the_last_bit():
    """Six groups in one cell: what one of them has used up is not carried to the next."""
    plain = subprocess.run(
        [sys.executable, "-m", "tests.sandbox.simulate.group_draws", "6", "6"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": "1"},
    )
    assert plain.stdout == draws(6, 6)


def model_of(product, *names: str, policies: tuple[int, ...]) -> AnnualModel:
    parts = [cells_of(product, group(product, n), k) for n, k in zip(names, policies, strict=True)]
    cells = risk_cells(
        product,
        np.concatenate([part.policies for part in parts]),
        {n: np.concatenate([part.columns[n] for part in parts]) for n in parts[0].columns},
        {n: np.concatenate([p.item_columns[n] for p in parts]) for n in parts[0].item_columns},
        np.concatenate([part.present for part in parts]),
        members=joined([part.members for part in parts if part.members is not None]),
    )
    return annual_model(product, product.bases["pricing"], cells)


def by_cell(model: AnnualModel, **how) -> np.ndarray:
    """Give what each cell is paid, [year, cell]."""
    size = model.cells.size
    cell = Grouping(tuple(map(str, range(size))), np.arange(size))
    run = simulate_annual(model, np.zeros(size), 60, SEED, groupings={"cell": cell}, **how)
    return run.table.by_segment["cell"].paid


def test_other_groups_and_threads_move_no_draw_of_a_group(product):
    first, second, third = GROUPS
    some = by_cell(model_of(product, first, second, third, policies=(5, 6, 7)))
    more = by_cell(model_of(product, first, second, third, policies=(5, 9, 7)))
    turned = by_cell(model_of(product, third, first, policies=(7, 5)))
    assert some[:, [0, 2]].tobytes() == more[:, [0, 2]].tobytes()
    assert some[:, 1].tobytes() != more[:, 1].tobytes()
    assert some[:, [2, 0]].tobytes() == turned.tobytes()
    threads = Execution.on(2, 7)
    blocks = by_cell(model_of(product, first, second, third, policies=(5, 6, 7)), execution=threads)
    assert blocks.tobytes() == some.tobytes()


def written(path, policies) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [
            (name, "member", trade, one["age"], one["sum_insured"])
            for name, (trade, members) in policies
            for one in members
        ]
        csv.writer(file).writerows([COLUMNS, *rows])


def years_of(product, path) -> tuple[list[int], bytes]:
    book = read_book(product, path)
    model = annual_model(product, product.bases["pricing"], book.cells)
    run = simulate_annual(model, book.premiums, 60, SEED)
    return book.cells.policies.tolist(), run.table.paid.tobytes()


def test_a_book_of_members_is_its_groups_whatever_the_order_of_either(product, tmp_path):
    policies = [*GROUPS.items(), ("again", GROUPS["of nine"])]
    turned = [(name, (trade, members[::-1])) for name, (trade, members) in policies[::-1]]
    written(tmp_path / "one.csv", policies)
    written(tmp_path / "other.csv", turned)
    sizes, paid = years_of(product, tmp_path / "one.csv")
    assert sorted(sizes) == [1, 1, 2]
    assert (sizes, paid) == years_of(product, tmp_path / "other.csv")


def test_generated_groups_are_what_the_mix_says_and_more_of_them_move_none(product):
    mix = product.files["portfolio"]
    few, _ = draw(product, mix, 150, 7)
    more, _ = draw(product, mix, 200, 7)
    part = more.members.where(np.arange(150))
    assert few.members.offsets.tobytes() == part.offsets.tobytes()
    for name, column in few.members.columns.items():
        assert column.tobytes() == part.columns[name].tobytes()
    sizes, ages = np.diff(few.members.offsets), few.members.columns["age"]
    assert (sizes.min() >= 2, sizes.max() <= 12) == (True, True)
    assert (ages.min() >= 16, ages.max() <= 65) == (True, True)
    assert generate(product, 30).cells.policies.sum() == 30


def test_an_event_that_hits_every_member_at_once_is_refused(tmp_path):
    product = works(
        tmp_path,
        **{
            "processes/group_accident.yaml": """
process: group_accident
version: 1.0.0
title: {zh: 意外, en: Accidents}
kind: collective
drawn: policy
events: {injury: {title: {zh: 伤残, en: Injury}}}
marks: {degree: {type: ratio}}
"""
        },
    )
    with pytest.raises(BadInput, match="expected 'each: item' under the event 'injury'"):
        annual_model(
            product, product.bases["pricing"], cells_of(product, group(product, "of one"), 1)
        )


def test_what_draws_whole_policies_refuses_a_group_and_says_what_to_use(product):
    tail = read(Tail, read_nodes("{}", "tail.yaml"))
    text = (
        r"accident\.events\.injury: the far tail, .* takes events of whole policies, got "
        r"'each: item': use 'simulate' with more '--years', or '--until' an error is reached"
    )
    with pytest.raises(BadInput, match=text):
        find_tail(generate(product), tail, 2_000, SEED, ONE_THREAD)
    text = "--sampling: expected plain, since events of works happen to items one by one"
    with pytest.raises(BadValue, match=text):
        refuse_together(find_sampling("sobol"), 320, product, None, None, Questions())


def test_a_scenario_changes_the_events_of_members(product):
    """Twice as many accidents: years are as the price says, and bills of illness as they were."""
    cells = cells_of(product, group(product, "of nine"), 40)
    model = annual_model(product, product.bases["pricing"], cells)
    twice = changed(model, Change(frequency={"accident.injury": 2.0}))
    usual = {one.group: one.value for one in costs_of(model)}
    more = {one.group: one.value for one in costs_of(twice)}
    assert more["treatment",] == usual["treatment",]
    assert 1.3 * usual["injury",] < more["injury",] < 2.0 * usual["injury",]
    shock = AnnualShock(frequency={"accident.injury": 2.0})
    runs = [simulate_annual(model, np.zeros(1), 300, SEED, shock=s) for s in (AnnualShock(), shock)]
    tables = [dict(zip(run.table.columns, run.table.paid.T, strict=True)) for run in runs]
    assert tables[0]["treatment"].tobytes() == tables[1]["treatment"].tobytes()
    paid = tables[1]["injury"] / 40
    error = paid.std(ddof=1) / np.sqrt(300)
    assert abs(paid.mean() - more["injury",]) < 4 * error


def test_members_are_hit_on_their_days_on_risk_and_the_price_is_the_mean_of_them(product):
    profile = replace(group(product, "of nine"), period=(50, 231, -50))
    basis, policies, years = product.bases["pricing"], 40, 400
    model = annual_model(product, basis, cells_of(product, profile, policies))
    run = simulate_annual(model, np.zeros(1), years, SEED, protects=("injury", "treatment"))
    assert run.losses is not None
    day = run.losses.time * 365.0
    assert len(day) > years
    assert 50.0 <= day.min() < 55.0
    assert 226.0 < day.max() <= 231.0
    column = dict(zip(run.table.columns, run.table.paid.T / policies, strict=True))
    for one in costs_of(annual_model(product, basis, cells_of(product, profile, 1))):
        rows = sum(column[cover] for cover in one.group)
        error = rows.std(ddof=1) / np.sqrt(years)
        assert abs(rows.mean() - one.value) < 4.0 * error + one.bound, one.group


def test_the_sum_insured_of_a_group_is_that_of_all_its_members(product):
    profile = group(product, "three alike and one apart")
    portfolio = portfolio_alike(product, profile, 3)
    file = SimpleNamespace(sum_insured="sum_insured")
    np.testing.assert_array_equal(sums_insured(portfolio, file), [170_000.0])
