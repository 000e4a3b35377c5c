"""The paragraphs of a wording as rules read them."""

from collections.abc import Iterator

from clause_templates.wording import Wording
from product_factory.rules.wording import Printed


def printed(wording: Wording) -> Iterator[Printed]:
    """Give headings, paragraphs and definitions in reading order, each with its section."""
    for chapter in wording.chapters:
        yield Printed(chapter.title, ((chapter.title, False),), heading=True)
        for article in chapter.articles:
            yield Printed(article.section, ((article.title, False),), heading=True)
            for paragraph in article.paragraphs:
                runs = tuple((run.text, run.bold) for run in paragraph.runs)
                yield Printed(article.section, runs)
    for definition in wording.glossary.definitions:
        for paragraph in definition.paragraphs:
            runs = tuple((run.text, run.bold) for run in paragraph.runs)
            yield Printed(definition.anchor, runs)
