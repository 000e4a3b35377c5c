"""Nodes that assembly makes itself, all standing where the words stand that gave rise to them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from product_factory.errors import At
from product_factory.nodes import Map, Node, Seq, Text

Said: TypeAlias = str | Sequence["Said"] | Mapping[str, "Said"] | Map | Seq


def made(at: At, said: Said) -> Node:
    """Turn texts, lists and mappings into nodes at one place; nodes are taken as they are."""
    if isinstance(said, Text | Map | Seq):
        return said
    if isinstance(said, str):
        return Text(said, at)
    if isinstance(said, Mapping):
        entries = Map(at)
        for key, value in said.items():
            entries[key] = made(at, value)
            entries.keys_at[key] = at
        return entries
    listed = Seq(at)
    listed.extend(made(at, entry) for entry in said)
    return listed
