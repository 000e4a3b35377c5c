"""The wording as a Word document: styles, real numbering, bookmarks, links, page fields."""

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun

from clause_templates.numbering import NUMBERING
from clause_templates.numerals import chinese
from clause_templates.render.docx_styles import (
    ITEM,
    ITEMS,
    SUBITEM,
    TOC_ARTICLE,
    TOC_CHAPTER,
    count_by,
    new_list,
    set_up,
)
from clause_templates.wording import Mark, Paragraph, Run, Schedule, Wording

CONTENTS = {"zh": "条款目录"}
LANGUAGE_TAG = {"zh": "zh-CN"}
_FIRST_LIST = 200
_FIRST_PART = "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def word_document(wording: Wording) -> bytes:
    """Write the wording as docx. The same wording gives the same bytes."""
    return _Writer(wording).write()


class _Writer:
    """Walks the tree once and writes it down."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self.numbers = NUMBERING[wording.language]
        self.document = docx.Document()
        self.lists = _FIRST_LIST
        self.bookmarks = 0
        set_up(self.document)

    def write(self) -> bytes:
        self.properties()
        self.running_lines()
        self.front()
        self.body()
        self.glossary()
        if self.wording.schedule:
            self.schedule(self.wording.schedule)
        held = io.BytesIO()
        self.document.save(held)
        return _same_bytes(held.getvalue())

    def properties(self) -> None:
        held = self.document.core_properties
        held.title, held.subject = self.wording.title, self.wording.product
        held.version, held.language = self.wording.version, LANGUAGE_TAG[self.wording.language]
        held.author = held.last_modified_by = held.comments = ""
        held.created = held.modified = datetime(*_EPOCH[:3], tzinfo=UTC)

    def running_lines(self) -> None:
        section = self.document.sections[0]
        section.header.paragraphs[0].text = self.wording.title
        _field(section.footer.paragraphs[0], "PAGE", "1")

    def front(self) -> None:
        self.document.add_paragraph(self.wording.title, style="Title")
        version = f"{self.wording.product} {self.wording.version}"
        self.document.add_paragraph(version, style="Subtitle")
        self.new_page(self.wording.guide_title)
        for guide in self.wording.guide:
            self.document.add_paragraph(guide.title, style="Heading 3")
            self.paragraphs(guide.paragraphs)
        self.new_page(CONTENTS[self.wording.language])
        for chapter in self.wording.chapters:
            self.entry(TOC_CHAPTER, self.chapter_name(chapter.number, chapter.title), "")
            for article in chapter.articles:
                name = self.article_name(article.number, article.title)
                self.entry(TOC_ARTICLE, name, article.anchor)
        held = self.wording.glossary
        self.entry(TOC_CHAPTER, self.chapter_name(held.chapter, held.chapter_title), "")
        self.entry(TOC_ARTICLE, self.article_name(held.number, held.title), "glossary")
        if self.wording.schedule:
            name = f"{self.numbers.schedule} {self.wording.schedule.title}"
            self.entry(TOC_CHAPTER, name, "schedule")

    def chapter_name(self, number: int, title: str) -> str:
        return f"{self.numbers.chapter.format(chinese(number))} {title}"

    def article_name(self, number: int, title: str) -> str:
        return f"{self.numbers.article.format(chinese(number))} {title}"

    def entry(self, style: str, name: str, anchor: str) -> None:
        """A line of the contents, with the page that its bookmark is on."""
        paragraph = self.document.add_paragraph(style=style)
        if not anchor:
            paragraph.add_run(name)
            return
        link = _link(paragraph, anchor)
        link.append(_run(paragraph, name + "\t")._r)  # noqa: SLF001 - python-docx has no links
        _field(paragraph, f"PAGEREF {_name(anchor)} \\h", "")

    def new_page(self, title: str) -> None:
        written = self.document.add_paragraph(title, style="Subtitle")
        written.paragraph_format.page_break_before = True

    def body(self) -> None:
        for chapter in self.wording.chapters:
            written = self.document.add_paragraph(chapter.title, style="Heading 1")
            written.paragraph_format.page_break_before = chapter.number == 1 or None
            for article in chapter.articles:
                self.heading(article.title, article.anchor, "Heading 2")
                self.paragraphs(article.paragraphs)

    def heading(self, title: str, anchor: str, style: str) -> None:
        self.bookmark(self.document.add_paragraph(title, style=style), anchor)

    def bookmark(self, paragraph: WordParagraph, anchor: str) -> None:
        self.bookmarks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), str(self.bookmarks))
        start.set(qn("w:name"), _name(anchor))
        runs = paragraph._p.r_lst  # noqa: SLF001 - python-docx has no bookmarks
        runs[0].addprevious(start)
        runs[-1].addnext(end)

    def paragraphs(self, paragraphs: tuple[Paragraph, ...]) -> None:
        for paragraph in paragraphs:
            if paragraph.level == 1 and paragraph.number == 1:
                self.new_list()
            style = ("Normal", ITEM, SUBITEM)[paragraph.level]
            written = self.document.add_paragraph(style=style)
            if paragraph.level:
                bold = all(run.bold for run in paragraph.runs)
                count_by(written, self.lists, paragraph.level - 1, bold=bold)
            else:
                written.paragraph_format.first_line_indent = Cm(0.74)
            self.runs(written, paragraph.runs)

    def new_list(self) -> None:
        self.lists = new_list(self.document, ITEMS, self.lists + 1)

    def runs(self, written: WordParagraph, runs: tuple[Run, ...]) -> None:
        for run in runs:
            made = _run(written, run.text, bold=run.bold)
            if run.target:
                made.underline = run.mark is Mark.TERM
                _link(written, run.target).append(made._r)  # noqa: SLF001 - as above

    def glossary(self) -> None:
        held = self.wording.glossary
        self.document.add_paragraph(held.chapter_title, style="Heading 1")
        self.heading(held.title, "glossary", "Heading 2")
        opening = self.document.add_paragraph(held.opening)
        opening.paragraph_format.first_line_indent = Cm(0.74)
        self.new_list()
        for definition in held.definitions:
            first, *rest = definition.paragraphs
            written = self.document.add_paragraph(style=ITEM)
            count_by(written, self.lists, 0)
            _run(written, definition.term + "\u3000", bold=True)
            self.bookmark(written, definition.anchor)
            self.runs(written, first.runs)
            for paragraph in rest:
                line = self.document.add_paragraph(style=SUBITEM)
                count_by(line, self.lists, 1)
                self.runs(line, paragraph.runs)

    def schedule(self, schedule: Schedule) -> None:
        title = f"{self.numbers.schedule} {schedule.title}"
        written = self.document.add_paragraph(title, style="Heading 3")
        written.paragraph_format.page_break_before = True
        self.bookmark(written, "schedule")
        table = self.document.add_table(rows=1, cols=len(schedule.header), style="Table Grid")
        for cell, name in zip(table.rows[0].cells, schedule.header, strict=True):
            _run(cell.paragraphs[0], name, bold=True)
        for row in schedule.rows:
            for cell, paragraph in zip(table.add_row().cells, row, strict=True):
                self.runs(cell.paragraphs[0], paragraph.runs)


def _run(paragraph: WordParagraph, text: str, *, bold: bool = False) -> WordRun:
    run = paragraph.add_run(text)
    if bold:
        run.bold = True
    return run


def _name(anchor: str) -> str:
    """Bookmark names hold letters, digits and underscores."""
    return anchor.replace("-", "_")


def _link(paragraph: WordParagraph, anchor: str) -> BaseOxmlElement:
    link: BaseOxmlElement = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), _name(anchor))
    link.set(qn("w:history"), "1")
    paragraph._p.append(link)  # noqa: SLF001 - python-docx has no links
    return link


def _field(paragraph: WordParagraph, instruction: str, shown: str) -> None:
    """A field that Word computes when it opens the document; shown stands until then."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("", ""), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            if kind == "begin":
                mark.set(qn("w:dirty"), "true")
            run._r.append(mark)  # noqa: SLF001 - python-docx has no fields
        elif text:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {text} "
            run._r.append(code)  # noqa: SLF001 - as above
        else:
            run.text = shown


def _same_bytes(data: bytes) -> bytes:
    """Pack the parts again under one fixed time, so that equal content is equal bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(held, "w") as written:
        for entry in sorted(read.namelist(), key=lambda name: (name != _FIRST_PART, name)):
            info = zipfile.ZipInfo(entry, date_time=_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(info, read.read(entry))
    return held.getvalue()
