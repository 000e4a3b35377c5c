"""What a launch must say to a person: one shape for rules, examples, laws, gates and tables."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from product_factory.errors import At, Problem
from product_factory.rules.judge import Finding as RuleFinding
from rating.soundness import Flaw

Severity = Literal["error", "warning", "undecided", "waived"]
COUNTING = ("error", "undecided")


@dataclass(frozen=True)
class Finding:
    """One finding.

    source    rule, quote, claim, table, offer, decision, law, gate, wording, lock, or input for
              what cannot be read
    name      which rule, quote, law or gate; of input the path of the key
    severity  an error or an undecided one keeps the product from launching; the others do not
    text      in words, English;  zh: the same in Chinese where the source says it so
    at        where it is said;  sources: where the values stand that it is about
    """

    source: str
    name: str
    severity: Severity
    text: str
    zh: str = ""
    at: At = At("")  # noqa: RUF009 - immutable
    law: str = ""
    waiver: str = ""
    sources: tuple[At, ...] = ()

    @property
    def rule(self) -> str:
        """The identifier of what was judged: the rule's name, or `covercast/quote` and the like."""
        return identifier(self.source, self.name)

    @property
    def counts(self) -> bool:
        """Whether it keeps the product from launching."""
        return self.severity in COUNTING

    def __str__(self) -> str:
        """Give the line that a user reads; what cannot be read is told as every verb tells it."""
        if self.source == "input":
            return str(Problem(self.at, self.name, self.text))
        place = f"{self.at}: " if self.at.file else ""
        law = f" [{self.law}]" if self.law else ""
        who = f"{self.source} {self.name}".rstrip()
        waived = f" (waived: {self.waiver})" if self.severity == "waived" else ""
        return f"{self.severity}: {place}{who}{law}: {self.text}{waived}"

    def as_dict(self) -> dict[str, object]:
        """Give plain values for JSON."""
        return {
            "rule": self.rule,
            "source": self.source,
            "name": self.name,
            "severity": self.severity,
            "text": self.text,
            "zh": self.zh,
            "at": str(self.at),
            "law": self.law,
            "waiver": self.waiver,
            "sources": [str(at) for at in self.sources],
        }


def identifier(source: str, name: str) -> str:
    """Name what is judged for programs: a rule by its own name, the others by their source."""
    return name if source == "rule" else f"covercast/{source.replace(' ', '_')}"


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
        sources=found.sources,
    )


def of_flaw(source: str, flaw: Flaw) -> Finding:
    """Turn a flaw of a tariff into a finding: an error where it does harm for certain."""
    severity: Severity = "error" if flaw.sure else "warning"
    return Finding(source, flaw.name, severity, flaw.en, flaw.zh, flaw.at, sources=flaw.sources)


def accepted(found: Finding, waivers: Mapping[str, str]) -> Finding:
    """Let a waiver stand for what was found of a tariff; waivers: SOURCE/NAME → in words."""
    waiver = waivers.get(f"{found.source}/{found.name}")
    if waiver is None or not found.counts:
        return found
    return replace(found, severity="waived", waiver=waiver)


def of_problem(source: str, problem: Problem, severity: Severity = "error") -> Finding:
    """Turn a located problem into a finding."""
    return Finding(source, problem.path, severity, problem.text, at=problem.at)
