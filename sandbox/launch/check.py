"""Everything about a product that needs no simulation: tables, worked examples, rules."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, CovercastError, Stale
from product_factory.language import Language
from product_factory.rules.definition import definition_facts
from product_factory.rules.facts import Facts
from product_factory.rules.judge import Finding as RuleFinding
from product_factory.rules.judge import Said, judge, outcome
from product_factory.rules.load import rules_for
from product_factory.rules.rule import Rule
from product_factory.rules.waivers import standing, waive
from product_factory.shelf import Shelf
from rating.built_from import BuiltOtherwise
from rating.claims import check_claims
from rating.golden import check_quotes
from rating.plan import bind, fresh
from rating.soundness import decision_flaws, fine_rounding, offer_flaws
from sandbox.launch.about import SOURCES, about_rule
from sandbox.launch.cache import open_cache
from sandbox.launch.checked import Checked, Judged
from sandbox.launch.finding import Finding, accepted, of_flaw, of_problem, of_rule
from sandbox.launch.overlays import check_overlays
from sandbox.lock.check import check_lock

Assemble = Callable[[date], AssembledProduct]


@dataclass(frozen=True)
class CheckOptions:
    """How products are checked.

    on        the day for which dated parameters are taken; by default each product's effective one
    examples  whether quotes and claims that were worked by hand are held, or only the definition
    locked    whether the product is held against its lock
    cache     folder in which what was found is kept, None to judge everything anew
    """

    on: date | None = None
    examples: bool = True
    locked: bool = False
    cache: Path | None = None

    def __str__(self) -> str:
        """Name what a finding depends on beside the files."""
        return f"{self.on} {'examples' if self.examples else 'definition'}"


EVERYTHING = CheckOptions()
BETWEEN = 20
"""After how many products garbage is collected: its circles are a product's own."""


def check_shelf(
    shelf: Shelf,
    names: Sequence[str],
    language: Language,
    options: CheckOptions = EVERYTHING,
    step: Callable[[int], object] = lambda _: None,
) -> tuple[Checked, ...]:
    """Check products of a shelf, in the order of their names as given.

    step  is told of each product that is done

    A product that cannot be read is a finding like any other; nothing is raised for it. One that
    has not changed since it was last checked is not judged again, but for its lock.
    """
    cache = None if options.cache is None or options.locked else open_cache(options.cache, shelf)
    found = []
    with _rarely_collected() as collect:
        for number, name in enumerate(names, 1):
            checked = None if cache is None else cache.find(shelf, name, str(options))
            if checked is None:
                watched = shelf.watched()
                checked = check_named(watched, name, language, options)
                if cache is not None:
                    cache.keep(watched, name, str(options), checked)
                shelf.forget(shelf.root / name.partition("+")[0])
            found.append(checked)
            step(1)
            if number % BETWEEN == 0:
                collect()
    if cache is not None:
        cache.save()
    return tuple(found)


@contextmanager
def _rarely_collected() -> Iterator[Callable[[], object]]:
    """Leave circles of garbage to the caller: Python would walk the whole shelf to find them."""
    before = gc.isenabled()
    gc.disable()
    gc.freeze()  # what stands already is not looked through again

    def collect() -> None:
        gc.collect()
        gc.freeze()  # what is left is the shelf's own: the next one need not look through it

    try:
        yield collect
    finally:
        gc.unfreeze()
        if before:
            gc.enable()


def check_named(shelf: Shelf, name: str, language: Language, options: CheckOptions) -> Checked:
    """Check one product of a shelf by name."""
    file = shelf.label(shelf.root / name.partition("+")[0] / "product.yaml")
    reading = Judged("input", "", SOURCES["input"])
    try:
        product = assemble(shelf, name, language, options.on)
        on = partial(assemble, shelf, name, language)
        judged, findings = judge_product(product, on if options.examples else None)
        laid = check_overlays(product, lambda one: assemble(shelf, one, language, options.on))
        judged, findings = (*judged, *laid[0]), (*findings, *laid[1])
        if options.locked:
            judged = (*judged, Judged("lock", name, SOURCES["lock"]))
            findings = (*findings, *check_lock(product))
    except BadInput as error:
        findings = tuple(of_problem("input", problem) for problem in error.problems)
    except CovercastError as error:
        findings = (Finding("input", "", "error", str(error), at=At(file)),)
    else:
        version = product.product.version
        return Checked(name, file, version, product.on, (reading, *judged), findings)
    return Checked(name, file, "", None, (reading,), findings)


