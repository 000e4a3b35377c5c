"""A product's files with those of its parent under them, and its overlays over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from product_factory import versions
from product_factory.compose.merge import merge, without
from product_factory.compose.overlay import Changed, Overlay, lay
from product_factory.compose.paths import Files, find, take_out
from product_factory.compose.restated import stale_entries
from product_factory.compose.shape import OWN, shape_of
from product_factory.errors import At, BadInput, Problem, nearest
from product_factory.nodes import Map, Node, Seq, Text, said
from product_factory.shelf import Shelf
from product_factory.strict import read

HEAD = ("extends", "drop", "overlays")
"""Keys of `product.yaml` that say how it came to be; they are no part of what it is."""
SELF = ("product", "version")
"""Keys that a child writes itself."""
MOST_PARENTS = 5
MARK = "+"
"""Stands between a product's name and the overlays that are asked for."""


@dataclass(frozen=True)
class Ancestor:
    """A product that this one extends."""

    name: str
    version: str
    at: At


@dataclass(frozen=True)
class InForce:
    """An overlay that is in force."""

    name: str
    overlay: Overlay
    file: str
    stated: bool


@dataclass(frozen=True)
class Composed:
    """What the files of a product say, whole.

    files      stem → node, the parent's under the product's own, overlays over both
    tables     name → the file that holds it
    ancestors  nearest first
    overlays   in the order in which they were applied;  changed: what they changed
    """

    folder: Path
    files: Mapping[str, Node]
    tables: Mapping[str, Path]
    ancestors: tuple[Ancestor, ...]
    overlays: tuple[InForce, ...]
    changed: tuple[Changed, ...]

    @property
    def built(self) -> Path:
        """Where built tables stand: those of each combination of overlays asked for are apart."""
        asked = [entry.name for entry in self.overlays if not entry.stated]
        folder = self.folder / "tables" / "built"
        return folder / MARK.join(asked) if asked else folder

    @property
    def filed(self) -> Path:
        """Where the built tables are read: the product's own, until overlays have some."""
        return self.built if self.built.is_dir() else self.folder / "tables" / "built"


def parted(name: str) -> tuple[str, tuple[str, ...]]:
    """Part `term_life+internet` into the product and the overlays that are asked for."""
    product, *asked = name.split(MARK)
    return product, tuple(asked)


def compose(shelf: Shelf, name: str) -> Composed:
    """Compose a product, named with the overlays that are asked for.

    Raises BadInput: an unknown parent or overlay, a circle, a value to drop that is not there.
    """
    product, asked = parted(name)
    line = _line(shelf, product)
    files: Files = {}
    tables: dict[str, Path] = {}
    overlays: list[InForce] = []
    changed: list[Changed] = []
    for place, (folder, own) in reversed(list(enumerate(line))):
        files = _over(files, own)
        tables |= {path.stem: path for path in sorted((folder / "tables").glob("*.csv"))}
        known = overlays_of([below for below, _ in line[place:]])
        for text in texts(own["product"], "overlays"):
            overlays.append(_overlay(shelf, known, text, stated=True))
            changed += lay(files, overlays[-1].overlay)
    folder = line[0][0]
    known = overlays_of([below for below, _ in line])
    for word in asked:
        overlays.append(_overlay(shelf, known, Text(word, At(shelf.label(folder))), stated=False))
        changed += lay(files, overlays[-1].overlay)
    _each_once(shelf, folder, overlays)
    ancestors = tuple(_ancestor(folder.name, own["product"]) for folder, own in line[1:])
    return Composed(folder, files, tables, ancestors, tuple(overlays), tuple(changed))


def _each_once(shelf: Shelf, folder: Path, overlays: list[InForce]) -> None:
    names = [entry.name for entry in overlays]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        text = f"the overlay '{twice}' is in force already"
        raise BadInput.one(At(shelf.label(folder)), "overlays", text)


def _ancestor(name: str, product: Node) -> Ancestor:
    version = product.get("version") if isinstance(product, Map) else None
    return Ancestor(name, str(version) if isinstance(version, Text) else "", product.at)


