"""YAML text → nodes: mappings, lists and texts that know where they stand.

A scalar keeps its text until the type that is declared for it reads it, so that `no`, `1e-3`,
`010` and `12:30` are what the author meant. Product files are untrusted input: sizes, depth and
alias expansion are bounded, tags are refused, text is NFC and free of direction marks.
"""

import unicodedata
from typing import Any, Self, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from product_factory.errors import At, BadInput

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 200_000
MAX_ALIASES = 100
MAX_SCALAR = 20_000

# Marks that change the order or the look of text without being seen.
HIDDEN = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


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

    def __init__(self, text: str, start: At) -> None:
        self.start = start
        self.loader: Any = yaml.SafeLoader(text)  # its methods have no types
        self.anchors: dict[str, Node] = {}
        self.nodes = 0
        self.aliases = 0

    def at(self, event: Event) -> At:
        return _placed(self.start, event.start_mark)

    def fail(self, event: Event, text: str) -> BadInput:
        return BadInput.one(self.at(event), "", text)

    def document(self) -> Node | None:
        self.loader.get_event()  # the stream
        if not self.loader.check_event(yaml.DocumentStartEvent):
            return None
        self.loader.get_event()
        root = self.node(0)
        self.loader.get_event()  # the end of the document
        if not self.loader.check_event(yaml.StreamEndEvent):
            raise self.fail(self.loader.peek_event(), "expected one document in the file, got two")
        return root

    def node(self, depth: int) -> Node:
        event: Event = self.loader.get_event()
        if depth > MAX_DEPTH:
            raise self.fail(event, f"expected at most {MAX_DEPTH} levels of nesting, got more")
        if isinstance(event, AliasEvent):
            return self.alias(event)
        self.count(event, 1)
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise self.fail(
                event, f"expected a plain value, got the tag '{tag}'; leave the tag out"
            )
        node: Node
        if isinstance(event, ScalarEvent):
            node = self.scalar(event)
        elif isinstance(event, SequenceStartEvent):
            node = self.sequence(event, depth)
        else:
            node = self.mapping(event, depth)
        if isinstance(event, NodeEvent) and event.anchor:
            self.anchors[event.anchor] = node
        return node

    def count(self, event: Event, more: int) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            raise self.fail(event, f"expected at most {MAX_NODES} values in a file, got more")

    def alias(self, event: AliasEvent) -> Node:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self.fail(event, f"expected at most {MAX_ALIASES} aliases in a file, got more")
        found = self.anchors.get(str(event.anchor))
        if found is None:
            hint = "a text that starts with * must be quoted"
            raise self.fail(event, f"unknown anchor '{event.anchor}'; {hint}")
        self.count(event, size(found))
        return found

    def scalar(self, event: ScalarEvent) -> Text:
        if len(event.value) > MAX_SCALAR:
            got = len(event.value)
            raise self.fail(event, f"expected at most {MAX_SCALAR} characters, got {got}")
        hidden = next((mark for mark in event.value if mark in HIDDEN), None)
        if hidden is not None:
            name = unicodedata.name(hidden)
            raise self.fail(event, f"expected visible text, got the hidden mark {name}")
        if not unicodedata.is_normalized("NFC", event.value):
            raise self.fail(event, "expected text in Unicode normal form NFC, got another form")
        return Text(event.value, self.at(event), quoted=event.style is not None)

    def sequence(self, event: SequenceStartEvent, depth: int) -> Seq:
        items = Seq(self.at(event))
        while not self.loader.check_event(SequenceEndEvent):
            items.append(self.node(depth + 1))
        self.loader.get_event()
        return items

    def mapping(self, event: Event, depth: int) -> Map:
        if not isinstance(event, MappingStartEvent):
            raise self.fail(event, "expected a value")
        entries = Map(self.at(event))
        while not self.loader.check_event(MappingEndEvent):
            key_event = self.loader.peek_event()
            key = self.node(depth + 1)
            if not isinstance(key, Text):
                raise self.fail(key_event, f"expected a plain word as key, got {said(key)}")
            if not key.isascii() and len(scripts := _scripts(key)) > 1:
                mixed = " and ".join(scripts)
                raise self.fail(key_event, f"expected a key in one script, got '{key}' in {mixed}")
            if key in entries:
                first = entries.keys_at[key]
                raise self.fail(key_event, f"duplicate key '{key}', first on line {first.line}")
            entries.keys_at[key] = key.at
            entries[key] = self.node(depth + 1)
        self.loader.get_event()
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
        root = _Reader(text, start).document()
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
