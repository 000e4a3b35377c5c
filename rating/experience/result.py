"""Investigate: records → crude, graduated and blended rates by group, each with its error."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from product_factory.errors import BadInput
from product_factory.numbers.normal import normal_quantile
from product_factory.tables import Table
from product_factory.types import day_number
from rating.experience.credibility import full, weight
from rating.experience.lexis import Counts, count
from rating.experience.records import Records
from rating.experience.study import Study
from rating.experience.whittaker import Graduated, graduate

Floats = npt.NDArray[np.float64]
LEVEL = 0.95


@dataclass(frozen=True)
class Group:
    """The rates of one group along the axis; NaN where there is nothing to say.

    A rate is the yearly probability with no other decrement at work, q = 1 - exp(-m), m being the
    central rate events / exposure (constant force within the year).

    own         the graduated rate where the study graduates, else the crude one
    low, high   its 95% interval: from the posterior of the log rate, else exact (Garwood 1936)
    standard    the standard table's rate;  expected: events by it, weight: credibility of our own
    rate        what is filed: our own, blended with the standard by its credibility
    """

    words: tuple[str, ...]
    exposure: Floats
    events: Floats
    crude: Floats
    own: Floats
    low: Floats
    high: Floats
    graduated: Graduated | None
    standard: Floats | None
    expected: float
    weight: float
    rate: Floats


@dataclass(frozen=True)
class Result:
    """A study's outcome: one group for each combination of its classifications."""

    study: Study
    places: range
    groups: tuple[Group, ...]
    records: Records


def investigate(study: Study, records: Records, standard: Table | None = None) -> Result:
    """Count, graduate, and blend with the standard table where the study names one.

    Raises BadInput where a group cannot carry a graduation or the standard table lacks a rate.
    """
    axis = study.axis
    shift = 1 if axis.name == "policy_year" else 0
    places = range(axis.first - shift, axis.last - shift + 1)
    enters, leaves, happened = _observed(study, records)
    counts = count(
        enters,
        leaves,
        happened,
        records.clock,
        records.group,
        len(records.groups),
        places,
    )
    groups = tuple(
        _group(study, words, counts, number, standard)
        for number, words in enumerate(records.groups)
    )
    return Result(study, range(axis.first, axis.last + 1), groups, records)


def _observed(
    study: Study, records: Records
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Cut the lives by the window; an event outside of it is not seen."""
    enters, leaves, happened = records.start, records.end, records.happened
    window = study.window
    if window is not None and window.since is not None:
        since = day_number(window.since)
        happened = happened & (leaves > since)
        enters = np.maximum(enters, since)
    if window is not None and window.until is not None:
        until = day_number(window.until)
        happened = happened & (leaves <= until)
        leaves = np.minimum(leaves, until)
    return enters, np.maximum(leaves, enters), happened


def _group(
    study: Study, words: tuple[str, ...], counts: Counts, number: int, table: Table | None
) -> Group:
    exposure, events = counts.exposure[number], counts.events[number]
    with np.errstate(divide="ignore", invalid="ignore"):
        central = np.where(exposure > 0.0, events / exposure, np.nan)
        low = chi2.ppf(0.5 - LEVEL / 2, 2.0 * events) / (2.0 * exposure)
        high = chi2.ppf(0.5 + LEVEL / 2, 2.0 * events + 2.0) / (2.0 * exposure)
    low = np.where(exposure > 0.0, np.where(events > 0.0, low, 0.0), np.nan)
    high = np.where(exposure > 0.0, high, np.nan)
    own = central
    smooth: Graduated | None = None
    if study.graduate is not None:
        smooth = _graduated(study, words, exposure, events)
        own = smooth.rate
        z = normal_quantile(0.5 + LEVEL / 2)
        low, high = own * np.exp(-z * smooth.error), own * np.exp(z * smooth.error)
    expected, trust, base = float("nan"), 1.0, None
    blended = own
    if table is not None and study.standard is not None:
        base = _standard(study, words, table)
        force = -np.log1p(-base)
        expected = float(np.sum(exposure * force))
        needed = full(study.standard.confidence, study.standard.within)
        trust = weight(float(events.sum()), needed)
        blended = np.where(np.isnan(own), force, trust * own + (1.0 - trust) * force)
    return Group(
        words=words,
        exposure=exposure,
        events=events,
        crude=-np.expm1(-central),
        own=-np.expm1(-own),
        low=-np.expm1(-low),
        high=-np.expm1(-high),
        graduated=smooth,
        standard=base,
        expected=expected,
        weight=trust,
        rate=-np.expm1(-blended),
    )


def _graduated(study: Study, words: tuple[str, ...], exposure: Floats, events: Floats) -> Graduated:
    assert study.graduate is not None  # noqa: S101 - asked by the caller
    smoothing = study.graduate.smoothing
    try:
        return graduate(
            events, exposure, study.graduate.order, None if smoothing == "reml" else smoothing
        )
    except ValueError as error:
        group = f" in the group {', '.join(words)}" if words else ""
        raise BadInput.one(study.graduate.at, "graduate", f"{error}{group}") from None


def _standard(study: Study, words: tuple[str, ...], table: Table) -> Floats:
    """Look up the standard table at every place of the axis for a group."""
    assert study.standard is not None  # noqa: S101 - asked by the caller
    column = study.standard.column or table.columns[0]
    if column not in table.columns:
        text = f"{table.file} has no column '{column}'"
        raise BadInput.one(study.standard.at, "standard", text)
    known: dict[str, str] = dict(zip(study.by, words, strict=True))
    found = []
    for place in range(study.axis.first, study.axis.last + 1):
        keys: dict[str, str | float] = {}
        for axis in table.axes:
            keys[axis.name] = _key(study, axis.name, known, place, table)
        found.append(table.find(column, **keys))
    rates = np.array(found)
    if not ((rates >= 0.0) & (rates < 1.0)).all():
        bad = study.axis.first + int(np.argmax(~((rates >= 0.0) & (rates < 1.0))))
        text = f"expected rates of 0 to below 1, got {rates[bad - study.axis.first]:g} at {bad}"
        raise BadInput.one(study.standard.at, "standard", text)
    return rates


def _key(study: Study, name: str, known: dict[str, str], place: int, table: Table) -> str | float:
    if name == study.axis.name or (name == "age" and study.axis.name == "attained_age"):
        return float(place)
    if name in known:
        return known[name]
    text = f"{table.file} is by '{name}', and the study has no classification of that name"
    assert study.standard is not None  # noqa: S101 - asked by the caller
    raise BadInput.one(study.standard.at, "standard", text)
