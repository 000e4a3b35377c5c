"""A coverage module: a reusable promise, as its file says it."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from product_factory import shapes
from product_factory.contract import BALANCES, BEGINS_ABOVE, OPERATIONS, PERIODS
from product_factory.declared import Accepts, Term
from product_factory.due import Due
from product_factory.errors import At, BadInput, BadValue, both, either, nearest
from product_factory.nodes import Map, Seq, Text
from product_factory.strict import (
    Bilingual,
    Currency,
    Dotted,
    Path,
    PlainText,
    Reference,
    Strict,
    Texts,
    Value,
    Version,
    When,
    Word,
    word_of,
)
from product_factory.values import ValueOf

AMENDS = ("adds", "multiplies", "sets")


class Waits(Strict):
    """A waiting period since inception: `for` how long, `by` which date mark, `unless` what."""

    length: Value = Field(alias="for")
    by: Word = "date"
    unless: When | None = None
    meanwhile: Value | None = None


def _restored(node: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    """Turn `sum_insured` and `[one, two]` into a mapping whose times are none."""
    if not isinstance(node, Text | Seq):
        return node
    restored = Map(node.at)
    for name in [node] if isinstance(node, Text) else node:
        if not isinstance(name, Text):
            return node
        restored[str(name)] = Text("0 days", name.at)
        restored.keys_at[str(name)] = name.at
    return restored


class Then(Strict):
    """What an event does to the contract once all covers have seen it.

    ends      the contract, or this cover
    waives    premium: none falls due after the event
    reduces   `sum_insured`, or balances (`cover.term`, a pool): less by what was paid
    restores  the same, full again at once; a mapping says after what time
    """

    ends: Literal["contract", "cover"] | None = None
    waives: Literal["premium"] | None = None
    reduces: Texts = ()
    restores: Annotated[
        dict[Dotted, Value],
        BeforeValidator(_restored),
        WithJsonSchema({"anyOf": [*shapes.TEXTS["anyOf"], {"type": "object"}]}),
    ] = Field(default_factory=dict)


class AdjustLine(Strict):
    """One line of `adjust`: an operation with its value, `per`, `each` and `when`.

    above  of a corridor, and of it alone: the amount above which it begins
    """

    operation: PlainText
    value: Value
    above: Value | None = None
    per: Annotated[str, word_of(PERIODS)] = "claim"
    each: Literal["item"] | None = None
    when: When | None = None

    @model_validator(mode="after")
    def _period(self) -> "AdjustLine":
        if self.operation not in BALANCES and ("per" in self.model_fields_set or self.each):
            message = (
                f"'per' and 'each' are for {either(sorted(BALANCES))}, not for {self.operation}; "
                "leave them out"
            )
            raise BadValue(message)
        return self

    @model_validator(mode="after")
    def _begins(self) -> "AdjustLine":
        if (self.operation == BEGINS_ABOVE) != (self.above is not None):
            message = (
                "a corridor begins above an amount: expected 'above' beside it"
                if self.above is None
                else f"'above' is for a corridor, not for {self.operation}; leave it out"
            )
            raise BadValue(message)
        return self

    @property
    def key(self) -> str:
        """The operation's name."""
        return self.operation


