"""Reverse stress of products: closed forms, bad input, and a study that proves itself."""

import json
import math

import pytest

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read_as
from sandbox.execution import Execution
from sandbox.figures import FIGURES
from sandbox.measures import Mean
from sandbox.portfolio.generate import generate
from sandbox.reverse import REVERSE
from sandbox.reverse.asked import scenario_of
from sandbox.reverse.find import find_break, resolve
from sandbox.reverse.told import reverse_lines
from sandbox.run import simulate
from sandbox.runs import Runs
from sandbox.scenarios import shock_of
from tests.sandbox.shipped import product as shipped
from tests.sandbox.shipped import small
from tests.sandbox.shop import PREMIUM, expected_claims, shop
from tests.the_command import inside

YEARS, SEED = 400, 5


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("drawn"), severity="{kind: gamma, mean: 1000, cv: 1}")


def asked(text):
    (one,) = read_as(REVERSE, read_nodes(f"[{text}]", "reverse.yaml"))
    return one


def searched(product, text, years=YEARS, threads=1):
    runs = Runs(product, generate(product), years, SEED, Execution.on(threads))
    return find_break(runs, resolve(product, asked(text)))


def loss_ratio(product):
    run = simulate(product, generate(product), years=YEARS, seed=SEED)
    return Mean().measure(FIGURES["claims_over_premium"].of(run.table))


UNTIL = "until: {figure: claims_over_premium, at_least: 100%}"


def test_more_claims_of_one_size_break_at_one_over_the_expected_loss_ratio(product):
    """Poisson × constant: E[LR] = Σ frequency × 1000 / premium, and x = 1 / E[LR]."""
    portfolio = generate(product)
    claims = sum(expected_claims(portfolio.cells).values())
    expected = claims / (PREMIUM * portfolio.policies)
    text = f"{{shock: {{kind: frequency, times: [100%, 300%]}}, {UNTIL}}}"
    found = searched(product, text).places[0].found
    low, high = found.interval
    assert low < 1.0 / expected < high
    assert high - low < 0.2 / expected
    assert low < found.bracket[0] < found.size <= found.bracket[1] < high


def test_larger_claims_break_at_one_over_the_simulated_loss_ratio_exactly(drawn):
    """Every row is multiplied by the size, but for the cent to which payouts are rounded."""
    base = loss_ratio(drawn)
    text = f"{{shock: {{kind: severity, times: [100%, 300%]}}, {UNTIL}, width: 0.01%}}"
    found = searched(drawn, text).places[0].found
    assert math.isclose(found.size, 1.0 / base.value, rel_tol=1e-5)
    assert found.bracket[1] - found.bracket[0] <= 0.0001
    low, high = found.interval  # of x with x × (base ∓ 1.96 errors) = 1
    assert math.isclose(low, 1.0 / base.high, abs_tol=2e-4)
    assert math.isclose(high, 1.0 / base.low, abs_tol=2e-4)


def test_the_frontier_of_two_factors_is_a_hyperbola(drawn):
    """Severity x against severity's own frequency y: without a count, x × y = 1 / LR does not hold
    row by row, but the price of each point is the same search.
    """
    base = loss_ratio(drawn)
    text = (
        "{shock: {kind: severity, times: [50%, 800%]}, "
        "against: {shock: {kind: frequency, times: [50%, 100%]}, points: 3}, "
        f"{UNTIL}}}"
    )
    places = searched(drawn, text).places
    assert [place.other for place in places] == [0.5, 0.75, 1.0]
    assert math.isclose(places[-1].found.size, 1.0 / base.value, rel_tol=1e-5)
    for place in places:
        low, high = place.found.interval
        assert low < 1.0 / base.value / place.other < high + 0.2


def test_a_gate_says_when_it_is_broken(drawn):
    done = searched(drawn, "{shock: {kind: severity, times: [100%, 300%]}, until: {gate: loss}}")
    assert done.resolved.limit.value == 0.9
    assert math.isclose(done.places[0].found.size, 0.9 / loss_ratio(drawn).value, rel_tol=1e-5)


def test_a_scenario_of_the_shelf_is_made_larger_as_a_whole():
    """`by: 2` of +0.0018 deaths is +0.0036; profit falls with every death."""
    text = (
        "{shock: {kind: scenario, scenario: pandemic_year, by: [0, 20]}, "
        "until: {figure: profit_margin, at_most: 0%}}"
    )
    term_life = shipped("term_life")
    one = asked(text)
    (change,) = one.shock.changes(2.0, resolve(term_life, one).scenarios)
    assert (change.add, change.times, change.policy_year.at_most) == (0.0036, 1.0, 1)
    runs = Runs(term_life, small("term_life"), 60, SEED)
    done = find_break(runs, resolve(term_life, one))
    found = done.places[0].found
    assert found.status == "found"
    assert 1.0 < found.size < 20.0
    assert done.places[0].turns == ()
    assert any(line.startswith("breaks at ") for line in reverse_lines(done))


