"""What a scenario changes, with every name resolved for one product."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from product_factory.errors import At
from rating.engines.collective.change import Change
from sandbox.simulate.annual import AnnualShock
from sandbox.simulate.cohort import CohortShock, RateShock


@dataclass(frozen=True)
class Replayed:
    """A storm of a table that happens every year, besides those that are drawn."""

    table: str
    storm: str
    at: At


@dataclass(frozen=True)
class Shock:
    """The changes of a scenario, by process and event: `fire.occurrence`.

    frequency  what the mean number of events is multiplied by
    severity   what each drawn severity is multiplied by; for a catalogue, its intensity
    rates      yearly rates of decrements
    interest   added to the yearly interest rate;  inflation: to that of what events cost
    replays    event of a catalogue → the storm that happens besides
    """

    frequency: Mapping[str, float] = field(default_factory=dict)
    severity: Mapping[str, float] = field(default_factory=dict)
    rates: Mapping[str, RateShock] = field(default_factory=dict)
    interest: float = 0.0
    inflation: float = 0.0
    replays: Mapping[str, Replayed] = field(default_factory=dict)

    def annual(self, rows: Mapping[str, int]) -> AnnualShock:
        """Give the shock of a year; rows: event of a catalogue → its row that always happens."""
        return AnnualShock(frequency=self.frequency, severity=self.severity, always=rows)

    def cohort(self) -> CohortShock:
        """Give the shock of run-offs."""
        change = Change(self.frequency, self.severity, self.inflation)
        return CohortShock(rates=self.rates, interest_add=self.interest, change=change)


NO_SHOCK = Shock()
"""The assumptions as they stand."""
