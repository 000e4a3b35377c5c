"""Under `--language zh` no verb of the sandbox leaves an English sentence or word of ours.

Names are the field's own and stay: figures, measures, events, kinds, options, files.
"""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from rating.missing import Said
from sandbox.measures.words import doubt_said
from sandbox.portfolio.book import REJECTED, in_so_many
from tests.sandbox.business.mixed import BY_YEAR, TWO

SENTENCE = re.compile(r"(?<![\w.])[A-Za-z]{2,}(?:,? [A-Za-z]{2,}){2,}(?![\w.])")
OURS = re.compile(
    r"(?<![\w.])(unknown|nothing|years|policies|seed|trusted|runs|rows|gross|bought|together)(?![\w.])"
)
BOOK = """\
policy,city,construction,deductible,building.value,building.sum_insured
H1,shanghai,reinforced_concrete,500,2000000,1500000
H2,hangzhou,brick_concrete,500,1000000,1000000
H3,hangzhou,straw,500,1000000,1000000
"""
COUNTED = """\
policy,city,construction,deductible,building.value,building.sum_insured,policy_count,start,end
H1,shanghai,reinforced_concrete,500,2000000,1500000,3,2026-03-01,2027-03-01
H2,hangzhou,brick_concrete,500,1000000,1000000,2,2025-01-01,2026-01-01
H3,hangzhou,brick_concrete,500,1000000,1000000,0,2026-03-01,2027-03-01
H4,hangzhou,brick_concrete,500,1000000,1000000,4,2026-03-01,2027-09-01
"""
HISTORY = "year,policies,line,claims\n" + "".join(
    f"{year},1000,theft.occurrence,{9 + 3 * (year % 3)}\n" for year in range(2015, 2022)
)
TIED = """\
dependence: tied
title: {zh: 相依, en: tied}
shared:
  - factor: season
    lines: [home.fire, home.theft]
    multiplier: {kind: gamma, cv: 30%}
    copula: {kind: comonotonic}
    reference: the test
    trust: memory
"""
KNOWN = "[{name: fires, kind: frequency, event: fire.occurrence, times: {error: 5%}, "
KNOWN += "reference: test, trust: illustrative}]"
BREAKS = "{shock: {kind: frequency, event: theft.occurrence, times: [100%, 200%]}, "
BREAKS += "until: {figure: combined_ratio, at_least: 900%}, width: 50%}"
WORK = {
    "simulate": (
        "simulate", "home", "book.csv", "--years", "60", "--dependence", "tied.yaml", "--sizes",
        "auto", "--measure", "{figure: profit, measure: {kind: skewness}}",
        "--allocate", "{by: cover}",
    ),
    "left out": ("simulate", "home", "counted.csv", "--years", "20"),
    "sampling": ("simulate", "home", "book.csv", "--years", "80", "--sampling", "antithetic"),
    "until": (
        "simulate", "home", "book.csv", "--until",
        "{figure: claims, measure: {kind: mean}, relative_error: 1%, most: 4000}",
    ),
    "business": ("simulate", "b.yaml", "--years", "30"),
    "stress": ("stress", "home", "book.csv", "--years", "30", "--scenario", "historic_typhoon"),
    "of a business": ("stress", "b.yaml", "--years", "30", "--scenario", "historic_typhoon"),
    "reverse": ("stress", "home", "book.csv", "--years", "30", "--reverse", BREAKS),
    "tornado": (
        "stress", "home", "book.csv", "--years", "30", "--tornado", "--uncertainty", KNOWN,
    ),
    "sobol": (
        "stress", "home", "book.csv", "--years", "20", "--sobol", "4", "--uncertainty", KNOWN,
    ),
    "tail": ("stress", "home", "book.csv", "--years", "2000", "--tail", "{levels: [50]}"),
    "backtest": ("backtest", "home", "history.csv", "book.csv", "--years", "40"),
    "adequacy": ("adequacy", "home", "book.csv", "--years", "30", "--by", "city"),
}  # fmt: skip


def english(text: str) -> list[str]:
    """Give the lines that hold a sentence in English, or a word of ours."""
    return [line for line in text.splitlines() if SENTENCE.search(line) or OURS.search(line)]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("chinese")
    for name, text in (
        ("book.csv", BOOK),
        ("counted.csv", COUNTED),
        ("tied.yaml", TIED),
        ("b.yaml", TWO + BY_YEAR),
        ("history.csv", HISTORY),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("verb", WORK)
def test_no_english_is_left(verb, place, monkeypatch):
    monkeypatch.chdir(place)
    done = CliRunner().invoke(cli.app, [*WORK[verb], "--threads", "1", "--language", "zh"])
    assert done.exit_code in (0, 1), done.output
    assert len(done.stdout.splitlines()) > 3
    assert english(done.stdout) == []


def test_the_report_says_in_chinese_whose_policies_they_are(place, monkeypatch):
    monkeypatch.chdir(place)
    words = ["simulate", "term_life", "--years", "5", "--threads", "1", "-o", "out"]
    assert CliRunner().invoke(cli.app, [*words, "--language", "zh"]).exit_code == 0
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert "保单组合：自动生成：" in page


def test_in_how_many_rows_is_said_in_both_languages():
    one, many = (in_so_many(REJECTED, count, Said("row", "行")) for count in (1, 1_002))
    assert one == (f"{REJECTED.en}, in 1 row", "未读入：有的值无法读出，共 1 行")
    assert many == (f"{REJECTED.en}, in 1,002 rows", "未读入：有的值无法读出，共 1,002 行")


@pytest.mark.parametrize(
    "line",
    [
        "reinsurance, mean of a year by contract:",
        "；未计入 2 张：rejected: a row that cannot be read, is missing, or stands apart",
        "  row 3: construction: expected brick or straw",
        "保单组合：generated: 4000 policies, seed 20260301；4,000 张保单",
        "* 不可信：the spread rests on about 2.4 rows; 30 are wanted",
        "  quota   nothing",
        "  claims.mean   1.0 ± unknown *",
    ],
)
def test_english_that_is_left_is_seen(line):
    assert english(line) == [line]


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (
            "the spread rests on about 2.4 rows; 30 are wanted",
            "离散程度只由约 2.4 行支撑，需要 30 行",
        ),
        (
            "0 rows lie beyond; 10 are wanted; 3 of 9 paths are ruined; too few to say",
            "超过者只有 0 行，需要 10 行；9 条路径中破产 3 条，太少，不足以判断",
        ),
        (
            "typhoon.storm of class 1 is seen as in about 7.0 rows; 10 are wanted",
            "typhoon.storm 第 1 级 只相当于在约 7.0 行中见到，需要 10 行",
        ),
    ],
)
def test_a_doubt_has_its_figures_in_chinese_too(why, said):
    assert doubt_said(why, "zh") == said
    assert doubt_said(why, "en") == why
