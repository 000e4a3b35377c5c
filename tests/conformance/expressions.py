"""Expressions and tables of an export, evaluated as docs/export.md says."""

import csv
import json
import math
from bisect import bisect_right
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    localcontext,
)

MISSING = math.nan
MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}
COMPARISONS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def text_of(number):
    """Write a number as its shortest decimal, without exponent and zeros at the end."""
    text = format(Decimal(repr(float(number))), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def rounded(value, unit, mode):
    """Round the shortest decimal of a double to whole multiples of a unit."""
    if not math.isfinite(value):
        return value
    with localcontext(Context(prec=60)):
        step = Decimal(unit)
        whole = (Decimal(repr(value)) / step).to_integral_value(MODES[mode])
        return float(whole * step) + 0.0


def cents(value):
    return rounded(value, "0.01", "half_up")


def power(a, b):
    """The double nearest to the exact power."""
    if math.isnan(a) or math.isnan(b):
        return 1.0 if b == 0.0 or a == 1.0 else MISSING
    if b == 0.0 or a == 1.0:
        return 1.0
    if a > 0.0 and math.isfinite(a) and math.isfinite(b):
        with localcontext(Context(prec=60)):
            return float(Decimal(a) ** Decimal(b))
    try:
        return math.pow(a, b)
    except (OverflowError, ValueError, ZeroDivisionError):
        return MISSING


def divided(a, b):
    if b == 0.0:
        return MISSING if a == 0.0 or math.isnan(a) else math.copysign(math.inf, a)
    return a / b


def true(value):
    return value != 0.0


class Table:
    """A table: the entries of each key, and the rows by the places of their entries."""

    def __init__(self, folder, told):
        self.keys = told["keys"]
        with (folder / told["file"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.columns = {}
        self.entries = {key["name"]: self._entries(key, rows) for key in self.keys}
        for column in told["values"]:
            cells = {}
            for row in rows:
                text = row[column["name"]]
                if text != "":
                    place = column["choices"].index(text) if column["choices"] else None
                    value = float(text) if place is None else float(place)
                    cells[tuple(self._entry(key, row) for key in self.keys)] = value
            self.columns[column["name"]] = cells

    @staticmethod
    def _entry(key, row):
        name = key["name"]
        if key["choices"]:
            return row[name]
        return float(row[f"{name}_from" if key["key"] == "band" else name])

    def _entries(self, key, rows):
        name = key["name"]
        if key["choices"]:
            return {row[name] for row in rows}
        if key["key"] == "band":
            ends = {}
            for row in rows:
                below = row[f"{name}_below"]
                ends[float(row[f"{name}_from"])] = float(below) if below else math.inf
            return ends
        return sorted({float(row[name]) for row in rows})

    def value(self, column, asked):
        """Look a value up; asked: for each key its value, and the places of its choices."""
        return self._along(self.columns[column], self.keys, asked, ())

    def _along(self, cells, keys, asked, found):
        if not keys:
            return cells.get(found, MISSING)
        key, *later = keys
        value, places = asked[key["name"]]
        entry = self._row(key, value, places)
        if entry is None:
            return MISSING
        low = self._along(cells, later, asked, (*found, entry))
        if key["key"] not in ("linear", "log_linear") or value == entry:
            return low
        known = self.entries[key["name"]]
        after = known[known.index(entry) + 1]
        high = self._along(cells, later, asked, (*found, after))
        way, width = value - entry, after - entry
        if key["key"] == "linear":
            between = low + ((high - low) * way) / width
        else:
            between = low * power(divided(high, low), way / width)
        if math.isnan(between):
            return MISSING
        return min(max(between, min(low, high)), max(low, high))

    def _row(self, key, value, places):
        known = self.entries[key["name"]]
        if math.isnan(value):
            return None
        if key["choices"]:
            return next((t for t, n in places.items() if n == value and t in known), None)
        if key["key"] == "exact":
            return value if value in known else None
        if key["key"] == "band":
            fits = (start for start, below in known.items() if start <= value < below)
            return next(fits, None)
        place = bisect_right(known, value) - 1
        if place < 0 or (key["key"] != "step" and value > known[-1]):
            return None
        return known[place]


class Evaluator:
    """Evaluates expressions; read gives what stands under `read` and `of`."""

    def __init__(self, tables):
        self.tables = tables

    def value(self, tree, read, steps=None, items=()):
        """Evaluate.

        read   (name, of) → value
        steps  name → value
        items  for `total`: of each item what reads it, and its values of steps
        """
        if "number" in tree:
            return MISSING if tree["number"] is None else float(tree["number"])
        if "read" in tree:
            return read(tree["read"], tree["of"])
        if "step" in tree:
            return steps[tree["step"]]
        op = tree["op"]
        if op == "table":
            asked = {
                name: (self.value(key["is"], read, steps, items), key.get("places"))
                for name, key in tree["keys"].items()
            }
            return self.tables[tree["table"]].value(tree["column"], asked)
        if op == "total":
            found = [self.value(tree["args"][0], *item) for item in items]
            return self._total(tree["by"], found)
        args = [self.value(one, read, steps, items) for one in tree["args"]]
        return self._operation(tree, op, args)

    @staticmethod
    def _total(by, found):
        if by == "count":
            return float(len(found))
        total = 0.0 if by == "sum" else -math.inf
        for value in found:
            if by == "sum":
                total += value
            elif value > total or math.isnan(value):
                total = value
        return total

    @staticmethod
    def _operation(tree, op, args):  # noqa: C901, PLR0911, PLR0912 - one line an operation
        a, b = args[0], args[1] if len(args) > 1 else MISSING
        if op in COMPARISONS:
            return float(COMPARISONS[op](a, b))
        match op:
            case "+":
                return a + b
            case "-":
                return a - b
            case "*":
                return a * b
            case "/":
                return divided(a, b)
            case "^":
                return power(a, b)
            case "negative":
                return -a
            case "min":
                return b if b < a else a  # noqa: FURB136 - as the page says, missing too
            case "max":
                return b if b > a else a  # noqa: FURB136 - the same
            case "and":
                return float(true(a) and true(b))
            case "or":
                return float(true(a) or true(b))
            case "not":
                return float(not true(a))
            case "if":
                return args[1] if true(a) else args[2]
            case "round":
                return rounded(a, tree["to"], tree["mode"])
            case "place":
                return MISSING if math.isnan(a) else float(bisect_right(tree["starts"], a) - 1)
            case "pick":
                inside = 0.0 <= a < len(tree["values"])
                found = tree["values"][int(a)] if inside else None
                return MISSING if found is None else float(found)
        message = f"an operation that the format does not know: {op}"
        raise ValueError(message)


def load(folder, name):
    """Read a JSON file of an export, of a format that this reader knows."""
    found = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    if found["format"] != "covercast-export" or found["format_version"].split(".")[0] != "1":
        message = f"{name}.json is of a format that this reader does not know"
        raise ValueError(message)
    return found


def load_tables(folder):
    told = load(folder, "tables")["tables"]
    return {name: Table(folder, one) for name, one in told.items()}
