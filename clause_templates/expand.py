"""Template nodes and facts → paragraphs, references still unresolved."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from clause_templates.facts import Fact, UsedModule, WordingFacts
from clause_templates.formats import ITEMS, items, show
from clause_templates.library import Library
from clause_templates.template import (
    Bold,
    Choice,
    Figure,
    Leaf,
    Node,
    Place,
    Plain,
    Reference,
    Term,
)
from clause_templates.wording import Mark, Paragraph, Run
from product_factory.errors import At, BadInput, nearest

_ITEM = re.compile(r"(?P<indent>(?:  )?)- ")
COVER = "cover."


@dataclass(frozen=True, slots=True)
class Context:
    """What names mean in a section: the product's facts, ``cover`` being the section's module."""

    facts: WordingFacts
    library: Library
    standing: frozenset[str]
    module: UsedModule | None = None

    def find(self, name: str) -> Fact | None:
        """The fact of a name, or None."""
        if name.startswith(COVER) and self.module is not None:
            name = f"{self.module.alias}.{name.removeprefix(COVER)}"
        return self.facts.facts.get(name)

    def require(self, name: str, at: At) -> Fact:
        """The fact of a name. Raises BadInput at the template's place."""
        fact = self.find(name)
        if fact is not None:
            return fact
        if name.startswith(COVER) and self.module is None:
            raise BadInput.one(at, "", f"'{name}' in a section that no module names")
        known = set(self.facts.facts)
        if self.module is not None:
            own = self.module.alias + "."
            known |= {COVER + one.removeprefix(own) for one in known if one.startswith(own)}
        raise BadInput.one(at, "", f"unknown term '{name}'{nearest(name, known)}")


def expand(nodes: Iterable[Node], context: Context) -> tuple[Paragraph, ...]:
    """Evaluate conditions, print facts and part the text into numbered paragraphs.

    A reference becomes a run whose text is empty and whose target is the label as written; a
    defined term one whose target is empty. Raises BadInput.
    """
    builder = _Builder(context)
    for leaf in _leaves(nodes, context):
        builder.add(leaf)
    return builder.finish()


def _leaves(nodes: Iterable[Node], context: Context) -> Iterator[Leaf]:
    for node in nodes:
        if isinstance(node, Choice):
            holds = node.condition.holds(context.find, context.standing)
            yield from _leaves(node.then if holds else node.other, context)
        else:
            yield node


@dataclass
class _Builder:
    """Collects the runs of one paragraph after another."""

    context: Context
    done: list[Paragraph] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    level: int = 0
    place: str = ""
    line_is_empty: bool = True
    bold_from: At | None = None
    counts: list[int] = field(default_factory=lambda: [0, 0, 0])

    def add(self, leaf: Leaf) -> None:
        if isinstance(leaf, Plain):
            for count, line in enumerate(leaf.text.split("\n")):
                if count:
                    self.end_line()
                self.text(line, At(leaf.at.file, leaf.at.line + count, 1) if count else leaf.at)
            return
        if isinstance(leaf, Bold):
            self.bold_from = None if self.bold_from else leaf.at
        elif isinstance(leaf, Place):
            if self.runs:
                raise BadInput.one(leaf.at, "", "expected [#...] at the start of a paragraph")
            self.place = leaf.name
        elif isinstance(leaf, Figure) and leaf.format == ITEMS:
            self.items(leaf)
        else:
            self.runs.append(self.run(leaf))
        self.line_is_empty = False

    def run(self, leaf: Figure | Term | Reference) -> Run:
        bold = self.bold_from is not None
        if isinstance(leaf, Figure):
            fact = self.context.require(leaf.name, leaf.at)
            library = self.context.library
            shown = show(fact, leaf.format, library.language, library.names, leaf.at)
            return Run(shown, leaf.at, Mark.FIGURE, bold, fact)
        if isinstance(leaf, Term):
            if leaf.word not in self.context.library.definitions:
                hint = nearest(leaf.word, self.context.library.definitions)
                raise BadInput.one(leaf.at, "", f"unknown definition '{leaf.word}'{hint}")
            return Run(leaf.word, leaf.at, Mark.TERM, bold)
        return Run("", leaf.at, Mark.REFERENCE, bold, target=leaf.label)

    def items(self, leaf: Figure) -> None:
        """Write the entries of a list or schedule, each as an item; they stand by themselves."""
        fact = self.context.require(leaf.name, leaf.at)
        if self.runs:
            raise BadInput.one(leaf.at, "", f"expected '{leaf.name}' in a paragraph of its own")
        bold = self.bold_from is not None
        for shown in items(fact, self.context.library.language, leaf.at):
            self.level = 1
            self.runs = [
                Run(shown, leaf.at, Mark.FIGURE, bold, fact),
                Run("；", leaf.at, bold=bold),
            ]
            self.flush()

    def end_line(self) -> None:
        if self.line_is_empty:
            self.flush()
        self.line_is_empty = True

    def text(self, line: str, at: At) -> None:
        if self.line_is_empty:
            item = _ITEM.match(line)
            if item:
                self.flush()
                self.level = 1 + bool(item["indent"])
                line = line[item.end() :]
                at = replace(at, column=at.column + item.end())
                self.line_is_empty = False
            line = line.lstrip()
        if line:
            self.runs.append(Run(line, at, bold=self.bold_from is not None))
            self.line_is_empty = False

    def flush(self) -> None:
        if self.runs:
            self.counts[self.level] += 1
            self.counts[self.level + 1 :] = [0] * (2 - self.level)
            number = self.counts[self.level]
            at = self.runs[0].at
            self.done.append(Paragraph(tuple(self.runs), at, self.level, number, self.place))
        self.runs, self.level, self.place = [], 0, ""

    def finish(self) -> tuple[Paragraph, ...]:
        self.flush()
        if self.bold_from:
            raise BadInput.one(self.bold_from, "", "** opens bold that nothing closes")
        following = [*(paragraph.level for paragraph in self.done[1:]), 0]
        return tuple(
            _closed(paragraph) if paragraph.level and not after else paragraph
            for paragraph, after in zip(self.done, following, strict=False)
        )


def _closed(item: Paragraph) -> Paragraph:
    """End the last item of a list with a full stop, whichever items a condition left out."""
    last = item.runs[-1]
    if not last.text.endswith("；"):
        return item
    return replace(item, runs=(*item.runs[:-1], replace(last, text=last.text[:-1] + "。")))
