"""The products of a business, each with its policies and a name for its random numbers.

Draws are named by (seed, process, cell, year), a cell by what the risks in it are. So a product's
years here are those of its own run to the bit, a storm of one event set meets all who stand in its
way, and adding a product moves no draw of another. But equal risks under processes of equal names
would draw alike in two products, and tie what nothing ties: that is refused, and an entry's
`stream` names its cells apart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, both, nearest
from product_factory.numbers.hashing import hash64
from product_factory.shelf import Shelf
from rating.engines.collective.annual import annual_model
from rating.engines.collective.happens import CatalogueProcess
from sandbox.business.file import BusinessFile, Entry
from sandbox.business.placed import of_book
from sandbox.portfolio.book import read_book
from sandbox.portfolio.generate import generate
from sandbox.portfolio.portfolio import Portfolio
from sandbox.run import basis_of

Assemble = Callable[[Shelf, str], AssembledProduct]
EVERY_PROCESS = "every process"


@dataclass(frozen=True, eq=False)
class Member:
    """A product of a business.

    name    what figures call it
    rate    what one unit of its currency is worth in that of the business
    storms  its event set, None without one
    """

    name: str
    entry: Entry
    product: AssembledProduct
    portfolio: Portfolio
    rate: float
    storms: CatalogueProcess | None = None

    @property
    def covers(self) -> tuple[str, ...]:
        """The covers that pay."""
        found = self.product.covers.items()
        return tuple(name for name, cover in found if cover.module.pays is not None)

    @property
    def stormy(self) -> tuple[str, ...]:
        """The covers that pay for storms of an event set; none where one pays for more besides."""
        storms = {n for n, p in self.product.processes.items() if p.kind == "catalogue"}
        found = []
        for name in self.covers:
            pays = self.product.covers[name].module.pays
            events = {event.partition(".")[0] for event in (() if pays is None else pays.event)}
            if events & storms and not events <= storms:
                return ()
            if events <= storms:
                found.append(name)
        return tuple(found)

    @property
    def said(self) -> str:
        """Which product it is and which its policies are, with their hashes, in one line."""
        product, portfolio = self.product, self.portfolio
        stream = f", stream {self.entry.stream}" if self.entry.stream else ""
        rate = f", at {self.rate!r}" if self.rate != 1.0 else ""
        return (
            f"{self.name}: {product.name} {product.product.version}, sha256 {product.digest}; "
            f"{portfolio.source}, sha256 {portfolio.digest}, on {product.on}{stream}{rate}"
        )


def bind_members(
    file: BusinessFile, shelf: Shelf, assemble: Assemble, basis: str
) -> tuple[Member, ...]:
    """Assemble the products, read or draw their policies, and hold that they fit together.

    Raises BadInput with the place in the file of what is unknown or does not fit.
    """
    says = file.says
    products = {name: _product(name, one, shelf, assemble) for name, one in says.products.items()}
    _one_kind(says.products, products)
    home = says.currency or next(iter(products.values())).product.currency
    found = []
    for name, entry in says.products.items():
        rate = _rate(file, home, name, products[name])
        basis_of(products[name], basis, says.place("basis") if says.basis else None)
        policies = _policies(file, name, products[name])
        found.append(Member(name, entry, products[name], policies, rate))
    for code in says.exchange:
        if code not in {one.product.currency for one in products.values()}:
            text = f"expected a currency of a product, got {code}"
            raise BadInput.one(says.place("exchange"), "exchange", text)
    _apart(found)
    return _with_storms(found, basis)


def _product(name: str, entry: Entry, shelf: Shelf, assemble: Assemble) -> AssembledProduct:
    """Assemble a product of the shelf, by its name here where it has no other."""
    wanted = entry.product or name
    bare = wanted.partition("+")[0]
    known = shelf.products()
    if bare not in known:
        key = f"products.{name}.product" if entry.product else f"products.{name}"
        text = f"unknown product '{bare}'{nearest(bare, known)}"
        raise BadInput.one(entry.place("product"), key, text)
    return assemble(shelf, wanted)


def _one_kind(entries: Mapping[str, Entry], products: Mapping[str, AssembledProduct]) -> None:
    """Refuse products whose rows are years beside those whose rows are whole run-offs."""
    first = next(iter(products))
    words = {False: "years of annual contracts", True: "run-offs of long-term contracts"}
    for name, product in products.items():
        due = products[first].long_term
        if product.long_term != due:
            text = (
                f"expected {words[due]}, as the rows of '{first}' are, got {words[not due]}; "
                "these do not add up row by row: simulate them apart"
            )
            raise BadInput.one(entries[name].at, f"products.{name}", text)


def _rate(file: BusinessFile, home: str, name: str, product: AssembledProduct) -> float:
    """Give what a product's currency is worth. Raises BadInput where the file does not say."""
    says, own = file.says, product.product.currency
    if own == home:
        if own in says.exchange and says.exchange[own] != 1.0:
            text = f"expected 1 for {own}, the currency of the business, got {says.exchange[own]:g}"
            raise BadInput.one(says.place("exchange"), f"exchange.{own}", text)
        return 1.0
    if own not in says.exchange:
        text = (
            f"{product.name} is in {own} and the business in {home}: expected "
            f"'exchange: {{{own}: …}}', what one {own} is worth in {home}"
        )
        raise BadInput.one(says.products[name].at, f"products.{name}", text)
    return says.exchange[own]


