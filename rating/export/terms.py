"""The promises of an export: what each exclusion and cover answers to an event, as data."""

from collections.abc import Iterator

from product_factory.assembled import Cover
from product_factory.due import Due, Moment
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder, Input, Program
from product_factory.expressions.tree import Conditions, Expression, Name
from product_factory.module import ALIVE, AdjustLine, Pays, Then
from product_factory.promise import DAYS, MONEY, TIMES, YEARS
from product_factory.scopes import general_scope
from product_factory.types import Type
from rating.claims.instalments import Bound
from rating.export.expressions import Expressions, Json
from rating.export.plan import place, two
from rating.kernels import effects
from rating.kernels import settle as k
from rating.payout import CONTEXT, Entry, PayoutPlan

PARTS = {
    "where": k.WHERE,
    "waiting": k.WAITS,
    "waived_if": k.UNLESS,
    "meanwhile": k.MEANWHILE,
    "gap": k.GAP,
    "times": k.TIMES,
    "amount": k.AMOUNT,
}


def terms_data(plan: PayoutPlan) -> Json:
    """Give the promises as plain data."""
    return _Terms(plan).data()


class _Terms:
    def __init__(self, plan: PayoutPlan) -> None:
        self.plan = plan
        self.product = plan.product
        self.tables = {**plan.product.tables, **plan.product.built}

    def data(self) -> Json:
        product = self.product
        contract = product.product.contract
        return {
            "contract": {
                "term": self._years("term"),
                "pay": self._years("pay"),
                "pay_while": contract.pay_while,
            },
            "processes": {alias: self._process(alias) for alias in product.processes},
            "one_a_date": [list(line) for line in product.product.one_a_date.values()],
            "answers": [self._answer(number) for number in range(len(self.plan.entries))],
            "stages": [
                {
                    "operation": stage.operation,
                    "per": stage.per,
                    "each": stage.each or None,
                    "pool": stage.pool or None,
                    "lines": [{"of": name, "line": line} for name, line in stage.lines],
                }
                for stage in self.plan.stages
            ],
            "pools": {name: two(pool.title) for name, pool in product.product.pools.items()},
            "due": list(self._due()),
            "terms": [
                {
                    "name": term.full_name,
                    "value": term.text,
                    "type": term.type.kind,
                    "how": term.how,
                    "source": place(term.at),
                }
                for cover in product.uses.values()
                for term in cover.terms.values()
            ],
        }

    def reads(self, entry: Input) -> Json:
        """Say where an input of a promise comes from, in the order in which names are found."""
        plan, name = self.plan, entry.name
        if name.startswith("so_far["):
            return {"read": "so_far", "of": "line"}
        if name == "item":
            return {"read": "item", "of": "item"}
        groups = {
            "event": plan.marks,
            "event_item": plan.item_marks,
            "policy": plan.facts,
            "item": plan.item_facts,
            "contract": CONTEXT,
        }
        of = next(kind for kind, names in groups.items() if name in names)
        return {"read": name, "of": of}

    def own_reads(self, entry: Input) -> Json:
        """Say where an input comes from that no event brings."""
        of = "policy" if entry.name in self.product.variables else "contract"
        return {"read": entry.name, "of": of}

    def _years(self, key: str) -> Json | None:
        """Write how long the contract runs or premiums are due; None for life."""
        contract = self.product.product.contract
        if getattr(contract, key) == "life":
            return None
        builder = Builder()
        name = Name(key, contract.place(key))
        value = Binder(builder).value(name, general_scope(self.product), YEARS)
        builder.results[key] = value.register
        return Expressions(builder.finish(), self.own_reads, self.tables).result(key)

    def _process(self, alias: str) -> Json:
        process = self.product.processes[alias]
        plan = self.plan
        computed = {
            (plan.item_marks if each else plan.marks)[mark]: plan.programs[entry]
            for entry, mark, each in plan.arrays.computed.tolist()
        }
        return {
            "title": two(process.title),
            "kind": process.kind,
            "states": {name: two(state.title) for name, state in process.states.items()},
            "first_state": next(iter(process.states), None),
            "from_the_start": process.from_the_start,
            "events": {
                name: {
                    "title": two(event.title),
                    "ends": event.ends,
                    "from": list(event.leaves),
                    "to": event.to,
                }
                | ({"each": event.each} if event.each is not None else {})
                for name, event in process.events.items()
            },
            "marks": [
                {
                    "name": name,
                    "type": mark.type,
                    "unit": mark.unit or None,
                    "choices": list(mark.declared.of) if mark.declared.chosen else None,
                    "each": mark.each,
                    "is": self._part(computed[name], k.AMOUNT) if name in computed else None,
                }
                for name, mark in process.marks.items()
            ],
        }

    def _part(self, program: Program, part: int) -> Json | None:
        return Expressions(program, self.reads, self.tables).result(str(part))

    def _answer(self, number: int) -> Json:
        entry, program = self.plan.entries[number], self.plan.programs[number]
        found: Json = {
            "name": entry.name,
            "kind": "exclusion" if entry.exclusion else "cover",
            "title": two(self.product.uses[entry.cover.alias].title),
            "module": f"{entry.cover.module.module} {entry.cover.module.version}",
            "events": list(entry.events),
            "items": [item for item, _ in entry.slots if item],
            "once": self._once(number),
            "lines": [self._line(program, *one) for one in enumerate(entry.lines)],
            "then": self._then(number, entry),
        }
        return found | {key: self._part(program, part) for key, part in PARTS.items()}

    def _line(self, program: Program, order: int, line: AdjustLine) -> Json:
        part = k.LINES + k.LINE * order
        found = {
            "operation": line.operation,
            "when": self._part(program, part),
            "value": self._part(program, part + 1),
        }
        return found if line.above is None else found | {"above": self._part(program, part + 2)}

    def _once(self, number: int) -> Json | None:
        arrays = self.plan.arrays
        mark = int(arrays.once[number])
        if mark < 0:
            return None
        listed = arrays.listed[number].tolist()
        return {
            "mark": self.plan.marks[mark],
            "places": [choice for choice, paid in enumerate(listed) if paid],
        }

    def _then(self, number: int, entry: Entry) -> Json:
        arrays = self.plan.arrays
        words = {effects.REDUCES: "reduces", effects.RESTORES: "restores"}
        return {
            "ends": (None, "cover", "contract")[int(arrays.ends[number])],
            "waives": "premium" if arrays.waives[number] else None,
            "effects": [
                {
                    "does": words[kind],
                    "target": "sum_insured" if target == effects.SUM_INSURED else target,
                    "after_days": days,
                }
                for of, kind, target, days in arrays.effects.tolist()
                if self.plan.entries[of] is entry
            ],
        }

    def _due(self) -> Iterator[Json]:
        for cover in self.product.covers.values():
            pays = cover.module.pays
            if pays is not None and pays.due is not None:
                yield self._schedule(cover, pays, pays.due)

    def _schedule(self, cover: Cover, pays: Pays, due: Due) -> Json:
        product = self.product

        def bound(value: Expression | Conditions | None, wanted: Type) -> Json | None:
            if value is None:
                return None
            program = Bound.of(product, cover, value, wanted).program
            return Expressions(program, self.own_reads, self.tables).result("value")

        def moment(one: Moment | None) -> Json | None:
            return None if one is None else {one.key: bound(one.value, TIMES[one.key])}

        every = due.every
        during = str(pays.during)
        lives = during != ALIVE and product.processes[during.partition(".")[0]].from_the_start
        return {
            "name": cover.alias,
            "title": two(cover.title),
            "while": during,
            "follows": "contract" if during == ALIVE or lives else "stay",
            "where": bound(pays.where, MONEY),
            "amount": bound(pays.amount, MONEY),
            "once": moment(due.once),
            "every": every if every is None or isinstance(every, str) else bound(every, YEARS),
            "at": due.falls,
            "from": moment(due.begins),
            "until": moment(due.until),
            "guaranteed": bound(due.guaranteed, YEARS),
            "guarantee_paid_at": list(pays.event),
            "after": bound(due.elimination, DAYS),
            "relapse": bound(due.relapse, DAYS),
            "for": bound(due.most, YEARS),
            "waives": "premium" if _waives(pays.then) else None,
        }


def _waives(then: Then | None) -> bool:
    return then is not None and then.waives is not None
