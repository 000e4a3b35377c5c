"""The graphs that `covercast show` tells and draws: states of the contract, modules composed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from product_factory.assembled import AssembledProduct
from product_factory.compose.graph import Composition, composition
from product_factory.states import state_graph
from rating.state_page import lines, told

Tongue: TypeAlias = Literal["zh", "en"]
Kind: TypeAlias = Literal["states", "modules"]


@dataclass(frozen=True)
class Graphed:
    """A graph: as plain values, as lines, drawn as svg or png, and how large it is."""

    told: object
    lines: list[str]
    draw: Callable[[str, Tongue], bytes]
    size: str


def graphed(product: AssembledProduct, kind: Kind) -> Graphed:
    """Give a graph of a product. Raises BadInput where its states cannot be told."""
    return _states(product) if kind == "states" else _modules(product)


def _states(product: AssembledProduct) -> Graphed:
    graph = state_graph(product)

    def draw(form: str, language: Tongue) -> bytes:
        from sandbox.results.plots.state_graph import state_graph_picture  # noqa: PLC0415 - heavy

        return state_graph_picture(product, graph, form, language)

    size = _counted(len(graph.living), "living state")
    return Graphed(told(product, graph), list(lines(product, graph)), draw, size)


def _modules(product: AssembledProduct) -> Graphed:
    found = composition(product)

    def draw(form: str, language: Tongue) -> bytes:
        from sandbox.results.plots.module_graph import module_graph_picture  # noqa: PLC0415 - heavy

        return module_graph_picture(found, form, language)

    modules = sum(part.column == "module" for part in found.parts)
    return Graphed(_told(found), list(_lines(found)), draw, _counted(modules, "module"))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _told(found: Composition) -> dict[str, object]:
    return {
        "parts": [
            {"is": part.column, "name": part.name, "said": part.said, "optional": part.optional}
            for part in found.parts
        ],
        "joints": [{"from": j.source, "to": j.target, "said": j.said} for j in found.joints],
    }


def _lines(found: Composition) -> list[str]:
    listed: list[str] = []
    for part in found.parts:
        listed.append(f"{part.name}  {part.said}{'  optional' if part.optional else ''}")
        listed += [f"  {j.said} {j.target}" for j in found.joints if j.source == part.name]
    return listed
