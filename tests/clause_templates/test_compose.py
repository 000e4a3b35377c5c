"""Which articles stand, how they are numbered, what they refer to, what is defined."""

import re
from dataclasses import replace

import pytest

from clause_templates.compose import compose
from clause_templates.library import load_library
from clause_templates.render.markdown import markdown
from clause_templates.wording import Mark
from product_factory.nodes import read_nodes
from product_factory.shelf import installed
from tests.clause_templates.examples import home, module, term_life
from tests.clause_templates.shelf_facts import PRODUCTS as SHELF_PRODUCTS
from tests.clause_templates.shelf_facts import facts

PRODUCTS = {"term_life": term_life(), "home": home()}


@pytest.fixture(params=PRODUCTS)
def wording(request):
    return compose(PRODUCTS[request.param])


def paragraphs(wording, section):
    return [
        p.text
        for article in wording.articles()
        if article.section == section
        for p in article.paragraphs
    ]


def test_articles_count_through_the_whole_contract(wording):
    numbers = [article.number for article in wording.articles()]
    assert [*numbers, wording.glossary.number] == list(range(1, len(numbers) + 2))


def test_every_reference_names_an_article_that_stands(wording):
    anchors = {article.anchor for article in wording.articles()} | {"glossary"}
    anchors |= {definition.anchor for definition in wording.glossary.definitions}
    pointing = [run for _, p in wording.passages() for run in p.runs if run.mark is Mark.REFERENCE]
    assert pointing
    assert all(run.text and run.target in anchors for run in pointing)


def test_every_defined_term_of_an_article_points_at_its_definition(wording):
    named = {one.anchor: one.term for one in wording.glossary.definitions}
    used = [
        run
        for article in wording.articles()
        for p in article.paragraphs
        for run in p.runs
        if run.mark is Mark.TERM
    ]
    assert used
    assert all(named[run.target] == run.text for run in used)


def test_definitions_stand_in_order_of_first_use(wording):
    """Those that only other definitions use come after all that articles use."""
    used = [
        run.text
        for article in wording.articles()
        for p in article.paragraphs
        for run in p.runs
        if run.mark is Mark.TERM
    ]
    terms = [definition.term for definition in wording.glossary.definitions]
    first = list(dict.fromkeys(used))
    assert terms[: len(first)] == first


def test_a_definition_brings_the_definitions_that_it_uses():
    terms = [one.term for one in compose(term_life()).glossary.definitions]
    assert "永久完全" in terms
    assert not any("永久完全" in text for text in markdown(compose(home())).split())


def test_no_template_sign_is_left_in_the_text(wording):
    assert not re.search(r"\[\[|\]\]|\{\{|\}\}|\[[?@#]|\?\]", markdown(wording))


def test_the_waiting_period_stands_only_where_the_product_has_one():
    assert "等待期" in markdown(compose(term_life(waiting=90)))
    assert "等待期" not in markdown(compose(term_life(waiting=0)))


def test_a_section_that_no_module_names_is_left_out_and_nothing_refers_to_it():
    text = markdown(compose(term_life(grace=False)))
    assert "宽限期" not in text
    assert "第二十四条 词语含义" in text


def test_references_within_an_article_say_this_article():
    lines = paragraphs(compose(term_life()), "exclusions/life_statutory")
    assert lines[4].startswith("发生本条第一款第（一）项情形的")
    assert lines[5].startswith("发生本条第一款第（二）项或者本条第一款第（三）项情形的")


def test_references_to_another_article_name_article_and_paragraph():
    lines = paragraphs(compose(term_life()), "general/age_misstatement")
    assert lines[1].endswith("该解除权适用第二十一条第五款和第二十一条第六款的限制；")


