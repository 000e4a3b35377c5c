"""Facts and templates → the wording tree: choose, number, refer, define."""

from collections import Counter
from dataclasses import dataclass, replace

from clause_templates.expand import Context, expand
from clause_templates.facts import WordingFacts
from clause_templates.frame import Frame, Standing, load_frame, place, text
from clause_templates.library import Library, load_library
from clause_templates.numbering import NUMBERING
from clause_templates.references import Labels, Target
from clause_templates.template import Node, Plain
from clause_templates.wording import (
    Article,
    Chapter,
    Definition,
    Glossary,
    Guide,
    Mark,
    Paragraph,
    Run,
    Schedule,
    Wording,
)
from product_factory.errors import BadInput
from product_factory.nodes import Seq, Text

GLOSSARY = "glossary"
"""Label and anchor of the article that holds the definitions."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """An article before its references are resolved."""

    standing: Standing
    article: Article
    context: Context


def compose(facts: WordingFacts, language: str = "zh", library: Library | None = None) -> Wording:
    """Write the wording of a product.

    library: templates other than those that are shipped. Raises BadInput with the template's
    place (an unknown term, format, definition, reference) or the product's (an unknown section).
    """
    library = library or load_library(language)
    return _Composer(facts, library).wording()


class _Composer:
    def __init__(self, facts: WordingFacts, library: Library) -> None:
        self.facts = facts
        self.library = library
        self.frame: Frame = load_frame(library, facts)
        self.placed = place(self.frame, library, facts)
        stand = [standing for _, sections in self.placed for standing in sections]
        self.standing = frozenset(standing.section.name for standing in stand)
        self.drafts = [self.draft(number, one) for number, one in enumerate(stand, start=1)]
        self.labels = self.make_labels()

    def context(self, standing: Standing | None = None) -> Context:
        module = standing.module if standing else None
        return Context(self.facts, self.library, self.standing, module)

    def draft(self, number: int, standing: Standing) -> _Draft:
        section, module = standing.section, standing.module
        title = section.title or (module.title[self.library.language] if module else "")
        if not title:
            raise BadInput.one(section.at, "title", "expected a title, since no module gives one")
        context = self.context(standing)
        body = section.body
        if module is not None and module.optional:
            body = (Plain(f"{self.library.names['optional']}\n\n", section.at), *body)
        paragraphs = expand(body, context)
        if not paragraphs:
            raise BadInput.one(section.at, "", "nothing of this section is left to print")
        if section.emphasis:
            paragraphs = tuple(map(_embolden, paragraphs))
        anchor = f"article-{number}"
        article = Article(
            number, title, paragraphs, section.name, anchor, section.emphasis, section.at
        )
        return _Draft(standing, article, context)

    def make_labels(self) -> Labels:
        targets: dict[str, Target] = {}
        for draft in self.drafts:
            article, label = draft.article, draft.standing.section.label
            target = Target(article.number, article.anchor, article.paragraphs)
            targets[label] = target
            if draft.standing.module:
                targets[f"{draft.standing.module.alias}:{label}"] = target
        targets[GLOSSARY] = Target(len(self.drafts) + 1, GLOSSARY, ())
        count = Counter(draft.standing.section.label for draft in self.drafts)
        twice = frozenset(label for label, times in count.items() if times > 1)
        return Labels(targets, twice, NUMBERING[self.library.language])

    def wording(self) -> Wording:
        articles = [
            replace(
                draft.article,
                paragraphs=self.labels.resolve(draft.article.paragraphs, draft.article.anchor),
            )
            for draft in self.drafts
        ]
        found = self.definitions([p for article in articles for p in article.paragraphs])
        chapters = self.chapters([_point(article, found) for article in articles])
        head = self.frame.glossary
        glossary = Glossary(
            len(chapters) + 1,
            text(head, "chapter"),
            len(articles) + 1,
            text(head, "title"),
            text(head, "opening"),
            tuple(found.values()),
            head.at,
        )
        return Wording(
            self.facts.product,
            self.facts.version,
            self.library.language,
            self.facts.title[self.library.language],
            text(self.frame.guide, "title"),
            self.guide(found),
            chapters,
            glossary,
            self.schedule(found),
        )

    def chapters(self, articles: list[Article]) -> tuple[Chapter, ...]:
        remaining = iter(articles)
        return tuple(
            Chapter(number, chapter.title, tuple(next(remaining) for _ in stand), chapter.at)
            for number, (chapter, stand) in enumerate(self.placed, start=1)
        )

    def definitions(self, paragraphs: list[Paragraph]) -> dict[str, Definition]:
        """Collect definitions in order of first use; those that definitions use come after."""
        drafts: dict[str, tuple[Paragraph, ...]] = {}
        waiting = _terms(paragraphs)
        while waiting:
            term = waiting.pop(0)
            if term in drafts:
                continue
            body = expand(self.library.definitions[term].body, self.context())
            drafts[term] = self.labels.resolve(body)
            waiting += _terms(drafts[term])
        self.check_defines(drafts)
        found = {
            term: Definition(
                number, term, body, f"definition-{number}", self.library.definitions[term].at
            )
            for number, (term, body) in enumerate(drafts.items(), start=1)
        }
        return {
            term: replace(one, paragraphs=_aim(one.paragraphs, found))
            for term, one in found.items()
        }

    def check_defines(self, used: dict[str, tuple[Paragraph, ...]]) -> None:
        for module in self.facts.modules:
            for term in module.defines:
                if term not in used:
                    message = f"'{term}' is defined by module '{module.module}' but used nowhere"
                    raise BadInput.one(module.at, "defines", message)

    def guide(self, found: dict[str, Definition]) -> tuple[Guide, ...]:
        made = []
        for kind in ("rights", "attention"):
            lines = [
                self.guide_line(draft, getattr(draft.standing.section, kind))
                for draft in self.drafts
                if getattr(draft.standing.section, kind)
            ]
            kept = tuple(
                replace(line, level=1, number=number)
                for number, line in enumerate((one for one in lines if one), start=1)
            )
            made.append(Guide(text(self.frame.guide, kind), _aim(kept, found)))
        return tuple(made)

    def guide_line(self, draft: _Draft, nodes: tuple[Node, ...]) -> Paragraph | None:
        paragraphs = self.labels.resolve(expand(nodes, draft.context))
        if not paragraphs:
            return None
        line = paragraphs[0]
        anchor = draft.article.anchor
        see = Run("", line.at, Mark.REFERENCE, target=draft.standing.section.label)
        if draft.standing.module:
            see = replace(see, target=f"{draft.standing.module.alias}:{see.target}")
        (told,) = self.labels.resolve([replace(line, runs=(see,))])
        before, after = self.labels.numbering.see.split("{}")
        number = replace(told.runs[0], target=anchor)
        runs = (*line.runs, Run(before, line.at), number, Run(after, line.at))
        return replace(line, runs=runs)

    def schedule(self, found: dict[str, Definition]) -> Schedule | None:
        head = self.frame.schedule
        rows = [draft for draft in self.drafts if draft.standing.section.row]
        if head is None or not rows:
            return None
        header = head.get("header")
        if not isinstance(header, Seq):
            raise BadInput.one(head.at, "header", "expected a list")
        titles = tuple(str(cell) for cell in header if isinstance(cell, Text))
        return Schedule(
            text(head, "title"),
            titles,
            tuple(self.row(draft, len(titles), found) for draft in rows),
            head.at,
        )

    def row(self, draft: _Draft, width: int, found: dict[str, Definition]) -> tuple[Paragraph, ...]:
        section = draft.standing.section
        if len(section.row) != width:
            message = f"expected {width} cells, as the header has, got {len(section.row)}"
            raise BadInput.one(section.at, "row", message)
        cells: list[Paragraph] = []
        for nodes in section.row:
            made = self.labels.resolve(expand(nodes, draft.context))
            cells += made[:1] or (Paragraph((), section.at),)
        return _aim(tuple(cells), found)


def _embolden(paragraph: Paragraph) -> Paragraph:
    return replace(paragraph, runs=tuple(replace(run, bold=True) for run in paragraph.runs))


def _terms(paragraphs: tuple[Paragraph, ...] | list[Paragraph]) -> list[str]:
    return [run.text for p in paragraphs for run in p.runs if run.mark is Mark.TERM]


def _point(article: Article, found: dict[str, Definition]) -> Article:
    return replace(article, paragraphs=_aim(article.paragraphs, found))


def _aim(paragraphs: tuple[Paragraph, ...], found: dict[str, Definition]) -> tuple[Paragraph, ...]:
    """Point defined terms at their definitions; one that only guide or schedule use is text."""
    return tuple(
        replace(paragraph, runs=tuple(_aim_run(run, found) for run in paragraph.runs))
        for paragraph in paragraphs
    )


def _aim_run(run: Run, found: dict[str, Definition]) -> Run:
    if run.mark is not Mark.TERM:
        return run
    if run.text not in found:
        return replace(run, mark=Mark.TEXT)
    return replace(run, target=found[run.text].anchor)