def _named_lines(node: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    """Turn `{deductible: 500, per: event}` into operation, value, and the rest, keeping places."""
    if not isinstance(node, Seq):
        return node
    lines = Seq(node.at)
    for number, line in enumerate(node):
        lines.append(_named_line(line, number) if isinstance(line, Map) else line)
    return lines


def _named_line(line: Map, number: int) -> Map:
    found = [key for key in line if key in OPERATIONS]
    if len(found) != 1:
        known = set(OPERATIONS) | {"above", "per", "each", "when"}
        odd = next((key for key in line if key not in known), "")
        got = f"'{odd}'{nearest(odd, OPERATIONS)}" if odd else both(found) or "none"
        text = f"expected one of {either(OPERATIONS)}, got {got}"
        context = {"text": text, "at": line.keys_at.get(odd, line.at), "path": f"[{number}]"}
        raise PydanticCustomError("placed", "{text}", context)
    named = Map(line.at)
    for key, value in line.items():
        if key == found[0]:
            named["operation"] = Text(key, line.keys_at[key])
            named["value"] = value
        else:
            named[key] = value
        named.keys_at[key] = line.keys_at[key]
    named.keys_at["operation"] = named.keys_at["value"] = line.keys_at[found[0]]
    return named


def _written_lines(operations: Iterable[str]) -> shapes.Schema:
    """Give the schema of the lines as they are written: the operation's name is a key."""
    names = tuple(operations)
    keys = dict.fromkeys(names, shapes.VALUE)
    if BEGINS_ABOVE in names:
        keys["above"] = shapes.VALUE
    line = shapes.keys(
        {},
        **keys,
        per=shapes.words(PERIODS),
        each=shapes.words(["item"]),
        when=shapes.WHEN,
    )
    line["oneOf"] = [{"required": [name]} for name in names]
    if BEGINS_ABOVE in names:
        line["dependentRequired"] = {BEGINS_ABOVE: ["above"], "above": [BEGINS_ABOVE]}
    return {"type": "array", "items": line}


AdjustLines = Annotated[
    tuple[AdjustLine, ...],
    BeforeValidator(_named_lines),
    WithJsonSchema(_written_lines(OPERATIONS)),
]
LinesOverCovers = Annotated[
    tuple[AdjustLine, ...],
    BeforeValidator(_named_lines),
    # what follows several covers has no corridor: `check_pools` says why
    WithJsonSchema(_written_lines(name for name in OPERATIONS if name != BEGINS_ABOVE)),
]


EVENT_ONLY = ("once", "waits", "gap", "times", "adjust", "then")
ALIVE = "alive"
"""The state of those who live, and the fact that a claim may state of a day."""


class Pays(Strict):
    """The promise: a trigger, amount, adjust, then.

    The trigger is an event (with where, once, waits, gap, times), or a stay in a state (with due,
    where).

    event   `process.event`, a list of such, or a term of type event
    during  a state, for payments at due dates while it lasts: `alive`; `event` is then what ends a
            guarantee, and stands only beside one
    once    a mark and a term that lists some of its choices: the cover pays for these, once each
    gap     time since the last event that this cover paid;  times: how often it pays, then it ends
    """

    event: Texts = ()
    during: Dotted | None = Field(None, alias="while")
    due: Due | None = None
    where: When | None = None
    once: dict[Word, Value] = Field(default_factory=dict)
    waits: Waits | None = None
    gap: Value | None = None
    times: Value | None = None
    amount: Value
    adjust: AdjustLines = ()
    then: Then | None = None

    @property
    def lives(self) -> bool:
        """Whether it is paid at due dates to whoever lives, in whatever state."""
        return self.during == ALIVE

    @model_validator(mode="after")
    def _one_mark(self) -> "Pays":
        if len(self.once) > 1:
            raise BadValue(f"expected one mark under 'once', got {both(list(self.once))}")
        return self

    @model_validator(mode="after")
    def _one_trigger(self) -> "Pays":
        if self.during is None:
            if not self.event:
                message = "expected one of the keys 'event' and 'while'"
                raise BadValue(message)
            if self.due is not None:
                message = "'due' is for payments while in a state; write 'while' beside it"
                raise BadValue(message)
            return self
        if self.due is None:
            message = "expected the key 'due' beside 'while'"
            raise BadValue(message)
        forbidden: tuple[str, ...] = EVENT_ONLY
        if self.during != ALIVE and self.then is not None and _only_waives(self.then):
            forbidden = tuple(name for name in EVENT_ONLY if name != "then")
        odd = next((name for name in forbidden if name in self.model_fields_set), "")
        if odd:
            message = f"'{odd}' is for events; leave it out beside 'while'"
            raise BadValue(message)
        self._of_a_stay(self.due)
        if bool(self.event) != (self.due.guaranteed is not None):
            message = (
                "'event' and 'guaranteed' belong together: what is left of a guarantee is paid at "
                "that event"
            )
            raise BadValue(message)
        return self

    def _of_a_stay(self, due: Due) -> None:
        """Hold the keys of a stay in a state against the state."""
        if self.during == ALIVE and (due.elimination is not None or due.most is not None):
            message = "'after' and 'for' are for a state that one may enter, not for 'alive'"
            raise BadValue(message)


def _only_waives(then: Then) -> bool:
    return then.model_fields_set == {"waives"}


class Exclusion(Strict):
    """Events that reach no cover; what is paid instead and what follows."""

    name: Word
    event: Texts
    where: When | None = None
    amount: Value
    then: Then | None = None


References = tuple[Reference, ...]


class Amends(Strict):
    """What a rider does to a term of a cover of module `of`: `adds`, `multiplies` or `sets`."""

    of: Path
    term: Word
    adds: Value | None = None
    multiplies: Value | None = None
    sets: Value | None = None
    because: PlainText

    @model_validator(mode="after")
    def _one_deed(self) -> "Amends":
        written = [deed for deed in AMENDS if getattr(self, deed) is not None]
        if len(written) != 1:
            message = f"expected one of the keys {either(AMENDS)}, got {both(written) or 'none'}"
            raise BadValue(message)
        return self

    @property
    def deed(self) -> str:
        """What is done: adds, multiplies or sets."""
        return next(deed for deed in AMENDS if getattr(self, deed) is not None)


class Module(Strict):
    """A module file.

    values  what the contract is worth by this module's terms, such as a refund or a loan
    """

    module: Path
    version: Version
    title: Bilingual
    kind: Word
    line: PlainText = ""
    currency: Currency | None = None
    requires: References = ()
    forbids: References = ()
    terms: dict[Word, Term] = Field(default_factory=dict)
    pays: Pays | None = None
    excludes: tuple[Exclusion, ...] = ()
    amends: tuple[Amends, ...] = ()
    accepts: tuple[Accepts, ...] = ()
    values: dict[Word, ValueOf] = Field(default_factory=dict)
    clauses: Texts = ()
    defines: Texts = ()


def event_of(text: str, at: At) -> tuple[str, str]:
    """Split `process.event`. Raises BadInput when it has another form."""
    process, dot, event = text.partition(".")
    if not dot or not event:
        raise BadInput.one(
            at, "event", f"expected process.event such as fire.occurrence, got {text}"
        )
    return process, event
