"""Facts of a definition: heads, name, ages, terms and their extremes, waiting periods, interest."""

import pytest

from product_factory.rules.definition import definition_facts, name_words
from tests.product_factory.shelves import altered, made


def numbers(folder, product, files=None):
    held = made(folder, product, files) if files else made(folder, product)
    return {name: fact.value for name, fact in definition_facts(held).numbers.items()}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("定期寿险", 0),
        ("康宁安心定期寿险", 4),
        ("家庭财产保险", 0),
        ("如意两全保险（分红型）", 2),
        ("如意两全保险(A款)", 2),
        ("如意宝", 3),
    ],
)
def test_the_words_of_a_name_stand_before_its_type(name, words):
    assert name_words(name) == words


def test_the_heads_are_texts_with_their_place(tmp_path):
    texts = definition_facts(made(tmp_path, "short_life")).texts
    assert texts["definition.line"].texts == ("life",)
    assert texts["definition.jurisdiction"].texts == ("CN",)
    assert texts["definition.terms"].texts == ("waiting", "free_look")
    assert texts["definition.adjusts"].texts == ()
    repair = definition_facts(made(tmp_path / "repair", "repair")).texts
    assert repair["definition.adjusts"].texts == ("deductible", "share", "limit")
    assert str(texts["definition.line"].at) == "products/short_life/product.yaml:4:7"


def test_terms_ages_and_interest_of_a_life_product(tmp_path):
    found = numbers(tmp_path, "short_life")
    assert (found["definition.age_least"], found["definition.age_most"]) == (18, 60)
    assert found["definition.waiting.death"] == 90
    assert found["definition.waits.most"] == 90
    assert found["definition.free_look.least"] == 15
    assert found["definition.pricing.interest"] == 0.02


def test_the_longest_term_is_that_of_the_youngest(tmp_path):
    """3, 5, or to 60 from 18."""
    assert numbers(tmp_path, "short_life")["definition.term_most"] == 42


def test_an_offered_term_has_extremes_and_no_one_value(tmp_path):
    found = numbers(tmp_path, "repair")
    assert (found["definition.excess.least"], found["definition.excess.most"]) == (50, 100)
    assert "definition.excess.repair" not in found
    assert found["definition.term_most"] == 1


def test_a_number_says_where_it_stands(tmp_path):
    facts = definition_facts(made(tmp_path, "short_life")).numbers
    assert facts["definition.waiting.death"].at.file == "products/short_life/product.yaml"
    assert facts["definition.free_look.least"].at.file == "products/modules/life/free_look.yaml"


def test_a_valuation_basis_names_its_tables(tmp_path):
    files = altered(
        "short_life/bases.yaml", ("pricing:\n", "valuation: {inherits: pricing}\npricing:\n")
    )
    texts = definition_facts(made(tmp_path, "short_life", files)).texts
    assert texts["definition.valuation_tables"].texts == (
        "Yearly death rate by age (none, chosen for the tests)",
    )
    assert "definition.valuation_tables" not in definition_facts(made(tmp_path, "repair")).texts


def test_the_parameters_are_those_of_the_day(tmp_path):
    product = made(tmp_path, "repair")
    assert definition_facts(product).parameters == product.parameters


def test_death_is_covered_by_each_cause_that_no_condition_shuts_out(tmp_path):
    found = numbers(tmp_path / "a", "short_life")
    assert found["definition.pays_death"] == 1.0
    assert found["definition.death_by_illness"] == found["definition.death_by_accident"] == 1.0
    event = "  event: mortality.death\n"
    only = ("modules/life/death.yaml", (event, f"{event}  where: {{cause: accident}}\n"))
    narrowed = numbers(tmp_path / "b", "short_life", altered(*only))
    assert narrowed["definition.death_by_illness"] == 0.0
    assert narrowed["definition.death_by_accident"] == narrowed["definition.pays_death"] == 1.0
    assert numbers(tmp_path / "c", "repair")["definition.pays_death"] == 0.0


def test_promises_state_events_kinds_limits_and_excluded_causes(tmp_path):
    texts = definition_facts(made(tmp_path, "repair")).texts
    assert texts["definition.events"].texts == ("breakage.accident",)
    assert texts["definition.kinds"].texts == ("indemnity",)
    assert texts["definition.limit_periods"].texts == ("policy_year",)
    assert texts["definition.excluded_causes"].texts == ("wilful",)


def test_a_waiting_period_that_pricing_ignores_is_told_with_its_reason(tmp_path):
    held = definition_facts(made(tmp_path, "short_life"))
    left_out = held.texts["definition.waits_left_out"].texts
    assert held.numbers["definition.waits_priced"].value == float(not left_out)
    assert all(line.startswith("death.waits: ") for line in left_out)


def test_choices_and_facts_of_the_policy_have_extremes(tmp_path):
    found = numbers(tmp_path, "repair")
    assert (found["definition.excess.least"], found["definition.excess.most"]) == (50, 100)
    assert numbers(tmp_path / "b", "short_life")["definition.age.most"] == 60


def test_a_term_is_also_stated_by_the_event_that_its_cover_pays_for(tmp_path):
    found = numbers(tmp_path, "repair")
    assert found["definition.share.accident"] == pytest.approx(0.9)


def test_the_insurer_is_bound_for_the_guaranteed_renewal(tmp_path):
    """A one-year contract with a guaranteed renewal and no stated years leaves that open."""
    change = ("repair/product.yaml", ("renewal: none", "renewal: guaranteed"))
    open_ended = numbers(tmp_path / "a", "repair", altered(*change))
    assert "definition.promise_most" not in open_ended
    six = "  guaranteed_years: {type: years, default: 6 years}\n  notice:"
    module = "modules/gadget/repair.yaml"
    files = altered(*change) | {module: altered(module, ("  notice:", six))[module]}
    assert numbers(tmp_path / "b", "repair", files)["definition.promise_most"] == 6
    assert numbers(tmp_path / "c", "repair")["definition.promise_most"] == 1
