"""The products of the shelf, judged on everything they state; and what an altered one fails."""

import pytest

from clause_templates.compose import compose
from clause_templates.from_product import facts_of
from clause_templates.printed import printed
from product_factory.rules.definition import definition_facts
from product_factory.rules.facts import Facts, TextFact
from product_factory.rules.judge import outcome
from product_factory.rules.load import rules_for
from product_factory.rules.phrases import look
from product_factory.rules.waivers import standing
from product_factory.rules.wording import wording_facts
from product_factory.shelf import installed
from tests.product_factory.rules.conftest import made, stated
from tests.the_shelf import shipped


def results(product):
    facts = stated(product) | wording_facts(printed(compose(facts_of(product))))
    return {rule.rule: outcome(rule, facts, product.on).result for rule in rules_for(product)}


@pytest.mark.parametrize("name", ["term_life", "home"])
def test_a_required_phrase_is_missed_when_its_paragraphs_are_struck_out(name, request):
    """Every rule on the wording that passes fails without the paragraphs that satisfy it."""
    product = request.getfixturevalue(name)
    wording = wording_facts(printed(compose(facts_of(product))))
    held = definition_facts(product) | wording
    tried = 0
    for rule in rules_for(product):
        passed = outcome(rule, held, product.on).result == "passed"
        if not passed or rule.facts != "wording" or rule.within is None:
            continue
        for entry in rule.requires:
            alone = rule.model_copy(update={"requires": (entry,), "if_stands": ()})
            kept = tuple(
                text
                for text in held.texts[rule.within].texts
                if look(TextFact((text,)), alone, held.parameters).missing
            )
            struck = held | Facts(texts={rule.within: TextFact(kept)})
            result = outcome(rule, struck, product.on).result
            assert (rule.rule, entry, result) == (rule.rule, entry, "failed")
            tried += 1
    assert tried >= 20


def test_guide_headings_and_schedule_are_read(term_life):
    texts = wording_facts(printed(compose(facts_of(term_life)))).texts
    assert texts["wording.headings"].texts[:2] == ("阅读指引", "您拥有的重要权益")
    assert texts["wording.text"].texts[-1] == "保险单载明的保险金额"


SHELF = sorted(path.parent.name for path in installed().glob("*/product.yaml"))
BASES = (installed() / "term_life" / "bases.yaml").read_text(encoding="utf-8")
PARTS = BASES.partition("  expenses:\n")
EXPENSES = PARTS[1] + PARTS[2].partition("  risk:\n")[0]


def named(found, result):
    return {name for name, one in found.items() if one == result}


def test_term_life_fails_one_warning_and_leaves_open_what_a_launch_measures(term_life):
    """The tables of 2025 are not public; the value of new business is a figure of the launch."""
    found = results(term_life)
    assert named(found, "failed") == {"cn/valuation_table"}
    assert named(found, "undecided") == {"cn/new_business_value"}
    assert len(named(found, "passed")) >= 50


def test_home_fails_no_rule_and_leaves_none_open(home):
    found = results(home)
    assert not named(found, "failed")
    assert not named(found, "undecided")
    assert named(found, "passed") >= {
        "cn/contract_items_property",
        "cn/deductible_highlighted",
        "cn/double_insurance",
        "cn/exclusions_highlighted",
        "cn/name_property",
        "cn/over_insurance",
        "cn/partial_loss_words",
        "cn/limitation_other",
        "cn/structure_property",
    }


@pytest.mark.parametrize(
    ("rule", "old", "new", "row"),
    [
        (
            "cn/loading_regular",
            "{otherwise: 30%}",
            "{otherwise: 36%}",
            "age 18, sex F, sum_insured 300000.00, term 10, pay 10",
        ),
        (
            "cn/loading_single",
            "{when: {pay: 1}, is: 17.5%}",
            "{when: {pay: 1}, is: 18.1%}",
            "age 18, sex F, sum_insured 300000.00, term 10, pay 1",
        ),
        (
            "cn/pricing_rate",
            "interest: 2.0%  ",
            "interest: 2.51%  ",
            "",
        ),
        (
            "cn/profit_test",
            EXPENSES,
            "",
            "",
        ),
    ],
)
def test_an_altered_basis_is_caught(tmp_path, rule, old, new, row):
    product = made(tmp_path, "term_life", ("term_life/bases.yaml", old, new))
    facts = stated(product)
    found = {r.rule: outcome(r, facts, product.on) for r in rules_for(product)}[rule]
    assert found.result == "failed"
    assert found.finding is not None
    assert found.finding.severity == "error"
    assert found.finding.row == row


def test_sold_on_the_internet_its_loading_is_too_high(tmp_path):
    change = ("term_life/product.yaml", "channel: agent   ", "channel: internet")
    product = made(tmp_path, "term_life", change)
    facts = stated(product)
    found = {r.rule: outcome(r, facts, product.on) for r in rules_for(product)}
    finding = found["cn/loading_internet"].finding
    assert finding is not None
    assert finding.severity == "error"
    assert finding.values["loading"] == "30.053%"


def test_terms_of_30_years_at_60_fail_the_death_ratio(tmp_path):
    """Without the limit of age 70 the premiums of the oldest outgrow the benefit."""
    change = ("term_life/product.yaml", "age + term <= 70,", "age + term <= 95,")
    product = made(tmp_path, "term_life", change)
    facts = stated(product)
    found = {r.rule: outcome(r, facts, product.on) for r in rules_for(product)}
    finding = found["cn/death_ratio"].finding
    assert finding is not None
    assert finding.severity == "error"
    assert finding.values["attained_age"] != "?"


def test_a_cash_value_with_a_smaller_share_is_below_the_minimum(tmp_path):
    change = ("term_life/product.yaml", "min(1, 0.8 + 0.2 *", "min(1, 0.79 + 0.2 *")
    product = made(tmp_path, "term_life", change)
    facts = stated(product)
    found = {r.rule: outcome(r, facts, product.on) for r in rules_for(product)}
    finding = found["cn/minimum_cash_value"].finding
    assert finding is not None
    assert finding.severity == "error"


@pytest.mark.parametrize("name", SHELF)
def test_no_product_of_the_shelf_fails_an_error_or_leaves_one_open(name):
    """As it ships, on everything but the figures of a launch."""
    product = shipped(name)
    wording = wording_facts(printed(compose(facts_of(product))))
    facts = stated(product) | wording
    found = [outcome(rule, facts, product.on).finding for rule in rules_for(product)]
    waived = standing(product.files.get("waivers", ()), product.on)
    kept_back = [one for one in found if one is not None and one.severity != "warning"]
    assert [f"{one.rule}: {one.whole.en}" for one in kept_back if one.rule not in waived] == []
    assert waived.keys() <= {one.rule for one in kept_back}
