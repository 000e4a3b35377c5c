"""Phrases that must, or must not, stand in a text, or must stand there in an order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from product_factory.parameters import DatedValue
from product_factory.rules.facts import TextFact
from product_factory.rules.rule import PLACEHOLDER, Phrases, Rule

BLANKS = re.compile(r"\s+")
SENTENCE = re.compile(r"[。；;]")
GAP = "…"
"""In a phrase: any words of the same sentence."""
PRINTED = {"days": ("日", "天"), "months": ("个月",), "years": ("年",), "age": ("周岁",)}
"""How a wording writes a time after its number."""


@dataclass(frozen=True)
class Looked:
    """The stretches found though forbidden, and the phrases missing though required.

    meant  whether the rule is about such a text at all
    """

    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    meant: bool = True

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.found or self.missing)


@dataclass(frozen=True)
class Stretch:
    """Where a phrase stands: the number of the paragraph, the place in it, the words themselves."""

    paragraph: int
    place: int
    words: str

    def before(self, other: "Stretch") -> bool:
        """Tell whether it begins before another."""
        return (self.paragraph, self.place) < (other.paragraph, other.place)


@dataclass(frozen=True)
class _Text:
    """Paragraphs without blanks, and the parameters that phrases may name."""

    paragraphs: tuple[str, ...]
    parameters: Mapping[str, DatedValue]

    def first(self, phrase: str) -> Stretch | None:
        """Find where a phrase first stands, in any way that a wording may write its figures."""
        for number, paragraph in enumerate(self.paragraphs):
            for written in _written(phrase, self.parameters):
                found = _stretch(written, paragraph)
                if found is not None:
                    return Stretch(number, *found)
        return None

    def any_of(self, entry: tuple[str, ...]) -> Stretch | None:
        """Find where one of several phrases first stands."""
        found = [stretch for phrase in entry if (stretch := self.first(phrase)) is not None]
        return min(found, key=lambda one: (one.paragraph, one.place), default=None)

    def shown(self, phrase: str) -> str:
        """Write a phrase as a person reads it."""
        return next(iter(_written(phrase, self.parameters)), phrase)


def look(text: TextFact, rule: Rule, parameters: Mapping[str, DatedValue]) -> Looked:
    """Look for a rule's phrases in each paragraph of a text; blanks do not count, case does."""
    held = _Text(tuple(map(_plain, text.texts)), parameters)
    if rule.if_stands and not any(map(held.any_of, rule.if_stands)):
        return Looked(meant=False)
    forbidden = [held.first(phrase) for entry in rule.forbids for phrase in entry]
    found = [stretch.words for stretch in forbidden if stretch is not None]
    if rule.only:
        found += [entry for entry in text.texts if entry not in rule.only]
    missing = [
        " / ".join(map(held.shown, entry)) for entry in rule.requires if held.any_of(entry) is None
    ]
    missing += _out_of_order(held, rule.in_order)
    return Looked(tuple(dict.fromkeys(found)), tuple(missing))


def _out_of_order(held: _Text, entries: Phrases) -> list[str]:
    """Give the phrases that stand before one that they should follow."""
    late: list[str] = []
    last: Stretch | None = None
    for entry in entries:
        found = held.any_of(entry)
        if found is None:
            continue
        if last is not None and found.before(last):
            late.append(entry[0])
        else:
            last = found
    return late


def _written(phrase: str, parameters: Mapping[str, DatedValue]) -> tuple[str, ...]:
    """Put the values of parameters into a phrase, in each way that a wording may write them."""
    match = PLACEHOLDER.search(phrase)
    if match is None:
        return (phrase,)
    entry = parameters[match.group(1)]
    if not isinstance(entry.value, float):
        return ()
    units = PRINTED.get(entry.type.kind, ("",))
    written = tuple(f"{entry.value:,.12g}{unit}" for unit in units)
    before, after = phrase[: match.start()], phrase[match.end() :]
    return tuple(t for w in written for t in _written(before + w + after, parameters))


def _stretch(phrase: str, paragraph: str) -> tuple[int, str] | None:
    """Find a phrase; its parts, apart by `…`, stand in one sentence in this order."""
    first, *others = _plain(phrase).split(GAP)
    if not others:
        place = paragraph.find(first)
        return None if place < 0 else (place, first)
    start = 0
    for sentence in SENTENCE.split(paragraph):
        begin = sentence.find(first)
        end = begin + len(first)
        for part in others:
            found = sentence.find(part, end) if begin >= 0 else -1
            begin, end = (begin, found + len(part)) if found >= 0 else (-1, 0)
        if begin >= 0:
            return start + begin, sentence[begin:end]
        start += len(sentence) + 1
    return None


def _plain(text: str) -> str:
    return BLANKS.sub("", text)
