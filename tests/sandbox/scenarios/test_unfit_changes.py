"""A change that does not fit a product, or means nothing, is told with its place."""

import pytest

from product_factory.errors import BadInput
from sandbox.scenarios import shock_of
from tests.sandbox.scenarios.changes import scenario
from tests.sandbox.shipped import product as shipped

WRONG = [
    (
        "bikes",
        "{kind: frequency, times: 2, where: {grup: wild}",
        "4:41: unknown name 'grup'; did you mean 'group'?",
    ),
    (
        "bikes",
        "{kind: frequency, times: 2, where: {group: wilde}",
        "group: expected calm or wild, got wilde",
    ),
    (
        "life",
        "{kind: frequency, times: 2, where: {policy_year: 2}",
        "4:40: where: expected a fact or choice of the policy, got 'policy_year'",
    ),
    (
        "bikes",
        "{kind: frequency, times: 2, policy_year: {at_least: 2}",
        "policy_year: tiny lasts a year; expected no 'policy_year'",
    ),
    (
        "bikes",
        "{kind: expense, times: 2, ramp: {over: 3}",
        "4:37: ramp: tiny lasts a year; expected no 'ramp'",
    ),
    (
        "bikes",
        "{kind: frequency, cover: byke, times: 2",
        "4:30: cover: unknown cover 'byke'; did you mean 'bike'?",
    ),
    (
        "bikes",
        "{kind: frequency, cover: bike, event: bike.damage, times: 2",
        "4:30: cover: expected one of the keys 'event' and 'cover'",
    ),
    (
        "bikes",
        "{kind: frequency, event: [bike.damage, bike.damage], times: 2",
        "4:30: event: 'bike.damage' stands twice",
    ),
    ("life", "{kind: rate, cover: medical, times: 2", "4:25: cover: 'medical' pays for no event"),
    (
        "life",
        "{kind: frequency, times: 50%, ramp: {reaches: 200%, over: 3}",
        "4:30: times: expected more than 0%, got 0% within the ramp",
    ),
    (
        "life",
        "{kind: interest, add: -60%, ramp: {reaches: 200%, over: 3}",
        "4:27: add: expected a change of less than 100%, got -120%",
    ),
    (
        "bikes",
        "{kind: expense, times: 2, per: [police]",
        "per: expected policy, premium, sum_insured, claim or claim_payment, got 'police'; did you",
    ),
    ("bikes", "{kind: expense, times: 2, inflation: 1%", "expected no 'inflation'"),
    ("bikes", "{kind: premium, times: 0%", "4:28: times: expected more than 0%, got 0%"),
    ("bikes", "{kind: volume, times: 0%", "4:27: times: expected more than 0%, got 0%"),
    (
        "home",
        "{kind: frequency, event: typhoon.storm, times: 2, where: {city: xiamen}",
        "4:62: where: 'typhoon.storm' comes for all policies at once; expected no 'where'",
    ),
]


@pytest.mark.parametrize(("name", "change", "says"), WRONG, ids=[w[2][:45] for w in WRONG])
def test_what_does_not_fit_is_told_with_its_place(request, name, change, says):
    product = shipped(name) if name == "home" else request.getfixturevalue(name)
    with pytest.raises(BadInput) as error:
        shock_of(scenario(change), product)
    assert says in str(error.value)


UNREADABLE = [
    (
        "{kind: interest, add: 1%, where: {group: wild}",
        "4:31: changes[0]: unknown key 'where'",
    ),
    ("{kind: premium, times: 1, ramp: {over: 2}", "unknown key 'ramp'"),
    (
        "{kind: frequency, times: 1, ramp: {over: 1}",
        "over: expected 2 to 1,000 policy years, got 1",
    ),
    ("{kind: frequency, times: 1, ramp: {over: 2, starts: -1%}", "starts: expected 0% to 1,000%"),
]


@pytest.mark.parametrize(("change", "says"), UNREADABLE, ids=[w[1][:40] for w in UNREADABLE])
def test_a_key_that_means_nothing_is_told(change, says):
    with pytest.raises(BadInput) as error:
        scenario(change)
    assert says in str(error.value)
