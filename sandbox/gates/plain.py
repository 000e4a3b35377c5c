"""Nodes → plain values, for models of the sandbox that are also made in Python.

Measures and contracts are read from YAML and made by hand alike, so their fields are numbers; a
scalar of a file is text. Here a text that is a number or a share becomes one: `99.5%` is 0.995.
"""

from product_factory.errors import BadValue
from product_factory.nodes import Map, Seq, Text
from product_factory.types import read_number


def plain(node: object) -> object:
    """Give the same tree in plain dicts, lists, numbers and texts."""
    if isinstance(node, Map):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, Seq):
        return [plain(value) for value in node]
    if isinstance(node, Text):
        return _number(node)
    return node


def _number(text: Text) -> object:
    try:
        return read_number(text, "number")
    except BadValue:
        return str(text)
