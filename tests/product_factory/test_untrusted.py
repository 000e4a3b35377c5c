"""A product file is untrusted input: whatever a hostile author writes is a line and ends soon.

Times are not measured: each of these would take minutes or all memory where a bound is missing.
"""

import os

import pytest

from product_factory.errors import LONGEST, At, BadInput, CovercastError, Problem
from product_factory.expressions.parse import parse
from product_factory.nodes import MAX_DEPTH, MAX_SCALAR, Text, read_nodes
from product_factory.shelf import open_shelf
from product_factory.table_text import MAX_ROWS
from product_factory.tables import MAX_CELLS, MAX_KEYS, read_table
from tests.product_factory.shelves import FILES, LANGUAGE, altered, assemble, made, write

HEAD = "# title: t\n# source: s\n# status: published\n"
AGE = f"{HEAD}# columns: {{a: {{key: exact, type: age}}, v: {{type: number}}}}\n"
WORD = f"{HEAD}# columns: {{a: {{key: exact}}, v: {{type: number}}}}\n"


def told(read, *arguments):
    with pytest.raises(CovercastError) as raised:
        read(*arguments)
    return str(raised.value)


def keys(number, *, key=", key: exact"):
    columns = ", ".join(f"k{n}: {{type: number{key}}}" for n in range(number))
    names = ",".join(f"k{n}" for n in range(number))
    return f"{HEAD}# columns: {{{columns}, v: {{type: number}}}}\n{names},v\n"


PARTS = "x:1:1: expected at most 200 parts, got more"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "-" * 19_000 + "1",
        "not " * 4000 + "yes",
        "+".join(["1"] * 9000),
        "^".join(["9"] * 9000),
        f"min({','.join(['1'] * 4000)})",
        "if(1," * 3000 + "1" + ",1)" * 3000,
        "1<" * 9000 + "1",
    ],
    ids=["brackets", "minus", "not", "sum", "powers", "arguments", "if", "comparisons"],
)
def test_an_expression_is_bounded(text):
    assert told(parse, Text(text, At("x", 1, 1))) == PARTS


@pytest.mark.parametrize("text", ["9" * 19_000, "1e999999999", "1e-999999999"])
def test_a_number_is_bounded(text):
    assert "expected a number of at most 30 digits" in told(parse, Text(text, At("x", 1, 1)))


DEEP = f"expected at most {MAX_DEPTH} levels of nesting, got more"
LONG = f"expected at most {MAX_SCALAR} characters, got"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 400_000, DEEP),
        ("- " * 400_000, DEEP),
        ("{a: " * 100_000, DEEP),
        ("? " * 400_000, DEEP),
        ("\n".join(f"{' ' * n}a:" for n in range(900)), DEEP),
        (f"{'a' * 900_000}: 1", LONG),
        (f'"{"n" * 400_000}"', LONG),
        ("a: |\n" + "  x\n" * 200_000, LONG),
        ("{" + "a:," * 200_000, "duplicate key 'a'"),
        ("%YAML 1.1\n" * 50_000, "this is not YAML"),
        ("a: !!python/object/apply:os.system [id]", "leave the tag out"),
        ("a: &x [*x]", "unknown anchor 'x'"),
        ("a: &x {b: 1}\n<<: *x", ""),
    ],
    ids=range(13),
)
def test_a_yaml_file_is_bounded(text, says):
    if says:
        assert says in told(read_nodes, text, "x")
    else:
        assert set(read_nodes(text, "x")) == {"a", "<<"}, "nothing is merged behind the reader"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{AGE}{','.join(['a'] * 100_000)}\n", "x:5:1: expected the columns a,v, got a,a,"),
        (keys(MAX_KEYS + 1), f"x: expected at most {MAX_KEYS} keys, got {MAX_KEYS + 1}"),
        (
            keys(3) + "\n".join(f"{n},{n},{n},1" for n in range(300)),
            f"x: expected at most {MAX_CELLS} cells, got (300, 300, 300)",
        ),
        (f"{AGE}a,v\n" + "1,1\n" * (MAX_ROWS + 1), f"x: expected at most {MAX_ROWS} rows"),
        (f"{AGE}a,v\n1,{'9' * 200_000}\n", "x:6:1: expected cells divided by commas, got field"),
        (f'{AGE}a,v\n1,"9\n9"\n', "x:6:1: expected a row on one line, got a cell that goes on"),
        (f"{AGE}a,v\n1,\0\n", "x:6:1: expected readable text, got the control character U+0000"),
        (f"{AGE}a,v\n1,1\x1b[2J\n", "got the control character U+001B"),
        (f"{AGE}a,v\n1,1\u2028\n", "got the control character U+2028"),
        (f"{AGE}a,v\n1,1e400\n", "x:6:3: v: expected a number such as 0.12, got 1e400"),
        (f"{AGE}a,v\nnan,1\n", "x:6:1: a: expected an age such as 35, got nan"),
        (f"{WORD}a,v\nM\u200b,1\n", "x:6:1: expected visible text, got the hidden mark ZERO WID"),
        (f"{WORD}a,v\ne\u0301,1\n", "x:6:1: expected text in Unicode normal form NFC"),
        (f"{WORD}a,v\n=1+1,1\n", "x:6:1: a: expected a word, got =1+1, which a spreadsheet"),
        (f"\ufeff{WORD}a,v\nx,1\n", "x:1:1: expected visible text, got the hidden mark ZERO WID"),
        (
            f"{HEAD}# columns: {{a: {{key: exact, type: age, from: 0, to: 1{'0' * 30}}}}}\n",
            "x:4:53: columns.a.to: expected at most 1000000 values from 0",
        ),
    ],
    ids=range(16),
)
def test_a_table_is_bounded_and_shows_what_it_says(text, says):
    assert told(read_table, text, "t", "x").startswith(says) or says in told(
        read_table, text, "t", "x"
    )


