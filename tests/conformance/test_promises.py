"""What the shelf's products do not promise: the reader settles it as the project does."""

import json

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from product_factory.assemble import assemble
from product_factory.json_text import json_text
from product_factory.language import Language
from product_factory.shelf import open_shelf
from rating.claims import pay_with
from rating.export import export
from rating.export.claim_cases import told_case
from rating.export.plan import sold_data
from rating.export.terms import terms_data
from rating.models import MODELS
from rating.payout import bind
from tests.conformance.cargo import cargo
from tests.conformance.claims import Claims
from tests.conformance.exports import SAMPLE, SEED, write
from tests.conformance.reader import disagreements
from tests.product_factory.shelves import made
from tests.product_factory.shelves import write as write_shelf
from tests.rating.claims.random_contracts import contracts, happenings, policies
from tests.rating.claims.shelf_products import event
from tests.rating.engines.test_transitions import shelf
from tests.rating.lives.joint_shelf import assembled as joint
from tests.rating.lives.joint_shelf import write as write_joint
from tests.rating.plain_life import plain, write_plain
from tests.rating.test_modes import OFFERED

HEAD = {"format": "covercast-export", "format_version": "1.0"}
DISABLED, RECOVERS = "disability.disablement", "disability.recovery"
LIFE = {"start": "2028-02-29", "age": "40", "sex": "M", "term": "10", "pay": "10"}
LIFE |= {"sum_insured": "100000", "premium": "500"}


def claims_of(plan, folder):
    """The promises of a plan, exported for the reader without a tariff."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"plan": sold_data(plan.product), "terms": terms_data(plan), "tables": {"tables": {}}}
    for name, content in parts.items():
        (folder / f"{name}.json").write_text(json_text(HEAD | content), encoding="utf-8")
    return Claims(folder)


def agree(plan, claims, policy, events):
    """Hold the reader's answers against those of the project; gives the latter."""
    texts = {name: str(value) for name, value in policy.items()}
    case = told_case(plan, texts, events, pay_with(plan, texts, events))
    told = json.loads(json.dumps(case, default=str))
    found = claims.settle(told.pop("policy"), told.pop("events"))
    assert found == told
    return told


SLOW = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.generate],
)


@SLOW
@given(files=contracts(), policy=policies(), data=st.data())
def test_contracts_made_at_random_are_settled_alike(tmp_path_factory, files, policy, data):
    folder = tmp_path_factory.mktemp("made")
    language = Language(files={}, models=MODELS)
    plan = bind(assemble(open_shelf(write_shelf(folder, files)), "made", language))
    claims = claims_of(plan, folder / "export")
    for _ in range(2):
        agree(plan, claims, policy, data.draw(happenings()))


@pytest.mark.parametrize(
    "due",
    [
        "{every: month, at: end, after: 90 days}",
        "{every: month, at: end, after: 90 days, relapse: 180 days}",
        "{every: month}",
        "{every: quarter, at: end, for: 2 years}",
        "{every: month, for: 1 years}",
        "{every: half_year, until: {age: 46}}",
        "{every: 1, at: end, until: 5}",
    ],
)
def test_stays_in_a_state_are_paid_alike(tmp_path, due):
    """Falls ill, recovers, soon again, recovers on a due date, and at last the term ends."""
    waives = "  then: {waives: premium}\n"
    plan = bind(made(tmp_path, "short_life", shelf(due=due, then=waives)))
    claims = claims_of(plan, tmp_path / "export")
    events = [
        event("2028-08-31", DISABLED),
        event("2029-03-31", RECOVERS),
        event("2029-06-15", DISABLED),
        event("2029-12-31", "alive"),
        event("2031-08-30", RECOVERS),
        event("2032-02-29", DISABLED),
        event("2038-12-31", "alive"),
    ]
    paid = 0
    for last in range(1, len(events) + 1):
        told = agree(plan, claims, LIFE, events[:last])
        paid = sum(len(one["answers"]) for one in told["settled"])
    assert paid > 0


COUPLE = {"start": "2026-03-01", "age": "60", "sex": "M", "second_age": "58", "second_sex": "F"}
COUPLE |= {"sum_insured": "12000", "pay": "10", "premium": "9000", "cash_value": "777.77"}


@pytest.fixture(scope="module")
def couple(tmp_path_factory):
    folder = tmp_path_factory.mktemp("couple")
    plan = bind(joint(write_joint(folder)))
    return plan, claims_of(plan, folder / "export")


@pytest.mark.parametrize("first", ["first_death", "second_death", "both_deaths"])
@pytest.mark.parametrize("day", ["2029-03-01", "2029-03-02", "2026-03-01"])
def test_two_lives_are_paid_alike_and_premiums_stop_with_the_first_death(couple, first, day):
    plan, claims = couple
    last = {"first_death": "last_second", "second_death": "last_first"}.get(first)
    events = [event(day, f"two_lives.{first}", {"cause": "illness"})]
    if last:
        events.append(event("2034-07-01", f"two_lives.{last}", {"cause": "accident"}))
    told = agree(plan, claims, COUPLE, events)
    assert told["premiums_paid"] == {"2029": "36000", "2026": "9000"}[day[:4]]


@pytest.mark.parametrize(("mode", "paid"), [("year", 1), ("half_year", 2), ("month", 11)])
def test_premiums_that_fall_due_as_the_customer_chose_are_counted_alike(tmp_path, mode, paid):
    """From 31 August on the eleventh month begins on 30 June; who dies then has paid for it."""
    plan = bind(plain(write_plain(tmp_path, **{"plain/product.yaml": OFFERED})))
    claims = claims_of(plan, tmp_path / "export")
    policy = {"start": "2026-08-31", "age": "50", "sum_insured": "1000", "term": "10"}
    policy |= {"pay": "5", "mode": mode, "premium": "10"}
    told = agree(plan, claims, policy, [event("2027-06-30", "mortality.death")])
    assert told["premiums_paid"] == str(10 * paid)


def test_every_kind_of_step_key_and_line_is_reproduced(tmp_path):
    """Cargo: exact, step, band, linear, log-linear keys, four modes of rounding, a power, items."""
    assert disagreements(write(export(cargo(), SAMPLE, SEED), tmp_path)) == []


@pytest.mark.prove
def test_cases_of_cargo_show_all_that_it_does(tmp_path):
    exported = export(cargo(), 1000, SEED)
    assert disagreements(write(exported, tmp_path)) == []
    shown = exported.manifest["cases"]["shown"]
    assert [shown[what]["missing"] for what in ("prices", "claims")] == [[], []]
