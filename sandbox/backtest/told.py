"""A back-test told to a person or a program, and as tables."""

import math

from product_factory.columns import width, wrapped
from sandbox.backtest.judge import Backtest
from sandbox.backtest.outcome import Calibration, Finding, Held, rounded
from sandbox.backtest.words import ASPECTS, SUBJECTS, Tongue, number, p_text, percent, verdict_words
from sandbox.results.csv_table import csv_bytes

FIRST = 12
FAILS = {"zh": "不成立", "en": "FAILS"}
HEADS = {
    "zh": ("检验", "估计值", "95% 区间", "p", "Holm", "可发现"),
    "en": ("test", "estimate", "95% interval", "p", "Holm", "finds"),
}
OF_SUMS = 12
"""Digits of what is added up."""
SIZES = (10, 20, 8, 8, 8)


def backtest_told(done: Backtest) -> dict[str, object]:
    """Give a back-test as plain values for JSON."""
    return {
        "fails": bool(done.failing),
        "words": {tongue: verdict_words(done, tongue) for tongue in ("zh", "en")},
        "level": done.wanted.level,
        "policies": {str(year): policies for year, policies in done.policies.items()},
        "failing": [_test_told(test) for test in done.failing],
        "tests": [_test_told(test) for test in done.tests],
        "calibration": [_calibration_told(one) for one in done.calibrations],
        "not_tested": list(done.skipped),
        "unlisted": {
            name: {"listed": listed, "counted": counted}
            for name, (listed, counted) in done.unlisted.items()
        },
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _test_told(test: Finding) -> dict[str, object]:
    return {
        "subject": test.subject,
        "line": test.line,
        "test": test.aspect,
        "estimate": _finite(test.estimate),
        "low": _finite(test.low),
        "high": _finite(test.high),
        "p": test.p,
        "p_holm": test.adjusted,
        "fails": test.fails,
        "finds": _finite(test.finds),
    }


def _held_told(one: Held) -> dict[str, object]:
    return {
        "promised": one.promised,
        "inside": one.inside,
        "of": one.of,
        "share": rounded(one.inside / one.of),
        "low": rounded(one.low),
        "high": rounded(one.high),
        "p": rounded(one.p),
    }


def _calibration_told(one: Calibration) -> dict[str, object]:
    return {
        "subject": one.subject,
        "line": one.line,
        "years": list(one.years),
        "actual": rounded(one.seen, OF_SUMS),
        "expected": _finite(rounded(one.expected, OF_SUMS)),
        "pit": one.pit.tolist() if one.subject != "severity" else None,
        "even_p": rounded(one.even),
        "coverage": [_held_told(interval) for interval in one.held],
    }


def tests_csv(done: Backtest) -> bytes:
    """Give a row for each test."""
    head = list(_test_told(Finding("total", "", "level", 0.0, 0.0, 0.0, 1.0)))
    return csv_bytes(head, (list(_test_told(test).values()) for test in done.tests))


def pit_csv(done: Backtest) -> bytes:
    """Give a row for each place in a predictive distribution: of each year, or of each claim."""
    rows = (
        [one.subject, one.line, "" if one.subject == "severity" else year, float(u)]
        for one in done.calibrations
        for year, u in _placed(one)
    )
    return csv_bytes(["subject", "line", "year", "pit"], rows)


def _placed(one: Calibration) -> list[tuple[int, float]]:
    years = one.years if one.subject != "severity" else (0,) * one.pit.size
    return list(zip(years, one.pit.tolist(), strict=True))


def backtest_lines(done: Backtest, tongue: Tongue) -> list[str]:
    """Give the verdict in words, the tests of each line, and what its intervals held."""
    lines: list[str] = []
    for place, sentence in enumerate(verdict_words(done, tongue)):
        lines += wrapped(sentence, "- " if place else "")
    lines.append(_row(*HEADS[tongue]).rstrip())
    for one in _lines_of(done):
        lines += wrapped(_title(done, one, tongue), indent="    ")
        lines += [_test_line(t, tongue) for t in done.tests if (t.subject, t.line) == one]
        for found in done.calibrations:
            if (found.subject, found.line) == one:
                lines += wrapped(_held_line(found, tongue), "  ")
    for name in done.skipped:
        zh, en = f"{name}：数据太少，未检验", f"{name}: too little to test"
        lines += wrapped(zh if tongue == "zh" else en)
    for name, (listed, counted) in done.unlisted.items():
        zh = f"{name}：{counted} 件赔案中列出 {listed} 件；赔款金额检验只涉及列出者"
        en = f"{name}: {listed} of {counted} claims are listed; sizes are tested of these alone"
        lines += wrapped(zh if tongue == "zh" else en)
    return lines


def _lines_of(done: Backtest) -> list[tuple[str, str]]:
    return list(dict.fromkeys((test.subject, test.line) for test in done.tests))


def _title(done: Backtest, one: tuple[str, str], tongue: Tongue) -> str:
    subject, line = one
    head = f"{line} {SUBJECTS[subject][tongue]}"
    found = next((c for c in done.calibrations if (c.subject, c.line) == one), None)
    if found is None:
        return head
    years = len(found.years)
    zh, en = f"{years} 年", f"{years} year{'s' if years > 1 else ''}"
    if subject == "severity":
        zh, en = f"{zh} {found.seen:,.0f} 件赔案", f"{found.seen:,.0f} claims of {en}"
    else:
        digits = 1 if subject == "frequency" else 0
        zh += f"，实际 {found.seen:,.0f}，预期 {found.expected:,.{digits}f}"
        en += f", actual {found.seen:,.0f}, expected {found.expected:,.{digits}f}"
    return f"{head}：{zh}" if tongue == "zh" else f"{head}: {en}"


def _row(first: str, *cells: str) -> str:
    line = first + " " * max(0, FIRST - width(first))
    for cell, size in zip(cells, SIZES, strict=True):
        line += " " * max(1, size - width(cell)) + cell
    return line


def _test_line(test: Finding, tongue: Tongue) -> str:
    show = percent if test.aspect == "trend" else number
    between = "" if math.isnan(test.low) else f"{show(test.low)} … {show(test.high)}"
    finds = ""
    if math.isfinite(test.finds):
        finds = percent(test.finds) if test.aspect in ("level", "trend") else number(test.finds)
    estimate = "" if math.isnan(test.estimate) else show(test.estimate)
    cells = (estimate, between, p_text(test.p), p_text(test.adjusted), finds)
    mark = f"  {FAILS[tongue]}" if test.fails else ""
    return f"{_row(f'  {ASPECTS[test.aspect][tongue]}', *cells)}{mark}".rstrip()


def _held_line(one: Calibration, tongue: Tongue) -> str:
    parts = []
    for found in one.held:
        share = f"{found.promised * 100:g}%: {found.inside}/{found.of}"
        between = f"{found.low * 100:.0f}–{found.high * 100:.0f}%"
        parts.append(f"{share} ({between}, p {found.p:.2f})")
    if tongue == "zh":
        return f"区间覆盖 {'; '.join(parts)}; PIT 均匀 p {one.even:.2f}"
    return f"held in {'; '.join(parts)}; PIT even p {one.even:.2f}"
