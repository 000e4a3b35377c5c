"""The shelf: the folder that holds products, modules, processes, parameters, rules and tables.

Every file is read by way of here: nothing outside the shelf is opened, no link is followed out of
it, and sizes are bounded. Places in messages are relative to the folder that holds the shelf.
"""

from dataclasses import dataclass, field
from pathlib import Path

import product_factory
from product_factory.errors import At, BadInput, nearest
from product_factory.nodes import MAX_CHARACTERS, Node, Text, read_nodes
from product_factory.tables import Table, read_table

MAX_TABLE_BYTES = 50_000_000
NOT_PRODUCTS = frozenset(
    {"modules", "processes", "parameters", "rules", "tables", "hazards", "scenarios"}
)


def installed() -> Path:
    """Give the shelf that ships beside the package."""
    return Path(product_factory.__file__).resolve().parent.parent / "products"


@dataclass(frozen=True)
class Shelf:
    """A folder of products; reads are cached, files are opened once."""

    root: Path
    _nodes: dict[Path, Node] = field(default_factory=dict, compare=False)
    _tables: dict[Path, Table] = field(default_factory=dict, compare=False)

    def label(self, path: Path) -> str:
        """Give the path as messages show it."""
        try:
            return path.relative_to(self.root.parent).as_posix()
        except ValueError:
            return path.as_posix()

    def path(self, *parts: str) -> Path:
        """Give a path inside the shelf. Raises BadInput for one that leads outside."""
        path = self.root.joinpath(*parts)
        inside = path.resolve()
        if not inside.is_relative_to(self.root.resolve()):
            raise BadInput.one(At(self.label(path)), "", "expected a path inside the shelf")
        return path

    def text(self, path: Path, limit: int) -> str:
        """Read a file as UTF-8. Raises BadInput for one absent, too large or otherwise encoded."""
        label = self.label(path)
        self.path(str(path.relative_to(self.root)))
        if not path.is_file():
            raise BadInput.one(At(label), "", "there is no such file")
        if path.stat().st_size > limit:
            raise BadInput.one(
                At(label), "", f"expected at most {limit} bytes, got {path.stat().st_size}"
            )
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            before = error.object[: error.start].count(b"\n") + 1
            raise BadInput.one(At(label, before, 1), "", "expected text in UTF-8") from None

    def nodes(self, path: Path) -> Node:
        """Read a YAML file."""
        if path not in self._nodes:
            self._nodes[path] = read_nodes(self.text(path, 4 * MAX_CHARACTERS), self.label(path))
        return self._nodes[path]

    def table(self, path: Path) -> Table:
        """Read a table; its name is that of the file."""
        if path not in self._tables:
            text = self.text(path, MAX_TABLE_BYTES)
            self._tables[path] = read_table(text, path.stem, self.label(path))
        return self._tables[path]

    def products(self) -> tuple[str, ...]:
        """List the products by folder name."""
        found = [p.parent.name for p in self.root.glob("*/product.yaml")]
        return tuple(sorted(name for name in found if name not in NOT_PRODUCTS))

    def product(self, name: str, wanted: Text | None = None) -> Path:
        """Find a product's folder. Raises BadInput with the nearest known name.

        wanted  the text that asks for it as a parent, None for a user who does
        """
        if name not in self.products():
            text = f"unknown product '{name}'{nearest(name, self.products())}"
            at, path = (At(self.root.name), "") if wanted is None else (wanted.at, "extends")
            raise BadInput.one(at, path, text)
        return self.root / name

    def held(self, family: str, name: str) -> tuple[Path, ...]:
        """List the files that hold a module or process, one for each version on the shelf.

        `NAME.yaml`, and `NAME@1.2.0.yaml` beside it for versions that are kept.
        """
        plain = self.path(family, f"{name}.yaml")
        kept = sorted(plain.parent.glob(f"{plain.stem}@*.yaml"))
        return (*((plain,) if plain.is_file() else ()), *kept)

    def names(self, family: str) -> tuple[str, ...]:
        """List the modules or processes of the shelf by name, each once."""
        root = self.root / family
        found = (p.relative_to(root).with_suffix("").as_posix() for p in root.glob("**/*.yaml"))
        return tuple(sorted({name.partition("@")[0] for name in found}))


def open_shelf(root: Path) -> Shelf:
    """Open a shelf. Raises BadInput when the folder holds none."""
    root = root.resolve()
    if not root.is_dir():
        raise BadInput.one(At(root.as_posix()), "", "expected a folder that holds products")
    return Shelf(root)
