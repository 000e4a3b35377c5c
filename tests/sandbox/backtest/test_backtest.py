"""A history against a product: what fails is named, from the file to the folder."""

import json

import numpy as np
import pytest
from scipy.stats import binom

from product_factory.columns import width
from product_factory.errors import BadInput, BadValue
from rating.engines.collective.annual import annual_model
from sandbox.backtest.frequency import year_total
from sandbox.backtest.history import CLAIMS, HISTORY, Known, read_history
from sandbox.backtest.judge import known_of
from sandbox.backtest.sizes import sizes_of
from sandbox.execution import Execution
from sandbox.portfolio.generate import generate
from sandbox.studies import Asked, study
from tests.sandbox.shipped import product as shipped
from tests.sandbox.shipped import small
from tests.sandbox.shop import shop
from tests.the_command import inside

YEARS = range(2016, 2026)
BILL = "{kind: lognormal, mean: 1000, cv: 0.8}"
POLICIES = 4_000
RATE = 0.6 * 0.01 + 0.4 * 0.03
"""About: the mix of the drawn portfolio is a little off."""


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("shop"), severity=BILL, policies=POLICIES)


@pytest.fixture(scope="module")
def portfolio(product):
    return generate(product)


@pytest.fixture(scope="module")
def rate(product, portfolio):
    model = annual_model(product, product.bases["best_estimate"], portfolio.cells)
    (process,) = model.collective
    means = [count.mean for count in process.counts]
    return float(np.dot(means, portfolio.cells.policies)) / POLICIES


def happened(rate, seed, *, often=1.0, large=1.0, common=0.0, paid=1.0):
    """Write a history and its claims, with what is planted."""
    random = np.random.default_rng(seed)
    spread = np.log1p(0.8**2)
    rows, claims = ["year,policies,line,claims,paid"], ["year,line,amount"]
    for year in YEARS:
        policies = POLICIES + 100 * (year - YEARS[0])
        mean = policies * rate * often
        if common:
            mean *= random.gamma(1.0 / common**2, common**2)
        bills = 1000.0 * large * random.lognormal(-spread / 2, spread**0.5, random.poisson(mean))
        rows.append(f"{year},{policies},bike.damage,{bills.size},")
        rows.append(f"{year},{policies},bike,,{paid * bills.sum():.2f}")
        claims += [f"{year},bike.damage,{bill:.2f}" for bill in bills]
    return {HISTORY: "\n".join(rows).encode(), CLAIMS: "\n".join(claims).encode()}


def asked(product, portfolio, given, **more):
    return Asked("backtest", product, portfolio, more.pop("years", 200), 5, given=given, **more)


def failing(product, portfolio, given):
    done = study(asked(product, portfolio, given))
    return done, [(one["subject"], one["test"]) for one in done.told["failing"]]


def test_a_history_of_the_product_itself_fails_nothing_and_says_what_that_is_worth(
    product, portfolio, rate
):
    done, failed = failing(product, portfolio, happened(rate, 1))
    assert failed == []
    assert done.good
    assert len(done.told["tests"]) == 13
    assert "no proof" in done.told["words"]["en"][0]
    assert "不是证明" in done.told["words"]["zh"][0]
    level = next(one for one in done.told["tests"] if one["test"] == "level")
    assert 0.05 < level["finds"] < 0.2
    places = [one["coverage"][2] for one in done.told["calibration"]]
    assert all(one["inside"] / one["of"] > 0.8 for one in places)


@pytest.mark.parametrize(
    ("planted", "named", "said"),
    [
        ({"often": 1.3}, ("frequency", "level"), "actual is above the assumption, +"),
        ({"large": 0.75}, ("severity", "level"), "actual is below the assumption, -"),
        ({"common": 0.4}, ("frequency", "spread"), "it varies more than assumed"),
    ],
)
def test_a_planted_error_is_named_first_and_the_other_assumption_is_left_alone(
    product, portfolio, rate, planted, named, said
):
    done, failed = failing(product, portfolio, happened(rate, 2, **planted))
    assert not done.good
    assert named in failed
    other = {"frequency": "severity", "severity": "frequency"}[named[0]]
    assert other not in {subject for subject, _ in failed}
    assert any(f"{named[0]}, {named[1]}: {said}" in line for line in done.told["words"]["en"])
    factor = next(iter(planted.values()))
    one = next(t for t in done.told["failing"] if (t["subject"], t["test"]) == named)
    if named[1] == "level":
        assert one["low"] < factor < one["high"]
    else:
        assert one["low"] > 1.0


