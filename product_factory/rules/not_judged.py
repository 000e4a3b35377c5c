"""What the sources ask for and no rule judges: `rules/not_judged.yaml`, each entry with why."""

from pydantic import TypeAdapter

from product_factory.rules.load import FOLDER
from product_factory.shelf import Shelf
from product_factory.strict import Bilingual, PlainText, Strict, read_as

FILE = "not_judged.yaml"


class NotJudged(Strict):
    """One requirement, or the part of it, that cannot be evaluated on what a product holds."""

    law: PlainText
    what: Bilingual
    reference: PlainText
    because: Bilingual


_ENTRIES: TypeAdapter[tuple[NotJudged, ...]] = TypeAdapter(tuple[NotJudged, ...])


def not_judged(shelf: Shelf) -> tuple[NotJudged, ...]:
    """Read the entries in order; none where the shelf has no such file. Raises BadInput."""
    path = shelf.path(FOLDER, FILE)
    if not path.is_file():
        return ()
    return read_as(_ENTRIES, shelf.nodes(path))
