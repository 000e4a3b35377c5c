"""The assembled product → the facts that its wording is written from.

Names of facts: `alias.term`, `alias.title`, `alias.items`, `alias.term.shared` (titles of the other
covers of its pool), `alias.term.choice` (the choice that a term is), `alias.cause.word` (a cause
that the exclusion names), `alias.once`, `one_a_date`, `insured.x`, `offers.x` and `items.item.x`
with `.min`, `.max`, `.step` or a list of choices, `items.item.least`, `contract.term`,
`contract.pay`, `accepts.says`, `average.items`, `pools.shared`, `scheduled.titles` (covers that pay
at due dates while the insured lives), `staying.titles` (while a state lasts), `counted.titles`
(beside a life, for events counted by the year), `events.EVENT` (an event that some cover pays for),
what `of_lives` and `of_tables` name, and every dated parameter.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from decimal import Decimal

from clause_templates.cases import NUMBERS, decimal, in_cases, scalar
from clause_templates.facts import (
    Fact,
    FactValue,
    Named,
    Scalar,
    ToAge,
    UsedModule,
    WordingFacts,
    Words,
)
from clause_templates.of_lives import facts_of_lives, read_of_lives, while_alive
from clause_templates.of_tables import facts_of_tables
from clause_templates.special import SPECIAL
from product_factory import promise
from product_factory.assembled import AssembledProduct, AssembledVariable, Cover, TermValue
from product_factory.constants import constant
from product_factory.contract import BEGINS_ABOVE
from product_factory.coverages.scheduled import SCHEDULED
from product_factory.errors import At
from product_factory.expressions.tree import Conditions, Expression, Name, Number, Test
from product_factory.parameters import DatedValue
from product_factory.scopes import STATED, general_scope
from product_factory.strict import Bilingual, Strict
from product_factory.types import Type, read_number
from product_factory.yearly import by_year

_ENDS = ("min", "max", "step")


def facts_of(product: AssembledProduct) -> WordingFacts:
    """Name every value of a product that its wording may print, with its place."""
    facts = {fact.name: fact for fact in _facts(product)}
    reads = {name for cover in product.uses.values() for name in _read_terms(cover)}
    reads |= set(_read_by_steps(product)) | {fact.name for fact in _tables(product)}
    return WordingFacts(
        product=product.name,
        version=product.product.version,
        title=product.title.both,
        line=product.product.line,
        at=product.product.place("line"),
        modules=tuple(_module(product, cover) for cover in product.uses.values()),
        facts=facts,
        reads=frozenset(reads | (facts.keys() & {"average.items"}) | set(read_of_lives(product))),
    )


def _words(title: Bilingual) -> Words:
    return Words(title.both)


def _module(product: AssembledProduct, cover: Cover) -> UsedModule:
    held = cover.module
    return UsedModule(
        alias=cover.alias,
        module=held.module,
        title=cover.title.both,
        clauses=held.clauses,
        defines=held.defines,
        at=cover.at,
        optional=cover.alias in product.variables,
    )


def _facts(product: AssembledProduct) -> Iterator[Fact]:
    for name, entry in product.parameters.items():
        yield from _parameter(name, entry)
    for variable in product.variables.values():
        group = "offers" if variable.chosen else "insured"
        yield from _variable(product, f"{group}.{variable.name}", variable)
    yield from _items(product)
    yield from _contract(product)
    yield from facts_of_lives(product)
    yield from _accepts(product)
    for cover in product.uses.values():
        yield from _cover(product, cover)
    yield from _promises(product)
    yield from _pools(product)
    if product.product.one_a_date:
        yield Fact("one_a_date", "text", "yes", product.product.place("one_a_date"))
    yield from _average(product)
    yield from _tables(product)


def _tables(product: AssembledProduct) -> Iterator[Fact]:
    for cover in product.covers.values():
        yield from facts_of_tables(product, cover, _names(cover.module.pays))


def _parameter(name: str, entry: DatedValue) -> Iterator[Fact]:
    if isinstance(entry.value, float):
        value = decimal(entry.value)
        yield Fact(name, entry.type.kind, value, entry.at, reference=entry.reference)


def _variable(product: AssembledProduct, name: str, variable: AssembledVariable) -> Iterator[Fact]:
    declared, kind = variable.declared, variable.type
    if kind.of:
        other = _other(product, kind)
        yield Fact(name, kind.kind, _choices(kind), declared.place("of"), currency=other)
    for end in _ENDS:
        bound = getattr(declared, end)
        value = constant(bound, general_scope(product), kind) if bound is not None else None
        if value is not None:
            at, other = declared.place(end), _other(product, kind)
            yield Fact(f"{name}.{end}", kind.kind, decimal(value), at, currency=other)


def _choices(kind: Type) -> tuple[Scalar, ...]:
    if kind.kind == "choice":
        return kind.of
    return tuple(
        ToAge(int(amount[1])) if isinstance(amount, tuple) else decimal(amount)
        for amount in kind.amounts()
    )


def _items(product: AssembledProduct) -> Iterator[Fact]:
    for name, item in product.product.items.items():
        yield Fact(f"items.{name}", "text", name, item.at)
        yield Fact(f"items.{name}.title", "text", _words(item.title), item.place("title"))
        if item.least is not None:
            yield Fact(f"items.{name}.least", "integer", Decimal(item.least), item.place("least"))
        for variable in product.items[name].values():
            yield from _variable(product, f"items.{name}.{variable.name}", variable)


def _contract(product: AssembledProduct) -> Iterator[Fact]:
    contract = product.product.contract
    for key in ("term", "pay"):
        said, at = getattr(contract, key), contract.place(key)
        if said == "offered":
            variable = product.variables[key]
            value: FactValue = _choices(variable.type)
            yield Fact(f"contract.{key}", "years", value, variable.declared.place("of"))
        elif said != "life":
            yield Fact(f"contract.{key}", "years", decimal(read_number(said, "years")), at)


def _accepts(product: AssembledProduct) -> Iterator[Fact]:
    lines = product.product.accepts
    if lines:
        said = tuple(
            Words(line.says.both, tuple(_literals((line.require, line.when))), line.at)
            for line in lines
        )
        yield Fact("accepts.says", "text", said, lines[0].place("says"))


def _cover(product: AssembledProduct, cover: Cover) -> Iterator[Fact]:
    yield Fact(f"{cover.alias}.title", "text", _words(cover.title), cover.at)
    if cover.items:
        titles = tuple(_words(product.product.items[item].title) for item in cover.items)
        yield Fact(f"{cover.alias}.items", "text", titles, cover.at)
    for term in cover.terms.values():
        yield _term(product, term)
        if term.type.kind == "choice" and term.text in term.type.of:
            yield Fact(f"{term.full_name}.{term.text}", "text", term.text, term.at)
    pays = cover.module.pays
    if pays is not None and pays.once:
        yield Fact(f"{cover.alias}.once", "text", "yes", pays.place("once"))
    for line in pays.adjust if pays is not None else ():
        if line.operation == BEGINS_ABOVE:
            yield Fact(f"{cover.alias}.corridor_per.{line.per}", "text", line.per, line.at)
    for exclusion in cover.module.excludes:
        for test in exclusion.where.tests if exclusion.where else ():
            for word in test.any_of if test.name == "cause" else ():
                yield Fact(f"{cover.alias}.cause.{word}", "text", word, test.at)


def _term(product: AssembledProduct, term: TermValue) -> Fact:
    at, reference, kind = term.at, "", term.type.kind
    value: FactValue
    said = term.expression
    cases = in_cases(product, term)
    if isinstance(said, Name) and said.name in product.parameters:
        entry = product.parameters[said.name]
        at, reference = entry.at, entry.reference
    if isinstance(said, Name):
        at = _of_basis(product, said.name) or at
    if kind in SPECIAL:
        value = SPECIAL[kind](product, term)
    elif (variable := _variable_named(product, term, said)) is not None:
        value = _choices(variable.type) if variable.type.of else Named(variable.name)
        at = variable.declared.place("of")
    elif cases:
        value = cases
    elif kind == "choice" or kind not in NUMBERS:
        value = term.text
    else:
        value = scalar(product, term, said)
    declared = term.declared
    return Fact(
        name=term.full_name,
        type=kind,
        value=value,
        at=at,
        reference=reference,
        printed=declared.printed,
        because=declared.because,
        currency=_other(product, term.type),
    )


def _variable_named(
    product: AssembledProduct, term: TermValue, said: Expression
) -> AssembledVariable | None:
    """Give the fact or choice that a term is: of the policy, or of an item of its cover."""
    if not isinstance(said, Name):
        return None
    groups = [product.items[item] for item in product.uses[term.cover].items]
    return next((g[said.name] for g in (product.variables, *groups) if said.name in g), None)


def _other(product: AssembledProduct, kind: Type) -> str:
    """Give the currency of money that is not in the product's, else nothing."""
    return "" if kind.currency == product.product.currency else kind.currency


