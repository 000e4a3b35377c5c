"""What a run is asked besides: measures, allocations, segments and horizon, from the command."""

import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadInput
from sandbox.bought import bought, costless
from sandbox.loss_table import LossTable
from sandbox.measures import MEASURE
from sandbox.questions import answered, questions_of
from sandbox.results import read_manifest
from sandbox.results.answers import answers_lines, answers_told
from sandbox.run import simulate
from tests.sandbox.shipped import product, small
from tests.the_command import inside

RUIN = "{figure: net_profit, measure: {kind: time_to_ruin, capital: 1e5, years: 4}}"
RETURN = "{figure: profit, measure: {kind: return_on_capital, capital: 5e6}}"
WANG = "{measure: {kind: wang, price_of_risk: 0.5}, by: [zone]}"
HAZARD = "{measure: {kind: proportional_hazard, risk_aversion: 1.3}}"


@pytest.fixture(scope="module")
def run():
    asked = questions_of(product("home"), (RUIN, RETURN), (WANG, HAZARD))
    return simulate(product("home"), small("home"), years=400, seed=7, questions=asked)


def test_measures_are_those_of_the_rows_gross_and_net(run):
    rows = {"net_profit": run.net, "profit": run.table}
    for text in (RUIN, RETURN):
        (one,) = questions_of(run.product, (text,)).watched
        table = rows[one.figure]
        result = table.premium - table.total() - table.expenses
        (name,) = [name for name in run.answers.measures if name.startswith(f"{one.figure}.")]
        mean = result.mean() / 5e6 if one.figure == "profit" else None
        if mean is not None:
            assert run.answers.measures[name].value == pytest.approx(mean, rel=1e-12)
        else:
            paths = 1e5 + result.reshape(100, 4).cumsum(axis=1)
            ruined = [(path < 0).argmax() + 1 for path in paths if (path < 0).any()]
            assert run.answers.measures[name].value == pytest.approx(np.mean(ruined))
            assert run.answers.by_year[name][-1].value == len(ruined) / 100


def test_parts_are_the_measure_of_all_claims(run):
    total = run.table.total()
    for name, measure in (
        ("claims.wang price_of_risk 0.5 by zone", {"kind": "wang", "price_of_risk": 0.5}),
        (
            "claims.proportional_hazard risk_aversion 1.3 by cover",
            {"kind": "proportional_hazard", "risk_aversion": 1.3},
        ),
    ):
        whole = (MEASURE.validate_python(measure).weights(400) * np.sort(total)).sum()
        assert sum(one.value for one in run.answers.parts[name].values()) == pytest.approx(whole)
    zones = run.answers.parts["claims.wang price_of_risk 0.5 by zone"]
    assert set(zones) == set(run.table.by_segment["zone"].labels)
    assert not any(one.trusted for one in zones.values())  # 20 rows a batch say little


def test_what_reinsurance_buys_is_net_less_gross(run):
    rows = {(one.figure, one.measure.kind): one for one in run.bought}
    cost = (run.net.premium - run.table.premium - run.net.expenses + run.table.expenses).mean()
    recovered = (run.table.total() - run.net.total()).mean()
    profit = rows["profit", "mean"]
    assert profit.change.value == pytest.approx(cost + recovered, rel=1e-9)
    assert rows["claims", "mean"].change.value == pytest.approx(-recovered, rel=1e-9)
    for one in run.bought:
        assert one.change.value == one.net.value - one.gross.value
    ratio = (run.net.total() + run.net.expenses).sum() / run.net.premium.sum()
    assert rows["combined_ratio", "mean"].net.value == pytest.approx(ratio)


@given(st.floats(0.0, 1.0), st.integers(0, 2**32))
def test_a_quota_share_at_cost_leaves_the_return_on_capital(part, seed):
    """All of claims, premium and expenses shrink alike, and so does the capital."""
    rng = np.random.default_rng(seed)
    keep = 1.0 - 0.9 * part
    paid = rng.gamma(2.0, 60.0, (60, 1))
    rows = LossTable(("a",), paid, np.full(60, 150.0), "b", 1, expenses=np.full(60, 20.0))
    net = replace(
        rows, paid=paid * keep, premium=rows.premium * keep, expenses=rows.expenses * keep
    )
    found = {(one.figure, one.measure.kind): one for one in bought(rows, net)}
    assert found["profit", "return_on_capital"].change.value == pytest.approx(0.0, abs=1e-9)
    assert found["combined_ratio", "mean"].change.value == pytest.approx(0.0, abs=1e-12)
    assert found["claims", "mean"].change.value <= 1e-9


def test_a_year_without_net_premium_has_no_net_ratio(run):
    net = replace(run.net, premium=np.where(np.arange(400) == 3, 0.0, run.net.premium))
    assert not [one for one in bought(run.table, net) if one.figure == "combined_ratio"]
    assert not bought(run.table, None)


