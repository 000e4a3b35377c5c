"""YAML text → nodes: mappings, lists and texts that know where they stand.

A scalar keeps its text until the type that is declared for it reads it, so that `no`, `1e-3`,
`010` and `12:30` are what the author meant. Product files are untrusted input: sizes, depth and
alias expansion are bounded, tags are refused, text is NFC and free of direction marks.
"""

import re
import unicodedata
from typing import Any, Self, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.scanner import Scanner

from product_factory.errors import At, BadInput
from product_factory.visible import hidden_mark

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 200_000
MAX_ALIASES = 100
MAX_SCALAR = 20_000


class Text(str):
    """A scalar: its text, where it stands, and whether it was quoted."""

    __slots__ = ("at", "quoted")
    at: At
    quoted: bool

    def __new__(cls, text: str, at: At, *, quoted: bool = False) -> Self:
        """Keep place and quoting beside the text."""
        self = super().__new__(cls, text)
        self.at = at
        self.quoted = quoted
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, At], dict[str, bool]]:
        """Let a text be copied, place and all."""
        return (str(self), self.at), {"quoted": self.quoted}


class Seq(list["Node"]):
    """A list that knows where it starts."""

    def __init__(self, at: At) -> None:
        """Start empty."""
        super().__init__()
        self.at = at


class Map(dict[str, "Node"]):
    """A mapping that knows where it and each of its keys stand."""

    def __init__(self, at: At) -> None:
        """Start empty."""
        super().__init__()
        self.at = at
        self.keys_at: dict[str, At] = {}


Node: TypeAlias = Text | Seq | Map


def said(node: object) -> str:
    """Say what a node is, for "expected …, got …": its text, a list, or keys with values."""
    if isinstance(node, Text):
        return str(node) or "nothing"
    return "a list" if isinstance(node, Seq) else "keys with values"


