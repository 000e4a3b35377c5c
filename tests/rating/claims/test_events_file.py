"""A user's file of events: read with places, paid as the claims beside a product are."""

import pytest

from product_factory.errors import BadInput
from rating.claims import pay_with, read_events
from tests.rating.claims.shelf_products import plan

GOOD = """\
policy:
  start: 2026-03-01
  city: xiamen
  construction: brick_wood
  deductible: 500
  items: {building: {value: 200000, sum_insured: 200000}}
events:
  - {date: 2026-04-01, event: fire.occurrence, marks: {cause: accidental, loss: {building: 9000}}}
"""


def written(tmp_path, text):
    path = tmp_path / "events.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_events_is_paid(tmp_path):
    policy, events = read_events(written(tmp_path, GOOD))
    assert pay_with(plan("home"), policy, events).total == 8500.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("policy:", "polici:", "events.yaml:1:1: unknown key 'polici'; did you mean 'policy'?"),
        (
            "date: 2026-04-01",
            "date: 2026-04-31",
            "events.yaml:8:12: events[0].date: expected a day",
        ),
        (
            "date: 2026-04-01",
            "date: 2026-02-28",
            "events.yaml:8:12: events[0].date: expected the policy's start 2026-03-01 or later",
        ),
        ("event: fire", "evnt: fire", "events.yaml:8:24: events[0]: unknown key 'evnt'"),
        ("xiamen", "xiamn", "events.yaml:3:9: city: expected one of"),
        (
            "cause: accidental",
            "couse: wear",
            "events.yaml:8:63: events[0].marks: unknown mark 'couse'",
        ),
        ("9000", "-9000", "events.yaml:8:92: events[0].marks.loss.building: expected 0 or more"),
        ("start: 2026-03-01", "strat: 2026-03-01", "events.yaml:2:3: unknown variable 'strat'"),
        ("cause: accidental, ", "", "events.yaml:8:55: events[0].marks: 'cause' is not stated"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, old, new, message):
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(BadInput) as caught:
        pay_with(plan("home"), *read_events(path))
    assert any(message in str(problem) for problem in caught.value.problems), str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"policy: 5\nevents: []\n", "events.yaml:1:9: policy: expected keys with values, got 5"),
        (b"policy: {}\nevents: []\nx: \xff", "events.yaml:3:1: expected text in UTF-8"),
        (b"", "expected a document, got an empty file"),
    ],
)
def test_a_file_that_holds_no_events_is_an_error(tmp_path, content, message):
    path = tmp_path / "events.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_events(path)
    assert message in str(caught.value)


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(BadInput, match="there is no such file"):
        read_events(tmp_path / "none.yaml")
