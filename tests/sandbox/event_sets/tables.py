"""Read a table of the shelf: its comment headers and its columns, as text."""

import csv
from pathlib import Path

import yaml

from rating.hazards.event_set import event_set
from sandbox.event_sets.parameters import TyphoonParameters

SHELF = Path(__file__).parents[3] / "products"


def table(name):
    text = (SHELF / "tables" / f"{name}.csv").read_text(encoding="utf-8")
    lines = text.splitlines()
    headers = dict(line[2:].split(": ", 1) for line in lines if line.startswith("#"))
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return headers, {column: [row[column] for row in rows] for column in rows[0]}


def events_in(name):
    _, columns = table(name)
    names = columns.pop("event")
    numbers = {
        column: list(map(float, values))
        for column, values in columns.items()
        if column not in {"fix", "trust"}
    }
    return event_set(names, numbers)


def manual_table(*heads):
    """The table of docs/typhoon.md that has these heads: first cell of a row -> head -> cell."""
    lines = (SHELF.parent / "docs" / "typhoon.md").read_text(encoding="utf-8").splitlines()
    first = lines.index("| " + " | ".join(heads) + " |") + 2
    rows = {}
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        rows[cells[0]] = dict(zip(heads, cells, strict=True))
    return rows


def document():
    path = SHELF / "hazards" / "typhoon_cn.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def parameters():
    return TyphoonParameters.model_validate(document())
