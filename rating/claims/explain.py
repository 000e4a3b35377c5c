"""A settlement as text of at most 80 columns, and as plain values for JSON."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta

from product_factory.module import ALIVE
from product_factory.numbers.rounding import round_half_up
from rating.claims.settlement import Answer, EventSettled, Formula, LineTrail, Read, Settlement
from rating.claims.words import WORDS
from rating.page import COLUMNS, padded, wrapped
from rating.worksheet import plain

SHARES = frozenset({"share", "average"})


def explain(settlement: Settlement, language: str = "en") -> str:
    """Write what every cover answers to every event, line by line, in zh or en."""
    return "\n".join(_Page(settlement, language).lines()) + "\n"


def paid(settlement: Settlement, language: str = "en") -> str:
    """Say in a line what was paid in all, and whether the contract goes on.

    A further line in zh or en for each event that no cover could pay says why.
    """
    page = _Page(settlement, language)
    lines = [f"paid {settlement.total:,.2f}, after: {settlement.after}"]
    for event in settlement.events:
        if why := page.unheard(event):
            day = f"{event.date.isoformat()} {page.happened(event)}"
            lines += wrapped(page.say("colon").join((day, why)), 2)
    return "\n".join(lines)


def as_json(settlement: Settlement) -> dict[str, object]:
    """Give the whole as plain values for JSON; amounts as numbers, days as ISO texts."""
    product = settlement.product.product
    return {
        "product": product.product,
        "version": product.version,
        "policy": dict(settlement.policy),
        "start": settlement.start.isoformat(),
        "end": _day(settlement.end),
        "ended": _day(settlement.ended),
        "waived": _day(settlement.waived),
        "spared": [[_day(first), _day(last)] for first, last in settlement.spared],
        "after": settlement.after,
        "premiums_paid": settlement.premiums_paid,
        "total": settlement.total,
        "events": [_plain(asdict(event)) for event in settlement.events],
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _plain(value: object) -> object:
    """Turn days into texts and what is no number into null, all the way down."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def money(value: float) -> str:
    """Write an amount to the cent, as a person reads it."""
    return f"{round_half_up(value, 1.0, 100.0):,.2f}"


