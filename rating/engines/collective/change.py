"""More or fewer events, larger or smaller losses, other inflation: what a scenario changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from product_factory.assembled import AssembledBasis
from product_factory.errors import BadInput, BadValue
from product_factory.expressions.tree import Binary, Number
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.happens import CollectiveProcess
from rating.frequencies import Frequency, Poisson


@dataclass(frozen=True)
class Change:
    """What is changed of events that are counted by the year.

    frequency  `process.event` → what its mean number of events is multiplied by
    severity   `process.event` → what each drawn loss is multiplied by, before any term applies;
               of a catalogue, the intensity of its events
    inflation  added to the yearly inflation of losses
    """

    frequency: Mapping[str, float] = field(default_factory=dict)
    severity: Mapping[str, float] = field(default_factory=dict)
    inflation: float = 0.0

    @property
    def told(self) -> tuple[object, ...]:
        """The change as a value that can be compared."""
        times = (*sorted(self.frequency.items()), "by", *sorted(self.severity.items()))
        return (*times, "with", self.inflation)


UNCHANGED = Change()


def inflated(basis: AssembledBasis, add: float) -> AssembledBasis:
    """Give the basis with so much more inflation a year."""
    if not add:
        return basis
    at = basis.at if basis.inflation is None else basis.inflation.at
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
            counts=_scaled(model, process, change.frequency.get(process.name, 1.0)),
            draws=tuple(
                replace(draws, factor=draws.factor * change.severity.get(process.name, 1.0))
                for draws in process.draws
            ),
        )
        for process in model.collective
    )
    catalogue = tuple(
        replace(
            process,
            rates=process.rates * change.frequency.get(process.name, 1.0),
            intensity=process.intensity * change.severity.get(process.name, 1.0),
        )
        for process in model.catalogue
    )
    return replace(model, collective=collective, catalogue=catalogue)


def _scaled(model: AnnualModel, process: CollectiveProcess, factor: float) -> tuple[Frequency, ...]:
    """Give the counts of cells, each with so many times as many events."""
    if factor == 1.0:
        return process.counts
    if factor == 0.0:
        return (Poisson(0.0),) * len(process.counts)
    try:
        known = {count: count.scaled(factor) for count in dict.fromkeys(process.counts)}
    except BadValue as error:
        text = f"{process.name}: {error}"
        raise BadInput.one(model.basis.at, model.basis.name, text) from None
    return tuple(known[count] for count in process.counts)
