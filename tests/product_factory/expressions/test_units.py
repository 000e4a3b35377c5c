"""Units are checked: what may be added, compared, multiplied, and what a place asks for."""

import pytest

from product_factory.errors import BadInput
from product_factory.types import Type
from tests.product_factory.expressions.bound import bound_type, inputs

SCOPE = inputs(
    loss="money", value="money", share="ratio", count="integer", waiting="days", term="years",
    age="age", started="date", date="date", insured="yes_no", months="months",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("loss + value", "money"),
        ("loss * share", "money"),
        ("share * loss", "money"),
        ("loss / value", "number"),
        ("loss / 2", "money"),
        ("share + count", "ratio"),
        ("loss + 500", "money"),
        ("500 + loss", "money"),
        ("age + term", "age"),
        ("date - started", "days"),
        ("started + waiting", "date"),
        ("started + 30 days", "date"),
        ("loss > value", "yes_no"),
        ("date >= 2026-03-01", "yes_no"),
        ("waiting < 90 days", "yes_no"),
        ("insured and loss > 0", "yes_no"),
        ("not insured", "yes_no"),
        ("min(loss, value, 100)", "money"),
        ("if(insured, loss, 0)", "money"),
        ("(1 + share) ^ term", "number"),
        ("-loss", "money"),
        ("max(date, started)", "date"),
        ("if(insured, date, started)", "date"),
    ],
)
def test_units_that_fit_give_the_unit_of_the_result(text, kind):
    assert bound_type(text, SCOPE).kind == kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("loss + waiting", "x:1:6: cannot add money and a number of days"),
        ("loss - 2 years", "x:1:6: cannot subtract money and a number of years"),
        ("loss < 30%", "x:1:6: cannot compare money and a ratio"),
        ("waiting < term", "x:1:9: cannot compare a number of days and a number of years"),
        ("loss * value", "x:1:6: cannot multiply money by money"),
        ("share / loss ^ 2", "x:1:14: cannot raise money to a plain number"),
        ("2 ^ loss", "x:1:3: cannot raise a plain number to money"),
        ("waiting / loss", "x:1:9: cannot divide a number of days by money"),
        ("min(loss, waiting)", "x:1:1: cannot compare money and a number of days"),
        ("date + started", "x:1:6: cannot add a date and a date"),
        ("if(insured, loss, waiting)", "x:1:1: cannot choose between money and a number of days"),
        ("loss and insured", "x:1:1: expected yes or no, got money"),
        ("not loss", "x:1:5: expected yes or no, got money"),
        ("if(loss, 1, 2)", "x:1:4: expected yes or no, got money"),
        ("date + 1 months", "x:1:6: cannot add a date and a number of months"),
    ],
)
def test_units_that_do_not_fit_are_told_at_the_operator(text, said):
    with pytest.raises(BadInput) as raised:
        bound_type(text, SCOPE)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        ("loss", "days", "x:1:1: expected a number of days such as 90 days, got money"),
        (
            "90",
            "days",
            "x:1:1: expected a number of days such as 90 days, got 90; did you mean 90 days?",
        ),
        ("30%", "money", "x:1:1: expected an amount of money such as 10000, got 30%"),
        ("1.5 days", "days", "x:1:1: expected a whole number, got 1.5 days"),
        ("insured", "money", "x:1:1: expected an amount of money such as 10000, got yes or no"),
        ("loss", "yes_no", "x:1:1: expected yes or no, got money"),
        ("loss + 1", "ratio", "x:1:6: expected a share such as 30%, got money"),
        ("los", "money", "x:1:1: unknown name 'los'; did you mean 'loss'?"),
    ],
)
def test_a_value_must_be_what_its_place_asks_for(text, wanted, said):
    with pytest.raises(BadInput) as raised:
        bound_type(text, SCOPE, Type(wanted))
    assert str(raised.value) == said
