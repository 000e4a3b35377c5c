"""Claims of a contract on two lives, dated; its states, its wording, and what its digest holds."""

import pytest

from clause_templates.compose import compose
from clause_templates.from_product import facts_of
from clause_templates.render.markdown import markdown
from clause_templates.trace import unprinted, untraced
from product_factory.errors import BadInput
from product_factory.states import state_graph
from rating.claims import explain, pay_with
from rating.payout import bind
from rating.state_page import lines
from tests.rating.claims.shelf_products import event
from tests.rating.lives.joint_shelf import made

POLICY = {"start": "2026-03-01", "age": 62, "sex": "M", "second_age": 57, "second_sex": "F"}
POLICY |= {"pay": 5, "sum_insured": 10_000, "premium": "500.00"}
DIES_FIRST, SECOND_LEFT = "two_lives.first_death", "two_lives.last_second"


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return made(tmp_path_factory.mktemp("joint"))


@pytest.fixture(scope="module")
def claimed(product):
    plan = bind(product)

    def claimed(*events):
        marked = [
            event(day, name, {"cause": "illness"} if "." in name else None) for day, name in events
        ]
        return pay_with(plan, POLICY, marked)

    return claimed


def paid(settled):
    return [f"{one.date} {one.name} {one.amount:g}" for one in settled.payments]


def test_annuities_follow_who_is_alive_on_the_contract_s_own_days(claimed):
    """The first dies on 1 June 2028: three joint annuities, then 60% of it to the second."""
    settled = claimed(("2028-06-01", DIES_FIRST), ("2030-06-01", SECOND_LEFT))
    assert paid(settled) == [
        "2026-03-01 together 10000",
        "2027-03-01 together 10000",
        "2028-03-01 together 10000",
        "2028-06-01 first_to_die 10000",
        "2029-03-01 second_alone 6000",
        "2030-03-01 second_alone 6000",
        "2030-06-01 last_to_die 10000",
    ]
    assert settled.after == "ended"
    assert settled.premiums_paid == 3 * 500.0  # due 2026 to 2028, none while one is alone
    page = explain(settled)
    assert "premiums that fall due from 2028-06-02 to 2030-06-01 are waived" in page
    assert "only the second insured is alive" in page


@pytest.mark.parametrize(
    ("day", "joint", "premiums"), [("2028-03-01", 3, 3), ("2028-02-29", 2, 2), ("2026-03-01", 1, 1)]
)
def test_who_dies_on_a_due_date_was_alive_when_it_began(claimed, day, joint, premiums):
    settled = claimed((day, "two_lives.second_death"), ("2028-03-01", "alive"))
    assert [one.name for one in settled.payments].count("together") == joint
    assert [one.name for one in settled.payments].count("first_alone") == 3 - joint
    assert settled.premiums_paid == premiums * 500.0


def test_both_deaths_at_once_pay_the_first_and_the_last(claimed):
    settled = claimed(("2026-05-05", "two_lives.both_deaths"))
    assert paid(settled)[1:] == ["2026-05-05 first_to_die 10000", "2026-05-05 last_to_die 10000"]
    assert settled.after == "ended"


def test_two_deaths_of_one_year_pay_what_a_step_pays_for_both(claimed):
    apart = claimed(("2026-05-05", DIES_FIRST), ("2026-05-06", SECOND_LEFT))
    at_once = claimed(("2026-05-05", "two_lives.both_deaths"))
    assert sum(one.amount for one in apart.payments) == sum(one.amount for one in at_once.payments)


def test_a_life_that_is_dead_cannot_die(claimed):
    with pytest.raises(BadInput, match="leads from 'second', and the life is in 'both'"):
        claimed(("2026-05-05", SECOND_LEFT))


def test_the_state_page_says_who_is_alive_and_who_pays(product):
    page = "\n".join(lines(product, state_graph(product)))
    for said in (
        "while two_lives.both: premiums fall due, and not outside of it",
        "while two_lives.second: paid at due dates by second_alone",
        "仅连带被保险人生存",
        "paid by first_to_die: 0 → 2",
    ):
        assert said in page


def test_the_wording_says_who_is_insured_and_while_who_lives_what_is_paid(product):
    """Law 2: each figure traces; states, and while which premiums fall due, are printed."""
    facts = facts_of(product)
    assert {"contract.pay_while", "together.while", "second_alone.share"} <= facts.reads
    wording = compose(facts)
    assert untraced(wording) == ()
    assert unprinted(facts, wording) == ()
    text = markdown(wording)
    for said in (
        "本合同的被保险人为两人，即主被保险人、连带被保险人",
        "连带被保险人的年龄应当在30周岁至80周岁之间",
        "仅在主被保险人与连带被保险人均生存期间到期的各期保险费由您支付",
        "仅连带被保险人生存，且本合同届时有效的，我们于该日按照保险单载明的保险金额的60%给付",
        "两名被保险人中的后身故者",
        "确定现金价值时视同均生存",
    ):
        assert said in text


def test_what_premiums_wait_for_and_whose_facts_are_read_move_the_price_s_digest(tmp_path, product):
    always = made(tmp_path / "a", product=[(" pay_while: two_lives.both,", "")])
    same_sex = made(tmp_path / "b", product=[("second_sex}\noff", "sex}\noff")])
    assert len({product.inputs, always.inputs, same_sex.inputs}) == 3
