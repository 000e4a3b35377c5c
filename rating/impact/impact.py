"""One book under two tariffs, block by block, in memory that does not grow with the book."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadValue
from rating.book.block import KEPT
from rating.book.source import Rows, Source, open_source
from rating.built_from import MOVING
from rating.impact.capping import Capped, Caps
from rating.impact.chain import BUILT, Chain, chain
from rating.impact.flips import Flips
from rating.impact.money import Money
from rating.impact.result import FORMAT, Impact, Product
from rating.impact.segments import Segments
from rating.impact.side import Reading, Side, fits
from rating.impact.sums import Both
from rating.impact.totals import Totals
from rating.impact.unrated import Line, unrated_lines
from rating.impact.walk import Walk
from rating.impact.worst import By, Language, Worst

WORST = 20


def nowhere(_: list[Line]) -> None:
    """Keep no lines."""


@dataclass(frozen=True)
class Asked:
    """How the change is looked at.

    order    parts whose changes come first;  keep: columns of the book that are no variables
    caps     None where nothing is capped;  worst: how many policies each way,
    worst_by what puts them in order
    unrated  is told the rows without a premium on a side;  progress: how many rows were read
    """

    order: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    caps: Caps | None = None
    worst: int = WORST
    worst_by: By = "ratio"
    language: Language = "en"
    threads: int = 1
    unrated: Callable[[list[Line]], None] = field(default=nowhere)
    progress: Callable[[int], None] | None = None


def impact(
    old: AssembledProduct, new: AssembledProduct, book: Path, asked: Asked | None = None
) -> Impact:
    """Rate a book under two products and tell what differs.

    Raises BadInput for a book that cannot be read, lacks a column of either or is changed while it
    is read, BadValue for products of two currencies, and what binding either raises.
    """
    asked = asked or Asked()
    currencies = old.product.currency, new.product.currency
    if len(set(currencies)) > 1:
        message = f"expected products of one currency, got {' and '.join(currencies)}"
        raise BadValue(message)
    links = chain(old, new, asked.order)
    source = open_source(book)
    fits(source, {f"old {old.name}": links.old, f"new {new.name}": links.new}, asked.keep)
    accounts = _Accounts(links, source, asked)
    for numbers, batch in source.blocks(passed=accounts.passed):
        accounts.add(numbers, batch)
    return accounts.result(old, new)


class _Accounts:
    """Every account of one book.

    passed  columns that name policies: they are no variables, and all their texts differ
    """

    def __init__(self, links: Chain, book: Source, asked: Asked) -> None:
        plans = [links.old, *(link.plan for link in links.links)]
        self._links, self._book, self._asked = links, book, asked
        self._money = Money.of([*plans, links.new])
        self._sides = [Side(plan, self._money, asked.threads) for plan in (links.old, links.new)]
        known = {name for side in self._sides for name in side.plan.readers.paths()}
        self._keep = tuple(n for n in asked.keep if n not in known)
        self.passed = tuple(n for n in KEPT if n in book.names and n not in known)
        self._totals, self._flips = Totals(), Flips()
        self._walk = Walk(links, self._money, asked.threads)
        self._segments = Segments(links.old, links.new, self._keep)
        self._rises = Worst(asked.worst, asked.worst_by, rises=True)
        self._falls = Worst(asked.worst, asked.worst_by, rises=False)
        self._capped = None if asked.caps is None else Capped(asked.caps)

    def add(self, numbers: Rows, batch: pa.RecordBatch) -> None:
        """Add a block."""
        reading = Reading(batch, numbers, dict.fromkeys([*self.passed, *self._keep]))
        before, after = map(reading.judged, self._sides)
        told = Both(numbers, before, after)
        self._totals.add(told, len(self._book.skipped))
        self._flips.add(told)
        self._walk.add(told, reading)
        self._segments.add(told, batch)
        self._rises.add(told, batch)
        self._falls.add(told, batch)
        if self._capped is not None:
            self._capped.add(told)
        self._asked.unrated(unrated_lines(told, self._book.skipped))
        self._book.skipped.clear()
        if self._asked.progress is not None:
            self._asked.progress(numbers.size)

    def result(self, old: AssembledProduct, new: AssembledProduct) -> Impact:
        """Give all of it. Raises BadInput where the book was changed meanwhile."""
        money, links, asked = self._money, self._links, self._asked
        sides = links.old, links.new
        keep = (*(name for name in KEPT if name in self._book.names), *self._keep)
        digest = self._book.digest()
        self._book.must_stand()
        return Impact(
            format=FORMAT,
            old=_product(old),
            new=_product(new),
            book=self._book.path.name,
            book_sha256=digest,
            currency=new.product.currency,
            unit=f"{money.unit.numerator / Decimal(money.unit.denominator):f}",
            rounded=money.exact,
            rows=self._totals.rows(),
            premium=self._totals.premium(money),
            bands=self._totals.bands(money),
            steps=self._walk.steps(self._totals.old),
            idle=_idle(links),
            outside=len(links.outside),
            built_from=_built_from(links),
            segments=self._segments.result(money),
            flips=self._flips.result(money),
            capping=None if self._capped is None else self._capped.result(money),
            rises=self._rises.cases(sides, keep, money, asked.language),
            falls=self._falls.cases(sides, keep, money, asked.language),
        )


def _product(made: AssembledProduct) -> Product:
    return Product(made.name, made.product.version, made.on.isoformat(), made.digest)


def _built_from(links: Chain) -> tuple[str, ...]:
    """Name the values by which a rate table may have moved, none where no such table did."""
    if not any(unit.part.startswith(BUILT) for link in links.links for unit in link.units):
        return ()
    changes = [*(change for unit in links.idle for change in unit.changes), *links.outside]
    return tuple(sorted(change.path for change in changes if change.kind in MOVING))


def _idle(links: Chain) -> tuple[str, ...]:
    """Name the parts that change nothing of the tariff, nor the tables that it looks up."""
    built = set(_built_from(links))
    return tuple(
        unit.part for unit in links.idle if not any(change.path in built for change in unit.changes)
    )
