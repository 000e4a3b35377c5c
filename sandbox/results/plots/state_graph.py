"""A picture of the contract's states: boxes in layers by what has happened, arrows by event."""

import math
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from product_factory.assembled import AssembledProduct
from product_factory.state_names import event_title, parts, said
from product_factory.states import ENDED, StateGraph
from sandbox.results.plots.canvas import BLUE, GREY, ORANGE, Language, picture, readable

Point = tuple[float, float]
COLUMN, ROW = 2.9, 1.2
"""Inches from box to box."""
TEXT = 8.0
STEEP = 60.0
"""Degrees from which a text along an arrow would be hard to read."""


def state_graph_picture(
    product: AssembledProduct, graph: StateGraph, form: str, language: Language = "zh"
) -> bytes:
    """Draw the graph. form: png or svg; Chinese only where a font can show it."""
    shown: Language = "zh" if readable({"zh": "zh", "en": "en"}, language) == "zh" else "en"
    layers = _layers(graph)
    places = _places(layers)
    axes = _axes(max(map(len, layers)), len(layers))
    title = product.title.zh if shown == "zh" else product.title.en
    axes.set_title(f"{title}  {product.name} {product.product.version}", loc="left", fontsize=11)
    boxes = {
        number: _box(axes, places[number], "\n".join(parts(product, graph, state, shown)), BLUE)
        for number, state in enumerate(graph.living)
    }
    end = (places[0][0] + COLUMN * len(layers), 0.0)
    boxes[ENDED] = _box(axes, end, said("ended", shown), ORANGE)
    for (source, target), events in _arrows(product, graph, shown).items():
        _arrow(axes, boxes[source], boxes[target], "\n".join(events))
    everywhere = _everywhere(product, graph, shown)
    if everywhere:
        listed = "\n".join([said("everywhere", shown), *everywhere])
        _arrow(axes, _box(axes, (end[0], -ROW), listed, GREY), boxes[ENDED], "")
    return picture(axes, form)


def _layers(graph: StateGraph) -> list[list[int]]:
    """List the states by the number of payments that led to them."""
    layers: dict[int, list[int]] = {}
    for number, state in enumerate(graph.living):
        layers.setdefault(sum(state.paid) + (not state.paid) * state.waived, []).append(number)
    return [layers[key] for key in sorted(layers)]


def _places(layers: Sequence[Sequence[int]]) -> Mapping[int, Point]:
    return {
        state: (column * COLUMN, ((len(layer) - 1) / 2 - row) * ROW)
        for column, layer in enumerate(layers)
        for row, state in enumerate(layer)
    }


def _axes(rows: int, columns: int) -> Axes:
    figure = Figure(figsize=(COLUMN * (columns + 1), ROW * (rows + 1.2)), dpi=120)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.9))
    axes.set_axis_off()
    axes.set_xlim(-COLUMN / 2, COLUMN * (columns + 0.5))
    half = max(rows, 3) / 2 * ROW + ROW / 4
    axes.set_ylim(-half, half)
    return axes


def _box(axes: Axes, at: Point, text: str, colour: str) -> Text:
    box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": colour}
    return axes.text(*at, text, ha="center", va="center", fontsize=TEXT, bbox=box)


def _arrow(axes: Axes, source: Text, target: Text, text: str) -> None:
    """Draw an arrow from box to box, behind which it begins and before which it ends."""
    (x0, y0), (x1, y1) = source.get_position(), target.get_position()
    style = {
        "arrowstyle": "-|>",
        "color": GREY,
        "linewidth": 0.8,
        "patchA": source.get_bbox_patch(),
        "patchB": target.get_bbox_patch(),
        "shrinkA": 0,
        "shrinkB": 1,
    }
    # drawn after the boxes, whose outlines are known only then
    axes.annotate("", (x1, y1), (x0, y0), arrowprops=style, zorder=4)
    slope = math.degrees(math.atan2(y1 - y0, x1 - x0))
    place = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    axes.text(
        (x0 + x1) / 2,
        (y0 + y1) / 2,
        text,
        ha="center",
        va="center",
        fontsize=TEXT - 1.5,
        color=GREY,
        rotation=slope if abs(slope) < STEEP else 0.0,
        bbox=place,
        zorder=5,
    )


def _ending(graph: StateGraph) -> set[str]:
    """Find the events that end the contract from every one of several states, whatever pays."""
    if len(graph.living) == 1:
        return set()
    from_states: dict[str, set[int]] = {}
    for one in graph.transitions:
        if one.target == ENDED and not any(name in graph.exclusions for name in one.pays):
            from_states.setdefault(one.event, set()).add(one.source)
    return {event for event, states in from_states.items() if len(states) == len(graph.living)}


def _everywhere(product: AssembledProduct, graph: StateGraph, language: Language) -> list[str]:
    ending = _ending(graph)
    listed = [event for event in graph.ended if event in ending]
    return [event_title(product, event, language) for event in listed]


def _arrows(
    product: AssembledProduct, graph: StateGraph, language: Language
) -> dict[tuple[int, int], list[str]]:
    """Give the arrows that are not of every state, with the events that lead along them."""
    found: dict[tuple[int, int], list[str]] = {}
    ending = _ending(graph)
    for one in graph.transitions:
        excluded = any(name in graph.exclusions for name in one.pays)
        if excluded or one.event in ending or one.source == one.target:
            continue
        titles = found.setdefault((one.source, one.target), [])
        named = event_title(product, one.event, language)
        if named not in titles:
            titles.append(named)
    return found
