"""Projected cash flows of a model, under lifelib's names: per policy sold, seen from issue."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.engines.multistate.forward import expected
from rating.engines.multistate.model import Model
from rating.engines.multistate.moves import discounts
from rating.engines.multistate.value import claim_expenses, on_first_day, total
from rating.engines.multistate.value import claims as claims_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Projection:
    """Expected flows of each step, [cell, step], in the product's currency.

    pols_if      [cell, step + 1] in force at the step's start, and at the end
    premiums, commissions, expenses   at the step's start; claims, claim_expenses: at its end
    claims       by column; what falls due at a later time than the first day is of the step before
    first_day    [cell] what falls due on the contract's first day
    per_year     steps in a policy year;  v: [step] its discount factor
    """

    pols_if: Floats
    premiums: Floats
    commissions: Floats
    expenses: Floats
    claims: Mapping[str, Floats]
    first_day: Floats
    claim_expenses: Floats
    per_year: int
    v: Floats

    @property
    def all_claims(self) -> Floats:
        """Claims of all columns, with what settling them costs."""
        total = self.claim_expenses
        for paid in self.claims.values():
            total = total + paid
        return total

    @property
    def net_cf(self) -> Floats:
        """What a step brings in, at its start: claims are discounted over the step."""
        left = self.premiums - self.commissions - self.expenses
        flow = left - self.v[None, :] * self.all_claims
        flow[:, 0] -= self.first_day
        return flow

    def pv(self, flow: Floats, *, at_end: bool = False) -> Floats:
        """Present value at issue of flows at the steps' starts, or ends: [cell]."""
        total, factor = np.zeros(len(flow)), 1.0
        for step, v in enumerate(self.v.tolist()):
            total = total + (factor * v if at_end else factor) * flow[:, step]
            factor = factor * v
        return total


def project(model: Model, premiums: Floats) -> Projection:
    """Project the flows of cells that are charged yearly premiums [cell].

    Expenses per premium are the commissions.
    """
    seen = expected(model)
    spent = model.assumed.spent
    income = seen.paying * model.due * premiums[:, None]
    return Projection(
        pols_if=seen.alive,
        premiums=income,
        commissions=income * spent["premium"],
        expenses=seen.alive[:, :-1] * (spent["policy"] + spent["sum_insured"]),
        claims=claims_of(model, seen),
        first_day=total(on_first_day(model, seen), model.cells.size),
        claim_expenses=claim_expenses(model, seen),
        per_year=model.per_year,
        v=discounts(model),
    )


@dataclass(frozen=True)
class Yearly:
    """The same by policy year, of an average policy: [year], per policy sold.

    in_force  [year + 1] at the start of each policy year and at the end
    premiums, expenses  at the year's start;  claims: with interest to its end
    """

    in_force: Floats
    premiums: Floats
    expenses: Floats
    claims: Floats


def by_year(projected: Projection, policies: Floats) -> Yearly:
    """Add cells up by their numbers of policies, and steps to policy years with interest."""
    share = policies / policies.sum()

    def mean(flow: Floats) -> Floats:
        total = np.zeros(flow.shape[1])
        for cell, part in enumerate(share.tolist()):
            total = total + part * flow[cell]
        return total

    def started(flow: Floats) -> Floats:
        return to_start(mean(flow), projected.v, projected.per_year)

    claims = to_end(mean(projected.all_claims), projected.v, projected.per_year)
    growth = grown(projected.v, projected.per_year)[0]
    claims[0] += mean(projected.first_day[:, None])[0] * growth
    return Yearly(
        in_force=mean(projected.pols_if)[:: projected.per_year],
        premiums=started(projected.premiums),
        expenses=started(projected.commissions + projected.expenses),
        claims=claims,
    )


def to_start(flow: Floats, v: Floats, per_year: int) -> Floats:
    """Value amounts at the steps' starts at the start of their policy year: [..., year]."""
    parts = flow.reshape(*flow.shape[:-1], -1, per_year)
    total: Floats = np.zeros(parts.shape[:-1])
    factor = np.ones(parts.shape[-2])
    for place in range(per_year):
        total, factor = total + factor * parts[..., place], factor * v[place::per_year]
    return total


def to_end(flow: Floats, v: Floats, per_year: int) -> Floats:
    """Value amounts at the steps' ends at the end of their policy year: [..., year]."""
    inside = np.repeat(v[::per_year], per_year)
    # what steps of one length are worth at their starts is theirs over one of them
    ended: Floats = to_start(flow * (v / inside), v, per_year) * v[::per_year] * grown(v, per_year)
    return ended


def grown(v: Floats, per_year: int) -> Floats:
    """Give how much 1 grows to in each policy year: [year]."""
    years = v.reshape(-1, per_year)
    level = (years == years[:, :1]).all(axis=1)
    power = np.array([each**-per_year for each in years[:, 0].tolist()])
    return np.where(level, power, 1.0 / years.prod(axis=1))
