"""The declared types of values, and how a text is read as one of them.

A number in the machine is always a float: money in the product's currency, a ratio as a fraction,
days, months, years and ages as counts, a date as days since 1970-01-01, yes_no as 1 or 0, a choice
as its place in the list `of`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from product_factory import currency, slips
from product_factory.errors import BadValue, nearest, one_of

NUMERIC = frozenset({"money", "ratio", "number", "integer", "days", "months", "years", "age"})
KINDS = tuple(sorted(NUMERIC | {"date", "yes_no", "choice", "text", "list", "schedule", "event"}))
MAX_EXPONENT = 30  # a longer number is a slip, and an endless one would stop the machine
EPOCH = date(1970, 1, 1).toordinal()
YES_NO = {"yes": 1.0, "no": 0.0}
PARTS = {"%": 100, "‰": 1000}
"""The signs of a share, and into how many parts each divides the whole."""
# What may be added to or compared with each other; a bare literal number fits every dimension.
DIMENSION = {
    "money": "money",
    "ratio": "number",
    "number": "number",
    "integer": "number",
    "days": "days",
    "months": "months",
    "years": "years",
    "age": "years",
    "date": "date",
    "yes_no": "truth",
    "choice": "choice",
}


@dataclass(frozen=True)
class Type:
    """A declared type: its kind, for a choice the list of what may be chosen, and a unit to print.

    A numeric type with `of` is chosen by place in the list and amounts to `amounts[place]`; an
    entry `to N` of years amounts to N less the age at the start, kept as `("to", N)`.
    """

    kind: str
    of: tuple[str, ...] = ()
    unit: str = ""

    @property
    def dimension(self) -> str:
        """What this may be added to or compared with; other currencies and rates are their own."""
        if self.currency or self.exchange:
            return f"{self.kind} {self.unit}"
        return DIMENSION.get(self.kind, self.kind)

    @property
    def currency(self) -> str:
        """The currency of money that states its own, else nothing: it is the product's."""
        return self.unit if self.kind == "money" and self.unit in currency.CODES else ""

    @property
    def exchange(self) -> tuple[str, str] | None:
        """The currencies of a rate of exchange: a number whose unit is such as CNY/USD."""
        return currency.rate(self.unit) if self.kind == "number" else None

    @property
    def plain(self) -> "Type":
        """The same amount once chosen: its kind and unit, without a list."""
        return Type(self.kind, unit=self.unit)

    @property
    def chosen(self) -> bool:
        """Whether a value is a place in the list `of`."""
        return bool(self.of) or self.kind == "choice"

    def amounts(self) -> tuple[float | tuple[str, float], ...]:
        """What each entry of `of` amounts to. Raises BadValue when an entry is no such amount."""
        return tuple(_amount(entry, self.kind) for entry in self.of)

    def code(self, text: str) -> int:
        """Give the place of a choice in `of`; numbers are compared as numbers (10000 is 10000.0).

        Raises BadValue naming the choices and the nearest one.
        """
        if text in self.of:
            return self.of.index(text)
        if self.kind in NUMERIC:
            number = _decimal(text)
            for place, entry in enumerate(self.of):
                if number is not None and _decimal(entry) == number:
                    return place
        message = f"expected {one_of(self.of)}, got {text}{self._nearest(text)}"
        raise BadValue(message)

    def _nearest(self, text: str) -> str:
        """Name the nearest entry of `of`: the nearest amount, the lower of two that are as near."""
        number = _decimal(text) if self.kind in NUMERIC else None
        amounts = [(entry, _decimal(entry)) for entry in self.of] if number is not None else []
        far = [(abs(a - number), a, e) for e, a in amounts if a is not None and number is not None]
        return f"; did you mean '{min(far)[2]}'?" if far else nearest(text, self.of)


