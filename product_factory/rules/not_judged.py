"""What the sources ask for and no rule judges: `not_judged/*.yaml`, each entry with why."""

from typing import Any

from pydantic import TypeAdapter

from product_factory.shelf import Shelf
from product_factory.strict import Bilingual, PlainText, Strict, read_as

FOLDER = "not_judged"


class NotJudged(Strict):
    """One requirement, or the part of it, that cannot be evaluated on what a product holds."""

    law: PlainText
    what: Bilingual
    reference: PlainText
    because: Bilingual


ENTRIES: TypeAdapter[tuple[NotJudged, ...]] = TypeAdapter(tuple[NotJudged, ...])
"""Reads a file of entries."""


def not_judged(shelf: Shelf) -> tuple[NotJudged, ...]:
    """Read the entries of every file, in order. Raises BadInput."""
    found: list[NotJudged] = []
    for path in sorted((shelf.root / FOLDER).glob("*.yaml")):
        entries: Any = read_as(ENTRIES, shelf.nodes(path))
        found += entries
    return tuple(found)
