"""The documents: what a reader of the Word file or of the Markdown sees."""

import io
import shutil
import subprocess
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from clause_templates.compose import compose
from clause_templates.numerals import chinese
from clause_templates.render.markdown import markdown
from clause_templates.render.word import word_document
from tests.clause_templates.examples import home, term_life

PRODUCTS = {"term_life": term_life(), "home": home()}


@pytest.fixture(params=PRODUCTS)
def wording(request):
    return compose(PRODUCTS[request.param])


def opened(wording):
    return docx.Document(io.BytesIO(word_document(wording)))


def test_the_word_file_holds_every_paragraph_of_the_tree(wording):
    texts = "\n".join(p.text for p in opened(wording).paragraphs)
    for article in wording.articles():
        assert f"\n{article.title}\n" in texts
        for paragraph in article.paragraphs:
            assert f"\n{paragraph.text}\n" in texts


def test_articles_are_headings_that_word_itself_numbers(wording):
    document = opened(wording)
    headings = [p for p in document.paragraphs if p.style.name == "Heading 2"]
    assert len(headings) == len(list(wording.articles())) + 1
    numbered = document.styles["Heading 2"].element.pPr.numPr.numId.val
    root = document.part.numbering_part.element
    num = next(n for n in root.num_lst if n.numId == numbered)
    abstract = next(
        a
        for a in root.findall(qn("w:abstractNum"))
        if a.get(qn("w:abstractNumId")) == str(num.abstractNumId.val)
    )
    level = abstract.find(qn("w:lvl"))
    assert level.find(qn("w:lvlText")).get(qn("w:val")) == "第%1条"
    assert level.find(qn("w:numFmt")).get(qn("w:val")) == "chineseCountingThousand"


def test_every_list_counts_from_one(wording):
    """Each list is an instance of its own, so that Word does not go on counting from the last."""
    document = opened(wording)
    lists = {
        p._p.pPr.numPr.numId.val
        for p in document.paragraphs
        if p.style.name == "Clause Item" and p._p.pPr.numPr is not None
    }
    starts = sum(
        paragraph.level == 1 and paragraph.number == 1
        for article in wording.articles()
        for paragraph in article.paragraphs
    )
    guides = len(wording.guide)
    assert len(lists) == starts + guides + 1


def test_every_link_and_page_field_has_its_bookmark(wording):
    body = opened(wording).element.body
    names = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    links = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    pages = {
        text.text.split()[1] for text in body.iter(qn("w:instrText")) if "PAGEREF" in text.text
    }
    assert links
    assert pages
    assert links | pages <= names


def test_exclusions_are_bold_in_word(wording):
    document = opened(wording)
    title = next(a.title for a in wording.articles() if a.section.startswith("exclusions/"))
    lines = iter(p for p in document.paragraphs if p.style.name != "TOC 2")
    for paragraph in lines:
        if paragraph.text == title and paragraph.style.name == "Heading 2":
            break
    found = []
    for paragraph in lines:
        if paragraph.style.name.startswith("Heading"):
            break
        found.append(paragraph)
    assert found
    runs = [run for p in found for run in p._p.iter(qn("w:r"))]
    assert all(run.rPr is not None and run.rPr.find(qn("w:b")) is not None for run in runs)


def test_chinese_and_latin_have_their_own_fonts(wording):
    fonts = opened(wording).styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "宋体"
    assert fonts.get(qn("w:ascii")) == "Times New Roman"


def test_the_header_names_the_product_and_the_footer_has_the_page(wording):
    section = opened(wording).sections[0]
    assert section.header.paragraphs[0].text == wording.title
    assert "PAGE" in section.footer.paragraphs[0]._p.xml


def test_the_same_wording_gives_the_same_bytes(wording):
    data = word_document(wording)
    assert data == word_document(wording)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {entry.date_time[0] for entry in parts.infolist()} == {1980}


def test_markdown_writes_every_number_out(wording):
    text = markdown(wording)
    for article in wording.articles():
        assert f"\n### 第{chinese(article.number)}条 {article.title}\n" in text
    assert "\n（一）" in text
    assert text.count("**") % 2 == 0


@pytest.mark.prove
@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="needs LibreOffice and poppler to look at the pages",
)
def test_the_pages_show_every_article_number(wording, tmp_path):
    source = tmp_path / "clause.docx"
    source.write_bytes(word_document(wording))
    convert = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(source)], check=True, capture_output=True)
    done = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "clause.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    shown = "".join(done.stdout.split())
    for article in wording.articles():
        label = f"第{chinese(article.number)}条{article.title}"
        assert shown.count(label) == 2, f"{label}: once in the contents, once at its place"
