"""`stress --tail`: exact tails, the same bytes, what is refused, and what is printed."""

import json
from dataclasses import replace

import pytest

from product_factory.columns import width
from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read
from rating.aggregate import ClaimTerms, by_fourier, lump
from rating.frequencies import NegativeBinomial, Poisson
from rating.severities import Gamma
from sandbox.execution import ONE_THREAD, Execution
from sandbox.portfolio.generate import generate
from sandbox.studies import Asked, study
from sandbox.tail.asked import Tail
from sandbox.tail.find import find_tail
from tests.sandbox.shipped import product as shipped
from tests.sandbox.shipped import small
from tests.sandbox.shop import CLAIMS, shop
from tests.the_command import inside

YEARS = 4_000
GAMMA = "{kind: gamma, mean: 1000, cv: 1}"
COUNTS = {
    "poisson": ("{kind: poisson, mean: claims_rate}", Poisson),
    "negative_binomial": (
        "{kind: negative_binomial, mean: claims_rate, variance_over_mean: 1.5}",
        lambda mean: NegativeBinomial(mean, 1.5),
    ),
}


def asked(text):
    return read(Tail, read_nodes(text, "tail.yaml"))


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    return {
        name: shop(tmp_path_factory.mktemp(name), frequency=text, severity=GAMMA)
        for name, (text, _) in COUNTS.items()
    }


@pytest.fixture(scope="module")
def done(shops):
    text = "{levels: [200, 10000], amounts: [20000, 5000]}"
    return {
        name: find_tail(generate(product), asked(text), YEARS, 3, ONE_THREAD)
        for name, product in shops.items()
    }


def exact(name, product):
    """The sum of all policies' counts is one of their kind: the year by Fourier transform."""
    cells = generate(product).cells
    rates = [CLAIMS[list(CLAIMS)[int(place)]] for place in cells.columns["group"]]
    count = COUNTS[name][1](float((rates * cells.policies).sum()))
    points, step = 1 << 15, 5.0
    return count.mean * 1000.0, by_fourier(
        count, lump(Gamma.from_form(mean=1000.0, cv=1.0), ClaimTerms(), step, points), points
    )


@pytest.mark.parametrize("name", list(COUNTS))
def test_a_compound_year_has_its_exact_tail(name, shops, done):
    """Mean, VaR and TVaR at 1 in 200 and 1 in 10,000, and a chance: within four errors or marked.

    Once in 10,000 years it is many events at once, of which a mixture knows little: marked.
    """
    mean, year = exact(name, shops[name])
    (view,) = done[name].views
    assert abs(view.mean.measured.value - mean) < 4.0 * view.mean.measured.error
    for period, (var, tail) in view.levels.items():
        quantile = year.var(1.0 - 1.0 / period)
        beyond = (mean - year.limited_mean(quantile)) * period
        for one, value in ((var.measured, quantile), (tail.measured, quantile + beyond)):
            assert not one.trusted or abs(one.value - value) < 4.0 * one.error + 5.0
            assert one.value == pytest.approx(value, rel=0.1)
        assert var.reduction.verdict == tail.reduction.verdict == "helps"
    assert view.levels[200.0][1].measured.trusted
    for amount, chance in view.amounts.items():
        one = chance.measured
        low, high = (one.value + side * one.error for side in (-4.0, 4.0))
        inside = year.var(1.0 - high) - 5.0 <= amount <= year.var(1.0 - low) + 5.0
        assert inside or not one.trusted


def test_weights_have_a_mean_of_one_and_a_bound(done):
    for one in done.values():
        years = one.views[0].years
        assert abs(years.weight.value - 1.0) < 4.0 * years.weight.error
        assert years.weights.max() <= 1.0 / 0.2 + 1e-9
        assert one.pilot + len(years.values) == YEARS


