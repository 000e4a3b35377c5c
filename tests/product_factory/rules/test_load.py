"""A slip in a rule file is one line with its place, before any product is judged."""

import pytest

from product_factory.errors import BadInput
from product_factory.rules.examples import example_facts
from product_factory.rules.load import load_for, load_rules
from product_factory.shelf import open_shelf

PARAMETERS = """\
parameters: cn
list:
  grace_min:
    title: {zh: 宽限期下限, en: Shortest grace}
    type: days
    dated:
      - {from: 2010-01-01, is: 60 days, reference: law, trust: read}
"""
RULE = """\
rule: cn/grace
law: INS 36
reference: 第三十六条
from: 2010-01-01
title: {zh: 宽限期, en: Grace}
applies: {line: life}
facts: definition
check: definition.grace.least >= cn.grace_min
severity: error
says: {zh: "短于 {cn.grace_min}", en: shorter}
"""
CHECK = "check: definition.grace.least >= cn.grace_min"
AT = "products/rules/cn/grace.yaml"


def shelf(folder, rule):
    root = folder / "products"
    (root / "rules" / "cn").mkdir(parents=True)
    (root / "parameters").mkdir()
    (root / "parameters" / "cn.yaml").write_text(PARAMETERS, encoding="utf-8")
    (root / "rules" / "cn" / "grace.yaml").write_text(rule, encoding="utf-8")
    return open_shelf(root)


def test_the_rule_itself_is_read(tmp_path):
    (rule,) = load_rules(shelf(tmp_path, RULE), "CN")
    assert (rule.rule, rule.law, rule.severity, rule.verify) == (
        "cn/grace",
        "INS 36",
        "error",
        False,
    )


