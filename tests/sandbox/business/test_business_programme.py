"""A programme over several products: by year, by storm and by claim, held against slow books."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory.errors import BadInput
from sandbox.above import Above
from sandbox.business.file import business_of
from sandbox.business.protection import Years, ceded, whole_programme
from sandbox.business.run import simulate_business
from sandbox.business.stress import BusinessAsked, stress_business
from sandbox.business.stress_study import stressed_lines
from sandbox.business.together import together
from sandbox.execution import Execution
from sandbox.reinsurance.occurrences import STEP
from sandbox.run import simulate
from sandbox.scenarios import find, load_scenarios
from sandbox.simulate.annual import AnnualRun
from tests.sandbox.business.mixed import (
    BY_STORM,
    BY_YEAR,
    COASTS,
    PAIR,
    SEED,
    TITLE,
    TWO,
    YEARS,
    assembled,
    bound,
    made,
    pair,
)

TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def by_year():
    return made(TWO + BY_YEAR)


@pytest.fixture(scope="module")
def by_storm():
    return made(COASTS + BY_STORM)


def balanced(run):
    """Hold that net and ceded are gross to the last bit, and that products add up to the net."""
    one = run.settlement
    total = one.net.copy()
    for contract in range(one.ceded.shape[1]):
        total = total + one.ceded[:, contract]
    assert (total == one.gross).all()
    assert (one.ceded >= 0.0).all()
    kept = sum(run.kept.values())
    assert np.allclose(kept, run.net.total(), rtol=1e-12, atol=1e-6)
    for name, table in run.tables.items():
        assert (run.kept[name] <= table.total() + STEP).all()
    return one


def stressed(text):
    """Give the lines of a stress test of a business, in both languages."""
    file, members = bound(text)
    scenarios = [find(load_scenarios(members[0].product.shelf), "severity_plus_10")]
    asked = BusinessAsked(file, members, scenarios, 20, SEED, "best_estimate")
    done = stress_business(asked)
    return done, "\n".join(stressed_lines(done)), "\n".join(stressed_lines(done, "zh"))


def test_reinsurance_of_the_products_that_was_free_is_named():
    done, english, chinese = stressed(TWO)
    assert done.costless == ("home.quota_share", "home.storm_layer")
    assert "at no cost: home.quota_share, home.storm_layer" in english
    assert "不计成本：home.quota_share" in chinese


def test_a_programme_by_year_says_why_it_has_no_largest_event_net():
    done, english, chinese = stressed(TWO + BY_YEAR)
    assert not done.costless
    sides = [row.side for row in done.rows if row.figure == "largest_event"]
    assert sides == ["gross"]
    assert "largest_event: gross only, since contracts that are settled by year" in english
    assert "largest_event：只有再保前金额" in chinese


def test_a_quota_share_and_a_stop_loss_see_the_years_of_all(by_year):
    one = balanced(by_year)
    assert one.ceded.any(axis=0).all()
    assert np.allclose(one.gross, by_year.table.total(), rtol=TOLERANCE)
    premium = 0.8 * by_year.table.premium[0]
    for year, gross in enumerate(one.gross.tolist()):
        quota = 0.2 * gross
        stop = min(max(gross - quota - 0.6 * premium, 0.0), premium)
        assert one.ceded[year, 0] == pytest.approx(quota, abs=0.01)
        assert one.ceded[year, 1] == pytest.approx(stop, abs=0.01)


def test_contracts_of_the_year_round_and_lose_nothing_and_all_may_go():
    """Each contract rounds once a product and year; what rounding leaves is net, or goes over."""
    covers = "  covers: [home, million_medical]\n  premium_share: 100%\n  contracts:\n"
    quotas = "    - - {kind: quota_share, name: a, cession: 60%}\n"
    quotas += "      - {kind: quota_share, name: b, cession: 40%}\n"
    layer = "    - {kind: excess_of_loss, name: l, attachment: 1000.3, limit: 5000.7, per: year,"
    part = made(TWO + "reinsurance:\n" + covers + f"{layer} share: 37%}}\n")
    balanced(part)
    assert part.settlement.ceded.any()
    one = balanced(made(TWO + "reinsurance:\n" + covers + f"{layer} share: 37%}}\n" + quotas))
    assert not one.net.any()
    assert one.gross.any()


def test_what_a_programme_costs_is_off_the_premium_of_all(by_year):
    whole = by_year.table.premium[0]
    cost = 0.2 * whole + 0.03 * 0.8 * whole
    assert by_year.net.premium == pytest.approx(np.full(YEARS, whole - cost), abs=0.01)
    commission = 0.25 * 0.2 * whole
    assert by_year.net.expenses == pytest.approx(by_year.table.expenses - commission, abs=0.01)


def test_a_stop_loss_is_shared_by_what_the_others_leave(by_year):
    home = by_year.tables["home"].total()
    both = by_year.table.total()
    share = np.divide(home, both, out=np.zeros_like(home), where=both > 0.0)
    assert np.allclose(by_year.kept["home"], by_year.settlement.net * share, rtol=1e-6, atol=0.01)
    assert by_year.net.largest_event is None  # amounts by year do not tell events


def test_a_layer_of_a_storm_sees_what_it_costs_all(by_storm):
    one = balanced(by_storm)
    details = [by_storm.runs[name].details for name in ("home", "coast")]
    ceded_ = np.zeros((YEARS, 2))
    left = 200_000.0 * 2.0
    year_before = -1
    for number, year in enumerate(details[0].storm_year.tolist()):
        left = left if year == year_before else 200_000.0 * 2.0
        year_before = year
        loss = sum(each.storm_paid[number] for each in details)
        paid = min(max(0.7 * loss - 20_000.0, 0.0), 200_000.0, left)
        left -= paid
        ceded_[year] += 0.3 * loss, paid
    assert ceded_[:, 1].any()
    assert np.allclose(one.ceded, ceded_, rtol=1e-9, atol=0.05)
    single = made(COASTS + BY_STORM.replace(", coast.typhoon", ""))
    assert single.settlement.ceded[:, 1].sum() < one.ceded[:, 1].sum()


def test_claims_settled_one_by_one_are_those_of_storms_as_a_whole():
    """The same programme the long way: every loss of every policy, the rows of a storm together."""
    file, members = bound(COASTS + BY_STORM)
    short = whole_programme(file.says.reinsurance, members)
    long = replace(short, way="claim")
    assert short.way == "storm"
    how = Execution.on(1)
    runs = {one.name: simulate_one(one, long.above(one)) for one in members}
    done = together(file, members, runs, {}, long, ())
    plain = simulate_business(file, members, years=YEARS, seed=SEED, execution=how)
    balanced(replace(plain, **{n: getattr(done, n) for n in ("settlement", "kept", "net")}))
    assert np.allclose(done.settlement.ceded, plain.settlement.ceded, rtol=1e-9, atol=0.5)
    for name, kept in plain.kept.items():
        assert np.allclose(done.kept[name], kept, rtol=1e-9, atol=0.5)


def simulate_one(member, above, years=YEARS, basis="best_estimate"):
    more = {"years": years, "seed": SEED, "basis": basis, "above": above}
    return simulate(member.product, member.portfolio, **more)


def test_the_programme_of_one_product_is_what_it_is_over_that_product_alone():
    product = assembled("home")
    text = (product.folder / "reinsurance.yaml").read_text(encoding="utf-8")
    lines = "".join(f"  {line}\n" for line in text.splitlines())
    lines = lines.replace("covers: [typhoon]", "covers: [home.typhoon]")
    one = f"business: one\n{TITLE}products: {{home: {{policies: 60}}}}\n"
    whole, own = made(f"{one}reinsurance:\n{lines}"), made(one)
    assert whole.settlement is not None
    assert (whole.settlement.ceded == own.runs["home"].settlement.ceded).all()
    assert (whole.net.total() == own.net.total()).all()
    assert (whole.net.largest_event == own.net.largest_event).all()


def test_without_a_programme_of_its_own_each_product_keeps_its_own():
    run = made(TWO)
    assert run.settlement is None
    assert run.net.columns[-1] != "net of reinsurance"
    home, medical = run.runs["home"], run.runs["million_medical"]
    assert np.allclose(run.net.total(), home.net.total() + medical.table.total())
    assert (run.net.largest_event == home.net.largest_event).all()
    two = made(COASTS)
    assert two.net.largest_event is None  # of one storm two programmes leave something


RISKY = """\
reinsurance:
  covers: [tiny, other]
  premium_share: 100%
  sum_insured: age
  contracts:
    - {kind: surplus, name: surplus, line: 20, lines: 1}
    - {kind: excess_of_loss, name: risk, attachment: 500, limit: 1000, per: risk}
    - {kind: excess_of_loss, name: event, attachment: 300, limit: 5000, per: event}
    - {kind: stop_loss, name: stop, attachment: 10%, limit: 100%}
