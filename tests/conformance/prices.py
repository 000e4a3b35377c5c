"""Prices of an export, reckoned as docs/export.md says."""

import math
from datetime import date
from decimal import Decimal

from tests.conformance.dates import number_of_day
from tests.conformance.expressions import Evaluator, load, load_tables, text_of

WHOLE = ("integer", "days", "months", "age")
NOT_OFFERED = object()


def number_of(declared, text):
    """Read the text of a variable or mark: the number that it stands for, or NOT_OFFERED."""
    if declared["choices"] is not None:
        return (
            float(declared["choices"].index(text)) if text in declared["choices"] else NOT_OFFERED
        )
    if declared["type"] == "yes_no":
        return {"yes": 1.0, "no": 0.0}.get(text, NOT_OFFERED)
    if declared["type"] == "date":
        return number_of_day(date.fromisoformat(text))
    try:
        return float(text)
    except ValueError:
        return NOT_OFFERED


def offered(declared, text):
    """Read the text of a variable, held against its bounds."""
    value = number_of(declared, text)
    if value is NOT_OFFERED or declared["choices"] is not None:
        return value
    low, high, step = declared["min"], declared["max"], declared["step"]
    if (low is not None and value < low) or (high is not None and value > high):
        return NOT_OFFERED
    if declared["type"] in WHOLE and value != math.floor(value):
        return NOT_OFFERED
    if step is not None:
        steps = (value - (low or 0.0)) / step
        if abs(steps - round(steps)) > 1e-9:
            return NOT_OFFERED
    return value


class Risk:
    """The variables of a policy and its items as numbers; wrong: those that are not offered."""

    def __init__(self, plan, given):
        self.wrong = []
        self.policy = self._group(plan["variables"], given, "")
        self.items = {}
        self.places = {}
        held = given.get("items", {})
        for place, item in enumerate(plan["items"]):
            ones = held.get(item["name"])
            if not ones and (ones is None or item.get("many")):
                if not item["optional"]:
                    self.wrong.append(item["name"])
                continue
            if not item.get("many"):
                ones = {item["name"]: ones}
            else:
                if len(ones) < item.get("least", 1):
                    self.wrong.append(item["name"])
                ones = {f"{item['name']}.{n}": one for n, one in enumerate(ones, 1)}
            for name, one in ones.items():
                self.items[name] = self._group(item["variables"], one, name)
                self.places[name] = float(place)
        self.kinds = {name: name.partition(".")[0] for name in self.items}

    def _group(self, declared, given, item):
        found = {}
        for one in declared:
            path = f"{item}.{one['name']}" if item else one["name"]
            value = offered(one, given[one["name"]]) if one["name"] in given else NOT_OFFERED
            if value is NOT_OFFERED:
                self.wrong.append(path)
            found[one["name"]] = value
        return found

    def reads(self, item=None):
        """Give what reads the policy, and an item."""

        def read(name, of):
            if of == "policy":
                return self.policy[name]
            return self.places[item] if name == "item" else self.items[item].get(name, math.nan)

        return read


class Prices:
    """The plan of an export."""

    def __init__(self, folder):
        self.plan = load(folder, "plan")
        self.evaluator = Evaluator(load_tables(folder))

    def price(self, given):
        """Give what a price case tells of a risk, but `id`, `why` and `given`."""
        risk = Risk(self.plan, given)
        if risk.wrong:
            return {"outcome": "not_offered", "not_offered": sorted(risk.wrong)}
        for line in self.plan["accepts"]:
            items = [(risk.reads(item), {}) for item in risk.items]
            if self.evaluator.value(line["refuses"], risk.reads(), {}, items) != 0.0:
                return {"outcome": "refused", "refused_by": line["name"]}
        return self._steps(risk)

    def _steps(self, risk):
        values = {}
        of_items = {item: {} for item in risk.items}
        told, decided, no_rate = {}, [], None
        for step in self.plan["steps"]:
            items = [(risk.reads(i), {**values, **of_items[i]}) for i in risk.items]
            if "when" in step:
                if self.evaluator.value(step["when"], risk.reads(), values, items) != 0.0:
                    decided.append(step)
                continue
            if step["level"] == "item":
                for item in risk.items:
                    known = {**values, **of_items[item]}
                    found = self.evaluator.value(step["is"], risk.reads(item), known)
                    of_items[item][step["name"]] = found
                here = {item: of_items[item][step["name"]] for item in risk.items}
                bad = not all(map(math.isfinite, here.values()))
            else:
                here = self.evaluator.value(step["is"], risk.reads(), values, items)
                values[step["name"]] = here
                bad = not math.isfinite(here)
            if bad:
                no_rate = no_rate or step["name"]
            else:
                told[step["name"]] = self._told(step, here)
        charged = values[self.plan["premium"]["step"]]
        if no_rate is None and charged < 0.0:
            no_rate = self.plan["premium"]["step"]
        if no_rate is not None:
            return {"outcome": "no_rate", "no_rate": no_rate}
        kinds = {step["kind"] for step in decided}
        return {
            "outcome": next((k for k in ("decline", "refer") if k in kinds), "accept"),
            "decided_by": [step["name"] for step in decided],
            "premium": self._premium(charged),
            "premiums_a_year": premiums_a_year(self.plan, risk),
            "steps": told,
        }

    @staticmethod
    def _told(step, here):
        def one(value):
            return step["choices"][int(value)] if "choices" in step else text_of(value)

        return {i: one(v) for i, v in here.items()} if isinstance(here, dict) else one(here)

    def _premium(self, value):
        places = self.plan["premium"]["decimals"]
        text = text_of(value)
        return text if places is None else f"{Decimal(text):.{places}f}"


def premiums_a_year(plan, risk):
    """Give how many premiums fall due in a year."""
    told = plan["premiums_a_year"]
    if "always" in told:
        return told["always"]
    by = next(one for one in plan["variables"] if one["name"] == told["by"])
    return told["of"][by["choices"][int(risk.policy[told["by"]])]]
