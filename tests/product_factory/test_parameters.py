"""Dated parameters: each day has one value, no day before the first has any."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.parameters import ParameterFile, unite
from product_factory.strict import read
from tests.product_factory.shelves import FILES, altered, made

FIRST = date(2010, 1, 1)


def parameters(*texts):
    return unite(tuple(read(ParameterFile, read_nodes(text, "cn.yaml")) for text in texts))


def dated(*rows):
    lines = [f"      - {{from: {d}, is: {v}, reference: r, trust: read}}" for d, v in rows]
    head = ["parameters: cn", "list:", "  cap:", "    title: {zh: 上限, en: Cap}"]
    return "\n".join([*head, "    type: ratio", "    dated:", *lines, ""])


CAP = parameters(dated(("2013-08-05", "3.5%"), ("2024-09-01", "2.5%"), ("2025-09-01", "2.0%")))


@pytest.mark.parametrize(
    ("day", "value", "text"),
    [
        ("2013-08-05", 0.035, "3.5%"),
        ("2024-08-31", 0.035, "3.5%"),
        ("2024-09-01", 0.025, "2.5%"),
        ("2025-09-01", 0.02, "2.0%"),
        ("2099-01-01", 0.02, "2.0%"),
    ],
)
def test_a_value_holds_from_its_day_on(day, value, text):
    found = CAP.value("cn.cap", date.fromisoformat(day))
    assert (found.value, found.text) == (value, text)


def test_before_the_first_day_there_is_no_value():
    with pytest.raises(BadInput) as raised:
        CAP.value("cn.cap", date(2013, 8, 4))
    assert str(raised.value) == (
        "cn.yaml:4:5: 'cn.cap' has no value on 2013-08-04; the first is from 2013-08-05"
    )


def test_a_value_knows_its_law_and_its_line():
    found = CAP.value("cn.cap", date(2025, 1, 1))
    assert (found.reference, found.trust, str(found.at)) == ("r", "read", "cn.yaml:8:32")


@given(st.lists(st.integers(0, 9_000), min_size=1, max_size=6, unique=True), st.integers(0, 10_000))
def test_the_value_of_a_day_is_that_of_the_last_date_not_after_it(starts, asked):
    starts = sorted(starts)
    rows = [(FIRST + timedelta(days), f"{number}%") for number, days in enumerate(starts)]
    entries = parameters(dated(*rows))
    current = [number for number, days in enumerate(starts) if days <= asked]
    if current:
        found = entries.value("cn.cap", FIRST + timedelta(asked))
        assert found.value == current[-1] / 100
    else:
        with pytest.raises(BadInput, match="has no value on"):
            entries.value("cn.cap", FIRST + timedelta(asked))


def test_a_name_in_two_files_is_an_error():
    with pytest.raises(BadInput, match=r"cn.yaml:4:5: cn.cap: is defined twice"):
        parameters(dated(("2013-08-05", "1%")), dated(("2013-08-05", "1%")))


def test_a_product_takes_the_values_of_the_day_that_is_asked_for(tmp_path):
    files = altered("modules/gadget/repair.yaml", ("default: 10 days", "default: 50 days"))
    assert made(tmp_path, "repair", files).parameters["cn.longest_notice"].value == 60
    with pytest.raises(BadInput, match=r"repair\.notice: expected 30 days or less, got 50 days"):
        made(tmp_path, "repair", files, on=date(2019, 12, 31))


def test_a_schedule_holds_each_row_from_its_point_on(tmp_path):
    found = made(tmp_path, "repair").parameters["cn.death_ratio"]
    assert found.value == ((18.0, 1.6), (41.0, 1.4))
    assert (found.by, found.text) == ("attained_age", "18: 160%, 41: 140%")


def test_the_day_is_the_effective_date_unless_another_is_asked_for(tmp_path):
    assert made(tmp_path, "repair").on == date(2026, 3, 1)
    day = date(2030, 1, 1)
    assert made(tmp_path, "repair", FILES, on=day).on == day
