"""What stands on each side of a comparison: a product, a published version, or a whole shelf."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from product_factory.assembled import AssembledProduct
from product_factory.compose.lineage import parted
from product_factory.diff.change import Difference
from product_factory.diff.compare import compare
from product_factory.effective.entry import Effective
from product_factory.errors import At, BadInput
from product_factory.lock.published import read_published
from product_factory.lock.restored import restored
from product_factory.rules.effective import with_rules
from product_factory.shelf import Shelf, open_shelf

Assemble: TypeAlias = Callable[[Shelf, str], AssembledProduct]


@dataclass(frozen=True)
class Side:
    """One product to compare.

    judged  its values and those of the rules that judge it; a published version keeps no rules
    """

    values: Effective
    judged: Effective | None


def sides(named: str, shelf: Shelf, assemble: Assemble) -> Mapping[str, Side]:
    """Read one side: `NAME`, `NAME@VERSION`, a product's folder, or a folder of products.

    A folder that holds a folder `products` stands for it. Raises BadInput.
    """
    name, at, version = named.partition("@")
    shelf, products = _found(name, shelf)
    if at:
        if len(products) != 1:
            text = f"expected one product before '@', got a folder of {len(products)}"
            raise BadInput.one(At(name), "", text)
        (one,) = products
        shelf.product(parted(one)[0])
        return {one: Side(read_published(shelf, one, version).effective(), None)}
    made = {one: assemble(shelf, one) for one in products}
    return {one: Side(product.effective, with_rules(product)) for one, product in made.items()}


def one_product(named: str, shelf: Shelf, assemble: Assemble, folder: Path) -> AssembledProduct:
    """Read one side that is to be rated: `NAME`, `NAME@VERSION` or a product's folder.

    folder  where a published version is restored; it must outlive the product

    Raises BadInput.
    """
    name, at, version = named.partition("@")
    shelf, products = _found(name, shelf)
    if len(products) != 1:
        text = f"expected one product to rate the book under, got a folder of {len(products)}"
        raise BadInput.one(At(name), "", text)
    if not at:
        return assemble(shelf, products[0])
    shelf.product(parted(products[0])[0])
    kept = read_published(shelf, products[0], version)
    return assemble(restored(kept, shelf, folder), kept.product)


def _found(name: str, shelf: Shelf) -> tuple[Shelf, tuple[str, ...]]:
    folder = Path(name)
    if (folder / "product.yaml").is_file():
        folder = folder.resolve()
        return open_shelf(folder.parent), (folder.name,)
    for root in (folder / "products", folder):
        if name and any(root.glob("*/product.yaml")):
            opened = open_shelf(root)
            return opened, opened.products()
    return shelf, (name,)


def differences(old: Mapping[str, Side], new: Mapping[str, Side]) -> tuple[Difference, ...]:
    """Compare the sides, product by product; one against one whatever they are called.

    A product that only one side has differs in every value.
    """
    if len(old) == len(new) == 1:
        return (_compare(*old.values(), *new.values()),)
    return tuple(_pair(old.get(name), new.get(name)) for name in sorted({*old, *new}))


def _pair(old: Side | None, new: Side | None) -> Difference:
    if old is not None and new is not None:
        return _compare(old, new)
    one = old or new
    assert one is not None  # noqa: S101 - the name stands on one side at least
    empty = Effective(one.values.product, "", one.values.on, {}, {})
    none = Side(empty, empty)
    return _compare(old or none, new or none)


def _compare(old: Side, new: Side) -> Difference:
    if old.judged is None or new.judged is None:
        return compare(old.values, new.values)
    return compare(old.judged, new.judged)
