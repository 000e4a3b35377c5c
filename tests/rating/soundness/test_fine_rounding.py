"""A step that rounds money more finely than rounding is exact for at every amount is told."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from product_factory.numbers.rounding import round_half_up
from rating.plan import bind
from rating.soundness import fine_rounding
from tests.rating.tiny_shelf import changed, product_of, write_shelf


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("0.01", []),
        ("0.001", []),
        ("0.0005", ["rounding to 0.0005 is exact below 50,000,000,000 only"]),
        ("0.0001", ["rounding to 0.0001 is exact below 10,000,000,000 only"]),
    ],
)
def test_money_that_is_rounded_below_a_tenth_of_a_cent_is_told(tmp_path, to, says):
    root = write_shelf(tmp_path)
    changed(root, "lamp/rating.yaml", "to: 0.01", f"to: {to}")
    found = list(fine_rounding(bind(product_of(root, "lamp"))))
    assert [flaw.en for flaw in found] == [f"{text}, expected 0.001 or more" for text in says]
    assert all(not flaw.sure and flaw.name == "payable" for flaw in found)
    assert all(str(flaw.at).startswith("products/lamp/rating.yaml:") for flaw in found)


def test_a_rate_may_be_rounded_as_finely_as_it_is_filed(tmp_path):
    root = write_shelf(tmp_path)
    changed(root, "lamp/rating.yaml", "of: premium, to: 0.01", "of: age_factor, to: 0.0001")
    assert list(fine_rounding(bind(product_of(root, "lamp")))) == []


def test_what_is_told_is_where_rounding_leaves_the_decimal_that_is_read():
    """Below 1e14 units the law holds; above, a half that is written differs from the double."""

    def decimal(x):
        return float(Decimal(repr(x)).quantize(Decimal("0.0001"), ROUND_HALF_UP))

    below = [10_000_000_000.0 - k - 0.00005 for k in range(1, 2000)]
    assert all(round_half_up(x, 1.0, 10_000.0) == decimal(x) for x in below)
    above = [k * 10_000_000_019.0 + 0.00005 for k in range(1, 2000)]
    assert any(round_half_up(x, 1.0, 10_000.0) != decimal(x) for x in above)
