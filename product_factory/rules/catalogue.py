"""All packs of a shelf with what none of them judges, and the page that lists both by law."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from product_factory.errors import BadValue, nearest
from product_factory.filing import TYPES
from product_factory.parameters import Parameters
from product_factory.rules.load import all_parameters, load_packs
from product_factory.rules.not_judged import NotJudged, not_judged
from product_factory.rules.reads import reads
from product_factory.rules.rule import Rule
from product_factory.rules.told import fits, trust
from product_factory.shelf import Shelf

TERM = re.compile(r"definition\.(\w+)\.(?:least|most|\w+)")
NO_TERMS = frozenset({"pricing", "best_estimate", "valuation", "waits"})
"""Bases, and the waiting periods of promises, which stand where terms do."""
DIGITS = re.compile(r"(\d+)")
HEAD = """\
# Rules

Every requirement of the sources, by its short name there: the rule that judges it, or why none
does. L, H, A and P are series of life, health, accident and property and motor; INS is the
Insurance Law with its article, NEG25 the negative list of 2025. *Stage* says what the rule reads:
the definition is judged by `check`, rates, wording and figures by `launch`. A source that was read
is *read*; one that is weak or remembered is to *verify*, and its rule only warns. This page is
what `covercast rules --markdown` prints; `covercast rules RULE` shows one rule with its check, the
history of its thresholds and its examples.

| Law | Rule | What | Stage | Severity | Source | First day | Reference |
|---|---|---|---|---|---|---|---|
"""
FILED = """
## What a product states for them

Most facts are the product's own: its heads, name, terms, waiting periods, events, bases, rates and
wording. Two places are for the filer.

`filing:` in `product.yaml` takes these keys. A key without a default that a rule reads and the
product does not write leaves the rule undecided.

| Key | Meaning | Default |
|---|---|---|
"""
FILING = (
    ("type", f"what is sold: {', '.join(TYPES)}", "what the Chinese name ends with"),
    ("form", "`main`, or `rider` to a main contract", "`main`"),
    ("route", "`filed` (备案), or `approved` beforehand (审批)", "`filed`"),
    ("company", "the company as it begins the product's name; asked of products for sale", ""),
    ("tax_preferred", "sold as tax-preferred health insurance", "`no`"),
    ("activation_card", "sold as a card that the buyer activates", "`no`"),
    ("commission_ceiling", "the highest commission, of the premium; accident for sale", ""),
    ("medical_inflation", "yearly growth that the valuation assumes; long-term medical", ""),
    ("dividend_spread", "the higher spread of the dividend illustration; participating", ""),
    ("dividend_share", "share of the surplus in that illustration; participating", ""),
)
"""Key, meaning, default: the test holds the keys against the model."""
TERMS = """
Rules find other facts by the name of a term (or of a fact or choice of the policy), so a module
that promises such a thing names its term so.

| Term | Read by |
|---|---|
"""
NOT_JUDGED = """
## Not judged

What a product does not hold, wholly or in the part that is named here.

| Law | What | Why | Reference |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Catalogue:
    """Rules in order, the requirements that no rule judges, and every parameter of the shelf."""

    shelf: Shelf
    parameters: Parameters
    rules: tuple[Rule, ...]
    not_judged: tuple[NotJudged, ...]

    def find(self, name: str) -> Rule:
        """Give a rule by its name, or by the last part of it. Raises BadValue."""
        exact = [rule for rule in self.rules if rule.rule == name]
        short = [rule for rule in self.rules if rule.rule.rpartition("/")[2] == name]
        found = exact or short
        if len(found) == 1:
            return found[0]
        message = f"no rule '{name}'{nearest(name, [rule.rule for rule in self.rules])}"
        raise BadValue(message)


def catalogue(shelf: Shelf, line: str | None = None) -> Catalogue:
    """Read all packs, or those of their rules that may apply to a line. Raises BadInput."""
    rules = load_packs(shelf)
    lines = sorted({word for rule in rules for word in rule.applies.line})
    if line is not None and line not in lines:
        message = f"no rule names the line '{line}'{nearest(line, lines)}"
        raise BadValue(message)
    kept = tuple(rule for rule in rules if fits(rule, line))
    return Catalogue(shelf, all_parameters(shelf), kept, not_judged(shelf))


def page(listed: Catalogue) -> str:
    """Write the catalogue as Markdown, in the order of the laws."""
    rows = [(law, rule) for rule in listed.rules for law in rule.laws]
    rows.sort(key=lambda row: (_series(row[0]), row[1].rule))
    unjudged = sorted(listed.not_judged, key=lambda entry: _series(entry.law))
    filing = "".join(f"| `{key}` | {what} | {default} |\n" for key, what, default in FILING)
    terms = "".join(_terms(listed.rules))
    told = NOT_JUDGED + "".join(map(_unjudged, unjudged))
    return HEAD + "".join(_rows(rows)) + FILED + filing + TERMS + terms + told


def _terms(rules: tuple[Rule, ...]) -> Iterator[str]:
    """List the terms that rules read, each with the rules."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        names = {match.group(1) for name in reads(rule) if (match := TERM.fullmatch(name))}
        for term in sorted({*names, *rule.applies.has} - NO_TERMS):
            found.setdefault(term, []).append(f"`{rule.rule}`")
    for term in sorted(found):
        yield f"| `{term}` | {', '.join(found[term])} |\n"


def _rows(rows: list[tuple[str, Rule]]) -> Iterator[str]:
    for law, rule in rows:
        cells = (
            *(law, f"`{rule.rule}`", f"{rule.title.zh} {rule.title.en}", rule.facts),
            *(rule.severity, trust(rule), f"{rule.since}", rule.reference),
        )
        yield f"| {' | '.join(cells)} |\n"


def _unjudged(entry: NotJudged) -> str:
    what, why = (f"{said.zh} {said.en}" for said in (entry.what, entry.because))
    return f"| {entry.law} | {what} | {why} | {entry.reference} |\n"


def _series(law: str) -> tuple[tuple[str, int], ...]:
    """Order L2 before L10, and each series by itself."""
    parts = DIGITS.split(law)
    numbers = [int(part) for part in parts[1::2]]
    return tuple(zip(parts[0::2], [*numbers, 0], strict=True))
