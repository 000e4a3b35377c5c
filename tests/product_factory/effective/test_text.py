"""Two texts are equal when they mean the same, and differ when they do not."""

import pytest

from product_factory.effective.text import risk_text, text
from product_factory.effective.walk import listed
from product_factory.expressions.values import read_conditions, read_value
from product_factory.nodes import read_nodes
from product_factory.risk import read_risk


def said(written, reader=read_value):
    found = reader(read_nodes(f"x: {written}", "x.yaml")["x"])
    return risk_text(found) if reader is read_risk else text(found)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("30%", "0.3"),
        ("0.30", ".3"),
        ("(a)", "a"),
        ("a+b*c", "a + (b * c)"),
        ("(a + b) + c", "a + b + c"),
        ("a ^ (b ^ c)", "a ^ b ^ c"),
        ("1 - 0.35", "65%"),
        ("2 * 3 * a", "6 * a"),
        ("90 days", "90.0 days"),
        ("'max(a,b)'", "'max( a , b )'"),
        ("not (a < b)", "not a < b"),
        ("-(a)", "-a"),
    ],
)
def test_the_same_meaning_has_one_text(written, same):
    assert said(written) == said(same)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("a - (b - c)", "a - b - c"),
        ("a / (b / c)", "a / b / c"),
        ("(a ^ b) ^ c", "a ^ b ^ c"),
        ("(a + b) * c", "a + b * c"),
        ("-(a + b)", "-a + b"),
        ("not (a and b)", "not a and b"),
        ("90 days", "90 months"),
        ("a", "b"),
        ("'min(a, b)'", "'max(a, b)'"),
    ],
)
def test_another_meaning_has_another_text(written, other):
    assert said(written) != said(other)


@pytest.mark.parametrize(
    "written",
    ["a - (b - c)", "(a + b) * c", "-(a + b) ^ 2", "'min(a, 2) / (b - c)'", "not (a < b)"],
)
def test_a_text_reads_back_as_what_it_was_written_from(written):
    once = said(written)
    assert said(f"'{once}'") == once


def test_the_order_of_conditions_and_of_words_in_one_does_not_count():
    one = "{sex: M, pay: [5, 10], age: {at_least: 20, below: 30}}"
    two = "{age: {below: 30, at_least: 20}, pay: ['10', '5.0', 5], sex: M}"
    assert said(one, read_conditions) == said(two, read_conditions)
    assert said(one, read_conditions) == "age < 30 and >= 20, pay = 10 or 5, sex = M"


def test_cases_shares_and_models_have_a_text():
    cases = "[{when: {a: x}, is: {kind: beta, mean: 1%, cv: 2}}, {otherwise: 0}]"
    assert said(cases, read_risk) == "when a = x: beta {cv: 2, mean: 0.01}; otherwise: 0"
    assert said("{b: 10%, a: 90%}", read_risk) == "{a: 0.9, b: 0.1}"
    assert said("[{when: {a: x}, is: 1}, {otherwise: 2}]") == "when a = x: 1; otherwise: 2"


def test_no_two_lists_are_written_the_same():
    lists = [["a", "b"], ["a, b"], ['"a", "b"'], ["[a", "b]"], ["a"], []]
    assert len({listed(one) for one in lists}) == len(lists)
