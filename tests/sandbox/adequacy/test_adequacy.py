"""Is the rate right: closed forms, the price of each segment, and what is told."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import poisson

from product_factory.errors import BadInput
from product_factory.json_text import json_text
from product_factory.nodes import read_nodes
from product_factory.strict import read_as
from sandbox.adequacy.clusters import origins
from sandbox.adequacy.judge import Wanted, adequacy
from sandbox.adequacy.needed import dearer, needed
from sandbox.adequacy.segments import Cut, classified
from sandbox.adequacy.told import adequacy_lines, adequacy_told, segments_csv
from sandbox.adequacy.words import verdict_words
from sandbox.execution import Execution
from sandbox.portfolio.generate import generate
from sandbox.run import simulate
from sandbox.runs import Runs
from sandbox.uncertainty import UNCERTAINTY, Spread
from sandbox.uncertainty.draw import drawn, fit_to, seed_of
from tests.sandbox.dependence.dependence_texts import file as tied
from tests.sandbox.dependence.dependence_texts import shared
from tests.sandbox.shipped import product as shipped
from tests.sandbox.shipped import small
from tests.sandbox.shop import CLAIMS, PREMIUM, expected_claims, shop
from tests.the_command import inside

YEARS, SEED, COMMISSION, UPKEEP = 2_000, 11, 0.2, 4.0
PLAIN = Wanted(confidence=0.9, target=0.03, basis="best_estimate")
SPREAD = "{name: claims, kind: frequency, times: {error: 20%}, reference: x, trust: illustrative}"


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("shop"))


def uncertain(text=SPREAD):
    return read_as(UNCERTAINTY, read_nodes(f"[{text}]", "uncertainty.yaml"))


def judged(product, wanted=PLAIN, years=YEARS, threads=1):
    return adequacy(Runs(product, generate(product), years, SEED, Execution.on(threads)), wanted)


def kept(target=0.03):
    """What is left of the premium of a policy for its claims and its upkeep."""
    return PREMIUM * (1.0 - COMMISSION - target)


def test_the_chance_that_premium_is_enough_is_that_of_the_poisson_distribution(product):
    """Claims are 1000 × Poisson(λ): enough where 1000 N + upkeep <= premium × (1 − 20% − 3%)."""
    portfolio = generate(product)
    rate = sum(expected_claims(portfolio.cells).values()) / 1000.0
    policies = portfolio.policies
    most = math.floor((kept() - UPKEEP) * policies / 1000.0)
    done = judged(product)
    chance = poisson.cdf(most, rate)
    assert done.covered.low < chance < done.covered.high
    assert abs(done.covered.value - chance) < 4.0 * done.covered.error
    needs = poisson.ppf(0.9, rate) * 1000.0 + UPKEEP * policies
    change = needs / (PREMIUM * policies * (1.0 - COMMISSION - 0.03)) - 1.0
    assert done.change.low - 1e-12 <= change <= done.change.high + 1e-12
    average = (rate * 1000.0 + UPKEEP * policies) / (kept() * policies) - 1.0
    assert abs(done.on_average.value - average) < 4.0 * done.on_average.error


def test_a_compound_distribution_agrees_with_its_fast_fourier_transform(tmp_path):
    """Exponential bills: the density of a year's claims by numpy's FFT, steps of 20."""
    product = shop(tmp_path, severity="{kind: gamma, mean: 1000, cv: 1}")
    portfolio = generate(product)
    rate = sum(expected_claims(portfolio.cells).values()) / 1000.0
    step, size = 20.0, 2**14
    edges = (np.arange(size + 1) - 0.5).clip(0.0) * step
    severity = np.diff(1.0 - np.exp(-edges / 1000.0))
    density = np.fft.irfft(np.exp(rate * (np.fft.rfft(severity) - 1.0)), size)
    below = np.cumsum(density)
    room = (kept() - UPKEEP) * portfolio.policies
    chance = below[int(room / step)]
    done = judged(product)
    assert abs(done.covered.value - chance) < 4.0 * done.covered.error
    quantile = float(np.searchsorted(below, 0.9)) * step
    change = (quantile + UPKEEP * portfolio.policies) / (kept() * portfolio.policies) - 1.0
    assert done.change.low < change < done.change.high


def test_rates_changed_as_told_are_just_enough(product):
    done = judged(product)
    rows = done.rows
    for change, share in ((done.change.value, 0.9), (done.on_average.value, None)):
        premium = rows.premium * (1.0 + change)
        cost = rows.claims + rows.expenses + change * rows.rises
        profit = premium * 0.97 - cost
        if share is None:
            assert math.isclose(profit.mean(), 0.0, abs_tol=1e-6 * premium.mean())
        else:
            assert (profit >= -1e-6).mean() >= share
            assert (profit > 1e-6).mean() < share


def test_expenses_that_are_a_share_of_premium_rise_with_it(product):
    rows = judged(product, years=50).rows
    assert np.allclose(rows.rises, COMMISSION * rows.premium, rtol=1e-9)


def test_technical_premiums_are_those_of_the_formula(product):
    """(claims + upkeep) / (1 − commission − target), by group; the wild pay too little."""
    portfolio = generate(product)
    claims = expected_claims(portfolio.cells)
    done = judged(product, replace(PLAIN, by=("group",)))
    assert [one.label for one in done.segments] == list(CLAIMS)
    for one in done.segments:
        true = (claims[one.label] + UPKEEP * one.policies) / (1.0 - COMMISSION - 0.03)
        assert one.tariff == PREMIUM * one.policies
        assert abs(one.technical - true) < 4.0 * one.error
        assert one.error < 0.05 * one.technical
        low, high = one.interval
        assert low < one.ratio < high
    calm, wild = done.segments
    assert (calm.underpriced, calm.overpriced) == (False, True)
    assert (wild.underpriced, wild.overpriced) == (True, False)
    assert sum(one.policies for one in done.segments) == portfolio.policies


def test_every_variable_is_cut_and_many_values_are_cut_into_bands(product):
    done = judged(product, years=60)
    by = dict.fromkeys(one.by for one in done.segments)
    assert list(by) == ["age", "group"]
    ages = [one for one in done.segments if one.by == "age"]
    assert 2 <= len(ages) <= 6
    assert sum(one.policies for one in ages) == 200
    assert ages[0].label.startswith("1") or ages[0].label.startswith("2")
    assert ages[-1].label.count("-") == 1
    banded = classified(product, ("age",), generate(product))
    assert set(banded.grouping(("age",)).labels) == {one.label for one in ages}


def test_assumptions_that_are_not_known_make_the_outcome_wider(product):
    """Claims × L with E L = 1, sd 20%: Var E[LR | L] = (0.2 × E LR)²."""
    done = judged(product, replace(PLAIN, uncertainty=uncertain(), draws=100))
    known = judged(product)
    expected = (0.2 * known.loss_ratio.value) ** 2
    assert abs(done.origins.parameter - expected) < 4.0 * done.origins.parameter_error
    assert abs(done.origins.process - known.loss_ratio.error**2 * YEARS) < (
        4.0 * done.origins.process_error
    )
    assert 0.0 < done.origins.share < 1.0
    assert done.loss_ratio.error > known.loss_ratio.error
    assert len(done.known) == 100


def test_draws_have_the_mean_and_the_error_that_are_stated():
    (one,) = uncertain()
    values = drawn((one,), 4_000, SEED)[:, 0]
    assert math.isclose(values.mean(), 1.0, abs_tol=4.0 * 0.2 / math.sqrt(4_000))
    assert math.isclose(values.std(), 0.2, rel_tol=0.06)
    assert (values > 0.0).all()
    added = Spread.model_construct(error=0.01)
    assert added.quantile(0.5, multiplied=False) == 0.0
    assert math.isclose(added.quantile(0.975, multiplied=False), 0.0196, rel_tol=1e-3)
    flat = Spread.model_construct(range=(1.2, 0.8))
    assert [flat.quantile(u, multiplied=True) for u in (0.25, 0.5)] == [0.9, 1.0]


def test_another_assumption_or_draw_moves_no_draw():
    one, two = uncertain(), uncertain(f"{SPREAD}, {SPREAD.replace('claims', 'more')}")
    assert drawn(one, 50, SEED)[:, 0].tobytes() == drawn(two, 90, SEED)[:50, 0].tobytes()
    assert len({seed_of(SEED, draw) for draw in range(200)}) == 200
    assert seed_of(SEED, 0) != SEED


def test_threads_move_no_bit(product):
    wanted = replace(PLAIN, uncertainty=uncertain(), draws=10)
    one, two = (judged(product, wanted, 60, threads) for threads in (1, 2))
    assert one.rows.claims.tobytes() == two.rows.claims.tobytes()
    assert (one.covered, one.change, one.segments) == (two.covered, two.change, two.segments)


def test_contracts_of_many_years_are_judged_by_present_values():
    """The technical premium is computed without random numbers; the mean agrees with the rows."""
    term_life = shipped("term_life")
    runs = Runs(term_life, small("term_life"), 150, SEED)
    done = adequacy(runs, replace(PLAIN, by=("sex",)))
    assert [one.label for one in done.segments] == ["M", "F"]
    assert all(one.error == 0.0 for one in done.segments)
    tariff = sum(one.tariff for one in done.segments)
    technical = sum(one.technical for one in done.segments)
    rows = done.rows
    assert abs(tariff - rows.premium.mean()) < 5.0 * rows.premium.std() / math.sqrt(150)
    assert abs(technical / tariff - 1.0 - done.on_average.value) < 5.0 * done.on_average.error


@pytest.mark.parametrize("name", ["increasing_whole_life", "endowment"])
def test_at_the_rate_that_was_found_premium_just_pays_cost(name):
    """Cash values and premiums given back make cost no straight line: it is run again there."""
    portfolio = small(name)
    runs = Runs(shipped(name), portfolio, 60, SEED)
    done = adequacy(runs, replace(PLAIN, by=("sex",)))
    change = done.change.value
    at = simulate(runs.product, dearer(portfolio, change), years=60, seed=SEED).table
    profit = at.premium * 0.97 - at.total() - at.expenses
    room = 1e-3 * at.premium.mean()
    assert (profit >= -room).mean() >= 0.85
    assert (profit > room).mean() <= 0.95


def test_a_segment_that_cost_nothing_has_no_ratio_and_no_mark(product):
    claims = np.column_stack([np.full(80, 50.0) + np.arange(80.0), np.zeros(80)])
    two = np.array([100.0, 100.0])
    cut = Cut("group", ("calm", "wild"), np.array([4, 4]), two, 0.2 * two, 0.2 * two, claims)
    calm, wild = cut.segments(0.0)
    assert math.isclose(calm.technical, claims[:, 0].mean() / 0.8)
    assert (wild.technical, wild.ratio, wild.interval) == (0.0, math.inf, (math.inf, math.inf))
    assert (wild.underpriced, wild.overpriced) == (False, False)
    done = replace(judged(product, years=60), segments=(calm, wild))
    told = json_text(adequacy_told(done, long_term=False))
    assert json.loads(told)["segments"][1]["ratio"] is None
    assert segments_csv(done).splitlines()[2].startswith(b"group,wild,4,100.0,0.0,0.0,,,,,")
    (line,) = [one for one in adequacy_lines(done, "en", long_term=False) if "wild" in one]
    assert line.endswith("no cost *")
    empty = replace(cut, claims=np.zeros((80, 2)))
    assert [one.ratio for one in empty.segments(0.0)] == [math.inf, math.inf]


def test_figures_by_share_are_those_of_the_quantile(product):
    """The smallest value that a share of all do not exceed: of 1 … 20 the 5% is 1, the 95% 19."""
    done = replace(judged(product, years=60), known=np.arange(1.0, 21.0))
    done = replace(done, origins=origins(np.arange(40.0), 20))
    told = adequacy_told(done, long_term=False)["uncertainty"]["expected_loss_ratio"]
    assert told == {"0.05": 1.0, "0.25": 5.0, "0.5": 10.0, "0.75": 15.0, "0.95": 19.0}
    said = verdict_words(done, "en", long_term=False)[2]
    assert "within 100.0% … 1900.0%" in said


def test_what_ties_frequencies_ties_every_run_of_a_study(product):
    """A factor of the frequency makes the loss ratio wider; runs of their own keep it too."""
    plain = Runs(product, generate(product), 200, SEED)
    wide = replace(plain, dependence=tied(shared(lines="[tiny.bike]", cv="100%")))
    assert wide.fresh().table.total().tobytes() == wide.run().table.total().tobytes()
    spread = [adequacy(runs, PLAIN).loss_ratio.error for runs in (plain, wide)]
    assert spread[1] > 1.5 * spread[0]


def test_what_no_rate_can_pay_is_said():
    ones = np.ones(2)
    with pytest.raises(BadInput, match="expenses take 60% of premium and the target 50%: no rate"):
        needed(ones, ones, 0.6 * ones, 0.5)


WRONG = [
    ("{}", "expected the key 'name'"),
    (SPREAD.replace("error: 20%", "error: 0%"), "error: expected more than 0% and less than 100%"),
    (SPREAD.replace("error: 20%", ""), "expected one of the keys 'error' and 'range'"),
    (SPREAD.replace("times", "add"), "expected one spread, under 'times', got 'add'"),
    (SPREAD.replace("frequency", "frequenzy"), "did you mean 'frequency'?"),
    (SPREAD.replace("kind:", "event: bike.damag, kind:"), "did you mean 'bike.damage'?"),
    (f"{SPREAD}, {SPREAD}", "name: 'claims' stands twice"),
    (
        SPREAD.replace("{error: 20%}", "{range: [-50%, 150%]}"),
        "times: expected more than 0%, got -50%",
    ),
    (
        SPREAD.replace("frequency, times", "rate, at_least"),
        "at_least: expected a 'range', for a floor is near no value; got 'error'",
    ),
]


@pytest.mark.parametrize(("text", "says"), WRONG, ids=[one[1][:30] for one in WRONG])
def test_an_uncertainty_that_means_nothing_is_told_with_its_place(product, text, says):
    with pytest.raises(BadInput) as error:
        fit_to(product, uncertain(text))
    assert says in str(error.value)
    assert str(error.value).startswith("uncertainty.yaml:1:")


def test_where_nothing_tells_policies_apart_no_segment_is_said_to_pay_enough(product):
    done = replace(judged(product, years=20), segments=())
    (english,) = [one for one in verdict_words(done, "en", long_term=False) if "egment" in one]
    assert english == "No segment was judged: no variable of the policy tells policies apart."
    assert "未判定任何细分：没有区分各保单的变量。" in verdict_words(done, "zh", long_term=False)


def test_the_verb_tells_the_verdict_in_both_languages_and_proves_itself(product, tmp_path):
    shelf = ("--shelf", str(product.shelf.root))
    (tmp_path / "u.yaml").write_text(f"- {SPREAD}\n")
    how = ("--years", "100", "--draws", "10", "--uncertainty", "u.yaml", "-o", "out")
    how = (*how, "--selection", "{by: group, elasticity: 1, years: 3}", "--target", "3%")
    run = inside("adequacy", "tiny", *shelf, *how, cwd=tmp_path)
    assert run.returncode == 1
    assert "The rate is not adequate at 90%: premium pays claims, expenses and a" in run.stdout
    assert max(map(len, run.stdout.splitlines())) < 120
    told = json.loads((tmp_path / "out" / "adequacy.json").read_text())
    assert told["verdict"] == "inadequate"
    assert told["words"]["zh"][0].startswith("费率不充足（置信水平 90%）")
    assert [one["year"] for one in told["selection"]["years"]] == [0, 1, 2, 3]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    data = {"adequacy.json", "segments.csv", "selection.csv", "manifest.json"}
    assert names == {*data, "adequacy.png", "segments.png", "selection.png"}
    again = inside("rerun", "out/manifest.json", *shelf, cwd=tmp_path)
    assert "every byte is the same" in again.stdout, again.stdout + again.stderr
    chinese = inside("adequacy", "tiny", *shelf, "--years", "60", "--language", "zh", cwd=tmp_path)
    assert "费率" in chinese.stdout


def test_what_a_product_says_itself_is_used_unless_another_is_given(tmp_path):
    root = shop(tmp_path).folder
    (root / "uncertainty.yaml").write_text(f"- {SPREAD}\n")
    (root / "selection.yaml").write_text("{by: group, elasticity: 1, years: 2}\n")
    (root / "reverse.yaml").write_text(
        "- {shock: {kind: frequency, times: [1, 3]}, until: {gate: loss}}\n"
    )
    how = ("tiny", "--shelf", str(root.parent), "--years", "40", "--draws", "10", "--json")
    told = json.loads(inside("adequacy", *how).stdout)
    assert told["uncertainty"]["assumptions"] == ["claims"]
    assert len(told["selection"]["years"]) == 3
    other = ("--selection", "{by: group, elasticity: 1, years: 4}")
    assert len(json.loads(inside("adequacy", *how, *other).stdout)["selection"]["years"]) == 5
    (root / "uncertainty.yaml").write_text(f"- {SPREAD.replace('error', 'eror')}\n")
    run = inside("adequacy", *how)
    assert run.returncode == 2
    assert "tiny/uncertainty.yaml:1:43: [0].times: unknown key 'eror'" in run.stderr
    assert "did you mean 'error'" in run.stderr


def test_a_rate_that_is_enough_ends_with_0(product, tmp_path):
    how = ("--shelf", str(product.shelf.root), "--years", "200", "--confidence", "5%")
    run = inside("adequacy", "tiny", *how, cwd=tmp_path)
    assert run.returncode == 0
    assert "The rate is adequate at 5%" in run.stdout


BAD = [
    (("--confidence", "100%"), "--confidence: expected between 0% and 100%, got 100%"),
    (("--confidence", "much"), "--confidence: expected a share such as 30%, got much"),
    (("--target", "-1%"), "--target: expected 0% to less than 100%, got -1%"),
    (("--target", "90%"), "--target: expenses take 20% of premium and the target 90%"),
    (("--by", "groop"), "--by: unknown classification 'groop'; did you mean 'group'?"),
    (("--basis", "best"), "unknown basis 'best'"),
    (("--draws", "3"), "--draws: expected 10 to"),
    (("--selection", "{by: groop, elasticity: 1}"), "1:6: by: unknown classification 'groop'"),
]


@pytest.mark.parametrize(("options", "says"), BAD, ids=[one[1][:30] for one in BAD])
def test_bad_options_end_with_2_and_leave_nothing(product, options, says, tmp_path):
    how = ("--shelf", str(product.shelf.root), "--years", "40")
    run = inside("adequacy", "tiny", *how, *options, cwd=tmp_path)
    assert run.returncode == 2
    assert says in run.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.prove
def test_intervals_hold_the_true_figures_as_often_as_they_say(product):
    """Poisson claims: of 60 seeds at 95%, fewer than 52 have a chance below 1 in 1,000."""
    portfolio = generate(product)
    rate = sum(expected_claims(portfolio.cells).values()) / 1000.0
    policies = portfolio.policies
    chance = poisson.cdf(math.floor((kept() - UPKEEP) * policies / 1000.0), rate)
    average = (rate * 1000.0 + UPKEEP * policies) / (kept() * policies) - 1.0
    held = [0, 0]
    for seed in range(60):
        done = adequacy(Runs(product, portfolio, 200, seed), replace(PLAIN, by=("group",)))
        held[0] += done.covered.low < chance < done.covered.high
        held[1] += done.on_average.low < average < done.on_average.high
    assert min(held) >= 52
