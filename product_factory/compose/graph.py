"""How a product is composed: parents, overlays, modules, pools, processes, and what joins them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from product_factory import versions
from product_factory.assembled import AssembledProduct, Cover
from product_factory.promise import events
from product_factory.strict import Bilingual

Column = Literal["ancestor", "product", "module", "pool", "process"]
COLUMNS: tuple[Column, ...] = ("ancestor", "product", "module", "pool", "process")


@dataclass(frozen=True)
class Part:
    """A box: what it is, its name, its title, and whether the customer may leave it out."""

    column: Column
    name: str
    title: Bilingual | None
    said: str
    optional: bool = False


@dataclass(frozen=True)
class Joint:
    """From one part to another: `extends`, `uses`, `reads`, `joins`, `amends` or `requires`."""

    source: str
    target: str
    said: str


@dataclass(frozen=True)
class Composition:
    """The parts of a product and what joins them."""

    parts: tuple[Part, ...]
    joints: tuple[Joint, ...]


def composition(product: AssembledProduct) -> Composition:
    """Give how a product is composed."""
    return Composition(tuple(_parts(product)), tuple(dict.fromkeys(_joints(product))))


def _parts(product: AssembledProduct) -> Iterator[Part]:
    yield from (Part("ancestor", a.name, None, a.version) for a in product.composed.ancestors)
    for entry in product.composed.overlays:
        yield Part("ancestor", f"+{entry.name}", entry.overlay.title, "overlay")
    yield Part("product", product.name, product.title, product.product.version)
    for cover in product.uses.values():
        said = f"{cover.module.module} {cover.module.version}"
        yield Part("module", cover.alias, cover.title, said, cover.alias in product.variables)
    for name, pool in product.product.pools.items():
        yield Part("pool", f"pool {name}", pool.title, "pool")
    for alias, process in product.processes.items():
        yield Part("process", f"process {alias}", process.title, f"{process.kind}")


def _joints(product: AssembledProduct) -> Iterator[Joint]:
    below = product.name
    for ancestor in product.composed.ancestors:
        yield Joint(below, ancestor.name, "extends")
        below = ancestor.name
    for entry in product.composed.overlays:
        yield Joint(product.name, f"+{entry.name}", "overlay")
    for cover in product.uses.values():
        yield Joint(product.name, cover.alias, "uses")
        for event, _ in events(cover):
            yield Joint(cover.alias, f"process {event.partition('.')[0]}", "reads")
        yield from _between(product, cover)
    for name, pool in product.product.pools.items():
        for joined in pool.joins:
            yield Joint(joined.partition(".")[0], f"pool {name}", "joins")
        for over in pool.over:
            yield Joint(over, f"pool {name}", "joins")


def _between(product: AssembledProduct, cover: Cover) -> Iterator[Joint]:
    for term in (t for one in product.uses.values() for t in one.terms.values()):
        if any(change.rider == cover.alias for change in term.amended):
            yield Joint(cover.alias, term.cover, "amends")
    for word in ("requires", "forbids"):
        for reference in getattr(cover.module, word):
            name = versions.split(reference)[0]
            for other in product.uses.values():
                if other.module.module == name:
                    yield Joint(cover.alias, other.alias, word)
