"""Programmes of long-term contracts: held life by life against a textbook, and to the bit."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from product_factory.errors import BadInput
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import discount
from sandbox.execution import Execution
from sandbox.questions import questions_of
from sandbox.reinsurance.occurrences import STEP
from sandbox.rerun import rerun
from sandbox.results import read_manifest
from sandbox.run import simulate
from sandbox.run_off_protection import run_off_protection
from sandbox.scenarios import find, load_scenarios
from sandbox.simulate.cohort import CohortShock, RateShock, shocked, simulate_cohort
from sandbox.told import run_lines
from tests.sandbox.run_offs import RISK, RUNS, SEED, run, under
from tests.sandbox.shipped import product, small

DEADLY = CohortShock({"mortality.death": RateShock(times=60.0)})


@pytest.fixture(scope="module")
def whole():
    return run()


def told_in_money(taken, years):
    """Cash flows of one policy in one run: when it died, and how many premiums it paid."""
    sums, premium, worth = years
    death = int(np.argmin(np.abs(worth - taken[0] / sums))) if taken[0] else None
    paid = int(np.argmin(np.abs(np.cumsum(worth[:-1]) - taken[1] / premium))) + 1
    return death, paid


def test_contracts_take_of_each_life_what_a_slow_textbook_takes():
    """Each policy is simulated by itself, its death and premiums read from its present values.

    Contracts are then applied with plain numbers, payment by payment; the stop loss by year.
    """
    made = under()
    portfolio = replace(small("term_life"), product=made)
    chosen = np.zeros(portfolio.cells.size, bool)
    chosen[:12] = True
    portfolio = portfolio.only(chosen)
    basis = made.bases["best_estimate"]
    model = shocked(bound(made, basis, portfolio.risks, portfolio.premiums), DEADLY)
    cover = run_off_protection(portfolio, model)
    one = np.ones(portfolio.cells.size, np.int64)
    together = simulate_cohort(
        model, one, portfolio.premiums, RUNS, SEED, keys=portfolio.cells.keys, ceding=cover.ceding
    )
    _, settled = cover.settled(together)
    years = model.years
    names = ("surplus", "quota", "large", "layer")
    recovered, cost = np.zeros((RUNS, 5)), np.zeros((RUNS, 5))
    losses, premiums = np.zeros((RUNS, years)), np.zeros((RUNS, years))
    deaths = 0
    for c in range(portfolio.cells.size):
        alone = portfolio.only(np.arange(portfolio.cells.size) == c)
        own = shocked(bound(made, basis, alone.risks, alone.premiums), DEADLY)
        rows = simulate_cohort(
            own, one[:1], alone.premiums, RUNS, SEED, keys=alone.cells.keys
        ).table
        worth, size = discount(own), float(alone.cells.columns["sum_insured"][0])
        premium = float(alone.premiums[0])
        line = min(max(size - 400_000.0, 0.0), 1_200_000.0) / size
        left = 1.0 - line
        large = 0.1 if left * size > 300_000.0 else 0.0
        kept = left * (1.0 - 0.25 - large)
        layer = 0.8 * min(max(kept * size - 100_000.0, 0.0), 120_000.0)
        takes = (line * size, left * 0.25 * size, left * large * size, layer)
        parts = (line, left * 0.25, left * large, kept * 0.8 * 0.03, kept * 0.9 * 0.02)
        for r in range(RUNS):
            dead, paid = told_in_money(
                (rows.paid[r, rows.columns.index("death")], rows.premium[r]),
                (size, premium, worth),
            )
            for place, part in enumerate(parts):
                cost[r, place] += 0.6 * part * rows.premium[r]
            premiums[r, :paid] += 0.6 * kept * premium
            if dead is None:
                continue
            deaths += 1
            for place, amount in enumerate(takes):
                recovered[r, place] += amount * worth[dead]
            losses[r, dead - 1] += kept * size - layer
    whole = discount(model)
    for r in range(RUNS):
        for t in range(years):
            above = max(losses[r, t] - 9.0 * premiums[r, t], 0.0)
            recovered[r, 4] += 0.9 * min(above, 50.0 * premiums[r, t]) * whole[t + 1]
    assert deaths > RUNS
    assert settled.contracts == (*names, "stop")
    assert (recovered.sum(axis=0) > 0.0).all()
    np.testing.assert_allclose(settled.ceded, recovered, rtol=1e-9, atol=2.0 * STEP)
    np.testing.assert_allclose(settled.premium, cost, rtol=1e-9, atol=2.0 * STEP)


def test_a_programme_moves_no_draw_and_adds_up_to_the_bit(whole):
    plain = simulate(product("term_life"), small("term_life"), years=RUNS, seed=SEED)
    assert whole.table.paid.tobytes() == plain.table.paid.tobytes()
    assert whole.table.premium.tobytes() == plain.table.premium.tobytes()
    assert whole.table.expenses.tobytes() == plain.table.expenses.tobytes()
    settled = whole.settlement
    assert np.array_equal(settled.gross, whole.table.paid[:, whole.table.columns.index("death")])
    assert np.array_equal(settled.net + np.add.reduce(settled.ceded, axis=1), settled.gross)
    assert np.array_equal(whole.net.premium + settled.ceded_premium(), whole.table.premium)
    assert np.array_equal(whole.net.expenses + settled.commissions(), whole.table.expenses)
    assert np.allclose(settled.commission[:, :2], settled.premium[:, :2] * [0.3, 0.1], atol=STEP)
    assert (settled.commission[:, 2:] == 0.0).all()
    assert whole.net.largest_event is None


@pytest.mark.parametrize(("threads", "block"), [(2, 60), (1, 7), (3, 1)])
def test_settlements_are_the_same_for_any_threads_and_blocks(whole, threads, block):
    again = run(execution=Execution.on(threads, block))
    for name in ("gross", "net", "ceded", "premium", "commission"):
        one, other = getattr(again.settlement, name), getattr(whole.settlement, name)
        assert one.tobytes() == other.tobytes()


@st.composite
def programmes(draw):
    """Contracts of every kind that run-offs have an answer to, in stages."""
    part = st.integers(1, 60)
    lines = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["quota_share", "surplus", "facultative", "layer"]))
        name = f"c{number}"
        terms = {
            "quota_share": f"kind: quota_share, name: {name}, cession: {draw(part)}%",
            "surplus": f"kind: surplus, name: {name}, line: {draw(part)}0000, "
            f"lines: {draw(st.integers(1, 5))}",
            "facultative": f"kind: facultative, name: {name}, above: {draw(part)}0000, "
            f"cession: {draw(part)}%",
            "layer": f"kind: excess_of_loss, name: {name}, attachment: {draw(part)}0000, "
            f"limit: {draw(part)}0000, per: risk, share: {draw(part)}%, rate: 1%",
        }[kind]
        lines.append(f"  - {{{terms}}}")
    if draw(st.booleans()):
        lines.append("  - {kind: stop_loss, name: stop, attachment: 50%, limit: 200%, rate: 1%}")
    head = "covers: [death]\npremium_share: 80%\nsum_insured: sum_insured\ncontracts:\n"
    return head + "\n".join(lines) + "\n"


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(programme=programmes())
def test_recoveries_lie_between_nothing_and_the_loss_whatever_the_programme(programme):
    settled = run(programme, years=10).settlement
    assert np.array_equal(settled.net + np.add.reduce(settled.ceded, axis=1), settled.gross)
    assert (settled.ceded >= 0.0).all()
    assert (settled.net >= 0.0).all()
    assert (settled.ceded / STEP == np.rint(settled.ceded / STEP)).all()
    assert (settled.premium >= 0.0).all()
    assert (settled.ceded_premium() <= settled.gross.size * 1e12).all()


def test_all_of_a_risk_may_go_and_stacked_layers_are_the_tall_one():
    head = "covers: [death]\ncontracts:\n"
    layer = "{kind: excess_of_loss, name: NAME, attachment: FROM, limit: HIGH, per: risk}"

    def layers(*spans):
        lines = [
            layer.replace("NAME", f"l{low}").replace("FROM", f"{low}").replace("HIGH", f"{high}")
            for low, high in spans
        ]
        stage = "".join(
            f"{'  - - ' if not n else '    - '}{line}\n" for n, line in enumerate(lines)
        )
        return run(head + stage).settlement

    tall, stacked = layers((100_000, 500_000)), layers((100_000, 200_000), (300_000, 300_000))
    np.testing.assert_allclose(tall.ceded[:, 0], stacked.ceded.sum(axis=1), atol=2.0 * STEP)


@pytest.mark.parametrize("parts", [("100%",), ("60%", "40%"), ("30%", "30%", "40%")])
def test_where_all_goes_over_nothing_is_left_to_the_bit(parts):
    lines = [f"{{kind: quota_share, name: q{n}, cession: {p}}}" for n, p in enumerate(parts)]
    text = "covers: [death]\npremium_share: 100%\nsum_insured: sum_insured\ncontracts:\n"
    text += "  - {kind: surplus, name: s, line: 400000, lines: 3}\n  - - " + "\n    - ".join(lines)
    done = run(text + "\n", years=20)
    settled = done.settlement
    assert not settled.net.any()
    assert not done.net.premium.any()
    assert np.array_equal(np.add.reduce(settled.ceded, axis=1), settled.gross)
    assert np.array_equal(settled.ceded_premium(), done.table.premium)
    assert settled.gross.any()


def test_events_counted_by_the_year_are_shared_cover_by_cover():
    text = """covers: [inpatient]
