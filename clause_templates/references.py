"""Labels and what ``[@label]`` becomes: 第六条, 第六条第二款, 本条第一款第（三）项."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from clause_templates.numbering import Numbering
from clause_templates.numerals import chinese
from clause_templates.wording import Mark, Paragraph, Run
from product_factory.errors import At, BadInput, nearest


@dataclass(frozen=True, slots=True)
class Target:
    """An article that can be referred to."""

    number: int
    anchor: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of the articles that stand.

    twice: labels that several articles bear; they are written with the cover's alias, as in
    ``[@inpatient:benefit]``.
    """

    targets: Mapping[str, Target]
    twice: frozenset[str]
    numbering: Numbering

    def resolve(self, paragraphs: Iterable[Paragraph], here: str = "") -> tuple[Paragraph, ...]:
        """Give the paragraphs with the text of every reference.

        here: the anchor of the article they stand in, empty outside of articles.
        Raises BadInput at a label or place that does not stand.
        """
        return tuple(
            replace(
                paragraph,
                runs=tuple(
                    self._run(run, here) if run.mark is Mark.REFERENCE and not run.text else run
                    for run in paragraph.runs
                ),
            )
            for paragraph in paragraphs
        )

    def _run(self, run: Run, here: str) -> Run:
        label, _, place = run.target.partition(".")
        if label in self.twice:
            message = f"several articles bear '{label}'; write [@alias:{label}]"
            raise BadInput.one(run.at, "", message)
        target = self.targets.get(label)
        if target is None:
            hint = nearest(label, self.targets)
            message = f"reference to '{label}', which does not stand in this wording{hint}"
            raise BadInput.one(run.at, "", message)
        number = self.numbering.article.format(chinese(target.number))
        text = self.numbering.here if target.anchor == here else number
        if place:
            text += self._place(target, place, run.at)
        return replace(run, text=text, target=target.anchor)

    def _place(self, target: Target, place: str, at: At) -> str:
        paragraph_number, item_number = 0, 0
        for paragraph in target.paragraphs:
            if paragraph.level == 0:
                paragraph_number, item_number = paragraph.number, 0
            elif paragraph.level == 1:
                item_number = paragraph.number
            if paragraph.place == place:
                break
        else:
            known = [paragraph.place for paragraph in target.paragraphs if paragraph.place]
            raise BadInput.one(at, "", f"unknown place '{place}'{nearest(place, known)}")
        text = ""
        if paragraph_number:
            text += self.numbering.paragraph.format(chinese(paragraph_number))
        if item_number:
            text += self.numbering.reference_item.format(chinese(item_number))
        return text
