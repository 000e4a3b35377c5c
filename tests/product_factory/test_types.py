"""A text becomes a number by its declared type, or is refused with what was expected."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadValue
from product_factory.types import Type, day_number, day_of, read_date, read_literal, read_number


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("10000", "money", 10_000.0),
        ("10_000", "money", 10_000.0),
        ("0.01", "money", 0.01),
        ("30%", "ratio", 0.3),
        ("0.3", "ratio", 0.3),
        ("0.1%", "number", 0.001),
        ("1e-3", "number", 0.001),
        ("010", "integer", 10.0),
        ("90 days", "days", 90.0),
        ("1 day", "days", 1.0),
        ("0", "days", 0.0),
        ("6 months", "months", 6.0),
        ("20", "years", 20.0),
        ("2 years", "years", 2.0),
        ("1.5 years", "years", 1.5),
        ("35", "age", 35.0),
        ("-500", "money", -500.0),
    ],
)
def test_a_literal_is_what_its_author_meant(text, kind, value):
    assert read_number(text, kind) == value


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (
            "90",
            "days",
            "expected a number of days such as 90 days, got 90; did you mean 90 days?",
        ),
        ("3 months", "days", "expected a number of days such as 90 days, got 3 months"),
        ("2 years", "money", "expected an amount of money such as 10000, got 2 years"),
        ("30%", "money", "expected an amount of money such as 10000, got 30%"),
        ("30%", "years", "expected a number of years such as 20, got 30%"),
        ("1.5", "integer", "expected a whole number, got 1.5"),
        ("1.5 days", "days", "expected a whole number, got 1.5 days"),
        ("35.5", "age", "expected a whole number, got 35.5"),
        ("nan", "number", "expected a number such as 0.12, got nan"),
        ("inf", "number", "expected a number such as 0.12, got inf"),
        ("1e999999999", "integer", "expected a whole number such as 2, got 1e999999999"),
        ("12:30", "number", "expected a number such as 0.12, got 12:30"),
        (
            "1,000",
            "money",
            "expected an amount of money such as 10000, got 1,000; did you mean '1000'?",
        ),
        ("", "money", "expected an amount of money such as 10000, got "),
    ],
)
def test_what_is_no_such_amount_is_refused_in_words(text, kind, said):
    with pytest.raises(BadValue) as raised:
        read_number(text, kind)
    assert str(raised.value) == said


@given(st.decimals(-(10**9), 10**9, places=6))
def test_a_decimal_is_read_as_the_nearest_float(number):
    assert read_number(str(number), "number") == float(number)


@given(st.decimals(-1_000, 1_000, places=4))
def test_a_percentage_is_the_nearest_float_to_its_hundredth(number):
    """Not the float of the number divided by 100, which may lie one step off."""
    assert read_number(f"{number}%", "ratio") == float(number / 100)


@given(st.text(max_size=12), st.sampled_from(["money", "ratio", "integer", "days", "age"]))
def test_any_text_is_a_finite_number_or_refused(text, kind):
    try:
        value = read_number(text, kind)
    except BadValue:
        return
    assert math.isfinite(value)


def test_a_choice_is_its_place_in_the_list():
    assert read_literal("F", Type("choice", ("M", "F"))) == 1.0


def test_a_chosen_number_is_compared_as_a_number():
    assert read_literal("1e4", Type("money", ("500", "10000"))) == 1.0
    assert read_literal("to 60", Type("years", ("10", "to 60"))) == 1.0


def test_an_unknown_choice_is_told_with_the_list_and_the_nearest():
    with pytest.raises(BadValue, match=r"^expected new or used, got usd; did you mean 'used'\?$"):
        read_literal("usd", Type("choice", ("new", "used")))


def test_a_long_list_of_choices_is_counted_not_listed():
    with pytest.raises(BadValue, match=r"^expected one of 20 choices, got x$"):
        read_literal("x", Type("choice", tuple(f"city_{n}" for n in range(20))))


def test_what_the_entries_of_a_list_amount_to():
    assert Type("years", ("10", "to 60")).amounts() == (10.0, ("to", 60.0))
    with pytest.raises(BadValue, match="expected an amount of money such as 10000, got to 60"):
        Type("money", ("10", "to 60")).amounts()


@pytest.mark.parametrize(
    ("word", "hint"),
    [("true", "yes"), ("Yes", "yes"), ("1", ""), ("y", "yes"), ("on", "yes"), ("否", "no")],
)
def test_only_yes_and_no_are_truths(word, hint):
    meant = f"; did you mean {hint}\\?" if hint else ""
    with pytest.raises(BadValue, match=f"^expected yes or no, got {word}{meant}$"):
        read_literal(word, Type("yes_no"))


@given(st.dates())
def test_a_day_is_counted_from_1970_and_back(day):
    assert read_date(day.isoformat()) == day
    assert day_of(day_number(day)) == day
    assert day_number(day) == (day - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("text", "hint"),
    [("2026/3/1", "; did you mean 2026-03-01?"), ("2026-13-01", ""), ("2026/2/30", ""), ("x", "")],
)
def test_a_day_that_does_not_exist_is_not_suggested(text, hint):
    with pytest.raises(BadValue) as told:
        read_date(text)
    assert str(told.value) == f"expected a day such as 2026-03-01, got {text}{hint}"


@pytest.mark.parametrize("kind", ["text", "list", "schedule", "event"])
def test_what_is_no_number_is_not_calculated_with(kind):
    with pytest.raises(BadValue, match="cannot be used in a calculation"):
        read_literal("x", Type(kind))
