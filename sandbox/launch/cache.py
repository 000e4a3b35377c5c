"""What a check found out about products that have not changed since.

An entry holds for the very bytes of every file that the check read, for the names of all files
that it might have listed, for the options, and for the code that made it. A product that cannot be
read has no entry, since a file that is missing is not among those read. Nothing is trusted that
cannot be read back whole, and a cache that cannot be written costs time only.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

from pydantic import TypeAdapter, ValidationError

from product_factory.errors import BadInput
from product_factory.shelf import NOT_PRODUCTS, Shelf
from sandbox.files import ready, write_whole
from sandbox.launch.checked import Checked, Judged

HOUSE = Path(__file__).resolve().parents[2]
SOURCES = ("product_factory", "rating", "clause_templates", "sandbox")
LIBRARIES = ("numpy", "pydantic", "pyyaml", "scipy")


@dataclass(frozen=True)
class Entry:
    """One product: what was read (file → sha256), the names beside, and what was found.

    judged  places in the list of everything that was judged on the shelf
    """

    reads: dict[str, str]
    names: str
    judged: tuple[int, ...]
    checked: Checked


@dataclass(frozen=True)
class Stored:
    """The file of one shelf."""

    code: str
    judged: tuple[Judged, ...]
    entries: dict[str, Entry]


STORED = TypeAdapter(Stored)


@dataclass(frozen=True)
class CheckCache:
    """The entries of one shelf, and the file that they are kept in."""

    file: Path
    stored: Mapping[str, Entry]
    judged: tuple[Judged, ...]
    fresh: dict[str, Entry] = field(default_factory=dict)
    _digests: dict[Path, str] = field(default_factory=dict)
    _listed: dict[Path, str] = field(default_factory=dict)

    def find(self, shelf: Shelf, name: str, options: str) -> Checked | None:
        """Give what was found the last time, if nothing that it depends on has changed."""
        key = f"{name} {options}"
        entry = self.stored.get(key)
        if entry is None or entry.names != self._names(shelf, entry.reads):
            return None
        for file, digest in entry.reads.items():
            if self._digest(shelf.root / file) != digest:
                return None
        self.fresh[key] = entry
        return entry.checked

    def keep(self, shelf: Shelf, name: str, options: str, checked: Checked) -> None:
        """Remember what was found; `shelf` is the one that noted what was read for it."""
        if not checked.readable:
            return
        reads = {
            path.relative_to(shelf.root).as_posix(): shelf.digest(path)
            for path in sorted(shelf.reads)
        }
        names = self._names(shelf, reads)
        if names is not None:
            self.fresh[f"{name} {options}"] = Entry(reads, names, (), checked)

    def save(self) -> None:
        """Write the entries that were found or kept, and those of products not asked for."""
        entries = {**self.stored, **self.fresh}
        judged = {one: place for place, one in enumerate(_all_judged(entries))}
        packed = {
            key: Entry(e.reads, e.names, tuple(judged[one] for one in e.checked.judged), _bare(e))
            for key, e in entries.items()
        }
        content = STORED.dump_json(Stored(code(), tuple(judged), packed))
        try:
            write_whole(ready(self.file.parent) / self.file.name, content)
        except BadInput:
            return

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            try:
                self._digests[path] = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError:
                self._digests[path] = ""
        return self._digests[path]

    def _names(self, shelf: Shelf, reads: Mapping[str, str]) -> str | None:
        """Digest the names of all files that a check might list: shared, and beside those read."""
        folders = {shelf.root / file.partition("/")[0] for file in reads}
        folders |= {shelf.root / name for name in NOT_PRODUCTS}
        digest = hashlib.sha256()
        for folder in sorted(folders):
            if folder not in self._listed:
                self._listed[folder] = "\n".join(_listing(folder))
            if LINK in self._listed[folder]:
                return None  # what stands behind a linked folder is not listed
            digest.update(f"{folder.name}\n{self._listed[folder]}\n".encode())
        return digest.hexdigest()


LINK = "\0"


def _listing(folder: Path) -> Iterator[str]:
    for holder, inner, files in os.walk(folder):
        inner.sort()
        yield from (f"{holder[len(str(folder)) :]}/{file}" for file in sorted(files))
        yield from (LINK for name in inner if (Path(holder) / name).is_symlink())


def _all_judged(entries: Mapping[str, Entry]) -> dict[Judged, None]:
    return dict.fromkeys(one for entry in entries.values() for one in entry.checked.judged)


def _bare(entry: Entry) -> Checked:
    one = entry.checked
    return Checked(one.product, one.file, one.version, one.on, (), one.findings)


def open_cache(folder: Path, shelf: Shelf) -> CheckCache:
    """Open the cache of a shelf in a folder; one made by other code, or broken, is empty."""
    name = hashlib.sha256(str(shelf.root).encode()).hexdigest()[:32]
    file = folder / f"{name}.json"
    try:
        stored = STORED.validate_json(file.read_bytes())
        if stored.code != code():
            return CheckCache(file, {}, ())
        entries = {key: _whole(entry, stored.judged) for key, entry in stored.entries.items()}
    except (OSError, ValidationError, IndexError):
        return CheckCache(file, {}, ())
    return CheckCache(file, entries, stored.judged)


def _whole(entry: Entry, judged: tuple[Judged, ...]) -> Entry:
    one = entry.checked
    found = tuple(judged[place] for place in entry.judged)
    checked = Checked(one.product, one.file, one.version, one.on, found, one.findings)
    return Entry(entry.reads, entry.names, entry.judged, checked)


@cache
def code() -> str:
    """Digest what makes the findings: every file of the house and the libraries' versions."""
    digest = hashlib.sha256(python_version().encode())
    for library in LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    paths = [path for source in SOURCES for path in (HOUSE / source).rglob("*") if path.is_file()]
    paths = [path for path in (*paths, HOUSE / "cli.py") if "__pycache__" not in path.parts]
    for path in sorted(paths):
        digest.update(f"{path.relative_to(HOUSE).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def user_folder() -> Path:
    """Give the folder of the user's caches that is ours."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return home / "covercast" / "check"