def counts_alone(given):
    """Leave out the totals, which take the most time."""
    rows = given[HISTORY].decode().splitlines()
    return "\n".join(row for row in rows if ",bike," not in row).encode()


def test_a_drift_that_may_be_scatter_is_told_to_be_less_sure(product, portfolio, rate):
    given = {HISTORY: counts_alone(happened(rate, 8, common=0.7))}
    done, failed = failing(product, portfolio, given)
    assert {("frequency", "trend"), ("frequency", "spread")} <= {*failed}
    assert "The years of bike.damage scatter more" in done.told["words"]["en"][-1]
    assert "bike.damage 的年度间差异" in done.told["words"]["zh"][-1]


def test_what_is_too_little_to_test_and_what_is_not_listed_are_told(product, portfolio, rate):
    given = happened(rate, 9)
    listing = b"\n".join(given[CLAIMS].splitlines()[:6])
    done = study(
        asked(product, portfolio, {HISTORY: counts_alone(given), CLAIMS: listing}, language="en")
    )
    assert done.told["not_tested"] == ["bike.damage.bill"]
    assert done.told["unlisted"]["bike.damage.bill"]["listed"] == 5
    assert "bike.damage.bill: too little to test" in done.lines
    assert any("5 of" in line and "claims are listed" in line for line in done.lines)


def test_the_policies_that_stand_for_an_exposure_are_told(product, portfolio):
    rows = f"{HEAD}2020,900.3,bike.damage,9,\n2021,4000,bike.damage,50,\n"
    done = study(asked(product, portfolio, {HISTORY: rows.encode()}, language="en"))
    assert done.told["policies"] == {"2020": 900, "2021": 4000}
    assert done.lines[1].startswith("2 years of history, 4,900 policies for 4,900.3 policy years,")


def test_payouts_that_alone_are_off_accuse_terms_and_mix(product, portfolio, rate):
    done, failed = failing(product, portfolio, happened(rate, 3, paid=1.4))
    assert failed == [("total", "level")]
    assert "look at terms, the mix of risks" in done.told["words"]["en"][-1]
    assert "请检查条款" in done.told["words"]["zh"][-1]


def test_events_below_a_threshold_are_thinned_by_the_severity(product, portfolio, rate):
    model = annual_model(product, product.bases["best_estimate"], portfolio.cells)
    sizes = sizes_of(model, "bike.damage.bill", portfolio.cells.policies.astype(float))
    share = sizes.survival(700.0)
    policies = portfolio.cells.policies
    some = year_total(model, "bike.damage", policies, 700.0).mean
    assert some == pytest.approx(share * year_total(model, "bike.damage", policies, 0.0).mean)
    assert 0.4 < share < 0.7


MONEY = Known(["a.b"], ["c"], {"a.b": ("a.b", "a.b.bill")})


def test_the_index_of_a_year_brings_all_its_amounts_to_the_money_of_the_assumptions():
    """One row says it, be it the last; thresholds of claims are those of the count unless said."""
    history = b"year,policies,line,claims,paid,above,index\n2020,9,a.b,2,,100,\n2020,9,c,,8,,1.5\n"
    history += b"2021,9,c,,8,,\n"
    listing = b"year,line,amount,above\n2020,a.b,300,200\n\n2020,a.b,400,\n2020,a.b,90,0\n"
    read = read_history(history, "h.csv", listing, "c.csv", MONEY)
    assert read.counts["a.b"][2020].above == 150.0
    assert read.paid["c"] == {2020: 12.0, 2021: 8.0}
    found = [(one.amount, one.above) for one in read.claims["a.b.bill"]]
    assert found == [(450, 300), (600, 150), (135, 0)]
    assert read.unlisted == {}


