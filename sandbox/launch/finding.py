"""What a launch must say to a person: one shape for rules, examples, laws, gates and tables."""

from dataclasses import dataclass
from typing import Literal

from product_factory.errors import At, Problem
from product_factory.rules.judge import Finding as RuleFinding

Severity = Literal["error", "warning", "undecided", "waived"]
COUNTING = ("error", "undecided")


@dataclass(frozen=True)
class Finding:
    """One finding.

    source    rule, quote, claim, table, law, gate or wording
    name      which rule, quote, law or gate
    severity  an error or an undecided one keeps the product from launching; the others do not
    text      in words, English;  zh: the same in Chinese where the source says it so
    """

    source: str
    name: str
    severity: Severity
    text: str
    zh: str = ""
    at: At = At("")  # noqa: RUF009 - immutable
    law: str = ""
    waiver: str = ""

    @property
    def counts(self) -> bool:
        """Whether it keeps the product from launching."""
        return self.severity in COUNTING

    def __str__(self) -> str:
        """Give the line that a user reads."""
        place = f"{self.at}: " if self.at.file else ""
        law = f" [{self.law}]" if self.law else ""
        return f"{self.severity}: {place}{self.source} {self.name}{law}: {self.text}"

    def as_dict(self) -> dict[str, str]:
        """Give plain values for JSON."""
        return {
            "source": self.source,
            "name": self.name,
            "severity": self.severity,
            "text": self.text,
            "zh": self.zh,
            "at": str(self.at),
            "law": self.law,
            "waiver": self.waiver,
        }


def of_rule(found: RuleFinding) -> Finding:
    """Turn what a rule found into a finding of the launch."""
    return Finding(
        source="rule",
        name=found.rule,
        severity=found.severity,
        text=found.whole.en,
        zh=found.whole.zh,
        at=found.at,
        law=found.law,
        waiver=found.waiver,
    )


def of_problem(source: str, problem: Problem, severity: Severity = "error") -> Finding:
    """Turn a located problem into a finding."""
    return Finding(source, problem.path, severity, problem.text, at=problem.at)