"""


def test_contracts_by_risk_meet_the_claims_of_all_products(tmp_path):
    """Against a slow book of dated claims: surplus, a layer by risk, one by event, a stop loss."""
    root = pair(tmp_path, currency="USD")
    file, members = bound(PAIR + RISKY, where=root, basis="pricing")
    run = simulate_business(
        file, members, years=40, seed=SEED, basis="pricing", execution=Execution.on(1)
    )
    one = balanced(run)
    whole = whole_programme(file.says.reinsurance, members)
    assert whole.way == "claim"
    assert all(one.details.losses is None for one in run.runs.values())  # settled, and let go of
    losses = [simulate_one(one, Above(keeps=("bike", "phone")), 40, "pricing") for one in members]
    losses = [one.details.losses for one in losses]
    claims = sorted(
        (int(year), float(time), float(amount) * rate, 40.0 * rate)
        for lost, rate in zip(losses, (1.0, 7.1), strict=True)
        for year, time, amount in zip(lost.year, lost.time, lost.amount, strict=True)
    )
    slow = np.zeros((40, 4))
    premium = 100.0 * 40 * (1.0 + 7.1)
    parts = {size: min(max(size - 20.0, 0.0), 20.0) / size for size in (40.0, 284.0)}
    premium = 4_000.0 * (1.0 - parts[40.0]) + 28_400.0 * (1.0 - parts[284.0])
    held = np.zeros(40)
    for year, _, amount, size in claims:
        surplus = amount * parts[size]
        left = amount - surplus
        risk = min(max(left - 500.0, 0.0), 1_000.0)
        event = min(max(left - risk - 300.0, 0.0), 5_000.0)
        held[year] += left - risk - event
        slow[year, :3] += surplus, risk, event
    slow[:, 3] = np.minimum(np.maximum(held - 0.1 * premium, 0.0), premium)
    assert slow.any(axis=0).all()
    assert np.allclose(one.ceded, slow, rtol=1e-9, atol=0.2)


def test_threads_move_no_bit_of_a_settlement(tmp_path):
    root = pair(tmp_path)
    text = PAIR.replace("exchange: {USD: 7.1}\n", "") + RISKY
    runs = [
        made(text, where=root, basis="pricing", execution=Execution.on(threads, block))
        for threads, block in ((1, None), (2, 7))
    ]
    for name in ("ceded", "net", "reinstated"):
        one, two = (getattr(run.settlement, name) for run in runs)
        assert one.tobytes() == two.tobytes()
    assert all((runs[0].kept[n] == runs[1].kept[n]).all() for n in runs[0].kept)


def test_a_horizon_adds_what_is_kept_up_too(by_year):
    run = made(TWO + BY_YEAR, horizon=3)
    for name, kept in by_year.kept.items():
        assert np.allclose(run.kept[name], kept.reshape(-1, 3).sum(axis=1))
    assert run.net.years == run.table.years == YEARS // 3
    assert len(run.settlement.net) == YEARS


@settings(max_examples=20, deadline=None)
@given(
    cession=st.integers(1, 100),
    attachment=st.integers(0, 300),
    limit=st.integers(1, 300),
    share=st.integers(1, 100),
)
def test_no_programme_by_year_loses_or_makes_a_cent(by_year, cession, attachment, limit, share):
    text = (
        "reinsurance:\n  covers: [home, million_medical]\n  premium_share: 100%\n  contracts:\n"
        f"    - {{kind: quota_share, name: quota, cession: {cession}%}}\n"
        f"    - {{kind: excess_of_loss, name: year, attachment: {attachment * 1000}, "
        f"limit: {limit * 1000}, per: year, share: {share}%}}\n"
    )
    file = business_of((TWO + text).encode(), "b.yaml", Path())
    whole = whole_programme(file.says.reinsurance, by_year.members)
    details = {n: one.details for n, one in by_year.runs.items()}
    assert all(isinstance(one, AnnualRun) for one in details.values())
    years = Years(
        by_year.table,
        by_year.tables,
        details,
        {one.name: one.portfolio for one in by_year.members},
        dict.fromkeys(by_year.tables, 1.0),
        (),
    )
    done = ceded(whole, years)
    balanced(replace(by_year, settlement=done.settlement, kept=done.by_product, net=done.net))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "[home, million_medical]",
            "[home.typhon]",
            r"b.yaml:7:11: reinsurance.covers: .*mean .home.typhoon",
        ),
        ("[home, million_medical]", "[homes]", r"got homes; did you mean 'home'"),
        ("[home, million_medical]", "[home, home.fire]", r"'home.fire' is named twice"),
        ("  premium_share: 100%\n", "", r"b.yaml:9:\d+: .*expected the key 'premium_share'"),
        ("cession: 20%", "cession: 120%", r"b.yaml:10:.*a share above 0% and up to 100%"),
        ("cession: 20%", "cession: 20%, risk_premium: 120%", r"risk_premium: .*no sum at risk"),
        ("kind: stop_loss", "kind: stoploss", r"b.yaml:1\d:"),
        (
            "share: 100%",
            "share: 9%\n  sum_insured: value",
            r"sum_insured: .* age, sex, .*; got value",
        ),
        ("name: stop,", "name: quota,", r"expected each name once, got 'quota' twice"),
    ],
)
def test_a_programme_that_does_not_fit_is_told_with_its_place(old, new, says):
    assert old in BY_YEAR
    with pytest.raises(BadInput, match=says):
        made(TWO + BY_YEAR.replace(old, new))
