"""`requires` and `forbids`: phrases that must, or must not, stand in a text."""

import re
from dataclasses import dataclass

from product_factory.rules.facts import TextFact
from product_factory.rules.rule import Phrases

BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Looked:
    """The phrases found though forbidden, and those missing though required."""

    found: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.found or self.missing)


def look(text: TextFact, requires: Phrases, forbids: Phrases) -> Looked:
    """Look for phrases in each paragraph of a text; blanks do not count, and case does."""
    paragraphs = [_plain(paragraph) for paragraph in text.texts]

    def stands(phrase: str) -> bool:
        wanted = _plain(phrase)
        return any(wanted in paragraph for paragraph in paragraphs)

    return Looked(
        found=tuple(phrase for entry in forbids for phrase in entry if stands(phrase)),
        missing=tuple(" / ".join(entry) for entry in requires if not any(map(stands, entry))),
    )


def _plain(text: str) -> str:
    return BLANKS.sub("", text)
