"""Reinsurance: recoveries by hand, the laws of every contract, expected layers in closed form."""

import math
from dataclasses import replace
from fractions import Fraction
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from product_factory.errors import BadValue
from sandbox.loss_table import LossTable
from sandbox.reinsurance import (
    CONTRACTS,
    Contract,
    ExcessOfLoss,
    Occurrences,
    Programme,
    QuotaShare,
    net_table,
    years,
)
from sandbox.reinsurance.contract import Base
from sandbox.reinsurance.occurrences import CEILING, STEP
from sandbox.reinsurance.proportional import Proportional
from tests.sandbox.reinsurance_cases import (
    EXAMPLES,
    EXPOSURE,
    by_event,
    occurrences,
    recovered,
    slow,
    yearly_losses,
)

STANDARD_ERRORS = 4.0
HALF_A_STEP = Fraction(STEP) / 2 + Fraction(1, 10**12)  # charges are rounded to the nearest step
LAYER = ExcessOfLoss(name="layer", attachment=1_000, limit=5_000)


def test_every_kind_has_an_example():
    assert {example.kind for example in EXAMPLES} == set(CONTRACTS)
    assert all(CONTRACTS[example.kind] is type(example) for example in EXAMPLES)


@pytest.mark.parametrize(("family", "lacks"), [(Base, "cost.*terms"), (Proportional, "terms")])
def test_a_kind_that_does_not_say_how_cannot_be_made(family, lacks):
    with pytest.raises(TypeError, match=lacks):
        family(name="unready")


def test_a_layer_with_one_free_reinstatement_pays_twice_its_limit_by_hand():
    """10 xs 10, losses 25, 15, 30, 12 in one year: 10 + 5 + 5 (20 used up), then nothing."""
    events = occurrences([(0, 25.0), (0, 15.0), (0, 30.0), (0, 12.0), (1, 12.0)])
    layer = ExcessOfLoss(name="10 xs 10", attachment=10, limit=10, reinstatements=1)
    assert recovered(layer, events).tolist() == [10.0, 5.0, 5.0, 0.0, 2.0]


def test_a_stop_loss_pays_what_each_occurrence_adds_to_the_year_by_hand():
    """100 xs 50 by year, losses 30, 40, 200 then a new year: 0, 20, 80, 0."""
    events = occurrences([(0, 30.0), (0, 40.0), (0, 200.0), (1, 45.0)])
    layer = ExcessOfLoss(name="stop", attachment=50, limit=100, per="year")
    assert recovered(layer, events).tolist() == [0.0, 20.0, 80.0, 0.0]


def test_a_programme_inures_in_order_by_hand():
    """Half of 300 and 100 is ceded; 50 xs 60 then sees 150 and 50. Turned round it sees 300."""
    events = occurrences([(0, 300.0), (0, 100.0)])
    half = QuotaShare(name="half", cession=0.5)
    layer = ExcessOfLoss(name="layer", attachment=60, limit=50)
    first = Programme(contracts=(half, layer)).settle(events)
    assert first.contracts == ("half", "layer")
    assert first.ceded.tolist() == [[200.0, 50.0]]
    assert first.net.tolist() == [150.0]
    assert first.gross_largest.tolist() == [300.0]
    assert first.net_largest.tolist() == [100.0]
    second = Programme(contracts=(layer, half)).settle(events)
    assert second.ceded.tolist() == [[90.0, 155.0]]


def test_layers_side_by_side_see_the_same_loss_by_hand():
    """Loss 100, half ceded first; 50 then meets 10 xs 10, 10 xs 20 and 20 xs 30: 10, 10, 20."""
    tower = tuple(
        ExcessOfLoss(name=f"{limit} xs {attachment}", attachment=attachment, limit=limit)
        for attachment, limit in ((10, 10), (20, 10), (30, 20))
    )
    half = QuotaShare(name="half", cession=0.5)
    settled = Programme(contracts=(half, tower)).settle(occurrences([(0, 100.0)]))
    assert settled.contracts == ("half", "10 xs 10", "10 xs 20", "20 xs 30")
    assert settled.ceded.tolist() == [[50.0, 10.0, 10.0, 20.0]]
    assert settled.net.tolist() == [10.0]


def test_contracts_side_by_side_that_recover_more_than_the_loss_are_refused():
    shares = (QuotaShare(name="a", cession=0.75), QuotaShare(name="b", cession=0.5))
    says = (
        "contracts side by side 'a' and 'b': expected to recover at most the loss, "
        "got 25.0 more than 100.0 in year 1"
    )
    with pytest.raises(BadValue, match=f"^{says}$"):
        Programme(contracts=(shares,)).settle(occurrences([(1, 100.0)]))


