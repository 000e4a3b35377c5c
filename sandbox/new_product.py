"""`covercast new`: a product and its rate tables are made aside and moved in place when whole."""

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from product_factory.compose.clone import clone, home_of
from product_factory.compose.lineage import compose
from product_factory.shelf import NOT_PRODUCTS
from sandbox.files import ready, write_whole

Build = Callable[[Path], object]
"""Builds the rate tables of the new product on the shelf that it is given."""


def new_product(
    name: str, parent: str, shelf: Path, build: Build, say: Callable[[str], object]
) -> None:
    """Make a product that extends another, on a shelf that stands by itself.

    build  makes the rate tables;  say: is told of each stage

    A stop at any time leaves no half product: files that products share are written whole and
    found there the next time, the product's folder appears last. Raises BadInput and BadValue as
    `clone` does, and BadInput where nothing can be written.
    """
    source = home_of(parent, shelf)
    files = [
        (path.relative_to(shelf), content) for path, content in clone(source, parent, name, shelf)
    ]
    line = [parent, *(above.name for above in compose(source, parent).ancestors)]
    with TemporaryDirectory(dir=ready(shelf), prefix=".new-") as aside:
        made = Path(aside) / shelf.resolve().name  # messages name the shelf as they always do
        for folder in (*NOT_PRODUCTS, *line):
            if (shelf / folder).is_dir():
                shutil.copytree(shelf / folder, made / folder)
        say("copying the shelf" if files[1:] else "reading the shelf")
        for path, content in files:
            _write(made / path, content)
        say("building rate tables; the first time this may take half a minute")
        build(made)
        for path, content in files:
            if path.parts[0] != name:
                _write(shelf / path, content)
        (made / name).rename(shelf / name)


def _write(path: Path, content: bytes) -> None:
    write_whole(ready(path.parent) / path.name, content)
