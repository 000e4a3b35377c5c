"""What happened: a history by year and line, and a listing of claims, both as CSV."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

from product_factory.errors import FEW, At, BadInput, Problem, nearest, one_of

HISTORY, CLAIMS = "history.csv", "claims.csv"
"""What the files are called beside the results."""
TOTAL = "total"
"""The line of all covers together."""
YEARS = (1900, 2200)
MOST_YEARS = 100
MOST = 1e15
NEEDED = ("year", "policies", "line")
BESIDE = ("claims", "paid", "above", "index")
CLAIM_NEEDED = ("year", "line", "amount")
CLAIM_BESIDE = ("above",)


@dataclass(frozen=True)
class Known:
    """The names that a line may have.

    processes  whose events are counted;  covers: that pay, and `total`
    sizes      of which single claims are listed: name → (process, the name in full)
    ratios     the names in full of those that are no money: at most 1, whatever money is worth
    """

    processes: Sequence[str]
    covers: Sequence[str]
    sizes: Mapping[str, tuple[str, str]]
    ratios: frozenset[str] = frozenset()

    def is_ratio(self, line: str) -> bool:
        """Whether the one size of a line is a ratio."""
        return line in self.sizes and self.sizes[line][1] in self.ratios


@dataclass(frozen=True)
class Count:
    """Events of a process in a year; above: those at or below it are not counted, 0 for none."""

    events: int
    above: float


@dataclass(frozen=True)
class Claim:
    """A claim in the money of the assumptions; above: at or below it, it would not be listed."""

    year: int
    amount: float
    above: float


@dataclass(frozen=True)
class History:
    """What happened.

    policies  year → exposure in policy years
    counts    process → year → events;  paid: cover → year → amount in the money of the assumptions
    claims    name of a size → its claims, in the order of the file
    unlisted  name of a size → (listed, counted) where not every counted claim is listed
    """

    policies: Mapping[int, float]
    counts: Mapping[str, Mapping[int, Count]]
    paid: Mapping[str, Mapping[int, float]]
    claims: Mapping[str, Sequence[Claim]]
    unlisted: Mapping[str, tuple[int, int]]


@dataclass
class _Rows:
    """The rows of a file, and what is wrong with them."""

    file: str
    head: Sequence[str]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, cells: Sequence[str], name: str, text: str) -> None:
        """Keep a problem with its place."""
        before = cells[: self.head.index(name)] if name in self.head else ()
        at = At(self.file, line, 1 + sum(len(cell) + 1 for cell in before))
        self.problems.append(Problem(at, name, text))

    def end(self) -> None:
        """Raise BadInput where anything is wrong: a history with holes would mislead."""
        if self.problems:
            more = len(self.problems) - FEW
            last = [Problem(At(f"{self.file}: and {more} more rows"), "", "are wrong")]
            raise BadInput([*self.problems[:FEW], *(last if more > 0 else [])])


class _Cells:
    """One row, read cell by cell."""

    def __init__(self, rows: _Rows, line: int, cells: Sequence[str]) -> None:
        self.rows, self.line, self.cells = rows, line, cells
        self.good = True
        if len(cells) != len(rows.head):
            self.wrong(rows.head[0], f"expected {len(rows.head)} cells, got {len(cells)}")

    def wrong(self, name: str, text: str) -> None:
        self.good = False
        self.rows.wrong(self.line, self.cells, name, text)

    def text(self, name: str) -> str:
        place = self.rows.head.index(name) if name in self.rows.head else len(self.cells)
        return self.cells[place].strip() if place < len(self.cells) else ""

    def number(self, name: str, fits: Callable[[float], bool], expected: str) -> float | None:
        """Read a number; None where the cell is empty or wrong."""
        said = self.text(name)
        try:
            value = float(said)
        except ValueError:
            value = float("nan")
        if "_" in said or not abs(value) <= MOST or not fits(value):
            if said or name in (*NEEDED, "amount"):
                self.wrong(name, f"expected {expected}, got {said or 'nothing'}")
            return None
        return value

    def word(self, name: str, known: Sequence[str]) -> str:
        said = self.text(name)
        if said not in known:
            self.wrong(name, f"expected {one_of(known)}, got {said}{nearest(said, known)}")
        return said

    def year(self) -> int:
        first, last = YEARS
        read = self.number(
            "year",
            lambda value: first <= value <= last and value == int(value),
            f"a year from {first} to {last}",
        )
        return 0 if read is None else int(read)


def read_history(
    content: bytes, file: str, listing: bytes | None, listed: str, known: Known
) -> History:
    """Read both files. Raises BadInput with file:line:column for whatever does not fit."""
    policies: dict[int, float] = {}
    counts: dict[str, dict[int, Count]] = {}
    paid: dict[str, dict[int, float]] = {}
    index: dict[int, float] = {}
    head, lines = _table(content, file, NEEDED, BESIDE)
    rows = _Rows(file, head)
    for number, cells in lines:
        _history_row(_Cells(rows, number, cells), known, policies, counts, paid, index)
    rows.end()
    if not policies:
        raise BadInput.one(At(file), "", "expected at least one row, got none")
    if len(policies) > MOST_YEARS:
        text = f"expected at most {MOST_YEARS} years, got {len(policies)}"
        raise BadInput.one(At(file), "year", text)
    for line, by_year in counts.items():
        for year, count in by_year.items():
            level = 1.0 if known.is_ratio(line) else index.get(year, 1.0)
            by_year[year] = Count(count.events, count.above * level)
    for amounts in paid.values():
        amounts.update({year: amount * index.get(year, 1.0) for year, amount in amounts.items()})
    claims: dict[str, list[Claim]] = {}
    if listing is not None:
        head, lines = _table(listing, listed, CLAIM_NEEDED, CLAIM_BESIDE)
        rows = _Rows(listed, head)
        seen: dict[tuple[str, int], int] = {}
        for number, cells in lines:
            _claim_row(_Cells(rows, number, cells), known, counts, index, claims, seen)
        rows.end()
    ordered = {year: policies[year] for year in sorted(policies)}
    return History(ordered, counts, paid, claims, _unlisted(counts, claims, known))


def _unlisted(
    counts: Mapping[str, Mapping[int, Count]], claims: Mapping[str, Sequence[Claim]], known: Known
) -> dict[str, tuple[int, int]]:
    """Compare the claims that are listed with those that the history counts."""
    process_of = {name: process for process, name in known.sizes.values()}
    found = {}
    for name, claims_ in claims.items():
        counted = counts.get(process_of[name], {})
        listed = sum(
            claim.year in counted and claim.amount > counted[claim.year].above for claim in claims_
        )
        events = sum(count.events for count in counted.values())
        if listed < events:
            found[name] = listed, events
    return found


def _table(
    content: bytes, file: str, needed: Sequence[str], beside: Sequence[str]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Give the head, and each row that is not empty with its line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput.one(At(file, line, 1), "", "expected text in UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        _unread(file, reader.line_num, str(error))
    head = [cell.strip() for cell in found[0][1]] if found else []
    known = (*needed, *beside)
    for name in head:
        if name not in known:
            text = f"unknown column '{name}'{nearest(name, known)}; expected {one_of(known)}"
            raise BadInput.one(At(file, 1, 1), "", text)
        if head.count(name) > 1:
            raise BadInput.one(At(file, 1, 1), "", f"the column '{name}' stands twice")
    for name in needed:
        if name not in head:
            text = f"expected the columns {', '.join(needed)}; '{name}' is missing"
            raise BadInput.one(At(file, 1, 1), "", text)
    return head, found[1:]


def _unread(file: str, line: int, why: str) -> NoReturn:
    raise BadInput.one(At(file, line, 1), "", f"this is no CSV: {why}") from None


def _history_row(
    row: _Cells,
    known: Known,
    policies: dict[int, float],
    counts: dict[str, dict[int, Count]],
    paid: dict[str, dict[int, float]],
    index: dict[int, float],
) -> None:
    """Keep a row as it stands: its year's index may be said by a later row."""
    year = row.year()
    exposure = row.number("policies", lambda value: value >= 1.0, "policy years, 1 or more")
    line = row.word("line", (*known.processes, *known.covers))
    whole = row.number(
        "claims", lambda value: value >= 0.0 and value == int(value), "a whole number, 0 or more"
    )
    amount = row.number("paid", lambda value: value >= 0.0, "an amount, 0 or more")
    above = row.number("above", lambda value: value >= 0.0, "an amount, 0 or more") or 0.0
    level = row.number("index", lambda value: value > 0.0, "a factor above 0")
    if not row.good or exposure is None:
        return
    if policies.setdefault(year, exposure) != exposure:
        said = f"expected {policies[year]:.12g}, as an earlier row of {year} says"
        row.wrong("policies", f"{said}, got {row.text('policies')}")
        return
    if level is not None and index.setdefault(year, level) != level:
        said = f"expected {index[year]:.12g}, as an earlier row of {year} says"
        row.wrong("index", f"{said}, got {row.text('index')}")
        return
    if year in counts.get(line, {}) or year in paid.get(line, {}):
        row.wrong("line", f"'{line}' stands twice in {year}")
        return
    if line in known.processes:
        if amount is not None or whole is None:
            text = f"expected claims and no paid: '{line}' is a process, whose events are counted"
            row.wrong("claims" if whole is None else "paid", text)
            return
        if above and line not in known.sizes:
            row.wrong("above", f"expected none: '{line}' has not one size of loss alone")
            return
        counts.setdefault(line, {})[year] = Count(int(whole), above)
    elif amount is None or whole is not None or above:
        text = f"expected paid and neither claims nor above: '{line}' is a cover, which pays"
        row.wrong("paid" if amount is None else "claims" if whole is not None else "above", text)
    else:
        paid.setdefault(line, {})[year] = amount


