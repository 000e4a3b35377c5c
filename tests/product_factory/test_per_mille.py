"""A share may be written per mille; it is the same share, wherever a share may stand."""

import pytest

from product_factory.errors import At, BadValue
from product_factory.expressions.parse import parse
from product_factory.nodes import Text
from product_factory.types import read_number


@pytest.mark.parametrize(("text", "percent"), [("2.5‰", "0.25%"), ("300 ‰", "30%"), ("0‰", "0%")])
def test_per_mille_is_a_tenth_of_a_percent(text, percent):
    assert read_number(text.replace(" ", ""), "ratio") == read_number(percent, "ratio")
    one, other = (parse(Text(written, At("x", 1, 1))) for written in (text, percent))
    assert (one.value, one.unit) == (other.value, other.unit)


def test_per_mille_stands_in_an_expression():
    product = parse(Text("sum_insured * 1.2‰", At("x", 1, 1)))
    assert product.right.value == 0.0012


@pytest.mark.parametrize("kind", ["money", "days", "age", "integer"])
def test_what_is_no_share_has_no_per_mille(kind):
    with pytest.raises(BadValue, match="expected"):
        read_number("5‰", kind)
