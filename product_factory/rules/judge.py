"""Rules + facts → outcomes and findings. What cannot be judged is a finding, never a pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from product_factory.errors import At
from product_factory.rules.evaluate import Evaluated, at_of, evaluate
from product_factory.rules.facts import HEADS, STAGES, Facts, shown
from product_factory.rules.phrases import Looked, look
from product_factory.rules.rule import PHRASE_WORDS, PLACEHOLDER, Applies, Rule

Result: TypeAlias = Literal["passed", "failed", "undecided", "not_applicable"]
Severity: TypeAlias = Literal["error", "warning", "undecided", "waived"]
NOT_YET = {
    "definition": ("待产品定义载入后判断", "judged when the definition is loaded"),
    "rates": ("待费率表生成后判断", "judged when the rate tables are built"),
    "wording": ("待条款生成后判断", "judged when the wording is composed"),
    "figures": ("待上市检查时判断", "judged at launch"),
}


@dataclass(frozen=True)
class Said:
    """A text of a finding."""

    zh: str
    en: str


@dataclass(frozen=True)
class Finding:
    """What a person must read.

    severity  error; warning (never changes the exit); undecided; waived, by the named role
    says      what is wrong, or why it cannot be judged
    at        the line of the rule
    row       the worst row, as it is called;  failed of meant: how many rows fail
    values    the facts and parameters that were read, as they stand at that row
    sources   where the facts that were read come from, as far as they have a place
    verify    the rule's source is to be confirmed
    waiver    reason, role and last day of the waiver
    """

    rule: str
    law: str
    reference: str
    title: Said
    severity: Severity
    says: Said
    at: At
    row: str = ""
    failed: int = 0
    meant: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[At, ...] = ()
    verify: bool = False
    waiver: str = ""

    @property
    def whole(self) -> Said:
        """What it says, with how many rows fail and the worst of them."""
        if not self.row:
            return self.says
        return Said(
            f"{self.says.zh}（{self.meant} 项中 {self.failed} 项；最差：{self.row}）",
            f"{self.says.en} ({self.failed} of {self.meant}; worst: {self.row})",
        )


@dataclass(frozen=True)
class Outcome:
    """What became of one rule; `reads`: the facts and parameters that it reads."""

    rule: Rule
    result: Result
    reads: frozenset[str]
    finding: Finding | None = None


def judge(rules: Iterable[Rule], facts: Facts, on: date) -> tuple[Finding, ...]:
    """Judge rules on the product's day and give what must be read, in the order of the rules.

    Raises BadInput where the units of facts do not fit a rule.
    """
    outcomes = (outcome(rule, facts, on) for rule in rules)
    return tuple(found.finding for found in outcomes if found.finding is not None)


def outcome(rule: Rule, facts: Facts, on: date) -> Outcome:
    """Judge one rule."""
    if not applies(rule, facts, on):
        return Outcome(rule, "not_applicable", frozenset())
    missing = _heads_missing(rule.applies, facts)
    evaluated = evaluate(rule, facts)
    reads = evaluated.reads | set(rule.phrase_parameters)
    reads |= {rule.within} if rule.within else set()
    if evaluated.excluded:
        return Outcome(rule, "not_applicable", reads)
    if evaluated.meant == 0 and not evaluated.missing and _has_rows(rule, facts):
        return Outcome(rule, "not_applicable", reads)
    unwritten = tuple(name for name in rule.phrase_parameters if name not in facts.parameters)
    looked = None
    if rule.within is not None and rule.within not in facts.texts:
        missing = (*missing, rule.within)
    elif rule.within is not None and not unwritten:
        looked = look(facts.texts[rule.within], rule, facts.parameters)
        if not looked.meant:
            return Outcome(rule, "not_applicable", reads)
    missing += (*unwritten, *evaluated.missing)
    if missing or evaluated.unknown is not None or evaluated.meant == 0:
        return Outcome(rule, "undecided", reads, _undecided(rule, facts, missing, evaluated))
    if evaluated.failed or (looked is not None and not looked.passed):
        return Outcome(rule, "failed", reads, _failed(rule, facts, evaluated, looked))
    return Outcome(rule, "passed", reads)


def applies(rule: Rule, facts: Facts, on: date) -> bool:
    """Tell whether a rule is in force and means a product, as far as its heads are known."""
    return _applies(rule.applies, facts) and rule.since <= on


def _applies(applies: Applies, facts: Facts) -> bool:
    """Tell whether a product is meant, as far as its heads are known."""
    for key in HEADS:
        wanted, fact = getattr(applies, key), facts.texts.get(f"definition.{key}")
        if wanted and fact is not None and not set(wanted) & set(fact.texts):
            return False
    terms = facts.texts.get("definition.terms")
    if applies.has and terms is not None and not set(applies.has) & set(terms.texts):
        return False
    name = facts.texts.get("definition.name")
    return not (applies.named and name is not None and not _holds(name.texts, applies.named))


def _holds(texts: Iterable[str], phrases: Iterable[str]) -> bool:
    return any(phrase in text for text in texts for phrase in phrases)


def _heads_missing(applies: Applies, facts: Facts) -> tuple[str, ...]:
    names = [f"definition.{key}" for key in HEADS if getattr(applies, key)]
    names += ["definition.terms"] if applies.has else []
    names += ["definition.name"] if applies.named else []
    return tuple(name for name in names if name not in facts.texts)


def _has_rows(rule: Rule, facts: Facts) -> bool:
    """Tell a rule that is about none of the rows from facts without rows."""
    rows = facts.rows.get(rule.for_each)
    return not rule.for_each or (rows is not None and rows.size > 0)


def _undecided(rule: Rule, facts: Facts, missing: tuple[str, ...], evaluated: Evaluated) -> Finding:
    stage = next((s for s in STAGES if s in rule.read_stages and s not in facts.stages), None)
    if missing and stage is not None:
        zh, en = NOT_YET[stage]
    elif missing:
        names = ", ".join(dict.fromkeys(missing))
        zh, en = f"无法判断：缺少 {names}", f"cannot be judged: nothing states {names}"
    elif evaluated.unknown is not None:
        row = f" ({evaluated.unknown})" if evaluated.unknown else ""
        zh, en = f"无法判断：有数值缺失{row}", f"cannot be judged: a value is missing{row}"
    else:
        zh, en = "无法判断：没有可供检查的组合", "cannot be judged: there is nothing to check"
    severity: Severity = "undecided" if rule.severity == "error" else "warning"
    return _finding(rule, facts, severity, Said(zh, en), evaluated)


def _failed(rule: Rule, facts: Facts, evaluated: Evaluated, looked: Looked | None) -> Finding:
    listed = ("", "")
    if looked is not None:
        listed = ("、".join(looked.found), "、".join(looked.missing))
    phrases = dict(zip(PHRASE_WORDS, listed, strict=True))
    words = {name: "、".join(fact.texts) for name, fact in facts.texts.items()}
    zh, en = ({**words, **_shown(evaluated, language), **phrases} for language in ("zh", "en"))
    says = Said(_filled(rule.says.zh, zh), _filled(rule.says.en, en))
    return _finding(rule, facts, rule.severity, says, evaluated)


def _shown(evaluated: Evaluated, language: str) -> dict[str, str]:
    return {name: shown(*value, language) for name, value in evaluated.values.items()}


def _filled(text: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), text)


def _finding(
    rule: Rule, facts: Facts, severity: Severity, says: Said, evaluated: Evaluated
) -> Finding:
    read = [facts.numbers[name].at for name in evaluated.reads if name in facts.numbers]
    if rule.within is not None and rule.within in facts.texts:
        read.append(facts.texts[rule.within].at)
    return Finding(
        rule=rule.rule,
        law=rule.law,
        reference=rule.reference,
        title=Said(rule.title.zh, rule.title.en),
        severity=severity,
        says=says,
        at=at_of(rule),
        row=evaluated.worst,
        failed=evaluated.failed,
        meant=evaluated.meant,
        values=_shown(evaluated, "en"),
        sources=tuple(sorted({at for at in read if at.line})),
        verify=rule.verify,
    )
