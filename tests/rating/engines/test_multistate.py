"""The multistate engine: published values first, then its laws, then a slow textbook."""

import dataclasses
import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.assemble import assemble
from product_factory.basis import Basis
from product_factory.errors import At, BadInput
from product_factory.expressions.tree import Number
from product_factory.nodes import read_nodes
from product_factory.shelf import installed, open_shelf
from product_factory.strict import read
from rating.engines.multistate import (
    Cells,
    annuity,
    gross_premium,
    model,
    net_premium,
    pols_if,
    pv_claims,
    reserves,
)
from rating.engines.multistate.model import Move, Payment, Way
from rating.engines.multistate.moves import chained, transitions
from rating.engines.multistate.project import present_values
from rating.engines.multistate.value import (
    discount,
    modified_reserves,
    net_single_premium,
    pv_at_start,
    pv_of_premiums,
)
from tests.product_factory.shelves import FILES, altered, any_language, made
from tests.rating.engines.slow_contracts import term_life

TEXTBOOK_RELATIVE = 1e-12  # two orders of the same sums
LAW_RELATIVE = 1e-11  # of the largest amount in the sum: what its terms round off
SOLD, TABLE = "short_life/product.yaml", "tables/death_rate.csv"
TERMS, PAYS = (10, 20, 30, "to 60"), (1, 5, 10, 20, 30, "to 60")


@cache
def product():
    return assemble(open_shelf(installed()), "term_life", any_language())


def cells(*risks):
    """Cells of term_life from (age, sex, term, pay, sum insured)."""
    age, sex, term, pay, amount = zip(*risks, strict=True)
    columns = {
        "age": age,
        "sex": ["MF".index(word) for word in sex],
        "term": [TERMS.index(years) for years in term],
        "pay": [PAYS.index(years) for years in pay],
        "sum_insured": amount,
    }
    return Cells({name: np.array(column, np.float64) for name, column in columns.items()})


# Assumptions of the tests' own, so that those of the product may change.
ASSUMED = """\
interest: 2.6%
loading:
  - {when: {pay: 1}, is: 18%}
  - {otherwise: 30%}
expenses:
  - {name: acquisition, per: policy, amount: 180, when: {policy_year: {at_most: 1}}}
  - {name: commission, per: premium, amount: 25%, when: {policy_year: {at_most: 1}}}
  - {name: upkeep, per: policy, amount: 20, grows: 2.5%}
risk:
  mortality:
    death: cl_2010_2013 * 75%
    total_disability: cl_2010_2013 * 4%
    cause: {illness: 86%, accident: 14%}
  lapse: {surrender: lapse_by_year}
"""


@cache
def assumed_here():
    written = read(Basis, read_nodes(ASSUMED, "test"))
    parts = {name: getattr(written, name) for name in ("interest", "loading", "expenses", "risk")}
    return dataclasses.replace(product().bases["pricing"], name="test", **parts)


def bound(basis, risks, interest=None, cash_value=0.0):
    """A model of term_life, at another rate of interest if one is given."""
    assumed = assumed_here() if basis == "test" else product().bases[basis]
    if interest is not None:
        rate = Number(interest, "", str(interest), At("test"))
        assumed = dataclasses.replace(assumed, interest=rate)
    grid = (risks.size, longest(risks))
    known = {"cash_value": np.full(grid, cash_value)}
    return model(product(), assumed, risks, known=known)


def longest(risks):
    return int(max(
        60 - age if TERMS[int(term)] == "to 60" else TERMS[int(term)]
        for age, term in zip(risks.columns["age"], risks.columns["term"], strict=True)
    ))  # fmt: skip


THIRTY = cells((30, "M", 20, 20, 1_000.0), (30, "F", 20, 20, 1_000.0))


def test_net_premiums_at_3_5_percent_are_those_published():
    """Issue 2 and its facts file: at 30, 20 years, 20-pay, 3.5%, premiums in advance, benefit at
    the end of the year of death, no lapse, no expenses; per 1,000 on CL1 (male) and CL2 (female).
    """
    bound_at = bound("pricing", THIRTY, 0.035)
    assert f"{net_single_premium(bound_at)[0]:.5f}" == "23.66745"
    assert [f"{rate:.6f}" for rate in net_premium(bound_at)] == ["1.626197", "0.691068"]


