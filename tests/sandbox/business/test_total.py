"""A table of a product in another currency, and with its rows in another order."""

from dataclasses import fields

import numpy as np
import pytest

from sandbox.bands import bands_of
from sandbox.business.total import exchanged, in_order
from sandbox.loss_table import LossTable
from sandbox.questions import Questions
from sandbox.run import simulate
from tests.sandbox.business.mixed import assembled
from tests.sandbox.shipped import small

ORDER = np.arange(40)[::-1].copy()
BY_ROW = {"paid", "premium", "expenses", "largest_event", "largest_claim", "by_segment", "sizes"}
"""What of a table is of its rows, and is money."""
OTHER = {"columns", "basis", "seed", "kind", "currency", "replicate"}


@pytest.fixture(scope="module")
def table():
    asked = Questions(bands=bands_of("1000,10000"))
    more = {"years": 40, "seed": 5, "by": (("city",),), "questions": asked}
    return simulate(assembled("home"), small("home", 300), **more).table


def test_no_part_of_a_table_is_forgotten(table):
    """A field that is added must be sorted into one of the two, and then carried over."""
    assert {field.name for field in fields(LossTable)} == BY_ROW | OTHER
    assert all(getattr(table, name) is not None for name in BY_ROW)


def test_every_amount_is_exchanged(table):
    twice = exchanged(table, 7.1, "USD")
    for name in BY_ROW - {"by_segment", "sizes"}:
        assert np.array_equal(getattr(twice, name), getattr(table, name) * 7.1)
    sizes, was = twice.sizes, table.sizes
    assert np.array_equal(sizes.counts, was.counts)
    assert np.array_equal(sizes.largest, was.largest * 7.1)
    assert sizes.bands.edges == tuple(edge * 7.1 for edge in was.bands.edges)
    assert np.allclose(sizes.paid, was.paid * 7.1, rtol=1e-12)
    assert np.array_equal(np.add.reduce(sizes.paid, axis=2), twice.paid)
    assert np.array_equal(twice.by_segment["city"].paid, table.by_segment["city"].paid * 7.1)


def test_every_row_is_moved(table):
    moved = in_order(table, ORDER)
    for name in BY_ROW - {"by_segment", "sizes"}:
        assert np.array_equal(getattr(moved, name), getattr(table, name)[ORDER])
    for name in ("counts", "paid", "largest"):
        assert np.array_equal(getattr(moved.sizes, name), getattr(table.sizes, name)[ORDER])
    assert np.array_equal(moved.by_segment["city"].paid, table.by_segment["city"].paid[ORDER])
    assert (moved.largest_claim != table.largest_claim).any()