@given(events=yearly_losses(), heights=st.lists(st.integers(1, 10**6), min_size=1, max_size=4))
def test_a_tower_leaves_what_its_tall_layer_leaves_to_the_last_bit(events, heights):
    bottoms = [100 + sum(heights[:i]) for i in range(len(heights))]
    tower = tuple(
        ExcessOfLoss(name=str(i), attachment=bottom, limit=height)
        for i, (bottom, height) in enumerate(zip(bottoms, heights, strict=True))
    )
    tall = ExcessOfLoss(name="tall", attachment=100, limit=sum(heights))
    both = [Programme(contracts=(tower,)), Programme(contracts=(tall,))]
    stacked, whole = (programme.settle(events) for programme in both)
    assert stacked.net.tolist() == whole.net.tolist()
    left = [by_event(events, programme.leaves(events).tolist()) for programme in both]
    assert np.allclose(*left, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("contract", EXAMPLES, ids=lambda contract: contract.name)
@given(events=yearly_losses())
def test_a_recovery_is_the_textbook_to_the_bit_and_lies_between_zero_and_the_loss(contract, events):
    ceded = recovered(contract, events)
    found, charge = slow(contract, events)
    assert by_event(events, ceded.tolist()) == found
    assert (ceded >= 0.0).all()
    assert (ceded <= events.amount).all()
    cost = contract.cost(EXPOSURE)
    assert 0.0 <= cost.commission <= cost.premium
    settled = Programme(contracts=(contract,)).settle(events, EXPOSURE)
    by_year = np.bincount(events.year, ceded, minlength=events.years)
    assert settled.ceded[:, 0].tolist() == by_year.tolist()
    assert (settled.reinstated >= 0.0).all()
    for told, exact in zip(settled.reinstated[:, 0].tolist(), charge, strict=True):
        assert abs(Fraction(told) - exact) <= HALF_A_STEP


@given(events=yearly_losses(), chosen=st.lists(st.sampled_from(EXAMPLES), unique=True, max_size=4))
def test_net_plus_ceded_is_gross_to_the_last_bit(events, chosen):
    ratios = [one for one in chosen if one.kind == "stop_loss"]  # while there is premium left
    chosen = ratios + [one for one in chosen if one not in ratios]
    programme = Programme(contracts=tuple(chosen))
    settled = programme.settle(events, EXPOSURE)
    ceded = sum((settled.ceded[:, i] for i in range(len(chosen))), np.zeros(events.years))
    assert (settled.net + ceded).tolist() == settled.gross.tolist()
    assert (settled.net >= 0.0).all()
    left = programme.leaves(events, EXPOSURE)
    assert (left >= 0.0).all()
    by_row = np.bincount(events.year, events.amount - left, minlength=events.years)
    assert by_row.tolist() == settled.ceded.sum(axis=1).tolist()
    assert (settled.net_largest <= settled.gross_largest).all()


def test_without_a_grid_net_plus_ceded_would_miss_gross():
    """The law is not idle: plain floating point breaks it on the very first tries."""
    rng = np.random.default_rng(1)
    gross = rng.uniform(0, 1e6, 1_000)
    plain = gross * 0.3
    assert ((gross - plain) + plain != gross).any()
    events = Occurrences(np.arange(1_000), gross, 1_000)
    ceded = recovered(QuotaShare(name="quota", cession=0.3), events)
    assert ((gross - ceded) + ceded == gross).all()
    assert np.abs(ceded - plain).max() < STEP


heights = st.integers(1, 2**33).map(lambda steps: steps * STEP)


@pytest.mark.parametrize("per", ["event", "year"])
@given(events=yearly_losses(), attachment=heights, lower=heights, upper=heights)
def test_stacked_layers_are_the_tall_layer_to_the_last_bit(per, events, attachment, lower, upper):
    """For layers on the grid (whole numbers are) that reinstate without end: all sums are exact."""
    first = ExcessOfLoss(name="lower", attachment=attachment, limit=lower, per=per)
    second = ExcessOfLoss(name="upper", attachment=attachment + lower, limit=upper, per=per)
    tall = ExcessOfLoss(name="tall", attachment=attachment, limit=lower + upper, per=per)
    stacked = recovered(first, events) + recovered(second, events)
    whole = recovered(tall, events).tolist()
    assert by_event(events, stacked.tolist()) == by_event(events, whole)


@given(events=yearly_losses())
def test_a_year_never_pays_more_than_its_reinstated_limit_and_pays_it_when_due(events):
    layer = ExcessOfLoss(name="twice", attachment=10, limit=200, reinstatements=1)
    free = ExcessOfLoss(name="free", attachment=10, limit=200)
    paid = Programme(contracts=(layer,)).settle(events).ceded[:, 0]
    unlimited = Programme(contracts=(free,)).settle(events).ceded[:, 0]
    assert paid.tolist() == np.minimum(unlimited, 400.0).tolist()


@given(events=yearly_losses())
def test_adding_a_year_changes_no_other_year(events):
    programme = Programme(contracts=tuple(one for one in EXAMPLES if one.name != "all"))
    more = Occurrences(
        np.append(events.year, [5, 5]),
        np.append(events.amount, [9_000.1, 77.7]),
        events.years + 1,
        np.append(events.event, [0, 1]),
        time=np.append(events.time, [0.5, 0.75]),
        sum_insured=np.append(events.sum_insured, [4_000.0, 900.0]),
    )
    fewer = replace(events, risks=None)
    before, after = programme.settle(fewer, EXPOSURE), programme.settle(more, EXPOSURE)
    assert after.ceded[:-1].tolist() == before.ceded.tolist()
    assert after.net[:-1].tolist() == before.net.tolist()
    assert after.reinstated[:-1].tolist() == before.reinstated.tolist()


@given(
    events=yearly_losses(),
    chosen=st.lists(st.sampled_from(EXAMPLES[2:-1]), unique=True, min_size=1, max_size=3),
    threads=st.integers(1, 4),
    rows=st.sampled_from([1, 2, 5, 100_000]),
)
def test_a_settlement_is_the_same_for_any_threads_and_any_room(events, chosen, threads, rows):
    programme = Programme(contracts=(chosen[0], tuple(chosen[1:]) or EXAMPLES[0]))
    if len(chosen) == 3:  # side by side they may take more than a loss
        programme = Programme(contracts=tuple(chosen))
    once = programme.settle(events, EXPOSURE)
    with mock.patch.object(years, "ROWS", rows):
        again = programme.settle(events, EXPOSURE, threads)
        left = programme.leaves(events, EXPOSURE, threads)
    for name, array in vars(once).items():
        assert name == "contracts" or getattr(again, name).tobytes() == array.tobytes(), name
    assert left.tobytes() == programme.leaves(events, EXPOSURE).tobytes()


@given(events=yearly_losses(), contract=st.sampled_from(EXAMPLES))
def test_rows_that_are_events_of_their_own_need_not_say_so(events, contract):
    named = replace(events, event=np.arange(len(events.year)))
    programme = Programme(contracts=(contract,))
    told = [programme.settle(one, EXPOSURE) for one in (named, replace(named, event=None))]
    for name, array in vars(told[0]).items():
        assert name == "contracts" or getattr(told[1], name).tobytes() == array.tobytes(), name


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_worst_of_what_is_recovered_twice_is_told_for_any_threads(threads):
    shares = (QuotaShare(name="a", cession=0.75), QuotaShare(name="b", cession=0.5))
    rows = [(0, 10.0), (1, 40.0), (2, 100.0), (3, 100.0), (4, 3.0)]
    with pytest.raises(BadValue, match=r"got 25\.0 more than 100\.0 in year 2$"):
        Programme(contracts=(shares,)).settle(occurrences(rows), threads=threads)


def test_an_expected_layer_of_poisson_pareto_is_its_closed_form():
    """Poisson(10), survival (10/(10+x))^3: unlimited layers 6.9444, 2.4306, 9.3750 (10 xs 10,
    10 xs 20, 20 xs 10), the values of Mata 2000, ASTIN Bulletin 30(2), without reinstatement
    limits; simulated here from numbers of the test's own.
    """
    years = 200_000
    rng = np.random.default_rng(20_000)
    counts = rng.poisson(10.0, years)
    amount = 10.0 * ((1.0 - rng.random(counts.sum())) ** (-1 / 3) - 1.0)
    events = Occurrences(np.repeat(np.arange(years), counts), amount, years)

    def limited(x):
        return 5.0 * (1.0 - (10.0 / (10.0 + x)) ** 2)

    for attachment, limit, printed in ((10, 10, 6.9444), (20, 10, 2.4306), (10, 20, 9.3750)):
        exact = 10.0 * (limited(attachment + limit) - limited(attachment))
        assert round(exact, 4) == printed
        layer = ExcessOfLoss(name="layer", attachment=attachment, limit=limit)
        ceded = Programme(contracts=(layer,)).settle(events).ceded[:, 0]
        error = ceded.std() / math.sqrt(years)
        assert error < 0.005 * exact
        assert abs(ceded.mean() - exact) < STANDARD_ERRORS * error + 10.0 * STEP


def test_contracts_are_read_from_the_mappings_that_stand_in_yaml():
    read = TypeAdapter(tuple[Contract, ...]).validate_python(
        (
            {"kind": "quota_share", "name": "quota", "cession": 0.3},
            {"kind": "excess_of_loss", "name": "layer", "attachment": 1_000, "limit": 5_000},
        )
    )
    assert read == (EXAMPLES[0], LAYER)
    programme = Programme.model_validate(
        {
            "contracts": [
                {"kind": "quota_share", "name": "quota", "cession": 0.3},
                [{"kind": "excess_of_loss", "name": "layer", "attachment": 1_000, "limit": 5_000}],
            ]
        }
    )
    assert programme.stages == ((EXAMPLES[0],), (LAYER,))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "quota_share", "name": "q", "cession": 1.01},
        {"kind": "quota_share", "name": "q", "cession": 0},
        {"kind": "quota_share", "name": "", "cession": 0.5},
        {"kind": "excess_of_loss", "name": "x", "attachment": -1, "limit": 5},
        {"kind": "excess_of_loss", "name": "x", "attachment": 1, "limit": 0},
        {"kind": "excess_of_loss", "name": "x", "attachment": 1, "limit": math.inf},
        {"kind": "excess_of_loss", "name": "x", "attachment": 1, "limit": 5, "reinstatements": -1},
        {
            "kind": "excess_of_loss",
            "name": "x",
            "attachment": 1,
            "limit": 5,
            "per": "year",
            "reinstatements": 1,
        },
        {"kind": "excess_of_loss", "name": "x", "attachment": 1, "limit": 5, "retention": 2},
    ],
)
def test_a_contract_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValidationError):
        TypeAdapter(Contract).validate_python(wrong)


