"""A slow, independent payer, written from LANGUAGE.md: it reads the YAML alone, in exact fractions.

It imports nothing of the project but its own reading, and knows no product: covers, pools,
exclusions, waiting periods, gaps, numbers of times, effects and lines are whatever the files say.
Made for reading, not for speed; errors are not its business.
"""

import ast
import operator
import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.rating.claims.reference_lines import OPERATIONS, passed
from tests.rating.claims.reference_reading import Claim, anniversary, listed, read

SIGNS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
SIGNS |= {ast.Div: operator.truediv, ast.Pow: operator.pow}
BOUNDS = {"at_least": operator.ge, "at_most": operator.le}
BOUNDS |= {"above": operator.gt, "below": operator.lt}
LITERAL = re.compile(r"(\d+(?:\.\d+)?)(%| days?| years?)?")


class Reference:
    """Pays the claims of one product of a shelf."""

    def __init__(self, shelf: Path, name: str) -> None:
        self.shelf = shelf
        self.product = read(shelf / name / "product.yaml")
        self.covers = {use["as"]: self.use(use) for use in self.product["covers"]}
        self.exclusions = {use["as"]: self.use(use) for use in self.product.get("exclusions", [])}
        self.marks = {
            alias: read(shelf / "processes" / f"{used.split('@')[0]}.yaml").get("marks", {})
            for alias, used in self.product["processes"].items()
        }
        self.pools = self.product.get("pools", {})
        self.pool_of = {
            term: name for name, pool in self.pools.items() for term in pool.get("joins", [])
        }

    def use(self, use: dict[str, Any]) -> dict[str, Any]:
        module = read(self.shelf / "modules" / f"{use['use'].split('@')[0]}.yaml")
        declared = module.get("terms", {})
        terms = {term: e.get("is", e.get("default")) for term, e in declared.items()}
        terms |= use.get("set", {})
        for name, entry in declared.items():
            if entry["type"] == "schedule" and isinstance(terms[name], dict):
                terms[name] = {"by": entry["by"], **terms[name]}
        pools = self.product.get("pools", {})
        filled = [(name, pool["set"]) for name, pool in pools.items() if "set" in pool]
        for choice, entry in self.product.get("offers", {}).items():
            filled += [(target, choice) for target in entry.get("sets", [])]
        for target, value in filled:
            for term in pools[target]["joins"] if target in pools else [target]:
                if term.partition(".")[0] == use["as"]:
                    terms[term.partition(".")[2]] = value
        return {"module": module, "terms": terms, "items": use.get("items", [])}

    # values

    def value(self, text: Any, cover: dict[str, Any], names: dict[str, Any]) -> Fraction:
        if isinstance(text, list):  # cases
            for line in text:
                if "otherwise" in line or self.holds(line["when"], cover, names):
                    return self.value(line.get("otherwise", line.get("is")), cover, names)
        if isinstance(text, dict):  # a schedule
            by = names[text["by"]]
            rows = [(self.value(k, cover, names), v) for k, v in text.items() if k != "by"]
            return self.value([value for start, value in rows if start <= by][-1], cover, names)
        text = text.replace("^", "**")
        plain = LITERAL.sub(lambda m: f"({m[1]}/100)" if m[2] == "%" else m[1], text)
        return self.node(ast.parse(plain, mode="eval").body, cover, names)

    def node(self, node: ast.expr, cover: dict[str, Any], names: dict[str, Any]) -> Any:
        match node:
            case ast.Constant(value=value):
                return Fraction(str(value))
            case ast.BinOp(left=left, op=op, right=right):
                return SIGNS[type(op)](
                    self.node(left, cover, names), self.node(right, cover, names)
                )
            case ast.Call(func=ast.Name(id=function), args=args):
                values = [self.node(arg, cover, names) for arg in args]
                return min(values) if function == "min" else max(values)
            case ast.Name(id=name):
                term = cover["terms"].get(name)
                if term is not None and term != name:
                    return self.value(term, cover, names)
                return names[name]
            case ast.Attribute():
                return self.parameter(ast.unparse(node), names)
        raise AssertionError(ast.dump(node))

    def parameter(self, name: str, names: dict[str, Any]) -> Fraction:
        file, _, key = name.partition(".")
        entry = read(self.shelf / "parameters" / f"{file}.yaml")["list"][key]
        day = self.product["effective"]
        found = [line["is"] for line in entry["dated"] if line["from"] <= day][-1]
        found = {"by": entry["by"], **found} if isinstance(found, dict) else found
        return self.value(found, {"terms": {}}, names)

    def holds(self, where: dict[str, Any] | None, cover: Any, names: dict[str, Any]) -> bool:
        return all(self.test(name, test, cover, names) for name, test in (where or {}).items())

    def test(self, name: str, test: Any, cover: Any, names: dict[str, Any]) -> bool:
        if isinstance(test, str):
            return names[name] == cover["terms"].get(test, test)
        if isinstance(test, list):
            return names[name] in test
        for bound, text in test.items():
            limit, value = self.value(text, cover, names), names.get(name)
            if name == "time_in_force":  # in years: days before or after an anniversary
                value, limit = names["date"], anniversary(names["start"], int(limit))
            if not BOUNDS[bound](value, limit):
                return False
        return True

    # claims

    def pay(self, policy: dict[str, Any], events: list[dict[str, Any]]) -> Iterator[Any]:
        """Yield (event, cover or exclusion.line, item, amount) of every payment, not rounded."""
        self.used: dict[Any, Fraction] = {}
        self.paid: dict[str, list[date]] = {cover: [] for cover in self.covers}
        self.met: dict[str, list[Any]] = {cover: [] for cover in self.covers}
        self.less: dict[str, Fraction] = {}
        self.due: list[tuple[date, str, str, str]] = []
        self.waived: date | None = None
        start, ended = policy["start"], set()
        term = self.product["contract"]["term"]
        years = int(policy["term"] if term == "offered" else 120 if term == "life" else term)
        for day in sorted({event["date"] for event in events}):
            if not start <= day < anniversary(start, years) or "contract" in ended:
                continue
            year = max(n for n in range(years) if anniversary(start, n) <= day)
            self.restore_due(day, year)
            here = [(number, event) for number, event in enumerate(events) if event["date"] == day]
            yield from self.pay_day(policy, here, day, year, ended)

    def pay_day(
        self, policy: Any, events: list[Any], day: date, year: int, ended: set[str]
    ) -> Iterator[Any]:
        """Pay the events of one date, and let what they do to the contract follow."""
        claims: list[Claim] = []
        follows: list[tuple[Any, str, Claim]] = []
        order = [name for line in self.product.get("one_a_date", {}).values() for name in line]
        answered: set[str] = set()
        for number, event in sorted(
            events, key=lambda one: order.index(one[1]["event"]) if one[1]["event"] in order else 99
        ):
            if self.outranked(event["event"], answered):
                continue
            names = {**policy, **event.get("marks", {}), "date": day, "start": policy["start"]}
            names |= self.known(policy, day, year)
            for mark, entry in self.marks[event["event"].split(".")[0]].items():
                if "is" in entry and "each" not in entry and mark not in names:
                    names[mark] = self.value(entry["is"], {"terms": {}}, names)
            excluded = self.excluded(event, names)
            if excluded is not None:
                answered.add(event["event"])
                line, amount, then = excluded
                yield number, line, "", amount
                follows.append((then, "", Claim(number, "", "", amount, names)))
                continue
            for cover in self.covers:
                if cover in ended:
                    continue
                # all items of an event are one payment of the cover
                answers = list(self.claims(cover, number, event, names))
                answered |= {event["event"]} if answers else set()
                if any(kind == "paid" for kind, _ in answers):
                    self.paid[cover].append(day)
                    self.met[cover].append(event.get("marks", {}).get("illness"))
                then = self.covers[cover]["module"].get("pays", {}).get("then", {})
                follows += [(then, cover, claim) for _, claim in answers]
                claims += [claim for kind, claim in answers if kind == "paid"]
                for claim in [claim for kind, claim in answers if kind == "instead"]:
                    yield number, cover, claim.item, claim.amount
        self.lines(claims, self.used, year)
        for claim in claims:
            yield claim.event, claim.cover, claim.item, claim.amount
        for then, cover, claim in follows:
            ended |= self.follow(then, cover, claim, day, year)
        ended |= {cover for cover in self.covers if self.worn_out(cover, policy)}

    def outranked(self, event: str, answered: set[str]) -> bool:
        """Tell whether an event of the date that stands before this one was answered."""
        lines = self.product.get("one_a_date", {}).values()
        return any(event in line and answered & set(line[: line.index(event)]) for line in lines)

    def pays_for(self, alias: str, pays: Any, names: dict[str, Any]) -> bool:
        """Tell whether a cover pays for what was diagnosed: it is listed, and not paid for yet."""
        for mark, term in pays.get("once", {}).items():
            listed = self.covers[alias]["terms"][term]
            found = names[mark]
            if (listed != "all" and found not in listed) or found in self.met[alias]:
                return False
            if listed == "all":
                holder, _, column = self.covers[alias]["module"]["terms"][term]["of"].partition(".")
                text = (self.shelf / "tables" / f"{holder}.csv").read_text("utf-8")
                rows = [line for line in text.splitlines() if not line.startswith("#")]
                place = rows[0].split(",").index(column)
                if found not in [row.split(",")[place] for row in rows[1:]]:
                    return False
        return True

    def known(self, policy: dict[str, Any], day: date, year: int) -> dict[str, Any]:
        """The closed list, as far as products read it."""
        start = policy["start"]
        last = day if self.waived is None else min(day, self.waived)
        pays = self.product["contract"]["pay"]
        pays = int(policy["pay"] if pays == "offered" else pays)
        due = sum(anniversary(start, n) <= last for n in range(pays))
        known: dict[str, Any] = {
            "premiums_paid": due * policy.get("premium", Fraction(0)),
            "policy_year": year + 1,
        }
        if "age" in policy:
            known["attained_age"] = policy["age"] + year
        if "sum_insured" in policy:
            less = self.less.get("", Fraction(0))
            known["sum_insured"] = max(policy["sum_insured"] - less, Fraction(0))
        return known

    def worn_out(self, cover: str, policy: dict[str, Any]) -> bool:
        times = self.covers[cover]["module"].get("pays", {}).get("times")
        if times is None:
            return False
        return len(self.paid[cover]) >= self.value(times, self.covers[cover], policy)

    def follow(self, then: Any, cover: str, claim: Claim, day: date, year: int) -> set[str]:
        """What a payment does to the contract; gives what it ends."""
        if "waives" in then and self.waived is None:
            self.waived = day
        paid = Fraction(int(claim.amount * 100 + Fraction(1, 2)), 100)
        for name in listed(then.get("reduces", [])):
            self.change(name, claim.item, year, paid)
        restores = then.get("restores", [])
        for name in listed(restores):
            after = restores[name] if isinstance(restores, dict) else "0 days"
            days = int(self.value(after, self.covers[cover], claim.names))
            if days == 0:
                self.change(name, claim.item, year, None)
                continue
            mine = (name, claim.item, cover)
            self.due = [one for one in self.due if one[1:] != mine]  # counted from the last payment
            self.due.append((day + timedelta(days=days), *mine))
        ends = then.get("ends")
        return {cover if ends == "cover" else ends} if ends else set()

    def restore_due(self, day: date, year: int) -> None:
        for one in [one for one in self.due if one[0] <= day]:
            self.change(one[1], one[2], year, None)
            self.due.remove(one)

    def change(self, name: str, item: str, year: int, paid: Fraction | None) -> None:
        """Use up a balance by what was paid, or restore it in full (None)."""
        if name == "sum_insured":
            self.less[item] = Fraction(0) if paid is None else self.less.get(item, 0) + paid
            return
        for key, line in self.balances(name):
            period = {"policy_year": year, "contract": ""}[line["per"]]
            group = (key, period, item if line.get("each") else "")
            self.used[group] = Fraction(0) if paid is None else self.used.get(group, 0) + paid

    def balances(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """The lines that a pool, or a term of a cover, means."""
        found: dict[str, dict[str, Any]] = {}
        for alias, cover in self.covers.items():
            for key, line in self.lines_of(alias, cover):
                term = f"{alias}.{line[line['operation']]}"
                if line.get("per") in ("policy_year", "contract") and (
                    key == name or key.startswith(f"{name}/") or term == name
                ):
                    found[key] = line
        return list(found.items())

    def lines_of(self, alias: str, cover: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """The lines of a cover with the name of their balance, then those of the pools over it."""
        found = []
        for place, line in enumerate(cover["module"].get("pays", {}).get("adjust", [])):
            operation = next(key for key in line if key in OPERATIONS)
            value = line[operation]
            pool = self.pool_of.get(f"{alias}.{value}") if isinstance(value, str) else None
            found.append((pool or f"{alias} {place}", {**line, "operation": operation}))
        for name, pool in self.pools.items():
            for place, line in enumerate(pool["adjust"] if alias in pool.get("over", []) else []):
                operation = next(key for key in line if key in OPERATIONS)
                found.append((f"{name}/{place}", {**line, "operation": operation}))
        return found

    def excluded(self, event: Any, names: dict[str, Any]) -> Any:
        for alias, cover in self.exclusions.items():
            for line in cover["module"]["excludes"]:
                if event["event"] in line["event"] and self.holds(line.get("where"), cover, names):
                    amount = self.value(line["amount"], cover, names)
                    return f"{alias}.{line['name']}", amount, line.get("then", {})
        return None

    def claims(self, alias: str, number: int, event: Any, names: dict[str, Any]) -> Iterator[Any]:
        cover = self.covers[alias]
        pays = cover["module"].get("pays")
        if pays is None or event["event"] not in [
            cover["terms"].get(one, one) for one in listed(pays["event"])
        ]:
            return
        last = self.paid[alias][-1] if self.paid[alias] else None
        for item in cover["items"] or [""]:
            own = self.names(item, names)
            if own is None or not self.holds(pays.get("where"), cover, own):
                continue
            if not self.pays_for(alias, pays, own):
                continue
            waits = pays.get("waits")
            if waits and not (waits.get("unless") and self.holds(waits["unless"], cover, own)):
                day = own[waits.get("by", "date")]
                if (day - own["start"]).days < self.value(waits["for"], cover, own):
                    if "meanwhile" in waits:
                        amount = self.value(waits["meanwhile"], cover, own)
                        yield "instead", Claim(number, alias, item, amount, own)
                    continue
            if "gap" in pays and last is not None:
                gap = self.value(pays["gap"], cover, own)
                if (event["date"] - last).days < gap:
                    continue
            if "times" in pays and len(self.paid[alias]) >= self.value(pays["times"], cover, own):
                continue
            claim = Claim(number, alias, item, self.value(pays["amount"], cover, own), own)
            claim.lines = self.lines_of(alias, cover)
            yield "paid", claim

    def names(self, item: str, names: dict[str, Any]) -> dict[str, Any] | None:
        """What is known of one item; None where it is not insured or not hit."""
        if not item:
            return dict(names)
        if item not in names["items"]:
            return None
        own = {**names, **names["items"][item], "item": item}
        if "sum_insured" in own:
            own["sum_insured"] = max(
                own["sum_insured"] - self.less.get(item, Fraction(0)), Fraction(0)
            )
        for mark in ("damage", "loss"):
            own[mark] = names.get(mark, {}).get(item)
        if own["loss"] is None and own["damage"] is not None:
            own["loss"] = own["damage"] * own["value"]
        return own if own["loss"] is not None else None

    def lines(self, claims: list[Claim], used: dict[Any, Fraction], year: int) -> None:
        while any(claim.lines for claim in claims):
            # a line whose turn it is in every claim that has yet to pass it
            key = next(
                claim.lines[0][0]
                for claim in claims
                if claim.lines
                and not any(
                    claim.lines[0][0] in [name for name, _ in other.lines[1:]] for other in claims
                )
            )
            meeting = [claim for claim in claims if claim.lines and claim.lines[0][0] == key]
            groups: dict[Any, list[Claim]] = {}
            for claim in meeting:
                _, line = claim.lines.pop(0)
                if not self.holds(line.get("when"), self.covers[claim.cover], claim.names):
                    continue
                per, each = line.get("per", "claim"), line.get("each")
                period = {"policy_year": year, "contract": ""}.get(per, ("once", claim.event))
                item = claim.item if each else ""
                group = (key, period, item)
                if line["operation"] in ("share", "average"):
                    group = (key, id(claim), "")
                groups.setdefault(group, []).append(claim)
                claim.names["line"] = line
            for group, members in groups.items():
                self.share(members, used, group)

    def share(self, members: list[Claim], used: dict[Any, Fraction], group: Any) -> None:
        first = members[0]
        line = first.names["line"]
        total = sum((claim.amount for claim in members), Fraction(0))
        names = {**first.names, "so_far": total}
        cover = self.covers[first.cover]
        value = self.value(line[line["operation"]], cover, names)
        above = self.value(line["above"], cover, names) if "above" in line else Fraction(0)
        before = used.get(group, Fraction(0))
        kept, used[group] = passed(line["operation"], total, value, before, above)
        for claim in members:
            claim.amount = claim.amount * kept / total if total else kept
