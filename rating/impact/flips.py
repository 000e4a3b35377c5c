"""Rows whose outcome differs between the tariffs, with the reasons of both."""

from dataclasses import dataclass

import numpy as np

from rating.book.rejects import Reject
from rating.impact.money import Money
from rating.impact.result import Flip
from rating.impact.side import REJECTED, WORDS, Judgement
from rating.impact.sums import Both, total


@dataclass(frozen=True)
class _Cell:
    rows: int
    old: int
    new: int
    row: int
    wrong: Reject | None


class Flips:
    """Adds up block by block."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int, str, str], _Cell] = {}

    def add(self, told: Both) -> None:
        """Add a block."""
        before, after = told.before, told.after
        moved = np.flatnonzero(before.outcome != after.outcome)
        if not moved.size:
            return
        wrong = [_wrong(side) for side in (before, after)]
        keys: dict[tuple[int, int, str, str], list[int]] = {}
        for place in moved.tolist():
            number = int(told.numbers[place])
            first, second = (
                _reason(side, place, found.get(number))
                for side, found in zip((before, after), wrong, strict=True)
            )
            outcomes = int(before.outcome[place]), int(after.outcome[place])
            keys.setdefault((*outcomes, first, second), []).append(place)
        for key, places in keys.items():
            number = int(told.numbers[places[0]])
            first_wrong = next((found[number] for found in wrong if number in found), None)
            sums = total(told.old[places]), total(told.new[places])
            cell = _Cell(len(places), *sums, number, first_wrong)
            self._cells[key] = _joined(self._cells.get(key), cell)

    def result(self, money: Money) -> tuple[Flip, ...]:
        """Give them by outcome, the most first."""
        order = sorted(self._cells, key=lambda key: (key[:2], -self._cells[key].rows, key[2:]))
        said = {key: _said(cell.wrong) for key, cell in self._cells.items()}
        return tuple(
            Flip(
                old_outcome=WORDS[key[0]],
                new_outcome=WORDS[key[1]],
                old_reason=key[2],
                new_reason=key[3],
                rows=self._cells[key].rows,
                old=money.amount(self._cells[key].old),
                new=money.amount(self._cells[key].new),
                row=self._cells[key].row,
                says=said[key][0],
                says_zh=said[key][1],
            )
            for key in order
        )


def _wrong(side: Judgement) -> dict[int, Reject]:
    """Give the first complaint about each row that is rejected."""
    found: dict[int, Reject] = {}
    for reject in side.rejects:
        found.setdefault(reject.row, reject)
    return found


def _reason(side: Judgement, place: int, reject: Reject | None) -> str:
    """Give the steps or the line that decided; of a rejected row its column, not its value."""
    if side.outcome[place] == REJECTED:
        return reject.column if reject is not None else ""
    return side.reasons[int(side.reason[place])]


def _said(reject: Reject | None) -> tuple[str, str]:
    """Say what is wrong with a row in English and in Chinese; nothing of one that is rated."""
    if reject is None:
        return "", ""
    return f"{reject.column}: {reject.reason}", f"{reject.column}：{reject.reason_zh}"


def _joined(first: _Cell | None, more: _Cell) -> _Cell:
    if first is None:
        return more
    return _Cell(
        first.rows + more.rows, first.old + more.old, first.new + more.new, first.row, first.wrong
    )
