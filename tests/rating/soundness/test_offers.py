"""What is offered has its rates and no other, and less cover costs no more."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadInput, BadValue
from product_factory.types import Type
from rating.plan import bind
from rating.quote import quote
from rating.soundness import offer_flaws
from tests.rating.tiny_shelf import BASES, FRAME, product_of, write_shelf

AMOUNTS = (0, 500, 1000, 2500)
COVER = """
module: property/{kind}
version: 1.0.0
title: {{zh: 火灾, en: Fire}}
kind: indemnity
terms:
  kept: {{type: money, title: {{zh: 额, en: Amount}}}}
  loss: {{type: money, title: {{zh: 损, en: Loss}}, default: 1000}}
pays: {{event: fire.occurrence, amount: loss * damage, adjust: [{{{kind}: kept}}]}}
"""
PRODUCT = """product: jar
title: {{zh: 罐, en: Jar}}
{frame}
contract: {{term: 1, pay: 1, renewal: none}}
insured:
  town: {{type: choice, of: [a, b]}}
  age: {{type: age, min: 18, max: 60}}
offers:
  kept: {{type: money, of: [{of}], sets: [fire.kept], title: {{zh: 额, en: Amount}}}}
accepts:
  - {{name: old, when: {{age: {{above: 50}}, town: b}}, require: 1 > 2, says: {{zh: 老, en: Old}}}}
processes: {{fire: fire@^1}}
covers:
  - {{use: property/{kind}@^1, as: fire}}