def _claim_row(
    row: _Cells,
    known: Known,
    counts: Mapping[str, Mapping[int, Count]],
    index: Mapping[int, float],
    claims: dict[str, list[Claim]],
    seen: dict[tuple[str, int], int],
) -> None:
    year = row.year()
    line = row.word("line", tuple(known.sizes))
    amount = row.number("amount", lambda value: value > 0.0, "an amount above 0")
    own = row.number("above", lambda value: value >= 0.0, "an amount, 0 or more")
    if not row.good or amount is None:
        return
    process, name = known.sizes[line]
    level = index.get(year, 1.0)
    if name in known.ratios:
        level = 1.0
        if amount > 1.0:
            row.wrong("amount", f"expected a ratio, at most 1, got {row.text('amount')}")
            return
    counted = counts.get(process, {}).get(year)
    claim = Claim(year, amount * level, 0.0 if own is None else own * level)
    if own is None and counted is not None:
        claim = replace(claim, above=counted.above)
    if not claim.amount > claim.above:
        least = f"expected more than {claim.above / level:.12g}, above which it is "
        least += "listed" if own is not None else "counted (above 0: all are listed)"
        row.wrong("amount", f"{least}, got {row.text('amount')}")
        return
    if counted is not None and claim.amount > counted.above:
        place = name, year
        seen[place] = seen.get(place, 0) + 1
        if seen[place] > counted.events:
            text = f"expected at most the {counted.events} claims of {year} that the history counts"
            row.wrong("line", f"{text}, got more")
            return
    claims.setdefault(name, []).append(claim)
