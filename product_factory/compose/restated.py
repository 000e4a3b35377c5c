"""Assumptions that a child makes anew while the parent's entry of `experience` would stay."""

from collections.abc import Iterator

from product_factory.errors import Problem
from product_factory.experience import restated
from product_factory.nodes import Map, Node


def stale_entries(parent: Node, child: Node, whose: str) -> Iterator[Problem]:
    """List them, of two files `bases.yaml`; whose: the name of the parent."""
    for name, basis in _named(child):
        for process, risk in _named(_under(basis, "risk")):
            old = _under(_under(_under(parent, name), "experience"), process)
            own = _under(_under(basis, "experience"), process)
            for key, node in _named(risk):
                if _under(old, key) is not None and _under(own, key) is None:
                    yield restated(node.at, f"{name}.", process, key, whose)


def _named(node: Node | None) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Map):
        yield from ((str(name), inner) for name, inner in node.items())


def _under(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Map) else None
