"""Every key of every file is explained: meaning, type, default and an example that can be read."""

import pytest

import cli
from product_factory.errors import BadValue
from product_factory.explain import found, lines, roots, told
from product_factory.keys import places
from product_factory.nodes import Map, Text, read_nodes
from sandbox.declared import shelf_files

LANGUAGE = cli.language()
PLACES = tuple(places(roots(LANGUAGE, shelf_files())))
WRITTEN_AS = {"operation": "deductible", "value": "share"}  # a line of `adjust` names the operation


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.path)
def test_every_key_has_a_meaning_and_an_example_that_shows_it(place):
    row = LANGUAGE.keys.find(place.model, place.key)
    assert row is not None, f"{place.model.__name__}.{place.key} has no row in keys.yaml"
    node = read_nodes(row.example, "example")
    assert isinstance(node, Map)
    assert list(node) == [WRITTEN_AS.get(place.key, place.key)]


def test_no_row_is_left_of_a_key_that_is_gone():
    """A row that serves no key any more would be a document that nothing executes."""
    used = {
        name
        if f"{cls.__name__}.{place.key}" not in LANGUAGE.keys.rows
        else f"{cls.__name__}.{name}"
        for place in PLACES
        for cls in place.model.__mro__
        for name in (place.key,)
    }
    assert set(LANGUAGE.keys.rows) - used == set()


def test_a_key_is_found_by_the_end_of_its_path():
    assert [place.path for place in found(LANGUAGE, "covers.set", {})] == ["product.covers.set"]
    assert len(found(LANGUAGE, "per", {})) > 1


def test_an_unknown_key_is_told_with_the_nearest():
    with pytest.raises(BadValue, match=r"unknown key 'wait'; did you mean 'waits'\?"):
        found(LANGUAGE, "wait", {})


def test_a_key_is_told_in_lines_that_fit_the_terminal():
    shown = lines(LANGUAGE.keys, list(PLACES))
    assert max(map(len, shown)) <= 80
    one = lines(LANGUAGE.keys, found(LANGUAGE, "waits", {}))
    assert one[0] == "A waiting period since the first inception."
    assert "  default    nothing: it may be left out" in one


@pytest.mark.parametrize(
    ("path", "part", "said"),
    [
        ("modules.pays.amount", "type", "a value:"),
        ("product.covers.use", "type", "a name with its version"),
        ("product.for_sale", "default", "none: it must be written"),
        ("modules.terms.printed", "default", "yes"),
        ("rating.per", "default", "1.0"),
        ("modules.pays.then.ends", "type", "contract or cover"),
    ],
)
def test_type_and_default_come_from_the_model(path, part, said):
    place = next(place for place in PLACES if place.path == path)
    assert told(LANGUAGE.keys, place)[part].startswith(said)


def test_rows_are_texts():
    assert all(
        isinstance(row.means, str) and row.means.endswith((".", "…"))
        for row in LANGUAGE.keys.rows.values()
    )
    assert isinstance(read_nodes("a", "x"), Text)