def test_net_premiums_at_2_percent_are_those_worked_by_hand():
    """products/term_life/quotes.yaml, per 10,000. The hand divides figures that it has rounded to
    nine decimals, which for women moves the last digit: 7.317399 where the exact quotient, in
    fractions of the table's decimals, is 7.3173983489.
    """
    at = bound("pricing", THIRTY)
    assert [f"{10 * rate:.6f}" for rate in net_premium(at)] == ["17.192029", "7.317398"]
    single = [round(value / 1_000, 9) for value in net_single_premium(at)]
    due = [round(value, 9) for value in annuity(at)]
    assert (single, due) == ([0.028347637, 0.012145901], [16.488825568, 16.598659986])
    by_hand = [f"{10_000 * a / b:.6f}" for a, b in zip(single, due, strict=True)]
    assert by_hand == ["17.192029", "7.317399"]


def test_the_reserve_behind_the_minimum_cash_value_is_that_worked_by_hand():
    """products/term_life/claims.yaml: 4%, loadings 85, 80, 75, then 10%; end of year 2."""
    million = cells((30, "M", 20, 20, 1_000_000.0))
    assert f"{modified_reserves(bound('cash_value', million))[0, 2]:.2f}" == "-894.50"


def test_an_annuity_on_makehams_law_is_that_of_the_standard_table(tmp_path):
    """Dickson, Hardy and Waters, Actuarial Mathematics for Life Contingent Risks, appendix D: the
    standard ultimate life table, A = 0.00022, B = 2.7e-6, c = 1.124; at 5% a ten-year
    annuity-due at 40 is 8.0863. One year's probability of survival is
    exp(-A - B c^x (c - 1) / ln c).
    """
    a, b, c = 0.00022, 2.7e-6, 1.124
    rows = []
    for x in range(40, 60):
        q = -math.expm1(-a - b * c**x * (c - 1) / math.log(c))
        rows += [f"{x},{x + 1},{sex},{q!r}" for sex in "MF"]
    sold = altered(SOLD, ("of: [3, 5, to 60]", "of: [10]"), ("of: [1, 3, 5]", "of: [1, 10]"))
    files = altered("short_life/bases.yaml", ("interest: 2.0%", "interest: 5%"))
    head = FILES[TABLE].split("18,40")[0]
    files |= {SOLD: sold[SOLD], TABLE: head + "\n".join(rows)}
    life = made(tmp_path, "short_life", files)
    columns = {"age": 40.0, "sex": 0.0, "term": 0.0, "pay": 1.0, "sum_insured": 1.0}
    risk = Cells({name: np.array([value]) for name, value in columns.items()})
    assert f"{annuity(model(life, life.bases['pricing'], risk))[0]:.4f}" == "8.0863"


# Laws, on random rates.


@cache
def base():
    return bound("test", cells(
        (30, "M", 10, 10, 1.0), (41, "F", 10, 5, 2.5), (55, "M", "to 60", 1, 0.5),
    ))  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Drawn:
    """Random probabilities of leaving, amounts and loadings; a failing one prints in a line."""

    seed: int
    highest: tuple[float, ...]
    interest: float
    spread: float

    def model(self):
        rng = np.random.default_rng(self.seed)  # inputs only: the engine draws nothing
        start = base()
        shape, within = start.within.shape, start.within
        rates = {
            name: rng.uniform(0.0, most, shape) * within
            for name, most in zip(sorted(start.rates), self.highest, strict=True)
        }
        ways = tuple(
            Way(
                event,
                {},
                weight,
                None,
                (Payment(column, rng.uniform(0.0, 1e6, shape) * within),),
                (Move(0, -1, frozenset({column})),),
            )
            for event, column, weight in (
                ("mortality.death", "death", 0.3),
                ("mortality.death", "statutory.crime", 0.7),
                ("mortality.total_disability", "death", 1.0),
                ("lapse.surrender", "surrender", 1.0),
            )
        )
        assumed = dataclasses.replace(
            start.assumed,
            by_situation=(rates,),
            interest=self.interest + rng.uniform(0.0, self.spread, start.years),
            loading=rng.uniform(0.0, 0.4, shape) * within,
            spent={
                "policy": rng.uniform(0.0, 500.0, shape) * within,
                "premium": rng.uniform(0.0, 0.3, shape) * within,
                "sum_insured": rng.uniform(0.0, 5.0, shape) * within,
                "claim": rng.uniform(0.0, 90.0, shape) * within,
                "claim_payment": np.zeros(shape),
            },
        )
        return dataclasses.replace(start, assumed=assumed, ways=ways)


