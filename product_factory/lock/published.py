"""Published versions: each a file beside the product, written once, naming the one before it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, with_config

from product_factory.canonical import digest
from product_factory.compose.lineage import MARK, parted
from product_factory.effective.entry import KINDS, Effective, Entry
from product_factory.errors import At, BadInput, either, nearest
from product_factory.lock.raising import numbers
from product_factory.lock.stored import read_stored, stored_text
from product_factory.shelf import MAX_TABLE_BYTES, Shelf
from product_factory.tables import read_table

FOLDER = "versions"
KEPT = (".yaml", ".csv")
APART = ("rules", "scenarios", "hazards", "schemas")


@with_config(ConfigDict(extra="forbid", strict=True))
@dataclass(frozen=True)
class Published:
    """A version as it was published.

    published  the day that was given;  on: the day for which dated parameters were taken
    drafted    the day of the first draft as the product states it, or nothing
    previous   digest of the file of the version before, nothing for the first
    values     path → kind, value, and where it stood
    tables     table → the lines of its file
    cells      path of a value → the table whose cells it stands for
    files      file → its lines: with the tables, all that the product is assembled from; none in
               a version that was published before they were kept
    digest     of all the rest
    """

    product: str
    version: str
    published: str
    on: str
    drafted: str
    hash: str
    previous: str
    values: Mapping[str, tuple[str, str, str]]
    tables: Mapping[str, tuple[str, ...]]
    cells: Mapping[str, str]
    digest: str = ""
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def sealed(self) -> "Published":
        """Give the same with its digest."""
        plain = self._plain() | {"digest": ""}
        return Published(**{**asdict(self), "digest": digest(stored_text(plain))})

    def whole(self) -> bool:
        """Tell whether the digest is that of the rest, and every day is one."""
        days = (self.published, self.on, *([self.drafted] if self.drafted else []))
        return self.sealed().digest == self.digest and all(map(_is_day, days))

    def text(self) -> str:
        """Give the file's text."""
        return stored_text(self._plain())

    def _plain(self) -> dict[str, Any]:
        """Give plain values; what keeps no files says nothing of them, so that its digest holds."""
        return {key: value for key, value in asdict(self).items() if key != "files" or value}

    def effective(self) -> Effective:
        """Give the values again, with the cells of their tables."""
        entries = {
            path: Entry(path, kind, value, _place(at))
            for path, (word, value, at) in self.values.items()
            for kind in KINDS
            if kind == word
        }
        found = {
            name: read_table("\n".join(lines) + "\n", Path(name).stem, name)
            for name, lines in self.tables.items()
        }
        tables = {path: found[name] for path, name in self.cells.items() if name in found}
        on = date.fromisoformat(self.on)
        ordered = {path: entries[path] for path in sorted(entries)}
        return Effective(self.product, self.version, on, ordered, tables)


ADAPTER: TypeAdapter[Any] = TypeAdapter(Published)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _place(text: str) -> At:
    file, _, rest = text.partition(":")
    line, _, column = rest.partition(":")
    return At(file, int(line), int(column)) if line.isdigit() and column.isdigit() else At(file)


def snapshot(
    values: Effective, shelf: Shelf, published: date, drafted: date | None, previous: str
) -> Published:
    """Take the picture of a product that is kept when it is published."""
    files = {path: table.file for path, table in values.tables.items()}
    texts = {
        file: tuple(shelf.text(shelf.root.parent / file, MAX_TABLE_BYTES).splitlines())
        for file in sorted(set(files.values()))
    }
    read = (path for path in shelf.reads if path.suffix in KEPT and _made_of(shelf, path))
    rest = {shelf.label(path): path for path in read}
    kept = {
        name: tuple(shelf.text(path, MAX_TABLE_BYTES).splitlines())
        for name, path in sorted(rest.items())
        if name not in texts
    }
    return Published(
        product=values.product,
        version=values.version,
        published=published.isoformat(),
        on=values.on.isoformat(),
        drafted="" if drafted is None else drafted.isoformat(),
        hash=values.digest,
        previous=previous,
        values={p: (e.kind, e.value, str(e.at)) for p, e in values.entries.items()},
        tables=texts,
        cells=files,
        files=kept,
    ).sealed()


def _made_of(shelf: Shelf, path: Path) -> bool:
    """Tell whether a product may be made of a file: rules judge it, scenarios move it."""
    return path.relative_to(shelf.root).parts[0] not in APART


def version_path(shelf: Shelf, product: str, version: str) -> Path:
    """Give where a published version stands."""
    return _folder(shelf, product) / f"{version}.json"


def _folder(shelf: Shelf, product: str) -> Path:
    name, overlays = parted(product)
    folder = shelf.root / name / FOLDER
    return folder / MARK.join(overlays) if overlays else folder


def versions(shelf: Shelf, product: str) -> tuple[str, ...]:
    """List the published versions of a product, oldest first."""
    found = [path.stem for path in _folder(shelf, product).glob("*.json")]
    return tuple(sorted((v for v in found if _is_version(v)), key=numbers))


def _is_version(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts)  # noqa: PLR2004 - three numbers


def read_published(shelf: Shelf, product: str, version: str) -> Published:
    """Read a published version. Raises BadInput for one that is not there or was altered."""
    known = versions(shelf, product)
    if version not in known:
        listed = f"; published are {either(known)}" if known else "; none is published"
        text = f"'{product}' has no published version {version}{listed}{nearest(version, known)}"
        raise BadInput.one(At(shelf.label(shelf.root / parted(product)[0])), "", text)
    path = version_path(shelf, product, version)
    found: Published = read_stored(shelf, path, ADAPTER, "publish")
    if not found.whole() or found.version != version:
        text = "this version was altered after it was published; bring back what was published"
        raise BadInput.one(At(shelf.label(path)), "", text)
    return found


def all_published(shelf: Shelf, product: str) -> tuple[Published, ...]:
    """Read every published version, oldest first, and hold that none is missing or altered."""
    found = [read_published(shelf, product, version) for version in versions(shelf, product)]
    before = ""
    for one in found:
        if one.previous != before:
            path = version_path(shelf, product, one.version)
            text = "the version before this one is not the one that it was published after"
            raise BadInput.one(At(shelf.label(path)), "previous", text)
        before = one.digest
    return tuple(found)