def test_a_programme_names_each_contract_once():
    with pytest.raises(ValidationError, match="expected each name once, got 'quota'"):
        Programme(contracts=(EXAMPLES[0], EXAMPLES[0]))


def test_a_year_of_many_losses_is_settled_by_itself_and_the_others_in_small_blocks(monkeypatch):
    """Years with 1, 1,500, 2 and then no loss at all: the room is small again behind the large."""
    settle, taken = years.kernels.settle, []

    def spied(contracts, losses, first, last, begin, end, size, *others):
        taken.append((first, last, begin, end, size))
        return settle(contracts, losses, first, last, begin, end, size, *others)

    def settled(*counts):
        year = np.repeat(np.arange(len(counts)), counts)
        amount = 50.0 + np.arange(len(year)) % 7
        return programme.settle(Occurrences(year, amount, len(counts) + 600))

    programme = Programme(contracts=(ExcessOfLoss(name="layer", attachment=52, limit=3),))
    monkeypatch.setattr(years, "ROWS", 9_999)
    whole = settled(1, 1_500, 2), settled(1_500, 1)
    monkeypatch.undo()
    monkeypatch.setattr(years.kernels, "settle", spied)
    again = settled(1, 1_500, 2)
    assert taken == [
        (0, 603, 0, 1_503, years.ROWS),
        (1, 2, 1, 1_501, 1_500),
        (2, 603, 1_501, 1_503, years.ROWS),
    ]
    for one, other in zip(whole, (again, settled(1_500, 1)), strict=True):
        assert one.ceded.tobytes() == other.ceded.tobytes()
        assert one.net.tobytes() == other.net.tobytes()
    taken.clear()
    programme.settle(Occurrences(np.repeat(np.arange(4), 1_500), np.ones(6_000), 4))
    assert taken == [(0, 4, 0, 6_000, 3_000)]