def test_threads_move_no_bit(product):
    text = f"{{shock: {{kind: frequency, times: [100%, 300%]}}, {UNTIL}}}"
    one, two = (searched(product, text, threads=threads) for threads in (1, 2))
    assert one.places == two.places


def test_what_does_not_break_is_an_answer(product):
    text = f"{{shock: {{kind: frequency, times: [50%, 60%]}}, {UNTIL}}}"
    done = searched(product, text)
    assert done.places[0].found.status == "not_reached"
    assert "not reached within the range" in reverse_lines(done)
    text = text.replace("100%}", "1%}")
    lines = reverse_lines(searched(product, text))
    assert "broken already, before the shock grows" in lines
    assert sum(line.startswith("           50%") for line in lines) == 1


def test_inflation_of_a_long_contract_may_be_searched():
    """From a year's inflation as it stands to 20% more: the shock of each size says it."""
    text = f"{{shock: {{kind: inflation, add: [0%, 20%]}}, {UNTIL}}}"
    medical, one = shipped("long_term_medical"), asked(text)
    resolve(medical, one)
    assert [
        shock_of(scenario_of(one, size, None, {}), medical).change.inflation for size in (0.0, 0.07)
    ] == [0.0, 0.07]
    with pytest.raises(BadInput, match="term_life has no events that are counted by the year"):
        resolve(shipped("term_life"), one)


WRONG = [
    (
        "kind: frequenzy, times: [1, 2]",
        UNTIL,
        "1:17: [0].shock.kind: expected expense, frequency, inflation",
    ),
    ("kind: frequency, times: [1, 1]", UNTIL, "expected two different numbers, got 1 twice"),
    ("kind: frequency, times: [1, x]", UNTIL, "1:39: [0].shock.times: expected a number"),
    ("kind: frequency, times: 2", UNTIL, "expected two numbers such as [100%, 500%], got 2"),
    ("kind: frequency, add: [1, 2]", UNTIL, "expected one range, under 'times', got 'add'"),
    ("kind: frequency", UNTIL, "expected one range, under 'times', got none"),
    ("kind: frequency, tims: [1, 2]", UNTIL, "unknown key 'tims'; did you mean 'times'?"),
    ("kind: frequency, times: [0, 2]", UNTIL, "times: expected more than 0%, got 0%"),
    (
        "kind: frequency, event: bike.damge, times: [1, 2]",
        UNTIL,
        "1:35: event: unknown event 'bike.damge'; did you mean 'bike.damage'?",
    ),
    (
        "kind: interest, event: bike.damage, add: [0%, 1%]",
        UNTIL,
        "event: a change of kind interest has no 'event', expected 'add'",
    ),
    (
        "kind: inflation, add: [0%, 2%]",
        UNTIL,
        "tiny lasts a year, in which nothing grows; expected 'severity'",
    ),
    ("kind: scenario, by: [0, 2]", UNTIL, "expected the key 'scenario' with kind scenario"),
    (
        "kind: scenario, scenario: plague, by: [0, 2]",
        UNTIL,
        "scenario: unknown scenario 'plague'",
    ),
    (
        "kind: frequency, times: [1, 2]",
        "until: {figure: claims_over_premum, at_least: 1}",
        "unknown figure 'claims_over_premum'; did you mean 'claims_over_premium'?",
    ),
    (
        "kind: frequency, times: [1, 2]",
        "until: {figure: claims, measure: {kind: meen}, at_least: 1}",
        "unknown kind 'meen'; did you mean 'mean'?",
    ),
    ("kind: frequency, times: [1, 2]", "until: {figure: claims}", "expected 'figure' with one of"),
    (
        "kind: frequency, times: [1, 2]",
        "until: {gate: los}",
        "1:58: reverse.until.gate: unknown gate 'los'; did you mean 'loss'?",
    ),
    ("kind: frequency, times: [1, 2]", "until: {gate: by_group}", "'by_group' judges segments"),
    (
        "kind: frequency, times: [1, 2]",
        "until: {gate: loss, at_least: 1}",
        "expected the key 'gate' alone",
    ),
    (
        "kind: frequency, times: [1, 2]",
        "until: {figure: net_claims, at_least: 1}",
        "'net_claims' needs the file reinsurance.yaml",
    ),
    (
        "kind: frequency, times: [1, 2]",
        "until: {gate: loss}, basis: pricing",
        "basis: expected none beside 'gate', whose basis is that of the gate",
    ),
    ("kind: frequency, times: [1, 2]", f"{UNTIL}, width: 0", "width: expected more than 0, got 0"),
    ("kind: frequency, times: [1, 2]", f"{UNTIL}, width: 5", "expected less than the range of 1"),
    ("kind: frequency, times: [1, 2]", f"{UNTIL}, basis: best", "unknown basis 'best'"),
    (
        "kind: frequency, times: [1, 2]",
        f"{UNTIL}, against: {{shock: {{kind: severity, times: [1, 2]}}, points: 1}}",
        "points: expected 2 to 50, got 1",
    ),
]