"""
RATING = """
- {name: kept_factor, kind: lookup, table: kept_factor}
- {name: age_factor, kind: lookup, table: age_factor}
- {name: premium, kind: compute, is: "max(3, 100 * kept_factor * age_factor)"}
- {name: payable, kind: round, of: premium, to: 0.01, mode: half_up}
"""
TABLE = "# title: T\n# source: the test\n# status: illustrative\n"
KEPT = "# columns: {town: {key: exact}, kept: {key: exact, type: money}, factor: {type: number}}\n"
AGES = "# columns: {age: {key: band, type: age}, town: {key: exact}, factor: {type: number}}\n"
AGE_ROWS = "18,41,a,1\n18,41,b,1.1\n41,61,a,1.2\n41,61,b,1.3\n"


def jar(shelf, factors, of=AMOUNTS, kind="deductible", *, sparse="", ages=AGE_ROWS):
    """A product with a choice of amounts; factors: (town, amount) → factor."""
    frame = FRAME.strip()
    rows = "".join(f"{town},{amount},{factor}\n" for (town, amount), factor in factors.items())
    head = TABLE + (f"# sparse: {sparse}\n" if sparse else "")
    files = {
        f"modules/property/{kind}.yaml": COVER.format(kind=kind).lstrip(),
        "jar/product.yaml": PRODUCT.format(frame=frame, of=", ".join(map(str, of)), kind=kind),
        "jar/rating.yaml": RATING,
        "jar/bases.yaml": BASES,
        "jar/tables/kept_factor.csv": f"{head}{KEPT}town,kept,factor\n{rows}",
        "jar/tables/age_factor.csv": f"{head}{AGES}age_from,age_below,town,factor\n{ages}",
    }
    for name, text in files.items():
        path = shelf / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return bind(product_of(shelf, "jar"))


def falling(of=AMOUNTS):
    return {(town, amount): 1 - amount / 10_000 for town in "ab" for amount in of}


def told(plan):
    return [(flaw.name, flaw.sure, flaw.en) for flaw in offer_flaws(plan)]


def test_a_sound_tariff_has_no_flaws(shelf):
    assert told(jar(shelf, falling())) == []
    rising = {key: 2 - factor for key, factor in falling().items()}
    assert told(jar(shelf, rising, kind="limit")) == []


def test_a_choice_without_a_rate(shelf):
    [(name, sure, text)] = told(jar(shelf, falling(AMOUNTS[:3])))
    assert (name, sure) == ("kept_factor", True)
    assert "is sold without a rate: there is no row for town a, kept 2500 in" in text
    assert text.endswith("(town a, kept 2500; 2 of 8 combinations)")


def test_a_choice_without_a_rate_for_a_reason_that_the_table_states(shelf):
    rates = falling()
    del rates["b", 1000]
    [(name, sure, text)] = told(jar(shelf, rates, sparse="none in b"))
    assert (name, sure) == ("kept_factor", False)
    assert "(town b, kept 1000; 1 of 8 combinations)" in text


def test_what_is_refused_needs_no_rate(shelf):
    """Above 50 nothing is sold in b: a row that ends there is enough, one that ends before not."""
    rows = "18,41,a,1\n18,41,b,1.1\n41,51,b,1.3\n41,61,a,1.2\n"
    ages = "18,41,a,1\n18,41,b,1.1\n41,51,a,1.2\n41,51,b,1.3\n51,61,a,1.4\n"
    assert "sparse" not in rows
    assert told(jar(shelf, falling(), ages=ages, sparse="b")) == []
    short = ages.replace("51,61", "51,60")
    [(name, _, text)] = told(jar(shelf, falling(), ages=short, sparse="b"))
    assert name == "age_factor"
    assert "no row for age 60, town a" in text


TWO_TOWNS = (
    "{name: older, when: {age: {above: 45}, town: a}, require: 1 > 2, says: {zh: 高, en: O}}"
)


def by_age_only(shelf, *lines, last=50):
    """Make the table of ages hold for all towns, and add lines of `accepts`."""
    jar(shelf, falling())
    table = shelf / "jar" / "tables" / "age_factor.csv"
    columns = AGES.replace(" town: {key: exact},", "")
    rows = f"18,41,1\n41,{last + 1},1.2\n"
    table.write_text(f"{TABLE}{columns}age_from,age_below,factor\n{rows}", encoding="utf-8")
    file = shelf / "jar" / "product.yaml"
    head, old, rest = file.read_text("utf-8").partition("  - {name: old,")
    more = "".join(f"  - {line}\n" for line in lines)
    file.write_text(f"{head}{more}{old}{rest}", encoding="utf-8")
    return bind(product_of(shelf, "jar"))


def test_what_is_refused_in_every_town_needs_no_rate_by_age(shelf):
    """Above 50 in b and above 45 in a nothing is sold, so a table by age alone may end at 50."""
    assert told(by_age_only(shelf, TWO_TOWNS)) == []


def test_what_is_sold_in_one_town_needs_a_rate_by_age(shelf):
    plan = by_age_only(shelf, TWO_TOWNS, last=49)
    [(name, sure, text)] = told(plan)
    assert (name, sure) == ("age_factor", True)
    assert "no row for age 50 in" in text
    assert text.endswith("(age 50; 1 of 13 combinations)")


def test_a_rise_of_one_item_that_every_policy_outweighs_is_no_flaw(shelf):
    """Two items that stand in every policy are bought together only; the premium of both falls."""
    must = two_items(shelf, "no", (1.0, 1.2), (1.0, 0.5))
    assert told(must) == []
    [(name, sure, text)] = told(two_items(shelf, "yes", (1.0, 1.2), (1.0, 0.5)))
    assert (name, sure) == ("kept", True)
    assert "120.00 and 100.00 (" in text
    assert "body" in text


ITEMS = """items:
  body: {title: {zh: 身, en: Body}, insured: {wet: {type: yes_no}}}
  lid: {title: {zh: 盖, en: Lid}, optional: OPTIONAL, insured: {wet: {type: yes_no}}}
