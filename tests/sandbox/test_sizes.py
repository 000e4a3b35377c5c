"""Claims by size: exact expectations by band, the claims one by one, bands that add up, bytes."""

import csv
import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadInput, BadValue
from rating.engines.collective.annual import annual_model
from rating.severities import Lognormal
from sandbox.bands import AUTO, MOST, Bands, bands_of
from sandbox.by_size import ALL, by_size
from sandbox.execution import Execution
from sandbox.horizon import joined
from sandbox.laws.same import fingerprint
from sandbox.loss_table import LossTable
from sandbox.measures import Mean, Sample
from sandbox.questions import answered, questions_of
from sandbox.results.html_page import Page
from sandbox.results.sizes import add_sizes, sizes_lines, sizes_told
from sandbox.run import simulate
from sandbox.simulate.annual import simulate_annual
from sandbox.size_table import SizeTable
from tests.rating.engines.tiny_year import tiny, tiny_model
from tests.sandbox.dependence.dependence_texts import HEAD, reordering
from tests.sandbox.shipped import product, small
from tests.sandbox.shop import shop
from tests.the_command import inside

SEED, YEARS, POLICIES = 11, 4_000, 20
DEDUCTIBLE, SHARE, LIMIT = 300.0, 0.8, 4_000.0
RATE = POLICIES * 0.7 * 0.8
"""Accidents to the bike of a year, of all policies."""
TIED = HEAD + reordering()


def tiny_run(tmp_path, bands, years=YEARS, **how):
    model = tiny_model(tiny(tmp_path), POLICIES)
    return simulate_annual(model, np.full(1, 100.0), years, SEED, bands=bands, **how)


def bill():
    """The bill's model: mean 2000, coefficient of variation 1.5."""
    spread = np.log(1.0 + 1.5**2)
    return Lognormal(float(np.log(2000.0) - spread / 2.0), float(np.sqrt(spread)))


def paid_between(low, high):
    """E of min(80% (X - 300)+, 4000) where low <= X < high, by the midpoint rule."""
    one, u = bill(), (np.arange(2_000) + 0.5) / 2_000
    below, above = one.distribution(low), one.distribution(high) if high < np.inf else 1.0
    x = np.array([one.quantile(float(v)) for v in below + (above - below) * u])
    paid = np.minimum(SHARE * np.maximum(x - DEDUCTIBLE, 0.0), LIMIT)
    return float(paid.mean() * (above - below))


@pytest.mark.parametrize(
    ("of", "edges"),
    [("ground_up", (0.0, 300.0, 1000.0, 5300.0)), ("paid", (0.0, 500.0, 2000.0, 4000.0))],
)
def test_counts_and_amounts_of_a_band_are_those_of_the_severity(of, edges, tmp_path):
    """Poisson × P(band); what is paid grows with the bill, so that a paid band is one of bills."""
    found = by_size(tiny_run(tmp_path, Bands("", of, edges)).table)
    rows = [row for row in found.rows if row.cover == "bike"]
    bills = list(edges)
    if of == "paid":
        bills = [DEDUCTIBLE + edge / SHARE for edge in edges]
    for row, low, high in zip(rows, bills, [*bills[1:], np.inf], strict=True):
        chance = bill().survival(low) - (bill().survival(high) if high < np.inf else 0.0)
        assert abs(row.claims.value - RATE * chance) <= 4.0 * row.claims.error
        amount = RATE * paid_between(low, high)
        assert abs(row.paid.value - amount) <= 4.0 * row.paid.error + 1e-3 * amount
        planted = RATE * chance * 1.1
        assert abs(row.claims.value - planted) > 4.0 * row.claims.error


def by_hand(run, cover, edges):
    """Sort the claims that reinsurance sees, one by one."""
    rows, table = run.losses, run.table
    counts, paid = np.zeros((table.years, len(edges)), int), np.zeros((table.years, len(edges)))
    largest = np.zeros(table.years)
    for year, policies, amount in zip(rows.year, rows.policies, rows.amount, strict=True):
        size = round(amount / policies, 2)
        band = max(place for place, edge in enumerate(edges) if edge <= size)
        counts[year, band] += policies
        paid[year, band] += amount
        largest[year] = max(largest[year], size)
    return counts, paid, largest


