"""Law 2: every figure of the wording is the product's, and every term is in the wording."""

import shutil
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_templates.compose import compose
from clause_templates.library import ROOT, load_library
from clause_templates.trace import load_not_figures, trace, unprinted, untraced
from clause_templates.wording import Mark
from product_factory.shelf import installed
from tests.clause_templates.examples import PRODUCT, home, named, says, term_life

PRODUCTS = {"term_life": term_life(), "home": home()}
WORDINGS = {name: compose(facts) for name, facts in PRODUCTS.items()}


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_figure_traces_to_a_parameter_with_file_and_line(name):
    assert untraced(WORDINGS[name]) == ()
    figures = trace(WORDINGS[name])
    assert len(figures) >= 30
    assert all(figure.source.line > 0 and figure.template.line > 0 for figure in figures)


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_term_that_moves_money_is_printed(name):
    assert PRODUCTS[name].reads
    assert unprinted(PRODUCTS[name], WORDINGS[name]) == ()


def test_a_statutory_time_carries_its_law():
    (figure,) = [f for f in trace(WORDINGS["term_life"]) if f.name == "cn_law.limitation_life"]
    assert (figure.text, figure.reference) == ("5", "保险法 第二十六条")


def planted(tmp_path, name, old, new):
    """The term life wording with one change in one template."""
    shelf = tmp_path / "clause_templates"
    shutil.copytree(ROOT / "zh", shelf / "zh")
    path = shelf / "zh" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return compose(term_life(), library=load_library("zh", shelf))


def test_a_figure_typed_into_a_template_is_caught_with_its_place(tmp_path):
    wording = planted(tmp_path, "premium/grace.md", "{{ cover.grace | days }}为", "六十日为")
    (problem,) = untraced(wording)
    assert str(problem) == (
        "clause_templates/zh/premium/grace.md:6:37: premium/grace: "
        "'六十' is a figure without a parameter in '付日的次日零时起六十日为宽限期。宽限'"
    )


def test_a_unit_typed_behind_a_printed_figure_is_caught(tmp_path):
    """{{ 10万元 }} followed by a typed 千 would read as another amount."""
    old = "{{ offers.sum_insured.min | money_cn }}"
    wording = planted(tmp_path, "benefits/sum_insured.md", old, "1" + old)
    (problem,) = untraced(wording)
    assert "'110万' is a figure without a parameter" in str(problem)


def test_a_figure_of_a_front_matter_line_is_caught(tmp_path):
    old = "rights: 犹豫期内您"
    wording = planted(tmp_path, "contract/free_look.md", old, "rights: 十五日内您")
    assert ["'十五' is a figure" in str(problem) for problem in untraced(wording)] == [True]


def test_a_term_left_out_of_the_wording_is_caught(tmp_path):
    old = "{{ cover.suicide_period | years }}"
    wording = planted(tmp_path, "exclusions/life_statutory.md", old, "约定期间")
    (problem,) = unprinted(term_life(), wording)
    assert problem.path == "statutory.suicide_period"
    assert str(problem).endswith("moves money but is not printed in the wording")


@pytest.mark.parametrize("name", PRODUCTS)
def test_any_term_that_no_template_knows_is_caught(name):
    facts = replace(PRODUCTS[name], reads=PRODUCTS[name].reads | {"death.franchise"})
    assert [problem.path for problem in unprinted(facts, WORDINGS[name])] == ["death.franchise"]


@pytest.mark.parametrize(
    ("printed", "because", "caught"),
    [(True, "", True), (False, "", True), (False, "a rating factor of the reinsurer", False)],
)
def test_a_term_is_left_out_only_with_a_reason(printed, because, caught):
    facts = home()
    hidden = replace(
        facts.facts["fire.deductible"], name="fire.x", printed=printed, because=because
    )
    marked = replace(facts, facts={**facts.facts, "fire.x": hidden}, reads=facts.reads | {"fire.x"})
    assert bool(unprinted(marked, WORDINGS["home"])) is caught


def test_a_number_that_the_product_types_into_a_reason_must_be_in_its_condition():
    facts = term_life()
    wrong = replace(facts.facts["accepts.says"], value=(says("届满时不得超过75周岁", 70),))
    wording = compose(replace(facts, facts={**facts.facts, "accepts.says": wrong}))
    (problem,) = untraced(wording)
    assert "'75' does not read back as accepts.says" in str(problem)


def test_a_number_that_the_product_types_into_a_title_is_caught():
    facts = home()
    wrong = replace(facts.facts["items.contents.title"], value=named("两室财产"))
    wording = compose(replace(facts, facts={**facts.facts, "items.contents.title": wrong}))
    assert {problem.text.split()[0] for problem in untraced(wording)} == {"'两'"}


TYPED = st.sampled_from(
    [
        "30日",
        "５％",
        "三十日",
        "叁万元",
        "百分之五",
        "二分之一",
        "两倍",
        "①",
        "1,000元",
        "一亿元",
        "廿年",
        "20％",
    ]
)


@given(typed=TYPED, data=st.data())
def test_a_figure_typed_anywhere_is_caught(typed, data):
    """Whatever the notation, and between whichever two characters of plain text it stands."""
    wording = WORDINGS[data.draw(st.sampled_from(sorted(WORDINGS)))]
    chapters = data.draw(st.integers(0, len(wording.chapters) - 1))
    chapter = wording.chapters[chapters]
    articles = data.draw(st.integers(0, len(chapter.articles) - 1))
    article = chapter.articles[articles]
    place = data.draw(st.integers(0, len(article.paragraphs) - 1))
    paragraph = article.paragraphs[place]
    runs = [n for n, run in enumerate(paragraph.runs) if run.mark is Mark.TEXT]
    if not runs:
        return
    at = data.draw(st.sampled_from(runs))
    run = paragraph.runs[at]
    cut = data.draw(st.integers(0, len(run.text)))
    text = run.text[:cut] + typed + run.text[cut:]

    def put(held, index, one):
        return (*held[:index], one, *held[index + 1 :])

    changed = replace(paragraph, runs=put(paragraph.runs, at, replace(run, text=text)))
    changed = replace(article, paragraphs=put(article.paragraphs, place, changed))
    changed = replace(chapter, articles=put(chapter.articles, articles, changed))
    assert untraced(replace(wording, chapters=put(wording.chapters, chapters, changed)))


def test_every_word_that_only_looks_like_a_figure_is_used_once_listed_and_reasoned():
    listed = load_not_figures("zh")
    files = [path for path in (ROOT / "zh").rglob("*") if path.name != "not_figures.yaml"]
    files += list(installed().glob("*/product.yaml"))  # whose titles are printed
    texts = "".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
    assert [one.word for one in listed if one.word not in texts] == []
    assert max(Counter(one.word for one in listed).values()) == 1
    assert all(one.because for one in listed)


def test_a_printed_zero_wait_needs_no_words():
    facts = term_life(waiting=0)
    read = replace(facts, reads=frozenset({"death.waiting"}))
    assert facts.facts["death.waiting"].value == Decimal(0)
    assert unprinted(read, compose(facts)) == ()
    assert facts.at == PRODUCT
