"""The lives of a data file in columns of day numbers; what cannot be read is told by row."""

from dataclasses import dataclass
from itertools import product as combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput, nearest
from rating.book.rejects import Reject
from rating.experience.study import Study
from rating.frame import ColumnReader, read_frame

Days = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Records:
    """Lives in columns.

    start, end  [life] day numbers since 1970-01-01;  clock: [life] the day the axis counts from
    happened    [life] whether it ended with the event of the study
    group       [life] place among `groups`, each a word of every classification
    rejects     the rows that were left out, with the reason;  rows: how many the file has
    """

    start: Days
    end: Days
    clock: Days
    happened: npt.NDArray[np.bool_]
    group: Days
    groups: tuple[tuple[str, ...], ...]
    rejects: tuple[Reject, ...]
    rows: int


def read_records(study: Study, path: Path) -> Records:
    """Read the lives of a study from CSV or Parquet.

    Raises BadInput for a file that cannot be read, lacks a column, or holds no row that can be
    used; single bad rows are left out and told.
    """
    frame = read_frame(path, _wanted(study))
    reader = ColumnReader(frame)
    columns = study.columns
    start = reader.days(columns.start)
    if columns.lasts is not None:
        lasted = reader.numbers(columns.lasts.column)
        days = np.where(np.isnan(lasted), 0.0, np.rint(lasted * columns.lasts.unit))
        end = start + days.astype(np.int64)
        of_end = columns.lasts.column
    else:
        of_end = columns.end or ""
        end = reader.days(of_end)
    clock = start if study.axis.name == "policy_year" else reader.days(columns.birth or "")
    reader.refuse(end < start, of_end, "expected an end on or after the start")
    reader.refuse(clock > start, columns.birth or "", "expected a birth on or before the start")
    status = reader.words(columns.status.column)
    if study.event not in set(status):
        text = f"no life of {path} ends with '{study.event}'{nearest(study.event, set(status))}"
        raise BadInput.one(study.place("event"), "event", text)
    group, groups = _groups(study, reader)
    good = reader.good
    if not good.any():
        first = reader.rejects[0]
        text = f"no row can be used; row {first.row}, {first.column}: {first.reason}"
        raise BadInput.one(At(str(path)), "", text)
    return Records(
        start=start[good],
        end=end[good],
        clock=clock[good],
        happened=(np.array(status) == study.event)[good],
        group=group[good],
        groups=groups,
        rejects=reader.left_out,
        rows=len(frame),
    )


def _wanted(study: Study) -> list[tuple[str, At]]:
    columns = study.columns
    found = [(columns.start, columns.place("start"))]
    if columns.end is not None:
        found.append((columns.end, columns.place("end")))
    if columns.lasts is not None:
        found.append((columns.lasts.column, columns.lasts.place("column")))
    if study.axis.name == "attained_age" and columns.birth is not None:
        found.append((columns.birth, columns.place("birth")))
    found.append((columns.status.column, columns.status.place("column")))
    found += [(entry.column, entry.place("column")) for entry in study.by.values()]
    return found


def _groups(study: Study, reader: ColumnReader) -> tuple[Days, tuple[tuple[str, ...], ...]]:
    group = np.zeros(len(reader.frame), dtype=np.int64)
    for entry in study.by.values():
        words = reader.words(entry.column)
        place = {word: number for number, word in enumerate(entry.words.values())}
        codes = np.array([place.get(word, -1) for word in words], dtype=np.int64)
        reader.refuse(codes < 0, entry.column, f"expected one of {', '.join(place)}")
        group = group * len(place) + np.maximum(codes, 0)
    return group, tuple(combinations(*(tuple(entry.words) for entry in study.by.values())))
