"""Occurrences that a programme cannot settle exactly, or would settle wrongly, are refused."""

import math
import re

import numpy as np
import pytest

from product_factory.errors import BadValue
from sandbox.reinsurance import Occurrences
from sandbox.reinsurance.occurrences import CEILING


@pytest.mark.parametrize(
    ("year", "amount", "says"),
    [
        ([0, 2], [1.0, 1.0], "expected years 0 to 1, got 0 to 2"),
        ([1, 0], [1.0, 1.0], "expected years in order, got 0 after 1"),
        ([0, 1], [1.0, -1.0], "expected amounts from 0 to 8796093022208, got -1.0"),
        ([0, 1], [math.nan, 1.0], "expected amounts from 0 to 8796093022208, got nan"),
        ([0, 1], [CEILING, 1.0], "expected amounts from 0 to 8796093022208, got 8796093022208.0"),
        ([0], [1.0, 1.0], "expected a year for each amount"),
    ],
)
def test_occurrences_out_of_order_or_range_are_refused(year, amount, says):
    with pytest.raises(BadValue, match=says):
        Occurrences(np.array(year), np.array(amount), 2)


@pytest.mark.parametrize(
    ("column", "values", "says"),
    [
        ("time", [0, 1.2, 1], "expected times from 0 to 1, as part of the year, got 1.2 in row 1"),
        ("time", [0, 0.5, -0.1], "as part of the year, got -0.1 in row 2"),
        ("time", [math.nan, 0.5, 1], "as part of the year, got nan in row 0"),
        ("risks", [1, 2.5, 3], "expected a whole number of risks, 1 or more, got 2.5 in row 1"),
        ("risks", [0, 1, 1], "1 or more, got 0.0 in row 0"),
        ("risks", [1, 1, math.inf], "1 or more, got inf in row 2"),
        ("risks", [1, math.nan, 1], "1 or more, got nan in row 1"),
        ("event", [7, 3, 7], "rows of an event together, got event 7 of year 1 once more in row 2"),
        ("event", [-(2**63), 2**63 - 1, -(2**63)], "of year 1 once more in row 2"),
    ],
)
def test_columns_that_would_spoil_a_settlement_are_refused(column, values, says):
    """A split event would meet the layer twice, parts of a risk leave the grid of exact sums."""
    with pytest.raises(BadValue, match=f"^occurrences: .*{re.escape(says)}$"):
        Occurrences(np.ones(3, dtype=int), np.ones(3), 2, **{column: np.array(values)})


@pytest.mark.parametrize("far", [0, 2**62])
def test_an_event_is_one_of_its_year_in_any_order_of_numbers(far):
    """Numbers need not rise, and the next year has events of the same ones."""
    event = np.array([4, 4, -far, far, far, 2, 4])
    year = np.array([0, 0, 0, 0, 1, 1, 1])
    assert Occurrences(year, np.ones(7), 9, event=event).event.tolist() == event.tolist()
