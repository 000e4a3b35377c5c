"""Long-term products by hand: one policy, year by year, from tables as they stand in the files.

Nothing here is the project's: no reader, no expression, no engine. Used by the tests of the engine.
"""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from types import SimpleNamespace

SHELF = Path(__file__).resolve().parents[3] / "products"
OMEGA = 105
INTEREST = 0.02


@cache
def published(name):
    """Rows of a shelf's table by their keys."""
    with (SHELF / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(line for line in file if not line.startswith("#")))[1:]
    return {tuple(row[:-1]): float(row[-1]) for row in rows}


def death(age, sex):
    return published("tables/cl_2010_2013")[str(age), sex]


def severe(age):
    """min(10%, 0.0002 + 0.000012 × 1.115^age), to ten decimals, 0 at the end: as its file says."""
    return 0.0 if age == OMEGA else round(min(0.10, 0.0002 + 0.000012 * 1.115**age), 10)


def healthy_death(age, sex):
    """Deaths without the share that follows a severe illness."""
    share = 0.0 if age == OMEGA else 0.15 if age < 18 else min(0.6, 0.15 + 0.011 * (age - 18))
    return death(age, sex) * (1.0 - share)


def critical_illness(age, sex, pay, amount=1000.0, loading=0.28):
    """Give benefits, annuity, premiums returned per 1 of premium, and the gross premium.

    Each way that diagnoses may go is followed: moderate payments (at most 2), mild payments (at
    most 3), and how many premiums were paid before the first of them waived the rest.
    """
    v = 1.0 / (1.0 + INTEREST)
    there = {(0, 0, None): 1.0}
    benefits = due = returned = 0.0
    for year in range(OMEGA + 1 - age):
        x = age + year
        s, d = severe(x), healthy_death(x, sex)
        paid_now = min(year + 1, pay)
        later = defaultdict(float)
        for (moderate, mild, frozen), p in there.items():
            if frozen is None and year < pay:
                due += p * v**year
            paid = paid_now if frozen is None else frozen
            m, n = (0.25 * s if moderate < 2 else 0.0), (0.45 * s if mild < 3 else 0.0)
            now = p * v ** (year + 1)
            benefits += now * amount * (s + 0.5 * m + 0.3 * n)
            if x < 18:
                returned += now * d * paid
            else:
                benefits += now * amount * d
            later[moderate + 1, mild, paid] += p * m
            later[moderate, mild + 1, paid] += p * n
            later[moderate, mild, frozen] += p * (1.0 - s - d - m - n)
        there = later
    return benefits, due, returned, benefits / (due * (1.0 - loading) - returned)


def increasing(age, sex, pay, amount=1000.0, growth=0.0175, loading=0.10):
    """Give premium, benefits, annuity, premium of the cash value's basis, and cash values.

    The death benefit is the largest of the year-end cash value, premiums × a ratio, and the growing
    sum insured; before 18, of the first two without a ratio. For every premium that
    is tried, the premium of the cash value's basis is found first.
    """
    v, years = 1.0 / (1.0 + INTEREST), OMEGA + 1 - age
    loadings = {1: [0.18] * 4, 10: [0.80, 0.75, 0.60, 0.10], 20: [0.85, 0.80, 0.75, 0.10]}
    loadings = loadings.get(pay, [0.65, 0.50, 0.35, 0.10])

    def benefit(year, premium, value):
        paid, attained = premium * min(year + 1, pay), age + year
        if attained < 18:
            return max(value, paid)
        ratio = 1.6 if attained < 41 else 1.4 if attained < 61 else 1.2
        return max(value, paid * ratio, amount * (1.0 + growth) ** year)

    def values(gross, premium):
        reserve, found = 0.0, [0.0] * (years + 1)
        for year in reversed(range(years)):
            q, share = death(age + year, sex), min(1.0, 0.8 + 0.2 * (year + 1) / min(20, pay))
            found[year + 1] = share * max(reserve, 0.0)
            paid = q * benefit(year, premium, found[year + 1])
            net = gross * (1.0 - loadings[min(year, 3)]) if year < pay else 0.0
            reserve = v * (paid + (1.0 - q) * reserve) - net
        return reserve, found

    def inner(premium):
        gross = crossed(lambda g: -values(g, premium)[0], 20 * amount + 100 * premium)
        return gross, values(gross, premium)[1]

    def worth(premium):
        gross, cash = inner(premium)
        alive, benefits, due = 1.0, 0.0, 0.0
        for year in range(years):
            q = death(age + year, sex)
            due += alive * v**year if year < pay else 0.0
            benefits += alive * q * v ** (year + 1) * benefit(year, premium, cash[year + 1])
            alive *= 1.0 - q
        return benefits, due, gross, cash

    def short(premium):
        benefits, due, _, _ = worth(premium)
        return premium * (1.0 - loading) * due - benefits

    premium = crossed(short, 5 * amount)
    return premium, *worth(premium)


