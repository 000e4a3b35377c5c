"""What a wording states: its words, what is highlighted, whether all exclusions are."""

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
