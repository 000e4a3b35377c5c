"""Reserves: printed values first, then the textbook by hand, then laws on the whole shelf."""

import dataclasses
import math
from functools import cache

import numpy as np
import pytest

from product_factory.assemble import assemble
from product_factory.shelf import open_shelf
from product_factory.valued import valued
from product_factory.values import VALUE_KINDS
from rating.engines.multistate import Cells, bound, net_premium
from rating.engines.multistate.forward import expected
from rating.engines.multistate.moves import DUE, chained, discounts
from rating.engines.multistate.project import occupancy, values
from rating.engines.multistate.unknowns import cash_values
from rating.engines.multistate.value import annuity, claims, falls_due, net_single_premium
from rating.reserves import RESERVES, Given
from rating.reserves.full_preliminary_term import premiums
from rating.unearned import UNEARNED
from rating.values import VALUES, Valuing, columns_of
from tests.product_factory.shelves import FILES, LANGUAGE, altered, write
from tests.rating.engines.slow_contracts import death
from tests.the_shelf import shipped

LONG = (
    "term_life",
    "increasing_whole_life",
    "critical_illness",
    "endowment",
    "annuity",
    "disability_income",
    "long_term_care",
)
SOLD, TABLE, BASES = "short_life/product.yaml", "tables/death_rate.csv", "short_life/bases.yaml"
EXACT = 1e-11
ILLUSTRATIVE = {40: (14.8166, 161.32), 50: (13.2668, 249.05), 60: (11.1454, 369.13)}
"""Age: annuity-due and 1,000 A at 6%, as the table prints them; at 41 the annuity is 14.6864."""


def makeham(x):
    """Yearly death rate of the illustrative life table: 1 - exp(-∫ 0.0007 + 0.00005 × 10^0.04t)."""
    c = 10**0.04
    return 1.0 if x == 110 else -math.expm1(-0.0007 - 0.00005 * c**x * (c - 1) / math.log(c))


@pytest.fixture(scope="module")
def whole_life(tmp_path_factory):
    """A whole life from 40 to the end of the illustrative life table, 1,000 at each death."""
    rows = [f"{x},{x + 1},{s},{makeham(x)!r}" for x in range(40, 111) for s in "MF"]
    sold = altered(SOLD, ("of: [3, 5, to 60]", "of: [71]"), ("of: [1, 3, 5]", "of: [1, 71]"))
    bases = altered(BASES, ("interest: 2.0%", "interest: 6%"))
    head = FILES[TABLE].split("18,40")[0]
    files = FILES | {SOLD: sold[SOLD], BASES: bases[BASES], TABLE: head + "\n".join(rows)}
    made = assemble(
        open_shelf(write(tmp_path_factory.mktemp("shelf"), files)), "short_life", LANGUAGE
    )
    columns = {"age": 40.0, "sex": 0.0, "term": 0.0, "pay": 1.0, "sum_insured": 1000.0}
    return bound(made, made.bases["pricing"], one(columns))


def one(columns):
    return Cells({name: np.array([value]) for name, value in columns.items()})


def given(size, premium=0.0, cost=0.0):
    return Given(np.full(size, float(premium)), np.full(size, float(cost)))


def reserve(kind, model, **stated):
    return RESERVES[kind](model, given(model.cells.size, **stated))


