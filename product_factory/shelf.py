"""The shelf: the folder that holds products, modules, processes, parameters, rules and tables.

Every file is read by way of here: nothing outside the shelf is opened, no link is followed out of
it, and sizes are bounded. Places in messages are relative to the folder that holds the shelf.
"""

import hashlib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import product_factory
from product_factory.errors import At, BadInput, BadValue, nearest
from product_factory.nodes import MAX_CHARACTERS, Node, Text, read_nodes
from product_factory.tables import Table, read_table

T = TypeVar("T")

MAX_TABLE_BYTES = 50_000_000
NOT_PRODUCTS = frozenset(
    {"modules", "processes", "parameters", "rules", "tables", "hazards", "scenarios", "packs"}
)


def installed() -> Path:
    """Give the shelf that ships beside the package."""
    return Path(product_factory.__file__).resolve().parent.parent / "products"


def to_be_written(root: Path) -> None:
    """Hold that verbs may write to a shelf. Raises BadInput for the one of an installed package.

    A shelf in a checkout, beside the sources, is its owner's to write to.
    """
    if root == installed() and "site-packages" in root.parts:
        text = "the installed shelf is only read; start one of your own: covercast new, or --shelf"
        raise BadInput.one(At(root.name), "", text)


@dataclass(frozen=True)
class Shelf:
    """A folder of products; files are opened once, and what is made of them is made once.

    reads  the files that were read by way of this shelf, those that others had opened among them
    """

    root: Path
    reads: set[Path] = field(default_factory=set, compare=False)
    _digests: dict[Path, str] = field(default_factory=dict, compare=False)
    _nodes: dict[Path, Node] = field(default_factory=dict, compare=False)
    _tables: dict[Path, Table] = field(default_factory=dict, compare=False)
    _made: dict[Hashable, tuple[Any, BadInput | None, frozenset[Path]]] = field(
        default_factory=dict, compare=False
    )

    def watched(self) -> "Shelf":
        """Give the same shelf, which notes from now on what is read by way of it."""
        return replace(self, reads=set())

    def digest(self, path: Path) -> str:
        """Give the sha256 of the bytes that were read from a file."""
        return self._digests[path]

    def forget(self, folder: Path) -> None:
        """Let go of what was read and made of the files of a folder, but for their digests."""
        inside = f"{folder}/"
        for kept in (self._nodes, self._tables):
            for path in [path for path in kept if str(path).startswith(inside)]:
                del kept[path]
        for key, (_, _, reads) in list(self._made.items()):
            if any(str(path).startswith(inside) for path in reads):
                del self._made[key]

    def once(self, key: Hashable, make: "Callable[[Shelf], T]") -> T:
        """Make something of files of the shelf, once for all who ask; they count as its readers.

        Raises the BadInput that making it raised.
        """
        if key not in self._made:
            watched = self.watched()
            made, problem = None, None
            try:
                made = make(watched)
            except BadInput as error:
                problem = error
            self._made[key] = (made, problem, frozenset(watched.reads))
        found, problem, reads = self._made[key]
        self.reads.update(reads)
        if problem is not None:
            raise BadInput(problem.problems)
        return cast("T", found)

    def label(self, path: Path) -> str:
        """Give the path as messages show it."""
        try:
            return path.relative_to(self.root.parent).as_posix()
        except ValueError:
            return path.as_posix()

    def path(self, *parts: str) -> Path:
        """Give a path inside the shelf. Raises BadInput for one that leads outside."""
        path = self.root.joinpath(*parts)
        try:
            inside = path.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):  # a link that leads back to itself
            inside = False
        if not inside:
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
        content = path.read_bytes()
        self.reads.add(path)
        self._digests[path] = hashlib.sha256(content).hexdigest()
        try:
            return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            before = error.object[: error.start].count(b"\n") + 1
            raise BadInput.one(At(label, before, 1), "", "expected text in UTF-8") from None

    def nodes(self, path: Path) -> Node:
        """Read a YAML file."""
        self.reads.add(path)
        if path not in self._nodes:
            self._nodes[path] = read_nodes(self.text(path, 4 * MAX_CHARACTERS), self.label(path))
        return self._nodes[path]

    def table(self, path: Path) -> Table:
        """Read a table; its name is that of the file."""
        self.reads.add(path)
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
        folder = self.root / name
        known = folder.name == name and name not in (*NOT_PRODUCTS, "..")
        if not known or not (folder / "product.yaml").is_file():
            text = f"unknown product '{name}'{nearest(name, self.products())}"
            at, path = (At(self.root.name), "") if wanted is None else (wanted.at, "extends")
            raise BadInput.one(at, path, text)
        return folder

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


def find_products(
    names: Sequence[str], shelf: Path | None = None, *, every: bool = False
) -> tuple[Shelf, tuple[str, ...]]:
    """Open the shelf of products that are named by folder or by path; `every` means all of it.

    Raises BadValue for none at all and for paths into several shelves.
    """
    parts = [name.partition("+") for name in names]  # a product, and overlays of it
    folders = [Path(bare) for bare, *_ in parts]
    if shelf is None and folders and all((one / "product.yaml").is_file() for one in folders):
        shelves = {one.resolve().parent for one in folders}
        if len(shelves) > 1:
            message = "expected products of one shelf, got paths into several"
            raise BadValue(message)
        shelf = shelves.pop()
        names = [f"{Path(bare).resolve().name}{plus}{over}" for bare, plus, over in parts]
    opened = open_shelf(shelf or installed())
    found = opened.products() if every else tuple(names)
    if not found or (every and names):
        message = "expected the names of products, or --all on a shelf that holds some"
        raise BadValue(message)
    return opened, found
