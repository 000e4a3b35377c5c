"""A long-term care contract by months in each grade of dependence; it knows no engine here.

Rates are yearly, independent, with a constant force over each policy year. A life moves once a
month at most. Per 1,000 of monthly income of the severely dependent; v is a month's discount.
"""

import math
from dataclasses import dataclass

MONTHS, INCOME, LOADING = 12, 1_000.0, 0.18
RATIOS = ((18, 1.6), (41, 1.4), (61, 1.2))
"""What a death pays of the premiums paid, from an attained age on (保监发〔2016〕76号 一)."""
WELL, MODERATE, SEVERE = "independent", "moderate", "severe"
PAID = {WELL: 0.0, MODERATE: 0.5 * INCOME, SEVERE: INCOME}
DIES_MORE = {WELL: 0.0, MODERATE: 0.04, SEVERE: 0.15}


@dataclass(frozen=True)
class Life:
    """Who is insured, for how long, and the tables by attained age."""

    age: int
    term: int
    pay: int
    deaths: dict[int, float]
    onsets: dict[int, float]


def yearly(life: Life, state: str, x: int) -> dict[str, float]:
    """Give the yearly rate of each move out of a state; `dead` is one of them."""
    dead = {"dead": life.deaths[x] + DIES_MORE[state]}
    if state == WELL:
        return {MODERATE: 0.6 * life.onsets[x], SEVERE: 0.4 * life.onsets[x], **dead}
    if state == MODERATE:
        return {SEVERE: 0.20, WELL: 0.08, **dead}
    return {MODERATE: 0.04, **dead}


def of_a_month(rates: dict[str, float]) -> dict[str, float]:
    """Give the chance of each move in a month, all at work."""
    forces = {to: -math.log1p(-rate) for to, rate in rates.items()}
    total = sum(forces.values())
    leaves = 1.0 - math.exp(-total / MONTHS)
    return {to: leaves * force / total for to, force in forces.items()}


def ratio(x: int) -> float:
    """Give the ratio in force at an attained age."""
    return [part for age, part in RATIOS if age <= x][-1]


@dataclass
class Sums:
    """Present values, per policy sold: of incomes, of premiums of 1, of what deaths pay per 1.

    Waived premiums are not paid: with each state stands the mean count of premiums paid by those
    in it, times the chance of being there.
    """

    incomes: float = 0.0
    premiums: float = 0.0
    deaths: float = 0.0


def sums(life: Life, v: float) -> Sums:
    """Add up by month what everyone is paid and pays, from the first day on."""
    found, there = Sums(), {WELL: 1.0, MODERATE: 0.0, SEVERE: 0.0}
    counts = dict.fromkeys(there, 0.0)
    for k in range(life.term * MONTHS):
        x = life.age + k // MONTHS
        if k % MONTHS == 0 and k < life.pay * MONTHS:
            found.premiums += v**k * there[WELL]
            counts[WELL] += there[WELL]
        later, counted = dict.fromkeys(there, 0.0), dict.fromkeys(there, 0.0)
        for state, chance in there.items():
            moves = of_a_month(yearly(life, state, x))
            dies = moves.pop("dead")
            found.deaths += v ** (k + 1) * dies * counts[state] * ratio(x)
            stays = 1.0 - dies - sum(moves.values())
            for to, move in {**moves, state: stays}.items():
                later[to] += chance * move
                counted[to] += counts[state] * move
            found.incomes += v ** (k + 1) * chance * stays * PAID[state]
        there, counts = later, counted
    return found


def gross_premium(life: Life, interest: float) -> float:
    """Equivalence: what is left of premiums after the loading pays incomes and deaths."""
    found = sums(life, (1.0 + interest) ** (-1 / MONTHS))
    return found.incomes / ((1.0 - LOADING) * found.premiums - found.deaths)


def reserve(life: Life, state: str, year: int, interest: float, charged: float) -> float:
    """Value what those are owed who enter a state at a policy year's end, less premiums to come.

    They have paid all premiums that were charged until then.
    """
    found = sums(life, (1.0 + interest) ** (-1 / MONTHS))
    net = (found.incomes + found.deaths * charged) / found.premiums
    v, term = (1.0 + interest) ** (-1 / MONTHS), life.term * MONTHS
    worth, each = dict.fromkeys(PAID, 0.0), dict.fromkeys(PAID, 0.0)
    for k in range(term - 1, year * MONTHS - 1, -1):
        new, more = {}, {}
        x = life.age + k // MONTHS
        for here, income in PAID.items():
            moves = of_a_month(yearly(life, here, x))
            dies = moves.pop("dead")
            stays = 1.0 - dies - sum(moves.values())
            owed = here == WELL and k % MONTHS == 0 and k < life.pay * MONTHS
            to_come = {**moves, here: stays}
            more[here] = v * (dies * ratio(x) + sum(p * each[to] for to, p in to_come.items()))
            new[here] = v * (
                stays * income + sum(p * worth[to] for to, p in to_come.items())
            ) + owed * (charged * more[here] - net)
        worth, each = new, more
    return worth[state] + min(year, life.pay) * charged * each[state]
