"""Mutations of valid products: hash and diff move if and only if an effective value does.

Each operator is labelled beforehand. A cosmetic one never moves anything. A semantic one moves the
hash wherever the product still stands, but at the places that `INERT` names beforehand, where what
is written has no effect. 10,000 in `make prove`, fewer in `make test`.
"""

import re
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory.assemble import assemble
from product_factory.diff.compare import compare
from product_factory.errors import BadInput
from product_factory.shelf import open_shelf
from tests.product_factory import trees
from tests.product_factory.shelves import FILES, LANGUAGE, write

PRODUCTS = ("repair", "short_life")
YAML = sorted(name for name in FILES if name.endswith(".yaml"))
CSV = sorted(name for name in FILES if name.endswith(".csv"))
PROVED = 10_000
TESTS = 5
MANY = PROVED // TESTS if settings.default.max_examples >= 250 else 20

# Where what is written has no effect, by file and path.
INERT = [
    # a default that another value stands for: a choice sets the excess, the product the waiting
    ("modules/gadget/repair.yaml", r"terms\.excess\.default"),
    ("modules/life/death.yaml", r"terms\.waiting\.default"),
    # limits of a term only hold its value, which stands within them
    ("modules/gadget/repair.yaml", r"terms\.(excess|share)\.(min|max)"),
    ("modules/life/death.yaml", r"terms\.waiting\.(min|max)"),
    ("modules/life/free_look.yaml", r"terms\.free_look\.min"),
    # what a catalogue says of a parameter, the values of other days, and parameters nobody reads
    ("parameters/cn.yaml", r"list\.longest_notice\.(title.*|dated\.0.*|dated\.1\.(from|trust))"),
    ("parameters/cn.yaml", r"list\.death_ratio.*"),
    # which versions of a module would do, as long as the one on the shelf does
    ("repair/product.yaml", r"(covers|exclusions)\.\d\.use|processes\.breakage"),
    ("short_life/product.yaml", r"(covers|provisions)\.\d\.use|processes\.mortality"),
]
NUMBER = re.compile(r"(?<![\w.-])\d+(\.\d+)?(?![\w.-])")

# The same said in other words: a default spelt out, a number written otherwise.
SAME = [
    ("repair/product.yaml", ("covers", 0, "set", "share"), ["0.9", "90.0%", "9 / 10", "1 - 10%"]),
    ("repair/product.yaml", ("covers", 0, "set", "limit"), ["value", "(value)"]),
    ("repair/product.yaml", ("covers", 0, "set", "notice"), ["10 days", "5 days + 5 days"]),
    ("repair/product.yaml", ("items", "phone", "optional"), ["no"]),
    ("repair/product.yaml", ("accepts", 0, "require"), ["value>=100", "(value >= 100.0)"]),
    ("repair/bases.yaml", ("pricing", "loading"), ["0.3", "0.1 + 0.2", "30.00%"]),
    ("repair/bases.yaml", ("best_estimate", "loading"), ["30%", "pricing.loading"]),
    ("repair/bases.yaml", ("pricing", "risk", "breakage", "damage", "mean"), ["20%", "0.20"]),
    ("modules/gadget/repair.yaml", ("terms", "share", "printed"), ["yes"]),
    ("modules/gadget/repair.yaml", ("pays", "where", "cause"), [["drop"], ["drop", "drop"]]),
    ("modules/gadget/repair.yaml", ("pays", "adjust", 1, "share"), ["(share)"]),
    ("short_life/product.yaml", ("insured", "age", "max"), ["59 + 1", "60.0"]),
    ("short_life/product.yaml", ("accepts", 0, "require"), ["(pay) <= term"]),
    ("short_life/bases.yaml", ("pricing", "interest"), ["0.02", "1% + 1%"]),
    ("short_life/bases.yaml", ("pricing", "grid"), [{"step": "year"}, {}]),
    ("modules/life/death.yaml", ("terms", "waiting", "default"), ["45 days"]),
    ("modules/life/death.yaml", ("pays", "waits", "by"), ["date"]),
    ("parameters/cn.yaml", ("list", "longest_notice", "dated", 1, "is"), ["60.0 days"]),
]  # fmt: skip


