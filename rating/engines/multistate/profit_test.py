"""The profit test: what each year brings in after reserves, per policy and per policy sold.

The profit vector is per policy in force at the year's start, the signature per policy sold. Entry 0
is what is spent before the contract begins. All figures come from the signature.
Source: Dickson, Hardy and Waters, Actuarial Mathematics for Life Contingent Risks, chapter 12.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from product_factory.errors import BadValue
from product_factory.numbers.portable import expm1, log1p
from rating.engines.multistate.chain import Floats

LOWEST, HIGHEST = -0.9999, 1e4
"""Rates of return between which roots are looked for."""
POINTS = 4_000
HALVINGS = 200


@dataclass(frozen=True)
class InternalRate:
    """Rates at which the signature is worth nothing, from the lowest on; none or several may be.

    rates  all that were bracketed;  said: what a reader must know about them
    """

    rates: tuple[float, ...]
    said: str

    @property
    def rate(self) -> float | None:
        """The rate, where there is exactly one."""
        return self.rates[0] if len(self.rates) == 1 else None


@dataclass(frozen=True)
class ProfitTest:
    """What a profit test finds.

    vector      [year + 1] profit at a year's end per policy in force at its start; entry 0 at issue
    signature   [year + 1] the same per policy sold
    npv         of the signature at the risk discount rate
    margin      npv over the present value of premiums at the same rate; None without premiums
    payback     first year by whose end the discounted signature has paid back; None if never
    strain      what a policy sold costs at worst: - lowest sum of the signature so far, at least 0
    """

    vector: Floats
    signature: Floats
    npv: float
    irr: InternalRate
    margin: float | None
    payback: int | None
    strain: float


def profit_test(  # noqa: PLR0913 - the rows of a profit test
    *,
    premiums: Floats,
    expenses: Floats,
    claims: Floats,
    staying: Floats,
    reserves: Floats,
    interest: Floats,
    risk_discount: float,
    acquisition: float = 0.0,
) -> ProfitTest:
    """Test the profit of one policy, year by year; all per policy in force at the year's start.

    premiums, expenses  [year] at the year's start;  claims: [year] expected, at its end
    staying             [year] probability of being in force at the end
    reserves            [year + 1] held at times 0 … n;  interest: [year] earned
    acquisition         spent before the contract begins, with the reserve at time 0
    """
    years = len(premiums)
    for name, given, wanted in (
        ("expenses", expenses, years),
        ("claims", claims, years),
        ("staying", staying, years),
        ("reserves", reserves, years + 1),
        ("interest", interest, years),
    ):
        if given.shape != (wanted,):
            raise BadValue(f"{name}: expected {wanted} years, got {given.shape}")
    if risk_discount <= -1.0:
        raise BadValue(f"expected a risk discount rate above -100%, got {risk_discount:g}")
    if not ((staying >= 0.0) & (staying <= 1.0)).all():
        raise BadValue("expected probabilities of staying of 0 to 1")
    at_end = (reserves[:-1] + premiums - expenses) * (1.0 + interest)
    vector = np.concatenate(
        [[-acquisition - reserves[0]], at_end - claims - staying * reserves[1:]]
    )
    in_force = np.concatenate([[1.0], np.cumprod(staying)])
    signature = np.concatenate([vector[:1], vector[1:] * in_force[:-1]])
    npv = net_present_value(signature, risk_discount)
    income = net_present_value(premiums * in_force[:-1], risk_discount)
    return ProfitTest(
        vector=vector,
        signature=signature,
        npv=npv,
        irr=internal_rate(signature),
        margin=npv / income if income > 0.0 else None,
        payback=payback(signature, risk_discount),
        strain=max(0.0, -float(np.cumsum(signature).min(initial=0.0))),
    )


def net_present_value(flows: Floats, rate: float) -> float:
    """Give the value at time 0 of flows at times 0, 1, …: Horner's rule, from the last."""
    total = 0.0
    for flow in reversed(flows.tolist()):
        total = total / (1.0 + rate) + flow
    return float(total)


def payback(signature: Floats, rate: float) -> int | None:
    """Give the first year from whose end on the discounted sum so far never is below 0 again."""
    total, factor, found = 0.0, 1.0, None
    for year, flow in enumerate(signature.tolist()):
        total += flow * factor
        factor /= 1.0 + rate
        if total < 0.0:
            found = None
        elif found is None:
            found = year
    return found


def internal_rate(flows: Floats) -> InternalRate:
    """Give every rate of return that is bracketed between -99.99% and 1,000,000%.

    With one change of sign there is one root (Descartes); with more, a grid even in ln(1 + rate)
    brackets those that lie apart, each halved until neighbouring numbers enclose it.
    """
    signs = np.sign(flows[flows != 0.0])
    changes = int((signs[1:] != signs[:-1]).sum())
    if changes == 0:
        return InternalRate((), "no rate: the signature never changes its sign")
    grid = _grid()
    worth = np.zeros(len(grid))
    for flow in reversed(flows.tolist()):  # as `net_present_value`, all rates at once
        worth = worth / (1.0 + np.array(grid)) + flow
    found = []
    for (below, f_low), (above, f_high) in pairwise(zip(grid, worth.tolist(), strict=True)):
        if f_low == 0.0:
            found.append(below)
        elif f_low * f_high < 0.0:
            found.append(_halved(flows, below, above, rising=f_high > 0.0))
    if not found:
        return InternalRate((), f"no rate between {LOWEST:.2%} and {HIGHEST:.0%}")
    if len(found) > 1:
        several = ", ".join(f"{rate:.4%}" for rate in found)
        return InternalRate(tuple(found), f"several rates: {several}")
    said = "the only rate" if changes == 1 else f"one rate found, {changes} changes of sign"
    return InternalRate(tuple(found), said)


@cache
def _grid() -> tuple[float, ...]:
    low, high = log1p(LOWEST), log1p(HIGHEST)
    return tuple(expm1(low + (high - low) * n / POINTS) for n in range(POINTS + 1))


def _halved(flows: Floats, low: float, high: float, *, rising: bool) -> float:
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if middle in {low, high}:
            break
        if (net_present_value(flows, middle) > 0.0) == rising:
            high = middle
        else:
            low = middle
    return low
