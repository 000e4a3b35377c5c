"""YAML text → nodes: mappings, lists and texts that know where they stand.

A scalar keeps its text until the type that is declared for it reads it, so that `no`, `1e-3`,
`010` and `12:30` are what the author meant. Product files are untrusted input: sizes, depth and
alias expansion are bounded, tags are refused, text is NFC and free of direction marks.
"""

import unicodedata
from typing import TypeAlias

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

    def __new__(cls, text: str, at: At, *, quoted: bool = False) -> "Text":
        """Keep place and quoting beside the text."""
        self = super().__new__(cls, text)
        self.at = at
        self.quoted = quoted
        return self


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


class _Reader:
    """One pass over the events of one document."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.loader = yaml.SafeLoader(text)
        self.anchors: dict[str, Node] = {}
        self.nodes = 0
        self.aliases = 0

    def at(self, event: Event) -> At:
        mark = event.start_mark
        return At(self.file, mark.line + 1, mark.column + 1)

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
        event = self.loader.get_event()
        if depth > MAX_DEPTH:
            raise self.fail(event, f"expected at most {MAX_DEPTH} levels of nesting, got more")
        if isinstance(event, AliasEvent):
            return self.alias(event)
        self.count(event, 1)
        if isinstance(event, NodeEvent) and getattr(event, "tag", None) not in (None, "!"):
            raise self.fail(event, f"expected plain values, got the tag '{event.tag}'")
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
        found = self.anchors.get(event.anchor)
        if found is None:
            raise self.fail(event, f"unknown anchor '{event.anchor}'")
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
                raise self.fail(key_event, "expected a plain word as key")
            if not key.isascii() and not key.quoted and not _one_script(key):
                raise self.fail(key_event, f"expected a key in one script, got '{key}'")
            if key in entries:
                first = entries.keys_at[key]
                raise self.fail(key_event, f"duplicate key '{key}', first on line {first.line}")
            entries.keys_at[str(key)] = key.at
            entries[str(key)] = self.node(depth + 1)
        self.loader.get_event()
        return entries


def _one_script(key: str) -> bool:
    """Tell whether the letters of a key share a script, so that no look-alike hides in it."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in key if letter.isalpha()}
    return len(scripts) <= 1


def size(node: Node) -> int:
    """Count the values in a tree."""
    if isinstance(node, Map):
        return 1 + sum(map(size, node.values()))
    if isinstance(node, Seq):
        return 1 + sum(map(size, node))
    return 1


def read_nodes(text: str, file: str) -> Node:
    """Read one YAML document.

    Raises BadInput with the place: broken YAML, duplicate keys, tags, or a bound exceeded.
    """
    if len(text) > MAX_CHARACTERS:
        limit = f"expected at most {MAX_CHARACTERS} characters in a file"
        raise BadInput.one(At(file), "", f"{limit}, got {len(text)}")
    try:
        root = _Reader(text, file).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = At(file, mark.line + 1, mark.column + 1) if mark else At(file)
        raise BadInput.one(at, "", f"this is not YAML: {_plain(error)}") from None
    except yaml.reader.ReaderError as error:
        raise BadInput.one(
            At(file), "", f"expected readable text, got character {error.character!r}"
        ) from None
    if root is None:
        raise BadInput.one(At(file), "", "expected a document, got an empty file")
    return root


def _plain(error: yaml.MarkedYAMLError) -> str:
    """Give PyYAML's complaint, with the hint that its commonest causes deserve."""
    problem = error.problem or "it cannot be read"
    if "expected ',' or" in problem or "mapping values are not allowed" in problem:
        return f"{problem} (a text with a comma or a colon inside {{ }} must be quoted)"
    return problem
