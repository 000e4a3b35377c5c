"""JSON that stands beside a product: read strictly, told by place, written canonically."""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from product_factory.errors import At, BadInput
from product_factory.json_text import json_text
from product_factory.shelf import MAX_TABLE_BYTES, Shelf


def read_stored(shelf: Shelf, path: Path, adapter: TypeAdapter[Any], verb: str) -> Any:  # noqa: ANN401 - what the adapter reads
    """Read a file that a verb wrote. Raises BadInput for one that was not written so."""
    label = shelf.label(path)
    text = shelf.text(path, MAX_TABLE_BYTES)
    try:
        json.loads(text)  # tells line and column of what is no JSON
        return adapter.validate_json(text)
    except json.JSONDecodeError as error:
        raise BadInput.one(At(label, error.lineno, error.colno), "", "this is not JSON") from None
    except (ValidationError, RecursionError):
        expected = f"expected what 'covercast {verb}' writes"
        raise BadInput.one(At(label), "", f"{expected}, got another shape") from None


def stored_text(value: object) -> str:
    """Write canonical JSON: sorted keys, two blanks, one line end at the end."""
    return f"{json_text(value)}\n"
