"""The wording of a product as an immutable tree: what `compose` gives, and what renderers read."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from clause_templates.facts import Fact
from product_factory.errors import At


class Mark(StrEnum):
    """What a run is, beyond its text."""

    TEXT = "text"
    FIGURE = "figure"
    NUMBER = "number"
    REFERENCE = "reference"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look and one origin.

    mark: FIGURE is printed from ``fact``; NUMBER and REFERENCE are generated numbering; REFERENCE
    and TERM point at the anchor ``target``. at: the place in the template.
    """

    text: str
    at: At
    mark: Mark = Mark.TEXT
    bold: bool = False
    fact: Fact | None = None
    target: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph (level 0), an item （一） (level 1) or an item 1. (level 2).

    number: the count among its siblings of the same level, from 1. place: the name that a
    reference ``[@label.place]`` points at, else empty.
    """

    runs: tuple[Run, ...]
    at: At
    level: int = 0
    number: int = 0
    place: str = ""

    @property
    def text(self) -> str:
        """The words, without the generated number."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Article:
    """第N条. anchor: where references point. section: the template's name."""

    number: int
    title: str
    paragraphs: tuple[Paragraph, ...]
    section: str
    anchor: str
    emphasis: bool
    at: At


@dataclass(frozen=True, slots=True)
class Chapter:
    """第N章 with its articles."""

    number: int
    title: str
    articles: tuple[Article, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Definition:
    """A defined term, numbered in order of first use."""

    number: int
    term: str
    paragraphs: tuple[Paragraph, ...]
    anchor: str
    at: At


@dataclass(frozen=True, slots=True)
class Schedule:
    """A table at the end: a row for each cover; every cell is a paragraph."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Paragraph, ...], ...]
    at: At


@dataclass(frozen=True, slots=True)
class Guide:
    """A heading of the reading guide, and what stands under it."""

    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """The article that holds the definitions: its chapter, its number and its opening words."""

    chapter: int
    chapter_title: str
    number: int
    title: str
    opening: str
    definitions: tuple[Definition, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Wording:
    """The whole text. product, version: of the product it was written for."""

    product: str
    version: str
    language: str
    title: str
    guide_title: str
    guide: tuple[Guide, ...]
    chapters: tuple[Chapter, ...]
    glossary: Glossary
    schedule: Schedule | None

    def articles(self) -> Iterator[Article]:
        """All articles in order."""
        for chapter in self.chapters:
            yield from chapter.articles

    def passages(self) -> Iterator[tuple[str, Paragraph]]:
        """Every printed text but generated numbers, each with a name of where it stands."""
        yield "title", heading(self.title, self.glossary.at)
        yield "guide", heading(self.guide_title, self.glossary.at)
        for guide in self.guide:
            yield "guide", heading(guide.title, self.glossary.at)
            yield from (("guide", paragraph) for paragraph in guide.paragraphs)
        for chapter in self.chapters:
            yield chapter.title, heading(chapter.title, chapter.at)
            for article in chapter.articles:
                yield article.section, heading(article.title, article.at)
                yield from ((article.section, paragraph) for paragraph in article.paragraphs)
        yield from self._glossary()
        if self.schedule:
            texts = (self.schedule.title, *self.schedule.header)
            yield from (("schedule", heading(text, self.schedule.at)) for text in texts)
            yield from (("schedule", cell) for row in self.schedule.rows for cell in row)

    def _glossary(self) -> Iterator[tuple[str, Paragraph]]:
        held = self.glossary
        for text in (held.chapter_title, held.title, held.opening):
            yield "definitions", heading(text, held.at)
        for definition in held.definitions:
            yield definition.anchor, heading(definition.term, definition.at)
            yield from ((definition.anchor, paragraph) for paragraph in definition.paragraphs)


def heading(text: str, at: At) -> Paragraph:
    """A heading as a paragraph of one plain run."""
    return Paragraph((Run(text, at),), at)