def _line(shelf: Shelf, name: str) -> list[tuple[Path, Files]]:
    """Give the folders from the product up to its last ancestor, each with its own files."""
    line: list[tuple[Path, Files]] = []
    wanted: Text | None = None
    while True:
        folder = shelf.product(name, wanted)
        circle = [parent.name for parent, _ in line]
        if name in circle:
            text = f"this product extends itself: {' → '.join((*circle, name))}"
            raise BadInput.one(wanted.at if wanted else At(""), "extends", text)
        if len(line) > MOST_PARENTS:
            text = f"expected at most {MOST_PARENTS} parents one above the other, got more"
            raise BadInput.one(wanted.at if wanted else At(""), "extends", text)
        own = {path.stem: shelf.nodes(path) for path in sorted(folder.glob("*.yaml"))}
        line.append((folder, own))
        product = own["product"]
        if wanted is not None:
            _fits(product, wanted)
        above = product.get("extends") if isinstance(product, Map) else None
        if above is None:
            return line
        if not isinstance(above, Text) or "@" not in above:
            text = (
                f"expected a product with its version, such as term_life@^2026.1, got {said(above)}"
            )
            raise BadInput.one(above.at, "extends", text)
        name, wanted = versions.split(above)[0], above


def _fits(parent: Node, wanted: Text) -> None:
    version = parent.get("version") if isinstance(parent, Map) else None
    if isinstance(version, Text) and not versions.satisfies(version, versions.split(wanted)[1]):
        held, asked = version, versions.split(wanted)[1]
        text = f"expected a version that fits {asked}, the shelf holds {held}"
        raise BadInput.one(wanted.at, "extends", text)


def _over(below: Files, own: Files) -> Files:
    """Lay a product's own files over those of its parent, less what it drops of them."""
    dropped = texts(own["product"], "drop")
    if not below:
        if dropped:
            text = "there is nothing to drop: this product extends none; leave it out"
            raise BadInput.one(dropped[0].at, "drop", text)
        return dict(own)
    files = {stem: node for stem, node in below.items() if stem not in OWN}
    product = files["product"]
    if isinstance(product, Map):
        files["product"] = without(product, (*HEAD, *SELF))
    problems: list[Problem] = []
    for path in dropped:
        if path in files and path != "product":
            del files[path]
            continue
        try:
            take_out(files, find(files, path, "drop"))
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(problems)
    if "bases" in own and "bases" in files:
        stale = [*stale_entries(files["bases"], own["bases"], _parent(own["product"]))]
        if stale:
            raise BadInput(stale)
    for stem, node in own.items():
        files[stem] = merge(files[stem], node, shape_of(stem)) if stem in files else node
    return files


def _parent(product: Node) -> str:
    above = product.get("extends") if isinstance(product, Map) else None
    return versions.split(above)[0] if isinstance(above, Text) else "the parent"


def texts(product: Node, key: str) -> list[Text]:
    """Give the texts under a key of a product file: one, or a list."""
    node = product.get(key) if isinstance(product, Map) else None
    if isinstance(node, Text):
        return [node]
    return [entry for entry in node if isinstance(entry, Text)] if isinstance(node, Seq) else []


def overlays_of(folders: list[Path]) -> dict[str, Path]:
    """Give the overlays of a product and its ancestors by name; the nearest wins."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        found |= {path.stem: path for path in sorted((folder / "overlays").glob("*.yaml"))}
    return found


def _overlay(shelf: Shelf, known: Mapping[str, Path], name: Text, *, stated: bool) -> InForce:
    if name not in known:
        text = f"unknown overlay '{name}'{nearest(name, known)}"
        raise BadInput.one(name.at, "overlays" if stated else "", text)
    path = known[name]
    overlay = read(Overlay, shelf.nodes(path))
    if overlay.overlay != path.stem:
        text = f"expected '{path.stem}' as its path says, got '{overlay.overlay}'"
        raise BadInput.one(overlay.place("overlay"), "overlay", text)
    return InForce(str(name), overlay, shelf.label(path), stated)
