"""What a template may not say is told with its place."""

import shutil
from dataclasses import replace

import pytest

from clause_templates.compose import compose
from clause_templates.library import ROOT, load_library
from product_factory.errors import BadInput
from tests.clause_templates.examples import term_life

HEAD = "---\ntitle: 宽限期\nlabel: grace\n---\n"


@pytest.fixture
def broken(tmp_path):
    """Compose with one template of the shelf replaced; gives the message."""

    def message(text, name="premium/grace.md"):
        shelf = tmp_path / "clause_templates"
        shutil.copytree(ROOT / "zh", shelf / "zh")
        (shelf / "zh" / name).write_text(text, encoding="utf-8")
        with pytest.raises(BadInput) as caught:
            compose(term_life(), library=load_library("zh", shelf))
        return str(caught.value)

    return message


GRACE = "clause_templates/zh/premium/grace.md"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{{ cover.grce | days }}", "6:3: unknown term 'cover.grce'; did you mean 'cover.grace'?"),
        ("{{ cover.grace | day }}", "6:3: unknown format 'day'; did you mean 'days'?"),
        (
            "{{ cover.grace | ratio }}",
            "6:3: expected days for 'grace.grace' of type days, got ratio",
        ),
        ("{{ cover.grace }}", "6:3: expected {{ name | format }}, got 'cover.grace'"),
        (
            "{{ contract.term | age }}",
            "6:3: expected years or payment for 'contract.term', got age",
        ),
        ("[[宽限期]]", "6:3: unknown definition '宽限期'"),
        (
            "[@reinstated]",
            (
                "6:3: reference to 'reinstated', which does not stand in this wording; "
                "did you mean 'reinstatement'?"
            ),
        ),
        ("[@exclusions.suicid]", "6:3: unknown place 'suicid'; did you mean 'suicide'?"),
        ("[? has cover.grace ?]在", "6:3: expected [/?] before the end of the section"),
        ("在[/?]", "6:4: '[/?]' without an open [? ... ?]"),
        ("[? else ?]", "6:3: '[? else ?]' without an open [? ... ?]"),
        (
            "[? cover.grace ?]在[/?]",
            (
                "6:3: expected a comparison with a number, or has, stands or offered and a name, "
                "got 'cover.grace'"
            ),
        ),
        ("[? cover.grace > 0 years ?]在[/?]", "6:3: 'cover.grace' is days, not years"),
        ("[? contract.term > 0 ?]在[/?]", "6:3: expected 'contract.term' to be one number"),
        ("[? cover.grace > 0 ?][? else ?][? else ?][/?]", "6:3: expected one [? else ?], got two"),
        ("**粗体", "6:3: ** opens bold that nothing closes"),
        ("在}}内", "6:4: '}}' opens or closes nothing"),
        ("在[#late]内", "6:4: expected [#...] at the start of a paragraph"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_place(broken, body, message):
    assert broken(f"{HEAD}宽限期\n的期{body}") == f"{GRACE}:{message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("没有", "1:1: expected front matter between lines of ---"),
        (
            "---\ntitel: 宽限期\nlabel: grace\n---\n",
            "2:1: unknown key 'titel'; did you mean 'title'?",
        ),
        ("---\ntitle: 宽限期\n---\n期间", "1:1: label: expected a text"),
        (
            "---\ntitle: 宽限期\nlabel: grace\nemphasis: maybe\n---\n期间",
            "4:11: emphasis: expected yes or no, got maybe",
        ),
        ("---\nlabel: grace\n---\n", "1:1: nothing of this section is left to print"),
    ],
)
def test_a_mistake_in_the_front_matter_is_told_with_its_place(broken, text, message):
    assert broken(text) == f"{GRACE}:{message}"


def test_an_unknown_section_of_a_module_is_told_at_the_product():
    facts = term_life()
    first, *rest = facts.modules
    named = replace(first, clauses=("benefits/death_or_disabilty",))
    with pytest.raises(BadInput) as caught:
        compose(replace(facts, modules=(named, *rest)))
    assert str(caught.value) == (
        "products/example/product.yaml:1:1: clauses: unknown section "
        "'benefits/death_or_disabilty'; did you mean 'benefits/death_or_disability'?"
    )


def test_a_section_without_a_place_in_the_frame_is_told_at_the_product():
    facts = term_life()
    first, *rest = facts.modules
    named = replace(first, clauses=(*first.clauses, "indemnity/handling"))
    with pytest.raises(BadInput, match="line 'life' has no place for section 'indemnity/handling'"):
        compose(replace(facts, modules=(named, *rest)))


def test_a_definition_of_a_module_that_no_clause_uses_is_told():
    facts = term_life()
    first, *rest = facts.modules
    named = replace(first, defines=("台风",))
    with pytest.raises(BadInput, match="'台风' is defined by module 'life/death_or_disability'"):
        compose(replace(facts, modules=(named, *rest)))


def test_a_line_without_a_wording_is_told():
    known = r"\(accident, health, life or property\)"
    with pytest.raises(BadInput, match=f"line: expected a line with a wording {known}"):
        compose(replace(term_life(), line="liability"))


def test_a_language_without_a_wording_is_told():
    with pytest.raises(BadInput, match="expected wording in zh, got 'fr'"):
        compose(term_life(), language="fr")
