"""Errors of one product told with its name in the business."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from product_factory.errors import BadInput
from product_factory.strict import Strict


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
