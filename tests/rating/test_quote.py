"""One risk: its values, its decisions, what is wrong with what was given, and its worksheet."""

import json

import pytest

from product_factory.errors import BadInput, BadValue, Refused
from rating.golden import check_quotes
from rating.page import COLUMNS, page, width
from rating.plan import bind
from rating.quote import quote
from rating.worksheet import worksheet
from tests.rating.tiny_shelf import changed, product_of, write_net_rate

BODY = {"value": 2000, "sum_insured": 1000}
LAMP = {"city": "xian", "age": 30, "kept": "yes", "deductible": 500, "items": {"body": BODY}}
LEVY = """\
parameters: cn
list:
  levy:
    title: {zh: 征费, en: Levy}
    type: ratio
    dated:
      - {from: 2025-01-01, is: 2%, reference: "Notice 1 of 2025, article 5", trust: read}
"""


@pytest.fixture
def plan(shelf):
    return bind(product_of(shelf, "lamp"))


def test_golden_quotes_agree(shelf):
    assert check_quotes(product_of(shelf, "lamp")) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('payable: "5.95"', 'payable: "5.96"', "expect.payable: expected 5.96, got 5.95"),
        ('payable: "5.95"', 'payable: "5.9"', "expected 5.9, got 5.95"),
        ('premium: "5.953846"', 'premium: "5.953847"', "expect.premium: expected 5.953847"),
        ("refused_by: not_over", "refused_by: young_in_xian", "got a refusal by 'not_over'"),
        ("declined_by: coast, ", "", "'coast' decides to decline"),
        ("referred_by: dear", "referred_by: deer", "expected 'deer', got ['dear']"),
        ('before: "4.30"', 'befor: "4.30"', "unknown step 'befor'; did you mean 'before'?"),
        ("age: 60, kept: no", "age: 61, kept: no", "quotes[2].age: expected 18 to 60, got 61"),
    ],
)
def test_a_golden_quote_that_disagrees_is_found(shelf, old, new, message):
    changed(shelf, "lamp/quotes.yaml", old, new)
    (finding,) = check_quotes(product_of(shelf, "lamp"))
    assert message in str(finding)
    assert str(finding).startswith("products/lamp/quotes.yaml:")


def test_a_risk_outside_of_accepts_is_refused_in_the_language_asked_for(plan):
    with pytest.raises(Refused, match="refused by 'young_in_xian': 老"):
        quote(plan, LAMP | {"age": 60}, "zh")


def test_a_decision_stands_beside_the_price(plan):
    priced = quote(plan, LAMP | {"city": "xiamen", "kept": "no"})
    assert (priced.outcome, [d.name for d in priced.decisions]) == ("decline", ["coast"])
    assert priced.premium == 12.15  # 7.9 / 0.65 = 12.1538