def test_a_stated_tilt_takes_no_pilot_and_keeps_the_floors(shops):
    portfolio = generate(shops["poisson"])
    text = "{levels: [100], tilt: {bike.damage: 2}, original: 50%}"
    found = find_tail(portfolio, asked(text), 2_000, 3, ONE_THREAD)
    assert [(one.name, one.years) for one in found.laws] == [
        ("original", 1_000),
        ("bike.damage.bill", 300),
        ("stated", 700),
    ]
    assert found.pilot == 0
    text = "{levels: [100], tilt: {bike.damage: 1}}"
    by_law = find_tail(portfolio, asked(text), 2_000, 3, ONE_THREAD).views[0].years
    # but for the floor, which draws its part of the years
    assert 1.0 < by_law.weights.max() <= 1.0 / 0.76 + 1e-9


def test_the_bytes_are_the_same_whoever_computes_them(shops, done):
    portfolio = generate(shops["poisson"])
    text = "{levels: [200, 10000], amounts: [20000, 5000]}"
    once = done["poisson"].views[0]
    for execution in (Execution.on(2, block=700), Execution.on(1, block=1_999)):
        again = find_tail(portfolio, asked(text), YEARS, 3, execution).views[0]
        assert (again.years.weights == once.years.weights).all()
        assert again.levels == once.levels
    other = find_tail(portfolio, asked(text), YEARS, 4, ONE_THREAD).views[0]
    assert other.levels != once.levels


def test_home_is_known_gross_and_net_of_its_programme():
    """The quota share alone takes 30% of each storm: what is kept is less, and never more."""
    found = find_tail(small("home", 30), asked("{levels: [100]}"), 2_000, 1, Execution.on(2))
    gross, net = found.views
    assert (gross.name, net.name) == ("gross", "net")
    assert (net.years.values <= gross.years.values).all()
    assert (net.years.weights == gross.years.weights).all()
    assert gross.levels[100.0][1].reduction.value > 1.0
    assert {one.name for one in found.laws if not one.floor} == {
        "original",
        "gross 100",
        "net 100",
    }
    assert {one.name for one in found.laws if one.floor} == {
        "fire.occurrence.damage",
        "water_damage.occurrence.damage",
        "theft.occurrence.damage",
        "typhoon.storm",
    }


BOOK = """
policy,city,construction,deductible,building.value,building.sum_insured,contents.value,contents.sum_insured
H1,shanghai,reinforced_concrete,500,2000000,1500000,300000,100000
H2,hangzhou,brick_concrete,500,1000000,1000000,,
H3,xiamen,reinforced_concrete,1000,2000000,1500000,300000,200000
"""


@pytest.fixture
def book(tmp_path):
    (tmp_path / "book.csv").write_text(BOOK.lstrip(), encoding="utf-8")
    return tmp_path


TIED = """dependence: bad
title: {zh: 共, en: shared}
shared:
  - factor: season
    lines: [home.fire, home.water_damage]
    multiplier: {kind: gamma, cv: 30%}
    copula: {kind: comonotonic}
    reference: the test
    trust: memory
"""


