"""Gates: passed, failed or undecided by the whole interval; figures by segment add up."""

import math
from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadInput, BadValue
from sandbox.figures import FIGURES, figure, segment_tables
from sandbox.gates import GATES, judge
from sandbox.gates.evaluate import evaluate
from sandbox.loss_table import LossTable
from sandbox.measures import Measured, ValueAtRisk
from sandbox.run import simulate
from sandbox.runs import Runs
from tests.sandbox.shipped import product, small, written

ROWS = 80
SEED = 9


def measured(low, high, *, trusted=True):
    value = (low + high) / 2
    return Measured(
        value, (high - low) / 4, low, high, "test", 100, trusted, "" if trusted else "few"
    )


@pytest.mark.parametrize(
    ("low", "high", "at_least", "at_most", "verdict"),
    [
        (0.50, 0.60, None, 0.65, "passed"),
        (0.50, 0.65, None, 0.65, "passed"),  # a limit belongs to what it allows
        (0.60, 0.70, None, 0.65, "undecided"),
        (0.66, 0.70, None, 0.65, "failed"),
        (0.50, 0.60, 0.45, None, "passed"),
        (0.40, 0.50, 0.45, None, "undecided"),
        (0.30, 0.40, 0.45, None, "failed"),
        (0.50, 0.60, 0.45, 0.65, "passed"),
        (0.30, 0.90, 0.45, 0.65, "undecided"),
        (0.70, 0.90, 0.45, 0.65, "failed"),
        (-math.inf, 0.60, None, 0.65, "passed"),
        (0.60, math.inf, None, 0.65, "undecided"),
    ],
)
def test_a_gate_is_decided_by_the_whole_interval(low, high, at_least, at_most, verdict):
    value = replace(measured(0.0, 0.0), low=low, high=high)
    assert judge("g", "", "claims", value, at_least, at_most).verdict == verdict


def test_what_is_not_to_be_trusted_decides_nothing():
    judged = judge("g", "", "claims", measured(0.1, 0.2, trusted=False), None, 0.65)
    assert (judged.verdict, judged.why) == ("undecided", "few")


def table(**change):
    given = {
        "columns": ("a", "b"),
        "paid": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 0.0]]),
        "premium": np.array([10.0, 12.0, 8.0]),
        "expenses": np.array([2.0, 2.0, 4.0]),
        "basis": "best_estimate",
        "seed": 1,
    }
    return LossTable(**{**given, **change})


def test_new_business_value_is_what_premium_leaves():
    assert FIGURES["new_business_value"].of(table()).values.tolist() == [5.0, 3.0, -1.0]


def test_profit_margin_is_of_the_sums():
    sample = FIGURES["profit_margin"].of(table())
    assert sample.values.tolist() == [0.5, 0.25, -0.125]
    assert (sample.top.sum(), sample.bottom.sum()) == (7.0, 30.0)


def test_margin_and_combined_ratio_add_to_one():
    margin, ratio = (FIGURES[name].of(table()) for name in ("profit_margin", "combined_ratio"))
    assert np.allclose(margin.values + ratio.values, 1.0, rtol=1e-15)


def test_a_figure_that_lacks_its_data_says_so():
    with pytest.raises(BadValue, match="new_business_value: expected a simulation"):
        FIGURES["profit_margin"].of(table(expenses=None))
    with pytest.raises(BadValue, match="unknown figure 'claim'; did you mean 'claims'"):
        figure("claim")


@pytest.mark.parametrize(
    ("name", "by"), [("home", ("zone", "construction")), ("term_life", ("sex",))]
)
def test_segments_add_up_to_the_whole(name, by):
    run = simulate(product(name), small(name), years=ROWS, seed=SEED, by=[by])
    parts = segment_tables(run.table, ", ".join(by)).values()
    paid, premium = (
        np.add.reduce([p.total() for p in parts]),
        np.add.reduce([p.premium for p in parts]),
    )
    assert np.allclose(paid, run.table.total(), rtol=1e-12)
    assert np.allclose(premium, run.table.premium, rtol=1e-12)


def test_a_part_that_is_simulated_alone_is_what_it_was_in_the_whole():
    life, portfolio = product("term_life"), small("term_life")
    whole = simulate(life, portfolio, years=ROWS, seed=SEED, by=[("sex",)])
    grouping = portfolio.grouping(("sex",))
    for place, label in enumerate(grouping.labels):
        part = simulate(life, portfolio.only(grouping.place == place), years=ROWS, seed=SEED)
        expected = segment_tables(whole.table, "sex")[label]
        assert np.allclose(part.table.total(), expected.total(), rtol=1e-12)
        assert np.allclose(part.table.premium, expected.premium, rtol=1e-12)