def test_a_year_has_one_index():
    history = b"year,policies,line,claims,paid,index\n2020,9,a.b,2,,1.5\n2020,9,c,,8,2\n"
    with pytest.raises(BadInput) as told:
        read_history(history, "h.csv", None, "c.csv", MONEY)
    said = "h.csv:3:13: index: expected 1.5, as an earlier row of 2020 says, got 2"
    assert str(told.value) == said


def test_only_claims_that_are_counted_are_compared_with_their_number():
    """Of three listed, one is counted; a fourth one that would be is one too many."""
    history = b"year,policies,line,claims,above\n2020,9,a.b,1,100\n"
    listing = b"year,line,amount,above\n2020,a.b,50,0\n2020,a.b,60,0\n2020,a.b,300,\n"
    assert len(read_history(history, "h.csv", listing, "c.csv", MONEY).claims["a.b.bill"]) == 3
    with pytest.raises(BadInput, match=r"c\.csv:5:6: line: expected at most the 1 claims"):
        read_history(history, "h.csv", listing + b"2020,a.b,400,\n", "c.csv", MONEY)
    with pytest.raises(BadInput) as told:
        read_history(history, "h.csv", listing + b"2020,a.b,70,\n", "c.csv", MONEY)
    assert str(told.value) == (
        "c.csv:5:10: amount: expected more than 100, above which it is counted (above 0: all are "
        "listed), got 70"
    )


def test_a_ratio_is_no_money():
    """It is at most 1, and no index moves it."""
    known = Known(["a.b"], [], {"a.b": ("a.b", "a.b.damage")}, frozenset({"a.b.damage"}))
    history = b"year,policies,line,claims,above,index\n2020,9,a.b,2,0.1,1.5\n"
    listing = b"year,line,amount\n2020,a.b,1\n"
    read = read_history(history, "h.csv", listing, "c.csv", known)
    assert read.counts["a.b"][2020].above == 0.1
    assert [(one.amount, one.above) for one in read.claims["a.b.damage"]] == [(1.0, 0.1)]
    with pytest.raises(BadInput) as told:
        read_history(history, "h.csv", listing + b"2020,a.b,5000\n", "c.csv", known)
    assert str(told.value) == "c.csv:3:10: amount: expected a ratio, at most 1, got 5000"