@pytest.mark.parametrize(("shock", "rest", "says"), WRONG, ids=[w[2][:40] for w in WRONG])
def test_what_means_nothing_is_told_with_its_place(product, shock, rest, says):
    with pytest.raises(BadInput) as error:
        resolve(product, asked(f"{{shock: {{{shock}}}, {rest}}}"))
    assert says in str(error.value)


def test_a_replay_has_no_size_to_grow():
    text = "{shock: {kind: scenario, scenario: historic_typhoon, by: [0, 2]}, " + UNTIL + "}"
    with pytest.raises(BadInput, match="'historic_typhoon' holds a replay, which has no size"):
        resolve(shipped("home"), asked(text))


def test_a_study_leaves_its_bytes_and_proves_them_again(product, tmp_path):
    shelf = str(product.shelf.root)
    text = (
        "- name: both\n  shock: {kind: severity, times: [100%, 300%]}\n"
        "  against: {shock: {kind: frequency, times: [50%, 100%]}, points: 2}\n"
        "  until: {gate: loss}\n  width: 10%\n"
    )
    (tmp_path / "r.yaml").write_text(text)
    how = ("--shelf", shelf, "--years", "50", "-o", "out", "--reverse", "r.yaml")
    run = inside("stress", "tiny", *how, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"reverse.json", "both.csv", "both.png", "manifest.json"}
    told = json.loads((tmp_path / "out" / "reverse.json").read_text())
    assert told[0]["until"] == {
        "figure": "claims_over_premium",
        "measure": {"kind": "mean"},
        "at_least": 0.9,
    }
    rows = (tmp_path / "out" / "both.csv").read_text().splitlines()
    assert rows[0] == "against,status,size,unbroken,broken,low,high,runs"
    assert len(rows) == 3
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["basis"], manifest["currency"]) == ("best_estimate", "CNY")
    again = inside("rerun", "out/manifest.json", "--shelf", shelf, cwd=tmp_path)
    assert again.returncode == 0
    assert "every byte is the same" in again.stdout
    (tmp_path / "out" / "both.csv").write_text("changed\n")
    changed = inside("rerun", "out/manifest.json", "--shelf", shelf, cwd=tmp_path)
    assert changed.returncode == 1
    assert "both.csv: the file beside the manifest was changed" in changed.stdout


ONE = f"{{shock: {{kind: frequency, times: [1, 2]}}, {UNTIL}}}"
ALONE = [
    (
        ("--reverse", "{a: b}", "--tornado"),
        "--tornado: expected one of --reverse, --tail",
    ),
    (("--reverse", "{a: b}", "--scenario", "x"), "--reverse: expected without --scenario"),
    (("--tornado", "--dependence", "d.yaml"), "--tornado: expected without --dependence"),
    (
        ("--tornado", "--pack", "c_ross_rule_10"),
        "--tornado: expected without --pack",
    ),
    (("--uncertainty", "{a: b}"), "--uncertainty: expected together with --tornado or --sobol"),
    (("--reverse", "absent.yaml"), "absent.yaml: there is no such file"),
    (("--reverse", "{shock: 3}"), "--reverse:1:9: [0].shock: expected keys with values, got 3"),
    (("--reverse", "{shock: {"), "--reverse:1:"),
    (("--reverse", "[]"), "--reverse:1:1: expected at least one test, got none"),
    (("--reverse", f"[{ONE}, {ONE}]"), "name: the test 'reverse' stands twice; give each a name"),
    (("--sobol", "48"), "--sobol: expected --uncertainty, or the product's own file"),
]


@pytest.mark.parametrize(("options", "says"), ALONE, ids=[one[1][:30] for one in ALONE])
def test_options_that_do_not_go_together_end_with_2(product, options, says, tmp_path):
    run = inside("stress", "tiny", "--shelf", str(product.shelf.root), *options, cwd=tmp_path)
    assert run.returncode == 2
    assert says in run.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.prove
def test_the_interval_holds_the_true_place_as_often_as_it_says(product):
    """Of 60 seeds at 95%, fewer than 52 have a chance below 1 in 1,000."""
    portfolio = generate(product)
    claims = sum(expected_claims(portfolio.cells).values())
    true = PREMIUM * portfolio.policies / claims
    text = f"{{shock: {{kind: frequency, times: [100%, 300%]}}, {UNTIL}, width: 1%}}"
    resolved = resolve(product, asked(text))
    held = 0
    for seed in range(60):
        (place,) = find_break(Runs(product, portfolio, 100, seed), resolved).places
        low, high = place.found.interval
        held += low < true < high
    assert held >= 52
