"""The rules told to a person or a program, each with its law."""

from collections.abc import Sequence

from product_factory.rules.rule import Rule


def rules_told(rules: Sequence[Rule]) -> list[dict[str, object]]:
    """Give rules as plain values for JSON."""
    return [
        {
            "rule": rule.rule,
            "law": rule.law,
            "severity": rule.severity,
            "verify": rule.verify,
            "title": {"zh": rule.title.zh, "en": rule.title.en},
        }
        for rule in rules
    ]


def rules_lines(rules: Sequence[Rule]) -> list[str]:
    """Give rules as lines: name and severity, then law and title."""
    found = []
    for rule in rules:
        mark = " verify" if rule.verify else ""
        found.append(f"{rule.rule:<34} {rule.severity}{mark}")
        found.append(f"    {rule.law}  {rule.title.zh}")
    return found
