"""A file with a slip ends in a complaint that names a file, never in a traceback."""

import re
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import At, BadInput, Problem
from tests.product_factory.prepared import prepare
from tests.product_factory.shelves import FILES, write

YAML = sorted(name for name in FILES if name.endswith(".yaml"))
CSV = sorted(name for name in FILES if name.endswith(".csv"))
# Words of the language and other things that an author may type in a wrong place.
WORDS = [
    "", "0", "-1", "1e999", "30%", "90 days", "2 years", "yes", "no", "2026-03-01", "to 60", "~",
    "[]", "{}", "[a, b]", "{a: b}", "x", "loss", "excess", "value", "sum_insured", "cash_value",
    "frequency", "death_rate", "cn.death_ratio", "cn.longest_notice", "item", "so_far", "date",
    "time_in_force", "max(loss, 1)", "loss / 0", "not loss", "-loss", "if(yes, 1, 2)", "1 +", "((",
    "text", "choice", "list", "schedule", "event", "money", "date", "contract", "cover", "offered",
    "breakage.accident", "mortality.death", "[mortality.death, breakage.accident]", "phone",
    "{kind: poisson, mean: 1}", "{drop: 100%}", "{at_least: 1}", "[{otherwise: 1}]", "身故",
    "{when: {grade: new}, is: 1}", "life", "pricing", "pricing.interest", "repair.limit", "repair",
]  # fmt: skip
# What leaves the file YAML stands first and twice: it leads furthest into the product.
SLIPS = ["retype", "rename", "retype", "rename", "drop", "double", "move", "cut", "indent"]
SCALAR = re.compile(r"(?<=[:\[,{] )[^\[\]{},\n#]+(?=[,\]}\n])|(?<=: )[^\[\]{}\n#]+$", re.MULTILINE)
KEY = re.compile(r"\b\w+(?=:)")


def _changed(text: str, pattern: re.Pattern[str], place: int, new: str) -> str:
    found = list(pattern.finditer(text))
    one = found[place % len(found)]
    return text[: one.start()] + new + text[one.end() :]


@st.composite
def mutations(draw, names=tuple(YAML)):
    """A file of the small shelf with one to three slips."""
    name = draw(st.sampled_from(names))
    text = FILES[name]
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, 400))
        lines = text.split("\n")
        here, there = place % len(lines), draw(st.integers(0, 400)) % len(lines)
        match draw(st.sampled_from(SLIPS)):
            case "drop":
                del lines[here]
            case "double":
                lines.insert(there, lines[here])
            case "move":
                lines[here], lines[there] = lines[there], lines[here]
            case "cut":
                lines[here] = lines[here][: place % (len(lines[here]) + 1)]
            case "indent":
                lines[here] = "  " + lines[here]
            case "retype":
                lines = _changed(text + "\n", SCALAR, place, draw(st.sampled_from(WORDS))).split(
                    "\n"
                )
            case "rename":
                known = [*WORDS, *KEY.findall(text)]
                lines = _changed(text + "\nx: y", KEY, place, draw(st.sampled_from(known))).split(
                    "\n"
                )
        text = "\n".join(lines)
    return name, text


@st.composite
def cells(draw):
    """A table of the small shelf with a cell typed anew, or a line lost or doubled."""
    name = draw(st.sampled_from(CSV))
    lines = FILES[name].split("\n")
    here = draw(st.integers(0, len(lines) - 1))
    match draw(st.sampled_from(["cell", "drop", "double", "word"])):
        case "drop":
            del lines[here]
        case "double":
            lines.insert(here, lines[here])
        case "cell":
            parts = lines[here].split(",")
            parts[draw(st.integers(0, len(parts) - 1))] = draw(
                st.sampled_from([*WORDS, "nan", "inf"])
            )
            lines[here] = ",".join(parts)
        case "word":
            lines[here] = lines[here].replace(
                draw(
                    st.sampled_from(["key", "exact", "band", "type", "ratio", "age", "{", "M", "0"])
                ),
                draw(st.sampled_from(WORDS)),
                1,
            )
    return name, "\n".join(lines)


def complaints(root: Path) -> list[Problem]:
    """What preparing both products complains of; any other exception goes through."""
    found: list[Problem] = []
    for product in ("repair", "short_life"):
        try:
            prepare(root, product)
        except BadInput as error:
            found += error.problems or [Problem(At(""), "", "")]
    return found


def judged(name: str, text: str) -> None:
    """Prepare both products with a file changed; whatever is said must have a place."""
    with tempfile.TemporaryDirectory() as folder:
        found = complaints(write(Path(folder), FILES | {name: text}))
    assert all(problem.at.file and problem.text for problem in found)


@given(mutations())
def test_a_product_file_with_slips_is_read_or_told_where_it_is_wrong(mutation):
    judged(*mutation)


@given(cells())
def test_a_table_with_a_slip_is_read_or_told_where_it_is_wrong(mutation):
    judged(*mutation)


@given(st.sampled_from(YAML), st.binary(max_size=40), st.integers(0, 2_000))
def test_bytes_put_anywhere_into_a_file_are_read_or_told_where_they_stand(name, junk, place):
    text = FILES[name].encode()
    place %= len(text)
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder))
        (root / name).write_bytes(text[:place] + junk + text[place:])
        found = complaints(root)
    assert all(problem.at.file and problem.text for problem in found)
