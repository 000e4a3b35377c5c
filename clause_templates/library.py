"""The shelf of templates of one language: sections, definitions, frames, words of quantities."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clause_templates.template import Node, parse_template
from product_factory.errors import At, BadInput, either, nearest
from product_factory.nodes import Map, Seq, Text, read_nodes

ROOT = Path(__file__).parent
_SECTION_KEYS = ("title", "label", "emphasis", "rights", "attention", "row")


@dataclass(frozen=True, slots=True)
class Section:
    """One article's template.

    name: folder/file. title: empty for a section that bears its module's title. label: for
    references. emphasis: the whole article is bold. rights, attention: its line in the reading
    guide. row: its cells in the schedule.
    """

    name: str
    title: str
    label: str
    emphasis: bool
    rights: tuple[Node, ...]
    attention: tuple[Node, ...]
    row: tuple[tuple[Node, ...], ...]
    body: tuple[Node, ...]
    at: At


@dataclass(frozen=True, slots=True)
class DefinitionTemplate:
    """One defined term."""

    term: str
    body: tuple[Node, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Library:
    """All templates of one language; names are the printed words of quantities."""

    language: str
    sections: Mapping[str, Section]
    definitions: Mapping[str, DefinitionTemplate]
    names: Mapping[str, str]
    root: Path


def load_library(language: str = "zh", root: Path = ROOT) -> Library:
    """Read every template under ``root/language``. Raises BadInput with the place."""
    folder = root / language
    if not folder.is_dir():
        known = languages(root)
        hint = nearest(language, known)
        message = f"expected wording in {either(known)}, got '{language}'{hint}"
        raise BadInput.one(At(str(folder)), "", message)
    sections: dict[str, Section] = {}
    definitions: dict[str, DefinitionTemplate] = {}
    for path in sorted(folder.glob("*/*.md")):
        head, body, start = _split(path, _shown(path, root))
        if path.parent.name == "definitions":
            made = _definition(head, body, start)
            if made.term in definitions:
                raise BadInput.one(made.at, "term", f"'{made.term}' is defined twice")
            definitions[made.term] = made
        else:
            section = _section(f"{path.parent.name}/{path.stem}", head, body, start)
            sections[section.name] = section
    names = read_map(folder / "names.yaml", root)
    printed = {name: str(word) for name, word in names.items()}
    return Library(language, sections, definitions, printed, root)


def languages(root: Path = ROOT) -> tuple[str, ...]:
    """List the languages in which there are templates."""
    return tuple(sorted(path.parent.name for path in root.glob("*/names.yaml")))


def read_map(path: Path, root: Path = ROOT) -> Map:
    """Read a YAML file of the shelf whose top is a mapping. Raises BadInput."""
    node = read_nodes(path.read_text(encoding="utf-8"), _shown(path, root))
    if not isinstance(node, Map):
        raise BadInput.one(At(_shown(path, root), 1, 1), "", "expected a mapping")
    return node


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root.parent).as_posix()


def _split(path: Path, file: str) -> tuple[Map, str, At]:
    """Part front matter and body; the At is where the body starts."""
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n") or "\n---\n" not in text:
        raise BadInput.one(At(file, 1, 1), "", "expected front matter between lines of ---")
    head, body = text[4:].split("\n---\n", 1)
    node = read_nodes("\n" + head, file)
    if not isinstance(node, Map):
        raise BadInput.one(At(file, 2, 1), "", "expected front matter of keys and values")
    return node, body, At(file, head.count("\n") + 4, 1)


def _text(head: Map, key: str, at: At, default: str | None = None) -> Text:
    value = head.get(key)
    if value is None and default is not None:
        return Text(default, at)
    if not isinstance(value, Text) or not value:
        raise BadInput.one(value.at if value is not None else at, key, "expected a text")
    return value


def _known(head: Map, keys: tuple[str, ...]) -> None:
    for key, at in head.keys_at.items():
        if key not in keys:
            raise BadInput.one(at, "", f"unknown key '{key}'{nearest(key, keys)}")


def _section(name: str, head: Map, body: str, start: At) -> Section:
    _known(head, _SECTION_KEYS)
    at = At(start.file, 1, 1)
    emphasis = _text(head, "emphasis", at, "no")
    if emphasis not in ("yes", "no"):
        raise BadInput.one(emphasis.at, "emphasis", f"expected yes or no, got {emphasis}")
    row = head.get("row", Seq(at))
    if not isinstance(row, Seq):
        raise BadInput.one(row.at, "row", "expected a list")
    return Section(
        name=name,
        title=str(_text(head, "title", at, "")),
        label=str(_text(head, "label", at)),
        emphasis=emphasis == "yes",
        rights=_template(_text(head, "rights", at, "")),
        attention=_template(_text(head, "attention", at, "")),
        row=tuple(_template(cell) for cell in row if isinstance(cell, Text)),
        body=parse_template(body, start),
        at=at,
    )


def _template(text: Text) -> tuple[Node, ...]:
    return parse_template(str(text), text.at)


def _definition(head: Map, body: str, start: At) -> DefinitionTemplate:
    _known(head, ("term",))
    at = At(start.file, 1, 1)
    return DefinitionTemplate(str(_text(head, "term", at)), parse_template(body, start), at)