DRAWN = st.builds(
    Drawn,
    seed=st.integers(0, 2**32 - 1),
    highest=st.tuples(*[st.sampled_from([0.0, 0.01, 0.25])] * 3),
    interest=st.sampled_from([-0.01, 0.0, 0.02, 0.15]),
    spread=st.sampled_from([0.0, 0.05]),
)


def leaving(made_model):
    """Probability of leaving by each way in a year, for one in force at its start: [cell, year]."""
    laid = transitions(made_model)
    return [laid.rates[:, :, laid.rate_of[row]] for row in range(len(laid.way))]


def staying(made_model):
    laid = transitions(made_model)
    return laid.rates[:, :, laid.stay[0]]


def paid(made_model):
    """Expected payments at each year's end, all columns together, for one in force at its start."""
    amounts = [sum(p.amount for p in way.payments) for way in made_model.ways]
    return sum(r * a for r, a in zip(leaving(made_model), amounts, strict=True))


def close(one, two, scale):
    return bool(np.all(np.abs(one - two) <= LAW_RELATIVE * np.maximum(scale, 1.0)))


@given(DRAWN)
def test_who_is_not_in_force_at_the_end_has_left_by_one_event(drawn):
    at = drawn.model()
    alive, leave = pols_if(at), leaving(at)
    for cell in range(at.cells.size):
        years = int(at.within[cell].sum())
        left = sum(float(alive[cell, t] * way[cell, t]) for way in leave for t in range(years))
        assert close(left + alive[cell, years], 1.0, 1.0)
        assert np.all(alive[cell, years + 1 :] == 0.0)


@given(DRAWN)
def test_staying_and_leaving_are_all_that_can_happen_in_a_year(drawn):
    at = drawn.model()
    total = staying(at) + sum(leaving(at))
    assert close(total, at.within, 1.0)


@given(DRAWN)
def test_premiums_are_worth_what_benefits_are_worth(drawn):
    at = drawn.model()
    net, gross = net_premium(at), gross_premium(at)
    benefits = net_single_premium(at)
    assert close(net * annuity(at), benefits, benefits)
    spent = at.assumed.spent
    kept = pv_of_premiums(at, 1.0 - at.assumed.loading - spent["premium"])
    cost = benefits + pv_at_start(at, spent["policy"] + spent["sum_insured"])
    mortal = [way.event != "lapse.surrender" for way in at.ways]
    claiming = sum(rate for rate, fits in zip(leaving(at), mortal, strict=True) if fits)
    v = discount(at)
    for year in range(at.years):
        cost = (
            cost + v[year + 1] * (pols_if(at) * 1.0)[:, year] * (claiming * spent["claim"])[:, year]
        )
    assert close(gross * kept, cost, cost)


@given(DRAWN, st.floats(0.0, 1e4))
def test_thiele_holds_whatever_premium_the_reserve_counts_on(drawn, premium):
    at = drawn.model()
    level = np.full_like(at.within, premium)
    value = reserves(at, level)
    start, end = value[:, :-1] + level * at.due, paid(at) + staying(at) * value[:, 1:]
    scale = np.abs(value).max() + np.abs(end).max() + premium
    assert close(start * (1.0 + at.assumed.interest) * at.within, end * at.within, scale)
    assert np.all(value[:, -1] == 0.0)


@given(DRAWN)
def test_the_prospective_reserve_is_the_retrospective_one(drawn):
    """Accumulated: v^t × (in force at t) × reserve is what came in less what went out so far."""
    at = drawn.model()
    premium = net_premium(at)
    level = np.repeat(premium[:, None], at.years, axis=1)
    value, alive, v = reserves(at, level), pols_if(at), discount(at)
    held = np.zeros(at.cells.size)
    out = paid(at)
    scale = float(net_single_premium(at).max())
    assert close(value[:, 0], 0.0, scale)
    for t in range(at.years):
        came = alive[:, t] * v[t] * premium * at.due[:, t]
        held = held + came - alive[:, t] * v[t + 1] * out[:, t]
        assert close(alive[:, t + 1] * v[t + 1] * value[:, t + 1] * (alive[:, t + 1] > 0.0),
                     held * (alive[:, t + 1] > 0.0), scale)  # fmt: skip


