"""Law 2: every figure of the wording is a figure of the product, and every term is printed.

`trace` lists the figures with their sources. `untraced` is what breaks the first half of the law,
`unprinted` the second.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from clause_templates.facts import Fact, InCase, Row, ToAge, WordingFacts, Words
from clause_templates.library import ROOT, read_map
from clause_templates.scan import Found, scan
from clause_templates.wording import Mark, Paragraph, Run, Wording
from product_factory.errors import At, BadInput, Problem
from product_factory.nodes import Map, Seq, Text

_TIMES = ("days", "months", "years")
_GENERATED = (Mark.NUMBER, Mark.REFERENCE)


@dataclass(frozen=True, slots=True)
class TracedFigure:
    """A printed figure and where it comes from.

    text: as printed; worth: as read back. where: the section. template: the place that prints it.
    name, source, reference: the fact, the place of its value, and its law if it is a parameter.
    """

    text: str
    worth: Decimal | None
    where: str
    template: At
    name: str
    source: At
    reference: str


@dataclass(frozen=True, slots=True)
class NotFigure:
    """A word that holds the sign of a figure and is none, with the reason."""

    word: str
    because: str
    at: At


@dataclass(frozen=True, slots=True)
class _Seen:
    """A figure found, the run that covers it (None: several or none), and where it stands."""

    found: Found
    run: Run | None
    paragraph: Paragraph
    where: str
    at: At


def load_not_figures(language: str) -> tuple[NotFigure, ...]:
    """Read the list of words that only look like figures. Raises BadInput."""
    node = read_map(ROOT / language / "not_figures.yaml")
    listed = node.get("list")
    if not isinstance(listed, Seq):
        raise BadInput.one(node.at, "list", "expected a list")
    return tuple(_not_figure(one) for one in listed if isinstance(one, Map))


def _not_figure(node: Map) -> NotFigure:
    word, because = node.get("word"), node.get("because")
    if not isinstance(word, Text) or not isinstance(because, Text) or not because:
        raise BadInput.one(node.at, "list", "expected a word and because")
    return NotFigure(str(word), str(because), node.at)


def trace(wording: Wording) -> tuple[TracedFigure, ...]:
    """List every figure that stands in a printed fact, in order."""
    return tuple(
        TracedFigure(
            text=seen.found.text,
            worth=seen.found.worth,
            where=seen.where,
            template=seen.run.at,
            name=fact.name,
            source=_source_of(fact, seen.found.worth),
            reference=fact.reference,
        )
        for seen in _seen(wording)
        if seen.run and (fact := seen.run.fact)
    )


def _source_of(fact: Fact, worth: Decimal | None) -> At:
    """The place of the value, among several, that holds the number."""
    for value in fact.values:
        if isinstance(value, Words) and value.at is not None and worth in value.numbers:
            return value.at
        if isinstance(value, InCase) and value.value == worth:
            return value.at
    return fact.at


def untraced(wording: Wording) -> tuple[Problem, ...]:
    """List the figures without a source: none is the law.

    A figure must lie inside one printed fact and read back as a number of that fact, or be
    generated numbering, or lie inside a word of not_figures.yaml.
    """
    words = tuple(one.word for one in load_not_figures(wording.language))
    return tuple(problem for seen in _seen(wording) if (problem := _judge(seen, words)) is not None)


def _judge(seen: _Seen, words: tuple[str, ...]) -> Problem | None:
    run, found = seen.run, seen.found
    if run is not None and run.mark in _GENERATED:
        return None
    if run is not None and run.fact is not None:
        if found.worth is not None and found.worth in _numbers(run.fact):
            return None
        text = f"'{found.text}' does not read back as {run.fact.name} in '{run.text}'"
        return Problem(run.at, seen.where, text)
    if _excused(seen.paragraph.text, found, words):
        return None
    text = f"'{found.text}' is a figure without a parameter in '{_around(seen)}'"
    return Problem(seen.at, seen.where, text)


def _excused(text: str, found: Found, words: tuple[str, ...]) -> bool:
    for word in words:
        start = text.find(word)
        while start >= 0:
            if start <= found.start and found.end <= start + len(word):
                return True
            start = text.find(word, start + 1)
    return False


def _around(seen: _Seen) -> str:
    text = seen.paragraph.text
    return text[max(0, seen.found.start - 8) : seen.found.end + 8]


def _numbers(fact: Fact) -> frozenset[Decimal]:
    """The numbers that a fact may print."""
    found: set[Decimal] = set()
    for said in fact.values:
        value = said.value if isinstance(said, InCase) else said
        if isinstance(value, Decimal):
            found.add(value)
        elif isinstance(value, ToAge):
            found.add(Decimal(value.age))
        elif isinstance(value, Words):
            found.update(value.numbers)
        elif isinstance(value, Row):
            found.update((value.start, value.value))
    return frozenset(found)


def _seen(wording: Wording) -> Iterator[_Seen]:
    for where, paragraph in wording.passages():
        for found in scan(paragraph.text):
            run, at = _cover(paragraph, found)
            yield _Seen(found, run, paragraph, where, at)


def _cover(paragraph: Paragraph, found: Found) -> tuple[Run | None, At]:
    """The run that holds the whole figure, if one does, and the place in the template."""
    start = 0
    for run in paragraph.runs:
        end = start + len(run.text)
        if start <= found.start < end:
            at = replace(run.at, column=run.at.column + found.start - start)
            return (run, at) if found.end <= end else (None, at)
        start = end
    return None, paragraph.at


def unprinted(facts: WordingFacts, wording: Wording) -> tuple[Problem, ...]:
    """List what price or payout reads and the wording does not print: none is the law."""
    printed = {
        run.fact.name
        for _, paragraph in wording.passages()
        for run in paragraph.runs
        if run.fact is not None
    }
    return tuple(
        Problem(_source(facts, name), name, "moves money but is not printed in the wording")
        for name in sorted(facts.reads - printed)
        if not _excepted(facts.facts.get(name))
    )


def _excepted(fact: Fact | None) -> bool:
    """Marked printed: no with a reason, or a time of zero, which waits for nothing."""
    if fact is None:
        return False
    nothing = fact.type in _TIMES and fact.value == 0
    return nothing or (not fact.printed and bool(fact.because))


def _source(facts: WordingFacts, name: str) -> At:
    fact = facts.facts.get(name)
    return fact.at if fact else facts.at