def judge_product(
    product: AssembledProduct, on: Assemble | None
) -> tuple[tuple[Judged, ...], tuple[Finding, ...]]:
    """Judge tables, golden quotes and claims, and the rules that a definition can answer.

    on  assembles the same product for another day, for quotes that are dated otherwise; None
        leaves worked examples out

    A rule that needs a later stage is left to the launch and is not told here.
    """
    judged = [Judged("table", product.name, SOURCES["table"])]
    findings = [*check_tables(product)]
    if on is not None and not findings:
        judged += _examples(product)
        findings += check_examples(product, on)
        judged += [
            Judged(source, product.name, SOURCES[source])
            for source in ("offer", "decision", "rounding")
        ]
        findings += check_tariff(product)
    facts = definition_facts(product)
    rules = [rule for rule in rules_for(product) if rule.facts == "definition"]
    outcomes = [outcome(rule, facts, product.on) for rule in rules]
    judged += judged_rules(one.rule for one in outcomes if one.result != "not_applicable")
    found = [one.finding for one in outcomes if one.finding is not None]
    return tuple(judged), (*findings, *_waived(product, found))


def judged_rules(rules: Iterable[Rule]) -> Iterator[Judged]:
    """Give rules as what was judged."""
    return (Judged("rule", rule.rule, about_rule(rule)) for rule in rules)


def _examples(product: AssembledProduct) -> Iterator[Judged]:
    for stem in ("quote", "claim"):
        about = SOURCES[stem]
        for place, entry in enumerate(product.files.get(f"{stem}s", ())):
            said = replace(about, title=Said(entry.name, entry.name))
            yield Judged(stem, f"{stem}s[{place}]", said)
    yield Judged("gate", product.name, SOURCES["gate"])


def check_tables(product: AssembledProduct) -> tuple[Finding, ...]:
    """Hold that every rate table was built from what the product says now."""
    try:
        fresh(product)
    except BuiltOtherwise as error:
        places = tuple(change.new_at for change in error.changes if change.new_at.file)
        return (Finding("table", product.name, "error", str(error), sources=places),)
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


def check_tariff(product: AssembledProduct) -> tuple[Finding, ...]:
    """Hold that offers have their rates and no other, that decisions decide, rounding is exact.

    A waiver of `offer/NAME` or `decision/NAME` accepts what is found of that step, line or choice.
    """
    plan = bind(product)
    found = [("offer", flaw) for flaw in offer_flaws(plan)]
    found += [("decision", flaw) for flaw in decision_flaws(plan)]
    found += [("rounding", flaw) for flaw in fine_rounding(plan)]
    waived = standing(product.files.get("waivers", ()), product.on)
    return tuple(accepted(of_flaw(source, flaw), waived) for source, flaw in found)


def check_rules(
    product: AssembledProduct, rules: Sequence[Rule], facts: Facts
) -> tuple[Finding, ...]:
    """Judge rules on facts, and let waivers stand for what they waive."""
    return _waived(product, judge(rules, facts, product.on))


def _waived(product: AssembledProduct, found: Sequence[RuleFinding]) -> tuple[Finding, ...]:
    known = [*(rule.rule for rule in rules_for(product)), *_of_tariff(product)]
    waivers = product.files.get("waivers", ())
    return tuple(of_rule(one) for one in waive(found, waivers, product.on, known=known))


def _of_tariff(product: AssembledProduct) -> Iterator[str]:
    """Name what may be found of a tariff, as a waiver names it."""
    steps = product.files.get("rating", ())
    values = [step.name for step in steps if not step.DECIDES]
    choices = [*product.variables, *(name for item in product.items.values() for name in item)]
    yield from (f"offer/{name}" for name in dict.fromkeys([*values, *choices]))
    lines = [line.name for line in product.product.accepts]
    yield from (f"decision/{name}" for name in (*lines, *(s.name for s in steps if s.DECIDES)))
