"""The words of generated numbers, by language: 第三条, 第二款, （一）."""

from dataclasses import dataclass

from clause_templates.numerals import chinese


@dataclass(frozen=True, slots=True)
class Numbering:
    """Patterns with one ``{}`` for the numeral. ``here`` stands for the article one is in."""

    chapter: str
    article: str
    paragraph: str
    item: str
    subitem: str
    reference_item: str
    here: str
    see: str
    schedule: str

    def of_paragraph(self, level: int, number: int) -> str:
        """The visible number of an item; a paragraph of level 0 has none."""
        if level == 0:
            return ""
        return self.item.format(chinese(number)) if level == 1 else self.subitem.format(number)


NUMBERING = {
    "zh": Numbering(
        chapter="第{}章",
        article="第{}条",
        paragraph="第{}款",
        item="（{}）",
        subitem="{}.",
        reference_item="第（{}）项",
        here="本条",
        see="（见{}）",
        schedule="附表",
    )
}
