"""A disability income contract written out by months disabled; it knows no engine of the house.

Rates are yearly, independent, with a constant force over each policy year. A life moves once a
month at most. Per 1,000 of monthly income; v is a month's discount.
"""

import csv
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MONTHS, CREDITED, INCOME, DEATHS = 12, 3, 1_000.0, 6
"""Months of a year, of the elimination and of the waiting period; incomes paid at death."""
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


def _walk(life: Life) -> Iterator[tuple[int, Callable[[int | None], Moves]]]:
    for k in range(life.term * MONTHS):
        x = life.age + k // MONTHS
        out, q = life.disablements[x], life.deaths[x]

        def moves(months: int | None, out: float = out, q: float = q) -> Moves:
            return _moves(out, q) if months is None else _moves(recovers(months), q + 0.02)

        yield k, moves


def sums(life: Life, v: float) -> Sums:
    """Add up by month what everyone may be paid and pays, from the first day on."""
    found, active, disabled = Sums(), 1.0, dict[int, float]()
    for k, moves in _walk(life):
        waived = sum(chance for months, chance in disabled.items() if months >= CREDITED)
        if k % MONTHS == 0 and k < life.pay * MONTHS:
            found.premiums += v**k * (active + sum(disabled.values()) - waived)
        out, dies, stays = moves(None)
        died, entered, back = active * dies, active * out, 0.0
        later: dict[int, float] = {}
        for months, chance in disabled.items():
            recovered, dead, left = moves(months)
            back += chance * recovered
            died += chance * dead
            later[months + 1] = chance * left
        ill = ILLNESS if k < CREDITED else 0.0
        found.returned += v ** (k + 1) * ill * died
        found.benefits += v ** (k + 1) * (1.0 - ill) * died * DEATHS * INCOME
        later[0] = entered
        active, disabled = active * stays + back, later
        paid = sum(chance for months, chance in disabled.items() if months > CREDITED)
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
    walk = list(_walk(life))
    most = months + term
    worth = {None: 0.0} | dict.fromkeys(range(most + 1), 0.0)
    for k in range(term - 1, year * MONTHS - 1, -1):
        moves, new = walk[k][1], {}
        due = k % MONTHS == 0 and k < life.pay * MONTHS
        for here in worth:
            to, dies, stays = moves(here)
            later = None if here is None else min(here + 1, most)
            other = 0 if here is None else None
            income = INCOME if later is not None and later > CREDITED else 0.0
            value = v * (
                to * worth[other] + dies * DEATHS * INCOME + stays * (worth[later] + income)
            )
            waived = here is not None and here >= CREDITED
            new[here] = value - (net if due and not waived else 0.0)
        worth = new
    return worth[months]
