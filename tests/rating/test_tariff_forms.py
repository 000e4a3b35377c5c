"""What a tariff of the field is made of can be written in its steps: one product has all of it."""

from pathlib import Path

import pytest

from rating.book import rate_book
from rating.page import page
from rating.plan import bind
from rating.quote import quote
from rating.worksheet import worksheet
from tests.rating.tiny_shelf import FIRE, FRAME, product_of, write_shelf
from tests.shelf_files import write_files

ROOT = Path(__file__).parents[2]
PRODUCT = f"""product: shop
title: {{zh: 店, en: Shop}}
{FRAME}
contract: {{term: 1, pay: 1, renewal: none}}
insured:
  turnover: {{type: money, min: 1000}}
  value: {{type: money, min: 1000}}
  staff: {{type: integer, min: 0}}
  claims: {{type: integer, min: 0}}
  alarm: {{type: yes_no}}
  days: {{type: days, min: 1 days, max: 365 days}}
  months: {{type: months, min: 1 months, max: 12 months}}
offers:
  short_rate: {{type: yes_no}}
  paid: {{type: choice, of: [year, half_year, quarter, month]}}
processes: {{fire: fire@^1}}
covers:
  - {{use: property/fire@^1, as: fire}}
"""

PAGE = (ROOT / "docs" / "tariffs.md").read_text(encoding="utf-8")
RATING = PAGE.partition("```yaml\n")[2].partition("```")[0]

BASES = """
pricing:
  risk:
    fire: {occurrence: {kind: poisson, mean: 0.01}, damage: 1000}
"""
HEAD = "# title: T\n# source: the test\n# status: illustrative\n# columns: "
FILES = {
    "shop/product.yaml": PRODUCT,
    "shop/rating.yaml": RATING,
    "shop/bases.yaml": BASES,
    "shop/tables/by_value.csv": HEAD
    + "{value: {key: linear, type: money}, rate: {type: number}}\n"
    + "value,rate\n1000,3\n101000,2\n1001000,1\n",
    "shop/tables/by_turnover.csv": HEAD
    + "{turnover: {key: log_linear, type: money}, rate: {type: number}}\n"
    + "turnover,rate\n1000,1\n1000000,0.25\n",
    "shop/tables/short_period.csv": HEAD
    + "{months: {key: exact, type: months}, share: {type: ratio}}\nmonths,share\n"
    + "".join(
        f"{month} months,{share}%\n"
        for month, share in enumerate((10, 20, 30, 40, 50, 60, 70, 80, 85, 90, 95, 100), 1)
    ),
    "shop/tables/modal.csv": HEAD
    + "{paid: {key: exact}, factor: {type: number}}\n"
    + "paid,factor\nyear,1\nhalf_year,0.52\nquarter,0.265\nmonth,0.09\n",
    "processes/fire.yaml": FIRE.replace("{type: ratio, each: item}", "{type: money}"),
    "modules/property/fire.yaml": """
module: property/fire
version: 1.0.0
title: {zh: 火灾, en: Fire}
kind: indemnity
pays: {event: fire.occurrence, amount: damage}
""",
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    root = write_shelf(tmp_path_factory.mktemp("shelf"))
    write_files(root, FILES)
    return bind(product_of(root, "shop"))


GIVEN = {
    "turnover": 100_900,
    "value": 201_000,
    "staff": 5,
    "claims": 0,
    "alarm": "yes",
    "days": 73,
    "months": 3,
    "short_rate": "no",
    "paid": "year",
}


def priced(plan, **changes):
    found = quote(plan, {**GIVEN, **changes})
    return {name: value[0] for name, value in found.values.items()}, found


def test_a_tariff_of_all_forms_is_what_a_hand_reckons(plan):
    """By hand: 2 - 1/9 on the line; a tenth of the way from 1 to 0.25 in logarithms."""
    values, found = priced(plan)
    assert values["by_value"] == pytest.approx(2.0 - 1.0 / 9.0, rel=1e-12)
    assert values["by_turnover"] == pytest.approx(0.25**0.1, rel=1e-12)
    assert values["fire_premium"] == pytest.approx(201.0 * 17.0 / 9.0, rel=1e-12)
    assert values["liability_premium"] == 100.0  # 87.84, raised to the least of the cover
    assert values["discount"] == 0.75  # 80% x 90% = 72%, held at its floor
    assert values["yearly"] == 400.0  # 359.75, raised to the least of the policy
    assert values["of_period"] == pytest.approx(80.0, rel=1e-12)  # 73 of 365 days
    assert (values["rounded"], values["tax"], values["levy"]) == (80.0, 4.8, 0.64)
    assert values["payable"] == pytest.approx(85.44, rel=1e-12)
    assert found.outcome == "accept"


def test_the_page_shows_the_worksheet(plan):
    shown = page(worksheet(plan, quote(plan, GIVEN)))
    assert PAGE.partition("```text\n")[2].partition("```")[0] == f"{shown.rstrip()}\n"


@pytest.mark.parametrize(
    ("changes", "rounded"),
    [
        ({"short_rate": "yes"}, 120.0),  # 3 months: 30% of 400
        ({"short_rate": "yes", "months": 12, "paid": "month"}, 36.0),  # 400 x 0.09
        ({"days": 365, "paid": "half_year"}, 208.0),
        ({"days": 365, "claims": 1}, 431.7),  # (379.67 + 100) x 90%
        ({"days": 365, "claims": 1, "alarm": "no"}, 479.67),
    ],
)
def test_short_periods_and_modes_are_factors(plan, changes, rounded):
    values, _ = priced(plan, **changes)
    assert values["rounded"] == pytest.approx(rounded, abs=0.005)


@pytest.mark.parametrize(
    ("changes", "outcome", "names"),
    [
        ({}, "accept", []),
        ({"value": 600_000}, "refer", ["large"]),
        ({"value": 600_000, "staff": 200}, "refer", ["large", "staffed"]),
        ({"value": 600_000, "staff": 200, "claims": 4}, "decline", ["large", "staffed", "burnt"]),
    ],
)
def test_what_declines_comes_before_what_refers_and_all_are_named(
    plan, tmp_path, changes, outcome, names
):
    _, found = priced(plan, **changes)
    assert found.outcome == outcome
    assert [decided.name for decided in found.decisions] == names
    given = {**GIVEN, **changes}
    text = ",".join(given) + "\n" + ",".join(map(str, given.values())) + "\n"
    (tmp_path / "book.csv").write_text(text, "utf-8")
    rate_book(plan, tmp_path / "book.csv", tmp_path / "out.csv")
    _, line = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert line.endswith(f'"{outcome}","{"; ".join(names)}"')
