"""Term operations: the laws of the family over every operation, then whole plans worked by hand."""

import inspect
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.assemble import assemble
from product_factory.contract import BALANCES, OPERATIONS, Adjust
from product_factory.examples import ClaimEvent
from product_factory.nodes import read_nodes
from product_factory.shelf import installed, open_shelf
from product_factory.strict import read
from rating.claims import pay_with
from rating.kernels import terms
from rating.payout import bind
from tests.product_factory.shelves import FILES, altered, any_language, made

ROUNDING = 1e-9  # relative to the amounts that are added up in two orders
AMOUNT = st.floats(0.0, 1e7)
# Values as their types allow them: shares and rates of insurance are not above 1.
VALUES = {"ratio": st.floats(0.0, 1.0), "number": st.floats(0.0, 3.0), "money": st.floats(0.0, 1e7)}
EXAMPLES = {  # amount, value, used, and what a corridor begins above → kept, used
    "share": ((1000.0, 0.9, 0.0), (900.0, 0.0)),
    "average": ((1000.0, 0.75, 0.0), (750.0, 0.0)),
    "deductible": ((1000.0, 300.0, 100.0), (800.0, 300.0)),
    "franchise": ((1000.0, 300.0, 0.0), (1000.0, 0.0)),
    "corridor": ((1000.0, 300.0, 100.0, 400.0), (700.0, 700.0)),
    "limit": ((1000.0, 700.0, 100.0), (600.0, 700.0)),
}
every_operation = pytest.mark.parametrize("name", sorted(OPERATIONS))


@st.composite
def lines(draw, name):
    code, kind = OPERATIONS[name]
    value = draw(VALUES[kind])
    above = draw(VALUES["money"]) if name == "corridor" else 0.0
    used = draw(st.floats(0.0, 1.0)) * (value + above) if name in BALANCES else 0.0
    return int(code), draw(AMOUNT), value, used, above


@every_operation
def test_every_operation_of_the_language_has_its_kernel_under_its_name_and_code(name):
    code, _ = OPERATIONS[name]
    kernel = getattr(terms, name)
    assert getattr(terms, name.upper()) == int(code)
    given_values, expected = EXAMPLES[name]
    names = ["amount", "value", "used", "above"][: len(given_values)]
    assert list(inspect.signature(kernel).parameters) == names
    assert kernel(*given_values) == expected
    assert terms.apply(int(code), *(*given_values, 0.0)[:4]) == expected


def test_every_code_is_an_operation_and_has_an_example():
    assert {code for code, _ in OPERATIONS.values()} == set(Adjust)
    assert set(EXAMPLES) == set(OPERATIONS)
    assert set(OPERATIONS) >= BALANCES


@every_operation
@given(data=st.data())
def test_what_is_kept_lies_between_nothing_and_the_amount(name, data):
    kept, _ = terms.apply(*(drawn := data.draw(lines(name))))
    assert 0.0 <= kept <= drawn[1]


@every_operation
@given(data=st.data())
def test_a_balance_only_goes_down_and_never_below_nothing(name, data):
    code, amount, value, used, above = data.draw(lines(name))
    _, after = terms.apply(code, amount, value, used, above)
    assert used <= after <= max(above + value, used) * (1.0 + ROUNDING)


@every_operation
@given(data=st.data())
def test_more_loss_never_leaves_less(name, data):
    code, amount, value, used, above = data.draw(lines(name))
    more = data.draw(AMOUNT)
    kept, _ = terms.apply(code, amount, value, used, above)
    assert terms.apply(code, amount + more, value, used, above)[0] >= kept * (1.0 - ROUNDING)


@every_operation
@given(data=st.data())
def test_no_loss_leaves_nothing_and_uses_nothing(name, data):
    code, _, value, used, above = data.draw(lines(name))
    assert terms.apply(code, 0.0, value, used, above) == (0.0, used)


@pytest.mark.parametrize("name", sorted(BALANCES - {"franchise"}))
@given(data=st.data())
def test_two_claims_one_after_the_other_leave_what_one_of_their_sum_leaves(name, data):
    code, one, value, used, above = data.draw(lines(name))
    two = data.draw(AMOUNT)
    first, between = terms.apply(code, one, value, used, above)
    second, after = terms.apply(code, two, value, between, above)
    kept, left = terms.apply(code, one + two, value, used, above)
    scale = one + two + value + above + 1.0
    assert math.isclose(first + second, kept, abs_tol=ROUNDING * scale)
    assert math.isclose(after, left, abs_tol=ROUNDING * scale)


