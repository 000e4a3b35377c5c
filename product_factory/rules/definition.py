"""Facts of the definition: what an assembled product says of itself, without price or wording."""

import math
from collections.abc import Iterator

from product_factory import promise
from product_factory.assembled import AssembledProduct, AssembledVariable, Cover, TermValue
from product_factory.compose.holds import under_plans
from product_factory.constants import constant
from product_factory.expressions.scope import Layers
from product_factory.expressions.tree import Name
from product_factory.filing import NAMED, type_named
from product_factory.inflation import least_inflation
from product_factory.interest import LONGEST, highest_interest
from product_factory.rules.facts import Facts, NumberFact, TextFact
from product_factory.rules.promises import promise_numbers, promise_texts
from product_factory.rules.reads import names_in
from product_factory.scopes import LazyTerms, general_scope
from product_factory.types import NUMERIC, Type, read_number

VALUATION = "valuation"
RATIO, YEARS, TRUTH = Type("ratio"), Type("years"), Type("yes_no")
GUARANTEED = "guaranteed"
LIVES_LEAST = "definition.lives.least"
ORDINARY = "ordinary"
"""The design of a product that states none: neither participating, universal nor unit-linked."""
DAYS_OF_YEAR = 365
# What a name ends with, besides the types of `filing.NAMED`.
TYPE_WORDS = (*(word for words in NAMED.values() for word in words), "综合保险", "保险")
BRACKETS = ("（", "(")


def definition_facts(product: AssembledProduct) -> Facts:
    """State the facts of a definition; see `vocabulary` for their names."""
    numbers = dict(_numbers(product)) | dict(promise_numbers(product))
    return Facts(
        stages=frozenset({"definition"}),
        numbers=numbers,
        texts=dict(_texts(product)),
        parameters=product.parameters,
    )


def _texts(product: AssembledProduct) -> Iterator[tuple[str, TextFact]]:
    definition, filing = product.product, product.product.filing
    for key in ("line", "sold_to", "channel", "jurisdiction"):
        yield f"definition.{key}", TextFact((getattr(definition, key),), definition.place(key))
    design = definition.design
    yield "definition.design", TextFact((design or ORDINARY,), definition.place("design"))
    for_sale = "yes" if definition.for_sale else "no"
    yield "definition.for_sale", TextFact((for_sale,), definition.place("for_sale"))
    renewal = definition.contract.renewal
    yield "definition.renewal", TextFact((renewal,), definition.contract.place("renewal"))
    title = definition.title
    yield "definition.name", TextFact((title.zh,), definition.place("title"))
    if definition.type is not None:
        place = filing.place("type") if filing.type else definition.place("title")
        yield "definition.type", TextFact((definition.type,), place)
    for key in ("form", "route"):
        yield f"definition.{key}", TextFact((getattr(filing, key),), filing.place(key))
    for key in ("tax_preferred", "activation_card"):
        word = "yes" if getattr(filing, key) else "no"
        yield f"definition.{key}", TextFact((word,), filing.place(key))
    terms = [name for use in product.uses.values() for name in use.terms]
    yield "definition.terms", TextFact(tuple(dict.fromkeys(terms)), definition.at)
    yield from promise_texts(product)
    basis = product.bases.get(VALUATION)
    if basis is not None:
        tables = [
            product.tables[n] for n in names_in(tuple(basis.risk.values())) if n in product.tables
        ]
        titles = tuple(dict.fromkeys(f"{table.title} ({table.source})" for table in tables))
        yield "definition.valuation_tables", TextFact(titles, basis.at)


