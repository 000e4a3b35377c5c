"""The facts of contracts whose payments follow the states of a life, or of two.

`alias.while` (the title of the state while which a cover pays), `contract.pay_while` (that while
which premiums fall due), and of two lives `lives.titles` and, the first or second by its place,
`lives.first.title`, `lives.first.age.min` and `lives.first.age.max`.
"""

from collections.abc import Iterator

from clause_templates.cases import decimal
from clause_templates.facts import Fact, Words
from product_factory.assembled import AssembledProduct, Cover
from product_factory.constants import constant
from product_factory.errors import At
from product_factory.scopes import general_scope
from product_factory.strict import Bilingual

PAY_WHILE = "contract.pay_while"
PLACES = ("first", "second")


def facts_of_lives(product: AssembledProduct) -> Iterator[Fact]:
    """Name the states that covers and premiums wait for, and two lives."""
    for cover in product.covers.values():
        pays = cover.module.pays
        if pays is not None and pays.during is not None and "." in pays.during:
            yield _state(product, f"{cover.alias}.while", pays.during, pays.place("while"))
    contract = product.product.contract
    if contract.pay_while is not None:
        yield _state(product, PAY_WHILE, contract.pay_while, contract.place("pay_while"))
    for process in product.processes.values():
        if process.lives:
            titles = tuple(_words(life.title) for life in process.lives.values())
            yield Fact("lives.titles", "text", titles, process.place("lives"))
            for place, (name, life) in zip(PLACES, process.lives.items(), strict=True):
                yield Fact(f"lives.{place}.title", "text", _words(life.title), life.place("title"))
                yield from _ages(product, f"lives.{place}.age", name)


def read_of_lives(product: AssembledProduct) -> Iterator[str]:
    """Name the facts that price and payout read: when premiums fall due, and annuities of two."""
    if product.product.contract.pay_while is not None:
        yield PAY_WHILE
    for cover in product.covers.values():
        pays = cover.module.pays
        during = None if pays is None else pays.during
        process = product.processes.get(str(during).partition(".")[0])
        if process is not None and process.from_the_start:
            yield f"{cover.alias}.while"


def while_alive(product: AssembledProduct, cover: Cover) -> bool:
    """Tell whether a cover pays while someone lives, and not in a state that one may enter."""
    pays = cover.module.pays
    if pays is None or pays.during is None:
        return False
    return pays.lives or product.processes[pays.during.partition(".")[0]].from_the_start


def _ages(product: AssembledProduct, path: str, life: str) -> Iterator[Fact]:
    variable = product.variables[product.product.lives.get(life, {}).get("age", "age")]
    for end in ("min", "max"):
        bound = getattr(variable.declared, end)
        value = constant(bound, general_scope(product), variable.type) if bound else None
        if value is not None:
            yield Fact(f"{path}.{end}", "age", decimal(value), variable.declared.place(end))


def _state(product: AssembledProduct, name: str, state: str, at: At) -> Fact:
    process, _, place = state.partition(".")
    return Fact(name, "text", _words(product.processes[process].states[place].title), at)


def _words(title: Bilingual) -> Words:
    return Words(title.both)
