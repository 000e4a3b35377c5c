"""Why a row of a book is not rated, in English and Chinese: what was expected, what is nearest."""

import csv
import difflib
import io
from collections.abc import Sequence

import numpy as np

from product_factory import slips
from product_factory.errors import BadValue
from product_factory.types import NUMERIC, read_literal, read_number
from product_factory.visible import shown
from rating.book.rejects import Reject
from rating.book.text import UTF_8
from rating.encode import too_few
from rating.variable import MOST_LISTED, WHOLE, VariableReader

KINDS = {
    "money": "金额，如 10000",
    "ratio": "比例，如 30%",
    "number": "数，如 0.12",
    "integer": "整数，如 2",
    "days": "天数，如 90",
    "months": "月数，如 6",
    "years": "年数，如 20",
    "age": "年龄，如 35",
    "date": "日期，如 2026-03-01",
    "yes_no": "yes 或 no",
}
LONGEST = 200
"""Characters of a value that are told."""
READ_AT_MOST = 1_000
"""Characters of a value that is looked at; no value of a product is as long."""
ROUNDED_STEPS = 12
"""Digits to which a number of steps is rounded, so that 2.9999999999999996 steps are 3."""


def brief(text: str) -> str:
    """Give a value as it is told: its beginning, without signs that a terminal would obey."""
    seen = shown(text[:LONGEST])
    return seen if len(text) <= LONGEST else f"{seen}… ({len(text):,} characters)"


def wrong_value(row: int, text: str, reader: VariableReader, *, near: bool = True) -> Reject:
    """Say what is wrong with a value that its reader does not take.

    near  whether the nearest good value is looked for, which takes time
    """
    if len(text) > READ_AT_MOST or not near:
        expected, got = reader.expected(), brief(text)
        reason, said = (
            f"expected {expected}, got {got}",
            f"应为{_wanted(reader, None)}，实为 {got}",
        )
        return Reject(row, reader.path, got, reason, expected, "", said)
    value = _value(reader, text)
    nearest = _nearest(reader, text, value)
    expected = reader.expected()
    if value is not None and not reader.coded and _bounded(reader):
        expected = reader.range_text(value)
    said = f"应为{_wanted(reader, value)}，实为 {brief(text)}"
    said += f"；是否应为 {nearest}？" if nearest else ""
    reason = _complaint(reader, text)
    return Reject(row, reader.path, brief(text), reason, expected, nearest, said)


def _complaint(reader: VariableReader, text: str) -> str:
    try:
        reader.one(text)
    except BadValue as error:
        return shown(str(error))
    return ""


def missing_value(row: int, reader: VariableReader) -> Reject:
    """Say that a value is missing."""
    said = f"应为{_wanted(reader, None)}，实为空"
    return Reject(row, reader.path, "", reader.absent(), reader.expected(), "", said)


def missing_item(row: int, item: str) -> Reject:
    """Say that an item is missing."""
    return Reject(row, item, "", "expected this item, got nothing", "", "", "缺少此标的")


def few_items(row: int, item: str, least: int, got: int) -> Reject:
    """Say that a policy has fewer of an item than it may have."""
    said = f"此标的应为 {least} 项以上，实为 {got} 项"
    return Reject(row, item, str(got), too_few(least, got), f"{least} or more", "", said)


def no_policy(row: int, column: str) -> Reject:
    """Say that a row does not tell of which policy it is."""
    reason = "expected the name of a policy, got nothing"
    return Reject(row, column, "", reason, "the name of a policy", "", "应为保单号，实为空")


def item_twice(row: int, item: str, other: int) -> Reject:
    """Say that an item of which one may stand in a policy stands in another row too."""
    reason = f"expected one '{item}' in a policy, got another in row {other}"
    said = f"一张保单只能有一项 {item}，第 {other} 行已有"
    return Reject(row, "item", item, reason, "", "", said)


