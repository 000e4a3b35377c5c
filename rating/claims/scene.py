"""The events of one date before a plan: what each part of a promise reads there, and its value."""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from product_factory.contract import CLOSED_LIST
from product_factory.errors import BadInput
from product_factory.examples import ClaimEvent
from product_factory.expressions.operations import REGISTERS, Op
from product_factory.scopes import item_variables
from product_factory.types import Type, day_of
from rating.claims.marks import Marks
from rating.claims.members import ITEM
from rating.claims.policy import Policy
from rating.claims.settlement import Formula, Read
from rating.kernels import settle as k
from rating.kernels.account import Account
from rating.payout import CONTEXT, PayoutPlan
from rating.worksheet import shown

Floats = npt.NDArray[np.float64]
MONEY = Type("money")
MARKS = (k.MARK, k.ITEM_MARK)
STATED_BY_POLICY = {"premium": "premium", "premiums_paid": "premium", "cash_value": "cash_value"}
"""What of the closed list depends on a figure that a policy states."""


@dataclass(frozen=True)
class Scene:
    """The events of one date, and all that the kernel reads of them.

    day        the date;  account: what the contract carries to it
    numbers    the place of each event in the claim's list;  happened: as it was stated
    stated     its marks as they were stated; those of `claims` hold the computed ones too
    registers  [event, slot, register] room to work in
    """

    plan: PayoutPlan
    policy: Policy
    day: date
    account: Account
    numbers: tuple[int, ...]
    happened: tuple[ClaimEvent, ...]
    stated: tuple[Marks, ...]
    claims: k.Claims
    registers: Floats

    def ready(self, event: int, slot: int) -> Floats:
        """Fill and give the registers of a slot for an event."""
        arrays = self.plan.arrays
        r: Floats = self.registers[event, slot]
        entry, item = arrays.slot_entry[slot], arrays.slot_item[slot]
        k.fill(arrays, self.claims, event, entry, item, r)
        k.reduce_sum(arrays, self.account, entry, item, r)
        return r

    def absent(self, entry: int, part: int, r: Floats) -> list[tuple[int, int]]:
        """List the sources that a part reads and that are unknown here; `so_far` never is."""
        found = [(self._source(entry, n), r[n]) for n in inputs_of(self.plan.arrays, entry, part)]
        return [source for source, value in found if source[0] != k.SO_FAR and math.isnan(value)]

    def need(self, event: int, slot: int, part: int) -> None:
        """Raise BadInput naming the first thing that a part of a promise reads and nobody knows."""
        entry = int(self.plan.arrays.slot_entry[slot])
        for kind, place in self.absent(entry, part, self.registers[event, slot]):
            self._fail(event, entry, kind, place)

    def need_mark(self, event: int, entry: int, place: int) -> None:
        """Raise BadInput where an entry reads a mark that the event does not state."""
        if math.isnan(self.claims.marks[event, place]):
            self._fail(event, entry, k.MARK, place)

    def elsewhere(self, event: int, mark: int) -> bool:
        """Tell whether a mark of items, or one that it is computed from, is known for some item."""
        kin = [mark, *(place for kind, place in self._roots(1, mark) if kind == k.ITEM_MARK)]
        return bool(np.isfinite(self.claims.item_marks[event, kin]).any())

    def formula(self, event: int, slot: int, part: int, text: str) -> Formula:
        """Give what a part says, with the names that it reads and their values."""
        arrays = self.plan.arrays
        entry, r = int(arrays.slot_entry[slot]), self.registers[event, slot]
        reads = []
        for number in inputs_of(arrays, entry, part):
            kind, place = self._source(entry, number)
            name, declared = self._named(event, kind, place)
            computed = self._computed(event, kind, place, int(arrays.slot_item[slot]))
            reads.append(Read(name, told(float(r[number]), declared), computed))
        return Formula(text, tuple(reads))

    def _source(self, entry: int, number: int) -> tuple[int, int]:
        kind, place = self.plan.arrays.sources[entry, number]
        return int(kind), int(place)

    def _roots(self, each: int, mark: int) -> list[tuple[int, int]]:
        """List the sources from which a mark would be computed; none where it must be stated."""
        arrays = self.plan.arrays
        for entry, place, of_items in arrays.computed:
            if (place, of_items) == (mark, each):
                numbers = inputs_of(arrays, int(entry), k.AMOUNT)
                return [self._source(int(entry), number) for number in numbers]
        return []

    def _named(self, event: int, kind: int, place: int) -> tuple[str, Type]:
        plan = self.plan
        if kind in MARKS:
            name = (plan.marks if kind == k.MARK else plan.item_marks)[place]
            process = plan.product.processes[self.happened[event].event.partition(".")[0]]
            mark = process.marks.get(name)
            return name, mark.declared if mark is not None else Type("number")
        if kind == k.FACT:
            return plan.facts[place], plan.product.variables[plan.facts[place]].type
        if kind == k.ITEM_FACT and plan.item_facts[place] == ITEM:
            return ITEM, Type("choice", tuple(plan.product.items))
        if kind == k.ITEM_FACT:
            return plan.item_facts[place], item_variables(plan.product)[plan.item_facts[place]].type
        if kind == k.CONTEXT:
            name = CONTEXT[place]
            unit = name.partition(".")[2]
            return name.partition(".")[0], Type(unit or CLOSED_LIST.get(name, "date"))
        return (ITEM, Type("choice", plan.items)) if kind == k.ITEM else ("so_far", MONEY)

    def _computed(self, event: int, kind: int, place: int, item: int) -> bool:
        if kind == k.MARK:
            return math.isnan(self.stated[event].marks[place])
        if kind == k.ITEM_MARK:
            return item >= 0 and math.isnan(self.stated[event].item_marks[place, item])
        if kind == k.CONTEXT and CONTEXT[place] == "cash_value":
            return self.policy.computes_cash_value()
        return False

    def _fail(self, event: int, entry: int, kind: int, place: int) -> None:
        reader = self.plan.entries[entry].name
        name, _ = self._named(event, kind, place)
        happened, path = self.happened[event], f"events[{self.numbers[event]}]"
        if kind in MARKS:
            roots = self._roots(int(kind == k.ITEM_MARK), place)
            names = [name, *(self._named(event, *r)[0] for r in roots if r[0] in MARKS)]
            quoted = " nor ".join(f"'{one}'" for one in names)
            nobody = f"neither {quoted} is" if len(names) > 1 else f"{quoted} is not"
            text = f"{nobody} stated, and '{reader}' reads '{name}'"
            raise BadInput.one(happened.place("marks"), f"{path}.marks", text)
        if kind == k.CONTEXT and name in STATED_BY_POLICY:
            needed = STATED_BY_POLICY[name]
            text = f"'{needed}' of the policy is not stated, and '{reader}' reads '{name}'"
            raise BadInput.one(happened.at, path, text)
        text = f"'{name}' is not known here, and '{reader}' reads it"
        raise BadInput.one(happened.at, path, text)


def inputs_of(plan: k.Plan, entry: int, part: int) -> tuple[int, ...]:
    """List the input registers that a part of an entry reads; none where there is no such part."""
    waiting, seen = [int(plan.parts[entry, part, 2])], set[int]()
    first = int(plan.first_register[entry])
    while waiting:
        register = waiting.pop()
        if register < 0 or register in seen:
            continue
        seen.add(register)
        if register >= first:
            row = plan.code[register - first + int(plan.first_code[entry])]
            operands = REGISTERS.get(Op(int(row[0])), "ab")
            waiting += [int(row[1 + "abc".index(operand)]) for operand in operands]
    return tuple(sorted(register for register in seen if register < plan.inputs[entry]))


def told(value: float, declared: Type) -> str:
    """Write a value as a person reads it."""
    if math.isnan(value):
        return "-"
    if declared.chosen:
        return declared.of[int(value)]
    if declared.kind == "money":
        return f"{value:,.2f}"
    if declared.kind == "date":
        return day_of(value).isoformat()
    return shown(value, declared)
