"""A published version → a shelf that holds it, to be assembled and rated as it was published."""

from pathlib import Path, PurePosixPath

from product_factory.errors import At, BadInput
from product_factory.lock.published import Published, version_path
from product_factory.shelf import Shelf, open_shelf


def restored(published: Published, shelf: Shelf, folder: Path) -> Shelf:
    """Write the files of a version into a folder and open it.

    shelf   where the version stands, for messages;  folder: empty, and there as long as the shelf

    Raises BadInput for a version that was published before its files were kept, and for a file
    that would lie outside.
    """
    at = At(shelf.label(version_path(shelf, published.product, published.version)))
    if not published.files:
        text = "this version was published before its files were kept"
        raise BadInput.one(at, "", f"{text}; name a folder that holds them")
    files = {**published.tables, **published.files}
    roots = {PurePosixPath(name).parts[0] for name in files}
    for name, lines in files.items():
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or len(roots) > 1:
            raise BadInput.one(at, "files", f"expected a file inside the shelf, got {name}")
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return open_shelf(folder / roots.pop())
