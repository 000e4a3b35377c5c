"""Facts of the wording, from its printed paragraphs: what they say and what is highlighted."""

from collections.abc import Iterable
from dataclasses import dataclass

from product_factory.rules.facts import Facts, NumberFact, TextFact
from product_factory.types import Type

EXCLUSIONS = "exclusions/"
"""Sections of this folder are clauses that exempt the insurer."""
TRUTH = Type("yes_no")


@dataclass(frozen=True)
class Printed:
    """A printed paragraph or heading: the section it belongs to, its text in runs (text, bold)."""

    section: str
    runs: tuple[tuple[str, bool], ...]
    heading: bool = False

    @property
    def text(self) -> str:
        """The words."""
        return "".join(text for text, _ in self.runs)

    @property
    def bold(self) -> str:
        """The highlighted words, each stretch apart from the next."""
        return "".join(text if bold else "\n" for text, bold in self.runs).strip()


def wording_facts(printed: Iterable[Printed]) -> Facts:
    """State the facts of a wording.

    wording.text                    every paragraph and heading
    wording.headings                every heading, in reading order
    wording.highlighted             the stretches in bold
    wording.exclusions_highlighted  whether there are exclusions, and all of their words are bold
    wording.exclusions_together     whether there are exclusions, and nothing stands between them
    """
    paragraphs = tuple(printed)
    exclusions = [p for p in paragraphs if p.section.startswith(EXCLUSIONS) and not p.heading]
    plain = any(not bold and text.strip() for p in exclusions for text, bold in p.runs)
    highlighted = bool(exclusions) and not plain
    stretches = (line for p in paragraphs for line in p.bold.split("\n") if line)
    return Facts(
        stages=frozenset({"wording"}),
        numbers={
            "wording.exclusions_highlighted": NumberFact(float(highlighted), TRUTH),
            "wording.exclusions_together": NumberFact(float(_together(paragraphs)), TRUTH),
        },
        texts={
            "wording.text": TextFact(tuple(p.text for p in paragraphs)),
            "wording.headings": TextFact(tuple(p.text for p in paragraphs if p.heading)),
            "wording.highlighted": TextFact(tuple(stretches)),
        },
    )


def _together(paragraphs: tuple[Printed, ...]) -> bool:
    places = [n for n, p in enumerate(paragraphs) if p.section.startswith(EXCLUSIONS)]
    return bool(places) and places[-1] - places[0] == len(places) - 1
