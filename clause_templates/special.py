"""Terms that are an event, a list or a schedule, as the wording prints them."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import numpy as np

from clause_templates.facts import FactValue, Row, Words
from clause_templates.scan import scan
from product_factory.assembled import AssembledProduct, TermValue
from product_factory.errors import At
from product_factory.expressions.tree import Listing, Name, Steps
from product_factory.settings import written_word
from product_factory.tables import Table


def _event(product: AssembledProduct, term: TermValue) -> FactValue:
    """Print an event by its title."""
    process, _, event = written_word(term.expression).partition(".")
    title = product.processes[process].events[event].title
    return Words(title.both)


def _listing(product: AssembledProduct, term: TermValue) -> FactValue:
    """Print the entries as their table has them; a figure in a name is the table's own."""
    entries = term.expression.entries if isinstance(term.expression, Listing) else ()
    places = _places(product, term)
    return tuple(
        Words({"zh": entry, "en": entry}, _figures(entry), places.get(entry)) for entry in entries
    )


def _figures(text: str) -> tuple[Decimal, ...]:
    return tuple(found.worth for found in scan(text) if found.worth is not None)


def _places(product: AssembledProduct, term: TermValue) -> dict[str, At]:
    """Give the line of each entry in the table that the list names; none for a list in place."""
    holder, _, column = "".join(term.declared.of).partition(".")
    table = product.tables.get(holder)
    if table is None or column not in table.columns:
        return {}
    labels = table.types[column].of
    return {labels[int(code)]: table.line(place) for place, code in _cells(table, column)}


def _cells(table: Table, column: str) -> list[tuple[tuple[int, ...], float]]:
    cells = table.cells[column]
    return [(place, float(cells[place])) for place in np.ndindex(cells.shape) if cells[place] >= 0]


def _schedule(product: AssembledProduct, term: TermValue) -> FactValue:
    """Print a schedule row by row."""
    said = term.expression
    if isinstance(said, Steps):
        rows, by = said.rows, said.by
    else:
        entry = product.parameters[said.name if isinstance(said, Name) else ""]
        rows = entry.value if isinstance(entry.value, tuple) else ()
        by = entry.by
    ends: list[float | None] = [*(start for start, _ in rows[1:]), None]
    return tuple(
        Row(by, _decimal(start), None if end is None else _decimal(end), _decimal(value))
        for (start, value), end in zip(rows, ends, strict=True)
    )


def _decimal(value: float) -> Decimal:
    number = Decimal(repr(value))
    return number.to_integral_value() if number == number.to_integral_value() else number


SPECIAL: Mapping[str, Callable[[AssembledProduct, TermValue], FactValue]] = {
    "event": _event,
    "list": _listing,
    "schedule": _schedule,
}
