"""Launch: tables, examples, lock, rules, wording, the three laws, gates; and one verdict."""

from collections.abc import Callable, Sequence

from clause_templates.compose import compose
from clause_templates.from_product import facts_of
from clause_templates.printed import printed
from clause_templates.trace import trace, unprinted, untraced
from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import BadInput, Stale
from product_factory.rules.definition import VALUATION, definition_facts
from product_factory.rules.facts import Facts, NumberFact
from product_factory.rules.load import rules_for
from product_factory.rules.wording import wording_facts
from product_factory.types import Type
from rating.facts import rates_facts
from rating.plan import bind
from sandbox.execution import Execution
from sandbox.gates.evaluate import evaluate
from sandbox.gates.judge import Judged
from sandbox.launch.check import (
    Assemble,
    check_examples,
    check_rules,
    check_tables,
    check_tariff,
)
from sandbox.launch.finding import Finding, Severity, of_problem
from sandbox.launch.verdict import Launch, illustrative
from sandbox.laws.annual import law_one_annual
from sandbox.laws.law import LawOne
from sandbox.laws.long_term import law_one_long_term
from sandbox.laws.profiles import profiles
from sandbox.laws.same import same_bytes
from sandbox.lock.check import launch_lock
from sandbox.portfolio.portfolio import Portfolio
from sandbox.run import SEED, Run, portfolio_of, simulate
from sandbox.runs import Runs
from sandbox.stress import fitting, stress

LEAST_PROFILES = 3
SMALL = 40
MEAN = "mean"
RATIOS = ("claims_over_premium", "combined_ratio", "profit_margin")
Say = Callable[[str], None]


def launch(
    product: AssembledProduct,
    on: Assemble,
    *,
    years: int | None = None,
    seed: int = SEED,
    threads: int = 1,
    say: Say = lambda _: None,
) -> Launch:
    """Judge whether a product may launch.

    on     assembles the same product for another day, for quotes that are dated otherwise
    years  simulated years, or run-offs, of each simulation
    say    is told each stage as it begins

    Raises Stale when a rate table is not that of its inputs, since nothing priced by it means
    anything, and BadInput where the product itself cannot be read.
    """
    stale = check_tables(product)
    if stale:
        raise Stale(stale[0].text)
    say("examples worked by hand")
    findings = [*_for_sale(product), *check_examples(product, on)]
    say("offers and decisions")
    findings += check_tariff(product)
    say("lock")
    findings += launch_lock(product)
    say("wording")
    facts = facts_of(product)
    wording = compose(facts)
    findings += [of_problem("law 2", problem) for problem in untraced(wording)]
    findings += [of_problem("law 2", problem) for problem in unprinted(facts, wording)]
    say("law 1: the price is the mean of the simulation")
    laws, found = _law_one(product, seed, threads)
    findings += found
    say("simulation of the portfolio, and gates")
    runs = Runs(product, portfolio_of(product, None), years, seed, Execution.on(threads))
    gates = evaluate(runs)
    run = runs.run()  # gates ask for the same with its segments
    findings += _law_three(product, runs.portfolio, seed)
    findings += [_of_gate(gate) for gate in gates if gate.verdict != "passed"]
    say("scenarios")
    stressed = stress(runs, fitting(product))
    say("rules")
    stated = definition_facts(product) | rates_facts(bind(product))
    stated = stated | wording_facts(printed(wording)) | _figures(run)
    rules = rules_for(product)
    findings += check_rules(product, rules, stated)
    figures = trace(wording)
    counts = {
        "rules": len(rules),
        "quotes": len(product.files.get("quotes", ())),
        "claims": len(product.files.get("claims", ())),
        "law_1_comparisons": len(laws),
        "figures_traced": len(figures),
        "gates": len(gates),
        "scenarios": len({one.scenario for one in stressed}),
        "illustrative_tables": len(illustrative(product)),
        "terms_left_out": sum(len(basis.leaves_out) for basis in product.bases.values()),
    }
    return Launch(
        product=product,
        findings=tuple(findings),
        laws=laws,
        gates=gates,
        stressed=stressed,
        run=run,
        wording=wording,
        figures=figures,
        counts=counts,
    )


