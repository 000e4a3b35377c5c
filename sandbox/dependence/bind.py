"""A dependence with its names resolved for one product."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, either, nearest
from sandbox.dependence.copulas import Copula
from sandbox.dependence.specification import DependenceFile, Link, Reordering
from sandbox.dependence.specification import SharedFactor as Factor
from sandbox.sampling import PLAIN, Sampling

if TYPE_CHECKING:
    from sandbox.reinsurance_file import Reinsurance

Floats = npt.NDArray[np.float64]
FREQUENCIES = ("collective", "catalogue")
"""Kinds of processes whose events have a yearly frequency."""


@dataclass(frozen=True, eq=False)
class BoundFactor:
    """A shared factor: which events of the product each of its lines means.

    events  line number → events; a line of another product has none
    """

    factor: Factor
    copula: Copula
    events: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class BoundReordering:
    """A reordering of some covers, in the order of its lines."""

    reordering: Reordering
    copula: Copula
    covers: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class BoundDependence:
    """What a dependence means for a product."""

    file: DependenceFile
    factors: tuple[BoundFactor, ...]
    reordered: tuple[BoundReordering, ...]

    def frequency(self, seed: int, years: int, sampling: Sampling = PLAIN) -> Mapping[str, Floats]:
        """Give event → [year] what its mean number is multiplied by; several factors multiply."""
        drivers = sampling.drivers(years)
        found: dict[str, Floats] = {}
        for one in self.factors:
            key = self.file.says.key(one.factor.factor, seed)
            values = one.factor.drawn(one.copula, key, years, drivers)
            for line, events in one.events.items():
                for event in events:
                    found[event] = found.get(event, 1.0) * values[:, line]
        return found


def bind(file: DependenceFile, product: AssembledProduct) -> BoundDependence:
    """Resolve a dependence for a product. Raises BadInput for a name that is unknown.

    Lines of other products of the shelf are drawn with the rest and move nothing here. A
    reordering of whole products, or of covers of another, is left to those who join them.
    """
    if product.long_term:
        text = (
            f"{product.name} is long-term: expected a product of annual contracts, whose rows are "
            "years"
        )
        raise BadInput.one(file.says.at, "", text)
    known = product.shelf.products()
    factors = tuple(
        BoundFactor(factor, factor.bound(), _events(factor, product, known))
        for factor in file.says.shared
    )
    reordered = tuple(
        BoundReordering(one, one.bound(), covers)
        for one in file.says.reordered
        if (covers := _covers(one, product, known))
    )
    if not reordered and not any(one.events for one in factors):
        text = f"expected a line of {product.name}, such as {_example(product)}"
        raise BadInput.one(file.says.at, "", text)
    _apart(reordered)
    _in_place(reordered, product)
    return BoundDependence(file, factors, reordered)


def _events(
    factor: Factor, product: AssembledProduct, known: Iterable[str]
) -> dict[int, tuple[str, ...]]:
    """Give the events that each line of the product means."""
    every = {
        f"{alias}.{event}": process.kind
        for alias, process in product.processes.items()
        for event in process.events
    }
    fitting = [name for name, kind in every.items() if kind in FREQUENCIES]
    processes = [name.partition(".")[0] for name in fitting]
    bare = product.name.partition("+")[0]
    found: dict[int, tuple[str, ...]] = {}
    for line, name in enumerate(factor.lines):
        if not _own(factor, line, product, known):
            continue
        _, _, rest = name.partition(".")
        events = tuple(e for e in fitting if e == rest or e.partition(".")[0] == rest)
        if not events:
            listed = [f"{bare}.{one}" for one in (*dict.fromkeys(processes), *fitting)]
            text = f"unknown line '{name}'{nearest(name, listed)}; expected a process, or an event"
            raise BadInput.one(factor.place("lines"), "lines", f"{text} of one, with a frequency")
        found[line] = events
    return found


def _covers(one: Reordering, product: AssembledProduct, known: Iterable[str]) -> tuple[str, ...]:
    """Give the covers of the product that are reordered; none where it is of other products."""
    own = [_own(one, line, product, known) for line in range(len(one.lines))]
    if not any("." in name for name in one.lines):
        return ()  # whole products
    if not any(own):
        return ()
    bare = product.name.partition("+")[0]
    paying = [name for name, cover in product.covers.items() if cover.module.pays is not None]
    found = []
    for line, name in enumerate(one.lines):
        _, _, cover = name.partition(".")
        if not own[line] or not cover:
            text = f"expected covers of {product.name} alone, or whole products; got '{name}'"
            raise BadInput.one(one.place("lines"), "lines", text)
        if cover not in paying:
            listed = [f"{bare}.{each}" for each in paying]
            text = f"unknown line '{name}'{nearest(name, listed)}; expected a cover that pays"
            raise BadInput.one(one.place("lines"), "lines", text)
        found.append(cover)
    return tuple(found)


def _own(link: Link, line: int, product: AssembledProduct, known: Iterable[str]) -> bool:
    """Tell whether a line is of the product. Raises BadInput for a product that there is not."""
    first, _, _ = link.lines[line].partition(".")
    bare = product.name.partition("+")[0]
    if first != bare and first not in known:
        products = sorted({bare, *known})
        text = f"unknown product '{first}' of line '{link.lines[line]}'{nearest(first, products)}"
        raise BadInput.one(link.place("lines"), "lines", text)
    return first == bare


def _apart(reordered: Iterable[BoundReordering]) -> None:
    """Refuse a cover that is reordered twice."""
    seen: set[str] = set()
    for one in reordered:
        for line, cover in enumerate(one.covers):
            if cover in seen:
                text = f"'{one.reordering.lines[line]}' is reordered by an earlier link already"
                raise BadInput.one(one.reordering.place("lines"), "lines", text)
            seen.add(cover)


def _in_place(reordered: Iterable[BoundReordering], product: AssembledProduct) -> None:
    """Refuse to move a cover that other figures of its years stand beside.

    What a storm pays is kept with the storm, for its largest event and for a programme that settles
    it. The first line of a reordering stays where it is.
    """
    programme: Reinsurance | None = product.files.get("reinsurance")
    storms = {name for name, process in product.processes.items() if process.kind == "catalogue"}
    held = set(() if programme is None else programme.covers)
    for name, cover in product.covers.items():
        pays = cover.module.pays
        if pays is not None and storms & {event.partition(".")[0] for event in pays.event}:
            held.add(name)
    for one in reordered:
        for line, moved in enumerate(one.covers):
            if line > 0 and moved in held:
                text = (
                    f"'{one.reordering.lines[line]}' stays with its storms or with a programme: "
                    "expected it as the first line, which is not moved"
                )
                raise BadInput.one(one.reordering.place("lines"), "lines", text)


def _example(product: AssembledProduct) -> str:
    bare = product.name.partition("+")[0]
    return either(f"{bare}.{name}" for name in tuple(product.processes)[:2])
