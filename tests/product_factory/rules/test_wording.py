"""What a wording states: its words, what is highlighted, whether all exclusions are."""

import pytest

from product_factory.rules.wording import Printed, wording_facts

TITLE = Printed("exclusions/life", (("责任免除", False),), heading=True)
BOLD = Printed("exclusions/life", (("投保人", True), ("故意杀害", True)))
PARTLY = Printed("exclusions/life", (("投保人", True), ("故意杀害", False)))
OTHER = Printed("contract/term", (("保险期间为", False), ("二十年", True), ("。", False)))


def highlighted(*printed):
    return wording_facts(printed).numbers["wording.exclusions_highlighted"].value


def test_exclusions_are_highlighted_when_every_run_is_bold():
    assert highlighted(TITLE, BOLD, OTHER) == 1.0
    assert highlighted(TITLE, BOLD, PARTLY, OTHER) == 0.0


def test_a_wording_without_exclusions_highlights_none():
    assert highlighted(OTHER) == 0.0


def test_text_and_highlighted_text_stand_apart():
    facts = wording_facts([TITLE, BOLD, OTHER])
    assert facts.texts["wording.text"].texts == ("责任免除", "投保人故意杀害", "保险期间为二十年。")
    assert facts.texts["wording.highlighted"].texts == ("投保人故意杀害", "二十年")
    assert facts.stages == {"wording"}


@pytest.mark.parametrize(
    ("paragraphs", "together"),
    [
        ((OTHER, TITLE, BOLD), 1.0),
        ((TITLE, BOLD, OTHER), 1.0),
        ((TITLE, OTHER, BOLD), 0.0),
        ((OTHER,), 0.0),
    ],
)
def test_exclusions_stand_together_when_nothing_stands_between_them(paragraphs, together):
    assert wording_facts(paragraphs).numbers["wording.exclusions_together"].value == together


def test_headings_stand_in_reading_order():
    second = Printed("glossary", (("释义", False),), heading=True)
    facts = wording_facts([TITLE, BOLD, second, OTHER])
    assert facts.texts["wording.headings"].texts == ("责任免除", "释义")