def ratio(attained):
    """Least death benefit over premiums paid by attained age: 7号 二."""
    return 1.6 if attained < 41 else 1.4 if attained < 61 else 1.2


def endowment(age, sex, term, pay, amount=1000.0):
    """Give premium, death benefits, maturity, annuity: the larger of the sum and premiums × ratio
    at death, the sum to those who live to the end of the term.
    """
    v, loading = 1.0 / (1.0 + INTEREST), 0.09 if pay == 1 else 0.16
    rates = published("tables/cl_2010_2013_nonannuity2")

    def worth(premium):
        alive, deaths, due = 1.0, 0.0, 0.0
        for year in range(term):
            due += alive * v**year if year < pay else 0.0
            q, paid = rates[str(age + year), sex], premium * min(year + 1, pay)
            deaths += alive * q * v ** (year + 1) * max(amount, paid * ratio(age + year))
            alive *= 1.0 - q
        return deaths, alive * v**term * amount, due

    def short(premium):
        deaths, maturity, due = worth(premium)
        return premium * (1.0 - loading) * due - deaths - maturity

    premium = crossed(short, 5 * amount)
    return premium, *worth(premium)


def endowment_values(age, sex, term, pay, premium, amount=1000.0):
    """Give the premium of the cash value's basis, and cash values at the ends of policy years, the
    last of them before the maturity benefit is paid. premium: what is charged.
    """
    v, rates = 1.0 / (1.0 + INTEREST), published("tables/cl_2010_2013_nonannuity2")
    loadings = {1: [0.10] * 4, 5: [0.35, 0.20, 0.20, 0.10], 10: [0.45, 0.25, 0.25, 0.10]}
    loadings = loadings.get(pay, [0.50, 0.25, 0.25, 0.10])

    def reserves(gross):
        after, found = amount, [0.0] * (term + 1)
        found[term] = amount
        for year in reversed(range(term)):
            q, paid = rates[str(age + year), sex], premium * min(year + 1, pay)
            died = q * max(amount, paid * ratio(age + year))
            net = gross * (1.0 - loadings[min(year, 3)]) if year < pay else 0.0
            after = v * (died + (1.0 - q) * after) - net
            found[year] = after
        return found

    gross = crossed(lambda g: -reserves(g)[0], 5 * amount)
    share = [min(1.0, 0.85 + 0.15 * year / min(20, pay)) for year in range(term + 1)]
    values = [s * max(r, 0.0) for s, r in zip(share, reserves(gross), strict=True)]
    values[term] = amount
    return gross, reserves(gross), values


