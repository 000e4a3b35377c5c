"""What falls due on a contract of an export, as docs/export.md says."""

import math

from tests.conformance.dates import A_DAY, months_later, policy_year, whole_months
from tests.conformance.expressions import cents

EVERY = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
FOR_LIFE = 2400


class Payments:
    """The payments of one entry of `due`."""

    def __init__(self, contract, told):
        self.contract, self.told = contract, told
        self.advance = told["at"] == "start" and told["once"] is None
        self.every = None
        if told["every"] is not None:
            self.every = EVERY.get(told["every"]) if isinstance(told["every"], str) else None
            self.every = self.every or round(self._value(told["every"]) * 12)

    def _value(self, tree, year=1):
        return self.contract.evaluator.value(tree, self.contract.read_at_year(year, ()))

    def months(self, key):
        """A time in months from the start; None where it is not told."""
        moment = self.told[key]
        if moment is None:
            return None
        if "years" in moment:
            return round(12 * self._value(moment["years"]))
        return round(12 * (self._value(moment["age"]) - self.contract.risk.policy["age"]))

    def days(self, key):
        return 0 if self.told[key] is None else round(self._value(self.told[key]))

    def amount(self, year, spells):
        """The amount before rounding of the payment for a policy year; None: it is not due."""
        read = self.contract.read_at_year(year, spells)
        where = self.told["where"]
        if where is not None and self.contract.evaluator.value(where, read) == 0.0:
            return None
        return self.contract.evaluator.value(self.told["amount"], read)


class OfTheContract(Payments):
    """Due dates that follow the contract's start."""

    def __init__(self, contract, told):
        super().__init__(contract, told)
        self.begins = self.months("from") or 0
        term = FOR_LIFE if math.isinf(contract.term) else round(12 * contract.term)
        until = self.months("until")
        self.until = term if until is None else min(term, until)

    def dates(self, last):
        """The due dates up to a month, with their policy years."""
        told = self.told
        if told["once"] is not None:
            at = self.months("once")
            months = [at] if at <= self.until else []
        elif self.advance:
            months = range(self.begins, self.until, self.every)
        else:
            months = range(self.begins + self.every, self.until + 1, self.every)
        for month in months:
            if month > last:
                return
            year = month // 12 + 1 if self.advance else max((month - 1) // 12 + 1, 1)
            yield months_later(self.contract.start, month), year

    def fallen(self, after, day):
        """The payments after a day (None: from the start on) up to another."""
        start = self.contract.start
        stays = [None]
        if self.told["while"] != "alive":
            stays = [stay for stay in self.contract.stays if stay.name == self.told["while"]]
        for stay in stays:
            for on, year in self.dates(whole_months(start, day)):
                if after is not None and on <= after:
                    continue
                if stay is None:
                    yield on, year
                    continue
                first = stay.entered if stay.entered == start else stay.entered + A_DAY
                if first <= on and (stay.left is None or on <= stay.left):
                    yield on, year

    def rest(self, day, spells):
        """What an event leaves of the guarantee: not_begun, or the amount."""
        if day < months_later(self.contract.start, self.begins):
            return None
        sure = self.begins + round(12 * self._value(self.told["guaranteed"]))
        last = min(sure, self.until)
        found = []
        for on, year in self.dates(last - 1 if self.advance else last):
            amount = self.amount(year, spells) if on > day else None
            if amount is not None:
                found.append(cents(amount))
        return math.fsum(found)


class OfAStay(Payments):
    """Due dates that follow each stay in a state."""

    def __init__(self, contract, told):
        super().__init__(contract, told)
        self.after, self.relapse = self.days("after"), self.days("relapse")
        self.most = None if told["for"] is None else round(12 * self._value(told["for"]))
        until = self.months("until")
        ends = [contract.end] if contract.end is not None else []
        if until is not None:
            ends.append(months_later(contract.start, until))
        self.ends = ends

    def begun(self):
        """Each stay in the state, with the day on which its payments begin."""
        before = None
        for stay in self.contract.stays:
            if stay.name != self.told["while"]:
                continue
            begins = stay.entered + self.after * A_DAY
            if (
                before is not None
                and self.told["relapse"] is not None
                and (stay.entered - before).days < self.relapse
            ):
                begins = stay.entered
            yield stay, begins
            if stay.left is not None:
                before = stay.left if begins <= stay.left else None

    def fallen(self, after, day, entered=None):
        """The payments after a day up to another; entered: of stays that began on that day."""
        for stay, begins in self.begun():
            if entered is not None and stay.entered != entered:
                continue
            last = day if stay.left is None else min(day, stay.left)
            ends = list(self.ends)
            if self.most is not None:
                ends.append(months_later(begins, self.most))
            number = 0 if self.advance else 1
            while (on := months_later(begins, number * self.every)) <= last:
                if any(on >= end if self.advance else on > end for end in ends):
                    break
                if after is None or on > after:
                    of = on if self.advance else max(on - A_DAY, self.contract.start)
                    yield on, policy_year(self.contract.start, of)
                number += 1

    def spells(self):
        """The premiums that stays waive: first and last day; None: as long as it lasts."""
        if self.told["waives"] is None:
            return
        for stay, begins in self.begun():
            first = max(begins, stay.entered + A_DAY)
            lasts = [] if stay.left is None else [stay.left]
            if self.most is not None:
                lasts.append(months_later(begins, self.most) - A_DAY)
            last = min(lasts) if lasts else None
            if last is None or first <= last:
                yield first, last


class Due:
    """Everything that falls due on a contract."""

    def __init__(self, contract):
        self.contract = contract
        kinds = {"contract": OfTheContract, "stay": OfAStay}
        self.all = [kinds[told["follows"]](contract, told) for told in contract.terms["due"]]

    def spells(self):
        """The spells of waived premiums."""
        found = [spell for one in self.all if isinstance(one, OfAStay) for spell in one.spells()]
        paying = self.contract.terms["contract"]["pay_while"]
        if paying is not None:
            process = paying.partition(".")[0]
            found += [
                (stay.entered + A_DAY, stay.left)
                for stay in self.contract.stays
                if stay.process == process and stay.name != paying
            ]
        return found

    def listed(self, after, day):
        """What fell due after a day (None: from the start on), as events of a case."""
        return self._events([(one, d) for one in self.all for d in one.fallen(after, day)])

    def on_entry(self, day):
        """What falls due on the day on which a state was entered."""
        stays = [one for one in self.all if isinstance(one, OfAStay)]
        return self._events(
            [(one, d) for one in stays for d in one.fallen(day - A_DAY, day, entered=day)]
        )

    def _events(self, fallen):
        spells = self.spells()
        found = {}
        fallen.sort(key=lambda pair: pair[0].told["while"] != "alive")
        for one, (on, year) in fallen:
            amount = one.amount(year, spells)
            if amount is None:
                continue
            key = (on, one.told["while"])
            event = {
                "date": on.isoformat(),
                "event": one.told["while"],
                "due": True,
                "status": "settled",
                "policy_year": year,
                "answers": [],
            }
            found.setdefault(key, event)["answers"].append((one.told["name"], amount))
        return [found[key] for key in sorted(found)]
