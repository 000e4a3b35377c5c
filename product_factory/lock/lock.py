"""A lock: the hashes of everything that a product was made from and amounts to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, with_config

from product_factory.assembled import AssembledProduct
from product_factory.canonical import canonical, digest, digest_of
from product_factory.compose.lineage import MARK, parted
from product_factory.effective.entry import KINDS, Effective
from product_factory.lock.stored import read_stored, stored_text
from product_factory.nodes import Map
from product_factory.rules.effective import judged_by, with_rules
from product_factory.shelf import MAX_TABLE_BYTES, Shelf

LOCK = "lock.json"
FORMAT = 1


@with_config(ConfigDict(extra="forbid", strict=True))
@dataclass(frozen=True)
class WordingLock:
    """The hashes of a wording: articles by number and title, the trace of its figures."""

    articles: Mapping[str, str]
    trace: str


@with_config(ConfigDict(extra="forbid", strict=True))
@dataclass(frozen=True)
class Lock:
    """What a lock file holds.

    on         the day for which dated parameters were taken
    hash       of every value: the product's hash;  inputs: of what a price depends on
    files      file on the shelf → digest of what it says; of parameters, those that are read
    built      rate table → digest of its rows as they are filed
    engines    engine → version
    wording    language → hashes
    values     kind → path → value, rules among them
    """

    format: int
    product: str
    version: str
    on: str
    hash: str
    inputs: str
    files: Mapping[str, str]
    built: Mapping[str, str]
    engines: Mapping[str, int]
    wording: Mapping[str, WordingLock]
    values: Mapping[str, Mapping[str, str]]

    def text(self) -> str:
        """Give the file's text."""
        return stored_text(asdict(self))


ADAPTER: TypeAdapter[Any] = TypeAdapter(Lock)


def lock_path(shelf: Shelf, product: str) -> Path:
    """Give where the lock of a product stands; each combination of overlays has one of its own."""
    name, overlays = parted(product)
    return shelf.root / name / (f"{MARK.join(overlays)}.{LOCK}" if overlays else LOCK)


def read_lock(shelf: Shelf, product: str) -> Lock | None:
    """Read the lock beside a product, None where there is none. Raises BadInput."""
    path = lock_path(shelf, product)
    if not path.is_file():
        return None
    found: Lock = read_stored(shelf, path, ADAPTER, "lock")
    return found


def make_lock(
    product: AssembledProduct, engines: Mapping[str, int], wording: Mapping[str, WordingLock]
) -> Lock:
    """Lock a product as it is."""
    return Lock(
        format=FORMAT,
        product=product.name,
        version=product.product.version,
        on=product.on.isoformat(),
        hash=product.digest,
        inputs=product.inputs,
        files=files_used(product),
        built={name: digest(filed_rows(product, name)) for name in sorted(product.built)},
        engines=dict(sorted(engines.items())),
        wording=wording,
        values=by_kind(with_rules(product)),
    )


def by_kind(values: Effective) -> dict[str, dict[str, str]]:
    """Give values by kind and path."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for path, entry in values.entries.items():
        found[entry.kind][path] = entry.value
    return found


def files_used(product: AssembledProduct) -> dict[str, str]:
    """Give the digest of what every file says that the product was made from.

    A table counts where it is read, by its cells; of parameters and rules those that are read.
    """
    own = {name: f"{product.folder.name}/tables/{name}.csv" for name in product.composed.tables}
    tables = {own.get(name, f"tables/{name}.csv"): name for name in product.tables}
    found: dict[str, str] = {}
    for source in product.sources:
        if source.file in tables:
            table = product.tables[tables[source.file]]
            if table.name in product.tables_read:
                said = [("title", table.title), ("source", table.source), ("status", table.status)]
                found[source.file] = digest_of([*said, *table.meanings.items()])
        elif not source.file.startswith("parameters/"):
            found[source.file] = source.digest
    rules = {f"rules/{rule.rule}.yaml": rule for rule in judged_by(product)}
    for file in rules:
        found[file] = digest(canonical(product.shelf.nodes(product.shelf.root / file)))
    return dict(sorted((found | _parameters(product)).items()))


def _parameters(product: AssembledProduct) -> dict[str, str]:
    """Digest the parameters that are read, each with all its dates, file by file."""
    read = [path for path in with_rules(product).entries if path.startswith("parameters.")]
    names = {path.removeprefix("parameters.") for path in read} & product.parameters.keys()
    parts: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        place = product.parameters[name].at.file
        node = product.shelf.nodes(product.shelf.root.parent / place)
        listed = node["list"] if isinstance(node, Map) else None
        entry = listed.get(name.partition(".")[2]) if isinstance(listed, Map) else None
        if entry is not None:
            parts.setdefault(_named(place), []).append((name, digest(canonical(entry))))
    return {file: digest_of(found) for file, found in parts.items()}


def _named(file: str) -> str:
    """Give the name of a file inside the shelf, the same wherever the shelf stands."""
    return file.partition("/")[2]


def filed_rows(product: AssembledProduct, name: str) -> str:
    """Give the rows of a built table as they are filed, column names first, notes left out."""
    path = product.shelf.root.parent / product.built[name].file
    lines = product.shelf.text(path, MAX_TABLE_BYTES).splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))
