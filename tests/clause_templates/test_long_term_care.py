"""The wording of long-term care: two grades, what moves between them, and the death benefit."""

import pytest

from clause_templates.compose import compose
from clause_templates.from_product import facts_of
from clause_templates.trace import unprinted, untraced
from tests.the_shelf import shipped


@pytest.fixture(scope="module")
def wording():
    facts = facts_of(shipped("long_term_care"))
    found = compose(facts)
    assert untraced(found) == ()
    assert unprinted(facts, found) == ()
    return found


@pytest.mark.parametrize(
    "said",
    [
        "按照保险单载明的保险金额的50%给付中度失能护理保险金",
        "按照保险单载明的保险金额给付重度失能护理保险金",
        "被保险人由中度失能转为重度失能的，自转为重度失能之日起按照",
        "被保险人由重度失能转为中度失能的，自转为中度失能之日起按照",
        "不论是否处于失能状态，我们按照截至身故之日的已交保险费乘以本条所列的给付比例给付身故保险金",
        "豁免的保险费不计入已交保险费",
        "具有资质的评估机构出具的失能等级评估结论",
        "中度失能护理保险金、重度失能护理保险金的受益人为被保险人本人",
        "因下列情形之一导致被保险人中度失能或者重度失能的",
    ],
)
def test_it_says(wording, said):
    text = "\n".join(paragraph.text for _, paragraph in wording.passages())
    assert said in text


def test_the_ratios_of_the_death_benefit_are_printed_by_age(wording):
    text = "\n".join(paragraph.text for _, paragraph in wording.passages())
    for ratio in ("160%", "140%", "120%"):
        assert ratio in text