def not_of_item(row: int, column: str, text: str, item: str) -> Reject:
    """Say that a value is given which the item does not have."""
    reason = f"expected nothing, since '{item}' has no '{column}', got {brief(text)}"
    said = f"应为空：{item} 没有 {column}，实为 {brief(text)}"
    return Reject(row, column, brief(text), reason, "nothing", "", said)


def unlike_first(row: int, column: str, values: tuple[str, str], first: int) -> Reject:
    """Say that a value of the policy is not that of the policy's first row.

    values  the first row's, and this one's
    """
    expected, got = map(brief, values)
    reason = f"expected {expected} as in row {first}, where the policy begins, got {got}"
    said = f"应为 {expected}，与保单首行（第 {first} 行）一致，实为 {got}"
    return Reject(row, column, got, reason, expected, expected, said)


def rows_apart(row: int, column: str, policy: str) -> Reject:
    """Say that the rows of a policy do not follow one another."""
    reason = "expected the rows of a policy one after another, got rows of others between them"
    said = "同一保单的各行应相连，实与其他保单的行相间"
    return Reject(row, column, brief(policy), reason, "", "", said)


def beside_loose(row: int, column: str, policy: str, loose: int) -> Reject:
    """Say that a row which may be of the policy cannot be read."""
    reason = f"row {loose} may be of this policy, and does not say so"
    said = f"第 {loose} 行可能属于本保单，但未能读出"
    return Reject(row, column, brief(policy), reason, "", "", said)


def whole_policy(row: int, column: str, policy: str, cause: Reject) -> Reject:
    """Say for which row a policy is rejected whole."""
    where = f"{cause.column}: " if cause.column else ""
    reason = f"the policy is rejected for row {cause.row}: {where}{cause.reason}"
    said = f"因第 {cause.row} 行，保单整体未予计算：{where}{cause.reason_zh}"
    return Reject(row, column, brief(policy), reason, "", "", said)


def ragged(row: int, line: bytes, cells: int, expected: int) -> Reject:
    """Say that a row has too many or too few cells."""
    reason = f"expected {expected} cells, got {cells}"
    said = f"应有 {expected} 格，实有 {cells} 格"
    return Reject(row, "", _line(line), reason, f"{expected} cells", "", said)


def unclosed(row: int, line: bytes) -> Reject:
    """Say that a quote opens in a row and is not closed."""
    reason = "expected a closing quote within 1 MiB, got none"
    return Reject(row, "", _line(line), reason, "a closing quote", "", "引号在 1 MiB 内没有闭合")


def too_long(row: int, line: bytes) -> Reject:
    """Say that a row is too long to be one."""
    reason = f"expected a row of at most 1 MiB, got {len(line):,} bytes or more"
    said = f"一行至多 1 MiB，实有 {len(line):,} 字节或更多"
    return Reject(row, "", _line(line), reason, "a row of at most 1 MiB", "", said)


def no_text(row: int, line: bytes, names: Sequence[str], codec: str) -> Reject:
    """Say in which cell a row is no text, and what it would be in GBK."""
    return no_text_in(row, *_cell_of_no_text(line, names), codec)


def no_text_in(row: int, name: str, held: bytes, codec: str = UTF_8) -> Reject:
    """Say that a cell is no text, and what it would be in GBK."""
    near = held.decode("gb18030", "replace") if codec == UTF_8 else ""
    near = "" if "\ufffd" in near else brief(near)
    value = brief(held.decode(UTF_8, "backslashreplace"))
    reason = f"expected text in {codec}, got {value}"
    reason += f"; did you mean '{near}' in GBK? Say `--encoding gbk`" if near else ""
    said = f"应为 {codec} 编码的文字，实为 {value}"
    said += f"；是否为 GBK 编码的“{near}”？请用 --encoding gbk" if near else ""
    return Reject(row, name, value, reason, f"text in {codec}", near, said)


