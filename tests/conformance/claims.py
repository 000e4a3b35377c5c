"""Claims of an export, settled as docs/export.md says."""

import math
from collections import Counter, defaultdict
from datetime import date

from tests.conformance.contract import Contract
from tests.conformance.dates import number_of_day, policy_year
from tests.conformance.due import Due, OfTheContract
from tests.conformance.expressions import MISSING, Evaluator, cents, load, load_tables, text_of
from tests.conformance.lines import pass_lines
from tests.conformance.prices import number_of

ANSWERED = ("paid", "instead", "takes")


class Account:
    """What a contract carries from date to date."""

    def __init__(self, terms):
        self.spent = set()
        self.paid, self.last, self.met = Counter(), {}, defaultdict(set)
        self.used = [{} for _ in terms["stages"]]
        self.reduced = {}
        self.due = {}
        self.year = None


class Slot:
    """An answer and one of its items, asked about one event; course: whose alive, paid, last."""

    def __init__(self, answer, item, course):
        self.answer, self.item, self.course = answer, item, course
        self.outcome, self.gross, self.amount, self.lines, self.read = None, None, None, [], None


class Happened:
    """An event with its marks as numbers."""

    def __init__(self, claims, told):
        self.name, self.date = told["event"], date.fromisoformat(told["date"])
        self.item = told.get("item")
        process = claims.terms["processes"][self.name.partition(".")[0]]
        self.marks, self.item_marks = {}, {}
        stated = told["marks"]
        for mark in process["marks"]:
            name, value = mark["name"], stated.get(mark["name"])
            if mark["each"] == "item":
                values = value or {}
                self.item_marks[name] = {i: number_of(mark, one) for i, one in values.items()}
            else:
                self.marks[name] = MISSING if value is None else number_of(mark, value)
        self._computed = [mark for mark in process["marks"] if mark["is"] is not None]

    def compute(self, claims, reads, items):
        """Compute the marks that were not stated."""
        for mark in self._computed:
            name = mark["name"]
            if mark["each"] != "item":
                if math.isnan(self.marks[name]):
                    self.marks[name] = claims.evaluator.value(mark["is"], reads(None))
                continue
            for item in items:
                if self.item in (None, item) and item not in self.item_marks[name]:
                    found = claims.evaluator.value(mark["is"], reads(item))
                    self.item_marks[name][item] = found


class Claims:
    """The promises of an export."""

    def __init__(self, folder):
        self.plan, self.terms = load(folder, "plan"), load(folder, "terms")
        self.evaluator = Evaluator(load_tables(folder))
        self.above = {}
        for line in self.terms["one_a_date"]:
            for place, name in enumerate(line):
                self.above.setdefault(name, set()).update(line[:place])
        self.many = {item["name"] for item in self.plan["items"] if item.get("many")}

    def one_by_one(self, event):
        """Tell whether an event happens to items one by one."""
        process, _, name = event.partition(".")
        return self.terms["processes"][process]["events"][name].get("each") == "item"

    def slots(self, answer, risk, only):
        """Give the slots of an answer, of an event of one item those that it may concern."""
        if not answer["items"]:
            return [Slot(answer, None, (answer["name"], None))]
        own = self.many & set(answer["items"]) or any(map(self.one_by_one, answer["events"]))
        items = []
        for kind in answer["items"]:
            several = [item for item, of in risk.kinds.items() if of == kind]
            items += several if kind in self.many else [kind]
        return [
            Slot(answer, item, (answer["name"], item if own else None))
            for item in items
            if only in (None, item)
        ]

    def settle(self, policy, events):
        """Give what a claim case tells, but `id`, `why`, `policy` and `events`."""
        return _Course(self, policy, events).told()


