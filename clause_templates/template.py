"""The template language: text → nodes, parsed once, never evaluated as code.

    {{ name | format }}               a fact, printed; the only way that a figure enters a wording
    [[definition]]                    a defined term; its definition joins the wording
    [@label] [@label.place]           第N条; 第N条第M款, where the paragraph opens with [#place]
    [? condition ?] ... [/?]          text that stands where the condition holds; [? else ?] between
    **text**                          bold
    - item, two spaces and - item     numbered lists of two levels

Raises BadInput with the place of what cannot be read.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TypeAlias

from clause_templates.conditions import Condition, parse_condition
from product_factory.errors import At, BadInput

_TOKEN = re.compile(
    r"\{\{(?P<fact>[^{}\n]*)\}\}"
    r"|\[\?(?P<condition>[^\[\]\n]*)\?\]"
    r"|(?P<close>\[/\?\])"
    r"|\[\[(?P<term>[^\[\]\n]*)\]\]"
    r"|\[@(?P<reference>[^\[\]\n]*)\]"
    r"|\[#(?P<place>[^\[\]\n]*)\]"
    r"|(?P<bold>\*\*)"
)
_STRAY = re.compile(r"\{\{|\}\}|\[[\[?@#/]|\]\]|\?\]")


@dataclass(frozen=True, slots=True)
class Plain:
    """Text as it stands, line ends included."""

    text: str
    at: At


@dataclass(frozen=True, slots=True)
class Figure:
    """``{{ name | format }}``."""

    name: str
    format: str
    at: At


@dataclass(frozen=True, slots=True)
class Term:
    """``[[word]]``."""

    word: str
    at: At


@dataclass(frozen=True, slots=True)
class Reference:
    """``[@label]``; label may end in ``.place``."""

    label: str
    at: At


@dataclass(frozen=True, slots=True)
class Place:
    """``[#name]`` at the start of a paragraph: what ``[@label.name]`` points at."""

    name: str
    at: At


@dataclass(frozen=True, slots=True)
class Bold:
    """``**``: bold begins or ends."""

    at: At


@dataclass(frozen=True, slots=True)
class Choice:
    """``[? condition ?] then [? else ?] other [/?]``."""

    condition: Condition
    then: "tuple[Node, ...]"
    other: "tuple[Node, ...]"
    at: At


Leaf: TypeAlias = Plain | Figure | Term | Reference | Place | Bold
Node: TypeAlias = Leaf | Choice


class _Parser:
    def __init__(self, text: str, start: At) -> None:
        self.text = text
        self.start = start
        self.lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.tokens = list(_TOKEN.finditer(text))
        self.next = 0
        self.offset = 0

    def at(self, offset: int) -> At:
        line = bisect_right(self.lines, offset) - 1
        column = offset - self.lines[line] + (self.start.column if line == 0 else 1)
        return At(self.start.file, self.start.line + line, column)

    def nodes(self, opened: At | None) -> tuple[tuple[Node, ...], str]:
        """Read up to the end of the text, an else or a close; give the nodes and which it was."""
        found: list[Node] = []
        while self.next < len(self.tokens):
            token = self.tokens[self.next]
            self.next += 1
            self.plain(found, token.start())
            self.offset = token.end()
            at = self.at(token.start())
            kind, inside = token.lastgroup, (token.group(token.lastgroup or 0)).strip()
            ending = {("close", "[/?]"): "close", ("condition", "else"): "else"}.get(
                (kind or "", inside)
            )
            if ending:
                if opened is None:
                    raise BadInput.one(at, "", f"'{token.group()}' without an open [? ... ?]")
                return tuple(found), ending
            found.append(self.node(kind or "", inside, at))
        if opened is not None:
            raise BadInput.one(opened, "", "expected [/?] before the end of the section")
        self.plain(found, len(self.text))
        return tuple(found), "end"

    def plain(self, found: list[Node], end: int) -> None:
        text = self.text[self.offset : end]
        stray = _STRAY.search(text)
        if stray:
            at = self.at(self.offset + stray.start())
            raise BadInput.one(at, "", f"'{stray.group()}' opens or closes nothing")
        if text:
            found.append(Plain(text, self.at(self.offset)))

    def node(self, kind: str, inside: str, at: At) -> Node:
        if kind == "bold":
            return Bold(at)
        if not inside:
            raise BadInput.one(at, "", f"expected a {kind}, got nothing")
        if kind == "condition":
            return self.choice(parse_condition(inside, at), at)
        if kind == "fact":
            name, bar, shape = (part.strip() for part in inside.partition("|"))
            if not (name and bar and shape):
                raise BadInput.one(at, "", f"expected {{{{ name | format }}}}, got '{inside}'")
            return Figure(name, shape, at)
        if kind == "term":
            return Term(inside, at)
        return Reference(inside, at) if kind == "reference" else Place(inside, at)

    def choice(self, condition: Condition, at: At) -> Choice:
        then, ending = self.nodes(at)
        other: tuple[Node, ...] = ()
        if ending == "else":
            other, ending = self.nodes(at)
            if ending == "else":
                raise BadInput.one(at, "", "expected one [? else ?], got two")
        return Choice(condition, then, other, at)


def parse_template(text: str, start: At) -> tuple[Node, ...]:
    """Read a template whose first character stands at ``start``. Raises BadInput."""
    nodes, _ = _Parser(text, start).nodes(None)
    return nodes
