"""Overlays that nobody asks for: each is laid over its product, which must still be sound."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from product_factory.assembled import AssembledProduct
from product_factory.compose.lineage import MARK, overlays_of
from product_factory.errors import BadInput
from product_factory.rules.definition import definition_facts
from product_factory.rules.judge import Finding as RuleFinding
from product_factory.rules.judge import judge
from product_factory.rules.load import rules_for
from sandbox.launch.about import SOURCES
from sandbox.launch.checked import Judged
from sandbox.launch.finding import Finding, of_problem

SOURCE = "overlay"
Named = Callable[[str], AssembledProduct]


def check_overlays(
    product: AssembledProduct, named: Named
) -> tuple[tuple[Judged, ...], tuple[Finding, ...]]:
    """Lay each overlay of a product that is not in force, one at a time, over it.

    named  assembles a product by its name and overlays, `term_life+internet`

    Found is what cannot be applied or assembled, and rules that hold without the overlay and are
    broken with it. A product named with overlays is checked as it was asked for.
    """
    if MARK in product.name:
        return (), ()
    in_force = {entry.name for entry in product.composed.overlays}
    own = [name for name in overlays_of([product.folder]) if name not in in_force]
    findings = [finding for name in own for finding in _one(product, name, named)]
    return tuple(Judged(SOURCE, name, SOURCES[SOURCE]) for name in own), tuple(findings)


def _one(product: AssembledProduct, overlay: str, named: Named) -> list[Finding]:
    try:
        laid = named(f"{product.name}{MARK}{overlay}")
    except BadInput as error:
        found = [of_problem(SOURCE, problem) for problem in error.problems]
        return [replace(one, name=f"{overlay}.{one.name}".rstrip(".")) for one in found]
    broken = {one.rule for one in _broken(product)}
    return [
        Finding(
            SOURCE,
            f"{overlay}.{one.rule}",
            one.severity,
            one.whole.en,
            zh=one.whole.zh,
            at=one.at,
            law=one.law,
            sources=one.sources,
        )
        for one in _broken(laid)
        if one.rule not in broken
    ]


def _broken(product: AssembledProduct) -> Sequence[RuleFinding]:
    rules = [rule for rule in rules_for(product) if rule.facts == "definition"]
    return judge(rules, definition_facts(product), product.on)