class _Page:
    """Writes one settlement in one language."""

    def __init__(self, settlement: Settlement, language: str) -> None:
        self.settlement = settlement
        self.language = language
        self.words = WORDS[language]

    def say(self, word: str, **places: object) -> str:
        return self.words[word].format(**places)

    def listed(self, *parts: str) -> str:
        return self.say("comma").join(part for part in parts if part)

    def lines(self) -> Iterator[str]:
        settlement, product = self.settlement, self.settlement.product.product
        title = getattr(product.title, self.language)
        yield from wrapped(f"{title}  {product.product} {product.version}", 0)
        start, end = settlement.start, settlement.end
        last = None if end is None else end - timedelta(days=1)
        yield self.say("life" if last is None else "term", start=start, last=last)
        yield from self.policy()
        for event in settlement.events:
            yield ""
            yield from self.event(event)
        yield ""
        yield self.say(settlement.after)
        if settlement.waived is not None:
            yield self.say("waived", day=settlement.waived)
        for first, last in settlement.spared:
            word = "spared" if last else "spared_still"
            yield from wrapped(self.say(word, first=first, last=last), 2)
        if settlement.premiums_paid is not None:
            yield self.amount(self.say("premiums_paid"), settlement.premiums_paid, 0)
        yield self.amount(self.say("total"), settlement.total, 0)

    def policy(self) -> Iterator[str]:
        """Write what was given of the policy; of several of an item those that something met."""
        settlement = self.settlement
        met = {event.item for event in settlement.events}
        met |= {answer.item for event in settlement.events for answer in event.answers}
        told, others = [], dict[str, set[str]]()
        for name, value in settlement.policy:
            kind, _, rest = name.partition(".")
            item, numbered = f"{kind}.{rest.partition('.')[0]}", "." in rest
            if numbered and item not in met:
                others.setdefault(kind, set()).add(item)
            else:
                told.append(f"{name} {value}".strip())
        for kind, left in others.items():
            told.append(self.say("others", number=len(left), item=self.item(kind)))
        yield from wrapped(", ".join(told), 0)

    def item(self, name: str) -> str:
        """Give the title of an item, of several with its number."""
        kind, _, number = name.partition(".")
        title = getattr(self.settlement.product.product.items[kind].title, self.language)
        return f"{title} {number}".strip()

    def amount(self, label: str, value: float, indent: int) -> str:
        """Write a label at the left and an amount at the right."""
        text = money(value)
        return " " * indent + padded(label, COLUMNS - indent - len(text)) + text

    def event(self, event: EventSettled) -> Iterator[str]:
        year = self.say("year", year=event.policy_year)
        yield from wrapped(self.listed(f"{event.date}  {self.happened(event)}", year), 2)
        if event.marks:
            yield from wrapped(", ".join(f"{n} {v}" for n, v in event.marks), 4, start=2)
        if why := self.unheard(event):
            yield from wrapped(why, 4, start=2)
        if event.into:
            said = self.say("into", state=self.state(event.into))
            yield from wrapped(said, 4, start=2)
        for answer in event.answers:
            yield from self.answer(answer)

    def unheard(self, event: EventSettled) -> str:
        """Say why no cover could pay for an event, '' where one could or nothing was asked for."""
        if event.status != "settled":
            days = {"end": self.settlement.end, "ended": self.settlement.ended}
            return self.say(event.status, **days)
        heard = any(not one.exclusion or one.outcome == "takes" for one in event.answers)
        asked = event.event != ALIVE and not event.into
        return self.say("no_listener") if asked and not heard else ""

    def state(self, name: str) -> str:
        """Give the title of `process.state`."""
        process, _, state = name.partition(".")
        title = self.settlement.product.processes[process].states[state].title
        return str(getattr(title, self.language))

    def happened(self, event: EventSettled) -> str:
        """Name an event; or that the insured lives, and whether payments fall due by it."""
        if event.event == ALIVE:
            return self.say("due" if event.due else "alive")
        if event.due:
            return self.say("due_while", state=self.state(event.event))
        process, _, name = event.event.partition(".")
        title = getattr(
            self.settlement.product.processes[process].events[name].title, self.language
        )
        of = f" · {self.item(event.item)}" if event.item else ""
        return f"{title} {event.event}{of}"

    def answer(self, answer: Answer) -> Iterator[str]:
        name = self.named(answer)
        if answer.amount is None or answer.outcome == "takes":
            yield from wrapped(f"{name}{self.say('colon')}{self.say(answer.outcome)}", 4, start=2)
        else:
            yield from wrapped(name, 4, start=2)
        if answer.where.text:
            yield from self.formula(f"{self.say('where')}{self.say('colon')}", answer.where)
        if answer.waiting is not None:
            inside = answer.waiting.day < answer.waiting.days
            word, waiting = ("inside" if inside else "outside"), answer.waiting
            yield from wrapped(self.say(word, day=waiting.day, days=waiting.days), 6, start=4)
        if answer.unless.text:
            yield from self.formula(f"{self.say('unless')}{self.say('colon')}", answer.unless)
        yield from self.history(answer)
        if answer.amount is None or answer.gross is None:
            return
        yield self.amount(self.say("amount"), answer.gross, 4)
        yield from self.formula("= ", answer.basis, 6)
        for line in answer.lines:
            yield from self.line(line)
        yield self.amount(self.say("rounded"), answer.amount, 4)
        for effect in answer.effects:
            word = "restores_later" if effect.after else effect.kind
            said = self.say(word, target=self.balance(effect.target), after=effect.after)
            yield from wrapped(said, 6, start=4)

    def history(self, answer: Answer) -> Iterator[str]:
        """Write how long ago the cover paid, and which payment of how many this one is."""
        gap, times = answer.gap, answer.times
        if gap is not None:
            word = "in_gap" if gap.day < gap.days else "past_gap"
            said = self.say(word, day=gap.day, days=gap.days, paid=gap.paid)
            yield from wrapped(said, 6, start=4)
        if times is not None and answer.outcome == "paid":
            yield "    " + self.say("times", number=times.number, most=times.most)

    def balance(self, name: str) -> str:
        """Name what a payment reduces or restores: a pool by its title."""
        pools = self.settlement.product.product.pools
        return self.pool(name) if name in pools else self.words.get(name, name)

    def named(self, answer: Answer) -> str:
        product = self.settlement.product
        cover, _, line = answer.name.partition(".")
        title = getattr(product.uses[cover].title, self.language)
        if line:
            title = f"{title} [{answer.name}]"
        if answer.item:
            title += " · " + self.item(answer.item)
        return str(title)

    def formula(self, label: str, formula: Formula, start: int = 4) -> Iterator[str]:
        yield from wrapped(label + formula.text + self.reads(formula), start + 2, start=start)

    def reads(self, formula: Formula) -> str:
        """Write the values that were read; none where the formula is but the name."""
        told = [self.read(read) for read in formula.reads if self.tells(formula, read)]
        return f"{self.say('open')}{self.listed(*told)}{self.say('close')}" if told else ""

    def tells(self, formula: Formula, read: Read) -> bool:
        return read.text != "-" and (read.name != formula.text or read.computed)

    def read(self, read: Read) -> str:
        return f"{read.name} {read.text}" + (f" {self.say('computed')}" if read.computed else "")

    def line(self, line: LineTrail) -> Iterator[str]:
        """Write a line of `adjust` with what it leaves; below it how it came about."""
        operation = self.say(line.operation)
        if not line.applies:
            yield self.amount(self.say("unruled", operation=operation), line.kept, 4)
            yield from self.formula(f"{self.say('where')}{self.say('colon')}", line.formula, 6)
            return
        share = line.operation in SHARES
        value = f"{plain(line.value * 100)}%" if share else f"{line.value:,.2f}"
        if line.above is not None:
            value += self.say("above", amount=f"{line.above.value:,.2f}")
        per = "" if share else self.say(line.per)
        each = self.say("each_item") if line.each else ""
        yield self.amount(self.listed(f"{operation} {value}", per, each), line.kept, 4)
        yield from self.formula("= ", line.formula, 6)
        if line.above is not None:
            yield from self.formula(self.say("begins"), line.above.formula, 6)
        if line.together != line.came:
            met = self.say("together", total=money(line.together))
            yield from wrapped(met, 8, start=6)
        if line.balance is not None and line.per in ("policy_year", "contract"):
            before, after = money(line.balance.before), money(line.balance.after)
            left = self.say("left", before=before, after=after)
            pool = f"{self.pool(line.pool)}{self.say('colon')}" if line.pool else ""
            yield from wrapped(pool + left, 8, start=6)

    def pool(self, name: str) -> str:
        title = self.settlement.product.product.pools[name].title
        return name if title is None else str(getattr(title, self.language))
