"""A waiver accepts a finding, by a named role, until a day."""

from datetime import date

import pytest

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.rules.judge import judge
from product_factory.rules.load import load_rules
from product_factory.rules.waivers import WAIVERS, Waiver, waive
from product_factory.strict import read
from tests.product_factory.rules.stated import ON, SHELF, facts

RULES = {rule.rule: rule for rule in load_rules(SHELF, "CN")}
NAMES = ("cn/grace", "cn/reinstatement", "cn/waiting_life")
FINDINGS = judge(
    [RULES[name] for name in NAMES],
    facts(definition__term_most=20, definition__grace__least=50, definition__waits__most=200),
    ON,
)
WAIVER = "- {rule: cn/grace, reason: 已报批, role: chief_actuary, until: 2026-03-01}\n"


def read_waivers(written):
    return WAIVERS.validate_python(read_nodes(written, "products/p/waivers.yaml"))


def waived(written):
    found = waive(FINDINGS, read_waivers(written), ON, RULES)
    return [(finding.rule, finding.severity) for finding in found]


def test_the_findings_before_any_waiver():
    assert [(f.rule, f.severity) for f in FINDINGS] == [
        ("cn/grace", "error"),
        ("cn/reinstatement", "undecided"),
        ("cn/waiting_life", "warning"),
    ]


def test_an_error_is_waived_through_the_last_day_and_stays_in_the_report():
    found = waive(FINDINGS, read_waivers(WAIVER), ON, RULES)
    assert [f.severity for f in found] == ["waived", "undecided", "warning"]
    assert found[0].says == FINDINGS[0].says
    assert found[0].waiver == "已报批 (chief_actuary, 2026-03-01)"


def test_an_undecided_finding_can_be_waived():
    assert ("cn/reinstatement", "waived") in waived(WAIVER.replace("grace", "reinstatement"))


def test_a_warning_needs_no_waiver_and_stays_one():
    assert ("cn/waiting_life", "warning") in waived(WAIVER.replace("grace", "waiting_life"))


def test_an_expired_waiver_is_an_error_beside_the_finding():
    found = waive(FINDINGS, read_waivers(WAIVER.replace("03-01", "02-28")), ON, RULES)
    assert [f.severity for f in found] == ["error", "undecided", "warning", "error"]
    assert found[-1].says.en == "the waiver expired on 2026-02-28"
    assert str(found[-1].at) == "products/p/waivers.yaml:1:61"


def test_a_waiver_of_a_rule_that_is_not_there_is_an_error():
    found = waive(FINDINGS, read_waivers(WAIVER.replace("grace", "graze")), ON, RULES)
    assert found[-1].says.en == "no rule 'cn/graze'; did you mean 'cn/grace'?"


@pytest.mark.parametrize("key", ["rule", "reason", "role", "until"])
def test_a_waiver_states_rule_reason_role_and_until(key):
    full = {"rule": "cn/grace", "reason": "r", "role": "chief", "until": str(date(2026, 3, 1))}
    written = "".join(f"{name}: {value}\n" for name, value in full.items() if name != key)
    with pytest.raises(BadInput, match=f"expected the key '{key}'"):
        read(Waiver, read_nodes(written, "waivers.yaml"))