def _cell_of_no_text(line: bytes, names: Sequence[str]) -> tuple[str, bytes]:
    # one sign a byte: the cells are those of the bytes, whatever they mean
    try:
        cells = next(csv.reader(io.StringIO(line.decode("latin-1"), newline="")))
    except csv.Error:  # a cell beyond the limit of the module
        return "", line
    found = zip(names, (cell.encode("latin-1") for cell in cells), strict=True)
    return next((name, cell) for name, cell in found if not is_text(cell))


def is_text(held: bytes) -> bool:
    """Tell whether bytes are UTF-8."""
    try:
        held.decode()
    except UnicodeDecodeError:
        return False
    return True


def _line(line: bytes) -> str:
    return brief(line[: 2 * LONGEST].decode("utf-8", "backslashreplace").rstrip("\r\n"))


def _value(reader: VariableReader, text: str) -> float | None:
    """Read a value without its bounds, or give nothing."""
    kind = reader.type.kind
    if kind in NUMERIC and (reader.coded or kind in WHOLE):
        kind = "number"
    elif reader.coded:
        return None
    try:
        return read_number(text, kind) if kind == "number" else read_literal(text, reader.type)
    except BadValue:
        return None


def _nearest(reader: VariableReader, text: str, value: float | None) -> str:
    kind = reader.type.kind
    if reader.coded:
        close = difflib.get_close_matches(text, reader.type.of, n=1)
        return close[0] if close else _nearest_amount(reader, value)
    if value is not None:
        bounded = _bounded(reader) or kind in WHOLE
        return reader.shown(_inside(reader, value)) if bounded else ""
    if kind in NUMERIC:
        return slips.meant(text)
    return slips.meant_day(text) if kind == "date" else slips.meant_truth(text)


def _nearest_amount(reader: VariableReader, value: float | None) -> str:
    amounts = reader.type.amounts() if value is not None else ()
    far = [abs(a - (value or 0.0)) if isinstance(a, float) else np.inf for a in amounts]
    return reader.type.of[int(np.argmin(far))] if far else ""


def _inside(reader: VariableReader, value: float) -> float:
    """Give the nearest number within the bounds and on a step."""
    least = -np.inf if np.isnan(reader.least) else reader.least
    most = np.inf if np.isnan(reader.most) else reader.most
    value = min(max(value, least), most)
    step = 1.0 if np.isnan(reader.step) and reader.type.kind in WHOLE else reader.step
    if np.isnan(step):
        return value
    first = 0.0 if np.isnan(reader.least) else reader.least
    steps = float(np.rint(round((value - first) / step, ROUNDED_STEPS)))
    return first + step * (steps - (first + step * steps > most))


def _bounded(reader: VariableReader) -> bool:
    return not (np.isnan(reader.least) and np.isnan(reader.most) and np.isnan(reader.step))


def _wanted(reader: VariableReader, value: float | None) -> str:
    """Say in Chinese what is expected, with a blank before what is not Chinese."""
    said = _expected_zh(reader, value)
    return f" {said}" if said[:1].isascii() else said


def _expected_zh(reader: VariableReader, value: float | None) -> str:
    of, whole = reader.type.of, " 的整数" if reader.type.kind in WHOLE else ""
    if reader.coded:
        return " 或 ".join(of) if len(of) <= MOST_LISTED else f"{len(of)} 个选项之一"
    if not _bounded(reader):
        return KINDS.get(reader.type.kind, "")
    within = value is not None and not (value < reader.least or value > reader.most)
    if within and not np.isnan(reader.step):
        first = 0.0 if np.isnan(reader.least) else reader.least
        return f"自 {reader.shown(first)} 起每 {reader.shown(reader.step)} 一档"
    if np.isnan(reader.most):
        return f"不小于 {reader.shown(reader.least)}{whole}"
    if np.isnan(reader.least):
        return f"不大于 {reader.shown(reader.most)}{whole}"
    return f"{reader.shown(reader.least)} 至 {reader.shown(reader.most)}{whole}"
