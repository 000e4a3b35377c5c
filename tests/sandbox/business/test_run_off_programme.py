"""A programme over several long-term products, held against one product's, slow books and means."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from product_factory.errors import BadInput
from rating.engines.multistate.unknowns import bound as model_of
from sandbox.business.protection import whole_programme
from sandbox.business.run import simulate_business
from sandbox.business.told import business_lines
from sandbox.dependence.specification import dependence_of
from sandbox.execution import Execution
from sandbox.laws.ceded_lives import ceded_life
from sandbox.laws.net import portfolio_alike
from sandbox.laws.profiles import profiles
from sandbox.reinsurance.occurrences import STEP
from sandbox.run import SEED as SEED_OF_ALL
from sandbox.run import simulate
from sandbox.run_off_protection import run_off_protection
from tests.sandbox import run_offs
from tests.sandbox.business.mixed import LIVES, SEED, TITLE, bound, made

RUNS = 60
CONTRACTS = """\
  sum_insured: sum_insured
  contracts:
    - {kind: surplus, name: surplus, line: 300000, lines: 4, commission: 30%}
    - {kind: quota_share, name: quota, cession: 20%, commission: 10%}
    - {kind: excess_of_loss, name: life, attachment: 80000, limit: 100000, per: risk, rate: 3%}
    - - {kind: stop_loss, name: stop, attachment: 100%, limit: 400%, rate: 2%, share: 90%}
      - {kind: excess_of_loss, name: year, attachment: 50000, limit: 90000, per: year, share: 5%}
