"""`covercast new`: a product that extends another, on a shelf that stands by itself."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from product_factory.compose.lineage import compose, parted
from product_factory.errors import At, BadInput, BadValue
from product_factory.nodes import Map
from product_factory.shelf import NOT_PRODUCTS, Shelf, installed

TEMPLATE = """\
product: {name}
version: 1.0.0
extends: {parent}@^{major}
# What is not written here is inherited from {parent}. Write what differs, for example
#   title: {{zh: …, en: …}}
#   covers: [{{as: …, set: {{…: …}}}}]
#   drop: [provisions.…]
# covercast show {name}     the whole, each value with its file and line
# covercast check {name}    what is wrong with it
"""


def clone(source: Shelf, parent: str, name: str, root: Path) -> Iterator[tuple[Path, bytes]]:
    """Give the files to write for a product that extends another.

    source  the shelf that holds the parent
    root    the shelf that will hold the product; what it lacks of the source is copied, so that it
            stands by itself

    Raises BadInput: an unknown parent, a product of that name, the shelf that is installed;
    BadValue: a name that cannot be one, or that of the parent or of one of its parents.
    """
    if not name.isidentifier() or name in NOT_PRODUCTS:
        message = f"expected a word of letters, digits and _ as name, got {name}"
        raise BadValue(message)
    if parted(parent)[1]:
        message = f"expected a product without overlays, got {parent}; state them in 'overlays'"
        raise BadValue(message)
    if root.resolve() == installed().resolve():
        text = "the installed shelf is read-only; say where yours is to stand: --shelf DIR"
        raise BadInput.one(At(root.name), "", text)
    if (root / name).exists():
        raise BadInput.one(At(f"{root.name}/{name}"), "", "this product is there already")
    composed = compose(source, parent)
    if name in (parent, *(ancestor.name for ancestor in composed.ancestors)):
        message = f"expected a name of its own, got {name}: a product cannot extend itself"
        raise BadValue(message)
    if source.root != root.resolve():
        folders = [*sorted(NOT_PRODUCTS), parent, *(a.name for a in composed.ancestors)]
        yield from copied(source, folders, root)
    product = composed.files["product"]
    version = str(product["version"]) if isinstance(product, Map) and "version" in product else "1"
    text = TEMPLATE.format(name=name, parent=parent, major=version.split(".")[0])
    yield root / name / "product.yaml", text.encode()


def copied(source: Shelf, folders: Iterable[str], root: Path) -> Iterator[tuple[Path, bytes]]:
    """Give the files of some folders that the other shelf does not have."""
    for folder in folders:
        for path in sorted((source.root / folder).glob("**/*")):
            target = root / path.relative_to(source.root)
            if path.is_file() and not path.is_symlink() and not target.exists():
                yield target, path.read_bytes()


def home_of(parent: str, shelf: Path) -> Shelf:
    """Give the shelf that holds the parent: the one that is being written, or the installed one."""
    own = Shelf(shelf.resolve())
    if shelf.is_dir() and parted(parent)[0] in own.products():
        return own
    return Shelf(installed())