@pytest.mark.parametrize(
    ("measure", "allocate", "says"),
    [
        ("{figure: profits}", "", "--measure:1:10: figure: unknown figure 'profits'; did you"),
        (
            "{figure: claims, measure: {kind: ruin, capital: 3, years: 2}}",
            "",
            "ruin: expected the figure net_new_business_value, net_profit, new_business_value",
        ),
        (
            "{figure: profit, measure: {kind: return_on_capital, capital: 0}}",
            "",
            "capital: expected a number above 0, got 0",
        ),
        ("", "{measure: {kind: mean}}", "expected tail_value_at_risk, wang or proportional_haz"),
        ("", "{by: [zon]}", "did you mean 'zone'?"),
    ],
)
def test_what_cannot_be_meant_is_told(measure, allocate, says):
    home = product("home")
    with pytest.raises(BadInput) as told:
        simulate(
            home,
            small("home"),
            years=50,
            questions=questions_of(
                home, [measure] if measure else (), [allocate] if allocate else ()
            ),
        )
    assert says in str(told.value)


def test_a_net_figure_needs_a_programme():
    for name in ("term_life", "million_medical"):
        with pytest.raises(BadInput, match="needs the file reinsurance"):
            questions_of(product(name), ("{figure: net_combined_ratio}",))


def test_too_few_rows_to_share_out_are_told():
    home = product("home")
    asked = questions_of(home, (), ("{}",))
    table = LossTable(("a",), np.ones((39, 1)), np.ones(39), "b", 1)
    with pytest.raises(BadInput, match="at least 40 rows to share out, got 39"):
        answered(asked, table, None)


def test_contracts_that_state_no_premium_are_told_to_cost_nothing(run):
    assert costless(run.settlement) == run.settlement.contracts
    priced = replace(run.settlement, premium=np.array([1.0, 0.0]))
    assert costless(priced) == run.settlement.contracts[1:]
    assert costless(None) == ()
    lines = answers_lines(run.answers, run.bought, costless(run.settlement))
    assert "  without a premium, so at no cost: quota_share, storm_layer" in lines


def test_lines_of_answers_are_chinese_where_that_is_asked(run):
    lines = answers_lines(run.answers, run.bought, ("quota_share",), "zh")
    said = [line for line in lines if "：" in line and not line.startswith("*")]
    assert len(said) == 5
    assert not any(word in "\n".join(lines) for word in ("change", "the part by", "what reins"))
    numbers = [line.split("±")[0].split()[-1] for line in lines if "±" in line]
    english = answers_lines(run.answers, run.bought, ("quota_share",))
    assert numbers == [line.split("±")[0].split()[-1] for line in english if "±" in line]


def test_lines_and_data_tell_the_same(run):
    told = json.dumps(answers_told(run.answers, run.bought))
    lines = "\n".join(answers_lines(run.answers, run.bought))
    for name in (*run.answers.measures, *run.answers.by_year):
        assert name in told
        assert name in lines


def test_a_question_in_a_file_of_any_layout_is_proved_again(tmp_path):
    text = f"# {'a long remark ' * 30}\nfigure: profit\nmeasure:\n  kind: skewness\n"
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    folder = tmp_path / "out"
    args = ("simulate", "home", "--years", "60", "--measure", f"{tmp_path / 'own.yaml'}")
    done = inside(*args, "-o", f"{folder}")
    assert done.returncode == 0, done.stderr
    again = inside("rerun", f"{folder / 'manifest.json'}")
    assert again.stdout.endswith("every byte is the same\n"), again.stderr


SKEW = "{figure: profit, measure: {kind: skewness}}"
UNTIL = "{figure: profit, error: 1, measure: {kind: time_to_ruin, years: 5, capital: 1}}"
RUINED = "{figure: profit, measure: {kind: time_to_ruin, years: 5, capital: 1}}"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("home", "--horizon", "2", "--measure", RUINED), "expected a horizon of 1 year"),
        (("term_life", "--measure", RUINED.replace("profit", "new_business_value")), "of run-offs"),
        (("home", "--allocate", "{by: []}"), "by: expected cover, or at least one"),
        (("home", "--measure", SKEW, "--measure", SKEW), "'profit.skewness' is asked for twice"),
        (("home", "--horizon", "2", "--until", UNTIL), "expected a horizon of 1 year"),
        (("term_life", "--until", UNTIL.replace("profit", "new_business_value")), "of run-offs"),
        (("home", "--scenario", ""), "unknown scenario ''"),
    ],
)
def test_what_would_answer_another_question_is_refused(args, says):
    done = inside("simulate", *args, "--years", "20")
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr


def test_the_verb_keeps_segments_and_horizon_and_a_rerun_proves_them(tmp_path):
    folder = tmp_path / "out"
    args = ("simulate", "home", "--years", "120", "--by", "zone", "--by", "zone,construction")
    more = ("--horizon", "2", "--measure", RETURN, "--allocate", WANG, "-o", f"{folder}")
    done = inside(*args, *more, "--language", "en")
    assert done.returncode == 0, done.stderr
    recorded = read_manifest(folder / "manifest.json")
    assert recorded.by == (("zone",), ("zone", "construction"))
    assert (recorded.horizon, recorded.years) == (2, 60)
    assert (recorded.measures, recorded.allocate) == ((RETURN,), (WANG,))
    names = pq.read_schema(folder / "years.parquet").names
    assert "paid: zone=coast" in names
    page = (folder / "report.html").read_text("utf-8")
    for said in ("Segments by zone", "What reinsurance buys", "Measures that were asked for"):
        assert said in page
    again = inside("rerun", f"{folder / 'manifest.json'}")
    assert again.stdout.endswith("every byte is the same\n")
    assert "answers.json" in again.stdout
    refused = inside(*args, "--horizon", "2", "--full-report", "-o", f"{folder}")
    assert "and without --scenario, --dependence and --horizon" in refused.stderr