@given(AMOUNT, VALUES["money"], VALUES["money"])
def test_a_deductible_then_a_limit_pay_the_layer(loss, deductible, limit):
    """min(max(loss - d, 0), l), the layer of reinsurance treaties."""
    beyond, _ = terms.deductible(loss, deductible, 0.0)
    paid, _ = terms.limit(beyond, limit, 0.0)
    assert paid == min(max(loss - deductible, 0.0), limit)


@given(AMOUNT, VALUES["money"])
def test_a_franchise_pays_all_or_nothing(loss, franchise):
    assert terms.franchise(loss, franchise, 0.0)[0] == (loss if loss >= franchise else 0.0)


@given(AMOUNT, VALUES["money"], VALUES["money"])
def test_a_corridor_pays_what_comes_below_and_what_goes_beyond(loss, corridor, above):
    """min(loss, a) + max(loss - a - c, 0): basic benefits, the corridor, and the benefits above."""
    kept, _ = terms.corridor(loss, corridor, 0.0, above)
    expected = min(loss, above) + max(loss - above - corridor, 0.0)
    assert math.isclose(kept, expected, rel_tol=ROUNDING, abs_tol=1e-6)


@given(AMOUNT, VALUES["money"], st.floats(0.0, 1.0))
def test_a_corridor_that_begins_at_nothing_is_a_deductible(loss, value, used):
    assert terms.corridor(loss, value, used * value, 0.0) == terms.deductible(
        loss, value, used * value
    )


@given(AMOUNT, st.floats(1.0, 3.0))
def test_who_is_fully_insured_is_not_averaged(loss, over):
    assert terms.average(loss, over, 0.0)[0] == loss


# Whole plans.


def event(text):
    return read(ClaimEvent, read_nodes(text, "test"))


def paid(plan, policy, *events):
    """Payments in order: (date, cover or exclusion, item, amount)."""
    happened = [event(f"{{{text}}}") for text in events]
    return [
        (payment.date.isoformat(), payment.name, payment.item, payment.amount)
        for payment in pay_with(plan, policy, happened).payments
    ]


def happening(day, name, cause="accidental", **losses):
    loss = ", ".join(f"{item}: {amount}" for item, amount in losses.items())
    return f"date: {day}, event: {name}, marks: {{cause: {cause}, loss: {{{loss}}}}}"


HOME_POLICY = {
    "start": "2026-03-01",
    "city": "xiamen",
    "construction": "reinforced_concrete",
    "deductible": "500",
    "items": {
        "building": {"value": "2000000", "sum_insured": "1500000"},
        "contents": {"value": "300000", "sum_insured": "200000"},
    },
}


@pytest.fixture(scope="module")
def home():
    return bind(assemble(open_shelf(installed()), "home", any_language()))


def test_one_storm_takes_its_deductible_once_from_building_and_contents(home):
    """products/home/claims.yaml: 80,000 × 75% + 30,000 = 90,000, less 5%, in proportion."""
    storm = happening("2026-09-15", "typhoon.storm", building=80_000, contents=30_000)
    assert paid(home, HOME_POLICY, storm) == [
        ("2026-09-15", "typhoon", "building", 57_000.0),
        ("2026-09-15", "typhoon", "contents", 28_500.0),
    ]


THEFT = happening("2026-05-02", "theft.occurrence", contents=26_000)
FIRE = happening("2026-11-20", "fire.occurrence", building=40_000, contents=195_000)


def test_a_theft_uses_up_the_sum_insured_that_a_later_fire_finds(home):
    """products/home/claims.yaml: 20,000 of 200,000 are gone; 225,000 less 500 in proportion."""
    assert paid(home, HOME_POLICY, THEFT, FIRE) == [
        ("2026-05-02", "theft", "contents", 20_000.0),
        ("2026-11-20", "fire", "building", 29_933.33),
        ("2026-11-20", "fire", "contents", 180_000.0),
    ]


def test_the_order_in_which_events_are_told_does_not_matter(home):
    assert paid(home, HOME_POLICY, FIRE, THEFT) == paid(home, HOME_POLICY, THEFT, FIRE)


def test_what_is_excluded_reaches_no_cover(home):
    wilful = FIRE.replace("accidental", "wilful")
    assert [amount for *_, amount in paid(home, HOME_POLICY, wilful)] == [0.0]