@pytest.mark.parametrize(
    ("name", "cover"), [("home", "typhoon"), ("home", "water_damage"), ("million_medical", "")]
)
def test_bands_hold_the_claims_that_are_kept_one_by_one(name, cover):
    """Storms pay all policies of a cell at once, items of a policy are one claim."""
    one, portfolio = product(name), small(name)
    model = annual_model(one, one.bases["best_estimate"], portfolio.cells)
    cover = cover or next(n for n, c in one.covers.items() if c.module.pays is not None)
    bands = bands_of("50,500,5000,50000")
    run = simulate_annual(model, portfolio.premiums, 300, SEED, protects=(cover,), bands=bands)
    place = run.table.columns.index(cover)
    counts, paid, largest = by_hand(run, cover, bands.edges)
    sizes = run.table.sizes
    assert counts.sum() > 20
    assert np.array_equal(sizes.counts[:, place], counts)
    np.testing.assert_allclose(sizes.paid[:, place], paid, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(sizes.largest[:, place], largest, rtol=1e-9)
    assert np.array_equal(sizes.largest.max(axis=1), run.table.largest_claim)


def test_bands_add_up_to_the_totals_to_the_last_bit_and_move_nothing():
    home = product("home")
    asked = questions_of(home, sizes="auto")
    plain = simulate(home, small("home"), years=200, seed=SEED)
    run = simulate(home, small("home"), years=200, seed=SEED, questions=asked)
    assert fingerprint(run.table) == fingerprint(plain.table)
    assert plain.table.sizes is None
    assert np.array_equal(plain.table.largest_claim, run.table.largest_claim)
    sizes, places = run.table.sizes, range(len(bands_of("auto").edges))
    for order in (places, reversed(places)):
        total = np.zeros_like(run.table.paid)
        for band in order:
            total += sizes.paid[:, :, band]
        assert total.tobytes() == run.table.paid.tobytes()
    ground = questions_of(home, sizes="ground_up:auto")
    other = simulate(home, small("home"), years=200, seed=SEED, questions=ground).table
    assert (other.sizes.counts.sum(axis=2) >= sizes.counts.sum(axis=2)).all()
    assert other.sizes.counts.sum() > sizes.counts.sum()  # claims below their deductible
    assert other.sizes.largest.tobytes() == sizes.largest.tobytes()
    decades, years = joined(run.table, 10), run.table
    counts = years.sizes.counts.reshape(20, 10, *years.sizes.counts.shape[1:]).sum(axis=1)
    assert np.array_equal(decades.sizes.counts, counts)
    assert decades.sizes.paid.sum(axis=2).tobytes() == decades.paid.tobytes()
    assert np.array_equal(decades.largest_claim, decades.sizes.largest.max(axis=1))


PAID = st.lists(st.floats(0.0, 1e9), min_size=1, max_size=40)


@given(PAID, st.randoms(use_true_random=False))
def test_bands_of_any_claims_add_up_exactly_in_any_order(claims, dice):
    total, bands = 0.0, [0.0] * 4
    for claim in claims:
        total += claim
        bands[dice.randrange(4)] += claim
    none = np.zeros((1, 1, 4), np.int64)
    one = SizeTable(bands_of("1,2,3"), none, np.array([[bands]]), np.zeros((1, 1)))
    found = one.fitted(np.array([[total]])).paid[0, 0]
    order = list(found)
    dice.shuffle(order)
    left = 0.0
    for amount in order:
        left += amount
    assert left == total
    assert np.abs(found - bands).max() <= 50 * np.spacing(total)
    assert all(a == 0.0 for a, b in zip(found, bands, strict=True) if b == 0.0 != total)


def test_files_are_the_same_for_any_threads_and_blocks():
    home, asked = product("home"), questions_of(product("home"), sizes="ground_up:100,1000")

    def data(threads, block):
        how = Execution.on(threads, block)
        return simulate(
            home, small("home"), years=60, seed=SEED, questions=asked, execution=how
        ).data()

    whole = data(1, None)
    assert {"sizes.csv", "sizes.parquet", "answers.json"} <= set(whole)
    for threads, block in ((1, 1), (2, 7), (2, 1000)):
        assert data(threads, block) == whole


def test_a_claim_at_an_edge_is_of_the_band_that_begins_there(tmp_path):
    one = shop(tmp_path)
    asked = questions_of(one, sizes="1000,1000.01")
    run = simulate(one, years=300, seed=SEED, questions=asked)
    counts = run.table.sizes.counts.sum(axis=(0, 1))
    assert counts[1] > 0
    assert counts.tolist() == [0, counts[1], 0]
    assert set(run.table.largest_claim) == {0.0, 1000.0}


def test_the_largest_claim_is_a_figure_of_any_run(tmp_path):
    one = shop(tmp_path)
    asked = questions_of(one, ("{figure: largest_claim, measure: {kind: mean}}",))
    run = simulate(one, years=300, seed=SEED, questions=asked)
    mean = Mean().measure(Sample((run.table.total() > 0.0) * 1000.0))
    assert run.answers.measures["largest_claim.mean"] == mean
    bare = replace(run.table, largest_claim=None)
    with pytest.raises(BadValue, match="largest_claim: expected rows that hold single claims"):
        answered(asked, bare, None)
    with pytest.raises(BadInput, match="'largest_claim' is no figure of long-term contracts"):
        questions_of(product("term_life"), ("{figure: largest_claim}",))


def test_files_say_what_the_rows_hold_and_a_rerun_proves_them(tmp_path):
    done = inside(
        *("simulate", "home", "--years", "60", "--sizes", "1000,10000", "-o", "out"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "claims by size, of what is paid" in done.stdout
    assert all(len(line) <= 100 for line in done.stdout.split("claims by size")[1].splitlines()[:9])
    with (tmp_path / "out" / "sizes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    years = pq.read_table(tmp_path / "out" / "sizes.parquet").to_pydict()
    paid = pq.read_table(tmp_path / "out" / "years.parquet").to_pydict()
    for row in rows:
        if row["cover"] == "together":
            continue
        where = f"{row['cover']} {float(row['from']):.12g}"
        assert float(row["claims"]) == pytest.approx(np.mean(years[f"claims: {where}"]))
        assert float(row["paid"]) == pytest.approx(np.mean(years[f"paid: {where}"]), abs=1e-9)
    fire = sum(np.array(years[f"paid: fire {edge}"]) for edge in (0, 1000, 10000))
    assert fire.tolist() == paid["paid: fire"]
    told = json.loads((tmp_path / "out" / "answers.json").read_bytes())["sizes"]
    assert told["of"] == "paid"
    assert told["largest"]["together"]["mean"]["value"] == pytest.approx(
        np.mean(years["largest_claim"])
    )
    again = inside("rerun", "out/manifest.json", cwd=tmp_path)
    assert again.stdout.endswith("every byte is the same\n"), again.stdout


def test_lines_and_sections_tell_bands_in_both_languages():
    home = product("home")
    run = simulate(
        home,
        small("home"),
        years=40,
        seed=SEED,
        questions=questions_of(home, sizes="ground_up:auto"),
    )
    found = run.answers.sizes
    assert by_size(replace(run.table, sizes=None)) is None
    lines = "\n".join(sizes_lines(found))
    assert "all covers" in lines
    assert "amount before the terms" in lines
    assert {row.cover for row in found.rows} >= {ALL, "fire"}
    json.dumps(sizes_told(found))
    chinese = sizes_lines(found, "zh")
    assert len(chinese) >= len(sizes_lines(found)) - 2
    assert not any("cover" in line or "below" in line for line in chinese)
    for language, says in (("zh", "按赔案大小"), ("en", "Claims by size")):
        page = Page("x", language)
        add_sizes(page, language, found, {"fire": "火灾"})
        assert says in page.html()
        assert "火灾" in page.html()
        assert "{" not in page.html().split("</style>")[1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "--sizes: expected auto, or amounts with commas between such as 1000,10000; got ''"),
        ("aut", "got 'aut'; did you mean 'auto'?"),
        ("10000,1000", "expected each amount above the one before, got 1000 after 10000"),
        ("5,5", "expected each amount above the one before, got 5 after 5"),
        ("-5,5", "expected amounts of 0 or more, got -5"),
        ("1,x", "expected an amount of money such as 10000, got x"),
        ("1,,2", "expected an amount of money such as 10000, got "),
        ("grund_up:1,2", "expected paid: or ground_up:, got grund_up:; did you mean 'ground_up'?"),
        ("inf", "expected auto"),
        (",".join(map(str, range(MOST + 1))), f"expected at most {MOST} bands, got {MOST + 1}"),
    ],
)
def test_bands_that_are_none_are_refused(text, says):
    with pytest.raises(BadInput) as told:
        bands_of(text)
    assert str(told.value).startswith("--sizes: ")
    assert says in str(told.value)


@pytest.mark.parametrize("text", ["", "aut"])
def test_the_verb_refuses_them_in_a_line_before_the_run(text, monkeypatch):
    monkeypatch.setattr("sandbox.run._years", lambda *_: 1 / 0)
    done = inside("simulate", "home", "--years", "20", "--sizes", text)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith("--sizes: expected auto, or amounts")


def test_run_offs_have_no_claims_by_size():
    with pytest.raises(BadInput, match="--sizes: expected a product of annual contracts"):
        questions_of(product("term_life"), sizes=AUTO)


def test_covers_that_are_reordered_take_their_bands_with_them(tmp_path):
    (tmp_path / "tied.yaml").write_text(TIED, encoding="utf-8")
    verb = ("simulate", "home", "--years", "40", "--dependence", "tied.yaml")
    done = inside(*verb, "--sizes", "1000", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    sizes = pq.read_table(tmp_path / "out" / "sizes.parquet").to_pydict()
    paid = pq.read_table(tmp_path / "out" / "years.parquet").to_pydict()
    for cover in ("fire", "theft"):
        bands = np.array(sizes[f"paid: {cover} 0"]) + np.array(sizes[f"paid: {cover} 1000"])
        assert bands.tolist() == paid[f"paid: {cover}"]
    largest = ("--measure", "{figure: largest_claim}")
    done = inside(*verb, *largest, "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert "sizes" not in found
    assert found["asked"]["largest_claim.mean"]["value"] == pytest.approx(
        np.mean(sizes["largest_claim"])
    )


def test_tables_that_do_not_fit_are_refused():
    bands, none = bands_of("1"), np.zeros((2, 1))
    counts = np.zeros((2, 1, 2), np.int64)
    with pytest.raises(BadValue, match=r"sizes\.paid: expected shape \(2, 1, 2\)"):
        SizeTable(bands, counts, np.zeros((2, 1, 3)), none)
    sizes = SizeTable(bands, counts, counts.astype(float), none)
    with pytest.raises(BadValue, match=r"sizes: expected shape \(3, 1\), got \(2, 1\)"):
        LossTable(("a",), np.zeros((3, 1)), np.ones(3), "b", 1, sizes=sizes)