def test_shared_factors_are_drawn_and_leave_the_weights_right(book):
    (book / "tied.yaml").write_text(TIED, encoding="utf-8")
    run = inside(
        "stress", "home", "book.csv", "--tail", "{levels: [50]}", "--dependence", "tied.yaml",
        "--years", "2000", "--json", cwd=book,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    weights = json.loads(run.stdout)["weights"]
    assert abs(weights["value"] - 1.0) < 4.0 * weights["error"]
    assert not any(one["off"] for one in json.loads(run.stdout)["held"])


def test_a_dependence_on_the_command_line_is_kept_as_it_was_given(book):
    """A reference is often an address, whose two slashes no path keeps."""
    said = (
        "{dependence: tied, title: {zh: 系, en: Tied}, shared: [{factor: season, "
        "lines: [home.fire, home.theft], multiplier: {kind: gamma, cv: 30%}, "
        "copula: {kind: comonotonic}, reference: 'https://example.org//a', trust: memory}]}"
    )
    run = inside(
        "stress", "home", "book.csv", "--tail", "{levels: [50]}", "--dependence", said,
        "--years", "2000", "-o", "kept", cwd=book,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    manifest = json.loads((book / "kept" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["asked"]["dependence"] == said


def test_a_shared_factor_that_lasts_ties_years_and_is_refused(book):
    (book / "tied.yaml").write_text(f"{TIED}    lasts: 3\n", encoding="utf-8")
    run = inside(
        "stress", "home", "book.csv", "--tail", "{}", "--dependence", "tied.yaml", cwd=book
    )
    assert run.returncode == 2
    assert "lasts: expected 1 where years are weighed one by one, got 3" in run.stderr
    assert "--dependence:10:12" in run.stderr


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "{tilt: {fire.occurence: 2}}",
            "unknown event 'fire.occurence'; did you mean 'fire.occurr",
        ),
        (
            "{tilt: {fire.occurrence: -1}}",
            "fire.occurrence: expected more than 0, at most 1,000, g",
        ),
        ("{levels: [1]}", "expected more than 1 year, at most 1,000,000, got 1"),
        ("{levels: []}", "expected"),
        ("{amounts: [-5]}", "expected amounts of 0 or more, got -5"),
        ("{original: 1%}", "expected 5% to less than 100%, got 1%"),
        ("{basis: best}", "unknown basis 'best'"),
        ("{level: [5]}", "did you mean 'levels'"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(text, line):
    with pytest.raises(BadInput) as refused:
        find_tail(small("home", 30), asked(text), 2_000, 1, ONE_THREAD)
    said = str(refused.value)
    assert line in said
    assert said.startswith("tail.yaml:1:")


def test_the_command_line_refuses_what_does_not_go_together(tmp_path):
    cases = (
        (("home", "--tail", "{}", "--years", "1999"), "--years: expected 2,000 or more"),
        (("home", "--tail", ""), "--tail: expected YAML such as {…}, or the path of a file"),
        (("home", "--tail", "{}", "--tornado"), "expected one of --reverse, --tail, --tornado"),
        (("home", "--tail", "{}", "--scenario", "x"), "--tail: expected without --scenario"),
        (("term_life", "--tail", "{}"), "term_life is long-term: expected a product of annual"),
    )
    for arguments, line in cases:
        run = inside("stress", *arguments, cwd=tmp_path)
        assert run.returncode == 2
        assert line in run.stderr


def test_a_count_of_claimants_is_not_tilted_but_its_sizes_are(tmp_path):
    product = shop(
        tmp_path, frequency="{kind: binomial, trials: 2, chance: claims_rate}", severity=GAMMA
    )
    portfolio = generate(product)
    with pytest.raises(BadInput, match="expected poisson or negative_binomial"):
        find_tail(portfolio, asked("{tilt: {bike.damage: 2}}"), 2_000, 1, ONE_THREAD)
    found = find_tail(portfolio, asked("{levels: [200]}"), 2_000, 1, ONE_THREAD)
    assert all((one.law.times == 1.0).all() for one in found.laws)
    weight = found.views[0].years.weight
    assert abs(weight.value - 1.0) < 4.0 * weight.error


@pytest.fixture(scope="module")
def outcome():
    given = {"tail": "{levels: [100, 1000], amounts: [3000000]}"}
    home = small("home", 30)
    return study(Asked("tail", shipped("home"), home, 2_000, 2, Execution.on(2), given))


def test_it_is_told_in_both_languages_within_eighty_columns(outcome):
    for language, words in (("en", "variance"), ("zh", "方差缩减")):
        said = outcome if language == outcome.asked.language else None
        lines = (said or study(replace(outcome.asked, language=language))).lines
        assert any(words in line for line in lines)
        assert all(width(line) <= 80 for line in lines[1:])
    assert set(outcome.data) == {"tail.json", "tail.csv", "exceedance.csv"}
    rows = outcome.data["tail.csv"].decode().splitlines()
    assert len(rows) == 1 + 2 * (1 + 2 * 2 + 1)
    told = json.loads(outcome.data["tail.json"])
    assert told["views"]["gross"]["levels"][1]["return_period"] == 1000.0
    assert outcome.plots()["exceedance.png"].startswith(b"\x89PNG")


def test_the_manifest_makes_every_byte_again(book):
    out = book / "tail"
    made = inside(
        "stress", "home", "book.csv", "--tail", "{levels: [20]}", "--years", "2000",
        "-o", str(out), cwd=book,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    again = inside("rerun", str(out / "manifest.json"), "book.csv", "--threads", "1", cwd=book)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "every byte is the same" in again.stdout
