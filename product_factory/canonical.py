"""What a file says, apart from its layout: the text that is hashed.

Comments, spacing and the order of keys do not count; the order of lists does.
"""

import hashlib
import json
from collections.abc import Iterable

from product_factory.nodes import Map, Node, Text


def canonical(node: Node) -> str:
    """Give the canonical text of a tree: JSON with sorted keys, scalars as their text."""
    return json.dumps(_plain(node), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(node: Node) -> object:
    if isinstance(node, Text):
        return str(node)
    if isinstance(node, Map):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(item) for item in node]


def digest(text: str) -> str:
    """Give the sha256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(parts: Iterable[tuple[str, str]]) -> str:
    """Give the digest of named digests, whatever their order."""
    return digest("\n".join(f"{name} {value}" for name, value in sorted(parts)))
