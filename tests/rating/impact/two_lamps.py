"""The small shelf twice, the second changed, and a book that both rate."""

import csv
from decimal import Decimal
from pathlib import Path

from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.language import Language
from product_factory.shelf import open_shelf
from rating.impact.impact import Asked, impact
from rating.reads import step_readings
from tests.rating.tiny_shelf import LANGUAGE, changed, write_shelf

READING = Language(LANGUAGE.files, LANGUAGE.models, {"rating": step_readings})
"""The language of the small shelf, with what steps read, as the command has it."""

NAMES = (
    "policy", "city", "age", "kept", "deductible",
    "body.value", "body.sum_insured", "shade.value", "shade.sum_insured",
)  # fmt: skip
ROWS = [
    ("a", "xian", 30, "yes", 1000, 2000, 1000, 200, 100),
    ("b", "xiamen", 60, "no", 500, 9000, 4500, "", ""),  # declined: coast
    ("c", "xian", 51, "no", 500, 9000, 4500, "", ""),  # refused: young_in_xian
    ("d", "xian", 18, "no", 500, 100, 100, "", ""),
    ("e", "xian", 30, "no", 500, 900, 1000, "", ""),  # refused: not_over
    ("f", "xian", 61, "no", 500, 900, 900, "", ""),  # rejected: age
    ("g", "xiamen", 44, "yes", 1000, 9000, 4500, "", ""),  # referred: dear
    ("h", "xiamen", 30, "yes", 500, 900, 900, 20, 20),  # rejected: no row for a shade
    ("i", "xian", 49, "no", 1000, 5000, 5000, 500, 500),
    ("j", "xian", 25, "yes", 500, 3000, 2500, 100, 50),
]


def product_of(root: Path, name: str) -> AssembledProduct:
    """Assemble a product of the shelf as it now stands."""
    return assemble(open_shelf(root), name, READING)


def two(folder: Path, *changes: tuple[str, str, str]) -> tuple[Path, Path]:
    """Write the shelf twice, the second one changed: file, what stands there, what shall."""
    old, new = write_shelf(folder / "old"), write_shelf(folder / "new")
    for change in changes:
        changed(new, *change)
    return old, new


def book(folder: Path, rows=ROWS, names=NAMES) -> Path:
    """Write a book as CSV."""
    path = folder / "book.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([names, *rows])
    return path


def lamps(folder: Path, *changes: tuple[str, str, str], rows=ROWS, **asked):
    """Give the impact of a change on the lamp's book."""
    old, new = two(folder, *changes)
    products = product_of(old, "lamp"), product_of(new, "lamp")
    return impact(*products, book(folder, rows), Asked(**asked))


def cents(value: float) -> Decimal:
    """Give an amount as the whole cents that it stands for."""
    exact = Decimal(repr(value))
    assert exact == exact.quantize(Decimal("0.01"))
    return exact
