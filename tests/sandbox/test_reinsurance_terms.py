"""Terms and prices of reinsurance, each worked by hand; Mata's layers by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given

from product_factory.errors import BadInput, BadValue
from rating.kernels.distributions import LOMAX, POISSON, frequency_quantile, severity_quantile
from rating.kernels.jit import kernel
from rating.kernels.random import stream_key, uniform
from sandbox.reinsurance import (
    ExcessOfLoss,
    Exposure,
    Facultative,
    Occurrences,
    Programme,
    QuotaShare,
    StopLoss,
    Surplus,
)
from sandbox.reinsurance.occurrences import STEP
from sandbox.reinsurance_file import REINSURANCE, programme_of
from tests.sandbox.reinsurance_cases import EXPOSURE, occurrences, recovered, yearly_losses
from tests.sandbox.shipped import written
from tests.source_tree import ROOT

STANDARD_ERRORS = 4.0


def risks(*rows, years=1):
    """Give (event, amount, risks, time, sum insured) rows of year 0."""
    columns = [np.array(column, dtype=np.float64) for column in zip(*rows, strict=True)]
    year = np.zeros(len(rows), dtype=np.int64)
    return Occurrences(
        year, columns[1], years, columns[0].astype(int), columns[2], columns[3], columns[4]
    )


def settled(*contracts, events, exposure=EXPOSURE):
    return Programme(contracts=contracts).settle(events, exposure)


def test_a_surplus_of_four_lines_cedes_by_size_by_hand():
    """Line 100, 4 lines: of 80 nothing, of 300 two thirds, of 1000 400/1000; premium likewise."""
    surplus = Surplus(name="s", line=100, lines=4, commission=0.25)
    events = risks((0, 40, 1, 0, 80), (1, 90, 1, 0, 300), (2, 500, 1, 0, 1000))
    exposure = Exposure(np.array([10.0, 30.0, 50.0]), np.array([80.0, 300.0, 1000.0]))
    done = settled(surplus, events=events, exposure=exposure)
    assert done.ceded.tolist() == [[0 + 60 + 200]]
    assert done.premium.tolist() == [20 + 20]
    assert done.commission.tolist() == [10]
    assert (done.ceded_premium().tolist(), done.commissions()) == ([40.0], 10.0)


def test_a_surplus_after_a_quota_share_sees_risks_of_half_the_size_by_hand():
    """Half of 400 goes over; of the 200 left 100 are above the line of 100, half again."""
    half, surplus = QuotaShare(name="q", cession=0.5), Surplus(name="s", line=100, lines=9)
    exposure = Exposure(np.array([80.0]), np.array([400.0]))
    done = settled(half, surplus, events=risks((0, 120, 1, 0, 400)), exposure=exposure)
    assert done.ceded.tolist() == [[60.0, 30.0]]
    assert done.premium.tolist() == [40.0, 20.0]
    turned = settled(surplus, half, events=risks((0, 120, 1, 0, 400)), exposure=exposure)
    assert turned.ceded.tolist() == [[90.0, 15.0]]


def test_facultative_takes_the_large_risks_alone_by_hand():
    fac = Facultative(name="f", above=500, cession=0.6)
    done = settled(fac, events=risks((0, 100, 1, 0, 500), (0, 100, 1, 0, 501)))
    assert done.ceded.tolist() == [[60.0]]
    assert done.premium.tolist() == [0.6 * 1_200]  # of the groups of EXPOSURE only 9000 is above


def test_per_risk_answers_each_risk_and_per_event_all_together_by_hand():
    """One event, three risks of 30 and one of 200: 100 xs 20 pays 3 x 10 + 100, or 100 of 290."""
    events = risks((0, 90, 3, 0.5, 0), (0, 200, 1, 0.5, 0))
    by_risk = ExcessOfLoss(name="r", attachment=20, limit=100, per="risk")
    by_event = ExcessOfLoss(name="e", attachment=20, limit=100)
    assert recovered(by_risk, events).tolist() == [30.0, 100.0]
    assert recovered(by_event, events).sum() == 100.0
    assert np.allclose(
        recovered(by_event, events), [100 * 90 / 290, 100 * 200 / 290], atol=2 * STEP
    )
    done = settled(by_event, events=events)
    assert (done.gross_largest.tolist(), done.net_largest.tolist()) == ([290.0], [190.0])


def test_paid_reinstatements_pro_rata_amount_and_time_by_hand():
    """10 xs 10, premium 2, reinstated at 100% and 50%; losses of 8, 10, 9, 10 to the layer.

    30 is the most: 8, 10, 9, 3. The first 10 are reinstated at 100%, the next 10 at 50%, and
    what the year has left is 0.75 of the first, 0.5 of the second, 0.25 of the third.
    """
    events = risks((0, 18, 1, 0.25, 0), (1, 20, 1, 0.5, 0), (2, 19, 1, 0.75, 0), (3, 30, 1, 1, 0))
    layer = {"name": "l", "attachment": 10, "limit": 10, "premium": 2, "reinstatements": (1, 0.5)}
    amount = settled(ExcessOfLoss(**layer), events=events)
    assert amount.ceded.tolist() == [[30.0]]
    assert amount.premium.tolist() == [2.0]
    assert amount.reinstated.tolist() == [[2 * (1.0 + 0.5)]]
    timed = settled(ExcessOfLoss(**layer, pro_rata="amount_and_time"), events=events)
    by_hand = 2 * ((0.8 * 0.75 + 0.2 * 0.5) + 0.5 * (0.8 * 0.5 + 0.2 * 0.25))
    assert math.isclose(timed.reinstated.item(), by_hand, abs_tol=STEP)
    alone = settled(ExcessOfLoss(**layer, pro_rata="time"), events=events)
    # the first is drawn on by the first loss, the second by the second, from 8 to 18
    assert alone.reinstated.tolist() == [[2 * (1.0 * 0.75 + 0.5 * 0.5)]]
    half = settled(ExcessOfLoss(**layer, share=0.5), events=events)
    assert (half.ceded.tolist(), half.premium.tolist()) == ([[15.0]], [1.0])
    assert half.reinstated.tolist() == [[1.5]]
    assert (events.amount.sum() - half.ceded.sum()) == half.net.item()


def test_time_that_is_not_known_is_refused():
    layer = ExcessOfLoss(
        name="l", attachment=1, limit=1, premium=1, reinstatements=(1,), pro_rata="amount_and_time"
    )
    with pytest.raises(BadValue, match="'l': expected losses with their time in the year"):
        Programme(contracts=(layer,)).settle(occurrences([(0, 5.0)]))


def test_an_aggregate_deductible_comes_before_the_aggregate_limit_by_hand():
    """10 xs 10 after 12 a year, at most 15 a year: layer losses 10, 10, 10 pay 0, 8, 7."""
    layer = ExcessOfLoss(
        name="l", attachment=10, limit=10, aggregate_deductible=12, aggregate_limit=15
    )
    events = occurrences([(0, 20.0), (0, 25.0), (0, 40.0)])
    assert recovered(layer, events).tolist() == [0, 8, 7]


def test_a_stop_loss_goes_by_the_premium_that_is_left_by_hand():
    """Premium 1000, half ceded: 80% xs 110% of 500 of what is left of 1600: 800 - 550 = 250."""
    half = QuotaShare(name="q", cession=0.5)
    stop = StopLoss(name="s", attachment=1.1, limit=0.8, rate=0.1)
    exposure = Exposure(np.array([400.0, 600.0]))
    done = settled(half, stop, events=occurrences([(0, 1600.0)]), exposure=exposure)
    assert done.ceded.tolist() == [[800.0, 250.0]]
    assert done.premium.tolist() == [500.0, 50.0]
    with pytest.raises(BadValue, match="'s': expected a premium that its loss ratio is of, got 0"):
        Programme(contracts=(stop,)).settle(occurrences([(0, 5.0)]))


@given(events=yearly_losses())
def test_all_reinstatements_cost_their_prices_at_most_and_all_of_them_when_used_up(events):
    layer = ExcessOfLoss(name="l", attachment=5, limit=50, premium=1, reinstatements=(1, 0.75))
    done = settled(layer, events=events)
    used = done.ceded[:, 0]
    by_hand = np.minimum(used, 50) / 50 + 0.75 * np.minimum(np.maximum(used - 50, 0), 50) / 50
    assert np.allclose(done.reinstated[:, 0], by_hand, rtol=0.0, atol=STEP / 2 + 1e-12)


@kernel
def keyed_years(seed, years):
    """Draw the tower's years from the streams, counts and claims by inversion as the sandbox does.

    Gives how many claims a year has, [year], and what they cost, [claim].
    """
    key = stream_key(np.uint64(seed), np.uint64(1))
    counts = np.empty(years, np.int64)
    amounts = np.empty(20 * years)
    claims = 0
    for year in range(years):
        u = uniform(key, np.uint64(0), np.uint64(year), np.uint64(0))
        counts[year] = frequency_quantile(POISSON, 10.0, 1.0, u)
        for claim in range(counts[year]):
            u = uniform(key, np.uint64(1), np.uint64(year), np.uint64(claim))
            amounts[claims] = severity_quantile(LOMAX, 3.0, 10.0, 0.0, u)
            claims += 1
    return counts, amounts[:claims]


@pytest.mark.parametrize("streams", ["numpy", "keyed"])
def test_matas_layers_with_one_free_reinstatement_by_simulation(streams):
    """Poisson(10), survival (10/(10+x))^3, a layer pays at most twice its limit: 6.61506 (10 xs
    10), 2.4121 (10 xs 20), 9.2214 (20 xs 10), by FFT in tests/rating/test_aggregate.py; Mata 2000,
    ASTIN Bulletin 30(2), prints 6.6128, 2.4103, 9.2173. A reinstatement at 100% that is charged by
    amount costs premium x E[min(X, limit)] / limit.
    """
    years = 150_000
    if streams == "keyed":
        counts, amount = keyed_years(2000, years)
    else:
        rng = np.random.default_rng(2000)
        counts = rng.poisson(10.0, years)
        amount = 10.0 * ((1.0 - rng.random(counts.sum())) ** (-1 / 3) - 1.0)
    events = Occurrences(np.repeat(np.arange(years), counts), amount, years)
    for limit, attachment, expected in ((10, 10, 6.61506), (10, 20, 2.4121), (20, 10, 9.2214)):
        layer = ExcessOfLoss(
            name="l", attachment=attachment, limit=limit, premium=1, reinstatements=(1,)
        )
        done = Programme(contracts=(layer,)).settle(events)
        ceded = done.ceded[:, 0]
        error = ceded.std() / math.sqrt(years)
        assert error < 0.005 * expected
        assert abs(ceded.mean() - expected) < STANDARD_ERRORS * error + 10 * STEP
        assert np.allclose(done.reinstated[:, 0], np.minimum(ceded, limit) / limit, atol=STEP)


PROGRAMME = """covers: [fire]
premium_share: 40%
sum_insured: sum_insured
exchange: {USD: 7.25}
contracts:
  - {kind: surplus, name: surplus, line: 100, lines: 4, commission: 20%}
  - {kind: facultative, name: large, above: 900, cession: 10%}
  - - {kind: excess_of_loss, name: low, currency: USD, attachment: 100, limit: 100, per: risk,
       share: 60%, premium: 8, reinstatements: [100%, 50%], pro_rata: amount_and_time,
       aggregate_deductible: 4}
    - {kind: excess_of_loss, name: also, attachment: 725, limit: 1000, per: risk,
       share: 40%, rate: 3%, aggregate_limit: 2000}
  - {kind: stop_loss, name: stop, attachment: 110%, limit: 50%, rate: 1%}
