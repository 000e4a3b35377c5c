"""What is watched while assumptions move: a measure of a figure, run by run."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from sandbox.figures import FIGURES
from sandbox.gates.watched import Watched, fits
from sandbox.measures import Measured, Sample
from sandbox.runs import Runs
from sandbox.uncertainty.assumption import Assumption
from sandbox.uncertainty.draw import scenario_at

WATCHED: TypeAdapter[Watched] = TypeAdapter(Watched)


@dataclass(frozen=True)
class Watch:
    """Runs on the same random numbers, each with values of the assumptions."""

    runs: Runs
    assumptions: tuple[Assumption, ...]
    watched: Watched

    def sample(self, places: Sequence[int], values: Sequence[float]) -> Sample:
        """Give the figure of every row where some assumptions have these values, others none."""
        moved = [self.assumptions[place] for place in places]
        run = self.runs.fresh(scenario=scenario_at(moved, values) if moved else None)
        figure = FIGURES[self.watched.figure]
        table = run.net if figure.net else run.table
        assert table is not None  # noqa: S101 - `fits` looked for the programme
        return figure.of(table)

    def measured(self, sample: Sample) -> Measured:
        """Give the measure of the rows."""
        return self.watched.measure.measure(sample)


__all__ = ["WATCHED", "Watch", "Watched", "fits"]