GATE = "- {name: g, figure: profit_margin, measure: {kind: mean}, at_least: 3%, by: [sex]}\n"


def gated(text, name="term_life"):
    files = {**product(name).files, "gates": written(GATES, text)}
    return replace(product(name), files=files)


def test_every_segment_is_judged_and_agrees_with_the_whole():
    text = GATE + GATE.replace("name: g", "name: all").replace(", by: [sex]", "")
    judged = evaluate(Runs(gated(text), small("term_life"), ROWS, SEED))
    assert [(j.name, j.segment) for j in judged] == [("g", "M"), ("g", "F"), ("all", "")]
    men, women, both = (j.measured.value for j in judged)
    assert min(men, women) <= both <= max(men, women)


def test_a_limit_out_of_reach_fails_and_one_far_below_passes():
    for limit, verdict in (("99%", "failed"), ("-900%", "passed")):
        (judged,) = evaluate(
            Runs(
                gated(GATE.replace("3%", limit).replace(", by: [sex]", "")),
                small("term_life"),
                years=400,
                seed=SEED,
            )
        )
        assert judged.verdict == verdict


def test_a_level_is_read_as_the_decimal_that_is_written():
    (gate,) = written(GATES, GATE.replace("{kind: mean}", "{kind: value_at_risk, level: 99.5%}"))
    assert gate.measure == ValueAtRisk(level=0.995)


def test_a_net_figure_is_of_what_reinsurance_leaves():
    text = """
- {name: gross, figure: claims, measure: {kind: mean}, at_least: 0}
- {name: net, figure: net_claims, measure: {kind: mean}, at_least: 0}
"""
    gross, net = evaluate(Runs(gated(text, "home"), small("home"), 400, SEED))
    assert net.measured.value < gross.measured.value


WRITTEN_WRONG = [
    ("figure: profit_margin", "figure: profits", "1:21: [0].figure: unknown figure 'profits'"),
    ("kind: mean", "kind: median", "1:45: [0].measure.kind: unknown kind 'median'"),
    ("{kind: mean}", "{kind: value_at_risk, level: 2}", "[0].measure"),
    (", at_least: 3%", "", "expected the key 'at_least' or 'at_most'"),
    ("by: [sex]", "buy: [sex]", "1:73: [0]: unknown key 'buy'; did you mean 'by'?"),
]
BOUND_WRONG = [
    ("by: [sex]", "by: [sexx]", "by: unknown classification 'sexx'; did you mean 'sex'?"),
    ("at_least: 3%", "at_least: age", "g.at_least: expected a"),
    ("at_least: 3%", "at_least: 3%, basis: best", "basis: unknown basis 'best'"),
    ("at_least: 3%", "at_least: 3%, scenario: plague", "scenario: unknown scenario 'plague'"),
    ("profit_margin", "largest_event", "g.figure: 'largest_event' is no figure of long-term"),
    ("profit_margin", "net_profit", "g.figure: 'net_profit' is no figure of long-term contracts"),
    ("profit_margin", "net_claims", "g.figure: 'net_claims' needs the file reinsurance.yaml"),
]


@pytest.mark.parametrize(("old", "new", "says"), WRITTEN_WRONG)
def test_a_gate_that_is_written_wrong_is_told_with_its_place(old, new, says):
    with pytest.raises(BadInput) as error:
        written(GATES, GATE.replace(old, new))
    assert says in str(error.value)
    assert "file.yaml:1:" in str(error.value)


@pytest.mark.parametrize(("old", "new", "says"), BOUND_WRONG)
def test_a_gate_that_names_what_is_unknown_fails_before_anything_is_simulated(old, new, says):
    with pytest.raises(BadInput) as error:
        evaluate(Runs(gated(GATE.replace(old, new)), small("term_life"), 10**9))
    assert says in str(error.value)
    assert "file.yaml:1:" in str(error.value)


def test_two_gates_have_two_names():
    with pytest.raises(BadInput, match="the gate 'g' stands twice"):
        evaluate(Runs(gated(GATE + GATE), small("term_life"), 10**9))