premium_share: 50%
contracts:
  - {kind: quota_share, name: quota, cession: 25%}
"""
    made = under("long_term_medical", text)
    portfolio = replace(small("long_term_medical", 1), product=made)
    done = simulate(made, portfolio, years=200, seed=SEED, basis="pricing")
    gross, settled = done.table.paid[:, done.table.columns.index("inpatient")], done.settlement
    assert 0.0 < gross.sum() < done.table.paid.sum()
    np.testing.assert_allclose(settled.ceded[:, 0], 0.25 * gross, atol=2.0 * STEP)
    np.testing.assert_allclose(settled.premium[:, 0], 0.125 * done.table.premium, atol=2.0 * STEP)


def test_a_layer_of_the_year_of_instalments_is_of_the_years_they_fall_in():
    """Annuities of months: a layer from 0 takes all that is paid, worth what year ends are."""
    text = """covers: [annuity]
contracts:
  - {kind: excess_of_loss, name: all, attachment: 0, limit: 1000000000, per: year}
"""
    done = run(text, "annuity")
    settled = done.settlement
    assert (settled.ceded[:, 0] > 0.9 * settled.gross).all()
    assert (settled.ceded[:, 0] < settled.gross).all()


def test_a_scenario_moves_what_a_risk_premium_recovers_and_not_its_rates():
    text = RISK.replace("COVERS", "death")
    base = run(text, years=400).settlement
    shock = find(load_scenarios(product("term_life").shelf), "mortality_plus_15")
    worse = run(text, years=400, scenario=shock).settlement
    assert worse.ceded.mean() > 1.1 * base.ceded.mean()
    assert 0.98 * base.premium.mean() < worse.premium.mean() <= base.premium.mean()


def test_a_run_is_told_written_and_made_again_to_the_byte(tmp_path, whole):
    made = under()
    lines = "\n".join(run_lines(whole))
    for said in (
        "reinsurance, mean present value of a run-off by contract:",
        "what reinsurance buys, gross -> net:",
        "new_business_value.standard_deviation",
        "net claims.mean",
    ):
        assert said in lines
    whole.write(tmp_path, "en")
    page = (tmp_path / "report.html").read_text()
    assert "Means of the present values of a run-off; net cost is premium" in page
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["programme"] == ["surplus", "quota", "large", "layer", "stop"]
    recorded = read_manifest(tmp_path / "manifest.json")
    portfolio = replace(small("term_life"), product=made)
    done = rerun(recorded, made, tmp_path, portfolio, execution=Execution.on(2, 13))
    assert done.same, done
    assert {"net.parquet", "reinsurance.parquet"} <= set(done.files)


def test_scenarios_and_horizons_are_settled_too(whole):
    shock = find(load_scenarios(product("term_life").shelf), "mortality_plus_15")
    worse = run(scenario=shock).settlement
    assert worse.ceded.sum() > whole.settlement.ceded.sum()
    first = run(horizon=3).settlement
    assert (first.gross <= whole.settlement.gross).all()
    assert (first.premium <= whole.settlement.premium).all()
    assert np.array_equal(first.net + np.add.reduce(first.ceded, axis=1), first.gross)


def test_net_figures_are_asked_of_run_offs_as_of_years(whole):
    made = under()
    asked = questions_of(made, ("{figure: net_new_business_value}", "{figure: net_combined_ratio}"))
    done = run(questions=asked)
    value = done.answers.measures["net_new_business_value.mean"].value
    net = whole.net
    expected = (net.premium - net.paid.sum(axis=1) - net.expenses).mean()
    assert value == pytest.approx(expected, rel=1e-12)
    changes = {one.figure: one.change.value for one in whole.bought if one.measure.kind == "mean"}
    gross = (whole.table.premium - whole.table.paid.sum(axis=1) - whole.table.expenses).mean()
    assert changes["new_business_value"] == pytest.approx(expected - gross, rel=1e-9)
    with pytest.raises(BadInput, match="'net_profit' is no figure of long-term contracts"):
        questions_of(made, ("{figure: net_profit}",))
