"""Facts of the definition: what an assembled product says of itself, without price or wording."""

import dataclasses
import math
from collections.abc import Iterator, Mapping

from product_factory import promise
from product_factory.assembled import AssembledProduct, AssembledVariable, Cover, TermValue
from product_factory.compose.holds import under_plans
from product_factory.constants import constant
from product_factory.expressions.scope import Layers
from product_factory.expressions.tree import Name
from product_factory.rules.facts import Facts, NumberFact, TextFact
from product_factory.scopes import LazyTerms, general_scope
from product_factory.types import NUMERIC, Type, read_number

VALUATION = "valuation"
# What a name ends with: the type of the product, 人身保险公司保险条款和保险费率管理办法(2015修订)
# 15-18, and 财产保险公司保险条款和保险费率管理办法; the longest that fits counts.
TYPE_WORDS = (
    "定期寿险", "终身寿险", "两全保险", "年金保险", "人寿保险", "疾病保险", "医疗保险",
    "护理保险", "失能收入损失保险", "健康保险", "意外伤害保险", "意外险", "财产保险",
    "家庭财产保险", "责任保险", "信用保险", "保证保险", "综合保险", "保险",
)  # fmt: skip
BRACKETS = ("（", "(")


def definition_facts(product: AssembledProduct) -> Facts:
    """State the facts of a definition; see `vocabulary` for their names."""
    numbers = dict(_numbers(product))
    return Facts(
        stages=frozenset({"definition"}),
        numbers=numbers,
        texts=dict(_texts(product)),
        parameters=product.parameters,
    )


def _texts(product: AssembledProduct) -> Iterator[tuple[str, TextFact]]:
    definition = product.product
    for key in ("line", "sold_to", "channel", "jurisdiction"):
        yield f"definition.{key}", TextFact((getattr(definition, key),), definition.place(key))
    design = definition.design
    yield "definition.design", TextFact((design,) if design else (), definition.place("design"))
    title = definition.title
    yield "definition.name", TextFact((title.zh,), definition.place("title"))
    terms = [name for use in product.uses.values() for name in use.terms]
    yield "definition.terms", TextFact(tuple(dict.fromkeys(terms)), definition.at)
    basis = product.bases.get(VALUATION)
    if basis is not None:
        tables = [
            product.tables[n] for n in _names(tuple(basis.risk.values())) if n in product.tables
        ]
        titles = tuple(dict.fromkeys(f"{table.title} ({table.source})" for table in tables))
        yield "definition.valuation_tables", TextFact(titles, basis.at)


def _names(part: object) -> Iterator[str]:
    """List the names that assumptions read."""
    if isinstance(part, Name):
        yield part.name
    elif isinstance(part, tuple):
        for inner in part:
            yield from _names(inner)
    elif isinstance(part, Mapping):
        yield from _names(tuple(part.values()))
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        yield from _names(tuple(getattr(part, one.name) for one in dataclasses.fields(part)))


def _numbers(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    title = product.product.place("title")
    words = float(name_words(product.title.zh))
    yield "definition.name_words", NumberFact(words, Type("integer"), title)
    yield from _ages(product)
    yield from _contract_term(product)
    yield from _terms(product)
    for basis in product.bases.values():
        if basis.interest is not None:
            value = constant(basis.interest, general_scope(product), Type("ratio"))
            if value is not None:
                fact = NumberFact(value, Type("ratio"), basis.interest.at)
                yield f"definition.{basis.name}.interest", fact


def name_words(name: str) -> int:
    """Count the characters of a product's name before its type and a design in brackets."""
    for bracket in BRACKETS:
        name = name.partition(bracket)[0]
    fitting = [word for word in TYPE_WORDS if name.endswith(word)]
    return len(name.strip()) - max(map(len, fitting), default=0)


def _ages(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    age = product.variables.get("age")
    for name, bound in (("least", "min"), ("most", "max")):
        value = _bound(product, age, bound)
        if age is not None and value is not None:
            yield (
                f"definition.age_{name}",
                NumberFact(value, Type("age"), age.declared.place(bound)),
            )


def _bound(product: AssembledProduct, age: AssembledVariable | None, key: str) -> float | None:
    expression = getattr(age.declared, key) if age is not None else None
    if expression is None:
        return None
    return constant(expression, general_scope(product), Type("age"))


def _contract_term(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    """State the longest term; one that ends at an age counts from the least age at the start."""
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
    if amounts:
        yield "definition.term_most", NumberFact(max(amounts), Type("years"), at)


def _terms(product: AssembledProduct) -> Iterator[tuple[str, NumberFact]]:
    found: dict[str, list[NumberFact]] = {}
    open_ended: set[str] = set()
    for use in product.uses.values():
        values = {name: _amounts(product, use, term) for name, term in use.terms.items()}
        values |= _waits(product, use)
        for name, facts in values.items():
            if facts is None:
                open_ended.add(name)
                continue
            if len(facts) == 1:
                yield f"definition.{name}.{use.alias}", facts[0]
            found.setdefault(name, []).extend(facts)
    for name, facts in found.items():
        # a term of which one value is not known has no extremes
        if facts and name not in open_ended:
            yield f"definition.{name}.least", min(facts, key=lambda fact: fact.value)
            yield f"definition.{name}.most", max(facts, key=lambda fact: fact.value)


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