def test_a_row_that_a_table_lacks_is_named_and_no_minimum_hides_it(plan):
    """max(5, NaN) is 5: the missing rate of a shade on the coast must not become a premium of 5."""
    items = {"body": BODY, "shade": {"value": 20, "sum_insured": 20}}
    with pytest.raises(BadValue) as caught:
        quote(plan, LAMP | {"city": "xiamen", "items": items})
    expected = "rate: there is no row for zone coast, shade in products/lamp/tables/rate.csv"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"age": 61}, "age: expected 18 to 60, got 61"),
        ({"age": "35.5"}, "age: expected a whole number, got 35.5"),
        ({"age": "thirty"}, "age: expected an age such as 35, got thirty"),
        ({"age": None}, "age: expected 18 to 60, got nothing"),
        ({"age": float("nan")}, "age: expected an age such as 35, got nan"),
        ({"city": "xiamn"}, "city: expected xiamen or xian, got xiamn; did you mean 'xiamen'?"),
        ({"kept": "maybe"}, "kept: expected yes or no, got maybe"),
        ({"deductible": 7}, "deductible: expected 500 or 1000, got 7; did you mean '500'?"),
        ({"items": {}}, "body: expected this item, got nothing"),
        (
            {"items": {"body": {"value": 200}}},
            "body.sum_insured: expected 100 to 5000, got nothing",
        ),
        ({"body.value": 99}, "body.value: expected 100 or more, got 99"),
        (
            {"body.sum_insured": 125},
            "body.sum_insured: expected a whole number of steps of 50 from 100, got 125",
        ),
        ({"agee": 3}, "unknown variable 'agee'; did you mean 'age'?"),
        ({"shde.value": 3}, "items: unknown item 'shde'; did you mean 'shade'?"),
        ({"body.valu": 3}, "unknown variable 'body.valu'; did you mean 'body.value'?"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong_with_a_risk_is_told_by_the_name_of_the_variable(plan, change, message):
    with pytest.raises(BadInput) as caught:
        quote(plan, LAMP | change)
    assert str(caught.value) == message


def test_everything_that_is_wrong_is_told_at_once(plan):
    with pytest.raises(BadInput) as caught:
        quote(plan, {"age": 3, "city": "x", "items": {"body": BODY}})
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize("age", ["30", 30, 30.0, "30 years"])
def test_a_value_may_come_as_a_text_or_a_number(plan, age):
    assert quote(plan, LAMP | {"age": age}).premium == 5.0


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_last_line_of_a_worksheet_is_the_premium_and_it_fits(plan, number, language):
    priced = quote(plan, plan.product.files["quotes"][number].given)
    sheet = worksheet(plan, priced, language)
    assert sheet.lines[-1].value == priced.premium
    text = page(sheet)
    assert all(width(line) <= COLUMNS for line in text.splitlines())
    assert text.splitlines()[-1].split() == ["payable", f"{priced.premium:.2f}"]
    json.dumps(sheet.as_dict())


def test_a_step_that_leaves_a_choice_tells_the_choice_and_not_its_code(plan):
    sheet = worksheet(plan, quote(plan, LAMP)).as_dict()
    lines = {line["step"]: line for line in sheet["lines"]}
    assert lines["zone"]["value"] == lines["zone"]["text"] == "inland"
    assert {type(line["value"]) for line in sheet["lines"]} == {str, float}


def test_a_worksheet_names_the_line_of_every_row_that_was_read(shelf, plan):
    priced = quote(plan, plan.product.files["quotes"][0].given)
    lines = {(line.step, line.item): line for line in worksheet(plan, priced).lines}
    assert lines["rate", "shade"].sources == ("products/lamp/tables/rate.csv:8  (inland, shade)",)
    assert lines["zone", ""].sources == ("products/tables/cities.csv:7  (xian)",)
    assert lines["premium", ""].sources == ("products/lamp/bases.yaml:2  (pricing.loading)",)
    for line in lines.values():
        for source in line.sources:
            file, _, row = source.split("  ")[0].rpartition(":")
            assert (shelf.parent / file).read_text("utf-8").splitlines()[int(row) - 1]


@pytest.mark.parametrize(
    ("age", "sources"),
    [
        (35, ("7  (age 20; weight 0.25)", "8  (age 40; weight 0.75)")),
        (40, ("8  (age 40)",)),
        (60, ("9  (age 60)",)),
    ],
)
def test_a_worksheet_names_both_rows_that_a_value_lies_between(shelf, age, sources):
    changed(shelf, "lamp/tables/age_factor.csv", "key: band, type: age", "key: linear, type: age")
    path = shelf / "lamp/tables/age_factor.csv"
    header = path.read_text("utf-8").split("age_from")[0]
    path.write_text(f"{header}age,factor\n0,1\n20,1\n40,2\n60,4\n", encoding="utf-8")
    plan = bind(product_of(shelf, "lamp"))
    priced = quote(plan, LAMP | {"age": age, "city": "xiamen"})
    lines = {line.step: line for line in worksheet(plan, priced).lines}
    assert lines["age_factor"].value == {35: 1.75, 40: 2.0, 60: 4.0}[age]
    file = "products/lamp/tables/age_factor.csv"
    assert lines["age_factor"].sources == tuple(f"{file}:{source}" for source in sources)


def test_outside_the_rows_that_a_value_lies_between_there_is_none(shelf):
    changed(shelf, "lamp/tables/age_factor.csv", "key: band, type: age", "key: linear, type: age")
    path = shelf / "lamp/tables/age_factor.csv"
    header = path.read_text("utf-8").split("age_from")[0]
    path.write_text(f"{header}age,factor\n20,1\n40,2\n", encoding="utf-8")
    plan = bind(product_of(shelf, "lamp"))
    says = r"age_factor: there is no row for age 41 in products/lamp/tables/age_factor.csv"
    with pytest.raises(BadValue, match=says):
        quote(plan, LAMP | {"age": 41})


def test_a_worksheet_shows_the_formula_with_its_values(plan):
    priced = quote(plan, plan.product.files["quotes"][0].given)
    lines = {(line.step, line.item): line for line in worksheet(plan, priced).lines}
    line = lines["item_premium", "shade"]
    assert (line.how, line.working) == ("sum_insured / 1000 * rate", "100 / 1000 * 11.3")
    line = lines["premium", ""]
    assert line.how == "max(5, factored / (1 - pricing.loading))"
    assert line.working == "max(5, 3.87 / (1 - 35%))"


def test_a_worksheet_names_the_law_that_a_figure_comes_from(shelf):
    folder = shelf / "parameters"
    folder.mkdir(exist_ok=True)
    (folder / "cn.yaml").write_text(LEVY, encoding="utf-8")
    rate = "factored / (1 - pricing.loading)"
    changed(shelf, "lamp/rating.yaml", rate, f"{rate} * (1 + cn.levy)")
    plan = bind(product_of(shelf, "lamp"))
    priced = quote(plan, plan.product.files["quotes"][0].given)
    (line,) = (one for one in worksheet(plan, priced).lines if one.step == "premium")
    assert line.working == "max(5, 3.87 / (1 - 35%) * (1 + 2%))"
    assert line.value == pytest.approx(3.87 / 0.65 * 1.02, rel=1e-12)
    assert "products/parameters/cn.yaml:7  (cn.levy, Notice 1 of 2025, article 5)" in line.sources
    assert "Notice 1 of 2025, article 5" in page(worksheet(plan, priced, "zh"))


def test_a_built_rate_is_shown_with_its_row(shelf):
    write_net_rate(shelf, product_of(shelf, "life").inputs)
    plan = bind(product_of(shelf, "life"))
    given = {"age": 44, "sex": "F", "term": 10, "pay": 10, "sum_insured": 3000}
    text = page(worksheet(plan, quote(plan, given)))
    assert "products/life/tables/built/net_rate.csv:20  (age 44, 10)" in text
