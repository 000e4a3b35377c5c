"""A worksheet as text of at most 80 columns; Chinese characters count for two."""

import unicodedata
from collections.abc import Iterator

from product_factory.numbers.rounding import round_half_up
from rating.plan import RatingPlan
from rating.quote import Quotation
from rating.worksheet import Worksheet, plain

COLUMNS = 80
WIDEST_NAME = 24


def page(sheet: Worksheet) -> str:
    """Render a worksheet; its last line is the premium."""
    return "\n".join([*_head(sheet), "", *_body(sheet)]) + "\n"


def short(plan: RatingPlan, quotation: Quotation) -> list[str]:
    """Say the premium in one line, then what was decided about the risk."""
    product = plan.product
    currency = product.product.currency
    premium = plain(quotation.premium)
    found = [f"{premium} {currency}  ({quotation.outcome}, on {product.on})"]
    if quotation.times > 1:
        year = plain(round_half_up(quotation.annualised, 1.0, 100.0))
        found.append(f"{quotation.times} times a year: {year} {currency}")
    return found + [f"{one.outcome}: {one.name}: {one.says.en}" for one in quotation.decisions]


def _head(sheet: Worksheet) -> Iterator[str]:
    yield from wrapped(f"{sheet.title}  {sheet.product}, on {sheet.on}", 0)
    yield from wrapped(", ".join(f"{name} {value}" for name, value in sheet.given), 0)
    if sheet.times > 1:
        yield f"the premium falls due {sheet.times} times a year, together {sheet.annualised:.2f}"
    for outcome, name, says, when in sheet.decisions:
        yield from wrapped(f"{outcome}: {name} ({when}): {says}", 2)


def _body(sheet: Worksheet) -> Iterator[str]:
    labels = [f"{line.step} {line.item}".strip() for line in sheet.lines]
    label_width = min(WIDEST_NAME, max(map(width, labels)))
    value_width = max(width(line.text) for line in sheet.lines)
    indent = label_width + value_width + 4
    for label, line in zip(labels, sheet.lines, strict=True):
        last = line is sheet.lines[-1]
        first = f"{padded(label, label_width)}  {' ' * (value_width - width(line.text))}{line.text}"
        notes = [f"cover {line.cover}"] if line.cover else []
        notes += [line.how] if line.how else []
        notes += [f"= {line.working}"] if line.working else []
        notes += [piece for source in line.sources for piece in _fitted(source, COLUMNS - indent)]
        if last:
            # what explains the premium stands above it, so that the premium closes the page
            for note in notes:
                yield from wrapped(note, indent, start=indent)
            yield first.rstrip()
            return
        told = [piece for note in notes for piece in wrapped(note, indent, start=indent)]
        yield (first + "  " + told[0].strip() if told else first).rstrip()
        yield from told[1:]


def _fitted(source: str, columns: int) -> list[str]:
    """Keep a place and its keys on one line, or give each a line of its own."""
    return [source] if width(source) <= columns else source.split("  ")


def width(text: str) -> int:
    """Count the columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def padded(text: str, columns: int) -> str:
    """Fill a text up to a number of columns; a longer one is cut."""
    while width(text) > columns:
        text = text[:-1]
    return text + " " * (columns - width(text))


def wrapped(text: str, indent: int, *, start: int = 0) -> list[str]:
    """Break a text into lines of at most 80 columns; what follows the first is indented."""
    lines: list[str] = []
    current, room = "", COLUMNS - start
    for word in text.split(" "):
        joined = f"{current} {word}" if current else word
        if width(joined) <= room:
            current = joined
            continue
        if current:
            lines.append(current)
            room = COLUMNS - indent
        rest = word
        while width(rest) > room:
            cut = _fitting(rest, room)
            lines.append(rest[:cut])
            rest, room = rest[cut:], COLUMNS - indent
        current = rest
    lines.append(current)
    first, *more = lines
    return [" " * start + first, *(" " * indent + line for line in more)]


def _fitting(text: str, columns: int) -> int:
    """Count the signs to put on a line: a path breaks after a folder, so that no number is cut."""
    most = _most(text, columns)
    return text.rfind("/", 0, most) + 1 or most


def _most(text: str, columns: int) -> int:
    taken = 0
    for place, mark in enumerate(text):
        taken += width(mark)
        if taken > columns:
            return max(place, 1)
    return len(text)
