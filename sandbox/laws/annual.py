"""Law 1 for covers of a year: the price is the mean of the simulation, cover by cover."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from rating.engines.collective.annual import AnnualModel, annual_model
from rating.engines.collective.cells import RiskCells, risk_cells
from rating.engines.collective.expected import Expected, costs_of
from rating.engines.collective.periods import Periods
from sandbox.execution import Execution
from sandbox.laws.alike import alike
from sandbox.laws.law import LawOne
from sandbox.laws.profiles import Profile
from sandbox.simulate.annual import AnnualShock, simulate_annual

Floats = npt.NDArray[np.float64]
SHARE, CATASTROPHE_SHARE = 0.005, 0.02
LEAST_YEARS, MOST_ROUNDS = 1_000, 4
SAFETY = 1.1


@dataclass(frozen=True)
class _Size:
    """How much is simulated: years of the one policy group, and policies in it."""

    years: int
    policies: int


PILOT = _Size(1_000, 2_000)


def law_one_annual(  # noqa: PLR0913 - the law, its sizes, and what a test plants
    product: AssembledProduct,
    bases: Sequence[AssembledBasis],
    profiles: Sequence[Profile],
    seed: int,
    *,
    share: float = SHARE,
    catastrophe_share: float = CATASTROPHE_SHARE,
    shock: AnnualShock | None = None,
    threads: int = 1,
) -> tuple[LawOne, ...]:
    """Hold every cover and pool on every basis and profile: |E − mean| ≤ 4 errors + bound.

    share, catastrophe_share  the standard error as a share of E that must be reached, the second by
           whatever a catalogue of events hits; years and policies are derived from the variance of
           a pilot under another seed, so that the law cannot pass by vagueness
    shock  applied to the simulation alone: how a test plants an error that the law must catch

    A policy's year is a draw of its own for what is drawn by policy, so that many alike policies
    make few years enough; storms are drawn for all, and need years. On a basis that binds to the
    same year as one before it, to the last number, the comparison is that one's.

    Raises BadInput where the method would be simulated: there the law has nothing to compare.
    """
    found: list[LawOne] = []
    for profile in profiles:
        done: list[tuple[AnnualModel, list[LawOne]]] = []
        for basis in bases:
            model = annual_model(product, basis, cells_of(product, profile, 1))
            same = next((laws for known, laws in done if alike(known, model)), None)
            if same is None:
                trial = _Trial(model, profile, seed, share, catastrophe_share, shock, threads)
                laws = trial.run()
            else:
                laws = [replace(law, basis=basis.name) for law in same]
            done.append((model, laws))
            found += laws
    return tuple(found)


def cells_of(product: AssembledProduct, profile: Profile, policies: int) -> RiskCells:
    """Make one cell of policies that are all the profile."""
    return risk_cells(
        product,
        np.array([policies], dtype=np.int64),
        {name: np.array([value]) for name, value in profile.values.items()},
        {name: row.reshape(1, -1) for name, row in profile.items.items()},
        profile.present.reshape(1, -1),
        None if profile.period is None else Periods(*np.array(profile.period).reshape(3, 1)),
        profile.members,
    )


@dataclass(frozen=True)
class _Trial:
    """One basis and profile."""

    model: AnnualModel
    profile: Profile
    seed: int
    share: float
    catastrophe_share: float
    shock: AnnualShock | None
    threads: int

    def run(self) -> list[LawOne]:
        expected = costs_of(self.model)
        size = self._first_size(expected)
        laws: list[LawOne] = []
        for _ in range(MOST_ROUNDS):
            laws = self._judge(expected, size)
            if all(law.sharp for law in laws):
                break
            # large events came more often than on average: now their variance is known
            grow = max(law.error / (law.share * law.expected) for law in laws if law.expected > 0.0)
            size = replace(size, years=math.ceil(SAFETY * size.years * grow * grow))
        return laws

    def _first_size(self, expected: Sequence[Expected]) -> _Size:
        """Derive years from what storms vary, then policies from what each policy varies."""
        variance = self._variances(expected)
        policy_years, years = 1.0, float(LEAST_YEARS)
        for one, spread in zip(expected, variance, strict=True):
            # a pool's storms stand in its covers, and its other claims thin out over policies
            if one.value <= 0.0 or (self._stormy(one) and len(one.group) > 1):
                continue
            needed = SAFETY * spread / (self._share(one) * one.value) ** 2
            if self._stormy(one):
                years = max(years, needed)
            else:
                policy_years = max(policy_years, needed)
        total = math.ceil(years)
        return _Size(total, max(1, math.ceil(policy_years / total)))

    def _variances(self, expected: Sequence[Expected]) -> list[float]:
        """Give the variance of a policy's year, by a pilot where the price does not know it."""
        if not any(math.isnan(one.variance) for one in expected):
            return [one.variance for one in expected]
        rows = self._rows(expected, PILOT, self.seed + 1)
        return [
            PILOT.policies * float(np.var(row, ddof=1))
            if math.isnan(one.variance)
            else one.variance
            for one, row in zip(expected, rows, strict=True)
        ]

    def _share(self, one: Expected) -> float:
        return self.catastrophe_share if self._stormy(one) else self.share

    def _stormy(self, one: Expected) -> bool:
        events = {process.name for process in self.model.catalogue}
        entries = [entry for entry in self.model.payout.entries if entry.name in one.group]
        return any(events & set(entry.events) for entry in entries)

    def _rows(self, expected: Sequence[Expected], size: _Size, seed: int) -> list[Floats]:
        """Give the mean payment of a policy in each year, group by group."""
        product, basis = self.model.product, self.model.basis
        model = annual_model(product, basis, cells_of(product, self.profile, size.policies))
        run = simulate_annual(
            model,
            np.zeros(1),
            size.years,
            seed,
            shock=self.shock,
            execution=Execution.on(self.threads),
        )
        column = {name: run.table.paid[:, n] for n, name in enumerate(run.table.columns)}
        rows: list[Floats] = []
        for one in expected:
            total = np.zeros(size.years)
            for name in one.group:
                total += column[name]
            rows.append(total / size.policies)
        return rows

    def _judge(self, expected: Sequence[Expected], size: _Size) -> list[LawOne]:
        return [
            LawOne.judged(
                group=one.group,
                basis=self.model.basis.name,
                profile=self.profile.name,
                method=one.method,
                expected=one.value,
                bound=one.bound,
                rows=rows,
                share=self._share(one),
                years=size.years * size.policies,
            )
            for one, rows in zip(expected, self._rows(expected, size, self.seed), strict=True)
        ]