offers:
"""


def two_items(shelf, optional, *factors):
    """A jar of two items, with a factor of each for the amounts 0 and 500."""
    jar(shelf, falling((0, 500)), (0, 500))
    file = shelf / "jar" / "product.yaml"
    text = file.read_text("utf-8").replace("offers:\n", ITEMS.replace("OPTIONAL", optional))
    text = text.replace("as: fire}", "as: fire, items: [body, lid]}")
    file.write_text(text, encoding="utf-8")
    rates = zip(("body", "lid"), factors, strict=True)
    rows = "".join(
        f"{item},{amount},{rate}\n"
        for item, of in rates
        for amount, rate in zip((0, 500), of, strict=True)
    )
    columns = KEPT.replace("town", "item")
    table = shelf / "jar" / "tables" / "kept_factor.csv"
    table.write_text(f"{TABLE}{columns}item,kept,factor\n{rows}", encoding="utf-8")
    (shelf / "jar" / "rating.yaml").write_text(
        "- {name: kept_factor, kind: lookup, level: item, table: kept_factor}\n"
        "- {name: each, kind: compute, level: item, is: 100 * kept_factor}\n"
        "- {name: premium, kind: total, of: each, by: sum}\n"
        "- {name: payable, kind: round, of: premium, to: 0.01, mode: half_up}\n",
        encoding="utf-8",
    )
    return bind(product_of(shelf, "jar"))


DECLINE = (
    "- {name: no_wells, kind: decline, when: {town: b, kept: 500}, says: {zh: 井, en: Wells}}\n"
)


def test_the_premium_of_what_is_declined_costs_no_wrong_way(shelf):
    rates = falling() | {("b", 500): 1.5}
    assert [name for name, *_ in told(jar(shelf, rates))] == ["kept"]
    (shelf / "jar" / "rating.yaml").write_text(RATING + DECLINE, encoding="utf-8")
    assert told(bind(product_of(shelf, "jar"))) == []


def test_a_premium_of_nothing_is_held_against_others(shelf):
    """A premium of 0 that grows is a flaw, one that stays is none; neither divides by it."""
    free = dict.fromkeys(falling(), 0)
    jar(shelf, free)
    rating = RATING.replace("max(3, ", "max(0, ")
    (shelf / "jar" / "rating.yaml").write_text(rating, encoding="utf-8")
    assert told(bind(product_of(shelf, "jar"))) == []
    jar(shelf, free | {("b", 1000): 1})
    (shelf / "jar" / "rating.yaml").write_text(rating, encoding="utf-8")
    [(name, sure, text)] = told(bind(product_of(shelf, "jar")))
    assert (name, sure) == ("kept", True)
    assert text.startswith("kept 1000 costs more than 500: 110.00 and 0.00")


def test_a_rate_without_a_choice(shelf):
    [(name, sure, text)] = told(jar(shelf, falling((*AMOUNTS, 5000, 9000))))
    assert (name, sure) == ("kept", False)
    assert text.endswith("kept_factor.csv has rates for kept 5000, 9000, which is not offered")


def test_a_table_of_factors_says_what_can_be_chosen(shelf):
    """Deductible relativities are the list of choices: a row more is a choice more."""
    jar(shelf, {(town, amount): 1 - amount / 9_000 for town in "ab" for amount in (0, 700, 4000)})
    file = shelf / "jar" / "product.yaml"
    text = file.read_text("utf-8").replace("of: [0, 500, 1000, 2500]", "of: kept_factor.kept")
    file.write_text(text, encoding="utf-8")
    plan = bind(product_of(shelf, "jar"))
    assert told(plan) == []
    assert (
        quote(plan, {"town": "a", "age": 30, "kept": 4000}).premium == 55.56
    )  # 100 x 5,000 / 9,000
    with pytest.raises(BadInput, match="expected 0, 700 or 4000, got 500; did you mean '700'"):
        quote(plan, {"town": "a", "age": 30, "kept": 500})


@given(factors=st.lists(st.integers(1, 6), min_size=4, max_size=4), kind=st.booleans())
def test_less_cover_that_costs_more_is_found(tmp_path_factory, factors, kind):
    """Held against the premiums of every pair of choices that follow one another."""
    shelf = write_shelf(tmp_path_factory.mktemp("shelf"))
    rates = falling()
    rates |= {("b", amount): factor / 100 for amount, factor in zip(AMOUNTS, factors, strict=True)}
    if kind:
        rates |= {("a", amount): 1 + amount for amount in AMOUNTS}
    plan = jar(shelf, rates, kind="limit" if kind else "deductible")
    prices = [quote(plan, {"town": "b", "age": 30, "kept": amount}).premium for amount in AMOUNTS]
    pairs = list(itertools.pairwise(prices))
    wrong = any((low > high) if kind else (high > low) for low, high in pairs)
    found = told(plan)
    assert bool(found) == wrong
    for name, sure, text in found:
        assert (name, sure) == ("kept", True)
        assert re.match(r"kept \d+ costs (more|less) than \d+: .* \(age \d+, town b\)", text)


@pytest.mark.parametrize(
    ("text", "near"),
    [("700", "500"), ("751", "1000"), ("750", "500"), ("99", "0"), ("90000", "2500"), ("x", "")],
)
def test_a_value_that_is_not_offered_is_refused_with_the_nearest(text, near):
    hint = f"; did you mean '{near}'?" if near else ""
    with pytest.raises(BadValue) as error:
        Type("money", tuple(map(str, AMOUNTS))).code(text)
    assert str(error.value) == f"expected 0, 500, 1000 or 2500, got {text}{hint}"
