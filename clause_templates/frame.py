"""The frame of a line of business: its chapters, and the place of every section in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from clause_templates.facts import UsedModule, WordingFacts
from clause_templates.library import Library, Section, read_map
from product_factory.errors import At, BadInput, either, nearest
from product_factory.nodes import Map, Node, Seq, Text

_ENTRIES = ("offered", "each")
SHORT = "_short"
"""Ends the name of a frame for contracts of a year or less."""
COUNTED, COUNTED_TITLES = "_medical", "counted.titles"
"""Ends the name of a frame for contracts of many years that pay for treatments; what tells them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place for sections.

    kind: ``always``, ``offered`` (stands when a module names the section) or ``each`` (every
    section of the folder that a module names and that has no place of its own).
    """

    kind: str
    name: str
    at: At


@dataclass(frozen=True, slots=True)
class FrameChapter:
    """A chapter's title and its places."""

    title: str
    entries: tuple[Entry, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around the sections: titles of guide, glossary and schedule, and the chapters."""

    guide: Map
    glossary: Map
    schedule: Map | None
    chapters: tuple[FrameChapter, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A section that stands, and the module that brought it (None: the frame)."""

    section: Section
    module: UsedModule | None


def load_frame(library: Library, facts: WordingFacts) -> Frame:
    """Read the frame of the product's line. Raises BadInput.

    A line whose contracts of a year or less are worded otherwise has a frame `line_short`, and one
    whose contracts of many years may pay for treatments a frame `line_medical`.
    """
    folder = library.root / library.language / "frame"
    ends = SHORT if _short(facts) else COUNTED if COUNTED_TITLES in facts.facts else ""
    path = folder / f"{facts.line}{ends}.yaml"
    if not path.is_file():
        path = folder / f"{facts.line}.yaml"
    if not path.is_file():
        stems = (found.stem for found in folder.glob("*.yaml"))
        known = sorted(stem for stem in stems if not stem.endswith((SHORT, COUNTED)))
        hint = nearest(facts.line, known)
        message = f"expected a line with a wording ({either(known)}), got '{facts.line}'{hint}"
        raise BadInput.one(facts.at, "line", message)
    top = read_map(path, library.root)
    chapters = _seq(top, "chapters")
    schedule = top.get("schedule")
    if schedule is not None and not isinstance(schedule, Map):
        raise BadInput.one(schedule.at, "schedule", "expected a mapping")
    return Frame(
        _map(top, "guide"), _map(top, "glossary"), schedule, tuple(map(_chapter, chapters))
    )


def _short(facts: WordingFacts) -> bool:
    term = facts.facts.get("contract.term")
    return term is not None and all(isinstance(v, Decimal) and v <= 1 for v in term.values)


def text(node: Map, key: str) -> Text:
    """A text of the frame. Raises BadInput."""
    value = node.get(key)
    if not isinstance(value, Text):
        raise BadInput.one(node.at, key, "expected a text")
    return value


def _map(node: Map, key: str) -> Map:
    value = node.get(key)
    if not isinstance(value, Map):
        raise BadInput.one(node.at, key, "expected a mapping")
    return value


def _seq(node: Map, key: str) -> Seq:
    value = node.get(key)
    if not isinstance(value, Seq):
        raise BadInput.one(node.at, key, "expected a list")
    return value


def _chapter(node: Node) -> FrameChapter:
    if not isinstance(node, Map):
        raise BadInput.one(node.at, "chapters", "expected title and sections")
    return FrameChapter(
        str(text(node, "title")), tuple(map(_entry, _seq(node, "sections"))), node.at
    )


def _entry(node: Node) -> Entry:
    if isinstance(node, Text):
        return Entry("always", str(node), node.at)
    if isinstance(node, Map) and len(node) == 1:
        ((kind, name),) = node.items()
        if kind in _ENTRIES and isinstance(name, Text):
            return Entry(kind, str(name), node.at)
    raise BadInput.one(node.at, "sections", "expected a section, or one of offered and each")


def place(
    frame: Frame, library: Library, facts: WordingFacts
) -> tuple[tuple[FrameChapter, tuple[Standing, ...]], ...]:
    """Decide which sections stand, and where.

    Raises BadInput: an unknown section, or one that a module names and the frame has no place for.
    """
    named = [(name, module) for module in facts.modules for name in module.clauses]
    for name, module in named:
        _find(library, name, module.at)
    own = {e.name for c in frame.chapters for e in c.entries if e.kind != "each"}
    placed: list[tuple[FrameChapter, tuple[Standing, ...]]] = []
    seen: set[str] = set()
    for chapter in frame.chapters:
        stand = tuple(
            standing
            for entry in chapter.entries
            for standing in _standing(entry, named, own, library)
        )
        seen |= {standing.section.name for standing in stand}
        if stand:
            placed.append((chapter, stand))
    for name, module in named:
        if name not in seen:
            message = f"the wording of line '{facts.line}' has no place for section '{name}'"
            raise BadInput.one(module.at, "clauses", message)
    return tuple(placed)


def _standing(
    entry: Entry, named: list[tuple[str, UsedModule]], own: set[str], library: Library
) -> Iterator[Standing]:
    if entry.kind == "each":
        for name, module in named:
            if name.startswith(entry.name + "/") and name not in own:
                yield Standing(library.sections[name], module)
        return
    section = _find(library, entry.name, entry.at)
    modules = [module for name, module in named if name == entry.name]
    if modules:
        yield from (Standing(section, module) for module in modules)
    elif entry.kind == "always":
        yield Standing(section, None)


def _find(library: Library, name: str, at: At) -> Section:
    if name not in library.sections:
        hint = nearest(name, library.sections)
        raise BadInput.one(at, "clauses", f"unknown section '{name}'{hint}")
    return library.sections[name]