HEAD = "year,policies,line,claims,paid\n"
BAD = {
    "yaer,policies,line\n": "h.csv:1:1: unknown column 'yaer'; did you mean 'year'?; expected "
    "year, policies, line, claims, paid, above or index",
    "year,policies\n": "h.csv:1:1: expected the columns year, policies, line; 'line' is missing",
    "year,year,policies,line\n": "h.csv:1:1: the column 'year' stands twice",
    HEAD: "h.csv: expected at least one row, got none",
    f"{HEAD}20.5,9,a.b,1,\n": "h.csv:2:1: year: expected a year from 1900 to 2200, got 20.5",
    f"{HEAD}2020,-1,a.b,1,\n": "h.csv:2:6: policies: expected policy years, 1 or more, got -1",
    f"{HEAD}2020,,a.b,1,\n": "h.csv:2:6: policies: expected policy years, 1 or more, got nothing",
    f"{HEAD}2020,0.7,a.b,1,\n": "h.csv:2:6: policies: expected policy years, 1 or more, got 0.7",
    f"{HEAD}2020,9,a.d,1,\n": "h.csv:2:8: line: expected a.b, c or total, got a.d; did you mean "
    "'a.b'?",
    f"{HEAD}2020,9,a.b,1.5,\n": "h.csv:2:12: claims: expected a whole number, 0 or more, got 1.5",
    f"{HEAD}2020,9,a.b,,\n": "h.csv:2:12: claims: expected claims and no paid: 'a.b' is a process, "
    "whose events are counted",
    f"{HEAD}2020,9,c,3,5\n": "h.csv:2:10: claims: expected paid and neither claims nor above: 'c' "
    "is a cover, which pays",
    f"{HEAD}2020,9,c,,nan\n": "h.csv:2:11: paid: expected an amount, 0 or more, got nan",
    f"{HEAD}2020,9,c,,5\n2020,8,a.b,1,\n": "h.csv:3:6: policies: expected 9, as an earlier row of "
    "2020 says, got 8",
    f"{HEAD}2020,9,c,,5\n2020,9,c,,5\n": "h.csv:3:8: line: 'c' stands twice in 2020",
    f"{HEAD}2020,9,c\n": "h.csv:2:1: year: expected 5 cells, got 3",
    f'{HEAD}2020,9,"c\n': "h.csv:2:1: this is no CSV: unexpected end of data",
    f"{HEAD}\xff": "h.csv:2:1: expected text in UTF-8",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_row_is_told_with_its_place(text):
    known = Known(["a.b"], ["c", "total"], {"a.b": ("a.b", "a.b.bill")})
    with pytest.raises(BadInput) as told:
        read_history(text.encode("latin-1"), "h.csv", None, "c.csv", known)
    assert str(told.value).splitlines()[0] == BAD[text]


LISTED = {
    "2020,a.b,0\n": "c.csv:2:10: amount: expected an amount above 0, got 0",
    "2020,a.x,5\n": "c.csv:2:6: line: expected a.b, got a.x; did you mean 'a.b'?",
    "2020,a.b,5\n2020,a.b,6\n": "c.csv:3:6: line: expected at most the 1 claims of 2020 that the "
    "history counts, got more",
}


@pytest.mark.parametrize("text", LISTED)
def test_a_bad_claim_is_told_with_its_place(text):
    known = Known(["a.b"], ["c"], {"a.b": ("a.b", "a.b.bill")})
    listing = f"year,line,amount\n{text}".encode()
    with pytest.raises(BadInput) as told:
        read_history(f"{HEAD}2020,9,a.b,1,\n".encode(), "h.csv", listing, "c.csv", known)
    assert str(told.value) == LISTED[text]


def test_a_threshold_needs_one_size_alone():
    text = "year,policies,line,claims,above\n2020,9,a.b,1,5\n"
    with pytest.raises(BadInput) as told:
        read_history(text.encode(), "h.csv", None, "c.csv", Known(["a.b"], [], {}))
    said = "h.csv:2:14: above: expected none: 'a.b' has not one size of loss alone"
    assert str(told.value) == said


def test_many_bad_rows_are_told_in_part():
    known = Known(["a.b"], [], {})
    rows = HEAD + "2020,9,x,1,\n" * 30
    with pytest.raises(BadInput) as told:
        read_history(rows.encode(), "h.csv", None, "c.csv", known)
    assert len(str(told.value).splitlines()) == 13
    assert "and 18 more rows: are wrong" in str(told.value)


def test_a_contract_of_many_years_is_refused_with_the_way_to_go(tmp_path):
    (tmp_path / "h.csv").write_text(f"{HEAD}2020,9,death,1,\n", "utf-8")
    run = inside("backtest", "term_life", "h.csv", cwd=tmp_path)
    assert run.returncode == 2
    assert "covercast fit experience" in run.stderr


def test_a_shipped_product_counts_what_happens_to_all_at_once():
    """Storms are of the whole portfolio: their number does not grow with it."""
    home = shipped("home")
    portfolio = small("home")
    model = annual_model(home, home.bases["best_estimate"], portfolio.cells)
    rates = model.catalogue[0].rates.sum()
    for times in (1, 10):
        found = year_total(model, "typhoon.storm", times * portfolio.cells.policies, 0.0)
        assert (found.mean, found.variance) == pytest.approx((rates, rates))


def test_the_damage_of_each_item_is_listed_by_its_name():
    """An event of a home has a damage ratio of building and of contents."""
    home = shipped("home")
    portfolio = small("home")
    model = annual_model(home, home.bases["best_estimate"], portfolio.cells)
    known = known_of(model)
    assert known.sizes["fire.occurrence.damage.building"][0] == "fire.occurrence"
    assert "fire.occurrence" not in known.sizes
    assert "fire.occurrence.damage.building" in known.ratios
    found = sizes_of(model, "fire.occurrence.damage.building", np.ones(portfolio.cells.size))
    assert sum(weight for weight, _, _ in found.parts) == pytest.approx(1.0)
    assert found.survival(1.0) == 0.0
    assert 0.0 < found.reaches(1.0) < found.survival(0.5) < found.survival(0.1) < 1.0


def test_too_few_draws_to_find_anything_are_refused(product, portfolio):
    rows = f"{HEAD}2020,4000,bike,,70000\n"
    given = {HISTORY: rows.encode()}
    with pytest.raises(BadValue, match="--years: expected at least 160, so that a total of 1 year"):
        study(asked(product, portfolio, given, years=100))
    with pytest.raises(BadValue, match=r"--level: expected at least 0\.04% for up to 4 tests"):
        study(asked(product, portfolio, given, options={"level": "0.01%"}))


@pytest.mark.prove
def test_all_tests_together_seldom_accuse_a_product_of_its_own_history(product, portfolio, rate):
    """From the drawn history to the verdict: at most 5% of histories, as far as 60 can tell."""
    runs = 60
    alarms = sum(bool(failing(product, portfolio, happened(rate, 100 + n))[1]) for n in range(runs))
    assert alarms <= binom.ppf(0.9999, runs, 0.05)


def test_the_same_history_gives_the_same_bytes_whoever_computes(product, portfolio, rate):
    given = happened(rate, 4, often=1.3)
    done = study(asked(product, portfolio, given, language="en"))
    two = study(asked(product, portfolio, given, execution=Execution.on(2), language="zh"))
    assert done.data == two.data
    cells = [row.split(",") for row in done.data["tests.csv"].decode().splitlines()[1:]]
    numbers = [cell for row in cells for cell in row if cell[-1:].isdigit()]
    numbers += [row.split(",")[-1] for row in done.data["pit.csv"].decode().splitlines()[1:]]
    assert all(float(f"{float(one):.6g}") == float(one) for one in numbers)
    for lines in (done.lines, two.lines):
        assert max(width(line) for line in lines[1:]) <= 80


def test_a_folder_holds_what_was_asked_and_is_proved_again(product, rate, tmp_path):
    shelf = ("--shelf", str(product.shelf.root))
    given = happened(rate, 4, often=1.3)
    for name, content in zip(("h.csv", "c.csv"), given.values(), strict=True):
        (tmp_path / name).write_bytes(content)
    how = ("--claims", "c.csv", "--years", "50", "-o", "out", "--json", *shelf)
    run = inside("backtest", "tiny", "h.csv", *how, cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    out = tmp_path / "out"
    assert json.loads(run.stdout) == json.loads((out / "backtest.json").read_text("utf-8"))
    names = {"backtest.json", "tests.csv", "pit.csv", HISTORY, CLAIMS, "pit.png", "manifest.json"}
    assert {path.name for path in out.iterdir()} == names
    again = inside("rerun", "out/manifest.json", *shelf, cwd=tmp_path)
    assert again.returncode == 0, again.stdout + again.stderr
    (out / CLAIMS).write_bytes((out / CLAIMS).read_bytes().replace(b"damage,", b"damage,1", 1))
    changed = inside("rerun", "out/manifest.json", *shelf, cwd=tmp_path)
    assert changed.returncode == 1
    assert "claims.csv: the file beside the manifest was changed" in changed.stdout
    (out / HISTORY).unlink()
    gone = inside("rerun", "out/manifest.json", *shelf, cwd=tmp_path)
    assert gone.returncode == 2
    assert "history.csv: there is no such file" in gone.stderr


@pytest.mark.parametrize("level", ["0%", "100%", "much"])
def test_a_level_that_is_none_is_refused(level, product, portfolio, rate):
    with pytest.raises(BadValue, match="--level: expected"):
        study(asked(product, portfolio, happened(rate, 4), options={"level": level}))
