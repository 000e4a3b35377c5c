"""The paragraphs of a wording as rules read them."""

from collections.abc import Iterator

from clause_templates.wording import Paragraph, Wording
from product_factory.rules.wording import Printed


def printed(wording: Wording) -> Iterator[Printed]:
    """Give guide, headings, paragraphs, definitions and schedule in reading order, by section."""
    yield _heading("guide", wording.guide_title)
    for guide in wording.guide:
        yield _heading("guide", guide.title)
        yield from (_paragraph("guide", paragraph) for paragraph in guide.paragraphs)
    for chapter in wording.chapters:
        yield _heading(chapter.title, chapter.title)
        for article in chapter.articles:
            yield _heading(article.section, article.title)
            yield from (_paragraph(article.section, part) for part in article.paragraphs)
    yield _heading("definitions", wording.glossary.chapter_title)
    for definition in wording.glossary.definitions:
        yield _heading(definition.anchor, definition.term)
        yield from (_paragraph(definition.anchor, part) for part in definition.paragraphs)
    if wording.schedule is not None:
        yield _heading("schedule", wording.schedule.title)
        for row in wording.schedule.rows:
            yield from (_paragraph("schedule", cell) for cell in row)


def _heading(section: str, title: str) -> Printed:
    return Printed(section, ((title, False),), heading=True)


def _paragraph(section: str, paragraph: Paragraph) -> Printed:
    return Printed(section, tuple((run.text, run.bold) for run in paragraph.runs))