def _for_sale(product: AssembledProduct) -> tuple[Finding, ...]:
    """Refuse a product for sale that reads illustrative tables."""
    names = illustrative(product)
    if not product.product.for_sale or not names:
        return ()
    text = f"a product for sale reads illustrative tables: {', '.join(names)}"
    return (Finding("table", product.name, "error", text, at=product.product.place("for_sale")),)


def _law_one(
    product: AssembledProduct, seed: int, threads: int
) -> tuple[tuple[LawOne, ...], list[Finding]]:
    risks = profiles(product)
    bases = [basis for basis in product.bases.values() if product.long_term or basis.risk]
    bases = [basis for basis in bases if not proved_with_another(basis, bases)]
    if len(risks) < LEAST_PROFILES:
        text = f"expected {LEAST_PROFILES} golden quotes with a price as profiles, got {len(risks)}"
        return (), [Finding("law 1", product.name, "undecided", text)]
    verb = law_one_long_term if product.long_term else law_one_annual
    try:
        laws = verb(product, bases, risks, seed, threads=threads)
    except BadInput as error:
        text = f"not proved, no method without random numbers: {error}"
        return (), [Finding("law 1", product.name, "undecided", text)]
    failed = [law for law in laws if not law.holds]
    return laws, [
        Finding("law 1", "+".join(law.group), "error" if law.sharp else "undecided", str(law))
        for law in failed
    ]


def proved_with_another(basis: AssembledBasis, bases: Sequence[AssembledBasis]) -> bool:
    """Tell a valuation that assumes what another basis does: its law would be that one's again."""

    def assumed(one: AssembledBasis) -> tuple[object, ...]:
        stated = (one.interest, one.inflation, one.grid, one.risk, one.experience)
        return (*stated, one.leaves_out)

    others = [one for one in bases if one.name != VALUATION]
    return basis.name == VALUATION and any(assumed(one) == assumed(basis) for one in others)


def _law_three(product: AssembledProduct, portfolio: Portfolio, seed: int) -> list[Finding]:
    """Simulate a few years again on other threads and compare the bytes."""

    def once(threads: int, _block: int) -> object:
        return simulate(product, portfolio, years=SMALL, seed=seed, threads=threads).table

    if same_bytes(once):  # type: ignore[arg-type]
        return []
    text = "the same seed gave other bytes on another number of threads"
    return [Finding("law 3", product.name, "error", text)]


def _of_gate(gate: Judged) -> Finding:
    limits = [f"at least {gate.at_least:g}" if gate.at_least is not None else ""]
    limits += [f"at most {gate.at_most:g}" if gate.at_most is not None else ""]
    value = f"{gate.measured.value:.6g} ± {gate.measured.error:.2g}"
    segment = f" for {gate.segment}" if gate.segment else ""
    expected = " and ".join(limit for limit in limits if limit)
    text = f"{gate.figure}{segment} is {value}, expected {expected}"
    severity: Severity = "error" if gate.verdict == "failed" else "undecided"
    return Finding("gate", gate.name, severity, f"{text}; {gate.why}" if gate.why else text)


def _figures(run: Run) -> Facts:
    """State the figures that rules read: `figures.NAME` is the mean of what a run measures."""
    numbers = {}
    for name, measured in run.measures.items():
        figure, _, measure = name.rpartition(".")
        if measure == MEAN and " " not in figure:
            kind = Type("ratio" if figure in RATIOS else "money")
            numbers[f"figures.{figure}"] = NumberFact(measured.value, kind)
    return Facts(stages=frozenset({"figures"}), numbers=numbers)
