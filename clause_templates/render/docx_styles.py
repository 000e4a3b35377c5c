"""Word styles of a wording: fonts for both scripts, sizes, indents, real numbering."""

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

SERIF, SANS, LATIN = "宋体", "黑体", "Times New Roman"
BLACK = RGBColor(0, 0, 0)
TEXT_WIDTH = Cm(15.6)
ITEM, SUBITEM, TOC_CHAPTER, TOC_ARTICLE = "Clause Item", "Clause Subitem", "TOC 1", "TOC 2"
_INDENT = 420  # twentieths of a point for each level of items: two characters of 10.5 points
CHAPTERS, ARTICLES, ITEMS = 7, 8, 9
"""Numbering definitions: chapters; articles; items of two levels."""

# (numFmt, lvlText, style). Chapters and articles count apart: the number of an article runs
# through the whole contract, and not every reader honours lvlRestart.
_LEVELS = {
    CHAPTERS: (("chineseCountingThousand", "第%1章", "Heading1"),),
    ARTICLES: (("chineseCountingThousand", "第%1条", "Heading2"),),
    ITEMS: (("chineseCountingThousand", "（%1）", None), ("decimal", "%2.", None)),
}


def set_up(document: Document) -> None:
    """Give the document page, styles and numbering. Mutates it, as python-docx has it."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.3)
    _numbering(document)
    _style(document, "Normal", size=10.5, after=4)
    _style(document, "Title", font=SANS, size=22, before=150, after=12, centred=True)
    _style(document, "Subtitle", size=12, after=6, centred=True)
    _style(document, "Heading 1", font=SANS, size=15, before=18, after=8, centred=True, bold=True)
    _style(document, "Heading 2", font=SANS, size=11.5, before=10, after=4, bold=True)
    _style(document, "Heading 3", font=SANS, size=11.5, before=10, after=4, bold=True)
    _style(document, "Header", size=9, centred=True)
    _style(document, "Footer", size=9, centred=True)
    _style(document, ITEM, size=10.5, after=3, left=0.74)
    _style(document, SUBITEM, size=10.5, after=2, left=1.48)
    for name, left in ((TOC_CHAPTER, 0.0), (TOC_ARTICLE, 0.8)):
        style = _style(document, name, size=10, left=left)
        style.paragraph_format.line_spacing = 1.0
        tabs = style.paragraph_format.tab_stops
        tabs.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _style(  # noqa: PLR0913 - a style has this many looks, all named
    document: Document,
    name: str,
    *,
    font: str = SERIF,
    size: float,
    before: float = 0,
    after: float = 0,
    left: float = 0,
    centred: bool = False,
    bold: bool = False,
) -> ParagraphStyle:
    styles = document.styles
    known = {style.name for style in styles}
    style = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        message = f"expected a paragraph style, got '{name}'"
        raise TypeError(message)
    if name not in known:
        style.base_style = styles["Normal"]
    style.font.name, style.font.size, style.font.bold = LATIN, Pt(size), bold
    style.font.italic, style.font.color.rgb = False, BLACK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.left_indent = Cm(left)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.25
    layout.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.JUSTIFY
    if name.startswith("Heading"):
        layout.keep_with_next = True
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    return style


def _numbering(document: Document) -> None:
    """Add the definitions that headings and items count by."""
    root = document.part.numbering_part.element
    first = root.find(qn("w:num"))
    for identity, levels in _LEVELS.items():
        lines = "".join(_level(place, *level) for place, level in enumerate(levels))
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{100 + identity}">'
            f'<w:multiLevelType w:val="multilevel"/>{lines}</w:abstractNum>'
        )
        if first is None:
            root.append(abstract)
        else:
            first.addprevious(abstract)
    for definition, name in ((CHAPTERS, "Heading 1"), (ARTICLES, "Heading 2")):
        identity = new_list(document, definition, 100 + definition)
        properties = document.styles[name].element.get_or_add_pPr()
        properties.get_or_add_numPr().append(_number("w:numId", identity))


def _level(place: int, form: str, text: str, style: str | None) -> str:
    parts = [f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>']
    if style:
        parts.append(f'<w:pStyle w:val="{style}"/>')
    follow = "space" if style else "nothing"
    parts.append(f'<w:suff w:val="{follow}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>')
    if not style:
        parts.append(f'<w:pPr><w:ind w:left="{_INDENT * (place + 1)}" w:firstLine="0"/></w:pPr>')
    return "".join(parts) + '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr></w:lvl>'


def new_list(document: Document, definition: int, identity: int) -> int:
    """Start a list that counts from 1 by a definition; gives its numId."""
    root = document.part.numbering_part.element
    levels = _LEVELS[definition]
    overrides = "".join(
        f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>'
        for level in range(len(levels))
        if definition == ITEMS
    )
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{identity}">'
            f'<w:abstractNumId w:val="{100 + definition}"/>{overrides}</w:num>'
        )
    )
    return identity


def _number(tag: str, value: int) -> Any:  # noqa: ANN401 - lxml elements are untyped
    element = OxmlElement(tag)
    element.set(qn("w:val"), str(value))
    return element


def count_by(paragraph: Paragraph, identity: int, level: int, *, bold: bool = False) -> None:
    """Make a paragraph an item of a list, its number bold or not. Mutates it."""
    properties: Any = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - no public way
    held = properties.get_or_add_numPr()
    held.append(_number("w:ilvl", level))
    held.append(_number("w:numId", identity))
    if bold:
        mark = OxmlElement("w:rPr")
        mark.append(OxmlElement("w:b"))
        properties.append(mark)
