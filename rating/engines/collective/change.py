"""More or fewer events, larger or smaller losses, other inflation: what a scenario changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis
from product_factory.errors import BadInput, BadValue
from product_factory.expressions.tree import Binary, Number, Steps
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.happens import CollectiveProcess
from rating.frequencies import Frequency, Poisson
from rating.scoped import Scoped, Times, added

Floats = npt.NDArray[np.float64]
LONGEST = 130
"""As many policy years as a contract may last."""


@dataclass(frozen=True)
class Change:
    """What is changed of events that are counted by the year.

    frequency  `process.event` → what its mean number of events is multiplied by; one number, or
               several that act in segments and policy years; of a catalogue, one
    severity   `process.event` → what each drawn loss is multiplied by, before any term applies;
               of a catalogue, the intensity of its events
    inflation  added to the yearly inflation of losses, or by policy year
    """

    frequency: Mapping[str, float | Times] = field(default_factory=dict)
    severity: Mapping[str, float | Times] = field(default_factory=dict)
    inflation: float | tuple[Scoped, ...] = 0.0

    @property
    def told(self) -> tuple[object, ...]:
        """The change as a value that can be compared."""
        times = (*sorted(self.frequency.items()), "by", *sorted(self.severity.items()))
        return (*times, "with", self.inflation)


UNCHANGED = Change()


def inflated(basis: AssembledBasis, add: float | tuple[Scoped, ...]) -> AssembledBasis:
    """Give the basis with so much more inflation a year."""
    if not add:
        return basis
    at = basis.at if basis.inflation is None else basis.inflation.at
    more: Number | Steps
    if isinstance(add, tuple):
        year = np.arange(1.0, LONGEST + 1.0)
        rows = tuple(zip(year.tolist(), added(add, year).tolist(), strict=True))
        more = Steps(rows, "policy_year", "what a scenario adds", at)
    else:
        more = Number(add, "", f"{add * 100:g}%", at)
    said = basis.inflation
    return replace(basis, inflation=more if said is None else Binary("+", said, more, at))


def changed(model: AnnualModel, change: Change) -> AnnualModel:
    """Give a bound year with other frequencies and losses; inflation is a matter of its basis.

    Raises BadInput where a count cannot have so many events.
    """
    if not change.frequency and not change.severity:
        return model
    collective = tuple(
        replace(
            process,
            counts=_scaled(model, process, by_cell(model, change.frequency, process.name)),
            draws=tuple(
                replace(draws, factor=draws.factor * by_cell(model, change.severity, process.name))
                for draws in process.draws
            ),
        )
        for process in model.collective
    )
    catalogue = tuple(
        replace(
            process,
            rates=process.rates * _for_all(change.frequency.get(process.name, 1.0)),
            intensity=process.intensity * _for_all(change.severity.get(process.name, 1.0)),
        )
        for process in model.catalogue
    )
    return replace(model, collective=collective, catalogue=catalogue)


def by_cell(model: AnnualModel, change: Mapping[str, float | Times], event: str) -> Floats:
    """Give what an event is multiplied by, [cell], and a row for each item that it hits alone."""
    rows, factor = model.rows, change.get(event, 1.0)
    if isinstance(factor, Times):
        return factor.of(model.product, rows.columns, rows.years_to_come)
    return np.full(rows.size, factor)


def _for_all(factor: float | Times) -> float:
    """Give what a storm is multiplied by: it comes for all policies at once."""
    assert not isinstance(factor, Times)  # noqa: S101 - a scenario refuses it with its place
    return factor


def _scaled(
    model: AnnualModel, process: CollectiveProcess, factor: Floats
) -> tuple[Frequency, ...]:
    """Give the counts of cells, each with so many times as many events; factor: [cell]."""
    pairs = list(zip(process.counts, factor.tolist(), strict=True))
    try:
        known = {(count, times): _times(count, times) for count, times in dict.fromkeys(pairs)}
    except BadValue as error:
        text = f"{process.name}: {error}"
        raise BadInput.one(model.basis.at, model.basis.name, text) from None
    return tuple(known[pair] for pair in pairs)


def _times(count: Frequency, times: float) -> Frequency:
    if times == 1.0:
        return count
    return Poisson(0.0) if times == 0.0 else count.scaled(times)
