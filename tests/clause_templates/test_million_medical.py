"""The wording of million_medical: law 2 both ways, and what short-term health must say."""

import shutil

import pytest

from clause_templates.compose import compose
from clause_templates.from_product import facts_of
from clause_templates.library import ROOT, load_library
from clause_templates.trace import trace, unprinted, untraced
from tests.the_shelf import shipped

FACTS = facts_of(shipped("million_medical"))
WORDING = compose(FACTS)


def plain(wording) -> str:
    return "\n".join(paragraph.text for _, paragraph in wording.passages())


def test_every_figure_traces_to_the_product():
    assert untraced(WORDING) == ()
    assert {figure.text for figure in trace(WORDING)} >= {
        "200万",
        "60%",
        "100%",
        "30",
        "1万",
        "2万",
    }


def test_every_term_that_moves_money_is_printed():
    assert {name.partition(".")[2] for name in FACTS.reads} == {
        "care",
        "loading",
        "waiting",
        "deductible",
        "share",
        "share_unsettled",
        "limit",
    }
    assert unprinted(FACTS, WORDING) == ()


def test_what_a_short_term_health_wording_must_say_and_may_not():
    """银保监办发〔2021〕7号 三 and the notice of 2022-07-27, facts H03, H14, H15."""
    text = plain(WORDING)
    for word in (
        "不保证续保",
        "保险期间届满，您需要重新向我们申请投保本产品，并经我们同意，交纳保险费，获得新的保险合同",
        "等待期内被保险人确诊的疾病",
        "在保单生效之前被保险人已患有的且已知晓的有关疾病或症状",
    ):
        assert word in text
    for word in ("自动续保", "承诺续保", "终身限额", "可续保至", "不因健康变化", "费率调整"):
        assert word not in text


def test_the_shared_balances_name_the_other_benefit():
    text = plain(WORDING)
    assert "该免赔额由本项责任和特殊门诊医疗费用保险金共用" in text
    assert "该限额由本项责任和住院医疗费用保险金共用" in text


def test_exclusions_and_what_lessens_a_payment_are_bold():
    for article in WORDING.articles():
        bold = "".join(r.text for p in article.paragraphs for r in p.runs if r.bold)
        if article.section in ("exclusions/medical_common", "contract/no_guaranteed_renewal"):
            assert all(run.bold for p in article.paragraphs for run in p.runs)
        if article.section == "benefits/medical_expenses":
            assert all(figure in bold for figure in ("30日", "1万元、2万元", "60%", "200万元"))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("{{ cover.share_unsettled | ratio }}。**", "六成。**", "'六成' is a figure"),
        ("{{ cover.waiting | days }}", "三十日", "'三十' is a figure"),
    ],
)
def test_a_figure_typed_into_the_benefit_is_caught(tmp_path, old, new, found):
    shelf = tmp_path / "clause_templates"
    shutil.copytree(ROOT / "zh", shelf / "zh")
    path = shelf / "zh" / "benefits" / "medical_expenses.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    wording = compose(FACTS, library=load_library("zh", shelf))
    assert any(found in str(problem) for problem in untraced(wording))


def test_a_term_left_out_of_the_wording_is_caught(tmp_path):
    shelf = tmp_path / "clause_templates"
    shutil.copytree(ROOT / "zh", shelf / "zh")
    path = shelf / "zh" / "benefits" / "medical_expenses.md"
    text = path.read_text(encoding="utf-8").replace("{{ cover.limit | money_cn }}", "约定的金额")
    path.write_text(text, encoding="utf-8")
    problems = unprinted(FACTS, compose(FACTS, library=load_library("zh", shelf)))
    assert [problem.path for problem in problems] == [
        "inpatient.limit",
        "special_outpatient.limit",
    ]
