"""Facts of the rates of term life, against figures worked by hand and the laws they must keep."""

import numpy as np
import pytest

from product_factory.rules.vocabulary import COLUMNS, NUMBERS, TEXTS
from rating.facts import rates_facts
from rating.plan import bind
from tests.product_factory.rules.conftest import made, stated

CENT = 0.005
SLACK = 1e-9


@pytest.fixture(scope="module")
def facts(term_life):
    return stated(term_life)


def column(facts, name, grain=("cell", "policy_year"), **keys):
    """The values of one column in the rows with these names, choices by their words."""
    rows = facts.rows[grain]
    meant = np.ones(rows.size, dtype=bool)
    for key, value in keys.items():
        named = rows.names[key]
        wanted = named.type.of.index(value) if named.type.chosen else value
        meant &= named.values == wanted
    return rows.columns[name].values[meant]


CELL = {"age": 30, "sex": "M", "term": "20", "pay": "20"}


def test_the_golden_cell(facts):
    """quotes.yaml: 24.56 per 10,000, so 736.80 for 300,000, the least sum insured."""
    assert facts.numbers["rates.reference_sum_insured"].value == 300_000
    assert column(facts, "premium", ("cell",), **CELL) == [736.80]
    assert column(facts, "net_premium", ("cell",), **CELL) == pytest.approx([515.76087], abs=1e-5)
    assert column(facts, "loading", ("cell",), **CELL) == pytest.approx([0.3], abs=1e-5)


def test_premiums_paid_count_due_dates_and_stop_with_the_payments(facts):
    paid = column(facts, "premiums_paid", **(CELL | {"pay": "5"}))
    yearly = column(facts, "premium", ("cell",), **(CELL | {"pay": "5"}))[0]
    assert paid == pytest.approx(yearly * np.minimum(np.arange(1, 21), 5))


def test_every_cell_has_a_row_for_each_year_of_its_term(facts):
    cells, years = facts.rows[("cell",)], facts.rows[("cell", "policy_year")]
    assert years.size == cells.columns["term"].values.sum()
    assert column(facts, "attained_age", **CELL).tolist() == list(range(30, 50))


def test_a_term_to_an_age_stands_as_years_and_is_called_as_written(facts):
    keys = {"age": 45, "sex": "F", "term": "to 60", "pay": "to 60"}
    assert column(facts, "term", ("cell",), **keys) == [15]
    rows = facts.rows[("cell",)]
    row = int(np.argmax(rows.names["term"].values == 3))
    assert "term to 60" in rows.called(row)


def test_the_death_benefit_is_the_sum_insured_by_illness_and_by_accident(facts):
    benefit = facts.rows[("cell", "policy_year")].columns["death_benefit"].values
    assert (benefit == 300_000).all()


def test_the_cash_value_in_the_claims_file_is_stated(facts):
    """claims.yaml: by the end of year 2 the reserve is below 0, so the cash value is 0."""
    assert column(facts, "cash_value", **CELL)[:2].tolist() == [0, 0]


def test_the_cash_value_is_the_minimum_to_the_cent(facts):
    """The product's own formula is the rule's, written a second time in YAML."""
    rows = facts.rows[("cell", "policy_year")].columns
    apart = np.abs(rows["cash_value"].values - rows["minimum_cash_value"].values)
    assert apart.max() < CENT
    assert rows["minimum_cash_value"].values.max() > 0


def test_a_loading_is_that_of_the_filed_premium(facts):
    """Every cell is loaded by 17.5% or 30%, and rounding to the filed rate moves it a little."""
    cells = facts.rows[("cell",)].columns
    single = cells["pay"].values == 1
    for loading, share in (
        (cells["loading"].values[single], 0.175),
        (cells["loading"].values[~single], 0.3),
    ):
        assert np.abs(loading - share).max() < 0.001
        assert (loading != share).any()
    assert cells["loading"].values[single].max() < 0.18


def test_a_surcharge_in_the_tariff_is_a_loading(tmp_path):
    change = (
        "term_life/rating.yaml",
        "rate * sum_insured / 10000",
        "1.1 * rate * sum_insured / 10000",
    )
    facts = stated(made(tmp_path, "term_life", change))
    found = column(facts, "loading", ("cell",), **CELL)
    assert found == pytest.approx([1 - 0.7 / 1.1], abs=1e-3)


def test_every_cell_is_a_point_of_the_profit_test(facts):
    value = facts.rows[("cell",)].columns["new_business_value"].values
    assert np.isfinite(value).all()
    assert facts.numbers["rates.profit_tested_points"].value == value.size


def test_the_premium_depends_on_what_the_tariff_reads(facts, home):
    assert set(facts.texts["rates.rated_by"].texts) == {"age", "sex", "term", "pay", "sum_insured"}
    rated = rates_facts(bind(home)).texts["rates.rated_by"].texts
    assert set(rated) == {"city", "construction", "deductible", "item", "sum_insured"}


