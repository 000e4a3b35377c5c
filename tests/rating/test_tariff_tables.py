"""Filing tables of tariffs by factors: the unit of each column, and the premium of every cell."""

import io

import pytest
from openpyxl import load_workbook

from product_factory.errors import BadInput
from rating.build import build
from rating.filing import _Filed, filed_step, filing_tables
from rating.plan import bind
from rating.premium_cells import plain
from rating.quote import quote
from rating.tariff_tables import tables_of, tariff_tables
from sandbox.workbook import workbook
from tests.rating.plain_life import PRODUCT, write_plain
from tests.rating.plain_life import RATING as LIFE_RATING
from tests.rating.plain_life import plain as plain_life
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
- {name: young, kind: refer, when: {age: {at_most: 20}}, says: {zh: 轻, en: Young}}
- {name: old, kind: decline, when: {zone: coast, age: {at_least: 58}}, says: {zh: 老, en: Too old}}
"""


def short_lamp(shelf):
    (shelf / "lamp" / "rating.yaml").write_text(SHORT, encoding="utf-8")
    return product_of(shelf, "lamp")


def premiums_of(product):
    return {table.name: table for table in tariff_tables(product)}["premiums"]


def test_each_cell_says_what_is_decided_about_it(shelf):
    """A cell that is refused has no row, one that is declined no premium, the others theirs."""
    made = premiums_of(short_lamp(shelf))
    assert made.columns == ("city", "age", "premium", "decision", "reason", "open")
    asked = {(row[0], int(row[1])): row[2:] for row in made.rows}
    coast = {("xiamen", age) for age in range(18, 61)}
    assert set(asked) == coast | {("xian", age) for age in range(18, 51)}
    assert asked["xiamen", 18] == ("5.6", "refer", "young", "not_over; coast")
    assert asked["xiamen", 21] == ("5.6", "accept", "", "not_over; coast")
    assert asked["xiamen", 58] == ("", "decline", "old", "")
    assert asked["xian", 50] == ("1.507", "accept", "", "not_over")
    assert made.note.endswith("open, as they read other variables too: not_over, coast")
    assert "refer 转人工核保 to a person" in made.note
    sheet = load_workbook(io.BytesIO(workbook([made])))["premiums"]
    declined = next(row for row in sheet.values if row[:2] == ("xiamen", 58))
    assert declined[2:] == (None, "decline", "old", None)


def test_what_is_decided_about_a_cell_is_what_the_quotes_of_it_decide(shelf):
    """Whatever else is chosen: one outcome where nothing is open, and else several."""
    product = short_lamp(shelf)
    plan, found = bind(product), {}
    items = {"body": {"value": 900, "sum_insured": 500}}  # not over
    for row in premiums_of(product).rows:
        for kept in ("yes", "no"):
            risk = {"city": row[0], "age": row[1], "kept": kept, "deductible": 500, "items": items}
            found.setdefault(row, set()).add(quote(plan, risk).outcome)
    for row, outcomes in found.items():
        assert outcomes == ({row[3]} if "coast" not in row[5] else {row[3], "decline"}), row


def test_rates_of_life_say_which_cells_may_be_referred():
    """By age and the sum insured: below 50 no sum is, from 50 on some are."""
    premiums = filing_tables(shipped("critical_illness"))[0]
    assert premiums.columns[-3:] == ("decision", "reason", "open")
    assert premiums.note.endswith("open, as they read other variables too: older_and_large")
    for age, *_, decision, reason, left in premiums.rows:
        assert (decision, reason) == ("accept", "")
        assert left == ("older_and_large" if int(age) >= 50 else "")


def test_cells_without_a_row_in_a_table_or_with_a_premium_below_nothing_are_left_out(shelf):
    changed(shelf, "lamp/tables/age_factor.csv", "30,50,1.0", "30,50,-1.0")
    changed(shelf, "lamp/tables/age_factor.csv", "50,,1.37", "50,56,1.37")
    rows = [row for row in premiums_of(short_lamp(shelf)).rows if row[0] == "xiamen"]
    assert {int(row[1]) for row in rows if row[2]} == {*range(18, 30), *range(50, 56)}
    assert {int(row[1]) for row in rows if not row[2]} == {*range(58, 61)}  # declined


def test_a_premium_has_no_exponent_and_no_minus_before_nothing():
    written = [plain(one) for one in (1.37e12, 1.507, 2.5e-7, -0.0)]
    assert written == ["1370000000000", "1.507", "0.00000025", "0"]


COUNTED = """
- {name: one, kind: compute, level: item, is: 3}
- {name: parts, kind: total, of: one, by: sum}
- {name: premium, kind: compute, is: 10 * age_factor + parts}
"""


def test_a_premium_by_the_number_of_items_is_not_filed_for_one_and_a_table_of_a_formula_is(shelf):
    (shelf / "lamp" / "rating.yaml").write_text(COUNTED, encoding="utf-8")
    made = {table.name: table for table in tariff_tables(product_of(shelf, "lamp"))}
    assert set(made) == {"tariff", "age_factor"}
    assert made["tariff"].note.endswith("these have no finite list: parts (items)")


def test_a_table_of_a_product_that_would_overwrite_one_that_is_filed_is_refused(shelf):
    (shelf / "lamp" / "tables" / "age_factor.csv").rename(
        shelf / "lamp" / "tables" / "premiums.csv"
    )
    rating = SHORT.replace("table: age_factor", "table: premiums")
    (shelf / "lamp" / "rating.yaml").write_text(rating, encoding="utf-8")
    with pytest.raises(BadInput, match=r"premiums\.csv:1.*expected another name than that of the"):
        tariff_tables(product_of(shelf, "lamp"))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ("Premiums: {kind: paid_up, basis: pricing}", "'premiums' that is filed of every product"),
        (
            "Net_rate: {kind: net_level, basis: pricing}",
            "the built table 'net_rate', got 'Net_rate'",
        ),
        ("reserve: {kind: paid_up, basis: pricing}", "'reserve' that is filed of every product"),
    ],
)
def test_values_of_a_product_of_life_that_would_overwrite_a_table_are_refused(
    tmp_path, values, says
):
    """A table of every such product, a built one; whatever the case of letters."""
    root = write_plain(tmp_path, **{"plain/product.yaml": f"{PRODUCT}values:\n  {values}\n"})
    with pytest.raises(BadInput, match=rf"product\.yaml:\d+.*expected another name.*{says}"):
        filing_tables(plain_life(root))


OCC = """# title: Occupation
# source: the test
# status: illustrative
# columns: {occupation: {key: exact}, factor: {type: number}}
occupation,factor
desk,1
mine,1.5
"""


def life_by(folder, variable, factor, more=""):
    """Plain term life, built, whose premium is multiplied by what a further variable gives."""
    age = "  age: {type: age, min: 30, max: 60}"
    charged = "{name: premium, kind: compute, is: net_rate * sum_insured / 1000}"
    texts = {
        "plain/product.yaml": PRODUCT.replace(age, f"{age}\n  {variable}"),
        "plain/rating.yaml": LIFE_RATING.replace(
            charged, charged.replace("net_rate *", f"{factor} * net_rate *")
        ).replace("axes:", f"{more}axes:"),
        "plain/tables/occ.csv": OCC,
    }
    root = write_plain(folder, **texts)
    for table in build(plain_life(root)):
        built = root / "plain" / "tables" / "built" / f"{table.name}.csv"
        built.parent.mkdir(parents=True)
        built.write_text(table.text, encoding="utf-8")
    return plain_life(root)


def test_rates_of_life_are_filed_by_all_that_the_premium_reads(tmp_path):
    """By age, term and pay of the built rate, and by occupation beside them."""
    product = life_by(tmp_path, "occupation: {type: choice, of: [desk, mine]}", "occ.factor")
    plan = bind(product)
    premiums, reserve = filing_tables(product)
    assert premiums.columns == ("age", "term", "pay", "occupation", "premium")
    assert reserve.columns[:5] == (*premiums.columns[:4], "policy_year")
    assert len({row[:4] for row in premiums.rows}) == len(premiums.rows)
    for row in premiums.rows[::25]:
        risk = dict(zip(premiums.columns[:4], row, strict=False)) | {"sum_insured": "1000"}
        assert f"{quote(plan, risk).premium:.2f}" == row[4]


def test_what_the_premium_of_life_reads_without_a_list_of_values_is_filed_at_one(tmp_path):
    product = life_by(tmp_path / "one", "factor: {type: number, min: 0.5, max: 2}", "factor")
    with pytest.raises(BadInput, match=r"the premium reads 'factor' too.*at: {factor: …}"):
        filing_tables(product)
    variable = "factor: {type: number, min: 0.5, max: 2}"
    product = life_by(tmp_path / "two", variable, "factor", "at: {factor: 2}\n  ")
    plain_one = life_by(tmp_path / "three", variable, "1")
    twice = {row[:3]: float(row[3]) for row in filing_tables(product)[0].rows}
    once = {row[:3]: float(row[3]) for row in filing_tables(plain_one)[0].rows}
    assert twice == pytest.approx({key: 2.0 * rate for key, rate in once.items()}, abs=0.011)


def test_a_product_without_a_sum_insured_files_premiums_of_a_policy():
    product = shipped("long_term_medical")
    premiums = next(_Filed(product, filed_step(product)).tables())
    assert (premiums.name, premiums.unit) == ("premiums", "CNY 每份保单 per policy")
    assert "proportional" not in premiums.note


def test_a_fee_makes_rates_per_sum_insured_those_of_one_sum(tmp_path):
    variable, says = "occupation: {type: choice, of: [desk, mine]}", "not proportional to the sum"
    fee = filing_tables(life_by(tmp_path / "fee", variable, "20 + occ.factor"))[0]
    assert f"premiums are {says} insured: those of a sum insured of 1000 stand here" in fee.note
    assert says not in filing_tables(life_by(tmp_path / "none", variable, "occ.factor"))[0].note


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
