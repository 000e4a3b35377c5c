"""Numerals of articles, and the independent reader of figures."""

from decimal import Decimal

import pytest

from clause_templates.numerals import LARGEST, chinese
from clause_templates.scan import scan


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (3, "三"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (999, "九百九十九"),
    ],
)
def test_numerals_are_written_as_word_counts(number, text):
    """The forms of Word's chineseCountingThousand, which numbers the articles of the docx."""
    assert chinese(number) == text


def test_every_numeral_reads_back_as_its_number():
    for number in range(1, LARGEST + 1):
        (found,) = scan(chinese(number))
        assert found.worth == number


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_a_number_outside_of_the_range_is_refused(number):
    with pytest.raises(ValueError, match=f"expected 0 to 999, got {number}"):
        chinese(number)


@pytest.mark.parametrize(
    ("text", "figure", "worth"),
    [
        ("等待期为90日", "90", "90"),
        ("给付９０％的金额", "９０％", "0.9"),
        ("保险金额100万元", "100万", "1000000"),
        ("共计2,000元", "2,000", "2000"),
        ("按2.5%计算", "2.5%", "0.025"),
        ("三十日内", "三十", "30"),
        ("满二年的", "二", "2"),
        ("叁万伍仟元整", "叁万伍仟", "35000"),
        ("百分之五", "百分之五", "0.05"),
        ("百分之20", "百分之20", "0.2"),
        ("千分之三", "千分之三", "0.003"),
        ("一亿二千万元", "一亿二千万", "120000000"),
        ("二〇二六年", "二〇二六", "2026"),
        ("赔付七成", "七成", "0.7"),
        ("两倍保险金额", "两倍", "2"),
        ("双倍给付", "双倍", "2"),
        ("按半数给付", "半", "0.5"),
        ("一年半", "一", "1"),
        ("三点五倍", "三点五倍", "3.5"),
        ("第②项", "②", "2"),
        ("Ⅲ类", "Ⅲ", "3"),
        ("㈤", "㈤", "5"),
        ("½", "½", "0.5"),
        ("廿日", "廿", "20"),
    ],
)
def test_figures_are_found_and_read(text, figure, worth):
    found = next(scan(text))
    assert (found.text, found.worth) == (figure, Decimal(worth))


@pytest.mark.parametrize("text", ["加倍给付", "成数另行约定", "百分之若干", "万分之一"])
def test_words_of_proportion_are_found_even_where_they_cannot_be_read(text):
    assert list(scan(text))


def test_plain_words_hold_no_figure():
    assert list(scan("保险人应当及时向投保人签发保险单，并载明约定的内容。")) == []
