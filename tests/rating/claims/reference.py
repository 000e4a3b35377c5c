"""A slow, independent payer, written from LANGUAGE.md: it reads the YAML alone, in exact fractions.

It imports nothing of the project and knows no product: covers, pools, exclusions, waiting periods
and lines are whatever the files say. Made for reading, not for speed; errors are not its business.
"""

import ast
import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

SIGNS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
SIGNS |= {ast.Div: operator.truediv}
BOUNDS = {"at_least": operator.ge, "at_most": operator.le}
BOUNDS |= {"above": operator.gt, "below": operator.lt}
OPERATIONS = ("share", "average", "deductible", "franchise", "limit")
LITERAL = re.compile(r"(\d+(?:\.\d+)?)(%| days?| years?)?")


def read(path: Path) -> Any:
    """Every scalar as its text, which is what the base loader gives."""
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - it makes texts only


def anniversary(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return start.replace(year=start.year + years, day=28)


@dataclass
class Claim:
    """An amount on its way through the lines of its cover."""

    event: int
    cover: str
    item: str
    amount: Fraction
    names: dict[str, Any]
    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


class Reference:
    """Pays the claims of one product of a shelf."""

    def __init__(self, shelf: Path, name: str) -> None:
        self.shelf = shelf
        self.product = read(shelf / name / "product.yaml")
        self.covers = {use["as"]: self.use(use) for use in self.product["covers"]}
        self.exclusions = {use["as"]: self.use(use) for use in self.product.get("exclusions", [])}
        self.pool_of = {
            term: name
            for name, pool in self.product.get("pools", {}).items()
            for term in pool["joins"]
        }

    def use(self, use: dict[str, Any]) -> dict[str, Any]:
        module = read(self.shelf / "modules" / f"{use['use'].split('@')[0]}.yaml")
        terms = {term: entry.get("default") for term, entry in module.get("terms", {}).items()}
        terms |= use.get("set", {})
        for choice, entry in self.product.get("offers", {}).items():
            for target in entry.get("sets", []):
                cover, _, term = target.partition(".")
                if cover == use["as"]:
                    terms[term] = choice
        return {"module": module, "terms": terms, "items": use.get("items", [])}

    # values

    def value(self, text: str, cover: dict[str, Any], names: dict[str, Any]) -> Fraction:
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
                return self.parameter(ast.unparse(node))
        raise AssertionError(ast.dump(node))

    def parameter(self, name: str) -> Fraction:
        file, _, key = name.partition(".")
        dated = read(self.shelf / "parameters" / f"{file}.yaml")["list"][key]["dated"]
        day = self.product["effective"]
        found = [line["is"] for line in dated if line["from"] <= day][-1]
        return self.value(found, {"terms": {}}, {})

    def holds(self, where: dict[str, Any] | None, cover: Any, names: dict[str, Any]) -> bool:
        return all(self.test(name, test, cover, names) for name, test in (where or {}).items())

    def test(self, name: str, test: Any, cover: Any, names: dict[str, Any]) -> bool:
        if isinstance(test, str):
            return names[name] == test
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
        used: dict[Any, Fraction] = {}
        start, ended = policy["start"], set()
        for day in sorted({event["date"] for event in events}):
            term = self.product["contract"]["term"]
            years = int(policy["term"] if term == "offered" else term)
            if not start <= day < anniversary(start, years) or "contract" in ended:
                continue
            year = max(n for n in range(years) if anniversary(start, n) <= day)
            claims: list[Claim] = []
            ending = set()
            for number, event in enumerate(events):
                if event["date"] != day:
                    continue
                names = {**policy, **event["marks"], "date": day, "start": start}
                due = min(year + 1, int(policy.get("pay", 1)))
                names["premiums_paid"] = due * policy.get("premium", Fraction(0))
                excluded = self.excluded(event, names)
                if excluded is not None:
                    line, amount, then = excluded
                    yield number, line, "", amount
                    ending.add(then)
                    continue
                for cover in self.covers:
                    if cover in ended:
                        continue
                    for kind, claim in self.claims(cover, number, event, names):
                        then = self.covers[cover]["module"]["pays"].get("then", {}).get("ends")
                        ending.add(cover if then == "cover" else then)
                        if kind == "instead":
                            yield number, cover, claim.item, claim.amount
                        else:
                            claims.append(claim)
            self.lines(claims, used, year)
            for claim in claims:
                yield claim.event, claim.cover, claim.item, claim.amount
            ended |= ending

    def excluded(self, event: Any, names: dict[str, Any]) -> Any:
        for alias, cover in self.exclusions.items():
            for line in cover["module"]["excludes"]:
                if event["event"] in line["event"] and self.holds(line.get("where"), cover, names):
                    amount = self.value(line["amount"], cover, names)
                    return f"{alias}.{line['name']}", amount, line.get("then", {}).get("ends")
        return None

    def claims(self, alias: str, number: int, event: Any, names: dict[str, Any]) -> Iterator[Any]:
        cover = self.covers[alias]
        pays = cover["module"].get("pays")
        listens = [pays["event"]] if isinstance(pays["event"], str) else pays["event"]
        if event["event"] not in listens:
            return
        for item in cover["items"] or [""]:
            own = self.names(item, names)
            if own is None or not self.holds(pays.get("where"), cover, own):
                continue
            waits = pays.get("waits")
            if waits and not (waits.get("unless") and self.holds(waits["unless"], cover, own)):
                day = own[waits.get("by", "date")]
                if (day - own["start"]).days < self.value(waits["for"], cover, own):
                    if "meanwhile" in waits:
                        amount = self.value(waits["meanwhile"], cover, own)
                        yield "instead", Claim(number, alias, item, amount, own)
                    continue
            claim = Claim(number, alias, item, self.value(pays["amount"], cover, own), own)
            for place, line in enumerate(pays.get("adjust", [])):
                operation = next(key for key in line if key in OPERATIONS)
                pool = self.pool_of.get(f"{alias}.{line[operation]}")
                claim.lines.append((pool or f"{alias} {place}", {**line, "operation": operation}))
            yield "paid", claim

    def names(self, item: str, names: dict[str, Any]) -> dict[str, Any] | None:
        """What is known of one item; None where it is not insured or not hit."""
        if not item:
            return dict(names)
        if item not in names["items"]:
            return None
        own = {**names, **names["items"][item], "item": item}
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
        value = self.value(line[line["operation"]], self.covers[first.cover], names)
        left = max(value - used.get(group, Fraction(0)), Fraction(0))
        kept = total
        if line["operation"] == "share":
            kept = total * value
        elif line["operation"] == "average":
            kept = total * min(value, Fraction(1))
        elif line["operation"] == "franchise":
            kept = total if total >= value else Fraction(0)
        elif line["operation"] == "deductible":
            kept = total - min(total, left)
            used[group] = used.get(group, Fraction(0)) + min(total, left)
        else:
            kept = min(total, left)
            used[group] = used.get(group, Fraction(0)) + kept
        for claim in members:
            claim.amount = claim.amount * kept / total if total else kept