def _numbers(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    title = product.product.place("title")
    words = float(name_words(product.title.zh))
    yield "definition.name_words", NumberFact(words, Type("integer"), title)
    yield from _filed(product)
    yield from _variables(product)
    yield from _lives(product)
    yield from _contract_term(product)
    yield from _terms(product)
    for basis in product.bases.values():
        if basis.interest is not None:
            most = highest_interest(product, basis)
            yield f"definition.{basis.name}.interest", NumberFact(most, RATIO, basis.interest.at)
        said = basis.loading
        value = None if said is None else constant(said, general_scope(product), RATIO)
        if said is not None and value is not None:
            yield f"definition.{basis.name}.loading", NumberFact(value, RATIO, said.at)
        lines = NumberFact(float(len(basis.expenses)), Type("integer"), basis.at)
        yield f"definition.{basis.name}.expenses", lines


def _filed(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    """State what the filer states in numbers."""
    filing = product.product.filing
    if filing.company is not None:
        named = float(product.title.zh.startswith(filing.company))
        yield "definition.name_has_company", NumberFact(named, TRUTH, filing.place("company"))
    kind = product.product.type
    same = kind is not None and kind == type_named(product.title.zh)
    yield "definition.name_has_type", NumberFact(float(same), TRUTH, filing.place("type"))
    for key in ("commission_ceiling", "medical_inflation", "dividend_spread", "dividend_share"):
        value = getattr(filing, key)
        assumed = _inflation(product) if key == "medical_inflation" else None
        if assumed is not None:
            yield f"definition.{key}", assumed
        elif value is not None:
            yield f"definition.{key}", NumberFact(value, RATIO, filing.place(key))


def _inflation(product: AssembledProduct) -> NumberFact | None:
    """State the least inflation that the valuation assumes in any year of the contract."""
    basis = product.bases.get(VALUATION)
    if basis is None or basis.inflation is None:
        return None
    term = product.product.contract.term
    years = LONGEST if term in ("life", "offered") else round(read_number(term, "years"))
    least = least_inflation(product, basis, years)
    return None if least is None else NumberFact(least, RATIO, basis.inflation.at)


def name_words(name: str) -> int:
    """Count the characters of a product's name before its type and a design in brackets."""
    for bracket in BRACKETS:
        name = name.partition(bracket)[0]
    fitting = [word for word in TYPE_WORDS if name.endswith(word)]
    return len(name.strip()) - max(map(len, fitting), default=0)


def _variables(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    """State the least and the most of each fact and choice of the policy."""
    for name, variable in product.variables.items():
        if variable.type.kind not in NUMERIC:
            continue
        plain = Type(variable.type.kind, unit=variable.type.unit)
        fixed = [a for a in variable.type.amounts() if isinstance(a, float)]
        whole = bool(fixed) and len(fixed) == len(variable.type.of)
        for end, key, pick in (("least", "min", min), ("most", "max", max)):
            value = pick(fixed) if whole else _bound(product, variable, key)
            if value is not None:
                at = variable.declared.place("of" if whole else key)
                yield f"definition.{name}.{end}", NumberFact(value, plain, at)
                if name == "age":
                    yield f"definition.age_{end}", NumberFact(value, plain, at)


def _lives(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    """State how few may be insured by one policy, where they are items of it."""
    several = [item for item in product.product.items.values() if item.many]
    if several and "lives" not in product.variables:
        fewest = min(several, key=lambda item: item.fewest)
        at = fewest.place("least" if fewest.least is not None else "many")
        yield LIVES_LEAST, NumberFact(float(fewest.fewest), Type("integer"), at)


def _bound(product: AssembledProduct, variable: AssembledVariable | None, key: str) -> float | None:
    expression = getattr(variable.declared, key) if variable is not None else None
    if variable is None or expression is None:
        return None
    return constant(expression, general_scope(product), variable.type)


def _contract_term(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    """State the longest term; one that ends at an age counts from the least age at the start.

    `promise_most` is how long the insurer is bound: the term, or the guaranteed renewal if longer.
    """
    said, at = product.product.contract.term, product.product.contract.place("term")
    if said == "life":
        amounts: list[float] = [math.inf]
    elif said == "offered":
        variable = product.variables["term"]
        at = variable.declared.place("of")
        youngest = _bound(product, product.variables.get("age"), "min") or 0.0
        amounts = [
            amount if isinstance(amount, float) else amount[1] - youngest
            for amount in variable.type.amounts()
        ]
    else:
        amounts = [read_number(said, "years")]
    if not amounts:
        return
    yield "definition.term_most", NumberFact(max(amounts), YEARS, at)
    if said not in ("life", "offered"):
        days = NumberFact(amounts[0] * DAYS_OF_YEAR, Type("days"), at)
        yield "definition.term_days", days
    if product.product.contract.renewal != GUARANTEED:
        yield "definition.promise_most", NumberFact(max(amounts), YEARS, at)
        return
    for use in product.uses.values():
        term = use.terms.get("guaranteed_years")
        found = None if term is None else _amounts(product, use, term)
        if found:
            longest = max(found, key=lambda fact: fact.value)
            yield (
                "definition.promise_most",
                max(longest, NumberFact(max(amounts), YEARS, at), key=lambda fact: fact.value),
            )
            return


def _terms(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    found: dict[str, list[NumberFact]] = {}
    by_event: dict[str, list[NumberFact]] = {}
    open_ended: set[str] = set()
    for use in product.uses.values():
        values = {name: _amounts(product, use, term) for name, term in use.terms.items()}
        values |= _waits(product, use)
        for name, facts in values.items():
            if facts is None:
                open_ended.add(name)
                continue
            for event in _events(use):
                by_event.setdefault(f"definition.{name}.{event}", []).extend(facts)
            if len(facts) == 1:
                yield f"definition.{name}.{use.alias}", facts[0]
            found.setdefault(name, []).extend(facts)
    for name, facts in by_event.items():
        if facts:
            yield name, max(facts, key=lambda fact: fact.value)
    for name, facts in found.items():
        # a term of which one value is not known has no extremes
        if facts and name not in open_ended:
            yield f"definition.{name}.least", min(facts, key=lambda fact: fact.value)
            yield f"definition.{name}.most", max(facts, key=lambda fact: fact.value)


def _events(use: Cover) -> Iterator[str]:
    """List the events that a cover pays for by their last word: `mild` of critical_illness.mild."""
    if use.module.pays is not None:
        for event, _ in promise.events(use):
            yield event.rpartition(".")[2]


def _amounts(product: AssembledProduct, use: Cover, term: TermValue) -> list[NumberFact] | None:
    """Give what a term may amount to, None when that depends on the risk or the time."""
    plain = Type(term.type.kind, unit=term.type.unit)
    if term.type.kind not in NUMERIC:
        return []
    said = term.expression
    if isinstance(said, Name) and said.name in product.variables:
        variable = product.variables[said.name]
        if not variable.type.of:
            return None
        amounts = [amount for amount in variable.type.amounts() if isinstance(amount, float)]
        return [NumberFact(amount, plain, variable.declared.place("of")) for amount in amounts]
    found: list[NumberFact] = []
    for plan, cover in under_plans(use):
        scope = Layers((LazyTerms(product, cover), general_scope(product)))
        value = constant(cover.terms[term.name].expression, scope, term.type)
        if value is None:
            return None
        at = next((one.at for one in term.plans if one.plan == plan), term.at)
        found.append(NumberFact(value, plain, at))
    return found if term.plans else found[:1]


def _waits(product: AssembledProduct, use: Cover) -> dict[str, list[NumberFact] | None]:
    pays = use.module.pays
    if pays is None or pays.waits is None:
        return {}
    at = pays.waits.place("for")
    scopes = [promise.scope(product, cover) for _, cover in under_plans(use)]
    values = [constant(pays.waits.length, scope, promise.DAYS) for scope in scopes]
    known = {value for value in values if value is not None}
    facts = [NumberFact(value, Type("days"), at) for value in sorted(known)]
    return {"waits": None if None in values else facts}
