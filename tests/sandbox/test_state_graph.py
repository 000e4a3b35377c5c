"""The state graph on paper and as a picture: readable, within 80 columns, the same each time."""

import io
import json
import xml.etree.ElementTree as ET

import matplotlib.image
import pytest

from product_factory.assemble import assemble
from product_factory.shelf import installed, open_shelf
from product_factory.states import state_graph
from rating.page import COLUMNS, width
from rating.state_page import lines, told
from sandbox.results.plots.state_graph import state_graph_picture
from tests.product_factory.shelves import any_language

PRODUCTS = ("critical_illness", "increasing_whole_life", "term_life", "home")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=PRODUCTS)
def product(request):
    return assemble(open_shelf(installed()), request.param, any_language())


def test_the_graph_is_written_within_80_columns_and_as_json(product):
    graph = state_graph(product)
    page = list(lines(product, graph))
    assert [line for line in page if width(line) > COLUMNS] == []
    assert f"{len(graph.living)} living" in page[1]
    for name in graph.names:
        assert any(line.endswith(f"  {name}") for line in page)
    data = json.loads(json.dumps(told(product, graph), allow_nan=False))
    assert len(data["living"]) == len(graph.living)
    assert len(data["transitions"]) == len(graph.transitions)


def test_every_state_has_a_name_of_its_own_in_both_languages(product):
    data = told(product, state_graph(product))
    for language in ("zh", "en"):
        names = [tuple(state[language]) for state in data["living"]]
        assert len(set(names)) == len(names)
        assert all(all(part for part in name) for name in names)


def test_the_picture_is_the_same_each_time_and_shows_every_state(product):
    graph = state_graph(product)
    svg = state_graph_picture(product, graph, "svg", "en")
    assert svg == state_graph_picture(product, graph, "svg", "en")
    boxes = [g for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("id", "").startswith("text_")]  # noqa: S314 - our own file
    assert len(boxes) >= len(graph.living) + 1  # and the end
    png = state_graph_picture(product, graph, "png", "zh")
    assert matplotlib.image.imread(io.BytesIO(png)).std() > 0.01
