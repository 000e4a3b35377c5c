"""Tables of other programs → tables of the shelf: one file a format, by the suffix of its files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from product_factory.errors import At, BadInput, either
from product_factory.intake import xlsx, xtbml
from product_factory.intake.taken import Taken, Wanted, text_of

Reader: TypeAlias = Callable[[Path, Wanted], tuple[Taken, ...]]
READERS: Mapping[str, Reader] = MappingProxyType({".xlsx": xlsx.read, ".xml": xtbml.read})
"""Suffix → reader."""
MAX_BYTES = 50_000_000


def take(path: Path, wanted: Wanted) -> tuple[Taken, ...]:
    """Read the tables of a file. Raises BadInput with the cell or element that is wrong."""
    at = At(str(path))
    if path.suffix not in READERS:
        raise BadInput.one(at, "", f"expected a file that ends in {either(READERS)}")
    if not path.is_file():
        raise BadInput.one(at, "", "there is no such file")
    if path.stat().st_size > MAX_BYTES:
        raise BadInput.one(at, "", f"expected at most {MAX_BYTES} bytes")
    return READERS[path.suffix](path, wanted)


__all__ = ["READERS", "Taken", "Wanted", "take", "text_of"]
