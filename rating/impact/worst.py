"""The policies that move most, each way, with both worksheets side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pyarrow as pa

from rating.book.block import KEPT
from rating.book.columns import plain_text
from rating.impact.money import Money
from rating.impact.result import Case, Pair
from rating.impact.sums import Both, ratio
from rating.plan import RatingPlan
from rating.quote import Quotation, quote
from rating.worksheet import Worksheet, WorksheetLine, worksheet

Language: TypeAlias = Literal["zh", "en"]
By: TypeAlias = Literal["ratio", "amount"]


@dataclass(frozen=True)
class _Row:
    """A policy that is among the worst so far; its rank orders it, the worst first."""

    rank: tuple[float, float, int]
    values: Mapping[str, str]
    units: tuple[int, int]


class Worst:
    """Keeps the policies that rise, or fall, most: by ratio and then amount, or the reverse."""

    def __init__(self, number: int, by: By, *, rises: bool) -> None:
        self._number = number
        self._by_amount = by == "amount"
        self._sign = 1 if rises else -1
        self._rows: list[_Row] = []

    def add(self, told: Both, batch: pa.RecordBatch) -> None:
        """Add a block."""
        moved = (told.new - told.old) * self._sign
        places = np.flatnonzero(told.rated & (moved > 0))
        if not places.size or not self._number:
            return
        old, moved = told.old[places], moved[places]
        with np.errstate(divide="ignore"):
            share = np.where(old > 0, moved / np.where(old > 0, old, 1), np.inf)
        keys = (moved.astype(float), share) if self._by_amount else (share, moved.astype(float))
        order = np.lexsort((told.numbers[places], -keys[1], -keys[0]))[: self._number]
        ranks = [
            (-float(keys[0][one]), -float(keys[1][one]), int(told.numbers[places[one]]))
            for one in order
        ]
        last = self._rows[-1].rank if len(self._rows) == self._number else None
        found = [
            self._row(rank, told, batch, int(places[one]))
            for rank, one in zip(ranks, order, strict=True)
            if last is None or rank < last
        ]
        self._rows = sorted([*self._rows, *found], key=lambda row: row.rank)[: self._number]

    def _row(
        self, rank: tuple[float, float, int], told: Both, batch: pa.RecordBatch, place: int
    ) -> _Row:
        names = batch.schema.names
        cells = {name: plain_text(batch.column(name)[place].as_py()) for name in names}
        units = int(told.old[place]), int(told.new[place])
        return _Row(rank, {name: text for name, text in cells.items() if text.strip()}, units)

    def cases(
        self,
        sides: tuple[RatingPlan, RatingPlan],
        keep: tuple[str, ...],
        money: Money,
        language: Language,
    ) -> tuple[Case, ...]:
        """Quote them again, one by one, for their worksheets."""
        return tuple(_case(row, sides, keep, money, language) for row in self._rows)


def _case(
    row: _Row,
    sides: tuple[RatingPlan, RatingPlan],
    keep: tuple[str, ...],
    money: Money,
    language: Language,
) -> Case:
    quotations = [_quoted(plan, row.values, language) for plan in sides]
    old, new = quotations
    sheets = [
        worksheet(plan, quotation, language)
        for plan, quotation in zip(sides, quotations, strict=True)
    ]
    pairs = tuple(side_by_side(*sheets))
    before, after = row.units
    known = {name for plan in sides for name in plan.readers.paths()}
    return Case(
        row=row.rank[-1],
        kept={n: text for n, text in row.values.items() if n in (*KEPT, *keep)},
        given={n: text for n, text in row.values.items() if n in known},
        old=old.premium,
        new=new.premium,
        change=money.amount(after - before),
        ratio=ratio(after - before, before),
        old_outcome=old.outcome,
        new_outcome=new.outcome,
        parted=next((f"{pair.step} {pair.item}".strip() for pair in pairs if pair.parts), ""),
        worksheet=pairs,
    )


def _quoted(plan: RatingPlan, values: Mapping[str, str], language: Language) -> Quotation:
    known = plan.readers.paths()
    return quote(plan, {name: values[name] for name in known if name in values}, language)


def side_by_side(old: Worksheet, new: Worksheet) -> Iterator[Pair]:
    """Pair the lines of two worksheets by step and item, in the order of the new one.

    Lines of the old one alone stand behind what they followed. The premium closes both.
    """
    before, after = _lines(old), _lines(new)
    order = list(after)
    place = 0
    for key in before:
        if key in after:
            place = max(place, order.index(key) + 1)
        else:
            order.insert(place, key)
            place += 1
    for key in order:
        first, second = before.get(key), after.get(key)
        yield Pair(
            step=key[0],
            item=key[1],
            old=first.text if first else "",
            new=second.text if second else "",
            old_from=_from(first),
            new_from=_from(second),
            parts=(first.value if first else None) != (second.value if second else None),
        )


def _lines(sheet: Worksheet) -> dict[tuple[str, str], WorksheetLine]:
    return {(line.step, line.item): line for line in sheet.lines}


def _from(line: WorksheetLine | None) -> str:
    if line is None:
        return ""
    worked = f"{line.how} = {line.working}" if line.working else line.how
    return "; ".join(part for part in (worked, *line.sources) if part)