"""
HEAD = "reinsurance:\n  covers: [term_life.death, endowment.death]\n  premium_share: 60%\n"
WHOLE = LIVES + HEAD + CONTRACTS


@pytest.fixture(scope="module")
def whole():
    return made(WHOLE, years=RUNS)


def balanced(run):
    """Hold that net and ceded are gross to the last bit, of all and of every product."""
    one = run.settlement
    total = one.net.copy()
    for contract in range(one.ceded.shape[1]):
        total = total + one.ceded[:, contract]
    assert np.array_equal(total, one.gross)
    assert (one.ceded >= 0.0).all()
    assert (one.net >= 0.0).all()
    assert np.array_equal(one.ceded, np.floor(one.ceded / STEP) * STEP)
    assert np.array_equal(run.net.premium + one.ceded_premium(), run.table.premium)
    assert np.array_equal(run.net.expenses + one.commissions(), run.table.expenses)
    left, ceded = np.zeros(len(one.net)), np.zeros(len(one.net))
    for name, table in run.tables.items():
        assert (run.kept[name] >= 0.0).all()
        assert (run.kept[name] <= table.total()).all()
        left, ceded = left + run.kept[name], ceded + (table.total() - run.kept[name])
    assert np.allclose(left, run.net.total(), rtol=1e-12, atol=1e-6)
    assert np.allclose(ceded, one.ceded.sum(axis=1), rtol=1e-9, atol=1e-3)
    return one


def test_the_programme_of_one_product_is_its_own_to_the_byte():
    lines = "".join(f"  {line}\n" for line in run_offs.PROGRAMME.splitlines())
    lines = lines.replace("[death]", "[term_life.death]")
    text = f"business: one\n{TITLE}products: {{term_life: {{policies: 40}}}}\nreinsurance:\n{lines}"
    file, members = bound(text)
    business = simulate_business(file, members, years=RUNS, seed=SEED)
    mine = run_offs.under()
    own = simulate(mine, replace(members[0].portfolio, product=mine), years=RUNS, seed=SEED)
    assert own.settlement.ceded.any(axis=0).all()
    for key in ("gross", "ceded", "net", "premium", "reinstated", "commission"):
        ours, its = getattr(business.settlement, key), getattr(own.settlement, key)
        assert ours.tobytes() == its.tobytes()
    for key in ("paid", "premium", "expenses"):
        assert getattr(business.net, key).tobytes() == getattr(own.net, key).tobytes()
    assert business.measures == own.measures
    assert business.kept["term_life"].tobytes() == own.net.total().tobytes()
    assert business.runs["term_life"].details.taken is None  # settled, and let go of


def test_net_and_ceded_are_gross_of_all_and_of_each(whole):
    one = balanced(whole)
    assert one.ceded.any(axis=0).all()
    plain = made(LIVES, years=RUNS)
    assert whole.table.paid.tobytes() == plain.table.paid.tobytes()
    cost = [whole.tables[name].premium - net.premium for name, net in whole.nets.items()]
    assert np.array_equal(cost[0] + cost[1], one.ceded_premium())
    net = whole.by_product["endowment"]["net claims.mean"].value
    assert net == pytest.approx(whole.kept["endowment"].mean())


def test_the_year_of_all_products_is_one_and_shared_by_what_each_was_paid(whole):
    """Against a slow book: policy year by policy year, what lives were paid in it, in its money."""
    file, members = bound(WHOLE)
    programme = whole_programme(file.says.reinsurance, members)
    rows = {"years": RUNS, "seed": SEED}
    taken = {
        one.name: simulate(
            one.product, one.portfolio, **rows, above=programme.above(one)
        ).details.taken
        for one in members
    }
    assert len({len(one.worth) for one in taken.values()}) == 2  # one runs off longer
    slow = {name: np.zeros((RUNS, 2)) for name in taken}
    for run in range(RUNS):
        for year in range(max(len(one.worth) for one in taken.values())):
            lived = {n: one for n, one in taken.items() if year < len(one.worth)}
            paid = {n: float(one.yearly[run, year, 0]) for n, one in lived.items()}
            due = sum(float(one.yearly[run, year, 1]) for one in lived.values())
            loss = sum(paid.values())
            stop = 0.9 * min(max(loss - due, 0.0), 4.0 * due)
            layer = 0.05 * min(max(loss - 50_000.0, 0.0), 90_000.0)
            for name in lived:
                part = paid[name] / loss if loss else 0.0
                worth = float(taken[name].worth[year]) * part
                slow[name][run] += worth * stop, worth * layer
    both = slow["term_life"] + slow["endowment"]
    assert both.any(axis=0).all()
    np.testing.assert_allclose(whole.settlement.ceded[:, 3:], both, rtol=1e-9, atol=4.0 * STEP)
    for name, one in taken.items():
        ceded = one.weighed[:, :3].sum(axis=1) + slow[name].sum(axis=1)
        found = whole.tables[name].total() - whole.kept[name]
        np.testing.assert_allclose(found, ceded, rtol=1e-9, atol=5.0 * STEP)
    apart = [made_alone(name) for name in taken]
    assert sum(one.settlement.ceded[:, 3].sum() for one in apart) > both[:, 0].sum()


def made_alone(name):
    """One product under the very contracts: its bad years find no good ones of the other."""
    text = f"business: one\n{TITLE}products: {{{name}: {{policies: 30}}}}\n{HEAD}{CONTRACTS}"
    left = text.replace("[term_life.death, endowment.death]", f"[{name}.death]")
    return made(left, years=RUNS)


@pytest.mark.parametrize(("threads", "block"), [(2, 7), (1, 25)])
def test_who_computes_moves_no_byte(whole, threads, block):
    again = made(WHOLE, years=RUNS, execution=Execution.on(threads, block))
    for key in ("gross", "ceded", "net", "premium", "commission"):
        assert getattr(again.settlement, key).tobytes() == getattr(whole.settlement, key).tobytes()


def test_the_mean_of_what_is_left_is_that_without_random_numbers():
    """Law one net: of each product, and of both, through three contracts by life."""
    text = WHOLE[: WHOLE.index("    - - {kind: stop")]
    file, members = bound(text)
    alike = tuple(
        replace(one, portfolio=portfolio_alike(one.product, profiles(one.product)[0], 2_000))
        for one in members
    )
    run = simulate_business(file, alike, years=300, seed=SEED, basis="pricing")
    balanced(run)
    programme, due, ceded = whole_programme(file.says.reinsurance, alike), 0.0, 0.0
    for one in alike:
        book = one.portfolio
        model = model_of(one.product, one.product.bases["pricing"], book.risks, book.premiums)
        cover = run_off_protection(book, model, programme.above(one))
        known = ceded_life(model, cover, float(book.premiums[0]))
        due += book.policies * known.net.value
        ceded += book.policies * known.recovered["quota"].value
    for values, mean in ((run.settlement.net, due), (run.settlement.ceded[:, 1], ceded)):
        error = values.std(ddof=1) / np.sqrt(len(values))
        assert error < 0.007 * mean
        assert abs(values.mean() - mean) <= 4.0 * error + 0.01
        assert abs(1.03 * values.mean() - mean) > 4.0 * error  # and 3% would be seen


def test_contracts_are_in_the_currency_of_the_business():
    """Twice the money on both sides is twice of everything."""
    head = "reinsurance:\n  covers: [term_life.death]\n  premium_share: 60%\n"
    text = f"business: one\n{TITLE}products: {{term_life: {{policies: 30}}}}\n{head}{CONTRACTS}"
    file, members = bound(text)
    double = text
    for old, new in (("line: 300000", "line: 600000"), ("80000", "160000"), ("100000", "200000")):
        assert old in double
        double = double.replace(old, new)
    double = double.replace("50000", "100000").replace("90000", "180000")
    other = bound(double)[0]
    one = simulate_business(file, members, years=RUNS, seed=SEED)
    two = simulate_business(other, (replace(members[0], rate=2.0),), years=RUNS, seed=SEED)
    balanced(two)
    assert one.settlement.ceded.any(axis=0).all()
    np.testing.assert_allclose(
        two.settlement.ceded, 2.0 * one.settlement.ceded, rtol=1e-12, atol=4.0 * STEP
    )
    np.testing.assert_allclose(two.net.premium, 2.0 * one.net.premium, rtol=1e-12, atol=0.05)


TAILS = """\
dependence: tails
title: {zh: 尾部, en: Tails}
reordered:
  - reordering: whole
    lines: [term_life, endowment]
    copula: {kind: comonotonic}
    reference: chosen
    trust: illustrative
