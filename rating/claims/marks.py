"""The marks of an event, read by their declared types."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from product_factory.declared import Mark
from product_factory.errors import At, BadValue, Problem, nearest
from product_factory.examples import ClaimEvent
from product_factory.module import ALIVE
from product_factory.nodes import Map, Seq, Text, said
from product_factory.types import Type, read_literal
from rating.claims.members import event_of, one_by_one
from rating.encode import as_text
from rating.payout import PayoutPlan

Floats = npt.NDArray[np.float64]
NOT_BELOW_ZERO = frozenset({"money", "ratio", "integer", "days", "months", "years", "age"})


class Marks:
    """The marks of one event as a payout plan reads them.

    event       its code in the plan
    item        the one that it happens to alone; '' for the policy as a whole
    marks       [mark], NaN where not stated
    item_marks  [mark, item], NaN where not hit
    told        name and value, as the claim states them
    """

    def __init__(
        self, plan: PayoutPlan, number: int, happened: ClaimEvent, there: Sequence[str] = ()
    ) -> None:
        """Read them; what is wrong is kept in `problems`.

        there  the items of the policy
        """
        self.plan, self.there = plan, there
        self.path = f"events[{number}]"
        self.problems: list[Problem] = []
        self.event, self.item = -1, ""
        self.marks = np.full(len(plan.marks), math.nan)
        self.item_marks = np.full((len(plan.item_marks), len(plan.items)), math.nan)
        self.told: list[tuple[str, str]] = []
        processes = plan.product.processes
        known = [f"{alias}.{event}" for alias, one in processes.items() for event in one.events]
        if happened.event not in known:
            pays = [cover.module.pays for cover in plan.product.covers.values()]
            alive = (ALIVE,) if any(one is not None and one.during for one in pays) else ()
            hint = nearest(happened.event, (*known, *alive))
            text = f"unknown event '{happened.event}'{hint}"
            self.fail(happened.place("event"), "event", text)
            return
        self._happens_to(happened)
        process = processes[happened.event.partition(".")[0]]
        for name, value in happened.marks.items():
            at = getattr(value, "at", happened.place("marks"))
            if name not in process.marks:
                text = f"unknown mark '{name}'{nearest(name, process.marks)}"
                self.fail(at, "marks", text)
            elif process.marks[name].each == "item":
                self.of_items(name, process.marks[name], value, at)
            else:
                self.marks[plan.marks.index(name)] = self.one(name, process.marks[name], value, at)

    def fail(self, at: At, path: str, text: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(at, f"{self.path}.{path}", text))

    def _happens_to(self, happened: ClaimEvent) -> None:
        """Find the event in the plan; one that happens to items one by one says to which."""
        said, event = happened.item, happened.event
        if not one_by_one(self.plan.product, event):
            self.event = self.plan.events.index(event)
            if said is not None:
                text = f"expected no item, since '{event}' happens to the policy as a whole"
                self.fail(happened.place("item"), "item", text)
        elif said is None:
            known = f"such as '{self.there[0]}'" if self.there else "and the policy has none"
            text = f"expected the item that '{event}' happens to, {known}, got nothing"
            self.fail(happened.place("event"), "item", text)
        elif said in self.plan.items:
            self.event, self.item = self.plan.events.index(event_of(event, said)), said
        else:
            self.fail(happened.place("item"), "item", self._unknown(said))

    def _unknown(self, said: str) -> str:
        """Say of what is no item of the policy what there is."""
        kind = said.partition(".")[0]
        several = [item for item in self.there if item.startswith(f"{kind}.")]
        if kind not in self.plan.product.items or (said in self.plan.product.items and not several):
            return f"unknown item '{said}'{nearest(said, (*self.plan.items, *self.there))}"
        if not several:
            return f"unknown item '{said}': the policy has no '{kind}'"
        last = f" to '{several[-1]}'" if len(several) > 1 else ""
        return f"expected '{several[0]}'{last}, got '{said}'"

    def of_items(self, name: str, mark: Mark, value: object, at: At) -> None:
        """Read a mark that has one value for each item."""
        if not isinstance(value, Mapping):
            some = (self.item,) if self.item else self.plan.items[:3]
            items = ", ".join(f"{item}: …" for item in some)
            text = f"expected a value for each item such as {{{items}}}, got {_said(value)}"
            self.fail(at, f"marks.{name}", text)
            return
        row = self.plan.item_marks.index(name)
        for item, entry in value.items():
            place = getattr(entry, "at", at)
            if self.item and item != self.item:
                text = f"expected a value of '{self.item}' only, to which it happens, got '{item}'"
                place = value.keys_at[item] if isinstance(value, Map) else place
                self.fail(place, f"marks.{name}", text)
                continue
            if item not in self.plan.items:
                text = f"unknown item '{item}'{nearest(item, self.plan.items)}"
                place = value.keys_at[item] if isinstance(value, Map) else place
                self.fail(place, f"marks.{name}", text)
                continue
            number = self.one(f"{name}.{item}", mark, entry, place)
            self.item_marks[row, self.plan.items.index(item)] = number

    def one(self, path: str, mark: Mark, value: object, at: At) -> float:
        """Read one value; NaN where it is none of its type."""
        if isinstance(value, Mapping | Seq):
            self.fail(at, f"marks.{path}", f"expected one value, got {_said(value)}")
            return math.nan
        text = as_text(value)
        self.told.append((path, text))
        try:
            number = read_literal(with_unit(text, mark.declared), mark.declared)
        except BadValue as error:
            self.fail(at, f"marks.{path}", str(error))
            return math.nan
        if number < 0.0 and mark.type in NOT_BELOW_ZERO:
            self.fail(at, f"marks.{path}", f"expected 0 or more, got {text}")
        return number


def with_unit(text: str, declared: Type) -> str:
    """Let a bare count of days or months stand for itself: the mark names its unit."""
    bare = declared.kind in ("days", "months") and len(text.split()) == 1 and not declared.chosen
    return f"{text} {declared.kind}" if bare else text


def _said(value: object) -> str:
    return said(value) if isinstance(value, Text | Seq | Mapping) else str(value)