def pension(age, sex, annuity_age, pay, amount=1000.0, charged=None):
    """Give premium, annuities, what deaths leave of the guarantee, deaths before, annuity-due of
    premiums, premium of the cash value's basis, and cash values at the ends of policy years.

    Before the annuity age a death pays the larger of premiums paid and the year-end cash value;
    afterwards what is left of the guarantee. The annuity of an anniversary is in the cash value of
    the year that ends then, in full; the share is of the rest. charged: the premium; solved for
    where it is not given.
    """
    v, rates = 1.0 / (1.0 + INTEREST), published("tables/cl_2010_2013_annuity")
    years, start, guaranteed = OMEGA + 1 - age, annuity_age - age, 20
    loading = 0.07 if pay == 1 else 0.14
    loadings = {1: [0.08] * 4, 5: [0.30, 0.20, 0.15, 0.10], 10: [0.40, 0.25, 0.15, 0.10]}
    loadings = loadings.get(pay, [0.45, 0.25, 0.15, 0.10])

    def due(time):
        return amount if start <= time < years else 0.0

    def died(year, premium, value):
        if year < start:
            return max(premium * min(year + 1, pay), value)
        return amount * max(start + guaranteed - (year + 1), 0)

    def values(gross, premium):
        after, found = 0.0, [0.0] * (years + 1)  # the reserve when what falls due has been paid
        for year in reversed(range(years)):
            q = rates[str(age + year), sex]
            share = min(1.0, 0.9 + 0.1 * (year + 1) / min(20, pay))
            found[year + 1] = share * max(after, 0.0) + due(year + 1)
            paid = q * died(year, premium, found[year + 1])
            net = gross * (1.0 - loadings[min(year, 3)]) if year < pay else 0.0
            after = v * (paid + (1.0 - q) * (after + due(year + 1))) - net
        return after, found

    def inner(premium):
        gross = crossed(lambda g: -values(g, premium)[0], 100 * amount)
        return gross, values(gross, premium)[1]

    def worth(premium):
        gross, cash = inner(premium)
        alive, annuities, rest, deaths, premiums = 1.0, 0.0, 0.0, 0.0, 0.0
        for year in range(years):
            q = rates[str(age + year), sex]
            annuities += alive * v**year * due(year)
            premiums += alive * v**year if year < pay else 0.0
            lost = alive * q * v ** (year + 1) * died(year, premium, cash[year + 1])
            rest += lost if year >= start else 0.0
            deaths += lost if year < start else 0.0
            alive *= 1.0 - q
        return annuities, rest, deaths, premiums, gross, cash

    def short(premium):
        annuities, rest, deaths, premiums = worth(premium)[:4]
        return premium * (1.0 - loading) * premiums - annuities - rest - deaths

    premium = crossed(short, 100 * amount) if charged is None else charged
    return premium, *worth(premium)


def term_life(age, sex, term, pay, amount, cash_value):
    """Term life on assumptions of the tests' own: what a policy costs, what premium pays for it."""
    interest = 0.026
    in_force, worth, due, kept, upkeep = 1.0, {"death": 0.0, "surrender": 0.0}, 0.0, 0.0, 0.0
    for year in range(1, term + 1):
        now, then = (1 + interest) ** -(year - 1), (1 + interest) ** -year
        expense = 20 * 1.025 ** (year - 1) + (180 if year == 1 else 0)
        upkeep += in_force * now * expense
        if year <= pay:
            due += in_force * now
            loading = 0.18 if pay == 1 else 0.30
            kept += in_force * now * (1 - loading - (0.25 if year == 1 else 0.0))
        q = published("tables/cl_2010_2013")[str(age + year - 1), sex]
        dying, disabled = in_force * q * 0.75, in_force * q * 0.04
        worth["death"] += (dying + disabled) * amount * then
        lapse = max((k for k in published("tables/lapse_by_year") if int(k[0]) <= year),
                    key=lambda k: int(k[0]))  # fmt: skip
        leaving_now = (in_force - dying - disabled) * published("tables/lapse_by_year")[lapse]
        worth["surrender"] += leaving_now * cash_value * then
        in_force -= dying + disabled + leaving_now
    total = worth["death"] + worth["surrender"]
    return SimpleNamespace(
        worth=worth, due=due, net=total / due, gross=(total + upkeep) / kept, in_force=in_force
    )


def crossed(function, high, low=0.0):
    """Find where a function crosses 0 (regula falsi, Illinois)."""
    at_low, at_high = function(low), function(high)
    assert at_low < 0.0 < at_high
    for _ in range(200):
        x = high - at_high * (high - low) / (at_high - at_low)
        at = function(x)
        if abs(at) < 1e-10 or high - low < 1e-13 * high:
            return x
        if at < 0.0:
            low, at_low, at_high = x, at, 0.5 * at_high
        else:
            high, at_high, at_low = x, at, 0.5 * at_low
    raise AssertionError