FOLDER = tempfile.TemporaryDirectory()  # one shelf for all mutations: each is put back
ROOT = write(Path(FOLDER.name))
# Whose files a product does not read; it is left alone where only such a file is another.
STRANGE = {"repair": ("short_life/", "modules/life/"), "short_life": ("repair/", "modules/gadget/")}


def values(files):
    """The effective values of the products that may read what is changed, None for a broken one."""
    changes = {name: text for name, text in files.items() if text != FILES[name]}
    for name, text in changes.items():
        (ROOT / name).write_text(text, encoding="utf-8")
    shelf = open_shelf(ROOT)
    try:
        return {
            product: standing(shelf, product)
            for product in PRODUCTS
            if not changes or not all(name.startswith(STRANGE[product]) for name in changes)
        }
    finally:
        for name in changes:
            (ROOT / name).write_text(FILES[name], encoding="utf-8")


def standing(shelf, product):
    """The values of a product, None where it is told what is wrong, with its place."""
    try:
        return assemble(shelf, product, LANGUAGE).effective
    except BadInput as error:
        problems = error.problems
    assert all(problem.at.file and problem.text for problem in problems)
    return None


@cache
def unchanged():
    return values(FILES)


def moved(files):
    """Tell of each product whether its hash is another, None where it no longer stands.

    The diff must say the same, both ways.
    """
    found = {}
    for product, made in values(files).items():
        before = unchanged()[product]
        found[product] = None if made is None else made.digest != before.digest
        if made is not None:
            assert bool(compare(before, made).changes) == found[product]
            assert bool(compare(made, before).changes) == found[product]
            assert found[product] or made.inputs == before.inputs
    return found


def inert(file, path):
    written = ".".join(map(str, path))
    return any(file == name and re.fullmatch(pattern, written) for name, pattern in INERT)


def held(file, path, content):
    """Hold the label of a semantic mutation of one place."""
    found = moved(FILES | {file: trees.written(content)}).values()
    assert found  # of every product
    if inert(file, path):
        assert set(found) == {False}, f"{file} {path} moved though it has no effect"
    elif None not in found:
        assert True in found, f"{file} {path} did not move"


def of_file(draw, within=YAML):
    file = draw(st.sampled_from(within))
    content = trees.tree(file)
    return file, content, draw(st.sampled_from(trees.places(content)))


@settings(max_examples=MANY)
@given(st.sampled_from(YAML), st.randoms(use_true_random=False), st.booleans())
def test_cosmetic_the_order_of_keys_layout_and_comments_move_nothing(file, chance, noted):
    content = trees.shuffled(trees.tree(file), lambda keys: chance.sample(keys, len(keys)))
    text = trees.written(content)
    text = f"# {chance.random()}\n\n{text}   # a note\n" if noted else text
    assert set(moved(FILES | {file: text}).values()) == {False}


@settings(max_examples=MANY)
@given(st.sampled_from(SAME), st.randoms(use_true_random=False))
def test_cosmetic_the_same_said_otherwise_moves_nothing(said, chance):
    file, path, alternatives = said
    content = trees.changed(trees.tree(file), path, chance.choice(alternatives))
    assert set(moved(FILES | {file: trees.written(content)}).values()) == {False}


def test_labels_are_held_on_mutations_that_are_read():
    """A mutation that is refused says nothing of the hash: here is how many are not."""
    read, still = 0, 0
    places = [
        (file, path, text)
        for file in YAML
        for content in [trees.tree(file)]
        for path in trees.places(content)
        for text in [trees.at(content, path)]
        if isinstance(text, str) and NUMBER.fullmatch(text)
    ]
    for file, path, text in places[::2]:
        content = trees.changed(trees.tree(file), path, f"{float(text) + 1:.12g}")
        found = set(moved(FILES | {file: trees.written(content)}).values())
        read += None not in found
        still += inert(file, path) and found == {False}
    assert read > len(places[::2]) / 2 > 5
    assert still >= 1


