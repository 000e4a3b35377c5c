"""A corridor in words: its amounts, over what they are counted, in bold, and law 2 both ways."""

import shutil

import pytest

import cli
from clause_templates.compose import compose
from clause_templates.from_product import facts_of
from clause_templates.library import ROOT, load_library
from clause_templates.trace import trace, unprinted, untraced
from product_factory.assemble import assemble
from product_factory.shelf import installed, open_shelf

EXPENSES = "health/medical_expenses"
MODULE = f"modules/{EXPENSES}_corridor.yaml"
USED = f"{EXPENSES}_corridor@^1\n    as: inp"
COUNTED = {
    "claim": "按每次索赔计算",
    "event": "按每次事故计算",
    "policy_year": "在每个保单年度内累计计算",
    "contract": "在保险期间内累计计算",
}


def product(folder, per):
    """million_medical, whose inpatient bills pass a corridor."""
    root = folder / "products"
    shutil.copytree(installed(), root)
    for name, old, new in (
        (MODULE, "per: claim}", f"per: {per}}}"),
        ("million_medical/product.yaml", f"{EXPENSES}@^1\n    as: inp", USED),
    ):
        text = (root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (root / name).write_text(text.replace(old, new), encoding="utf-8")
    return assemble(open_shelf(root), "million_medical", cli.language())


def facts(folder, per):
    return facts_of(product(folder, per))


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
