"""Messages about parameters name the parameter, what was expected and what was got."""

import math

import pytest

from product_factory.errors import BadValue
from product_factory.numbers.domains import require_form, require_positive

FORMS = (("mean", "cv"), ("mu", "sigma"))


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_what_is_not_finite_and_positive_is_refused(value: float):
    with pytest.raises(BadValue, match=rf"x\.cv: expected a number above 0, got {value:g}$"):
        require_positive("x.cv", value)


def test_values_come_in_the_order_of_their_form():
    assert require_form("lognormal", FORMS, {"cv": 2.0, "mean": 1.0}) == (1.0, 2.0)


def test_other_names_are_refused_with_the_forms():
    message = "lognormal: expected mean and cv or mu and sigma, got mean and sigma"
    with pytest.raises(BadValue, match=f"^{message}$"):
        require_form("lognormal", FORMS, {"sigma": 1.0, "mean": 2.0})
    with pytest.raises(BadValue, match=r"got nothing$"):
        require_form("lognormal", FORMS, {})