def test_a_year_total_beyond_exact_sums_is_refused():
    events = occurrences([(0, CEILING * 0.75), (0, CEILING * 0.75)])
    with pytest.raises(BadValue, match="year 0: expected a total below 8796093022208"):
        Programme(contracts=(EXAMPLES[0],)).settle(events)


def test_a_net_table_keeps_covers_that_are_not_reinsured():
    """Typhoon 30 + 50 and 0 by 10 xs 20 per event; fire 7 and 8 stays as it is."""
    events = occurrences([(0, 30.0), (0, 50.0)], years=2)
    layer = ExcessOfLoss(name="layer", attachment=20, limit=10)
    settled = Programme(contracts=(layer,)).settle(events)
    paid = np.array([[7.0, 80.0], [8.0, 0.0]])
    table = LossTable(("fire", "typhoon"), paid, np.array([50.0, 50.0]), "best_estimate", 1)
    net = net_table(table, settled, ("typhoon",))
    assert net.columns == ("fire", "net of reinsurance")
    assert net.paid.tolist() == [[7.0, 60.0], [8.0, 0.0]]
    assert net.largest_event.tolist() == [40.0, 0.0]
    with pytest.raises(BadValue, match="expected some of fire or typhoon, got 'flood'"):
        net_table(table, settled, ("flood",))
    with pytest.raises(BadValue, match=r"year 0: expected gross 7\.0 of the covers, got 80\.0"):
        net_table(table, settled, ("fire",))


def test_occurrences_and_settlements_are_sealed():
    events = occurrences([(0, 10.0)])
    settled = Programme(contracts=(EXAMPLES[0],)).settle(events)
    for array in (events.amount, events.year, settled.gross, settled.ceded, settled.net):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
