"""The catalogue: every requirement of the sources by its name, told within 80 columns."""

from pathlib import Path

import pytest

from product_factory.columns import TERMINAL, width, wrapped
from product_factory.errors import BadValue
from product_factory.rules.catalogue import catalogue, page
from product_factory.rules.rule_page import rule_lines, rule_told
from product_factory.rules.told import rules_lines, rules_told
from tests.product_factory.rules.stated import SHELF

LISTED = catalogue(SHELF)
SERIES = [("L", 34), ("H", 21), ("A", 8), ("P", 6)]
ARTICLES = (16, 17, 18, 19, 22, 23, 24, 25, 26, 30, 31, 32, 33, 34, 36, 37, 38, 39, 42, 43, 44, 45)
ARTICLES = (*ARTICLES, 46, 47, 49, 52, 54, 55, 56, 57, 58, 60, 65, 102, 135)


def test_every_requirement_is_judged_or_told_why_not():
    wanted = {f"{letter}{n:02d}" for letter, last in SERIES for n in range(1, last + 1)}
    wanted |= {f"INS {article}" for article in ARTICLES}
    judged = {law for rule in LISTED.rules for law in rule.laws}
    told = {entry.law for entry in LISTED.not_judged}
    assert wanted - judged - told == set()
    assert told - wanted == {"NEG25", "CR"}


def test_the_page_in_docs_is_what_the_packs_say():
    """Written by: covercast rules --markdown > docs/rules.md."""
    written = Path(__file__).parents[3] / "docs" / "rules.md"
    assert written.read_text(encoding="utf-8") == page(LISTED)


def test_lists_and_pages_fit_a_terminal():
    lines = rules_lines(LISTED.rules, LISTED.not_judged)
    lines += [line for rule in LISTED.rules for line in rule_lines(LISTED, rule)]
    assert [line for line in lines if width(line) > TERMINAL] == []


def test_a_rule_shows_the_history_of_its_thresholds_and_its_examples():
    lines = rule_lines(LISTED, LISTED.find("cn/pricing_rate_market"))
    text = "\n".join(lines)
    assert "from 2013-08-05  3.5%  (read) 保监发〔2013〕62号" in text
    assert "from 2024-09-01  2.5%  (read) 金发〔2024〕18号" in text
    assert "expected 2027-01-01  1.75%  (memory)" in text
    assert "passes      on 2025-09-01:" in text
    told = rule_told(LISTED, LISTED.find("grace"))
    assert told["thresholds"]["cn.life.grace_min"]["dated"][0][:2] == ["2009-10-01", "60 days"]
    assert told["checked"]["check"] == "definition.grace.least >= cn.life.grace_min"


def test_rules_of_a_line_leave_out_those_of_others():
    motor = {rule.rule for rule in catalogue(SHELF, "motor").rules}
    assert "cn/motor_loading" in motor
    assert "cn/exclusions_highlighted" in motor
    assert "cn/grace" not in motor


@pytest.mark.parametrize(
    ("name", "line", "text"),
    [
        ("cn/graze", None, "no rule 'cn/graze'; did you mean 'cn/grace'?"),
        ("cn/grace", "helth", "no rule names the line 'helth'; did you mean 'health'?"),
    ],
)
def test_an_unknown_rule_or_line_is_told(name, line, text):
    with pytest.raises(BadValue) as raised:
        catalogue(SHELF, line).find(name)
    assert str(raised.value) == text


def test_json_holds_law_article_stage_severity_trust_and_day():
    rows = rules_told(LISTED.rules, LISTED.not_judged)
    (row,) = [row for row in rows["rules"] if row["rule"] == "cn/loading_group"]
    assert row["law"] == ["L03", "A01"]
    assert (row["stage"], row["severity"], row["trust"]) == ("rates", "error", "read")
    assert row["from"] == "2020-01-20"
    assert {"law", "what", "because", "reference"} == set(rows["not_judged"][0])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "  three"]),
        ("保险金额合计", ["保险金额", "  合计"]),
        ("保险金额。", ["保险金", "  额。"]),
        ("short", ["short"]),
        ("unbreakable", ["unbreakable"]),
    ],
)
def test_a_line_breaks_at_blanks_and_between_wide_signs(text, lines):
    assert wrapped(text, indent="  ", most=8) == lines
