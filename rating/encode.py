"""What is given about a risk → columns of numbers; every complaint names the variable."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, BadValue, Problem, nearest
from product_factory.nodes import Map, Text
from rating.variable import CALCULABLE, VariableReader, reader_of

NOWHERE = At("")
ABSENT = -1.0
"""The code of a choice that an item does not have."""
NUMBER = re.compile("[1-9][0-9]{0,8}")
"""Of one of an item: written in one way only."""
MANY_IS_RATED = "an item that stands several times is quoted, rated and claimed, not read here"


@dataclass(frozen=True)
class Readers:
    """How every variable of a product is read.

    policy    name → reader
    items     item → name → reader, in the order of the product
    optional  the items that need not be there
    many      the items of which several may stand in one policy
    least     the fewest of an item that a policy may have which has any, where more than one
    """

    policy: Mapping[str, VariableReader]
    items: Mapping[str, Mapping[str, VariableReader]]
    optional: frozenset[str]
    many: frozenset[str] = frozenset()
    least: Mapping[str, int] = field(default_factory=dict)

    @property
    def item_names(self) -> dict[str, VariableReader]:
        """The variables of items by name; items that share a name share its type."""
        found: dict[str, VariableReader] = {}
        for group in self.items.values():
            found = {**group, **found}
        return found

    def paths(self) -> list[str]:
        """List every variable as messages and books name it."""
        return [
            *self.policy,
            *(f"{item}.{name}" for item, group in self.items.items() for name in group),
        ]


@dataclass(frozen=True)
class Encoded:
    """Risks as columns.

    columns  name → floats, one a policy, or one an item for variables of items
    offsets  first item of each policy, then the number of items; None when the product has none
    """

    columns: Mapping[str, npt.NDArray[np.float64]]
    offsets: npt.NDArray[np.int64] | None


def readers(product: AssembledProduct) -> Readers:
    """Give the readers of a product. Raises BadInput for bounds that are not fixed."""
    return product.derive("readers", lambda: _readers(product))


def _readers(product: AssembledProduct) -> Readers:
    policy = {
        name: reader_of(product, variable)
        for name, variable in product.variables.items()
        if variable.type.kind in CALCULABLE
    }
    items = {
        item: {
            name: reader_of(product, variable)
            for name, variable in variables.items()
            if variable.type.kind in CALCULABLE
        }
        for item, variables in product.items.items()
    }
    declared = product.product.items.items()
    optional = frozenset(name for name, item in declared if item.optional)
    many = frozenset(name for name, item in declared if item.many)
    least = {name: item.fewest for name, item in declared if item.fewest > 1}
    return Readers(policy, items, optional, many, least)


def encode(known: Readers, given: Mapping[str, object]) -> Encoded:
    """Encode one risk, given as in `quotes.yaml`: `{age: 35, items: {building: {value: …}}}`.

    A value may be a text, a number, or true and false; `building.value` names that of an item too.
    Of an item that may stand several times a list is given, or `member.1.age`, `member.2.age`.

    Raises BadInput with every value that is missing, unknown or outside of its bounds.
    """
    policy, items, problems = _sorted(known, given)
    columns: dict[str, npt.NDArray[np.float64]] = {}
    for name, reader in known.policy.items():
        columns[name] = np.array([_value(reader, policy, name, problems)])
    rows: list[dict[str, float]] = []
    for place, (item, group) in enumerate(known.items.items()):
        if item not in items and item not in known.optional:
            problems.append(Problem(NOWHERE, item, "expected this item, got nothing"))
        elif 0 < len(items.get(item, {})) < known.least.get(item, 1):
            problems.append(Problem(NOWHERE, item, too_few(known.least[item], len(items[item]))))
        for number, one in sorted(items.get(item, {}).items()):
            values = {
                n: _value(replace(reader, path=_path(item, number, n)), one, n, problems)
                for n, reader in group.items()
            }
            rows.append({"item": float(place), **values})
    if problems:
        raise BadInput(problems)
    if not known.items:
        return Encoded(columns, None)
    missing = {name: absent_value(reader) for name, reader in known.item_names.items()}
    for name in ("item", *missing):
        columns[name] = np.array([row.get(name, missing.get(name, ABSENT)) for row in rows])
    return Encoded(columns, np.array([0, len(rows)], dtype=np.int64))


def too_few(least: int, got: int) -> str:
    """Say that a policy has fewer of an item than it may have."""
    return f"expected {least} or more of this item, got {got}"


def encode_one(known: Readers, given: Mapping[str, object]) -> Encoded:
    """Encode one risk with one of each item at most; BadInput as `encode`, and for several."""
    return one_of_each(known, encode(known, given))


def one_of_each(known: Readers, risk: Encoded) -> Encoded:
    """Give the risk back. Raises BadInput where an item stands several times in it."""
    if risk.offsets is not None:
        names, codes = list(known.items), risk.columns["item"].astype(np.int64)
        for code in np.flatnonzero(np.bincount(codes, minlength=len(names)) > 1).tolist():
            text = (
                f"expected one '{names[code]}', got {int((codes == code).sum())}; {MANY_IS_RATED}"
            )
            raise BadInput.one(NOWHERE, f"items.{names[code]}", text)
    return risk


def item_labels(known: Readers, codes: npt.NDArray[np.float64]) -> tuple[str, ...]:
    """Name the items of one risk: `building`, or `member.1`, `member.2` of what may be many."""
    names = list(known.items)
    labels: list[str] = []
    counted: dict[int, int] = {}
    for code in codes.astype(np.int64).tolist():
        counted[code] = counted.get(code, 0) + 1
        several = names[code] in known.many
        labels.append(f"{names[code]}.{counted[code]}" if several else names[code])
    return tuple(labels)


def _path(item: str, number: int, name: str) -> str:
    return f"{item}.{number}.{name}" if number else f"{item}.{name}"


def absent_value(reader: VariableReader) -> float:
    """Give what stands for a variable that an item does not have."""
    return ABSENT if reader.coded else float("nan")


Ones: TypeAlias = dict[int, dict[str, object]]
"""What is given of an item: the number of each that stands in the policy, 0 where only one may."""


def _sorted(
    known: Readers, given: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, Ones], list[Problem]]:
    """Tell values of the policy from those of items; note names that nobody knows."""
    policy: dict[str, object] = {}
    items: dict[str, Ones] = {}
    problems: list[Problem] = []
    refused: set[str] = set()
    for item, number, name, value, at in _flat(given):
        path = _path(item, number or 0, name) if name else item
        if not item and name in known.policy:
            policy[name] = value
        elif not item:
            problems.append(_unknown(at, name, [*known.policy, *(("items",) * bool(known.items))]))
        elif item not in known.items:
            hint = nearest(item, known.items)
            problems.append(Problem(at, "items", f"unknown item '{item}'{hint}"))
        elif number is not None and item not in known.many:
            items.setdefault(item, {})
            if item not in refused:
                text = f"expected no list, since a policy has one '{item}'"
                if name:
                    text = f"expected one '{item}' in a policy, without a number"
                problems.append(Problem(at, path, text))
            refused.add(item)
        elif name and name not in known.items[item]:
            problems.append(_unknown(at, path, known.paths()))
        else:
            # where it may be many, one without a number is first
            place = int(item in known.many) if number is None else number
            one = items.setdefault(item, {}).setdefault(place, {})
            if name in one and item in known.many:
                problems.append(Problem(at, _path(item, place, name), "stands twice"))
            elif name:
                one[name] = value
    for item in refused:
        # what is wrong is told: nothing of it is looked for
        items[item] = {}
    problems += _gaps(items)
    return policy, items, problems


def _gaps(items: Mapping[str, Ones]) -> Iterator[Problem]:
    """Tell of numbers that are left out: `member.5` behind `member.1`."""
    for item, ones in items.items():
        if ones and max(ones) > len(ones):
            least = next(number for number in range(1, max(ones)) if number not in ones)
            text = f"expected '{item}.{least}' before '{item}.{max(ones)}', got nothing"
            yield Problem(NOWHERE, item, text)


def _flat(given: Mapping[str, object]) -> Iterator[tuple[str, int | None, str, object, At]]:
    """Give item ('' for the policy), number, name, value and place of everything that is given.

    The number is from 1, or None where none is given. An item that is given, even with nothing in
    it, comes once without a name.
    """
    for key, value in given.items():
        at = _key_at(given, key)
        item, dot, name = key.partition(".")
        first, _, rest = name.partition(".")
        if key == "items" and isinstance(value, Mapping):
            for one, group in value.items():
                listed = isinstance(group, Sequence) and not isinstance(group, str)
                for place, each in enumerate(group if listed else [group], 1):
                    number = place if listed else None
                    yield one, number, "", None, _key_at(value, one)
                    for inner, entry in each.items() if isinstance(each, Mapping) else ():
                        yield one, number, inner, entry, _key_at(each, inner)
        elif dot and rest and NUMBER.fullmatch(first):
            yield item, int(first), rest, value, at
        elif dot:
            yield item, None, name, value, at
        else:
            yield "", None, key, value, at


def _unknown(at: At, name: str, known: Iterable[str]) -> Problem:
    return Problem(at, "", f"unknown variable '{name}'{nearest(name, known)}")


def _key_at(holder: Mapping[str, object], key: str) -> At:
    return holder.keys_at.get(key, holder.at) if isinstance(holder, Map) else NOWHERE


def _value(
    reader: VariableReader, given: Mapping[str, object], name: str, problems: list[Problem]
) -> float:
    value = given.get(name)
    if value is None:
        problems.append(Problem(NOWHERE, reader.path, reader.absent()))
        return float("nan")
    at = value.at if isinstance(value, Text) else NOWHERE
    try:
        return reader.one(as_text(value))
    except BadValue as error:
        problems.append(Problem(at, reader.path, str(error)))
        return float("nan")


def as_text(value: object) -> str:
    """Give the text of a value that came as a number, a truth or a text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