class _Reader:
    """One pass over the events of one document, whose text starts at a place of its file."""

    def __init__(self, parser: Any, start: At) -> None:  # noqa: ANN401 - PyYAML's have no types
        self.start = start
        self.next = parser.get_event
        self.fast = not isinstance(parser, Scanner)  # PyYAML's own
        self.anchors: dict[str, Node] = {}
        self.nodes = 0
        self.aliases = 0

    def at(self, event: Event) -> At:
        return _placed(self.start, event.start_mark)

    def fail(self, event: Event, text: str) -> BadInput:
        return BadInput.one(self.at(event), "", text)

    def beyond(self, event: Event, text: str) -> BadInput:
        return _Beyond.one(self.at(event), "", text)

    def document(self) -> Node | None:
        self.next()  # the stream
        if not isinstance(self.next(), DocumentStartEvent):
            return None
        root = self.node(self.next(), 0)
        self.next()  # the end of the document
        event = self.next()
        if not isinstance(event, StreamEndEvent):
            raise self.fail(event, "expected one document in the file, got two")
        return root

    def node(self, event: Any, depth: int) -> Node:  # noqa: ANN401 - one of PyYAML's events
        if depth > MAX_DEPTH:
            raise self.beyond(event, f"expected at most {MAX_DEPTH} levels of nesting, got more")
        if isinstance(event, AliasEvent):
            return self.alias(event)
        self.count(event, 1)
        if event.tag not in (None, "!"):
            text = f"expected a plain value, got the tag '{event.tag}'; leave the tag out"
            raise self.fail(event, text)
        node: Node
        if isinstance(event, ScalarEvent):
            node = self.scalar(event)
        elif isinstance(event, MappingStartEvent):
            node = self.mapping(event, depth)
        else:
            node = self.sequence(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def count(self, event: Event, more: int) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            raise self.beyond(event, f"expected at most {MAX_NODES} values in a file, got more")

    def alias(self, event: AliasEvent) -> Node:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self.beyond(event, f"expected at most {MAX_ALIASES} aliases in a file, got more")
        found = self.anchors.get(str(event.anchor))
        if found is None:
            hint = "a text that starts with * must be quoted"
            raise self.fail(event, f"unknown anchor '{event.anchor}'; {hint}")
        self.count(event, size(found))
        return found

    def scalar(self, event: ScalarEvent) -> Text:
        value = event.value
        if len(value) > MAX_SCALAR:
            raise self.beyond(event, f"expected at most {MAX_SCALAR} characters, got {len(value)}")
        if not value.isascii():
            self.seen(event, value)
        if not value and not event.style and self.fast:
            raise _Unsure
        # libyaml gives an empty style for what the other parser calls none
        return Text(value, self.at(event), quoted=bool(event.style))

    def seen(self, event: ScalarEvent, value: str) -> None:
        if mark := hidden_mark(value):
            raise self.fail(event, f"expected visible text, got the hidden mark {mark}")
        if not unicodedata.is_normalized("NFC", value):
            raise self.fail(event, "expected text in Unicode normal form NFC, got another form")

    def sequence(self, event: SequenceStartEvent, depth: int) -> Seq:
        items = Seq(self.at(event))
        while not isinstance(inner := self.next(), SequenceEndEvent):
            items.append(self.node(inner, depth + 1))
        return items

    def mapping(self, event: MappingStartEvent, depth: int) -> Map:
        entries = Map(self.at(event))
        while not isinstance(inner := self.next(), MappingEndEvent):
            key = self.node(inner, depth + 1)
            if not isinstance(key, Text):
                raise self.fail(inner, f"expected a plain word as key, got {said(key)}")
            if not key.isascii() and len(scripts := _scripts(key)) > 1:
                mixed = " and ".join(scripts)
                raise self.fail(inner, f"expected a key in one script, got '{key}' in {mixed}")
            if key in entries:
                first = entries.keys_at[key]
                raise self.fail(inner, f"duplicate key '{key}', first on line {first.line}")
            entries.keys_at[key] = key.at
            entries[key] = self.node(self.next(), depth + 1)
        return entries


def _scripts(key: str) -> list[str]:
    """List the scripts of a key's letters but Chinese, so that no look-alike hides among them."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in key if letter.isalpha()}
    return [script.capitalize() for script in sorted(scripts - {"CJK"})]


def _placed(start: At, mark: Any) -> At:  # noqa: ANN401 - PyYAML has two classes of marks
    """Give the place of a mark in a text that starts somewhere in a file."""
    if mark is None:
        return start
    column = mark.column + (1 if mark.line else start.column)
    return At(start.file, start.line + mark.line, column)


def size(node: Node) -> int:
    """Count the values in a tree."""
    if isinstance(node, Map):
        return 1 + sum(map(size, node.values()))
    if isinstance(node, Seq):
        return 1 + sum(map(size, node))
    return 1


def read_nodes(text: str, file: str, line: int = 1, column: int = 1) -> Node:
    """Read one YAML document.

    line, column  where the text starts in its file

    Raises BadInput with the place: broken YAML, duplicate keys, tags, or a bound exceeded.
    """
    start = At(file, line, column)
    if len(text) > MAX_CHARACTERS:
        limit = f"expected at most {MAX_CHARACTERS} characters in a file"
        raise BadInput.one(At(file), "", f"{limit}, got {len(text)}")
    try:
        root = _document(text, start)
    except yaml.MarkedYAMLError as error:
        mark, plain = _plain(error)
        raise BadInput.one(_placed(start, mark), "", f"this is not YAML: {plain}") from None
    except yaml.reader.ReaderError as error:
        got = f"the control character U+{ord(text[error.position]):04X}"
        before = text[: error.position].split("\n")
        at = At(file, line + len(before) - 1, len(before[-1]) + 1)
        raise BadInput.one(at, "", f"expected readable text, got {got}") from None
    if root is None:
        raise BadInput.one(At(file), "", "expected a document, got an empty file")
    return root


# Signs that libyaml reads more freely than YAML and PyYAML's own parser do.
READ_FREELY = re.compile("[\t?]")


class _Beyond(BadInput):
    """A bound exceeded: the same whichever parser meets it."""


class _Unsure(Exception):
    """The two parsers place an empty value differently."""


def _document(text: str, start: At) -> Node | None:
    """Read the document.

    libyaml is ten times as fast as PyYAML's own parser, and reads what is good in the same way.
    Whatever it finds wrong is read again by the other, whose words and places a designer knows.
    """
    if yaml.__with_libyaml__ and not READ_FREELY.search(text):
        try:
            return _Reader(yaml.CSafeLoader(text), start).document()
        except _Beyond:
            raise
        except (yaml.YAMLError, BadInput, _Unsure):
            pass
    return _Reader(yaml.SafeLoader(text), start).document()


# What PyYAML complains of, and what the author most likely did; the mark where the trouble began.
CAUSES = (
    (
        "mapping values are not allowed",
        "a text with a colon must be quoted, and keys of one level \
must stand in one column",
    ),
    (
        "expected ',' or '}'",
        "this { is not closed, or a text with a comma or a colon in it is not \
quoted",
    ),
    (
        "expected ',' or ']'",
        "this [ is not closed, or a text with a comma or a colon in it is not \
quoted",
    ),
    ("'\\t' that cannot start", "a line starts with a tab; indent with spaces"),
)


def _plain(error: yaml.MarkedYAMLError) -> tuple[Any, str]:
    """Give the place and the likely cause of PyYAML's complaint, or the complaint itself."""
    problem = error.problem or "it cannot be read"
    for sign, cause in CAUSES:
        if sign in problem:
            opened = error.context_mark if "not closed" in cause else None
            return opened or error.problem_mark, cause
    return error.problem_mark or error.context_mark, problem
