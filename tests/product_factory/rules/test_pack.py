"""The packs on the shelf: each rule passes and fails as its examples say."""

from datetime import date, timedelta

import pytest

from product_factory.rules.examples import example_day, example_facts
from product_factory.rules.judge import outcome
from product_factory.rules.load import all_parameters, load_rules
from product_factory.types import read_number
from sandbox.launch.finding import of_rule
from tests.product_factory.rules.stated import SHELF, parameters

RULES = {rule.rule: rule for pack in ("CN", "intl") for rule in load_rules(SHELF, pack)}
NAMES = sorted(RULES)
MECHANISM, NEAR = date(2025, 1, 10), 1e-9


def judged(name, which, on=None):
    rule = RULES[name]
    day = on or example_day(rule)
    return outcome(rule, example_facts(rule, getattr(rule.examples, which), parameters(day)), day)


def test_every_rule_file_is_loaded_with_its_law_and_reference():
    root = SHELF.root / "rules"
    packs = [path for pack in ("cn", "intl") for path in (root / pack).glob("**/*.yaml")]
    assert set(RULES) == {p.relative_to(root).with_suffix("").as_posix() for p in packs}
    assert all(rule.law and rule.reference for rule in RULES.values())


def test_every_rule_has_its_two_examples():
    assert [name for name, rule in RULES.items() if rule.examples is None] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_passes_what_it_should(name):
    found = judged(name, "passes")
    assert (found.result, found.finding) == ("passed", None)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_fails_what_it_should_and_says_so(name):
    """The whole line that a user reads, and what it says in Chinese."""
    rule, found = RULES[name], judged(name, "fails")
    assert found.result == "failed"
    assert found.finding is not None
    place = rule.place("check" if rule.check is not None else "within")
    assert (place.file, place.line > 0) == (f"products/rules/{name}.yaml", True)
    line = of_rule(found.finding)
    said = f"{rule.severity}: {place}: rule {name} [{rule.law}]: {rule.examples.en}"
    assert (str(line), line.zh) == (said, rule.examples.zh)
    assert "{" not in line.text + line.zh


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_judges_a_day_before_it_is_in_force(name):
    rule = RULES[name]
    facts = example_facts(rule, rule.examples.fails, parameters(example_day(rule)))
    assert outcome(rule, facts, rule.since - timedelta(days=1)).result == "not_applicable"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_weak_or_remembered_warns(name):
    """A parameter that is weak or remembered makes its rule a warning to verify."""
    rule = RULES[name]
    known = parameters(example_day(rule))
    trusts = {known[read].trust for read in judged(name, "passes").reads if read in known}
    if trusts & {"weak", "memory"} or "未经核实" in rule.reference:
        assert (rule.severity, rule.verify) == ("warning", True)


def test_a_threshold_is_a_parameter_and_never_a_number_in_the_rule():
    """A check holds names only; 0 is a sign, not a threshold."""
    numbers = {}
    for name in NAMES:
        text = (SHELF.root / "rules" / f"{name}.yaml").read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line.startswith(("check:", "where:"))]
        words = " ".join(lines).replace("{", " ").replace("}", " ").split()
        numbers[name] = [word for word in words if word[0].isdigit() and word != "0"]
    assert not [name for name, found in numbers.items() if found]


@pytest.mark.parametrize("kind", ["pricing_rate", "participating_rate", "universal_guarantee"])
def test_a_cap_moves_by_quarters_of_a_percent_since_the_mechanism(kind):
    """金寿险函〔2025〕10号 三 (L09): a cap is a multiple of 0.25%."""
    entry = all_parameters(SHELF).entries[f"cn.life.{kind}_cap"]
    later = [
        read_number(str(one.value), "ratio") * 400
        for one in (*entry.dated, *entry.expected)
        if one.since >= MECHANISM
    ]
    assert later
    assert [value for value in later if abs(value - round(value)) > NEAR] == []
