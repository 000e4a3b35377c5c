"""The rules by which a product is judged, as values: what they say and the limits they read."""

from dataclasses import replace

from product_factory.assembled import AssembledProduct
from product_factory.effective.entry import Effective, Entry
from product_factory.effective.walk import fields
from product_factory.rules.definition import definition_facts
from product_factory.rules.judge import applies
from product_factory.rules.load import FOLDER, rules_for
from product_factory.rules.reads import reads
from product_factory.rules.rule import Rule


def judged_by(product: AssembledProduct) -> tuple[Rule, ...]:
    """Give the rules that are in force on the product's day and mean it; none without a pack.

    Raises BadInput where a rule cannot be read.
    """
    pack = product.shelf.root / FOLDER / product.product.jurisdiction.lower()
    if not pack.is_dir():
        return ()
    facts = definition_facts(product)
    return tuple(rule for rule in rules_for(product) if applies(rule, facts, product.on))


def with_rules(product: AssembledProduct) -> Effective:
    """Give the values of a product and of the rules that judge it."""
    entries = dict(product.effective.entries)
    for rule in judged_by(product):
        judging = rule.model_copy(update={"examples": None})  # examples judge no product
        for value in fields(judging, f"rules.{rule.rule}", rule.at):
            entries[value.path] = Entry(value.path, "rule", value.value, value.at)
        for name in sorted(reads(rule)):
            path = f"parameters.{name}"
            if name in product.parameters and path not in entries:
                limit = product.parameters[name]
                entries[path] = Entry(path, "rule", limit.said(), limit.at)
    ordered = {path: entries[path] for path in sorted(entries)}
    return replace(product.effective, entries=ordered)