class _Course:
    """The course of one contract."""

    def __init__(self, claims, policy, events):
        self.claims, self.terms = claims, claims.terms
        self.contract = Contract(claims.plan, claims.terms, claims.evaluator, policy)
        self.account = Account(claims.terms)
        self.due = Due(self.contract)
        self.events = events
        self.ended, self.before, self.settled = None, None, []

    def told(self):
        for text in sorted({event["date"] for event in self.events}):
            self._date(date.fromisoformat(text), [e for e in self.events if e["date"] == text])
        contract = self.contract
        last = contract.start
        if self.settled:
            last = date.fromisoformat(self.settled[-1]["date"])
        over = self.ended is not None or (contract.end is not None and last >= contract.end)
        if over:
            contract.close(self.ended or contract.end)
        in_force = [event["date"] for event in self.settled if event["status"] == "settled"]
        day = date.fromisoformat(in_force[-1]) if in_force else contract.start
        paid = contract.premiums_paid(day, self.due.spells())
        amounts = [
            float(answer["amount"])
            for event in self.settled
            for answer in event["answers"]
            if answer["amount"] is not None
        ]
        since = contract.waived_since
        return {
            "settled": self.settled,
            "end": contract.end and contract.end.isoformat(),
            "ended": self.ended and self.ended.isoformat(),
            "after": "ended" if over else "in_force",
            "waived": since and since.isoformat(),
            "premiums_paid": None if math.isnan(paid) else text_of(paid),
            "total": text_of(cents(math.fsum(amounts))),
        }

    def _date(self, day, events):
        if self.ended is None:
            self._list(self.due.listed(self.before, day))
            self.before = day
        status = "settled"
        if self.ended is not None:
            status = "after_end"
        elif self.contract.end is not None and day >= self.contract.end:
            status = "after_term"
        alive = [event for event in events if event["event"] == "alive"]
        others = [event for event in events if event["event"] != "alive"]
        above = self.claims.above
        others.sort(key=lambda event: len(above.get(event["event"], ())))
        for event in alive:
            self._note(event["event"], day, status, [])
        if status != "settled":
            for event in others:
                self._note(event["event"], day, status, [], event.get("item"))
        elif others:
            self._settle(day, [Happened(self.claims, one) for one in others])
            if self.ended is None:
                self._list(self.due.on_entry(day))

    def _note(self, name, day, status, answers, item=None):
        self.settled.append(
            ({} if item is None else {"item": item})
            | {
                "date": day.isoformat(),
                "event": name,
                "due": False,
                "status": status,
                "policy_year": policy_year(self.contract.start, day),
                "answers": answers,
            }
        )

    def _list(self, events):
        for event in events:
            answers = [_answer(n, None, "paid", cents(a), a) for n, a in event["answers"]]
            self.settled.append({**event, "answers": answers})

    def _settle(self, day, events):
        self._renew(day)
        spells = self.due.spells()
        knows = self.contract.knows(day, spells)
        rests = self._rests(day, events, spells)
        for event in events:
            self.contract.move(event.name, day)
        asked, spent = [], set(self.account.spent)
        for event in events:
            asked.append(self._ask(event, day, knows, asked, events, spent))
        self._spend(asked)
        passing = [slot for slots in asked for slot in slots if slot.outcome == "paid"]
        pass_lines(self.terms, self.claims.evaluator, passing, asked, self.account.used)
        answered = [slot for slots in asked for slot in slots if slot.outcome in ANSWERED]
        for slot in answered:
            slot.amount = cents(slot.amount)
        for slot in answered:
            self._follow(slot, day)
        ends = any(slot.answer["then"]["ends"] == "contract" for slot in answered)
        for event, slots in zip(events, asked, strict=True):
            answers = [
                _answer(s.answer["name"], s.item, s.outcome, s.amount, s.gross, s.lines)
                for s in slots
            ]
            if not any(slot.outcome == "takes" for slot in slots):
                answers += rests[event.name]
            self._note(event.name, day, "settled", answers, event.item)
            process, _, name = event.name.partition(".")
            ends = ends or self.terms["processes"][process]["events"][name]["ends"] == "life"
        if ends:
            self.ended = day

    def _renew(self, day):
        """Make balances of another policy year whole, and restore what is due."""
        account, year = self.account, policy_year(self.contract.start, day)
        if year != account.year:
            for stage, used in zip(self.terms["stages"], account.used, strict=True):
                if stage["per"] == "policy_year":
                    used.clear()
            account.year = year
        for (effect, item), when in list(account.due.items()):
            if when <= number_of_day(day):
                self._restore(self._effect(effect), item)
                del account.due[effect, item]

    def _rests(self, day, events, spells):
        found = {event.name: [] for event in events}
        for one in self.due.all:
            if not isinstance(one, OfTheContract) or one.told["guaranteed"] is None:
                continue
            for name in {event.name for event in events} & set(one.told["guarantee_paid_at"]):
                rest, of = one.rest(day, spells), one.told["name"]
                if rest is None:
                    found[name].append(_answer(of, None, "not_begun", None, None))
                else:
                    found[name].append(_answer(of, None, "paid", cents(rest), rest))
        return found

    def _reads(self, event, knows):
        account, risk = self.account, self.contract.risk

        def of_item(item):
            def read(name, of):
                if of == "event":
                    return event.marks.get(name, MISSING)
                if of == "event_item":
                    return event.item_marks.get(name, {}).get(item, MISSING)
                if of == "contract":
                    return knows.get(name, MISSING)
                if of == "item" and item is None:
                    return MISSING
                value = risk.reads(item)(name, of)
                if name == "sum_insured":
                    place = None if of == "policy" else item
                    value = max(value - account.reduced.get(place, 0.0), 0.0)
                return value

            return read

        return of_item

    def _ask(self, event, day, knows, asked, events, spent):
        reads = self._reads(event, knows)
        event.compute(self.claims, reads, self.contract.risk.items)
        above = self.claims.above.get(event.name, set())
        lesser = any(
            other.name in above
            and (other.item is None or event.item in (None, other.item))
            and any(slot.outcome in ANSWERED for slot in slots)
            for other, slots in zip(events, asked, strict=False)
        )
        slots, taken = [], False
        for answer in self.terms["answers"]:
            if event.name not in answer["events"]:
                continue
            for slot in self.claims.slots(answer, self.contract.risk, event.item):
                slot.read = reads(slot.item)
                self._decide(slot, event, day, lesser, taken, spent)
                taken = taken or slot.outcome == "takes"
                slots.append(slot)
        for course, answer in {s.course: s.answer for s in slots if s.outcome == "paid"}.items():
            self.account.paid[course] += 1
            self.account.last[course] = day
            if answer["once"] is not None:
                self.account.met[course].add(event.marks[answer["once"]["mark"]])
        return slots

    def _decide(self, slot, event, day, lesser, taken, spent):  # noqa: C901, PLR0911, PLR0912 - the table of outcomes, row by row
        answer, account, course = slot.answer, self.account, slot.course
        exclusion = answer["kind"] == "exclusion"

        def part(key):
            tree = answer[key]
            return None if tree is None else self.claims.evaluator.value(tree, slot.read)

        def says(outcome):
            slot.outcome = outcome

        if lesser:
            return says("outranked")
        if course in spent:
            return says("cover_ended")
        if taken and not exclusion:
            return says("excluded")
        if slot.item is not None and slot.item not in self.contract.risk.items:
            return says("not_insured")
        if answer["once"] is not None:
            choice = event.marks[answer["once"]["mark"]]
            if choice not in answer["once"]["places"]:
                return says("unlisted")
            if choice in account.met[course]:
                return says("met")
        if part("where") == 0.0:
            return says("fits_not" if exclusion else "where_not")
        if part("waiting") == 1.0 and part("waived_if") != 1.0:
            meanwhile = part("meanwhile")
            if meanwhile is None:
                return says("waiting")
            slot.gross = slot.amount = meanwhile
            return says("instead")
        gap, last, times = part("gap"), account.last.get(course), part("times")
        if gap is not None and last is not None and (day - last).days < gap:
            return says("gap")
        if times is not None and account.paid[course] >= times:
            return says("cover_ended")
        amount = part("amount")
        if math.isnan(amount):
            return says("not_hit")
        slot.gross = slot.amount = amount
        return says("takes" if exclusion else "paid")

    def _spend(self, asked):
        for slots in asked:
            for slot in slots:
                times = slot.answer["times"]
                if slot.outcome == "paid" and times is not None:
                    most = self.claims.evaluator.value(times, slot.read)
                    if self.account.paid[slot.course] >= most:
                        self.account.spent.add(slot.course)

    def _follow(self, slot, day):
        then, account = slot.answer["then"], self.account
        if then["ends"] == "cover":
            account.spent.add(slot.course)
        if then["waives"] is not None and self.contract.waived_since is None:
            self.contract.waived_since = day
        for does in ("reduces", "restores"):
            for number, effect in enumerate(then["effects"]):
                if effect["does"] != does:
                    continue
                if does == "restores" and effect["after_days"] > 0:
                    key = ((slot.answer["name"], number), slot.item)
                    account.due[key] = number_of_day(day) + effect["after_days"]
                elif does == "restores":
                    self._restore(effect, slot.item)
                elif effect["target"] == "sum_insured":
                    account.reduced[slot.item] = account.reduced.get(slot.item, 0.0) + slot.amount
                else:
                    used, place = self._balance(effect, slot.item)
                    used[place] = used.get(place, 0.0) + slot.amount

    def _effect(self, key):
        name, number = key
        answer = next(one for one in self.terms["answers"] if one["name"] == name)
        return answer["then"]["effects"][number]

    def _balance(self, effect, item):
        stage = self.terms["stages"][effect["target"]]
        return self.account.used[effect["target"]], item if stage["each"] == "item" else None

    def _restore(self, effect, item):
        if effect["target"] == "sum_insured":
            self.account.reduced[item] = 0.0
        else:
            used, place = self._balance(effect, item)
            used[place] = 0.0


def _answer(name, item, outcome, amount, gross, lines=()):
    return {
        "name": name,
        "item": item,
        "outcome": outcome,
        "gross": None if gross is None else text_of(gross),
        "lines": list(lines),
        "amount": None if amount is None else f"{amount:.2f}",
    }
