"""A picture of how a product is composed: parents and overlays, modules, pools and processes."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from product_factory.compose.graph import COLUMNS, Composition, Joint, Part
from sandbox.results.plots.canvas import BLUE, GREEN, GREY, ORANGE, Language, picture, readable

COLUMN, ROW = 2.9, 0.62
"""Inches from box to box."""
TEXT = 8.0
STANDS = {"ancestor": 0, "product": 1, "module": 2, "pool": 3, "process": 3}
COLOURS = {
    "ancestor": GREY,
    "product": ORANGE,
    "module": BLUE,
    "pool": GREEN,
    "process": GREY,
}
TOLD = ("amends", "requires", "forbids")
"""Joints whose word is written beside the line; of the others the columns tell."""


def module_graph_picture(found: Composition, form: str, language: Language = "zh") -> bytes:
    """Draw the composition. form: png or svg; Chinese only where a font can show it."""
    places = _places(found)
    axes = _axes(places)
    boxes = {part.name: _box(axes, part, places[part.name], language) for part in found.parts}
    for joint in found.joints:
        if joint.source in boxes and joint.target in boxes:
            _line(axes, boxes[joint.source], boxes[joint.target], joint)
    return picture(axes, form)


def _places(found: Composition) -> Mapping[str, tuple[float, float]]:
    columns: dict[int, list[str]] = {}
    for column in COLUMNS:
        names = [part.name for part in found.parts if part.column == column]
        columns.setdefault(STANDS[column], []).extend(names)
    return {
        name: (column * COLUMN, ((len(names) - 1) / 2 - row) * ROW)
        for column, names in enumerate(names for names in columns.values() if names)
        for row, name in enumerate(names)
    }


def _axes(places: Mapping[str, tuple[float, float]]) -> Axes:
    columns = max(x for x, _ in places.values()) / COLUMN + 1
    high = 2 * max(y for _, y in places.values()) + 2 * ROW
    figure = Figure(figsize=(COLUMN * columns, max(high, 2.0)), dpi=120)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.98))
    axes.set_axis_off()
    axes.set_xlim(-COLUMN / 2, COLUMN * (columns - 0.5))
    axes.set_ylim(-max(high, 2.0) / 2, max(high, 2.0) / 2)
    return axes


def _box(axes: Axes, part: Part, at: tuple[float, float], language: Language) -> Text:
    title = part.title
    first = readable(title.both, language) if title else part.name
    name = part.name.removeprefix(f"{part.column} ")
    second = f"{name}  {part.said}" if title else part.said
    dashed = {"linestyle": "dashed"} if part.optional else {}
    box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": COLOURS[part.column]}
    text = f"{first}\n{second}"
    return axes.text(
        *at, text, ha="center", va="center", fontsize=TEXT, bbox=box | dashed, zorder=3
    )


def _line(axes: Axes, source: Text, target: Text, joint: Joint) -> None:
    (x0, y0), (x1, y1) = source.get_position(), target.get_position()
    bent = "arc3,rad=0.5" if x0 == x1 else "arc3,rad=0"
    style = {
        "arrowstyle": "-|>",
        "color": ORANGE if joint.said in TOLD else GREY,
        "linewidth": 0.8,
        "patchA": source.get_bbox_patch(),
        "patchB": target.get_bbox_patch(),
        "shrinkA": 0,
        "shrinkB": 1,
        "connectionstyle": bent,
    }
    axes.annotate("", (x1, y1), (x0, y0), arrowprops=style, zorder=1)
    if joint.said in TOLD:
        place = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        aside = x0 + COLUMN / 4 if x0 == x1 else (x0 + x1) / 2
        axes.text(aside, (y0 + y1) / 2, joint.said, fontsize=TEXT - 1.5, bbox=place, zorder=2)
