"""A disability income contract, by months disabled and since a recovery; it knows no engine here.

Rates are yearly, independent, with a constant force over each policy year. A life moves once a
month at most. Per 1,000 of monthly income; v is a month's discount.
"""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

MONTHS, CREDITED, RELAPSE, INCOME, DEATHS = 12, 3, 5, 1_000.0, 6
WELL = -1
"""Months of a year, of the elimination and of the waiting period, months after a recovery in which
a relapse is spared the elimination, and incomes paid at death."""
ILLNESS, LOADING = 0.8, 0.3
Moves = tuple[float, float, float]
"""Chances of a month: to the other state, to death, to stay."""


@dataclass(frozen=True)
class Life:
    """Who is insured, for how long, and the tables by attained age."""

    age: int
    term: int
    pay: int
    deaths: dict[int, float]
    disablements: dict[int, float]


def table(path: Path, sex: str = "") -> dict[int, float]:
    """Read a table of the shelf by attained age, the rows of a sex."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = [row for row in csv.DictReader(lines) if row.get("sex", "") == sex]
    return {int(row["attained_age"]): float([*row.values()][-1]) for row in rows}


def _moves(to: float, dies: float) -> Moves:
    forces = [-math.log1p(-to), -math.log1p(-dies)]
    total = sum(forces)
    leaves = 1.0 - math.exp(-total / MONTHS)
    return leaves * forces[0] / total, leaves * forces[1] / total, 1.0 - leaves


def recovers(months: int) -> float:
    """Give the yearly rate of recovery by months disabled."""
    return 0.40 if months < MONTHS else 0.20 if months < 2 * MONTHS else 0.05


@dataclass
class Sums:
    """Present values: of income and death benefits, of premiums of 1, of premiums that go back."""

    benefits: float = 0.0
    premiums: float = 0.0
    returned: float = 0.0


def _moves_of(life: Life, k: int, here: int) -> Moves:
    x = life.age + k // MONTHS
    if here < 0:
        return _moves(life.disablements[x], life.deaths[x])
    return _moves(recovers(here), life.deaths[x] + 0.02)


def _leads(here: int) -> tuple[int, int]:
    """Give where a move leads, and where a month without one does.

    Months disabled are 0 and more; - 1 is active, and - 1 - n active with n months left in which a
    relapse goes on where the elimination ended.
    """
    if here >= 0:
        return (WELL - RELAPSE if here >= CREDITED else WELL), here + 1
    return (CREDITED if here < WELL else 0), min(here + 1, WELL)


def _due(life: Life, k: int) -> bool:
    return k % MONTHS == 0 and k < life.pay * MONTHS


def sums(life: Life, v: float) -> Sums:
    """Add up by month what everyone may be paid and pays, from the first day on."""
    found, there = Sums(), {WELL: 1.0}
    for k in range(life.term * MONTHS):
        if _due(life, k):
            found.premiums += v**k * sum(c for here, c in there.items() if here < CREDITED)
        died = 0.0
        later: dict[int, float] = {}
        for here, chance in there.items():
            to, dies, stays = _moves_of(life, k, here)
            other, on = _leads(here)
            died += chance * dies
            later[other] = later.get(other, 0.0) + chance * to
            later[on] = later.get(on, 0.0) + chance * stays
        ill = ILLNESS if k < CREDITED else 0.0
        found.returned += v ** (k + 1) * ill * died
        found.benefits += v ** (k + 1) * (1.0 - ill) * died * DEATHS * INCOME
        there = later
        paid = sum(chance for here, chance in there.items() if here > CREDITED)
        found.benefits += v ** (k + 1) * paid * INCOME
    return found


def gross_premium(life: Life, interest: float) -> float:
    """Equivalence: what is left of premiums after the loading pays benefits and what goes back."""
    found = sums(life, (1.0 + interest) ** (-1 / MONTHS))
    return found.benefits / ((1.0 - LOADING) * found.premiums - found.returned)


def claim_reserve(life: Life, year: int, months: int, interest: float, net: float) -> float:
    """Value what the disabled of so many months are owed at the end of a policy year.

    Less net premiums to come; what falls due that day is paid already.
    """
    v, term = (1.0 + interest) ** (-1 / MONTHS), life.term * MONTHS
    states = range(WELL - RELAPSE, months + term + 1)
    worth = dict.fromkeys(states, 0.0)
    for k in range(term - 1, year * MONTHS - 1, -1):
        new = {}
        for here in states:
            to, dies, stays = _moves_of(life, k, here)
            other, on = _leads(here)
            on = min(on, states[-1])
            income = INCOME if on > CREDITED else 0.0
            owed = net if _due(life, k) and here < CREDITED else 0.0
            new[here] = (
                v * (to * worth[other] + dies * DEATHS * INCOME + stays * (worth[on] + income))
                - owed
            )
        worth = new
    return worth[months]
