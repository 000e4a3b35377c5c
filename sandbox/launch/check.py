"""Everything about a product that needs no simulation: tables, worked examples, rules."""

from collections.abc import Callable, Sequence
from datetime import date

from product_factory.assembled import AssembledProduct
from product_factory.errors import Stale
from product_factory.rules.definition import definition_facts
from product_factory.rules.facts import Facts
from product_factory.rules.judge import judge
from product_factory.rules.load import rules_for
from product_factory.rules.rule import Rule
from product_factory.rules.waivers import waive
from rating.claims import check_claims
from rating.golden import check_quotes
from rating.plan import fresh
from sandbox.launch.finding import Finding, of_problem, of_rule

Assemble = Callable[[date], AssembledProduct]


def check_product(product: AssembledProduct, on: Assemble) -> tuple[Finding, ...]:
    """Check tables, golden quotes, golden claims, and the rules that a definition can answer.

    on  assembles the same product for another day, for quotes that are dated otherwise

    A rule that needs a later stage is left to the launch and is not told here.
    """
    findings = [*check_tables(product)]
    if not findings:
        findings += check_examples(product, on)
    facts = definition_facts(product)
    rules = [rule for rule in rules_for(product) if rule.facts == "definition"]
    return (*findings, *check_rules(product, rules, facts))


def check_tables(product: AssembledProduct) -> tuple[Finding, ...]:
    """Hold that every rate table was built from what the product says now."""
    try:
        fresh(product)
    except Stale as error:
        return (Finding("table", product.name, "error", str(error)),)
    return ()


def check_examples(product: AssembledProduct, on: Assemble) -> tuple[Finding, ...]:
    """Hold the quotes and claims that were worked by hand, that there are some, and gates too."""
    found = [of_problem("quote", problem) for problem in check_quotes(product, on)]
    found += [of_problem("claim", problem) for problem in check_claims(product)]
    for stem, source in (("quotes", "quote"), ("claims", "claim")):
        if not product.files.get(stem):
            text = f"expected {stem}.yaml with at least one worked by hand"
            found.append(Finding(source, product.name, "error", text))
    if not product.files.get("gates"):
        text = "expected gates.yaml with at least one gate"
        found.append(Finding("gate", product.name, "error", text))
    return tuple(found)


def check_rules(
    product: AssembledProduct, rules: Sequence[Rule], facts: Facts
) -> tuple[Finding, ...]:
    """Judge rules on facts, and let waivers stand for what they waive."""
    found = judge(rules, facts, product.on)
    known = [rule.rule for rule in rules_for(product)]
    found = waive(found, product.files.get("waivers", ()), product.on, known=known)
    return tuple(of_rule(one) for one in found)


def checked_told(product: AssembledProduct, findings: Sequence[Finding]) -> dict[str, object]:
    """Give a check as plain values for JSON."""
    return {
        "product": product.name,
        "version": product.product.version,
        "on": product.on.isoformat(),
        "findings": [finding.as_dict() for finding in findings],
    }


def checked_lines(product: AssembledProduct, findings: Sequence[Finding]) -> list[str]:
    """Give a check as lines: each finding, then how many keep the product back."""
    number = sum(finding.counts for finding in findings)
    count = f"{number or 'no'} finding{'' if number == 1 else 's'}"
    version = f"{product.name} {product.product.version} on {product.on}"
    return [*map(str, findings), f"{version}: {count}"]