@cache
def model_of(name, basis="valuation"):
    """A product of the shelf at one cell, at a premium that its benefits may read."""
    product = shipped(name)
    columns = {"age": 40.0, "sex": 0.0}
    for variable, found in product.variables.items():
        if found.type.chosen and variable not in columns:
            columns[variable] = float(len(found.type.of) // 2)
        if found.type.kind == "yes_no":
            columns[variable] = 1.0
    columns["sum_insured"] = 10_000.0
    return bound(product, product.bases[basis], one(columns), np.array([1_000.0]))


def test_every_kind_that_may_be_declared_is_computed():
    found = {"reserve": RESERVES, "value": VALUES, "unearned": UNEARNED}
    for family, kinds in found.items():
        declared = {n for n, kind in VALUE_KINDS.items() if kind.family == family} - {"free_look"}
        assert declared == set(kinds)


def test_the_illustrative_life_table_gives_its_printed_annuities_and_reserves(whole_life):
    """Illustrative life table of the Society of Actuaries' exams, 6% (Bowers and others, appendix).

    Net level at the end of year t: 1,000 (1 - ä(40+t) / ä(40)). Full preliminary term is the net
    level reserve of the age one higher: 1,000 (1 - ä(50) / ä(41)) at the end of year 10.
    """
    due, single = ILLUSTRATIVE[40]
    assert f"{annuity(whole_life)[0]:.4f}" == f"{due:.4f}"
    assert f"{net_single_premium(whole_life)[0]:.2f}" == f"{single:.2f}"
    net = reserve("net_level", whole_life)[0]
    for age in (50, 60):
        then, worth = ILLUSTRATIVE[age]
        assert net[age - 40] == pytest.approx(1000 * (1 - then / due), abs=0.008)
        assert net[age - 40] == pytest.approx(worth - single / due * then, abs=0.012)
    full = reserve("full_preliminary_term", whole_life)[0]
    assert full[10] == pytest.approx(1000 * (1 - 13.2668 / 14.6864), abs=0.008)
    assert abs(full[1]) < 1e-9


def hand(age, sex, term, interest=0.02):
    """Value of 1 at each death's year's end, and of 1 at each year's start, by tables of CL1."""
    v, alive, benefit, due = 1.0 / (1.0 + interest), 1.0, 0.0, 0.0
    for year in range(term):
        q = death(age + year, sex)
        due += alive * v**year
        benefit += alive * q * v ** (year + 1)
        alive *= 1.0 - q
    return benefit, due


def term_life():
    product = shipped("term_life")
    terms, pays = (product.variables[n].type.of for n in ("term", "pay"))
    columns = {"age": 30.0, "sex": 0.0, "sum_insured": 1e6}
    columns |= {"term": float(terms.index("20")), "pay": float(pays.index("20"))}
    return bound(product, product.bases["valuation"], one(columns))


def test_term_life_at_seven_years_is_that_worked_by_hand():
    """Male 30, 20 years, 20-pay, a million, 2%, CL1; slowly, each reserve from its definition."""
    model = term_life()
    (a0, d0), (a7, d7) = hand(30, "M", 20), hand(37, "M", 13)
    million = 1e6
    net = million * (a7 - a0 / d0 * d7)
    q = death(30, "M")
    alpha = q / 1.02
    beta = (a0 - alpha) / (d0 - 1.0)
    zillmer = net - 20_000.0 * d7 / d0
    gross = million * a7 - 2456.0 * 0.7 * d7
    for kind, wanted, stated in (
        ("net_level", net, {}),
        ("retrospective", net, {}),
        ("full_preliminary_term", million * (a7 - beta * d7), {}),
        ("zillmer", zillmer, {"cost": 20_000.0}),
        ("gross_premium", gross, {"premium": 2456.0}),
        ("statutory", million * (a7 - min(beta, 0.002456) * d7), {"premium": 2456.0}),
        ("statutory", million * (a7 - 0.0015 * d7), {"premium": 1500.0}),
    ):
        assert reserve(kind, model, **stated)[0, 7] == pytest.approx(wanted, rel=1e-10)


@pytest.mark.parametrize("name", LONG)
def test_forward_and_backward_hold_the_same_money(name):
    """Retrospective = prospective, seen by all in force: what was put aside is what is owed.

    The chain's kernels give the prospective value of each state; its occupancy weighs them.
    """
    model = model_of(name)
    back = reserve("retrospective", model)[0]
    seen = expected(model)
    if any(p.each is not None for way in model.ways for p in way.payments) or model.flows:
        # by flows: what is still to be paid, less premiums still to fall due, per contract in force
        net, v = net_premium(model)[0], discounts(model)
        paid = sum(claims(model, seen).values())[0]
        ahead = np.zeros(model.steps + 1)
        for k in reversed(range(model.steps)):
            came = net * (seen.paying * model.due)[0, k]
            ahead[k] = v[k] * (paid[k] + ahead[k + 1]) - came
        falls = zip(model.flows, seen.due, strict=True)
        owed = sum((chance * flow.amount for flow, chance in falls), np.zeros((1, model.steps + 1)))
        wanted = (ahead + owed[0]) / np.maximum(seen.alive[0], 1e-300)
    else:
        chain = chained(model)
        state = sum(values(chain, s)[0] for s in chain.streams if s.name != DUE)
        state = state - net_premium(model)[0] * values(chain, chain.stream(DUE))[0]
        chance = occupancy(chain)[0]
        wanted = (chance * state).sum(axis=1) / np.maximum(chance.sum(axis=1), 1e-300)
    there = seen.alive[0] > 1e-6
    np.testing.assert_allclose(back[there], wanted[there], atol=1e-6)


@pytest.mark.parametrize("name", LONG)
def test_the_laws_of_reserves(name):
    """Zillmer without a cost is net level; all begin at 0 and end with what falls due."""
    model = model_of(name)
    net = reserve("net_level", model)
    most = np.abs(net).max()
    np.testing.assert_allclose(reserve("zillmer", model), net, atol=EXACT * most)
    spread = reserve("zillmer", model, cost=100.0)
    assert spread[0, 0] == pytest.approx(-100.0, rel=1e-9)
    owed = falls_due(model)
    end = int(model.within.sum())
    for kind in ("net_level", "full_preliminary_term", "zillmer", "statutory", "gross_premium"):
        found = reserve(kind, model, premium=1_000.0)
        assert found[0, end] == pytest.approx(owed[0, end], abs=1e-9)
    full = reserve("full_preliminary_term", model)
    assert abs(full[0, 0]) < 1e-9 * most
    if len(model.states) == 1 and model.per_year == 1:
        assert abs(full[0, 1]) < 1e-9 * most


@pytest.mark.parametrize("name", LONG)
def test_a_filed_cash_value_is_the_one_that_is_paid(name):
    """Never below what falls due that day: a reserve below 0 in the first years is filed as 0."""
    product, model = shipped(name), model_of(name)
    valuing = Valuing(product, model.cells, np.array([1_000.0]))
    filed = columns_of(valuing, valued(product)["cash_value"])["cash_value"]
    paid = cash_values(product, model.cells, np.array([1_000.0]))
    within = ~np.isnan(filed)
    assert (filed[within] == paid[:, : filed.shape[1]][within]).all()
    assert (filed[within] >= 0.0).all()


def test_fackler_moves_a_reserve_from_year_to_year():
    """V(t+1) = ((V(t) + P)(1 + i) - q S) / p, year by year, for net level and preliminary term."""
    model = term_life()
    for kind, net in (
        ("net_level", np.repeat(net_premium(model), 20)),
        ("full_preliminary_term", premiums(model)[0]),
    ):
        held = reserve(kind, model)[0]
        for year in range(20):
            q = death(30 + year, "M")
            moved = ((held[year] + net[year]) * 1.02 - q * 1e6) / (1.0 - q)
            assert held[year + 1] == pytest.approx(moved, abs=1e-5)


def test_a_claims_cost_is_in_the_gross_reserve(whole_life):
    """10 a claim on top of 1,000: the reserve of benefits grows by one hundredth."""
    spent = dict(whole_life.assumed.spent)
    nothing = {name: np.zeros_like(paid) for name, paid in spent.items()}
    clean = dataclasses.replace(
        whole_life,
        assumed=dataclasses.replace(
            whole_life.assumed, spent=nothing, loading=np.zeros_like(whole_life.within)
        ),
    )
    costly = nothing | {"claim": np.full_like(whole_life.within, 10.0)}
    settled = dataclasses.replace(clean, assumed=dataclasses.replace(clean.assumed, spent=costly))
    plain, more = reserve("gross_premium", clean), reserve("gross_premium", settled)
    np.testing.assert_allclose(more[0, :-1], 1.01 * plain[0, :-1], rtol=1e-12)
    share = nothing | {"claim_payment": np.full_like(whole_life.within, 0.01)}
    shared = dataclasses.replace(clean, assumed=dataclasses.replace(clean.assumed, spent=share))
    np.testing.assert_allclose(reserve("gross_premium", shared), more, rtol=1e-12)


def test_a_benefit_of_the_sum_insured_and_the_reserve_has_its_closed_form(tmp_path):
    """With S + reserve at death, (V + P)(1 + i) = q S + V(t+1) whoever dies: the classical case.

    So P s(n) = S Σ q (1 + i)^(n-1-t), with s(n) the accumulated annuity-due certain; by hand below.
    """
    file = "modules/life/death.yaml"
    files = altered(file, ("amount: sum_insured", "amount: sum_insured + reserve"))
    files |= {SOLD: altered(SOLD, ("of: [3, 5, to 60]", "of: [5]"))[SOLD]}
    made = assemble(open_shelf(write(tmp_path, files)), "short_life", LANGUAGE)
    columns = {"age": 38.0, "sex": 0.0, "term": 0.0, "pay": 2.0, "sum_insured": 1000.0}
    basis = dataclasses.replace(made.bases["pricing"], expenses=())
    model = bound(made, basis, one(columns))
    q = [0.001, 0.001, 0.004, 0.004, 0.004]
    earned = sum(1000.0 * q[t] * 1.02 ** (4 - t) for t in range(5))
    by_hand = earned / sum(1.02**t for t in range(1, 6))
    assert net_premium(model)[0] == pytest.approx(by_hand, rel=1e-10)
    held, wanted = reserve("net_level", model)[0], 0.0
    for t in range(5):
        wanted = (wanted + by_hand) * 1.02 - q[t] * 1000.0
        assert held[t + 1] == pytest.approx(wanted, abs=1e-8)
