"""What becomes of a rule whose facts are there, missing, without a value, or of no concern."""

import numpy as np
import pytest

from product_factory.errors import BadInput
from product_factory.rules.facts import Facts, shown
from product_factory.rules.judge import judge, outcome
from product_factory.rules.load import load_rules
from product_factory.types import Type
from tests.product_factory.rules.stated import ON, SHELF, cells, facts, text, years

RULES = {rule.rule: rule for rule in load_rules(SHELF, "CN")}
DEATH, GRACE = RULES["cn/death_ratio"], RULES["cn/grace"]


def test_the_finding_names_the_worst_row_and_counts_the_others():
    rows = years(
        policy_year=[1, 2, 3, 4],
        attained_age=[17, 18, 40, 41],
        death_benefit=[0, 150, 100, 139],
        premiums_paid=[100, 100, 100, 100],
    )
    finding = outcome(DEATH, facts() | rows, ON).finding
    assert finding is not None
    assert finding.row.startswith("policy_year 3 years, attained_age 40")
    assert (finding.failed, finding.meant) == (3, 3)
    assert finding.values["cn.life.death_ratio"] == "160%"
    assert finding.values["death_benefit"] == "100.00"


def test_without_its_stage_a_rule_is_judged_later():
    finding = outcome(DEATH, facts(stages=["definition"]), ON).finding
    assert finding is not None
    assert (finding.severity, finding.says.en) == (
        "undecided",
        "judged when the rate tables are built",
    )


def test_a_fact_that_its_stage_does_not_state_is_named():
    found = outcome(GRACE, facts(definition__term_most=20), ON)
    assert found.result == "undecided"
    assert found.finding is not None
    assert found.finding.severity == "undecided"
    assert found.finding.says.en == "cannot be judged: nothing states definition.grace.least"


def test_a_warning_that_cannot_be_judged_stays_a_warning():
    found = outcome(RULES["cn/waiting_life"], facts(), ON)
    assert found.result == "undecided"
    assert found.finding is not None
    assert found.finding.severity == "warning"
    assert found.finding.verify


def test_no_facts_at_all_decide_nothing():
    found = [outcome(rule, Facts(), ON) for rule in RULES.values()]
    assert {entry.result for entry in found} == {"undecided"}
    assert all(entry.finding is not None for entry in found)


def test_a_row_without_a_value_is_undecided_and_named():
    rows = years(attained_age=[30, 31], death_benefit=[200, np.nan], premiums_paid=[100, 100])
    found = outcome(DEATH, facts() | rows, ON)
    assert found.result == "undecided"
    assert found.finding is not None
    assert "attained_age 31" in found.finding.says.en


def test_a_parameter_without_a_row_for_the_age_is_undecided():
    rule = RULES["cn/death_ratio"].model_copy(update={"where": None})
    rows = years(attained_age=[10], death_benefit=[200], premiums_paid=[100])
    assert outcome(rule, facts() | rows, ON).result == "undecided"


def test_rows_of_which_none_is_meant_are_not_judged():
    rows = cells(term=[20], pay=[20], loading=[0.9])
    assert outcome(RULES["cn/loading_single"], facts() | rows, ON).result == "not_applicable"


def test_no_rows_at_all_are_undecided_not_passed():
    rows = cells(term=[], pay=[], loading=[])
    assert outcome(RULES["cn/loading_single"], facts() | rows, ON).result == "undecided"


@pytest.mark.parametrize("line", ["health", "property"])
def test_another_line_is_not_meant(line):
    assert outcome(DEATH, facts(line), ON).result == "not_applicable"


def test_a_product_without_the_term_is_not_meant():
    """`has: waiting`."""
    held = facts(texts={"definition.terms": ["grace"]})
    assert outcome(RULES["cn/waiting_life"], held, ON).result == "not_applicable"