"""


def test_run_offs_that_are_put_in_another_order_take_their_recoveries_along(whole):
    tied = made(WHOLE, years=RUNS, dependence=dependence_of(TAILS.encode(), "d.yaml"))
    balanced(tied)
    assert (tied.tables["endowment"].paid != whole.tables["endowment"].paid).any()
    by_life = [one.settlement.ceded[:, :3].sum() for one in (tied, whole)]
    assert by_life[0] == pytest.approx(by_life[1], rel=1e-12)


def test_a_product_that_no_contract_protects_keeps_all():
    run = made(WHOLE.replace(", endowment.death", ""), years=20)
    balanced(run)
    assert "endowment" not in run.nets
    assert (run.kept["endowment"] == run.tables["endowment"].total()).all()


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cession=st.integers(1, 100),
    attachment=st.integers(0, 400),
    limit=st.integers(1, 400),
    by=st.sampled_from(
        [("risk", "term_life, endowment.death"), ("year", "term_life, endowment.maturity")]
    ),
)
def test_no_programme_loses_or_makes_a_cent(cession, attachment, limit, by):
    text = (
        f"reinsurance:\n  covers: [{by[1]}]\n  premium_share: 100%\n  contracts:\n"
        f"    - {{kind: quota_share, name: quota, cession: {cession}%}}\n"
        f"    - {{kind: excess_of_loss, name: layer, attachment: {attachment * 1000}, "
        f"limit: {limit * 1000}, per: {by[0]}}}\n"
    )
    balanced(made(LIVES + text, years=10))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("per: risk", "per: event", r"b.yaml:13:\d+: per: term_life: 'life': lives meet their own"),
        ("limit: 100000, per", "limit: 1, reinstatements: 1, per", r"term_life: 'life': reinst"),
        (
            "endowment.death",
            "endowment.deth",
            r"b.yaml:7:11: reinsurance.covers: .*endowment.death",
        ),
        ("sum_insured: sum", "sum_insured: some", r"b.yaml:9:16: sum_insured: term_life: expected"),
        (
            "cession: 20%",
            "cession: 20%, risk_premium: 110%, basis: own",
            r"b.yaml:12:\d+: basis: term_life: unknown basis 'own'",
        ),
        ("  premium_share: 60%\n", "", r"expected the key 'premium_share'"),
    ],
)
def test_a_programme_that_does_not_fit_is_told_with_its_place_and_product(old, new, says):
    assert old in WHOLE
    with pytest.raises(BadInput, match=says):
        made(WHOLE.replace(old, new, 1), years=5)


def test_the_page_shows_what_its_business_prints():
    page = (Path(__file__).parents[3] / "docs" / "business.md").read_text(encoding="utf-8")
    text = page.partition("```yaml lives.yaml\n")[2].partition("```")[0]
    shown = page.partition("simulate lives.yaml --years 100\n...\n")[2].partition("...\n")[0]
    assert len(shown.splitlines()) == 4
    printed = "\n".join(business_lines(made(text, years=100, seed=SEED_OF_ALL)))
    assert shown in f"{printed}\n"


@pytest.mark.parametrize("rates", [(1.0, 1.0), (7.123, 0.137)])
@pytest.mark.parametrize("covers", ["[term_life, endowment]", "[term_life, endowment.death]"])
def test_where_quota_shares_take_all_of_several_products_nothing_is_left(covers, rates):
    text = f"""{LIVES}reinsurance:
  covers: {covers}
  premium_share: 100%
  contracts:
    - - {{kind: quota_share, name: most, cession: 60%}}
      - {{kind: quota_share, name: rest, cession: 40%}}
"""
    file, members = bound(text)
    paid_in = tuple(replace(one, rate=rate) for one, rate in zip(members, rates, strict=True))
    run = simulate_business(file, paid_in, years=RUNS, seed=SEED)
    one = run.settlement
    assert not one.net.any()
    assert np.array_equal(one.ceded[:, 0] + one.ceded[:, 1], one.gross)
    assert one.gross.all()
    if covers == "[term_life, endowment]":
        assert not run.net.premium.any()
        assert not run.net.total().any()
    assert np.array_equal(run.net.premium + one.ceded_premium(), run.table.premium)
