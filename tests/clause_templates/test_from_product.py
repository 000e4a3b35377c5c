"""The wording of every product on the shelf, from its files to its figures."""

import dataclasses

import pytest

from clause_templates.compose import compose
from clause_templates.facts import ToAge
from clause_templates.from_product import facts_of
from clause_templates.render.markdown import markdown
from clause_templates.scan import scan
from clause_templates.trace import trace, unprinted, untraced
from product_factory.expressions.values import read_value
from product_factory.nodes import Text
from tests.clause_templates.shelf_facts import PRODUCTS, SHELF, facts
from tests.the_shelf import shipped


def test_the_shelf_holds_products():
    assert {"home", "term_life"} <= set(PRODUCTS)


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_number_in_the_wording_is_a_number_of_the_product(name):
    """DESIGN section 1, law 2, first half."""
    wording = compose(facts(name))
    assert untraced(wording) == ()
    assert len(trace(wording)) >= 25


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_term_that_moves_money_is_in_the_wording(name):
    """DESIGN section 1, law 2, second half."""
    found = facts(name)
    assert found.reads
    assert unprinted(found, compose(found)) == ()


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_figure_comes_from_a_line_of_the_shelf_that_holds_it(name):
    """The line named holds the same number as its author wrote it: 10万 is 100000 there."""
    for figure in trace(compose(facts(name))):
        path = SHELF.root.parent / figure.source.file
        line = path.read_text("utf-8").splitlines()[figure.source.line - 1]
        assert figure.worth in {found.worth for found in scan(line)}, figure


def test_what_price_and_payout_read_is_collected():
    assert facts("term_life").reads == {
        "death.waiting",
        "statutory.suicide_period",
        "free_look.free_look",
    }
    assert {
        "fire.deductible",
        "theft.event_limit",
        "typhoon.deductible_share",
        "average.items",
    } <= (facts("home").reads)


def test_a_choice_is_a_list_and_a_term_to_an_age_stays_one():
    found = facts("term_life").facts
    assert found["contract.term"].values[-1] == ToAge(60)
    assert [int(value) for value in found["contract.term"].values[:-1]] == [10, 20, 30]


def test_a_term_filled_by_a_dated_parameter_carries_its_law():
    fact = facts("term_life").facts["statutory.suicide_period"]
    assert fact.reference == "保险法 第四十四条"
    assert fact.at.file == "products/parameters/cn.yaml"


def test_a_joined_limit_names_the_covers_that_share_it():
    shared = facts("home").facts["theft.limit.shared"]
    assert [one.text["zh"] for one in shared.values] == ["火灾与爆炸", "管道破裂及水渍", "台风"]


def test_an_event_a_list_and_a_schedule_are_printed_as_the_product_sets_them():
    illness, life = facts("critical_illness"), facts("increasing_whole_life")
    assert "moderate.event" in illness.reads
    assert illness.facts["moderate.event"].value.text["zh"] == "中度疾病"
    assert len(illness.facts["severe.illnesses"].values) == 28
    assert "death.death_ratio" in life.reads
    rows = life.facts["death.death_ratio"].values
    assert [(int(row.start), str(row.value)) for row in rows] == [
        (18, "1.6"),
        (41, "1.4"),
        (61, "1.2"),
    ]
    items = [p.text for a in compose(life).articles() if a.section == "benefits/death_increasing"
             for p in a.paragraphs]  # fmt: skip
    assert "满18周岁、不满41周岁的，为160%；" in items
    assert "满61周岁的，为120%。" in items


def test_a_covers_times_gap_and_share_are_in_its_article():
    wording = compose(facts("critical_illness"))
    benefit = [a for a in wording.articles() if a.section == "benefits/lesser_illness"]
    assert [article.title for article in benefit] == ["中度疾病保险金", "轻度疾病保险金"]
    printed = {run.fact.name for article in benefit for p in article.paragraphs
               for run in p.runs if run.fact is not None}  # fmt: skip
    for cover in ("moderate", "mild"):
        terms = {"event", "illnesses", "share", "times", "gap", "waiting", "title"}
        assert printed >= {f"{cover}.{term}" for term in terms}


def test_a_contract_for_life_has_no_last_policy_year_without_cash_value():
    assert "在最初和最末的保单年度可能没有现金价值" in words("term_life")
    for name in ("critical_illness", "increasing_whole_life"):
        assert "在最初的保单年度可能没有现金价值" in words(name)


def test_the_guide_of_home_names_every_peril():
    told = words("home").split("您应当特别注意的事项")[0]
    assert [f"（见第{article}条）" in told for article in "五六七八"] == [True] * 4


def test_the_bold_loss_on_surrender_is_among_what_medical_points_to():
    told = words("million_medical")
    assert "第九条、第十四条、第十六条" in told.split("其他免责条款")[1].split("第四章")[0]


def words(name: str) -> str:
    return markdown(compose(facts(name)))


def article(product, title):
    text = markdown(compose(facts_of(product)))
    return text[text.index(f"条 {title}\n") :].split("###")[0]


def annuity_with(**terms):
    """The pension annuity with terms of its annuity set otherwise."""
    product = shipped("annuity")
    cover = product.covers["annuity"]
    changed = {
        name: dataclasses.replace(cover.terms[name], expression=read_value(Text(value, cover.at)))
        for name, value in terms.items()
    }
    one = dataclasses.replace(cover, terms={**cover.terms, **changed})
    return dataclasses.replace(product, covers={**product.covers, "annuity": one})


def test_an_annuity_without_a_guarantee_says_so_and_one_age_is_no_choice():
    plain = article(annuity_with(guaranteed="0 years"), "养老年金")
    assert "保证领取" not in plain
    assert "被保险人在开始领取日以后身故的，我们不再给付，本合同终止" in plain
    assert "20年为保证领取期间" in article(annuity_with(), "养老年金")
    fixed = article(annuity_with(annuity_age="60"), "养老年金")
    assert "开始领取年龄为60周岁。" in fixed
    assert "分为下列几种" not in fixed


def test_a_guarantee_that_is_not_printed_is_told():
    """Law 2, second half: without the article that says it the term is missed."""
    found, hidden = facts("annuity"), {"annuity", "death"}
    silent = tuple(
        dataclasses.replace(used, clauses=(), defines=()) if used.alias in hidden else used
        for used in found.modules
    )
    wording = compose(dataclasses.replace(found, modules=silent))
    told = {problem.path for problem in unprinted(found, wording)}
    assert told == {"annuity.guaranteed", "annuity.annuity_age"}
