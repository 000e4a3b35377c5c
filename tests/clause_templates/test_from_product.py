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
from tests.rating.lives import joint_shelf
from tests.the_shelf import shipped

ELSEWHERE = "exclusions/elsewhere"
"""The section that points to the limits in bold of all others."""

SUM_INSURED = "benefits/sum_insured"


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


@pytest.mark.parametrize("name", sorted(set(PRODUCTS) - {"home"}))
def test_every_bold_limit_is_among_what_the_clause_points_to(name):
    """Benefits of health are pointed to in words; home says that all others are bold."""
    assert not_pointed_to(facts(name)) == set()


def test_a_contract_on_two_lives_points_to_the_premiums_that_only_both_owe(tmp_path):
    two = facts_of(joint_shelf.made(tmp_path))
    assert "premium/payment" in bold_of(compose(two))
    assert not_pointed_to(two) == set()


def not_pointed_to(found):
    """Sections with something in bold to which the clause points neither by number nor by title."""
    wording = compose(found)
    (pointing,) = (one for one in wording.articles() if one.section.startswith(ELSEWHERE))
    targets = {run.target for p in pointing.paragraphs for run in p.runs}
    told = "".join(p.text for p in pointing.paragraphs)
    health = pointing.section != ELSEWHERE
    return {
        one.section
        for one in wording.articles()
        if one.section in bold_of(wording)
        and one.anchor not in targets
        and one.title not in told
        and not (health and one.section.startswith("benefits/") and one.section != SUM_INSURED)
    }


def bold_of(wording):
    """Sections with something in bold, those apart that are bold as a whole."""
    return {
        one.section
        for one in wording.articles()
        if not one.emphasis and any(run.bold for p in one.paragraphs for run in p.runs)
    }


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
