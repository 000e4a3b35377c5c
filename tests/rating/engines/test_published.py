"""Chains against published values, to every printed digit."""

import csv
import math
from functools import cache

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from product_factory.shelf import installed
from rating.engines.multistate import euler
from rating.engines.multistate.chain import ENDED, Chain, Sheet, Stream, checked
from rating.engines.multistate.project import occupancy, present_values

A, B, C = 0.00022, 2.7e-6, 1.124
OMEGA = 130


def makeham(x):
    """Probability of dying within a year of x on the hazard A + B c^x."""
    return -math.expm1(-A - B * C**x * (C - 1) / math.log(C))


def life(q, interest, years=None, pay=None):
    """A life with death benefit 1, annuity of 1 for `pay` years and endowment of 1."""
    years = len(q) if years is None else years
    due = np.zeros((1, years + 1, 1))
    due[0, : years if pay is None else pay] = 1.0
    end = np.zeros((1, years + 1, 1))
    end[0, years] = 1.0
    return checked(
        Chain(
            states=("alive",),
            source=np.array([0]),
            target=np.array([ENDED]),
            rates=Sheet(np.array(q[:years])[None, :, None]),
            rate_of=np.array([0]),
            streams=(
                Stream("death", Sheet(np.ones((1, 1, 1))), np.array([0])),
                Stream("due", flow=Sheet(due)),
                Stream("endowment", flow=Sheet(end)),
            ),
            discount=np.full(years, 1.0 / (1.0 + interest)),
            lasts=np.array([years]),
        )
    )


@pytest.mark.parametrize(
    ("x", "annuity", "insurance"),
    [
        (30, "19.3834", "0.07698"),
        (40, "18.4578", "0.12106"),
        (60, "14.9041", "0.29028"),
        (80, "8.5484", "0.59293"),
    ],
)
def test_the_standard_ultimate_life_table_is_reproduced(x, annuity, insurance):
    """Dickson, Hardy and Waters, Actuarial Mathematics for Life Contingent Risks, appendix D."""
    q = [makeham(age) for age in range(x, OMEGA)]
    death, due, _ = present_values(life(q, 0.05))[0]
    assert (f"{due:.4f}", f"{death:.5f}") == (annuity, insurance)


def test_ten_and_twenty_years_from_40_are_those_of_the_standard_table():
    """The same: a ten-year annuity-due 8.0863, a 20-year pure endowment 0.36663."""
    q = [makeham(age) for age in range(40, OMEGA)]
    assert f"{present_values(life(q, 0.05, 10))[0, 1]:.4f}" == "8.0863"
    assert f"{present_values(life(q, 0.05, 20))[0, 2]:.5f}" == "0.36663"


@cache
def cl(sex):
    """The table of non-annuity business 1 by age, the last year certain: q at 105 is 1."""
    with (installed() / "tables/cl_2010_2013.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(line for line in file if not line.startswith("#")))[1:]
    q = [float(rate) for _, of, rate in rows if of == sex]
    assert len(q) == 106
    assert q[105] == 1.0
    return q


@pytest.mark.parametrize(
    ("sex", "term", "endowment", "whole"),
    [
        ("M", "1.626197", "34.893875", "26.101407"),
        ("F", "0.691068", "34.469813", "22.749477"),
    ],
)
def test_net_premiums_on_the_chinese_table_are_those_published(sex, term, endowment, whole):
    """Issue 5, acceptance, on 保监发〔2016〕107号, per 1,000: at 30 for 20 years at 3.5%, term and
    endowment; at 40 for life, 20 premiums, 2.5%.
    """
    death, due, end = 1_000 * present_values(life(cl(sex)[30:50], 0.035))[0]
    assert f"{1_000 * death / due:.6f}" == term
    assert f"{1_000 * (death + end) / due:.6f}" == endowment
    death, due, _ = present_values(life(cl(sex)[40:], 0.025, pay=20))[0]
    assert f"{1_000 * death / due:.6f}" == whole


# Disability with recovery (Dickson, Hardy and Waters, chapter 8): healthy, sick, dead.
SOURCE, TARGET = np.array([0, 0, 1, 1]), np.array([1, ENDED, 0, ENDED])


def forces(x):
    sick = 4e-4 + 3.4674e-6 * np.exp(0.138155 * x)
    dead = 5e-4 + 7.5858e-5 * np.exp(0.087498 * x)
    return np.stack([sick, dead, 0.1 * sick, dead], axis=-1)


def ten_years_from_60(steps):
    h = 10.0 / steps
    chances = euler.step(forces(60.0 + h * np.arange(steps)), SOURCE, h)
    chain = Chain(
        states=("healthy", "sick"),
        source=SOURCE,
        target=TARGET,
        rates=Sheet(chances[None]),
        rate_of=np.arange(4),
        streams=(),
        discount=np.ones(steps),
        lasts=np.array([steps]),
        per_year=12,
    )
    return occupancy(checked(chain))[0, -1]


def test_a_disability_model_with_recovery_by_monthly_euler_steps_is_the_published_one():
    """Issue 5, acceptance: the print p00 0.587557, p01 0.202632 is that of Euler with h = 1/12."""
    assert [f"{p:.6f}" for p in ten_years_from_60(120)] == ["0.587557", "0.202632"]


def test_its_limit_is_that_of_the_differential_equation_and_the_print_is_off_by_the_step():
    """The limit is p00 0.58687347, p01 0.20284447 (issue 5, acceptance): the print is 0.00068 above
    and 0.00021 below it, all of which is the step, since a finer one takes it away in proportion.
    """

    def kolmogorov(t, p):
        sick, dead, well, gone = forces(60.0 + t)
        return [p[1] * well - p[0] * (sick + dead), p[0] * sick - p[1] * (well + gone)]

    exact = solve_ivp(kolmogorov, (0, 10), [1.0, 0.0], rtol=1e-12, atol=1e-14).y[:, -1]
    assert [f"{p:.8f}" for p in exact] == ["0.58687347", "0.20284447"]
    monthly, fine, finer = (ten_years_from_60(120 * n) for n in (1, 64, 128))
    assert [f"{d:.5f}" for d in monthly - exact] == ["0.00068", "-0.00021"]
    # two fine steps, extrapolated to none (Richardson), are the limit
    np.testing.assert_allclose(2.0 * finer - fine, exact, atol=5e-9)
    np.testing.assert_allclose((fine - exact) * 64, monthly - exact, rtol=0.02)
