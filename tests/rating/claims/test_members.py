"""Claims of groups: each member is paid as if alone, but for what the policy shares."""

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

import cli
from product_factory.assemble import assemble
from product_factory.errors import BadInput
from product_factory.language import Language
from product_factory.shelf import open_shelf
from rating.claims import as_json, check_claims, explain, pay, pay_with
from rating.models import MODELS
from rating.payout import bind
from tests.product_factory.shelves import write
from tests.rating.claims.group_contracts import SHARED, grouped, of_all, of_member
from tests.rating.claims.random_contracts import contracts, happenings, policies
from tests.rating.claims.shelf_products import event
from tests.rating.crew import write_crew
from tests.rating.group_accident import write_group
from tests.rating.tiny_shelf import product_of, write_shelf

SLOW = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.generate],
    max_examples=15,
)
INJURY, TREATMENT = "accident.injury", "illness.treatment"


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    shelf = write_group(tmp_path_factory.mktemp("works"))
    return assemble(open_shelf(shelf), "works", cli.language())


def crowd(size):
    members = [{"age": 30, "sum_insured": 50_000}] * size
    return {"start": "2026-03-01", "trade": "building", "items": {"member": members}}


def happens(day, name, item, marks):
    return event(day, name, marks).model_copy(update={"item": item})


def test_the_claims_of_a_group_are_as_worked_by_hand(works):
    assert len(works.files["claims"]) == 3
    assert check_claims(works) == ()


def made(folder, files):
    return bind(assemble(open_shelf(write(folder, files)), "made", Language({}, MODELS)))


def told(settlement, item):
    """What a settlement answers to the events of an item, in order; '' for those of no item."""

    def answered(one):
        lines = [
            (ln.operation, ln.value, ln.above, ln.came, ln.kept, ln.balance) for ln in one.lines
        ]
        return one.name, one.outcome, one.gross, one.amount, lines

    return [
        (one.date, one.event, one.marks, one.status, list(map(answered, one.answers)))
        for one in settlement.events
        if one.item == item
    ]


def mixed(data, happened):
    """Bring the events of all into one list, those of each in their order."""
    left = {n: [of_member(n, one) for one in several] for n, several in enumerate(happened, 1)}
    order = [n for n, several in left.items() for _ in several]
    return [left[n].pop(0) for n in data.draw(st.permutations(order))]


@SLOW
@given(
    files=contracts(),
    policy=policies(),
    sums=st.lists(st.integers(1, 60), min_size=2, max_size=3),
    data=st.data(),
)
def test_each_member_is_paid_as_if_alone(tmp_path_factory, files, policy, sums, data):
    """With balances of their own, whatever triggers, gaps, times and effects a contract has."""
    assume(not any(word in text for text in files.values() for word in SHARED))
    folder, sums = tmp_path_factory.mktemp("made"), [one * 1000 for one in sums]
    alone = made(folder / "alone", files)
    group = made(folder / "group", grouped(files, each=True))
    happened = [data.draw(happenings()) for _ in sums]
    together = pay_with(group, of_all(policy, sums), mixed(data, happened))
    for n, (own, several) in enumerate(zip(sums, happened, strict=True), 1):
        single = pay_with(alone, {**policy, "sum_insured": own}, several)
        assert told(together, f"member.{n}") == told(single, "")


@SLOW
@given(files=contracts(), policy=policies(), data=st.data())
def test_the_only_one_to_whom_something_happens_is_paid_as_one_alone(
    tmp_path_factory, files, policy, data
):
    """Also where payments waive the premium or end the contract, and balances are the policy's."""
    folder, sums = tmp_path_factory.mktemp("made"), policy["sum_insured"]
    alone, group = made(folder / "a", files), made(folder / "g", grouped(files, each=False))
    happened = data.draw(happenings())
    single = pay_with(alone, policy, happened)
    events = [of_member(2, one) for one in happened]
    together = pay_with(group, of_all(policy, [7000, sums, 9000]), events)
    assert told(together, "member.2") == told(single, "")
    for name in ("ended", "waived", "after", "premiums_paid", "total"):
        assert getattr(together, name) == getattr(single, name)


def test_a_member_more_or_less_changes_nothing_for_the_others(works):
    events = [happens("2026-04-01", TREATMENT, f"member.{n}", {"bill": 6500}) for n in (1, 3)]
    found = [pay(works, crowd(size), events).payments for size in (3, 4, 300)]
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (None, "the item that 'accident.injury' happens to, such as 'member.1', got nothing"),
        ("member", "expected 'member.1' to 'member.3', got 'member'"),
        ("member.4", "expected 'member.1' to 'member.3', got 'member.4'"),
        ("member.01", "expected 'member.1' to 'member.3', got 'member.01'"),
        ("membre.2", "unknown item 'membre.2'; did you mean 'member.2'?"),
    ],
)
def test_a_claim_says_which_member_it_is_of(works, item, text):
    with pytest.raises(BadInput, match=text):
        pay(works, crowd(3), [happens("2026-04-01", INJURY, item, {"degree": "10%"})])


def test_one_member_is_named_alone(works):
    with pytest.raises(BadInput, match=r"expected 'member\.1', got 'member\.2'"):
        pay(works, crowd(1), [happens("2026-04-01", INJURY, "member.2", {"degree": "10%"})])


def flat(page):
    return " ".join(page.split())


def test_the_page_names_the_members_to_whom_something_happened(works):
    events = [happens("2026-04-01", INJURY, "member.2", {"degree": "10%"})]
    settlement = pay(works, crowd(200), events)
    page = explain(settlement, "en")
    assert "Injury accident.injury · Member 2, policy year 1" in page
    assert "member.2.age 30, member.2.sum_insured 50000, and 199 more (Member)" in flat(page)
    assert max(map(len, page.splitlines())) <= 80
    assert "另有 199 项成员" in flat(explain(settlement, "zh"))
    told = as_json(settlement)
    assert told["events"][0]["item"] == "member.2"
    assert told["policy"]["member.200.age"] == "30"


# events of the whole policy


@pytest.fixture(scope="module")
def crew(tmp_path_factory):
    shelf = write_shelf(tmp_path_factory.mktemp("crew"))
    write_crew(shelf)
    return product_of(shelf, "crew")


AT_SEA = {"start": "2026-03-01", "trade": "ferry"}
AT_SEA |= {"items": {"member": [{"value": 700, "age": 30}, {"value": 70, "age": 40}]}}


def test_an_event_of_the_policy_may_hit_several_members(crew):
    marks = {"damage": {"member.1": "30%", "member.2": "5%"}}
    settlement = pay(crew, AT_SEA, [event("2026-04-01", "fire.occurrence", marks)])
    found = [(one.item, one.outcome, one.amount) for one in settlement.events[0].answers]
    paid = [("member.1", "paid", 210.0), ("member.2", "paid", 3.5)]
    assert found == [("boat", "not_insured", None), *paid]


def test_an_event_of_the_policy_names_no_item(crew):
    one = happens("2026-04-01", "fire.occurrence", "member.1", {"damage": {"member.1": "30%"}})
    with pytest.raises(
        BadInput, match=r"expected no item, since 'fire\.occurrence' happens to the"
    ):
        pay(crew, AT_SEA, [one])


def test_a_mark_of_a_member_who_is_not_there_is_told(crew):
    marks = {"damage": {"member.3": "30%"}}
    with pytest.raises(BadInput, match=r"unknown item 'member\.3'; did you mean 'member\.2'"):
        pay(crew, AT_SEA, [event("2026-04-01", "fire.occurrence", marks)])
