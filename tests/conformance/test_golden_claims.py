"""Claims worked by hand cover every term operation and every pool, of the shelf and of cargo."""

from dataclasses import replace

import pytest

from product_factory.contract import OPERATIONS
from product_factory.shelf import installed
from rating.claims import check_claims, pay_with
from rating.payout import bind
from tests.conformance.cargo import cargo
from tests.the_shelf import shipped

PRODUCTS = sorted(path.parent.name for path in installed().glob("*/claims.yaml"))
NEVER = {(f"{cover}.contents", 0) for cover in ("fire", "typhoon", "water_damage", "theft")}
"""Lines whose condition never holds: only the building is averaged."""


def answers(product):
    """Every answer of the product's claims, with its lines."""

    def found():
        plan = bind(product)
        return [
            answer
            for claim in product.files["claims"]
            for event in pay_with(plan, claim.policy, claim.events).events
            for answer in event.answers
        ]

    return product.derive("answers of its claims", found)


def slot(answer):
    """A slot as the product has it: one of all members of a group."""
    return f"{answer.name}.{answer.item.partition('.')[0]}" if answer.item else answer.name


def worked(product):
    """The lines that some claim by hand lets take something: (slot, line)."""
    return {
        (slot(answer), line.number)
        for answer in answers(product)
        for line in answer.lines
        if line.applies
    }


def stated(product):
    """Every line of every slot."""
    plan = bind(product)
    return {
        (f"{entry.name}.{item}" if item else entry.name, number)
        for entry in plan.entries
        for item, _ in entry.slots
        for number in range(len(entry.lines))
    }


def untouched(product):
    """Tell the pools of a product that no claim by hand uses from two covers, one after another."""
    plan = bind(product)
    covers = {stage.pool: {name for name, _ in stage.lines} for stage in plan.stages if stage.pool}
    found = {
        (line.pool, answer.name)
        for answer in answers(product)
        for line in answer.lines
        if line.pool and line.balance is not None and line.balance.before < line.balance.value
    }
    return {
        pool: sorted(names)
        for pool, names in covers.items()
        if len({name for of, name in found if of == pool}) < 2
    }


def test_the_claims_of_cargo_are_as_worked_by_hand():
    assert check_claims(cargo()) == ()


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_line_of_every_cover_is_met_by_a_claim_worked_by_hand(name):
    assert stated(shipped(name)) - worked(shipped(name)) - NEVER == set()


def test_every_line_of_cargo_is_met_by_a_claim_worked_by_hand():
    assert stated(cargo()) - worked(cargo()) == {("theft.deck", n) for n in range(3)}


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_pool_is_used_up_by_two_covers_in_claims_worked_by_hand(name):
    assert untouched(shipped(name)) == {}


def test_the_pools_of_cargo_are_used_up_by_two_covers():
    assert untouched(cargo()) == {}


def test_every_operation_takes_something_in_a_claim_worked_by_hand():
    """No product of the shelf has a franchise; cargo has."""
    taking = {
        line.operation
        for product in (*map(shipped, PRODUCTS), cargo())
        for answer in answers(product)
        for line in answer.lines
        if line.applies and line.kept < line.came
    }
    assert taking == set(OPERATIONS)


def test_a_pool_that_no_second_cover_uses_up_would_be_told():
    """Without the claims of home but the first none uses up the sum insured twice."""
    product = shipped("home")
    assert untouched(product) == {}
    one = replace(product, files={**product.files, "claims": product.files["claims"][:1]})
    assert set(untouched(one)) == {"item_limit"}