def _of_basis(product: AssembledProduct, name: str) -> At | None:
    """Give the place of what a basis states, such as `basis.loading`; None for any other name."""
    basis, _, key = name.partition(".")
    if basis not in product.bases or key not in STATED:
        return None
    value: Expression | None = getattr(product.bases[basis], key)
    return None if value is None else value.at


def _promises(product: AssembledProduct) -> Iterator[Fact]:
    """What is paid for, and what is paid at due dates."""
    at = product.product.place("covers")
    paying = [cover for cover in product.covers.values() if cover.module.pays is not None]
    for event in dict.fromkeys(name for cover in paying for name, _ in promise.events(cover)):
        word = event.rpartition(".")[2]
        yield Fact(f"events.{word}", "text", word, at)
    beside = [cover for cover in paying if by_year(product, cover)]
    if beside:
        titles = tuple(_words(cover.title) for cover in beside)
        yield Fact("counted.titles", "text", titles, at)
    scheduled = [cover for cover in paying if cover.module.kind == SCHEDULED.name]
    living = [cover for cover in scheduled if while_alive(product, cover)]
    for name, those in (
        ("scheduled", living),
        ("staying", [cover for cover in scheduled if cover not in living]),
    ):
        if those:
            titles = tuple(_words(cover.title) for cover in those)
            yield Fact(f"{name}.titles", "text", titles, at)