REPAIR = "modules/gadget/repair.yaml"
POLICY = {
    "start": "2026-03-01",
    "grade": "new",
    "excess": "50",
    "items": {"phone": {"value": "1000"}, "tablet": {"value": "400"}},
}


ITEM_LIMIT = "    - {limit: limit, per: policy_year, each: item}\n"


def dropped(day, **losses):
    return happening(day, "breakage.accident", "drop", **losses)


def amounts(tmp_path, change, *events):
    """Payments of the small shelf's product with its lines replaced."""
    old = FILES[REPAIR][FILES[REPAIR].index("    - {deductible") : FILES[REPAIR].index("clauses:")]
    plan = bind(made(tmp_path, "repair", altered(REPAIR, (old, change))))
    return [(name, amount) for _, _, name, amount in paid(plan, POLICY, *events)]


@pytest.mark.parametrize(
    ("line", "first", "second"),
    [
        # 300 and 900 in one year: what a line of each kind leaves of either
        ("{deductible: 400, per: claim}", 0.0, 500.0),
        ("{deductible: 400, per: event}", 0.0, 500.0),
        ("{deductible: 400, per: policy_year}", 0.0, 800.0),
        ("{deductible: 400, per: contract}", 0.0, 800.0),
        ("{limit: 500, per: claim}", 300.0, 500.0),
        ("{limit: 500, per: policy_year}", 300.0, 200.0),
        ("{limit: 500, per: contract}", 300.0, 200.0),
        ("{franchise: 400, per: claim}", 0.0, 900.0),
        ("{corridor: 300, above: 200, per: claim}", 200.0, 600.0),
        ("{corridor: 300, above: 400, per: policy_year}", 300.0, 600.0),
        ("{corridor: 300, above: 100, per: contract}", 100.0, 800.0),
        ("{corridor: 100, above: so_far / 2, per: claim}", 200.0, 800.0),
        ("{share: 80%}", 240.0, 720.0),
        ("{share: 80%, when: {item: tablet}}", 300.0, 900.0),
        ("{average: 600 / value}", 180.0, 540.0),
        ("{deductible: so_far / 10, per: claim}", 270.0, 810.0),
    ],
)
def test_one_line_on_two_claims_of_one_item(tmp_path, line, first, second):
    events = (dropped("2026-04-01", phone=300), dropped("2026-06-01", phone=900))
    change = f"    - {line}\n    - {{limit: limit, per: claim, each: item}}\n"
    assert amounts(tmp_path, change, *events) == [("phone", first), ("phone", second)]


def test_items_hit_by_one_event_share_a_line_in_proportion(tmp_path):
    change = "    - {deductible: 120, per: event}\n" + ITEM_LIMIT
    both = dropped("2026-04-01", phone=900, tablet=300)
    assert amounts(tmp_path, change, both) == [("phone", 810.0), ("tablet", 270.0)]


def test_each_item_has_a_balance_of_its_own_where_the_line_says_so(tmp_path):
    change = "    - {limit: 350, per: event, each: item}\n" + ITEM_LIMIT
    both = dropped("2026-04-01", phone=900, tablet=300)
    assert amounts(tmp_path, change, both) == [("phone", 350.0), ("tablet", 300.0)]


def test_lines_stand_in_their_order(tmp_path):
    """A share before a deductible is not a deductible before a share."""
    event_of_900 = dropped("2026-04-01", phone=900)
    share_first = "    - {share: 90%}\n    - {deductible: excess, per: event}\n" + ITEM_LIMIT
    share_last = "    - {deductible: excess, per: event}\n    - {share: 90%}\n" + ITEM_LIMIT
    assert amounts(tmp_path / "a", share_first, event_of_900) == [("phone", 760.0)]
    assert amounts(tmp_path / "b", share_last, event_of_900) == [("phone", 765.0)]


def test_a_corridor_keeps_the_little_below_it_of_a_great_amount_to_the_bit():
    kept, used = terms.corridor(9_999_999.7, 2e7, 0.0, 0.001)
    assert (kept, used) == (0.001, 9_999_999.7)


def test_a_corridor_of_nothing_takes_nothing_to_the_bit():
    kept, _ = terms.corridor(61_245.63, 0.0, 0.0, 28_059.49)
    assert kept == 61_245.63
