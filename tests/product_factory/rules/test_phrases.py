"""Phrases: gaps within a sentence, figures of parameters, only, order, and texts not meant."""

from datetime import date

import pytest

from product_factory.nodes import read_nodes
from product_factory.rules.facts import TextFact
from product_factory.rules.phrases import look
from product_factory.rules.rule import Rule
from product_factory.strict import read
from tests.product_factory.rules.stated import PARAMETERS, parameters

RULE = """\
rule: cn/some
law: L00
reference: none
from: 2020-01-01
title: {{zh: 某, en: Some}}
facts: wording
within: wording.text
{lines}
severity: error
says: {{zh: 某, en: some}}
"""


def looked(lines, *paragraphs, known=PARAMETERS):
    rule = read(Rule, read_nodes(RULE.format(lines=lines), "rules/cn/some.yaml"))
    return look(TextFact(paragraphs), rule, known)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("最高可续保至80周岁。", ("可续保至80周岁",)),
        ("可续保至八十 周岁", ("可续保至八十周岁",)),
        ("可续保至期满。年满60周岁的", ()),
        ("可续保至期满；年满60周岁的", ()),
        ("周岁以后可续保至", ()),
        ("甲。乙可续保至99周岁。", ("可续保至99周岁",)),
    ],
)
def test_a_gap_stands_for_words_of_one_sentence_and_the_words_are_shown(text, found):
    assert looked("forbids: [可续保至…周岁]", text).found == found


def test_two_gaps_stand_in_order():
    line = "forbids: [不因…健康…拒绝]"
    assert looked(line, "我们不因您的健康状况拒绝续保").found == ("不因您的健康状况拒绝",)
    assert looked(line, "我们不因拒绝告知健康状况解约").passed


@pytest.mark.parametrize("text", ["自生效日起60日内", "自生效日起60天内"])
def test_a_figure_is_the_value_of_a_parameter_as_wordings_write_it(text):
    assert looked('requires: ["{cn.life.grace_min}内"]', text).passed


def test_a_wrong_figure_is_missed_and_told_with_the_right_one():
    found = looked('requires: ["{cn.life.grace_min}内"]', "自生效日起30日内")
    assert found.missing == ("60日内",)


def test_a_figure_moves_with_its_day():
    known = parameters(date(2023, 1, 1))
    assert not looked('requires: ["{cn.life.pricing_rate_cap}"]', "0.025", known=known).passed
    assert looked('requires: ["{cn.life.pricing_rate_cap}"]', "0.035", known=known).passed


def test_each_entry_of_only_must_be_known():
    assert looked("only: [war, drugs]", "war").passed
    assert looked("only: [war, drugs]", "war", "pregnancy").found == ("pregnancy",)


def test_what_stands_must_stand_in_order_and_what_does_not_stand_does_not_count():
    line = "in_order: [甲, [乙, 丙], 丁]"
    assert looked(line, "甲", "丙", "丁").passed
    assert looked(line, "甲丁").passed
    assert looked(line, "丁", "甲").missing == ("丁",)
    assert looked(line, "丙甲丁").missing == ("乙",)


def test_a_text_without_the_word_is_not_meant():
    line = "if_stands: [既往症]\nrequires: [已知晓]"
    assert not looked(line, "其他").meant
    assert looked(line, "既往症").missing == ("已知晓",)
    assert looked(line, "既往症", "已知晓").passed