def test_a_module_used_twice_gives_an_article_for_each_use():
    facts = home()
    cover = replace(facts.modules[0], alias="explosion", title={"zh": "第二套房屋火灾"})
    values = {
        name.replace("fire.", "explosion.", 1): replace(
            fact, name=name.replace("fire.", "explosion.", 1)
        )
        for name, fact in facts.facts.items()
        if name.startswith("fire.")
    }
    doubled = replace(facts, modules=(cover, *facts.modules), facts={**facts.facts, **values})
    titles = [article.title for article in compose(doubled).articles()]
    assert titles.index("第二套房屋火灾") + 1 == titles.index("火灾与爆炸")


def test_a_list_ends_in_a_full_stop_whichever_items_stand():
    lines = paragraphs(compose(home()), "exclusions/property_common")
    assert [line[-1] for line in lines] == ["：", "；", "。"]


def test_the_exclusions_are_bold_to_the_last_run(wording):
    """保险法 第十七条: what frees the insurer is shown so that it draws attention."""
    articles = [a for a in wording.articles() if a.section.startswith("exclusions/")]
    assert len(articles) == 2
    assert all(run.bold for a in articles for p in a.paragraphs for run in p.runs)


BOLD = {
    "term_life": ["death.waiting", "statutory.suicide_period"],
    "home": [
        "fire.deductible",
        "water_damage.deductible",
        "theft.deductible",
        "theft.event_limit",
        "typhoon.deductible_share",
        "typhoon.least_deductible",
        "fire.limit",
        "average.items",
    ],
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_waiting_periods_deductibles_shares_and_limits_are_bold(name):
    """最高人民法院关于适用保险法的解释(二) 第九条 counts them among the exempting clauses."""
    runs = [
        run
        for article in compose(PRODUCTS[name]).articles()
        for p in article.paragraphs
        for run in p.runs
        if run.fact is not None and run.fact.name in BOLD[name]
    ]
    assert {run.fact.name for run in runs} == set(BOLD[name])
    assert all(run.bold for run in runs)


def test_the_guide_names_rights_and_warnings_with_their_articles(wording):
    rights, attention = wording.guide
    assert len(rights.paragraphs) >= 3
    assert len(attention.paragraphs) >= 6
    for line in (*rights.paragraphs, *attention.paragraphs):
        assert re.search(r"（见第.+条）$", line.text)


def test_the_schedule_has_a_row_for_each_cover_that_pays_for_loss():
    rows = compose(home()).schedule.rows
    assert [row[0].text for row in rows] == ["火灾与爆炸", "管道破裂及水渍", "盗抢", "台风"]
    assert rows[3][2].text == "按比例赔偿计算后损失金额之和的5%，且不低于500元"


def test_the_same_facts_give_the_same_wording():
    assert compose(home()) == compose(home())


def clauses(path):
    return [str(name) for name in read_nodes(path.read_text("utf-8"), path.name).get("clauses", ())]


def test_every_section_and_definition_of_the_shelf_has_a_use():
    """A section stands in a frame or is named by a module; a definition is used by a template.

    No product of the shelf offers instalments, insures two lives, or has a corridor:
    tests/rating/test_modes.py, tests/rating/lives and test_corridor.py have one that does.
    """
    library = load_library("zh")
    free = {"premium/instalments"}
    lives = ("annuity_of_lives", "first_death", "last_death")
    free |= {f"benefits/{name}" for name in (*lives, "corridor")}
    assert free <= {c for m in (installed() / "modules").rglob("*.yaml") for c in clauses(m)}
    wordings = [compose(facts(name)) for name in SHELF_PRODUCTS]
    stand = {article.section for wording in wordings for article in wording.articles()}
    terms = {one.term for wording in wordings for one in wording.glossary.definitions}
    assert set(library.sections) - stand == free
    assert set(library.definitions) - terms == set()


def test_a_cover_of_another_line_finds_no_facts():
    facts = home()
    stray = module("death", "life/death_or_disability", "身故", ("benefits/death_or_disability",))
    with pytest.raises(Exception, match=r"unknown term 'cover\.waiting'"):
        compose(replace(facts, modules=(*facts.modules, stray)))
