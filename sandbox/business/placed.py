"""Errors of one product told with its name, or its entry, in the business."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from product_factory.errors import BadInput, Problem
from product_factory.strict import Strict
from sandbox.business.file import Entry


@contextmanager
def of_product(name: str, part: Strict) -> Iterator[None]:
    """Begin every problem in the file of a part of the business with the product that has it."""
    try:
        yield
    except BadInput as error:
        file = part.at.file
        raise BadInput(
            replace(one, text=f"{name}: {one.text}") if one.at.file == file else one
            for one in error.problems
        ) from None


@contextmanager
def of_book(name: str, entry: Entry) -> Iterator[None]:
    """Tell every problem of a book at the entry that names it, with the place in the book."""
    try:
        yield
    except BadInput as error:
        at, path = entry.place("book"), f"products.{name}.book"
        raise BadInput(Problem(at, path, str(one)) for one in error.problems) from None
