"""A dependence over a business: which products it ties, and whole products put in another order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput, both, either, nearest
from sandbox.business.members import Member
from sandbox.business.protection import WholeProgramme
from sandbox.dependence.reorder import orders
from sandbox.dependence.specification import DependenceFile, Reordering
from sandbox.loss_table import LossTable

Integers = npt.NDArray[np.int64]
SETTLED_AS_THEY_STAND = "storm", "claim"
"""Ways of a programme that read losses beside the rows, which are not moved with them."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A reordering of whole products, by their names in the business."""

    file: DependenceFile
    reordering: Reordering
    names: tuple[str, ...]


def ties(file: DependenceFile | None, members: Sequence[Member]) -> set[str]:
    """Name the products that have a line of their own: a process, an event or a cover.

    Raises BadInput where there is none, and no whole product either.
    """
    if file is None:
        return set()
    lines = [line for _, link in file.says.links() for line in link.lines]
    found = {
        one.name for one in members if any(line.startswith(f"{_bare(one)}.") for line in lines)
    }
    if not found and all("." in line for line in lines):
        known = dict.fromkeys(_bare(one) for one in members)
        text = f"expected a line of a product of this business: {either(known)}"
        raise BadInput.one(file.says.at, "", text)
    return found


def reorderings(
    file: DependenceFile | None, members: Sequence[Member], whole: WholeProgramme | None
) -> tuple[Placed, ...]:
    """Give the reorderings of whole products. Raises BadInput for what must stay where it is."""
    found: list[Placed] = []
    seen: set[str] = set()
    for one in () if file is None else file.says.reordered:
        assert file is not None  # noqa: S101 - it holds the reordering
        if any("." in line for line in one.lines):
            _covers_stay(one, members, whole)
            continue
        names = tuple(_named(one, line, members) for line in one.lines)
        for place, name in enumerate(names):
            if name in seen:
                text = f"'{one.lines[place]}' is reordered by an earlier link already"
                raise BadInput.one(one.place("lines"), "lines", text)
            if place > 0:
                _stays(one, next(each for each in members if each.name == name), whole)
        seen |= set(names)
        found.append(Placed(file, one, names))
    return tuple(found)


def _bare(member: Member) -> str:
    return member.product.name.partition("+")[0]


def _named(one: Reordering, line: str, members: Sequence[Member]) -> str:
    """Find the product of the business that a line means."""
    found = [each.name for each in members if _bare(each) == line]
    if len(found) == 1:
        return found[0]
    known = dict.fromkeys(_bare(each) for each in members)
    text = f"unknown product '{line}'{nearest(line, known)}; there are {both(known)}"
    if found:
        text = f"'{line}' is the product of {both(found)}; expected one that stands there once"
    raise BadInput.one(one.place("lines"), "lines", text)


def _stays(one: Reordering, member: Member, whole: WholeProgramme | None) -> None:
    """Refuse to move years beside which storms or losses stand that are not moved with them."""
    held = whole is not None and whole.way in SETTLED_AS_THEY_STAND and member.name in whole.covers
    if member.storms is not None or held:
        text = (
            f"'{_bare(member)}' stays with its storms or with the programme: expected it as the "
            "first line, which is not moved"
        )
        raise BadInput.one(one.place("lines"), "lines", text)


def _covers_stay(one: Reordering, members: Sequence[Member], whole: WholeProgramme | None) -> None:
    """Refuse to move a cover whose losses the programme settles one by one."""
    if whole is None or whole.way not in SETTLED_AS_THEY_STAND:
        return
    for member in members:
        held = {f"{_bare(member)}.{cover}" for cover in whole.covers.get(member.name, ())}
        for line in one.lines[1:]:
            if line in held:
                text = (
                    f"'{line}' stays with the programme: expected it as the first line, which is "
                    "not moved"
                )
                raise BadInput.one(one.place("lines"), "lines", text)


def moved(placed: Sequence[Placed], tables: Mapping[str, LossTable]) -> dict[str, Integers]:
    """Give product → which of its rows stands in each row, of those that are moved."""
    found: dict[str, Integers] = {}
    for one in placed:
        first = tables[one.names[0]]
        key = one.file.says.key(one.reordering.reordering, first.seed)
        u = one.reordering.bound().sample(key, 0, first.years)
        columns = [tables[name].total() for name in one.names]
        found |= dict(zip(one.names[1:], orders(columns, u)[1:], strict=True))
    return found
