"""What a day to come breaks: findings of that day, with expected values in force, that are new."""

import json
from datetime import date

import pytest
from lxml import etree

import cli
from product_factory.assemble import assemble
from product_factory.errors import BadInput, BadValue
from product_factory.shelf import installed, open_shelf
from sandbox.launch.as_of import foresee, foreseen_lines, foreseen_told
from sandbox.launch.formats import FORMATS
from tests.the_command import inside

SHELF = open_shelf(installed())
DAY = date(2027, 1, 1)


def foreseen(day):
    return foresee(SHELF, ("home", "term_life"), cli.language(), day)


@pytest.fixture(scope="module")
def found():
    return foreseen(DAY)


def test_a_limit_that_is_expected_to_rise_breaks_the_term_that_it_holds(found):
    home, term_life = found
    assert home.breaks == ()
    assert [(f.source, f.name, f.text) for f in term_life.breaks] == [
        ("input", "free_look.free_look", "expected 20 days or more, got 15 days")
    ]


def test_the_rules_of_the_day_are_judged_although_a_term_breaks_its_limit(found):
    warned = {finding.name for finding in found[1].warns}
    assert {"cn/pricing_rate_market", "cn/free_look_life"} <= warned


def test_the_values_that_moved_are_told_with_where_they_are_expected(found):
    moved = {c.path: (c.old, c.new) for c in found[1].moved.changes}
    assert moved["parameters.cn.life.pricing_rate_cap"] == ("2%", "1.75%")
    assert moved["parameters.cn.health.free_look_min"] == ("15 days", "20 days")


def test_before_the_change_nothing_breaks():
    for one in foreseen(date(2026, 6, 30)):
        assert (one.breaks, one.mends) == ((), ())


def test_a_day_before_the_first_product_begins_is_refused():
    says = "expected 2026-03-01 or later, when home begins, got 2026-02-28"
    with pytest.raises(BadValue, match=says):
        foreseen(date(2026, 2, 28))


def test_what_is_expected_counts_only_where_it_is_asked_for():
    product = assemble(SHELF, "term_life", cli.language(), DAY)
    assert product.parameters["cn.life.pricing_rate_cap"].said() == "2%"
    with pytest.raises(BadInput, match="expected 20 days or more, got 15 days"):
        assemble(SHELF, "term_life", cli.language(), DAY, foreseen=True)


def test_it_is_told_to_a_person_and_to_a_program(found):
    lines = foreseen_lines(found, DAY)
    assert lines[:3] == [
        "as of 2027-01-01, with expected values in force",
        "home: nothing breaks",
        "term_life: 1 finding more",
    ]
    told = foreseen_told(found, DAY)
    assert [one["product"] for one in told["products"]] == ["home", "term_life"]
    assert told["products"][1]["breaks"][0]["name"] == "free_look.free_look"


def test_it_is_told_in_every_format_with_the_same_findings(found):
    checked = [one.checked(DAY) for one in found]
    log = json.loads(FORMATS["sarif"](checked, str))["runs"][0]
    assert log["invocations"][0]["exitCode"] == 1
    told = {(r["ruleId"], r["level"]) for r in log["results"]}
    assert {("covercast/input", "error"), ("cn/free_look_life", "warning")} <= told
    suites = etree.fromstring(FORMATS["junit"](checked, str).encode())
    assert [suite.get("name") for suite in suites] == ["home", "term_life"]
    assert [suite.get("errors") for suite in suites] == ["0", "1"]
    assert all(int(suite.get("tests")) > 9 for suite in suites)


def test_the_command_writes_the_format_that_it_is_asked_for(tmp_path):
    arguments = ("check", "home", "--as-of", "2027-01-01", "--format")
    sarif = inside(*arguments, "sarif", "-o", str(tmp_path / "x.sarif"))
    assert (sarif.returncode, sarif.stdout) == (0, "home 2026.1.0 on 2027-01-01: no findings\n")
    assert json.loads((tmp_path / "x.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert inside(*arguments, "junit").stdout.startswith("<?xml")
    assert json.loads(inside(*arguments, "json").stdout)["as_of"] == "2027-01-01"
    refused = inside(*arguments, "json", "--on", "2026-03-01")
    assert refused.returncode == 2
    assert "--as-of: expected without --on" in refused.stderr