def test_a_sum_insured_bounded_by_accepts_has_no_most(tmp_path):
    """Whether minors may buy the most is then not known, and the rule is undecided."""
    line = "  - {name: little, require: sum_insured <= 500000, says: {zh: 少, en: Less}}\n"
    change = ("term_life/product.yaml", "processes: {mortality", f"{line}processes: {{mortality")
    facts = stated(made(tmp_path, "term_life", change))
    assert "sum_insured_most" not in facts.rows[("cell",)].columns


def test_a_cell_that_the_tariff_declines_is_not_sold(tmp_path):
    line = (
        "- {name: large_sum, kind: refer,",
        (
            "- {name: old, kind: decline, when: {age: 60}, says: {zh: 老, en: Old}}\n"
            "- {name: large_sum, kind: refer,"
        ),
    )
    facts = stated(made(tmp_path, "term_life", ("term_life/rating.yaml", *line)))
    ages = facts.rows[("cell",)].columns["age"].values
    assert (ages.min(), ages.max()) == (18, 59)


def test_every_fact_is_in_the_vocabulary(facts):
    """A rule can only read what the vocabulary names, with the type that it names."""
    for grain, rows in facts.rows.items():
        for name, held in rows.columns.items():
            assert COLUMNS[grain][name] == held.type.kind
    for name, number in facts.numbers.items():
        assert name.count(".") == 2 or NUMBERS[name] == number.type.kind
    assert set(facts.texts) <= set(TEXTS)


def slow_minimum_values(table, first, k):
    """银保监办发〔2020〕7号 八-十一, male 30, 20 years, 20 premiums, 300,000, year by year.

    4% (2% and 2%), the loadings of the first three years and then 10%, CL1, r = k + t (1 - k) / 20.
    """
    years = 20
    age = table.axes[0].name
    rates = [table.find("q", **{age: 30.0 + t, "sex": "M"}) for t in range(years)]
    loadings = [*first] + [0.10] * (years - 3)

    def present_value(start, amount):
        total, alive, v = 0.0, 1.0, 1.0
        for t in range(start, years):
            total += alive * v * amount(t)
            alive *= 1 - rates[t]
            v /= 1.04
        return total

    def claims(start):
        return present_value(start, lambda t: 300_000 * rates[t] / 1.04)

    gross = claims(0) / present_value(0, lambda t: 1 - loadings[t])
    expected = []
    for year in range(1, years + 1):
        reserve = claims(year) - present_value(year, lambda t: gross * (1 - loadings[t]))
        share = min(1.0, k + year * (1 - k) / 20)
        expected.append(round(max(share * reserve, 0.0), 2))
    assert max(expected) > 0
    return expected


def test_the_minimum_cash_value_is_that_of_a_textbook_loop(facts, term_life):
    expected = slow_minimum_values(term_life.tables["cl_2010_2013"], (0.85, 0.80, 0.75), 0.8)
    assert column(facts, "minimum_cash_value", **CELL) == pytest.approx(expected, abs=CENT)


def test_an_endowment_has_a_scale_and_a_factor_of_its_own(tmp_path, term_life):
    """50, 25 and 25%, k = 85%; the benefits stay those of the term contract."""
    expected = slow_minimum_values(term_life.tables["cl_2010_2013"], (0.50, 0.25, 0.25), 0.85)
    change = ("term_life/product.yaml", "zh: 定期寿险", "zh: 两全保险")
    found = stated(made(tmp_path, "term_life", change))
    assert column(found, "minimum_cash_value", **CELL) == pytest.approx(expected, abs=CENT)


def test_later_loadings_are_those_of_premiums_after_two_years(facts):
    """30% of every premium; a single premium has none later, whatever its basis says."""
    cells = facts.rows[("cell",)].columns
    pay, later = cells["pay"].values, cells["later_loading"].values
    assert set(later[pay == 1]) == {0.0}
    assert later[pay > 2] == pytest.approx(0.3)


def test_the_lapse_of_five_years_is_one_minus_what_stays(facts, term_life):
    table = term_life.tables["lapse_by_year"]
    key = table.axes[0].name
    stays = np.prod([1 - table.find(table.columns[0], **{key: float(t)}) for t in range(1, 6)])
    found = facts.rows[("cell",)].columns["lapse_five_years"].values
    assert found == pytest.approx(1 - stays)
    assert 0 < found[0] < 0.6


def test_a_death_benefit_is_beyond_premiums_and_cash_value(facts):
    rows = facts.rows[("cell", "policy_year")].columns
    kept = np.maximum(rows["premiums_paid"].values, rows["cash_value"].values)
    beyond = rows["death_benefit_beyond"].values
    assert beyond == pytest.approx(np.maximum(300_000 - kept, 0), abs=CENT)


def test_total_disability_is_a_living_benefit(facts):
    assert (facts.rows[("cell", "policy_year")].columns["living_benefit"].values == 300_000).all()


def test_a_tariff_without_a_built_cost_has_no_cells(home):
    assert not rates_facts(bind(home)).rows
