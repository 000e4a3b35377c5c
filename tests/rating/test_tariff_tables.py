"""Filing tables of tariffs by factors: the unit of each column, and the premium of every cell."""

import io

from openpyxl import load_workbook

from rating.plan import bind
from rating.quote import quote
from rating.tariff_tables import tables_of, tariff_tables
from sandbox.workbook import workbook
from tests.rating.tiny_shelf import changed, product_of
from tests.the_shelf import shipped

HOME = {table.name: table for table in tables_of(shipped("home"))}


def test_a_rate_per_mille_is_filed_in_per_mille():
    assert HOME["fire_rate"].csv().splitlines()[1] == "# unit: per mille"
    assert load_workbook(io.BytesIO(workbook([HOME["fire_rate"]])))["fire_rate"]["A2"].value == (
        "per mille"
    )


def test_every_value_column_has_its_own_unit():
    units = "latitude: degree; longitude: degree; tier: 类别 class; zone: 类别 class"
    assert HOME["cities"].unit == units
    assert HOME["deductible_factor"].unit == "系数 factor"
    medical = {table.name: table for table in tables_of(shipped("million_medical"))}
    assert medical["expected_cost"].unit == "CNY"
    life = {table.name: table for table in tables_of(shipped("term_life"))}
    assert life["cash_value"].unit == "CNY per 10000 sum insured"
    assert life["extended_term"].unit == (
        "extended_term_years: 年 years; extended_term_days: 天 days; "
        "extended_term_at_end: CNY per 10000 sum insured"
    )


def test_the_premium_of_every_cell_is_the_quote_of_that_cell():
    """All that are accepted stand there, once; another is refused by the quote."""
    product = shipped("million_medical")
    plan = bind(product)
    found = next(table for table in tables_of(product) if table.name == "premiums")
    assert found.columns == ("age", "sex", "ssi", "deductible", "payable")
    assert found.unit == "CNY"
    assert len({row[:4] for row in found.rows}) == len(found.rows) == 61 * 2 * 2 * 2
    given = [dict(zip(found.columns[:4], row, strict=False)) for row in found.rows]
    assert [f"{quote(plan, one).premium:.0f}" for one in given[::7]] == [
        row[4] for row in found.rows[::7]
    ]


SHORT = """
- {name: zone, kind: lookup, table: cities.zone}
- {name: age_factor, kind: lookup, table: age_factor}
- name: premium
  kind: compute
  is:
    - {when: {zone: coast}, is: 7 * age_factor}
    - {otherwise: 1.1 * age_factor}
- {name: coast, kind: decline, when: {zone: coast, kept: no}, says: {zh: 海, en: On the coast}}
- {name: old, kind: decline, when: {zone: coast, age: {at_least: 58}}, says: {zh: 老, en: Too old}}
"""


def short_lamp(shelf):
    (shelf / "lamp" / "rating.yaml").write_text(SHORT, encoding="utf-8")
    return product_of(shelf, "lamp")


def test_cells_that_are_refused_or_declined_have_no_premium(shelf):
    """And one that is declined for what the premium does not read has one."""
    made = {table.name: table for table in tariff_tables(short_lamp(shelf))}["premiums"]
    assert made.columns == ("city", "age", "premium")
    asked = {(row[0], int(row[1])): row[2] for row in made.rows}
    coast = {("xiamen", age) for age in range(18, 58)}
    assert set(asked) == coast | {("xian", age) for age in range(18, 51)}
    assert asked["xiamen", 18] == "5.6"
    assert asked["xian", 50] == "1.507"


def test_cells_without_a_row_in_a_table_or_with_a_premium_below_nothing_are_left_out(shelf):
    changed(shelf, "lamp/tables/age_factor.csv", "30,50,1.0", "30,50,-1.0")
    changed(shelf, "lamp/tables/age_factor.csv", "50,,1.37", "50,56,1.37")
    made = {table.name: table for table in tariff_tables(short_lamp(shelf))}["premiums"]
    ages = {int(row[1]) for row in made.rows if row[0] == "xiamen"}
    assert ages == {*range(18, 30), *range(50, 56)}


def test_more_cells_than_are_filed_are_not_listed(shelf, monkeypatch):
    monkeypatch.setattr("rating.premium_cells.MOST_CELLS", 85)
    tariff, *others = tariff_tables(short_lamp(shelf))
    assert tariff.note.endswith("no premiums by cell: 86 cells, more than 85")
    assert "premiums" not in [table.name for table in others]


def test_a_product_without_finite_cells_says_which_inputs_are_not_finite():
    assert "premiums" not in HOME
    says = "no premiums by cell, as these have no finite list: sum_insured (items), item (items)"
    assert HOME["tariff"].note.endswith(says)
    assert says in HOME["tariff"].csv()
