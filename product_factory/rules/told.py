"""The rules told to a person or a program: each with its law, stage, severity, trust and day."""

from collections.abc import Sequence

from product_factory.columns import wrapped
from product_factory.rules.not_judged import NotJudged
from product_factory.rules.rule import Rule


def trust(rule: Rule) -> str:
    """Tell whether the source was read, or is weak and to be verified."""
    return "verify" if rule.verify else "read"


def fits(rule: Rule, line: str | None) -> bool:
    """Tell whether a rule may apply to products of a line."""
    return line is None or not rule.applies.line or line in rule.applies.line


def rules_told(
    rules: Sequence[Rule], unjudged: Sequence[NotJudged] = ()
) -> dict[str, list[dict[str, object]]]:
    """Give rules, and what none judges, as plain values for JSON."""
    return {
        "rules": [
            {
                "rule": rule.rule,
                "law": list(rule.laws),
                "reference": rule.reference,
                "stage": rule.facts,
                "severity": rule.severity,
                "trust": trust(rule),
                "verify": rule.verify,
                "from": rule.since.isoformat(),
                "line": list(rule.applies.line),
                "title": rule.title.both,
            }
            for rule in rules
        ],
        "not_judged": [
            {
                "law": entry.law,
                "reference": entry.reference,
                "what": entry.what.both,
                "because": entry.because.both,
            }
            for entry in unjudged
        ],
    }


def rules_lines(rules: Sequence[Rule], unjudged: Sequence[NotJudged] = ()) -> list[str]:
    """Give rules as lines of at most 80 columns, then what none judges, then how many there are."""
    found = [f"{'rule':<37} {'stage':<10} {'severity source':<15} from"]
    for rule in rules:
        kind = f"{rule.severity} {trust(rule)}"
        found.append(f"{rule.rule:<37} {rule.facts:<10} {kind:<15} {rule.since}")
        found += wrapped(f"{rule.title.zh} {rule.title.en}", "    ")
        found += wrapped(f"{rule.law}: {rule.reference}", "    ", "      ")
    if unjudged:
        found += ["", "Not judged, wholly or in part:"]
    for entry in unjudged:
        found += wrapped(f"{entry.law}: {entry.what.zh} {entry.what.en}")
        found += wrapped(f"{entry.because.zh} {entry.because.en}", "    ", "    ")
    errors = sum(rule.severity == "error" for rule in rules)
    counts = f"{len(rules)} rules: {errors} errors, {len(rules) - errors} warnings"
    return [*found, "", f"{counts}; one of them: covercast rules RULE"]