def _policies(file: BusinessFile, name: str, product: AssembledProduct) -> Portfolio:
    """Read or draw the policies of an entry, and name their cells by its stream."""
    entry = file.says.products[name]
    if entry.book is not None:
        path = file.folder / entry.book
        if not path.is_file():
            text = f"there is no such file: {path.as_posix()}"
            raise BadInput.one(entry.place("book"), f"products.{name}.book", text)
        with of_book(name, entry):
            found = read_book(product, path)
    else:
        found = generate(product, entry.policies, entry.seed)
    return found if entry.stream is None else streamed(found, entry.stream)


def streamed(portfolio: Portfolio, stream: str) -> Portfolio:
    """Give the same policies with random numbers of their own, by a word."""
    keys = [hash64(f"{key}|stream {stream}") for key in portfolio.cells.keys.tolist()]
    return replace(portfolio, cells=replace(portfolio.cells, keys=np.array(keys, dtype=np.uint64)))


def _apart(members: Sequence[Member]) -> None:
    """Refuse two products whose equal risks would draw alike."""
    for one, other in combinations(members, 2):
        alike = np.intersect1d(one.portfolio.cells.keys, other.portfolio.cells.keys)
        names = _streams(one.product) & _streams(other.product)
        if not alike.size or not names:
            continue
        said = "" if EVERY_PROCESS in names else f" in {both(sorted(names))}"
        text = (
            f"{alike.size:,} kinds of risks are those of '{one.name}' too, and would draw the very "
            f"same claims{said}: expected 'stream: {other.name}' here, which names "
            "their random numbers apart"
        )
        raise BadInput.one(other.entry.at, f"products.{other.name}", text)


def _streams(product: AssembledProduct) -> set[str]:
    """Name what is drawn policy by policy; a life is walked in one stream, whatever its process."""
    if product.long_term:
        return {EVERY_PROCESS}
    return {
        f"{alias}.{event}"
        for alias, process in product.processes.items()
        if process.kind == "collective"
        for event in process.events
    }


def _with_storms(members: Sequence[Member], basis: str) -> tuple[Member, ...]:
    """Bind the event sets of those that have one."""
    found = []
    for one in members:
        stormy = any(p.kind == "catalogue" for p in one.product.processes.values())
        found.append(replace(one, storms=_storms(one, basis)) if stormy else one)
    hold_storms(found)
    return tuple(found)


def hold_storms(members: Sequence[Member]) -> None:
    """Hold that event sets of one name are one set, and that one set has one name.

    Storms are drawn by the name of their process, for the whole portfolio. Raises BadInput.
    """
    stormy = [(one, one.storms) for one in members if one.storms is not None]
    for (one, a), (other, b) in combinations(stormy, 2):
        same = a.names == b.names and np.array_equal(a.rates, b.rates)
        if same == (a.stream == b.stream):
            continue
        mine, its = (each.name.partition(".")[0] for each in (b, a))
        text = (
            f"its process '{mine}' has other storms than that of '{one.name}', and would draw them "
            "alike: expected one event set, or another name of the process"
        )
        if same:
            text = (
                f"its storms are those of '{one.name}', which calls their process '{its}' and not "
                f"'{mine}': expected one name, by which they come in the same years"
            )
        raise BadInput.one(other.entry.at, f"products.{other.name}", text)


def _storms(member: Member, basis: str) -> CatalogueProcess:
    """Bind the event set of a product."""
    product = member.product
    at: At = product.product.at
    model = annual_model(product, basis_of(product, basis, at), member.portfolio.cells)
    return model.catalogue[0]
