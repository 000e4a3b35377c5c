"""JSON as every verb and every pack writes it."""

import json
import math


def json_text(value: object) -> str:
    """Write JSON with sorted keys and readable Chinese; a number that is not finite becomes null.

    JSON has no word for infinity, and a reader that keeps to RFC 8259 refuses the whole file.
    """
    return json.dumps(
        _finite(value), ensure_ascii=False, indent=2, sort_keys=True, default=str, allow_nan=False
    )


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return value
