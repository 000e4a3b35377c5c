"""What `accepts` lets in, judged and enumerated."""

import numpy as np
import pytest

from product_factory.errors import BadInput
from rating.domain import Domain, cells
from rating.encode import encode, readers
from tests.rating.tiny_shelf import changed, product_of

BODY = {"value": 2000, "sum_insured": 1000}
LAMP = {"city": "xian", "age": 30, "kept": "yes", "deductible": 500, "items": {"body": BODY}}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({}, -1),
        ({"age": 51}, 1),
        ({"age": 51, "city": "xiamen"}, -1),
        ({"items": {"body": BODY, "shade": {"value": 20, "sum_insured": 21}}}, 0),
        ({"age": 51, "items": {"body": {"value": 900, "sum_insured": 1000}}}, 0),
    ],
)
def test_the_first_line_that_refuses_is_named_and_any_item_may_fail(shelf, change, line):
    product = product_of(shelf, "lamp")
    risk = encode(readers(product), LAMP | change)
    assert Domain.of(product).refused(risk.columns, risk.offsets).tolist() == [line]


def test_many_risks_are_judged_at_once(shelf):
    product = product_of(shelf, "lamp")
    columns = {
        "city": np.array([1.0, 1.0, 0.0]),
        "age": np.array([50.0, 51.0, 60.0]),
        "sum_insured": np.array([10.0, 11.0, 12.0, 13.0]),
        "value": np.array([10.0, 10.0, 20.0, 12.0]),
    }
    refused = Domain.of(product).refused(columns, np.array([0, 1, 2, 4]))
    assert refused.tolist() == [-1, 0, 0]


def test_cells_are_all_combinations_that_accepts_lets_in(shelf):
    """Against a loop over ages 40 to 45 and terms 10, 20, to 60."""
    found = cells(product_of(shelf, "life"), ["age", "term"])
    expected = [
        (age, place)
        for age in range(40, 46)
        for place, years in enumerate((10, 20, 60 - age))
        if age + years <= 64
    ]
    assert list(zip(found["age"], found["term"], strict=True)) == expected


def test_a_line_that_reads_other_variables_does_not_bound_the_cells(shelf):
    """`enough` reads the sum insured, `pay_within_term` reads pay."""
    product = product_of(shelf, "life")
    assert cells(product, ["pay"])["pay"].tolist() == [0.0, 1.0]
    assert cells(product, ["sum_insured"])["sum_insured"][0] == 2000.0
    both = cells(product, ["age", "term", "pay"])
    assert not np.any((both["term"] == 0.0) & (both["pay"] == 1.0))


def test_an_axis_without_an_end_is_an_error(shelf):
    changed(shelf, "life/product.yaml", "min: 40, max: 45", "min: 40")
    with pytest.raises(BadInput, match="age: an axis of a rate table needs a list"):
        cells(product_of(shelf, "life"), ["age"])


def test_more_values_than_a_table_can_hold_are_not_listed(shelf):
    changed(shelf, "life/product.yaml", "min: 40, max: 45", "min: 40, max: 1000000000")
    with pytest.raises(BadInput, match="age: expected at most 1000000 values of an axis, got 9999"):
        cells(product_of(shelf, "life"), ["age"])


def test_a_product_that_accepts_nobody_has_no_rates(shelf):
    changed(shelf, "life/product.yaml", "age + term <= 64", "age + term <= 6")
    text = "accepts: 'accepts' refuses every combination of age, term"
    with pytest.raises(BadInput, match=text):
        cells(product_of(shelf, "life"), ["age", "term"])


def test_a_line_over_items_must_say_so(shelf):
    changed(shelf, "lamp/product.yaml", "each: item, ", "")
    with pytest.raises(BadInput, match="not_over: this reads values of items; say 'each: item'"):
        Domain.of(product_of(shelf, "lamp"))
