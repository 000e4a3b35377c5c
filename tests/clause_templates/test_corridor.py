"""A corridor in words: its amounts, over what they are counted, in bold, and law 2 both ways."""

import shutil
from dataclasses import replace

import pytest

import cli
from clause_templates.compose import compose
from clause_templates.from_product import facts_of
from clause_templates.library import ROOT, load_library
from clause_templates.trace import trace, unprinted, untraced
from product_factory.assemble import assemble
from product_factory.examples import Claim
from product_factory.nodes import read_nodes
from product_factory.rules.effective import judged_by
from product_factory.shelf import installed, open_shelf
from product_factory.strict import read
from rating.claims import check_claims
from tests.the_shelf import shipped

EXPENSES = "health/medical_expenses"
MODULE = f"modules/{EXPENSES}_corridor.yaml"
USED = f"{EXPENSES}_corridor@^1\n    as: inp"
COUNTED = {
    "claim": "按每次索赔计算",
    "event": "按每次事故计算",
    "policy_year": "在每个保单年度内累计计算",
    "contract": "在保险期间内累计计算",
}


OUTPATIENT = f"{EXPENSES}@^1\n    as: special"
FILE = "million_medical/product.yaml"
DEDUCTIBLES = "joins: [inpatient.deductible, special_outpatient.deductible]"
JOINED = f"""\
{DEDUCTIBLES}
  middle:
    title: {{zh: 中间免赔额, en: Corridor}}
    joins: [inpatient.corridor, special_outpatient.corridor]"""
CLAIM = """\
name: by hand
policy: {start: 2026-03-01, age: 32, sex: M, ssi: none, deductible: 10000, premium: 1802}
events:
  - date: 2026-08-19
    event: illness.treatment
    marks: {setting: inpatient, cause: illness, settled: no, bill: 60000, paid_by_ssi: 0}
expect: [{date: 2026-08-19, cover: inpatient, amount: "40000.00"}]
after: in_force
working: |
  60,000 of which the first 50,000 count, and the next 10,000, of 20,000, are borne: 50,000.
  50,000 - 10,000 = 40,000, at 100%.
"""


def product(folder, per, *more):
    """million_medical, whose inpatient bills pass a corridor."""
    root = folder / "products"
    shutil.copytree(installed(), root)
    for name, old, new in (
        (MODULE, "per: claim}", f"per: {per}}}"),
        (FILE, f"{EXPENSES}@^1\n    as: inp", USED),
        *more,
    ):
        text = (root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (root / name).write_text(text.replace(old, new), encoding="utf-8")
    return assemble(open_shelf(root), "million_medical", cli.language())


def facts(folder, per, *more):
    return facts_of(product(folder, per, *more))


def said(wording, section):
    """The paragraphs of the articles of a section."""
    articles = [one for one in wording.articles() if one.section == section]
    return [paragraph.text for article in articles for paragraph in article.paragraphs]


@pytest.mark.parametrize("per", COUNTED)
def test_a_corridor_is_printed_in_bold_with_its_figures_and_what_they_count(tmp_path, per):
    found = facts(tmp_path, per)
    wording = compose(found)
    assert untraced(wording) == ()
    assert unprinted(found, wording) == ()
    assert {figure.text for figure in trace(wording)} >= {"2万", "5万"}
    articles = [one for one in wording.articles() if one.section == "benefits/corridor"]
    assert articles
    for article in articles:
        runs = [run for paragraph in article.paragraphs for run in paragraph.runs]
        said = "".join(run.text for run in runs if run.bold)
        assert f"{COUNTED[per]}：5万元以内的部分" in said
        assert "2万元，由被保险人自行承担" in said
        assert [words for words in COUNTED.values() if words in said] == [COUNTED[per]]


def test_a_corridor_that_is_not_printed_is_caught(tmp_path):
    shelf = tmp_path / "clause_templates"
    shutil.copytree(ROOT / "zh", shelf / "zh")
    path = shelf / "zh" / "benefits" / "corridor.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{{ cover.corridor_above | money_cn }}", "约定金额"), "utf-8")
    found = facts(tmp_path, "claim")
    problems = unprinted(found, compose(found, library=load_library("zh", shelf)))
    assert [problem.path for problem in problems] == ["inpatient.corridor_above"]


def test_a_claim_by_hand_is_worked_in_the_order_of_the_words(tmp_path):
    """The corridor meets bill - paid_by_ssi, before the deductible; after it, it takes nothing."""
    made = product(tmp_path, "claim")
    wording = compose(facts_of(made))
    steps = "".join(said(wording, "indemnity/medical_payment"))
    places = [steps.find(word) for word in ("获得的补偿", "中间免赔额", "年度免赔额", "给付比例")]
    assert min(places) >= 0
    assert places == sorted(places)
    article = "".join(said(wording, "benefits/corridor"))
    assert "减去被保险人已经获得的补偿后的余额，在减去年度免赔额之前先适用中间免赔额" in article
    claim = read(Claim, read_nodes(CLAIM, "claims.yaml"))
    assert check_claims(replace(made, files={"claims": (claim,)})) == ()


def test_without_a_corridor_no_step_is_said():
    wording = compose(facts_of(shipped("million_medical")))
    assert not [text for _, text in wording.passages() if "中间免赔额" in text.text]


def test_a_shared_corridor_names_the_other_benefit_in_each(tmp_path):
    both = (FILE, OUTPATIENT, OUTPATIENT.replace("@", "_corridor@"))
    wording = compose(facts(tmp_path, "policy_year", both, (FILE, DEDUCTIBLES, JOINED)))
    first, second = said(wording, "benefits/corridor")
    assert "由本项责任和特殊门诊医疗费用保险金共用，各项责任的余额合并计算" in first
    assert "由本项责任和住院医疗费用保险金共用，各项责任的余额合并计算" in second
    alone = "".join(said(compose(facts(tmp_path / "alone", "policy_year")), "benefits/corridor"))
    assert "共用" not in alone


def test_the_rule_of_highlighting_means_a_corridor_whatever_its_term_is_called(tmp_path):
    renamed = [
        (MODULE, "  corridor:        {type", "  middle:          {type"),
        (MODULE, "{corridor: corridor,", "{corridor: middle,"),
    ]
    names = [rule.rule for rule in judged_by(product(tmp_path, "claim", *renamed))]
    assert "cn/corridor_highlighted" in names
    names = [rule.rule for rule in judged_by(shipped("million_medical"))]
    assert "cn/deductible_highlighted" in names
    assert "cn/corridor_highlighted" not in names
