"""What a cover reads and when it pays, bound to the names of an assembled product.

Used by assembly to check every name, by rating and sandbox to pay claims, and by the wording to
know which terms move money.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from product_factory.assembled import AssembledProduct, Cover
from product_factory.due import PERIODS, Due
from product_factory.errors import At, BadInput, Problem, either, nearest
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.scope import Layers, Read
from product_factory.expressions.tree import Conditions, Expression, Listing, Name
from product_factory.module import AdjustLine, Pays, event_of
from product_factory.scopes import cover_scope
from product_factory.types import Type

MONEY = Type("money")
YEARS = Type("years")
DAYS = Type("days")
INTEGER = Type("integer")
TIMES = {"years": YEARS, "age": Type("age")}
UNKNOWN_WHEN_DUE = frozenset({"cash_value", "reserve", "death_benefit", "so_far", "date"})
"""What of the closed list a payment at a due date cannot read."""
WANTED = {"share": Type("ratio"), "average": Type("number")}


@dataclass(frozen=True)
class Part:
    """One value of a promise: its path in the module, the expression, and the type it must have."""

    path: str
    value: Expression | Conditions
    wanted: Type | None
    at: At


def parts(cover: Cover) -> Iterator[Part]:
    """List every value and condition of a cover or exclusion, in reading order."""
    pays = cover.module.pays
    if pays is not None:
        yield from _trigger(pays)
        yield Part("pays.amount", pays.amount, MONEY, pays.place("amount"))
        for number, line in enumerate(pays.adjust):
            path = f"pays.adjust[{number}]"
            wanted = WANTED.get(line.operation, MONEY)
            yield Part(f"{path}.{line.operation}", line.value, wanted, line.at)
            if line.above is not None:
                yield Part(f"{path}.above", line.above, MONEY, line.at)
            if line.when is not None:
                yield Part(f"{path}.when", line.when, None, line.when.at)
        if pays.then is not None:
            for name, after in pays.then.restores.items():
                yield Part(f"pays.then.restores.{name}", after, DAYS, after.at)
    for number, entry in enumerate(cover.module.excludes):
        path = f"excludes[{number}]"
        if entry.where is not None:
            yield Part(f"{path}.where", entry.where, None, entry.where.at)
        yield Part(f"{path}.amount", entry.amount, MONEY, entry.place("amount"))


def value_parts(cover: Cover) -> Iterator[Part]:
    """List every value by which a module says what the contract is worth."""
    for name, declared in cover.module.values.items():
        for key, value, wanted in declared.stated:
            yield Part(f"values.{name}.{key}", value, wanted, declared.place(key))


def _trigger(pays: Pays) -> Iterator[Part]:
    if pays.where is not None:
        yield Part("pays.where", pays.where, None, pays.where.at)
    if pays.due is not None:
        yield from _due(pays.due)
    if pays.waits is not None:
        yield Part("pays.waits.for", pays.waits.length, DAYS, pays.waits.place("for"))
        if pays.waits.unless is not None:
            yield Part("pays.waits.unless", pays.waits.unless, None, pays.waits.unless.at)
        if pays.waits.meanwhile is not None:
            yield Part("pays.waits.meanwhile", pays.waits.meanwhile, MONEY, pays.waits.at)
    if pays.gap is not None:
        yield Part("pays.gap", pays.gap, DAYS, pays.place("gap"))
    if pays.times is not None:
        yield Part("pays.times", pays.times, INTEGER, pays.place("times"))


def _due(due: Due) -> Iterator[Part]:
    for key, moment in (("once", due.once), ("from", due.begins), ("until", due.until)):
        if moment is not None:
            path = f"pays.due.{key}.{moment.key}"
            yield Part(path, moment.value, TIMES[moment.key], due.place(key))
    if due.every is not None and not isinstance(due.every, str):
        yield Part("pays.due.every", due.every, YEARS, due.place("every"))
    if due.elimination is not None:
        yield Part("pays.due.after", due.elimination, DAYS, due.place("after"))
    if due.relapse is not None:
        yield Part("pays.due.relapse", due.relapse, DAYS, due.place("relapse"))
    if due.most is not None:
        yield Part("pays.due.for", due.most, YEARS, due.place("for"))
    if due.guaranteed is not None:
        yield Part("pays.due.guaranteed", due.guaranteed, YEARS, due.place("guaranteed"))


@dataclass(frozen=True)
class Once:
    """What a cover pays for once each: the mark that tells, and which of its choices."""

    mark: str
    of: tuple[str, ...]


def once(product: AssembledProduct, cover: Cover) -> Once | None:
    """Give what a cover pays for once each; None where its module says nothing of the kind.

    Raises BadInput for a mark that is no choice, a term that is no list, and an unknown choice.
    """
    pays = cover.module.pays
    if pays is None or not pays.once:
        return None
    ((mark, value),) = pays.once.items()
    choices = {name: one.of for name, one in marks(product, cover).items() if one.kind == "choice"}
    if mark not in choices:
        text = f"expected a mark that is a choice, got '{mark}'{nearest(mark, choices)}"
        raise BadInput.one(pays.place("once"), "pays.once", text)
    lists = {name: term for name, term in cover.terms.items() if term.type.kind == "list"}
    term = lists.get(value.name) if isinstance(value, Name) else None
    if term is None or not isinstance(term.expression, Listing):
        got = getattr(value, "name", "none")
        text = f"expected a term that is a list, got '{got}'{nearest(got, lists)}"
        raise BadInput.one(value.at, f"pays.once.{mark}", text)
    for entry in term.expression.entries:
        if entry not in choices[mark]:
            text = f"the mark '{mark}' knows no '{entry}'{nearest(entry, choices[mark])}"
            raise BadInput.one(term.at, term.full_name, text)
    return Once(mark, term.expression.entries)


def events(cover: Cover) -> tuple[tuple[str, At], ...]:
    """List the events that a cover or exclusion listens to."""
    found: list[tuple[str, At]] = []
    if cover.module.pays is not None:
        pays = cover.module.pays
        found += [(event, pays.place("event")) for event in pays.event]
    for entry in cover.module.excludes:
        found += [(event, entry.place("event")) for event in entry.event]
    return tuple(dict.fromkeys(found))


def leavable(cover: Cover) -> tuple[str, ...]:
    """List what a basis may leave out of a cover: once, waits, gap, and the lines of `adjust`."""
    pays = cover.module.pays
    if pays is None:
        return ()
    named = [key for key in ("once", "waits", "gap") if getattr(pays, key)]
    if pays.due is not None and pays.due.elimination is not None:
        named.append("after")
        named += ["relapse"] * (pays.due.relapse is not None)
    lines = [name for line in pays.adjust for name in line_names(line)]
    return tuple(dict.fromkeys([*named, *lines]))


def line_names(line: AdjustLine) -> tuple[str, ...]:
    """Give the names of a line of `adjust`: its operation, and the term that it reads."""
    term = line.value.name if isinstance(line.value, Name) else line.operation
    return tuple(dict.fromkeys((line.operation, term)))


def marks(product: AssembledProduct, cover: Cover) -> dict[str, Type]:
    """Give the marks of all events that a cover listens to.

    A payment at a due date has none, even where an event ends its guarantee.
    """
    found: dict[str, Type] = {}
    for event, at in events(cover):
        process, name = event_of(event, at)
        if process not in product.processes:
            text = f"unknown process '{process}'{nearest(process, product.processes)}"
            raise BadInput.one(at, "event", text)
        known = product.processes[process].events
        if name not in known:
            text = f"unknown event '{event}'{nearest(event, [f'{process}.{e}' for e in known])}"
            raise BadInput.one(at, "event", text)
        found |= {k: m.declared for k, m in product.processes[process].marks.items()}
    pays = cover.module.pays
    return {} if pays is not None and pays.during is not None else found


def scope(product: AssembledProduct, cover: Cover) -> Layers:
    """Give the scope in which the values of a cover are read."""
    return cover_scope(product, cover, marks(product, cover))


def _told(part: Part, text: str) -> str:
    """Say which words a period knows, where a word is not one of them."""
    if part.path == "pays.due.every" and isinstance(part.value, Name):
        known = f"expected {either(PERIODS)}, or a number of years, got {part.value.name}"
        return f"{known}{nearest(part.value.name, PERIODS)}"
    return text


def reads(product: AssembledProduct, cover: Cover) -> frozenset[str]:
    """List the terms of a cover that its promise or its values read: `cover.term` moves money.

    A term that names the event is read by what listens to it, and one that lists what is paid for.

    Raises BadInput with every name or unit that does not fit.
    """
    found: set[Read] = set()
    problems: list[Problem] = []
    names = scope(product, cover)
    at_due_dates = cover.module.pays is not None and cover.module.pays.during is not None
    for part in (*parts(cover), *value_parts(cover)):
        builder = Builder()
        binder = Binder(builder)
        try:
            if isinstance(part.value, Conditions):
                register = binder.conditions(part.value, names)
            else:
                register = binder.value(part.value, names, part.wanted).register
            builder.results["value"] = register
        except BadInput as error:
            first = error.problems[0]
            problems.append(Problem(first.at, part.path, _told(part, first.text)))
        else:
            read = {entry.name for entry in builder.finish().inputs} & UNKNOWN_WHEN_DUE
            if read and at_due_dates:
                text = f"'{min(read)}' is not known on a due date"
                problems.append(Problem(part.at, part.path, text))
        found |= binder.reads
    if problems:
        raise BadInput(problems)
    terms = cover.terms
    read = {entry.name for entry in found}
    read |= {name for name, term in terms.items() if term.type.kind == "event"}
    if once(product, cover) is not None and cover.module.pays is not None:
        read |= {value.name for value in cover.module.pays.once.values() if isinstance(value, Name)}
    return frozenset(terms[name].full_name for name in read if name in terms)
