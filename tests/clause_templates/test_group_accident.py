"""The wording of a group: the scale that a promise reads, what members choose, who they are."""

from dataclasses import replace

from clause_templates.compose import compose
from clause_templates.from_product import facts_of
from clause_templates.render.markdown import markdown
from clause_templates.trace import unprinted
from tests.the_shelf import shipped

GROUP = shipped("group_accident")
FACTS = facts_of(GROUP)
SCALE = "injury.disability_scale.share"


def test_every_row_of_the_scale_is_printed_from_its_line():
    text = markdown(compose(FACTS))
    rows = FACTS.facts[SCALE].values
    assert len(rows) == 10
    for grade, share in (("一", 100), ("二", 90), ("十", 10)):
        assert f"{grade}级伤残：{share}%" in text
    assert len({row.at.line for row in rows}) == 10


def test_the_scale_moves_money_so_that_a_wording_without_it_is_told():
    wording = compose(FACTS)
    chapters = tuple(
        replace(
            chapter,
            articles=tuple(
                a for a in chapter.articles if a.section != "benefits/accident_death_disability"
            ),
        )
        for chapter in wording.chapters
    )
    missing = {problem.path for problem in unprinted(FACTS, replace(wording, chapters=chapters))}
    assert SCALE in missing


def test_what_each_member_chooses_and_how_many_they_are_is_printed():
    text = markdown(compose(FACTS))
    assert "年度给付限额为1万元、2万元、5万元，由您在投保时为每一被保险人选定" in text
    assert "津贴日额为50元、100元、150元" in text
    assert "投保时被保险人应当不少于3人" in text
    assert "不得指定被保险人及其近亲属以外的人为受益人" in text
