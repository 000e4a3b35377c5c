"""Who reads a dated parameter or a table: modules, products, bases, steps and rules of a shelf."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from product_factory.assembled import AssembledProduct
from product_factory.errors import At
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.scope import Read
from product_factory.expressions.tree import Name
from product_factory.expressions.units import TRUTH
from product_factory.module import Module
from product_factory.parameters import DatedValue
from product_factory.reading import Reading
from product_factory.rules.rule import PHRASE_WORDS, Rule
from product_factory.rules.vocabulary import Vocabulary
from product_factory.strict import Strict

ReaderKind: TypeAlias = Literal["module", "product", "process", "basis", "step", "rule", "clause"]
USED = ("covers", "exclusions", "provisions", "riders")


@dataclass(frozen=True, order=True)
class Use:
    """One reader.

    kind, reader  what reads;  part: of it
    at            where the name is written
    through       the names on the way, none where the part itself names it
    products      the products in which it is so
    """

    kind: ReaderKind
    reader: str
    part: str
    at: At
    through: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


def gathered(uses: Iterable[Use]) -> tuple[Use, ...]:
    """Bring together what is the same in several products."""
    found: dict[Use, set[str]] = {}
    for use in uses:
        found.setdefault(dataclasses.replace(use, products=()), set()).update(use.products)
    return tuple(
        sorted(
            dataclasses.replace(use, products=tuple(sorted(names))) for use, names in found.items()
        )
    )


def of_product(product: AssembledProduct, name: str) -> Iterator[Use]:
    """List the readers in a product: the parts of its modules, bases, steps and its own."""
    for reading in product.reads:
        if name in (
            reading.name,
            reading.name.partition(".")[0] if reading.what == "table" else "",
        ):
            yield _use(product, reading)


def _use(product: AssembledProduct, reading: Reading) -> Use:
    head, _, rest = reading.path.partition(".")
    alias, _, part = rest.partition(".")
    kind: ReaderKind = "product"
    reader, said = product.name, reading.path
    if head in USED and _of_module(product, reading, part):
        kind, reader, said = "module", product.uses[alias].module.module, part
    elif head == "processes":
        kind, reader, said = "process", product.processes[alias].process, part
    elif head == "bases":
        kind, reader, said = "basis", f"{product.name}.{alias}", part
    elif head == "rules":
        kind, reader, said = "rule", rest, "computed for it"
    elif head == "rating":
        kind, reader, said = "step", f"{product.name}.{rest}", "rating.yaml"
    return Use(kind, reader, said, reading.at, reading.through, (product.name,))


def _of_module(product: AssembledProduct, reading: Reading, part: str) -> bool:
    """Tell what a module reads from what the product sets: the promise is the module's."""
    if not part.startswith("terms."):
        return True
    return reading.at.file.startswith(f"{product.shelf.root.name}/modules/")


def of_module(module: Module, name: str) -> Iterator[Use]:
    """List the readers in a module that no product uses, by the names of its values."""
    for part, found in _names(module, ""):
        if found.name == name:
            yield Use("module", module.module, part, found.at)


def _names(part: object, path: str) -> Iterator[tuple[str, Name]]:
    if isinstance(part, Name):
        yield path, part
    elif isinstance(part, Strict):
        for key in type(part).model_fields:
            yield from _names(getattr(part, key), f"{path}.{key}" if path else key)
    elif isinstance(part, Mapping):
        for key in part:
            yield from _names(part[key], f"{path}.{key}")
    elif isinstance(part, tuple):
        for inner in part:
            yield from _names(inner, path)
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        for one in dataclasses.fields(part):
            yield from _names(getattr(part, one.name), path)


def of_rule(rule: Rule, name: str, parameters: Mapping[str, DatedValue]) -> Iterator[Use]:
    """List what a rule reads: in its conditions, its check and its words."""
    scope = Vocabulary(rule.for_each, parameters)
    parts: list[tuple[str, set[Read]]] = []
    if rule.where is not None:
        binder = Binder(Builder())
        binder.conditions(rule.where, scope)
        parts.append(("where", binder.reads))
    if rule.check is not None:
        binder = Binder(Builder())
        binder.value(rule.check, scope, TRUTH)
        parts.append(("check", binder.reads))
    at = rule.place("says")
    parts.append(
        ("says", {Read(word, at) for word in rule.placeholders if word not in PHRASE_WORDS})
    )
    for part, reads in parts:
        for read in reads:
            if read.name == name:
                yield Use("rule", rule.rule, part, read.at, read.through)