def test_a_where_that_holds_nowhere_misses_nothing_of_the_check():
    """A one-year contract without a grace period is not asked for one."""
    assert outcome(GRACE, facts(definition__term_most=1), ON).result == "not_applicable"


def test_a_rule_over_rows_leaves_a_product_alone_whose_definition_it_does_not_mean():
    """A one-year contract has no policy years, and no minimum cash value is asked of it."""
    minimum = RULES["cn/minimum_cash_value"]
    assert outcome(minimum, facts(definition__term_most=1), ON).result == "not_applicable"
    assert outcome(minimum, facts(definition__term_most=20), ON).result == "undecided"


def test_a_where_that_cannot_be_read_is_undecided():
    assert outcome(GRACE, facts(definition__grace__least=60), ON).result == "undecided"


def test_a_head_that_nobody_states_leaves_open_what_hangs_on_it():
    held = facts() | years(attained_age=[30], death_benefit=[200], premiums_paid=[100])
    texts = {name: fact for name, fact in held.texts.items() if name != "definition.type"}
    found = outcome(DEATH, Facts(held.stages, held.numbers, texts, held.rows, held.parameters), ON)
    assert found.result == "undecided"
    assert found.finding is not None
    assert found.finding.says.en == "cannot be judged: nothing states definition.type"


def test_a_text_that_is_not_stated_is_undecided():
    found = outcome(RULES["cn/negative_list"], facts(), ON)
    assert found.result == "undecided"


def test_a_phrase_is_found_across_blanks_within_a_paragraph_only():
    rule = RULES["cn/negative_list"]
    assert outcome(rule, facts() | text("wording.text", "自动 续保"), ON).result == "failed"
    assert outcome(rule, facts() | text("wording.text", "自动", "续保"), ON).result == "passed"


def test_facts_of_another_unit_are_an_error_of_the_rule():
    """Money held against days."""
    held = facts(definition__term_most=20, definition__grace__least=60)
    wrong = {**held.numbers, "definition.grace.least": held.numbers["definition.term_most"]}
    altered = Facts(held.stages, wrong, held.texts, held.rows, held.parameters)
    with pytest.raises(BadInput, match="cannot compare a number of years and a number of days"):
        outcome(GRACE, altered, ON)


def test_judge_gives_what_must_be_read_in_the_order_of_the_rules():
    held = facts(definition__term_most=20, definition__grace__least=50)
    rules = (RULES["cn/reinstatement"], GRACE, RULES["cn/waiting_health"])
    found = judge(rules, held, ON)
    assert [(f.rule, f.severity) for f in found] == [
        ("cn/reinstatement", "undecided"),
        ("cn/grace", "error"),
    ]


def test_reads_names_every_parameter_and_fact():
    """So that which products a change of law touches is one question."""
    rows = years(attained_age=[30], death_benefit=[200], premiums_paid=[100])
    reads = outcome(DEATH, facts() | rows, ON).reads
    assert reads == {
        *("attained_age", "death_benefit", "premiums_paid"),
        *("cn.life.adult_age", "cn.life.death_ratio"),
    }


def test_later_facts_stand_where_both_state_one():
    early, late = facts(definition__grace__least=30), facts(definition__grace__least=60)
    assert (early | late).numbers["definition.grace.least"].value == 60
    assert (facts(stages=["rates"]) | facts(stages=["wording"])).stages == {"rates", "wording"}


@pytest.mark.parametrize(
    ("value", "declared", "written"),
    [
        (1.4, Type("ratio"), "140%"),
        (0.0251, Type("ratio"), "2.51%"),
        (90, Type("days"), "90 days"),
        (1000, Type("money"), "1000.00"),
        (1, Type("choice", ("M", "F")), "F"),
        (0, Type("yes_no"), "no"),
        (20513, Type("date"), "2026-03-01"),
        (np.nan, Type("money"), "?"),
    ],
)
def test_a_value_is_written_as_a_person_reads_it(value, declared, written):
    assert shown(value, declared) == written