def _pools(product: AssembledProduct) -> Iterator[Fact]:
    for pool in product.product.pools.values():
        yield Fact("pools.shared", "text", "yes", pool.place("joins"))
        for joined in pool.joins:
            alias = joined.partition(".")[0]
            others = (one.partition(".")[0] for one in pool.joins)
            titles = tuple(_words(product.uses[one].title) for one in others if one != alias)
            if titles:
                yield Fact(f"{joined}.shared", "text", titles, pool.place("joins"))


def _average(product: AssembledProduct) -> Iterator[Fact]:
    """The items whose losses are paid in proportion to sum insured over value."""
    found = {
        item: line.at
        for cover in product.covers.values()
        for line in (cover.module.pays.adjust if cover.module.pays else ())
        if line.operation == "average"
        for item in _meant(line.when, cover.items)
    }
    listed = [item for item in product.product.items if item in found]
    if listed:
        titles = tuple(_words(product.product.items[item].title) for item in listed)
        yield Fact("average.items", "text", titles, found[listed[0]])


def _meant(when: Conditions | None, items: tuple[str, ...]) -> tuple[str, ...]:
    """The items of a cover that a condition lets through."""
    named = [test.any_of for test in (when.tests if when else ()) if test.name == "item"]
    return tuple(item for item in items if all(item in words for words in named))


def _read_terms(cover: Cover) -> Iterator[str]:
    """The terms that a promise, an exclusion or a value reads, directly or by other terms."""
    held = cover.module
    waiting = {*_names(held.pays), *_names(held.excludes), *_names(held.values)}
    waiting |= {name for name, term in cover.terms.items() if term.type.kind == "event"}
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        term = cover.terms.get(name)
        if term is not None and name not in seen:
            seen.add(name)
            waiting |= set(_names(term.expression))
            yield term.full_name


def _read_by_steps(product: AssembledProduct) -> Iterator[str]:
    """The terms of modules that the tariff reads: `instalments.month`."""
    for step in product.files.get("rating", ()):
        for name in _names(step):
            alias, _, term = name.partition(".")
            if alias in product.uses and term in product.uses[alias].terms:
                yield name


def _walk(part: object) -> Iterator[object]:
    """Every part of expressions and of the models that hold them."""
    if isinstance(part, tuple | list):
        for one in part:
            yield from _walk(one)
    elif isinstance(part, Mapping):
        yield from _walk(tuple(part.values()))
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        yield part
        yield from _walk(tuple(getattr(part, one.name) for one in dataclasses.fields(part)))
    elif isinstance(part, Strict):
        yield from _walk(tuple(getattr(part, name) for name in type(part).model_fields))


def _names(part: object) -> Iterator[str]:
    for one in _walk(part):
        if isinstance(one, Name | Test):
            yield one.name
        if isinstance(one, Test):
            yield from one.any_of  # `setting: care`: a term says which choice is meant


def _literals(parts: tuple[Expression, Conditions | None]) -> Iterator[Decimal]:
    """The numbers that stand in a condition, those of `to 60` and `class_5` among them."""
    for one in _walk(parts):
        if isinstance(one, Number):
            yield decimal(one.value)
        elif isinstance(one, Test):
            for word in one.any_of:
                digits = word.replace("_", " ").rpartition(" ")[2]
                if digits.isdecimal():
                    yield Decimal(digits)