@settings(max_examples=MANY)
@given(st.data())
def test_semantic_another_number_moves_the_hash_where_it_has_an_effect(data):
    file, content, path = of_file(data.draw)
    text = trees.at(content, path)
    found = list(NUMBER.finditer(text)) if isinstance(text, str) else []
    if not found:
        return
    one = data.draw(st.sampled_from(found))
    number = float(one.group()) + data.draw(st.sampled_from([1, 2, -1, 0.5, 10]))
    new = text[: one.start()] + f"{number:.12g}" + text[one.end() :]
    held(file, path, trees.changed(content, path, new))


@settings(max_examples=MANY)
@given(st.data(), st.sampled_from(["drop", "double", "rename", "retype"]))
def test_semantic_what_is_dropped_doubled_renamed_or_retyped_moves_the_hash(data, operator):
    file, content, path = of_file(data.draw)
    words = ["x", "0", "1", "30%", "yes", "no", "2026-03-01", "drop", "value", "身故", "text", "M"]
    word = data.draw(st.sampled_from(words))
    key = path[-1]
    match operator:
        case "drop":
            made = trees.changed(content, path, ...)
        case "double" if isinstance(key, int):
            made = trees.doubled(content, path)
        case "rename" if isinstance(key, str) and word not in trees.at(content, path[:-1]):
            made = trees.renamed(content, path, word)
        case "retype" if trees.at(content, path) != word:
            made = trees.changed(content, path, word)
        case _:
            return
    held(file, path, made)


@settings(max_examples=MANY)
@given(
    st.sampled_from(CSV),
    st.randoms(use_true_random=False),
    st.sampled_from(["rows", "spelling", "cell", "drop"]),
)
def test_a_table_moves_the_hash_by_its_cells_and_not_by_its_layout(file, chance, operator):
    lines = FILES[file].rstrip("\n").split("\n")
    start = next(n for n, line in enumerate(lines) if not line.startswith("#")) + 1
    head, rows = lines[:start], lines[start:]
    place = chance.randrange(len(rows))
    if operator == "rows":
        chance.shuffle(rows)
    elif operator == "spelling":
        rows[place] += "0"
    elif operator == "cell":
        keys, _, value = rows[place].rpartition(",")
        rows[place] = f"{keys},{float(value) + chance.choice([0.001, -0.0001, 0.1]):.6f}"
    else:
        del rows[place]
    found = moved(FILES | {file: "\n".join([*head, *rows]) + "\n"})
    reader = "repair" if file.startswith("repair") else "short_life"
    own = found.pop(reader)
    # a product that asks for a row that was dropped no longer stands
    fallen = {None} if operator == "drop" else set()
    assert own in {operator in ("cell", "drop"), *fallen}
    assert set(found.values()) <= {False, *fallen}


def test_the_labels_name_places_of_the_shelf():
    for file, pattern in INERT:
        known = [".".join(map(str, path)) for path in trees.places(trees.tree(file))]
        assert any(re.fullmatch(pattern, path) for path in known), pattern


def test_a_planted_slip_in_what_counts_is_caught(monkeypatch):
    """An effective text that forgot the promise of a module would not move where it must."""
    from product_factory.effective import product as room

    real = room._cover

    def forgetful(product, cover, path):
        return (value for value in real(product, cover, path) if ".pays." not in value.path)

    monkeypatch.setattr(room, "_cover", forgetful)
    unchanged.cache_clear()
    file, path = "modules/gadget/repair.yaml", ("pays", "amount")
    content = trees.changed(trees.tree(file), path, "loss / 2")
    with pytest.raises(AssertionError, match="did not move"):
        held(file, path, content)
    unchanged.cache_clear()
