"""The report of a simulation: whole, in both languages, nothing fetched, every text escaped."""

import base64
import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from sandbox.execution import Execution
from sandbox.figures import FIGURES
from sandbox.figures.standard import MEASURED
from sandbox.full_report import further, simulated
from sandbox.measures import MEASURES, Measured
from sandbox.measures.allocation import parts_of
from sandbox.results.answers import WORDS as ANSWER_WORDS
from sandbox.results.plots.waterfall import _steps
from sandbox.results.run_tables import Shown, cover_rows, quantile_rows, worst_rows
from sandbox.results.run_words import CURVES, WORDS
from sandbox.results.run_words import FIGURES as FIGURE_WORDS
from sandbox.results.run_words import MEASURES as MEASURE_WORDS
from sandbox.run import simulate
from tests.sandbox.shipped import product, small
from tests.sandbox.shop import shop
from tests.the_command import inside

YEARS, SEED = 2_000, 7
SHOWN = Shown("unknown")
WHOLE = {"meta", "img", "br"}
"""Elements without an end."""


class Read(HTMLParser):
    """A page taken apart: texts by element, pictures, and whether elements end in their order."""

    def __init__(self, html):
        super().__init__()
        self.open, self.texts, self.sources = [], {}, []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.sources += [value for key, value in attrs if key in ("src", "href")]
        if tag not in WHOLE:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)


@pytest.fixture(scope="module")
def run():
    return simulate(product("home"), small("home"), years=YEARS, seed=SEED)


