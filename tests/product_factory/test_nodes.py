"""Nodes are the same whichever parser reads them: libyaml, or PyYAML's own where that is unsure."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory import nodes
from product_factory.errors import At, BadInput
from product_factory.nodes import Map, Text, read_nodes
from product_factory.shelf import installed

BAD = Path(__file__).parent / "bad"
FILES = [*sorted(installed().rglob("*.yaml")), *sorted(BAD.glob("*.yaml"))]
SNIPPETS = [
    "\n".join(lines[start : start + 8])
    for path in FILES
    for lines in [path.read_text("utf-8").splitlines()]
    for start in range(0, len(lines), 8)
]
SIGNS = [
    *"{}[]:,-?#&*!|>'\"%@` \n\t\\~<=\r",
    "\u2028",
    "\x85",
    "é",
    "中",
    "\ufeff",
    "\x07",
    "\U0001f600",
]
SIGNS += [
    "  ",
    "- ",
    "? ",
    ": ",
    "--- ",
    "...\n",
    "<<: ",
    "%YAML 1.1\n",
    "!!str ",
    "&a ",
    "*a",
    "''",
]


def plain(node):
    if isinstance(node, Text):
        return str(node), node.at, node.quoted
    if isinstance(node, Map):
        return node.at, [(key, node.keys_at[key], plain(value)) for key, value in node.items()]
    return node.at, [plain(item) for item in node]


def told(text):
    try:
        return plain(read_nodes(text, "x"))
    except BadInput as error:
        return str(error)


def slowly(text):
    """The same by PyYAML's own parser alone."""
    kept = yaml.__with_libyaml__
    yaml.__with_libyaml__ = False
    try:
        return told(text)
    finally:
        yaml.__with_libyaml__ = kept


def test_the_fast_parser_is_there_and_is_taken(monkeypatch):
    assert yaml.__with_libyaml__
    monkeypatch.setattr(nodes.yaml, "SafeLoader", None)
    assert told("a: [b, {c: d}]")[0] == At("x", 1, 1)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_the_same_by_both(path):
    text = path.read_text("utf-8")
    assert told(text) == slowly(text)


@settings(max_examples=10 * settings.default.max_examples)
@given(
    text=st.sampled_from(SNIPPETS),
    edits=st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 6), st.sampled_from(SIGNS)),
        min_size=1,
        max_size=4,
    ),
)
def test_a_damaged_text_is_the_same_by_both(text, edits):
    for place, cut, sign in edits:
        start = place % (len(text) + 1)
        text = text[:start] + sign + text[start + cut :]
    assert told(text) == slowly(text)


@pytest.mark.parametrize(
    "text",
    ["a: 中{", "中文: [a, 'b", 'a: {中: "文", b: *c}', "k: 中\n\tb: 1", "# 中\n- é: 1\n  é: 2"],
)
def test_columns_count_characters_not_bytes(text):
    assert told(text) == slowly(text)


def test_a_place_after_chinese_text_is_that_of_the_character():
    node = read_nodes("中文: {é: 文字}", "x")
    assert node["中文"]["é"].at == At("x", 1, 9)
