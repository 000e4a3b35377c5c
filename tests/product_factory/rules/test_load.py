"""A slip in a rule file is one line with its place, before any product is judged."""

import pytest

from product_factory.errors import BadInput
from product_factory.rules.load import load_rules
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
says: {zh: 短于 {cn.grace_min}, en: shorter}
"""
RULE = RULE.replace("短于 {cn.grace_min}", '"短于 {cn.grace_min}"')
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


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("cn/grace", "cn/graze", f"{AT}:1:7: rule: expected 'cn/grace' as its path says, got 'cn/graze'"),
        ("severity: error", "severty: error", f"{AT}:9:1: unknown key 'severty'; did you mean 'severity'?"),
        ("severity: error", "severity: eror", f"{AT}:9:11: severity: expected error or warning, got eror; did you mean 'error'?"),
        ("facts: definition", "facts: figment", f"{AT}:7:8: facts: expected definition, rates, wording or figures, got figment"),
        (CHECK, "check: definition.grace.least >= cn.grace_mni", f"{AT}:8:34: unknown name 'cn.grace_mni'; did you mean 'cn.grace_min'?"),
        (CHECK, "check: definition.age_leest >= 18", f"{AT}:8:8: unknown name 'definition.age_leest'; did you mean 'definition.age_least'?"),
        (CHECK, "check: definition.age_least >= cn.grace_min", f"{AT}:8:29: cannot compare an age and a number of days"),
        (CHECK, "check: definition.grace.least", f"{AT}:8:8: expected yes or no, got a days"),
        (CHECK, "check: loading <= 35%", f"{AT}:8:8: unknown name 'loading'"),
        (CHECK, "check: wording.exclusions_highlighted", f"{AT}:7:8: facts: 'wording.exclusions_highlighted' is a fact of wording, and the rule is judged on definition"),
        (CHECK, f"{CHECK}\nfor_each: [cell]", f"{AT}:7:8: facts: cells are facts of rates, and the rule is judged on definition"),
        (CHECK, f"{CHECK}\nfor_each: [policy]", f"{AT}:1:1: expected 'for_each' to be [cell] or [cell, policy_year]"),
        (CHECK, "requires: [宽限期]", f"{AT}:1:1: 'within' goes with 'requires' or 'forbids'"),
        (CHECK, "within: wording.txt\nrequires: [宽限期]", f"{AT}:1:1: unknown text 'wording.txt'; did you mean 'wording.text'?"),
        (CHECK, "within: wording.text\nforbids: {a: b}", f"{AT}:9:10: forbids: expected a list of phrases"),
        (f"{CHECK}\n", "", f"{AT}:1:1: expected one of the keys check, requires or forbids"),
        ("severity: error", "severity: error\nverify: yes", f"{AT}:1:1: a rule to verify is a warning, since its source is weak"),
        ("{cn.grace_min}", "{cn.grace_mim}", f"{AT}:10:7: says: unknown name '{{cn.grace_mim}}'; did you mean 'cn.grace_min'?"),
        ("from: 2010-01-01", "from: 2009-12-31", f"{AT}:4:7: from: expected 2010-01-01 or later, the first day of 'cn.grace_min', got 2009-12-31"),
        ("line: life", "lane: life", f"{AT}:6:11: applies: unknown key 'lane'; did you mean 'line'?"),
    ],
)  # fmt: skip
def test_a_broken_rule_says_where_and_what(tmp_path, old, new, line):
    assert RULE.count(old) == 1
    with pytest.raises(BadInput) as raised:
        load_rules(shelf(tmp_path, RULE.replace(old, new)), "CN")
    assert str(raised.value) == line


def test_a_jurisdiction_without_a_pack_is_an_error(tmp_path):
    with pytest.raises(BadInput) as raised:
        load_rules(shelf(tmp_path, RULE), "HK")
    assert str(raised.value) == "products/rules/hk: no rules for 'HK'; the shelf holds cn"