def _amount(entry: str, kind: str) -> float | tuple[str, float]:
    if entry.startswith("to ") and kind in ("years", "age"):
        return ("to", read_number(entry[3:], kind))
    return read_number(entry, kind)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace("_", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= MAX_EXPONENT else None


def read_number(text: str, kind: str) -> float:
    """Read a literal of a numeric kind: `10000`, `30%`, `90 days`. Raises BadValue."""
    words = text.strip().split()
    body, unit = (words[0], words[1]) if len(words) == 2 else (text.strip(), "")  # noqa: PLR2004 - number and unit
    parts = PARTS.get(body[-1:], 0)
    number = _decimal(body[:-1] if parts else body)
    wanted = {"days": "days", "months": "months", "years": "years", "age": "years"}.get(kind, "")
    wrong_unit = bool(unit) and unit.rstrip("s") + "s" != wanted
    missing_unit = not unit and kind in ("days", "months") and number != 0
    if number is None or wrong_unit or missing_unit or (parts and kind not in ("ratio", "number")):
        hint = f"; did you mean {text} {wanted}?" if missing_unit and number is not None else ""
        message = f"expected {describe(kind)}, got {text}{hint or slips.instead(text)}"
        raise BadValue(message)
    if kind in ("integer", "days", "months", "age") and number != int(number):
        message = f"expected a whole number, got {text}"
        raise BadValue(message)
    return float(number / parts if parts else number)


def describe(kind: str) -> str:
    """Say what a literal of this kind looks like."""
    examples = {
        "money": "an amount of money such as 10000",
        "ratio": "a share such as 30%",
        "number": "a number such as 0.12",
        "integer": "a whole number such as 2",
        "days": "a number of days such as 90 days",
        "months": "a number of months such as 6 months",
        "years": "a number of years such as 20",
        "age": "an age such as 35",
        "date": "a day such as 2026-03-01",
        "yes_no": "yes or no",
    }
    return examples.get(kind, f"a {kind}")


def written(value: float, kind: str) -> str:
    """Write a number as an author would write a literal of its kind."""
    if kind == "ratio":
        return f"{value * 100:g}%"
    unit = f" {kind}" if kind in ("days", "months", "years") else ""
    return f"{value:.12g}{unit}"


def read_literal(text: str, declared: Type) -> float:
    """Read a text as a value of the declared type, as the machine holds it. Raises BadValue."""
    if declared.chosen:
        return float(declared.code(text))
    if declared.kind in NUMERIC:
        text = currency.bare(text, declared.currency) if declared.kind == "money" else text
        return read_number(text, declared.kind)
    if declared.kind == "yes_no":
        if text not in YES_NO:
            message = f"expected yes or no, got {text}{slips.yes_or_no(text)}"
            raise BadValue(message)
        return YES_NO[text]
    if declared.kind == "date":
        return float(day_number(read_date(text)))
    message = f"a {declared.kind} cannot be used in a calculation, got {text}"
    raise BadValue(message)


def read_date(text: str) -> date:
    """Read an ISO day. Raises BadValue."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"expected a day such as 2026-03-01, got {text}{slips.day(text)}"
        raise BadValue(message) from None


def day_number(day: date) -> int:
    """Count the days since 1970-01-01."""
    return day.toordinal() - EPOCH


def day_of(number: float) -> date:
    """Give the day of a day number."""
    return date.fromordinal(int(number) + EPOCH)


def number(value: float) -> str:
    """Write a number as a plain decimal that reads back as the same float."""
    text = format(Decimal(repr(value)).normalize(), "f")
    return "0" if text == "-0" else text


def typed(value: float, declared: Type) -> str:
    """Write a value of a declared type as an author would: 30%, 90 days, a choice, a day."""
    if declared.chosen:
        return declared.of[int(value)]
    if declared.kind == "yes_no":
        return "yes" if value else "no"
    if declared.kind == "date":
        return day_of(value).isoformat()
    if declared.kind == "ratio":
        return f"{format((Decimal(repr(value)) * 100).normalize(), 'f')}%"
    unit = declared.kind if declared.kind in ("days", "months", "years") else declared.currency
    return f"{number(value)} {unit}".rstrip()
