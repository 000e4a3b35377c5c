"""The claims beside the shelf's products, worked by hand, and the finder of those that disagree."""

from dataclasses import replace

import pytest

from product_factory.examples import Claim
from product_factory.nodes import read_nodes
from product_factory.shelf import installed, open_shelf
from product_factory.strict import read
from rating.claims import check_claims, pay_with
from tests.rating.claims.shelf_products import plan, product

SHELF = open_shelf(installed())
PRODUCTS = [name for name in SHELF.products() if (SHELF.root / name / "claims.yaml").is_file()]
VALUED_LONG = {"long_term_medical"}
"""Its cash values take minutes: beside/test_long_term_medical.py holds its claims when proving."""
CASES = [(name, entry) for name in PRODUCTS for entry in product(name).files["claims"]]
TOTAL_LOSS = """\
name: total loss
policy:
  start: 2026-03-01
  city: xiamen
  construction: brick_wood
  deductible: 1000
  items: {building: {value: 200000, sum_insured: 200000}}
  premium: 400
events:
  - {date: 2026-04-01, event: fire.occurrence, marks: {cause: accidental, damage: {building: 100%}}}
  - {date: 2026-05-01, event: fire.occurrence, marks: {cause: wilful, loss: {building: 5}}}
expect:
  - {date: 2026-04-01, cover: fire, item: building, amount: "199000.00"}
  - {date: 2026-05-01, exclusion: common.wilful_or_wear, amount: "0.00"}
after: in_force
premiums_paid: "400.00"
working: 200,000 - 1,000
"""


def found(text: str) -> list[str]:
    claim = read(Claim, read_nodes(text, "claims.yaml"))
    return [str(p) for p in check_claims(replace(product("home"), files={"claims": (claim,)}))]


def test_every_product_of_the_shelf_has_claims_worked_by_hand():
    assert set(PRODUCTS) == set(SHELF.products())


@pytest.mark.parametrize("name", sorted(set(PRODUCTS) - VALUED_LONG))
def test_every_golden_claim_pays_as_worked_by_hand(name):
    assert check_claims(product(name)) == ()


@pytest.mark.parametrize(("name", "entry"), CASES, ids=[entry.name for _, entry in CASES])
def test_every_golden_claim_pays_only_what_it_expects(name, entry):
    settlement = pay_with(plan(name), entry.policy, entry.events)
    paid: dict[tuple[object, ...], float] = {}
    for payment in settlement.payments:
        key = (payment.date, payment.name, payment.item or None)
        paid[key] = paid.get(key, 0.0) + payment.amount
    paid = {key: amount for key, amount in paid.items() if amount}
    expected = {(e.date, e.cover or e.exclusion, e.item): float(e.amount) for e in entry.expect}
    assert paid == {key: amount for key, amount in expected.items() if amount}


def test_a_claim_that_agrees_leaves_no_finding():
    assert found(TOTAL_LOSS) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            '"199000.00"',
            '"199000.01"',
            "claims.yaml:13:61: claims[0].expect[0].amount: expected 199000.01, got 199000.00",
        ),
        (
            '"199000.00"',
            '"199000"',
            "claims.yaml:13:61: claims[0].expect[0].amount: expected 199000, got 199000.00",
        ),
        (
            "exclusion: common.wilful_or_wear",
            "cover: theft, item: contents",
            "claims.yaml:14:62: claims[0].expect[1].amount: expected 0.00, but 'theft.contents' on",
        ),
        (
            '  - {date: 2026-04-01, cover: fire, item: building, amount: "199000.00"}\n',
            "",
            "'fire.building' on 2026-04-01 pays 199000.00, which is not expected",
        ),
        (
            "2026-05-01, exclusion: common.wilful_or_wear",
            "2026-04-01, cover: fire, item: building",
            "claims[0].expect[1]: 'fire.building' on 2026-04-01 is expected twice",
        ),
        (
            "cover: fire, ",
            "",
            "claims.yaml:13:5: claims[0].expect[0]: expected one of the keys cover and exclusion",
        ),
        (
            "in_force",
            "ended",
            "claims.yaml:15:8: claims[0].after: expected ended, got in_force",
        ),
        (
            '"400.00"',
            '"800.00"',
            "claims.yaml:16:16: claims[0].premiums_paid: expected 800.00, got 400.00",
        ),
        (
            "  premium: 400\n",
            "",
            "claims.yaml:15:16: claims[0].premiums_paid: expected 400.00, got no premium",
        ),
        (
            "fire.occurrence, marks: {cause: acc",
            "fire.occurence, marks: {cause: acc",
            "claims.yaml:10:31: claims[0].events[0].event: unknown event 'fire.occurence'; did you",
        ),
        ("city: xiamen", "city: xiamn", "claims[0].city: expected one of 24 choices, got xiamn"),
        ("sum_insured: 200000", "sum_insured: 300000", "claims[0]: refused by 'not_over_insured'"),
    ],
    ids=lambda text: text[:30],
)
def test_a_claim_that_disagrees_is_found_with_its_place(old, new, finding):
    assert old in TOTAL_LOSS
    findings = found(TOTAL_LOSS.replace(old, new, 1))
    assert any(finding in line for line in findings), findings
