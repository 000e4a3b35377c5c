"""The wording as Markdown, with every generated number written out."""

from clause_templates.numbering import NUMBERING
from clause_templates.numerals import chinese
from clause_templates.wording import Article, Glossary, Paragraph, Run, Schedule, Wording


def markdown(wording: Wording) -> str:
    """Write the wording as Markdown text that ends in one newline."""
    numbers = NUMBERING[wording.language]
    blocks = [f"# {wording.title}", f"`{wording.product} {wording.version}`"]
    blocks.append(f"## {wording.guide_title}")
    for guide in wording.guide:
        blocks.append(f"### {guide.title}")
        blocks += [_paragraph(paragraph, wording.language) for paragraph in guide.paragraphs]
    for chapter in wording.chapters:
        blocks.append(f"## {numbers.chapter.format(chinese(chapter.number))} {chapter.title}")
        for article in chapter.articles:
            blocks += _article(article, wording.language)
    blocks += _glossary(wording.glossary, wording.language)
    if wording.schedule:
        blocks += _schedule(wording.schedule, wording.language)
    return "\n\n".join(blocks) + "\n"


def _article(article: Article, language: str) -> list[str]:
    number = NUMBERING[language].article.format(chinese(article.number))
    title = f"### {number} {article.title}"
    return [title, *(_paragraph(paragraph, language) for paragraph in article.paragraphs)]


def _glossary(glossary: Glossary, language: str) -> list[str]:
    numbers = NUMBERING[language]
    blocks = [
        f"## {numbers.chapter.format(chinese(glossary.chapter))} {glossary.chapter_title}",
        f"### {numbers.article.format(chinese(glossary.number))} {glossary.title}",
        glossary.opening,
    ]
    for definition in glossary.definitions:
        first, *rest = definition.paragraphs
        number = numbers.of_paragraph(1, definition.number)
        blocks.append(f"{number}**{definition.term}** {_runs(first.runs)}")
        blocks += [
            f"  {numbers.of_paragraph(2, paragraph.number)} {_runs(paragraph.runs)}"
            for paragraph in rest
        ]
    return blocks


def _schedule(schedule: Schedule, language: str) -> list[str]:
    rows = [schedule.header, *([_runs(cell.runs) for cell in row] for row in schedule.rows)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(schedule.header))
    return [f"## {NUMBERING[language].schedule} {schedule.title}", "\n".join(lines)]


def _paragraph(paragraph: Paragraph, language: str) -> str:
    number = NUMBERING[language].of_paragraph(paragraph.level, paragraph.number)
    return f"{number}{_runs(paragraph.runs)}"


def _runs(runs: tuple[Run, ...]) -> str:
    """Join runs, with one pair of ** around each stretch of bold."""
    text, bold = "", False
    for run in runs:
        if run.bold != bold and run.text:
            text += "**"
            bold = run.bold
        text += run.text
    return text + ("**" if bold else "")