"""


def test_a_limit_below_zero_is_told_with_its_place():
    with pytest.raises(BadInput) as error:
        written(REINSURANCE, PROGRAMME.replace("limit: 1000", "limit: -5"))
    told = str(error.value)
    assert told.startswith("file.yaml:11:")
    assert told.endswith("limit: expected an amount above 0, got -5")


def test_a_whole_programme_is_read_and_amounts_are_exchanged():
    assert programme_of(written(REINSURANCE, PROGRAMME)).stages == (
        (Surplus(name="surplus", line=100, lines=4, commission=0.2),),
        (Facultative(name="large", above=900, cession=0.1),),
        (
            ExcessOfLoss(
                name="low",
                attachment=725,
                limit=725,
                per="risk",
                share=0.6,
                premium=58,
                reinstatements=(1.0, 0.5),
                pro_rata="amount_and_time",
                aggregate_deductible=29,
            ),
            ExcessOfLoss(
                name="also",
                attachment=725,
                limit=1000,
                per="risk",
                share=0.4,
                rate=0.03,
                aggregate_limit=2000,
            ),
        ),
        (StopLoss(name="stop", attachment=1.1, limit=0.5, rate=0.01),),
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("attachment: 725", "attachment: -1", "11:54: contracts[2][1].attachment: expected an amo"),
        (
            "share: 40%",
            "share: 41%",
            "11:54: attachment: overlaps 'low' at 725, where 101% would be placed; expected layers",
        ),
        (
            "premium_share: 40%\n",
            "",
            "commission: 'commission' is of the premium; expected the key",
        ),
        (
            "sum_insured: sum_insured\n",
            "",
            "kind: 'surplus' goes by sums insured; expected the key",
        ),
        ("exchange: {USD: 7.25}", "exchange: {EUR: 8}", "'exchange' knows (EUR), got USD"),
        (
            "currency: USD",
            "currency: USDX",
            "currency: expected the code of a currency such as USD",
        ),
        ("premium: 8, ", "", "reinstatements: reinstatements are charged in parts of the premium"),
        ("lines: 4", "lines: 0", "contracts[0].lines: expected an amount above 0, got 0"),
        ("above: 900, ", "", "contracts[1].kind: expected the key 'above', 'where', or both"),
        (
            "limit: 1000, per: risk",
            "limit: 1000, per: year",
            "aggregate_limit: 'aggregate_limit' belongs to 'per: risk' or 'per: event'",
        ),
        ("kind: stop_loss", "kind: stop_los", "unknown kind 'stop_los'; did you mean 'stop_loss'"),
    ],
)
def test_a_programme_that_makes_no_sense_is_told_with_its_place(old, new, says):
    assert old in PROGRAMME
    with pytest.raises(BadInput) as error:
        written(REINSURANCE, PROGRAMME.replace(old, new))
    assert says in str(error.value)


def test_the_programme_of_the_page_is_read():
    page = (ROOT / "docs" / "reinsurance.md").read_text(encoding="utf-8")
    text = page.partition("```yaml\n")[2].partition("```")[0]
    names = [line.name for line in written(REINSURANCE, text).lines]
    assert names == ["surplus", "low", "high", "stop"]


def test_shares_side_by_side_are_one_whole_at_most():
    shares = """covers: [fire]
contracts:
  - - {kind: quota_share, name: a, cession: 60%}
    - {kind: quota_share, name: b, cession: 50%}
"""
    with pytest.raises(BadInput, match=r"expected shares of at most 100% side by side, got 1\.1"):
        written(REINSURANCE, shares)
