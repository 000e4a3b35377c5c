"""The folder of an export: written whole, and rid of what an earlier export of it left."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from product_factory.errors import At, BadInput
from rating.export import Exported
from rating.export.export import MANIFEST
from rating.export.schemas import FORMAT
from sandbox.files import ready, write_whole


def check_folder(folder: Path, product: str) -> Path:
    """Give the folder, made if need be. Raises BadInput where another product's export lies."""
    listed = _manifest(ready(folder))
    if listed.get("product", product) != product:
        text = f"expected a folder for {product}, got an export of {listed['product']}"
        raise BadInput.one(At(str(folder / MANIFEST)), "", text)
    return folder


def write_export(exported: Exported, folder: Path) -> None:
    """Write the files, the manifest and the checksums last.

    What the manifest of an earlier export lists and this one does not have is removed, where it is
    still what was written.
    """
    before = _manifest(folder).get("files", [])
    for path, content in exported.files.items():
        write_whole(ready((folder / path).parent) / Path(path).name, content)
    for old in before:
        name, digest = str(old.get("file")), old.get("sha256")
        left = folder / name
        inside = left.resolve().is_relative_to(folder.resolve()) and left.is_file()
        gone = inside and name not in exported.files
        if gone and sha256(left.read_bytes()).hexdigest() == digest:
            left.unlink()


def _manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of an earlier export; nothing where there is none."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    whole = isinstance(found, dict) and found.get("format") == FORMAT
    listed = found.get("files", []) if whole else None
    good = isinstance(listed, list) and all(isinstance(one, dict) for one in listed)
    return found if good else {}
