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
    """The phrases found though forbidden, and those missing though required.

    meant  whether the rule is about such a text at all
    """

    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    meant: bool = True

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.found or self.missing)


def look(text: TextFact, rule: Rule, parameters: Mapping[str, DatedValue]) -> Looked:
    """Look for a rule's phrases in each paragraph of a text; blanks do not count, case does."""
    paragraphs = [_plain(paragraph) for paragraph in text.texts]

    def entries(phrases: Phrases) -> list[tuple[str, ...]]:
        return [tuple(w for p in entry for w in _written(p, parameters)) for entry in phrases]

    def stands(phrase: str) -> bool:
        return any(_place(phrase, paragraph) is not None for paragraph in paragraphs)

    if rule.if_stands and not any(map(stands, sum(entries(rule.if_stands), ()))):
        return Looked(meant=False)
    found = [phrase for entry in entries(rule.forbids) for phrase in entry if stands(phrase)]
    if rule.only:
        found += [entry for entry in text.texts if entry not in rule.only]
    missing = [" / ".join(e) for e in entries(rule.requires) if not any(map(stands, e))]
    missing += _out_of_order(paragraphs, entries(rule.in_order))
    return Looked(tuple(dict.fromkeys(found)), tuple(missing))


def _out_of_order(paragraphs: list[str], entries: list[tuple[str, ...]]) -> list[str]:
    """Give the phrases that stand before one that they should follow."""
    furthest, late = (-1, -1), []
    for entry in entries:
        places = [
            (number, place)
            for number, paragraph in enumerate(paragraphs)
            for phrase in entry
            if (place := _place(phrase, paragraph)) is not None
        ]
        if places and min(places) < furthest:
            late.append(entry[0])
        furthest = max(furthest, min(places, default=furthest))
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


def _place(phrase: str, paragraph: str) -> int | None:
    """Find where a phrase begins; its parts, apart by `…`, stand in one sentence in this order."""
    first, *others = _plain(phrase).split(GAP)
    if not others:
        place = paragraph.find(first)
        return None if place < 0 else place
    start = 0
    for sentence in SENTENCE.split(paragraph):
        begin = sentence.find(first)
        place = begin + len(first) if begin >= 0 else -1
        for part in others:
            found = sentence.find(part, place) if place >= 0 else -1
            place = found + len(part) if found >= 0 else -1
        if place >= 0:
            return start + begin
        start += len(sentence) + 1
    return None


def _plain(text: str) -> str:
    return BLANKS.sub("", text)