@pytest.fixture(scope="module", params=["zh", "en"])
def page(request, run, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    run.write(folder, request.param)
    return request.param, folder


def test_the_page_is_one_file_that_fetches_nothing_and_holds_the_pictures(page):
    language, folder = page
    html = (folder / "report.html").read_text("utf-8")
    assert f'<html lang="{language}">' in html
    read = Read(html)
    assert all(source.startswith("data:image/png;base64,") for source in read.sources)
    shown = {base64.b64decode(source.partition(",")[2]) for source in read.sources}
    assert shown == {path.read_bytes() for path in folder.glob("*.png")}
    assert "http" not in re.sub(r"base64,[^\"]*", "", html)


def test_the_page_tells_what_was_simulated_and_what_came_of_it(page, run):
    language, folder = page
    read = Read((folder / "report.html").read_text("utf-8"))
    due = ("figures", "distribution", "exceedance", "covers", "reinsurance", "convergence", "made")
    due = (*due[:4], "worst", "reinsurance", "bought", *due[5:])
    words = {**WORDS, **ANSWER_WORDS}
    assert [*dict.fromkeys(read.texts["h2"])] == [
        words[key][language].format(count=10) for key in due
    ]
    assert run.product.title.model_dump()[language] in read.texts["h1"][0]
    mean = run.measures["claims.mean"]
    assert f"{mean.value:,.2f}" in read.texts["td"]
    assert f"{mean.low:,.2f} … {mean.high:,.2f}" in read.texts["td"]
    assert {*run.settlement.contracts} <= {*read.texts["td"]}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {*manifest["files"], *manifest["files"].values()} <= {*read.texts["td"]}
    assert any(manifest["product_hash"] in text for text in read.texts["td"])
    assert any(f"{YEARS:,}" in text for text in read.texts["p"])


def test_covers_are_called_by_their_titles(page, run):
    language, folder = page
    cells = Read((folder / "report.html").read_text("utf-8")).texts
    for alias in run.product.covers:
        title = getattr(run.product.covers[alias].title, language)
        assert title in cells["td"]
        assert alias not in cells["td"] + cells["th"] or alias == title


def test_a_name_that_is_html_is_text(run, tmp_path):
    bad = "<script>alert('x')</script>"
    title = run.product.title.model_copy(update={"zh": bad, "en": bad})
    named = replace(run.product, product=run.product.product.model_copy(update={"title": title}))
    table = replace(run.table, columns=tuple(f"{bad}{name}" for name in run.table.columns))
    replace(run, product=named, table=table, scenario='"><img src=x>').write(tmp_path, "en")
    html = (tmp_path / "report.html").read_text("utf-8")
    assert "<script" not in html
    assert "<img src=x" not in html
    read = Read(html)
    assert bad in read.texts["h1"][0]
    assert f"{bad}theft" in read.texts["td"]


@pytest.mark.parametrize("name", ["term_life"])
def test_run_offs_have_a_page_without_return_periods(name, tmp_path):
    simulate(product(name), small(name), years=60, seed=SEED).write(tmp_path, "en")
    read = Read((tmp_path / "report.html").read_text("utf-8"))
    assert "Exceedance" not in read.texts["h2"]
    assert "Reinsurance" not in read.texts["h2"]
    assert any("60 simulated run-offs" in text for text in read.texts["p"])


def test_every_figure_measure_and_curve_has_words():
    assert {*FIGURE_WORDS} == {*FIGURES}
    assert {*MEASURE_WORDS} == {*MEASURES}
    assert {*MEASURED} <= {*FIGURE_WORDS}
    for words in (WORDS, ANSWER_WORDS, FIGURE_WORDS, MEASURE_WORDS, CURVES):
        assert all({*texts} == {"zh", "en"} for texts in words.values())


def amounts(texts):
    return [float(text.partition(" ")[0].replace(",", "")) for text in texts]


def test_covers_add_up_to_all_and_parts_to_the_tail(run):
    rows = cover_rows(run.table, parts_of(run.table), SHOWN, "together")
    for column in (1, 5):
        *each, whole = amounts(row[column] for row in rows)
        assert math.isclose(sum(each), whole, abs_tol=0.01 * len(rows))
    tail = run.measures["claims.tail_value_at_risk 99%"].value
    assert math.isclose(amounts([rows[-1][5]])[0], tail, rel_tol=1e-9, abs_tol=0.01)
    (theft,) = [row for row in rows if row[0] == "theft"]
    paid = run.table.paid[:, run.table.columns.index("theft")]
    assert theft[4] == f"{np.mean(paid > 0) * 100:.2f}%"


def test_few_rows_have_no_allocation_and_no_bounds(run):
    first = {"paid": run.table.paid[:3], "premium": run.table.premium[:3]}
    bare = {"expenses": None, "largest_event": None, "largest_claim": None}
    few = replace(run.table, **first, **bare)
    rows = cover_rows(few, parts_of(few), SHOWN, "together")
    assert {len(row) for row in rows} == {5}
    unbounded = Measured(1.0, math.inf, -math.inf, math.inf, "m", 3, trusted=False, why="few")
    assert (SHOWN.money(-0.001), SHOWN.share(-0.00001)) == ("0.00", "0.00%")
    assert SHOWN.measured(unbounded) == ["1.00", "unknown *", "— … —"]


def test_the_worst_rows_are_the_largest_in_order(run):
    covers, rows = worst_rows(run.table, SHOWN)
    assert {*covers} <= {"fire", "water_damage", "theft", "typhoon"}
    total = run.table.total()
    assert amounts(row[1] for row in rows) == pytest.approx(np.sort(total)[::-1][:10], abs=0.01)
    first = int(rows[0][0].replace(",", ""))
    assert total[first] == total.max()
    assert sum(amounts(rows[0][3:])) == pytest.approx(total[first], abs=0.05)


def test_a_share_of_rows_lies_at_or_below_what_is_told(run):
    total = run.table.total()
    for share, amount, ratio in quantile_rows(run.table, SHOWN):
        level = float(share.rstrip("%")) / 100.0
        value = amounts([amount])[0]
        assert (total <= value + 0.01).mean() >= level
        assert (total < value - 0.01).mean() < level
        assert float(ratio.rstrip("%")) / 100.0 == pytest.approx(
            value / run.table.premium[0], abs=1e-4
        )


def test_the_waterfall_runs_from_gross_to_net_and_its_cost(run):
    steps = {name: (low, high) for name, low, high, _ in _steps(run.settlement)}
    gross, net = run.settlement.gross.mean(), run.settlement.net.mean()
    assert steps["gross"] == pytest.approx((0.0, gross))
    last = min(steps[name][0] for name in run.settlement.contracts)
    assert last == pytest.approx(net, rel=1e-9)
    assert "after" not in steps  # the programme of the product states no premium
    paid = replace(run.settlement, premium=np.array([900.0, 50.0]), commission=np.array([90.0, 0]))
    steps = {name: (low, high) for name, low, high, _ in _steps(paid)}
    assert steps["after"] == pytest.approx((0.0, net + 860.0), rel=1e-9)


def test_a_full_report_has_scenarios_and_the_verdict(tmp_path):
    told = []
    made = simulate(product("home"), small("home"), years=30, seed=SEED)
    more = further(made, "zh", execution=Execution.on(progress=told.append))
    assert sum(told) <= simulated(made)
    names = {path.name for path in made.write(tmp_path, "zh", more)}
    assert {"adequacy.png", "segments.png", "report.html"} <= names
    read = Read((tmp_path / "report.html").read_text("utf-8"))
    assert {"情景", "费率是否充足"} <= {*read.texts["h2"]}
    assert {"frequency_plus_20", "severity_plus_10"} <= {*read.texts["td"]}
    assert any("置信水平 90%" in text for text in read.texts["p"])
    data = set(json.loads((tmp_path / "manifest.json").read_text())["files"])
    assert data == set(made.data())


def test_the_verb_writes_it_in_the_language_asked_for(tmp_path):
    shelf = str(shop(tmp_path / "shop").shelf.root)
    how = ("simulate", "tiny", "--shelf", shelf, "--years", "40", "-o", "out", "--full-report")
    done = inside(*how, "--language", "zh", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "out/report.html" in done.stdout.splitlines()
    html = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "主要指标" in html
    assert "没有适用于该产品的情景" in html
    wrong = inside(*how, "--scenario", "x", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "--full-report: expected with -o, and without --scenario, --dep" in wrong.stderr