def test_a_table_of_many_words_is_read_in_time():
    """A hundred thousand words: a search for each among all of them would take hours."""
    rows = "\n".join(f"w{number},{number}" for number in range(100_000))
    table = read_table(f"{WORD}a,v\n{rows}\n", "t", "x")
    assert table.find("v", a="w99999") == 99_999.0


@pytest.mark.parametrize("word", ["=1+1", "+1", "-x", "@SUM(A1)"])
def test_a_choice_that_a_spreadsheet_would_run_is_refused(tmp_path, word):
    """Choices end up in rate tables, rejects and packs; so none of them may be a formula."""
    files = altered("repair/product.yaml", ("of: [new, used]", f'of: ["{word}", used]'))
    with pytest.raises(BadInput, match="which a spreadsheet would run"):
        made(tmp_path, "repair", files)


def test_a_long_problem_is_cut():
    problem = Problem(At("x"), "", "y" * 5000)
    assert problem.text == f"{'y' * LONGEST}… (5000 characters)"


@pytest.mark.parametrize("name", ["a\x1b[31m", "a\u202eb", "a\nb", "a\udce9"])
def test_the_name_of_a_file_cannot_write_on_the_terminal(tmp_path, name):
    root = write(tmp_path)
    try:
        (root / "repair" / f"{name}.yaml").write_text("x: 1\n", encoding="utf-8")
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system has no such names")
    said = told(assemble, open_shelf(root), "repair", LANGUAGE)
    assert said.isprintable() or said.replace("\n", "").isprintable()
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_what_is_no_plain_file_is_not_opened(tmp_path):
    root = write(tmp_path)
    (root / "repair" / "bases.yaml").unlink()
    os.mkfifo(root / "repair" / "bases.yaml")
    said = told(assemble, open_shelf(root), "repair", LANGUAGE)
    assert "products/repair/bases.yaml: there is no such file" in said


def test_a_folder_linked_to_elsewhere_is_not_read(tmp_path):
    root = write(tmp_path)
    outside = tmp_path / "outside"
    (root / "modules" / "gadget").rename(outside)
    (root / "modules" / "gadget").symlink_to(outside, target_is_directory=True)
    assert "expected a path inside the shelf" in told(
        assemble, open_shelf(root), "repair", LANGUAGE
    )


def test_a_link_in_a_circle_is_told(tmp_path):
    root = write(tmp_path)
    (root / "repair" / "bases.yaml").unlink()
    (root / "repair" / "bases.yaml").symlink_to("bases.yaml")
    assert "bases.yaml" in told(assemble, open_shelf(root), "repair", LANGUAGE)


def test_the_unharmed_shelf_is_read(tmp_path):
    assert made(tmp_path, "repair", FILES).name == "repair"