@given(DRAWN, st.sampled_from([0.0, 0.5, 3.0]))
def test_the_net_premium_is_linear_in_the_benefit(drawn, times):
    at = drawn.model()
    more = tuple(
        dataclasses.replace(
            way,
            payments=tuple(
                dataclasses.replace(one, amount=one.amount * times) for one in way.payments
            ),
        )
        for way in at.ways
    )
    scaled = net_premium(dataclasses.replace(at, ways=more))
    assert close(scaled, times * net_premium(at), net_premium(at))


@given(DRAWN)
def test_higher_death_rates_never_leave_more_in_force(drawn):
    at = drawn.model()
    worse = {**at.rates, "mortality.death": np.minimum(at.rates["mortality.death"] * 1.5, 0.5)}
    assumed = dataclasses.replace(at.assumed, by_situation=(worse,))
    assert np.all(pols_if(dataclasses.replace(at, assumed=assumed)) <= pols_if(at))


@given(DRAWN)
def test_the_chain_of_a_model_is_worth_what_its_columns_are(drawn):
    """Two ways of the house: sums of expected payments, and the kernels of a chain."""
    at = drawn.model()
    worth, chain = pv_claims(at), chained(at)
    streams = dict(zip([s.name for s in chain.streams], present_values(chain).T, strict=True))
    for column, value in worth.items():
        assert close(streams[column], value, value)
    assert close(streams["premiums due"], annuity(at), annuity(at))


@given(st.integers(1, 300).map(lambda step: step * 10_000.0), st.integers(18, 50))
def test_doubling_the_sum_insured_doubles_the_net_premium_of_the_product(amount, age):
    at = bound("pricing", cells((age, "M", 20, 10, amount), (age, "M", 20, 10, 2 * amount)))
    one, two = net_premium(at)
    assert math.isclose(two, 2 * one, rel_tol=TEXTBOOK_RELATIVE)


@given(
    age=st.integers(18, 50),
    sex=st.sampled_from("MF"),
    term=st.sampled_from([10, 20, "to 60"]),
    pay=st.sampled_from([1, 5, 10]),
    amount=st.integers(10, 300).map(lambda step: step * 10_000.0),
    cash_value=st.sampled_from([0.0, 1_234.5]),
)
def test_the_engine_is_the_textbook(age, sex, term, pay, amount, cash_value):
    at = bound("test", cells((age, sex, term, pay, amount)), cash_value=cash_value)
    years = 60 - age if term == "to 60" else term
    slow = term_life(age, sex, years, pay, amount, cash_value)
    worth = pv_claims(at)
    pairs = [
        (worth["death"][0], slow.worth["death"]),
        (worth["surrender"][0], slow.worth["surrender"]),
        (annuity(at)[0], slow.due),
        (net_premium(at)[0], slow.net),
        (gross_premium(at)[0], slow.gross),
        (pols_if(at)[0, years], slow.in_force),
    ]
    assert all(math.isclose(a, b, rel_tol=TEXTBOOK_RELATIVE) for a, b in pairs)


def test_cells_do_not_disturb_one_another():
    risks = [(30, "M", 20, 20, 1e6), (50, "F", "to 60", 5, 2e5), (18, "F", 30, 30, 3e6)]
    together = gross_premium(bound("test", cells(*risks)))
    alone = [gross_premium(bound("test", cells(risk)))[0] for risk in risks]
    assert together.tolist() == alone


def test_premiums_that_leave_nothing_are_an_error_that_names_the_cell():
    at = bound("test", cells((30, "M", 20, 1, 1e6)))
    full = dataclasses.replace(at.assumed, loading=np.ones_like(at.assumed.loading))
    nothing = dataclasses.replace(at, assumed=full)
    with pytest.raises(BadInput, match=r"leave nothing after loadings at age 30, sex M, term 20"):
        gross_premium(nothing)
