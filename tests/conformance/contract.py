"""A contract of an export: its policy, premiums, stays in states, what it knows on a day."""

import math
from datetime import date

from tests.conformance.dates import (
    A_DAY,
    anniversary,
    months_later,
    number_of_day,
    policy_year,
    whole_months,
)
from tests.conformance.expressions import MISSING
from tests.conformance.prices import Risk, premiums_a_year

OF_POLICY = ("start", "premium", "cash_values")


class Stay:
    """A stay in a state of a process; left: None while it lasts."""

    def __init__(self, process, state, entered):
        self.process, self.state, self.entered, self.left = process, state, entered, None

    @property
    def name(self):
        return f"{self.process}.{self.state}"

    def lasts(self):
        return self.left is None


class Contract:
    """What is known of a policy."""

    def __init__(self, plan, terms, evaluator, policy):
        self.terms, self.evaluator = terms, evaluator
        given = {name: value for name, value in policy.items() if name not in OF_POLICY}
        self.risk = Risk(plan, given)
        self.start = date.fromisoformat(policy["start"])
        self.premium = float(policy["premium"]) if "premium" in policy else MISSING
        self.cash = {int(year): float(one) for year, one in policy.get("cash_values", {}).items()}
        self.times = premiums_a_year(plan, self.risk)
        self.term = self._years("term")
        self.pay = self._years("pay")
        self.end = None
        if math.isfinite(self.term):
            self.end = months_later(self.start, round(self.term * 12))
        self.stays = [
            Stay(name, process["first_state"], self.start)
            for name, process in terms["processes"].items()
            if process["first_state"] is not None
        ]
        self.waived_since = None

    def _years(self, key):
        tree = self.terms["contract"][key]
        return math.inf if tree is None else self.evaluator.value(tree, self.risk.reads())

    def read_at_year(self, year, spells):
        """What a payment at a due date reads: the policy, and the contract in a policy year."""
        known = {
            "policy_year": float(year),
            "term": self.term,
            "pay": self.pay,
            "premium": self.premium,
            "attained_age": self._age() + year - 1.0,
        }
        last = anniversary(self.start, year) - A_DAY

        def read(name, of):
            if of == "policy":
                return self.risk.policy[name]
            if name == "premiums_paid":
                return self.premiums_paid(last, spells)
            return known.get(name, MISSING)

        return read

    def knows(self, day, spells):
        """What the contract knows on the day of an event."""
        year = policy_year(self.start, day)
        since = anniversary(self.start, year - 1)
        length = (anniversary(self.start, year) - since).days
        return {
            "date": number_of_day(day),
            "start": number_of_day(self.start),
            "policy_year": float(year),
            "term": self.term,
            "pay": self.pay,
            "premium": self.premium,
            "premiums_paid": self.premiums_paid(day, spells),
            "cash_value": self.cash.get(year, MISSING),
            "attained_age": self._age() + year - 1.0,
            "time_in_force.days": float((day - self.start).days),
            "time_in_force.years": (year - 1) + (day - since).days / length,
        }

    def _age(self):
        return self.risk.policy.get("age", MISSING)

    def premiums_paid(self, day, spells):
        """Premiums that fell due up to and including a day, less those waived."""
        last = day
        if self.waived_since is not None and self.waived_since < day:
            last = self.waived_since
        each = 12 // self.times
        due = min(1 + whole_months(self.start, last) // each, self.pay * self.times)
        for n in range(int(due)):
            on = months_later(self.start, n * each)
            if any(first <= on and (end is None or on <= end) for first, end in spells):
                due -= 1
        return due * self.premium

    def move(self, event, day):
        """Follow an event from state to state. Gives the stay that it begins, or None."""
        process, _, name = event.partition(".")
        told = self.terms["processes"][process]
        if told["first_state"] is None:
            return None
        now = next(stay for stay in self.stays if stay.process == process and stay.lasts())
        if now.state not in told["events"][name]["from"]:
            message = f"{event} leads from another state than {now.state}"
            raise ValueError(message)
        now.left = day
        to = told["events"][name]["to"]
        if to is None:
            return None
        self.stays.append(Stay(process, to, day))
        return self.stays[-1]

    def close(self, day):
        """End with the contract the stays that still last."""
        for stay in self.stays:
            if stay.lasts():
                stay.left = day
