"""What a run is asked beyond what every run tells: measures, and who bears a part of them.

In use:
    asked = questions_of(product, ("{figure: profit, measure: {kind: skewness}}",), (), "auto")
    answers = answered(asked, table, net)
    answers.measures["profit.skewness"]
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from pydantic import model_validator

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, BadValue
from product_factory.nodes import read_nodes
from product_factory.strict import Strict, Texts, read
from sandbox.bands import Bands, bands_of
from sandbox.by_policy_year import YearOfRunOffs
from sandbox.by_size import BySize, by_size
from sandbox.figures import FIGURES, unit
from sandbox.figures.standard import level_of, name_of
from sandbox.gates.gate import MeasureOf
from sandbox.gates.watched import Watched, enough, fits, yearly
from sandbox.loss_table import LossTable
from sandbox.measures import Measured, Ruin, TimeToRuin, estimated
from sandbox.measures.allocation import ALLOCATED, BATCHES, Allocating, allocate

COVER = ("cover",)


class Allocation(Strict):
    """A measure of all payouts that is shared out, by default the tail value at risk 99%.

    by   cover, or a classification of the policies: one name, or several crossed
    """

    measure: MeasureOf = ALLOCATED
    by: Texts = COVER

    @model_validator(mode="after")
    def _allocates(self) -> "Allocation":
        if not self.by:
            raise BadValue("by: expected cover, or at least one classification")
        if not isinstance(self.measure, Allocating):
            message = (
                "measure: expected tail_value_at_risk, wang or proportional_hazard, "
                f"got {self.measure.kind}"
            )
            raise BadValue(message)
        return self

    @property
    def name(self) -> str:
        """Say what is shared out among whom."""
        said = f"{self.measure.kind}{level_of(self.measure)}"
        return f"claims.{said} by {', '.join(self.by)}"


@dataclass(frozen=True)
class Questions:
    """What a run is asked, as it was written and as it was understood.

    bands  of size, that claims are sorted into; None where nobody asks
    """

    measures: tuple[str, ...] = ()
    allocate: tuple[str, ...] = ()
    watched: tuple[Watched, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    bands: Bands | None = None

    @property
    def sizes(self) -> str:
        """The bands of size as they were asked for, "" where nobody did."""
        return "" if self.bands is None else self.bands.text

    def fit(self, rows: int, horizon: int | None) -> None:
        """Raise BadInput or BadValue for what rows to be simulated cannot answer.

        horizon  years that are one row
        """
        for one in self.watched:
            yearly(one.measure, horizon)
            enough(one, rows)
        for part in self.allocations:
            if rows < 2 * BATCHES:
                text = f"expected at least {2 * BATCHES} rows to share out, got {rows}"
                raise BadInput.one(part.at, "", text)

    @property
    def by(self) -> tuple[tuple[str, ...], ...]:
        """The classifications that the rows must keep."""
        return tuple(dict.fromkeys(one.by for one in self.allocations if one.by != COVER))


@dataclass(frozen=True)
class Answers:
    """What came of questions.

    units    name of a measure → ratio, money or years
    by_year  name of a measure of ruin → the probabilities of ruin up to the end of each year
    parts    what is shared out → by whom → part, currency
    sizes    claims by size;  policy_years: run-offs year by year; both where asked
    """

    measures: Mapping[str, Measured] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    by_year: Mapping[str, tuple[Measured, ...]] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Measured]] = field(default_factory=dict)
    sizes: BySize | None = None
    policy_years: tuple[YearOfRunOffs, ...] = ()


def questions_of(
    product: AssembledProduct,
    measures: Sequence[str] = (),
    allocate: Sequence[str] = (),
    sizes: str = "",
) -> Questions:
    """Read what is asked, each in YAML, sizes as `bands_of` has them. BadInput with its place."""
    bands = bands_of(sizes) if sizes else None
    if bands is not None and product.long_term:
        text = "expected a product of annual contracts, whose claims are drawn one by one"
        raise BadInput.one(At("--sizes"), "", f"{text}; {product.name} is long-term")
    return replace(questions_that(partial(fits, product), measures, allocate), bands=bands)


def questions_that(
    fit: Callable[[Watched], None], measures: Sequence[str] = (), allocate: Sequence[str] = ()
) -> Questions:
    """Read what is asked of rows that are told by `fit`, which raises BadInput for others."""
    texts, parts = tuple(measures), tuple(allocate)
    watched = tuple(read(Watched, read_nodes(text, "--measure")) for text in texts)
    for one in watched:
        fit(one)
    allocations = tuple(read(Allocation, read_nodes(text, "--allocate")) for text in parts)
    _named_apart([(one, name_of("", one.figure, one.measure)) for one in watched])
    _named_apart([(one, one.name) for one in allocations])
    return Questions(texts, parts, watched, allocations)


def _named_apart(asked: Sequence[tuple[Strict, str]]) -> None:
    """Raise BadInput for two that answers would hold under one name."""
    seen = set[str]()
    for one, name in asked:
        if name in seen:
            raise BadInput.one(one.at, "", f"'{name}' is asked for twice")
        seen.add(name)


def split(by: Sequence[str] | None) -> list[tuple[str, ...]]:
    """Read classifications as the command line has them: "zone", or crossed "sex, zone"."""
    return [tuple(name.strip() for name in one.split(",")) for one in by or ()]


def answered(asked: Questions, table: LossTable, net: LossTable | None) -> Answers:
    """Measure and share out what is asked of the rows. Raises BadInput for too few of them."""
    measures: dict[str, Measured] = {}
    units: dict[str, str] = {}
    by_year: dict[str, tuple[Measured, ...]] = {}
    for one in asked.watched:
        figure, name = FIGURES[one.figure], name_of("", one.figure, one.measure)
        rows = net if figure.net else table
        assert rows is not None  # noqa: S101 - `fits` looked for the programme
        sample = figure.of(rows)
        measures[name], units[name] = estimated(one.measure, sample), unit(one.figure, one.measure)
        if isinstance(one.measure, Ruin | TimeToRuin):
            by_year[name] = one.measure.by_year(sample)
    parts = {one.name: _parts(one, table) for one in asked.allocations}
    return Answers(measures, units, by_year, parts, by_size(table))


def _parts(asked: Allocation, table: LossTable) -> Mapping[str, Measured]:
    assert isinstance(asked.measure, Allocating)  # noqa: S101 - its validator looked
    labels, paid = table.columns, table.paid
    if asked.by != COVER:
        segments = table.by_segment[", ".join(asked.by)]
        labels, paid = segments.labels, segments.paid
    if table.years < 2 * BATCHES:
        text = f"expected at least {2 * BATCHES} rows to share out, got {table.years}"
        raise BadInput.one(asked.at, "", text)
    return allocate(asked.measure, labels, paid, table.total())


__all__ = [
    "Allocation",
    "Answers",
    "Questions",
    "answered",
    "questions_of",
    "questions_that",
    "split",
]
