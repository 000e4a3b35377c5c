"""The packs on the shelf: each rule passes and fails as its examples say."""

from datetime import timedelta

import pytest

from product_factory.rules.judge import outcome
from product_factory.rules.load import load_rules
from tests.product_factory.rules.examples import EXAMPLES
from tests.product_factory.rules.stated import ON, PARAMETERS, SHELF

RULES = {rule.rule: rule for pack in ("CN", "intl") for rule in load_rules(SHELF, pack)}


def test_every_rule_file_is_loaded_with_its_law_and_reference():
    root = SHELF.root / "rules"
    files = {p.relative_to(root).with_suffix("").as_posix() for p in root.glob("**/*.yaml")}
    assert set(RULES) == files
    assert all(rule.law and rule.reference for rule in RULES.values())


def test_every_rule_has_its_two_examples():
    assert set(EXAMPLES) == set(RULES)


def test_the_chinese_pack_holds_the_rules_of_the_spine():
    laws = {rule.law for rule in RULES.values() if rule.rule.startswith("cn/")}
    wanted = "L01 L03 L04 L05 L07 L08 L12 L13 L24 L29 H01 H02 H03 P01"
    assert laws >= {*wanted.split(), "INS 17", "INS 18", "INS 36", "INS 37", "INS 44", "INS 55"}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_rule_passes_what_it_should(name):
    passes, _, _ = EXAMPLES[name]
    found = outcome(RULES[name], passes, ON)
    assert (found.result, found.finding) == ("passed", None)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_rule_fails_what_it_should_and_says_so(name):
    _, fails, says = EXAMPLES[name]
    found = outcome(RULES[name], fails, ON)
    assert found.result == "failed"
    finding = found.finding
    assert finding is not None
    assert finding.says.en == says
    assert "{" not in finding.says.zh
    assert (finding.rule, finding.severity) == (name, RULES[name].severity)
    assert finding.at.file == f"products/rules/{name}.yaml"
    assert finding.at.line > 0


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_no_rule_judges_a_day_before_it_is_in_force(name):
    _, fails, _ = EXAMPLES[name]
    before = RULES[name].since - timedelta(days=1)
    assert outcome(RULES[name], fails, before).result == "not_applicable"


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_what_is_weak_or_remembered_warns(name):
    """A parameter that is weak or remembered makes its rule a warning to verify."""
    rule = RULES[name]
    reads = outcome(rule, EXAMPLES[name][0], ON).reads
    trusts = {PARAMETERS[read].trust for read in reads if read in PARAMETERS}
    if trusts & {"weak", "memory"} or "未经核实" in rule.reference:
        assert (rule.severity, rule.verify) == ("warning", True)


def test_a_threshold_is_a_parameter_and_never_a_number_in_the_rule():
    """A check holds names only; 0 is a sign, not a threshold."""
    numbers = {}
    for name, rule in RULES.items():
        text = (SHELF.root / "rules" / f"{name}.yaml").read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line.startswith(("check:", "where:"))]
        words = " ".join(lines).replace("{", " ").replace("}", " ").split()
        numbers[name] = [word for word in words if word[0].isdigit() and word != "0"]
        assert rule.rule == name
    assert not [name for name, found in numbers.items() if found]
