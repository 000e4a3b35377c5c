"""The policies of a data file in columns: exposure, claims, amounts, variables; what was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from product_factory.errors import At, BadInput, nearest, one_of
from product_factory.table_text import formula
from product_factory.visible import wrong
from rating.book.rejects import Reject
from rating.frame import ColumnReader, read_frame
from rating.relativities.specification import Amounts, Column, Factor, Relativities

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Joined:
    """What came of joining a file of claims to the policies.

    rows, total, policies  of all claims joined: how many, their sum, policies that have some
    orphans, orphan_ids    claims whose policy is not in the data: rows, and distinct ids
    silent, silent_claims  policies with claims counted and no amount, and those claims
    """

    rows: int
    total: float
    policies: int
    orphans: int
    orphan_ids: int
    silent: int
    silent_claims: float


@dataclass(frozen=True)
class Policies:
    """Policies in columns, one a row that can be used.

    exposure, claims, amounts  [policy], after what the file says of the most that counts
    whole         [policy] amounts before that
    weight        [policy] 1 where the file names no column
    levels        variable → the levels of a text, in order
    codes         variable → [policy] place among its levels
    numbers       variable → [policy] its number
    offsets       column → [policy];  present: [policy] the premium charged today
    clipped       key → rows above the most that counts
    """

    exposure: Floats
    claims: Floats
    amounts: Floats
    whole: Floats
    weight: Floats
    levels: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Codes]
    numbers: Mapping[str, Floats]
    offsets: Mapping[str, Floats]
    present: Floats | None
    joined: Joined | None
    clipped: Mapping[str, int]
    rejects: tuple[Reject, ...]
    rows: int

    @property
    def size(self) -> int:
        """How many policies there are."""
        return self.exposure.size


def read_policies(spec: Relativities, path: Path, claims: Path | None = None) -> Policies:
    """Read and prepare the policies.

    Claims of a policy without any amount count as none: nothing was paid for them. Raises BadInput
    for a file that cannot be read, lacks a column or holds no row of use; single bad rows are left
    out and told.
    """
    frame = read_frame(path, _wanted(spec))
    reader = ColumnReader(frame)
    exposure = _counted(reader, spec.exposure, "expected an exposure above 0", above=0.0)
    zeros = np.zeros(len(frame))
    counts = zeros if spec.claims is None else _counted(reader, spec.claims, "expected 0 or more")
    joined, amounts = None, zeros
    if spec.amounts is not None and spec.amounts.id is not None:
        joined, amounts = _join(spec, frame, counts, claims)
    elif spec.amounts is not None:
        amounts = _counted(reader, spec.amounts, "expected an amount of 0 or more")
    if spec.amounts is not None and spec.claims is not None:
        counts = np.where(amounts > 0.0, counts, 0.0)
        bad = (amounts > 0.0) & (counts <= 0.0)
        reader.refuse(bad, spec.claims.column, "expected a claim where there is an amount")
    weight = np.ones(len(frame))
    if spec.weight is not None:
        weight = _above(reader, spec.weight, "expected a weight above 0")
    offsets = {
        name: _above(reader, name, "expected a factor above 0") for name in _offset_columns(spec)
    }
    present = None
    if spec.present is not None:
        present = _above(reader, spec.present, "expected a premium above 0")
    levels, codes, numbers = _variables(spec, reader)
    good = reader.good
    if not good.any():
        raise BadInput.one(At(str(path)), "", _no_row(reader))
    _something(spec, path, counts[good], amounts[good])
    caps = {"exposure": spec.exposure, "claims": spec.claims, "amounts": spec.amounts}
    columns = {"exposure": exposure, "claims": counts, "amounts": amounts}
    most = {
        key: np.inf if cap is None or cap.most is None else cap.most for key, cap in caps.items()
    }
    return Policies(
        exposure=np.minimum(exposure, most["exposure"])[good],
        claims=np.minimum(counts, most["claims"])[good],
        amounts=np.minimum(amounts, most["amounts"])[good],
        whole=amounts[good],
        weight=weight[good],
        levels=levels,
        codes={name: column[good] for name, column in codes.items()},
        numbers={name: column[good] for name, column in numbers.items()},
        offsets={name: column[good] for name, column in offsets.items()},
        present=None if present is None else present[good],
        joined=joined,
        clipped={
            key: int(np.count_nonzero(columns[key][good] > most[key]))
            for key in columns
            if np.isfinite(most[key])
        },
        rejects=reader.left_out,
        rows=len(frame),
    )


def _wanted(spec: Relativities) -> list[tuple[str, At]]:
    found = [(spec.exposure.column, spec.exposure.place("column"))]
    if spec.claims is not None:
        found.append((spec.claims.column, spec.claims.place("column")))
    if spec.amounts is not None and spec.amounts.id is None:
        found.append((spec.amounts.column, spec.amounts.place("column")))
    if spec.amounts is not None and spec.amounts.id is not None and spec.id is not None:
        found.append((spec.id, spec.place("id")))
    for key in ("weight", "present"):
        name = getattr(spec, key)
        if name is not None:
            found.append((name, spec.place(key)))
    found += [
        (model.offset, model.place("offset"))
        for model in spec.models.values()
        if model.offset is not None
    ]
    found += [
        (spec.column(name), variable.place("column")) for name, variable in spec.variables.items()
    ]
    return found


def _offset_columns(spec: Relativities) -> list[str]:
    named = (model.offset for model in spec.models.values())
    return list(dict.fromkeys(name for name in named if name is not None))


def _counted(
    reader: ColumnReader, column: Column | Amounts, reason: str, above: float | None = None
) -> Floats:
    values = reader.numbers(column.column)
    reader.refuse(values <= above if above is not None else values < 0.0, column.column, reason)
    return np.nan_to_num(values)


def _above(reader: ColumnReader, column: str, reason: str) -> Floats:
    values = reader.numbers(column)
    reader.refuse(values <= 0.0, column, reason)
    return np.nan_to_num(values, nan=1.0)


def _join(
    spec: Relativities, frame: pd.DataFrame, counts: Floats, path: Path | None
) -> tuple[Joined, Floats]:
    """Sum the claims of each policy; those of no policy are counted and left out."""
    amounts, key = spec.amounts, spec.id
    assert amounts is not None  # noqa: S101 - asked by the caller
    assert amounts.id is not None  # noqa: S101 - asked by the caller
    assert key is not None  # noqa: S101 - held by the specification
    if path is None:
        raise BadInput.one(amounts.at, "amounts", "amounts stand in a file; name it with --claims")
    wanted = [(amounts.id, amounts.place("id")), (amounts.column, amounts.place("column"))]
    lines = read_frame(path, wanted)
    reader = ColumnReader(lines)
    paid = reader.numbers(amounts.column)
    reader.refuse(paid < 0.0, amounts.column, "expected an amount of 0 or more")
    reader.refuse(lines[amounts.id].isna().to_numpy(), amounts.id, "expected an id")
    if reader.rejects:
        first = reader.rejects[0]
        text = f"row {first.row}: {first.column}: {first.reason}, got {first.value}"
        raise BadInput.one(At(str(path)), "", text)
    ids, of_line = pd.Index(frame[key]), lines[amounts.id]
    if not (pd.api.types.is_integer_dtype(ids) and pd.api.types.is_integer_dtype(of_line)):
        # an id is compared as it is written, so that 7 is 7 whether a file has numbers or texts
        ids, of_line = ids.astype(str), of_line.astype(str)
    if ids.has_duplicates:
        twice = ids[ids.duplicated()][0]
        text = f"expected each policy once, got {twice} twice in '{key}'"
        raise BadInput.one(spec.place("id"), "id", text)
    place = ids.get_indexer(of_line)
    known = place >= 0
    total = np.bincount(place[known], weights=paid[known], minlength=len(frame))
    silent = (total <= 0.0) & (counts > 0.0)
    return (
        Joined(
            rows=int(known.sum()),
            total=float(total.sum()),
            policies=int(np.count_nonzero(total > 0.0)),
            orphans=int((~known).sum()),
            orphan_ids=int(of_line[~known].nunique()),
            silent=int(silent.sum()),
            silent_claims=float(counts[silent].sum()),
        ),
        total.astype(np.float64),
    )


def _variables(
    spec: Relativities, reader: ColumnReader
) -> tuple[dict[str, tuple[str, ...]], dict[str, Codes], dict[str, Floats]]:
    levels: dict[str, tuple[str, ...]] = {}
    codes: dict[str, Codes] = {}
    numbers: dict[str, Floats] = {}
    for name, variable in spec.variables.items():
        column = spec.column(name)
        if variable.numeric:
            numbers[name] = _number(reader, variable, column)
        else:
            levels[name], codes[name] = _level(reader, variable, column)
    return levels, codes, numbers


def _number(reader: ColumnReader, variable: Factor, column: str) -> Floats:
    values = reader.numbers(column)
    if variable.bands is not None:
        low = variable.bands[0]
        reader.refuse(values < low, column, f"expected {low:g} or more")
    else:
        knots = variable.knots or (variable.curve.knots if variable.curve else ())
        low, high = knots[0], knots[-1]
        outside = (values < low) | (values > high)
        reader.refuse(outside, column, f"expected {low:g} to {high:g}")
    return np.nan_to_num(values, nan=low)


def _level(reader: ColumnReader, variable: Factor, column: str) -> tuple[tuple[str, ...], Codes]:
    codes, words = reader.coded(column)
    unfit = [number for number, word in enumerate(words) if formula(word) or wrong(word)]
    reader.refuse(np.isin(codes, unfit), column, "expected a word that a table can hold")
    used = np.bincount(codes[reader.good], minlength=len(words)) > 0
    levels = variable.levels or tuple(
        sorted(word for word, some in zip(words, used, strict=False) if some)
    )
    place = {word: number for number, word in enumerate(levels)}
    for number, word in enumerate(words):
        if word not in place and used[number]:
            reason = f"expected {one_of(levels)}{nearest(word, levels)}"
            reader.refuse(codes == number, column, reason)
    renamed = np.array([place.get(word, 0) for word in words] or [0], dtype=np.int64)
    return levels, renamed[codes]


def _no_row(reader: ColumnReader) -> str:
    first = reader.rejects[0] if reader.rejects else None
    why = "" if first is None else f"; row {first.row}, {first.column}: {first.reason}"
    return f"no row can be used{why}"


def _something(spec: Relativities, path: Path, claims: Floats, amounts: Floats) -> None:
    """Raise BadInput where there is nothing to explain."""
    if spec.claims is not None and not claims.sum() > 0.0:
        raise BadInput.one(At(str(path)), "", "no policy has a claim, so there is nothing to fit")
    if spec.amounts is not None and not amounts.sum() > 0.0:
        raise BadInput.one(At(str(path)), "", "no policy has an amount, so there is nothing to fit")
