"""What the templates read: every fact that a section or a definition prints or asks for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clause_templates.library import Library
from clause_templates.template import Choice, Figure, Node
from product_factory.errors import At


@dataclass(frozen=True)
class FactRead:
    """A name in a template: the section or definition, and where it is written."""

    clause: str
    name: str
    at: At


def fact_reads(library: Library) -> Iterator[FactRead]:
    """List every fact that a template names, used by a product or not."""
    for section in library.sections.values():
        nodes = (*section.body, *section.rights, *section.attention)
        nodes += tuple(node for cell in section.row for node in cell)
        yield from _reads(section.name, nodes)
    for definition in library.definitions.values():
        yield from _reads(f"definitions/{definition.term}", definition.body)


def _reads(clause: str, nodes: Iterable[Node]) -> Iterator[FactRead]:
    for node in nodes:
        if isinstance(node, Figure):
            yield FactRead(clause, node.name, node.at)
        elif isinstance(node, Choice):
            named = (test for test in node.condition.tests if test.sign != "stands")
            yield from (FactRead(clause, test.name, node.at) for test in named)
            yield from _reads(clause, (*node.then, *node.other))