# what replaces what, and the line that follows the file's name
BROKEN = {
    "other name": (
        "cn/grace",
        "cn/graze",
        "1:7: rule: expected 'cn/grace' as its path says, got 'cn/graze'",
    ),
    "unknown key": (
        "severity: error",
        "severity: error\nverfy: yes",
        "10:1: unknown key 'verfy'; did you mean 'verify'?",
    ),
    "missing key": ("severity: error\n", "", "1:1: expected the key 'severity'"),
    "severity": (
        "severity: error",
        "severity: eror",
        "9:11: severity: expected error or warning, got eror; did you mean 'error'?",
    ),
    "stage": (
        "facts: definition",
        "facts: figment",
        "7:8: facts: expected definition, rates, wording or figures, got figment",
    ),
    "unknown parameter": (
        CHECK,
        "check: definition.grace.least >= cn.grace_mni",
        "8:34: unknown name 'cn.grace_mni'; did you mean 'cn.grace_min'?",
    ),
    "unknown fact": (
        CHECK,
        "check: definition.age_leest >= 18",
        "8:8: unknown name 'definition.age_leest'; did you mean 'definition.age_least'?",
    ),
    "units": (
        CHECK,
        "check: definition.age_least >= cn.grace_min",
        "8:29: cannot compare an age and a number of days",
    ),
    "no truth": (CHECK, "check: definition.age_least", "8:8: expected yes or no, got an age"),
    "cell fact of no cell": (CHECK, "check: loading <= 35%", "8:8: unknown name 'loading'"),
    "fact of another stage": (
        CHECK,
        "check: wording.exclusions_highlighted",
        (
            "7:8: facts: 'wording.exclusions_highlighted' is a fact of wording, and the "
            "rule is judged "
            "on definition"
        ),
    ),
    "cells without rates": (
        CHECK,
        f"{CHECK}\nfor_each: [cell]",
        "7:8: facts: cells are facts of rates, and the rule is judged on definition",
    ),
    "unknown grain": (
        CHECK,
        f"{CHECK}\nfor_each: [policy]",
        "1:1: expected 'for_each' to be [cell] or [cell, policy_year]",
    ),
    "phrases in nothing": (
        CHECK,
        "requires: [宽限期]",
        "1:1: 'within' goes with 'if_stands', 'requires', 'forbids', 'only' or 'in_order'",
    ),
    "unknown text": (
        CHECK,
        "within: wording.txt\nrequires: [宽限期]",
        "1:1: unknown text 'wording.txt'; did you mean 'wording.text'?",
    ),
    "no phrases": (
        CHECK,
        "within: wording.text\nforbids: {a: b}",
        (
            "9:10: forbids: expected a list of phrases, an entry being one phrase or a "
            "list of which "
            "any will do"
        ),
    ),
    "unknown parameter in a phrase": (
        CHECK,
        'within: wording.text\nrequires: ["{cn.grace_mni}内"]',
        "8:9: within: unknown parameter '{cn.grace_mni}'; did you mean 'cn.grace_min'?",
    ),
    "examples without a finding": (
        "severity: error",
        "severity: error\nexamples: {passes: {}, fails: {}, en: x}",
        "10:11: examples: expected the key 'zh'",
    ),
    "unknown head of applies": (
        "line: life",
        "typ: life",
        "6:11: applies: unknown key 'typ'; did you mean 'type'?",
    ),
    "unknown operation": (
        "line: life",
        "adjusts: coridor",
        (
            "6:20: applies.adjusts: expected share, average, deductible, franchise, corridor or "
            "limit, got coridor; did you mean 'corridor'?"
        ),
    ),
    "nothing to check": (
        f"{CHECK}\n",
        "",
        "1:1: expected one of the keys check, requires, forbids, only or in_order",
    ),
    "weak error": (
        "severity: error",
        "severity: error\nverify: yes",
        "1:1: a rule to verify is a warning, since its source is weak",
    ),
    "placeholder": (
        "短于 {cn.grace_min}",
        "短于 {cn.grace_mim}",
        "10:7: says: unknown name '{cn.grace_mim}'; did you mean 'cn.grace_min'?",
    ),
    "before the parameter": (
        "from: 2010-01-01",
        "from: 2009-12-31",
        "4:7: from: expected 2010-01-01 or later, the first day of 'cn.grace_min', got 2009-12-31",
    ),
    "unknown head": (
        "line: life",
        "lane: life",
        "6:11: applies: unknown key 'lane'; did you mean 'line'?",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_says_where_and_what(tmp_path, name):
    old, new, line = BROKEN[name]
    assert RULE.count(old) == 1
    with pytest.raises(BadInput) as raised:
        load_rules(shelf(tmp_path, RULE.replace(old, new)), "CN")
    assert str(raised.value) == f"{AT}:{line}"


def test_a_jurisdiction_without_a_pack_is_an_error(tmp_path):
    with pytest.raises(BadInput) as raised:
        load_rules(shelf(tmp_path, RULE), "HK")
    assert str(raised.value) == "products/rules/hk: no rules for 'HK'; the shelf holds cn"


def test_a_jurisdiction_that_international_rules_name_needs_no_pack_of_its_own(tmp_path):
    opened = shelf(tmp_path, RULE)
    (opened.root / "rules" / "intl").mkdir()
    written = RULE.replace("cn/grace\n", "intl/grace\n").replace("line: life", "jurisdiction: EU")
    (opened.root / "rules" / "intl" / "grace.yaml").write_text(written, encoding="utf-8")
    assert [rule.rule for rule in load_for(opened, "EU")] == ["intl/grace"]
    assert [rule.rule for rule in load_for(opened, "CN")] == ["cn/grace", "intl/grace"]
    with pytest.raises(BadInput, match="no rules for 'HK'"):
        load_for(opened, "HK")


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ("{definition.age_leest: 18}", "unknown fact"),
        ("{definition.grace.least: 60 dais}", "expected a number"),
        ("[60 days]", "expected facts, got a list"),
    ],
)
def test_an_example_is_read_strictly(tmp_path, facts, line):
    text = f"severity: error\nexamples: {{passes: {facts}, fails: {{}}, en: x, zh: x}}"
    (rule,) = load_rules(shelf(tmp_path, RULE.replace("severity: error", text)), "CN")
    with pytest.raises(BadInput, match=line):
        example_facts(rule, rule.examples.passes, {})
