"""`covercast modules`: what the shelf holds to compose from, and who uses it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from product_factory.compose.lineage import compose
from product_factory.compose.overlay import shown
from product_factory.compose.resolve import held
from product_factory.errors import BadInput, BadValue, either, nearest
from product_factory.module import Module
from product_factory.nodes import Map, Node, Seq, Text
from product_factory.shelf import Shelf
from product_factory.strict import read
from product_factory.versions import satisfies, split

KINDS = ("covers", "exclusions", "provisions", "riders")


@dataclass(frozen=True)
class TermShown:
    """A term of a module as an author writes it."""

    name: str
    type: str
    default: str
    least: str
    most: str

    @property
    def value(self) -> str:
        """What it is without being set."""
        return f"default {self.default}" if self.default else "open: the product must set it"


@dataclass(frozen=True)
class Offered:
    """A module of the shelf, one version of it.

    users  the products that take this version, with the names that they use it under
    """

    module: Module
    file: str
    terms: tuple[TermShown, ...]
    users: tuple[tuple[str, str], ...]

    def holds(self, text: str) -> bool:
        """Tell whether a text stands in the name, the titles or a term."""
        module = self.module
        words = [module.module, module.title.zh, module.title.en, *module.terms]
        return any(text.lower() in word.lower() for word in words)


def catalogue(shelf: Shelf, text: str = "", line: str = "", kind: str = "") -> list[Offered]:
    """List the modules of a shelf that fit.

    Raises BadInput for a module that cannot be read, BadValue for an unknown line or kind.
    """
    users = _users(shelf)
    every = [one for name in shelf.names("modules") for one in _versions(shelf, name, users)]
    for word, key in ((line, "line"), (kind, "kind")):
        known = sorted({getattr(one.module, key) for one in every} - {""})
        if word and word not in known:
            message = f"unknown {key} '{word}'{nearest(word, known)}; the shelf has {either(known)}"
            raise BadValue(message)
    return [
        one
        for one in every
        if one.holds(text)
        and (not line or one.module.line == line)
        and (not kind or one.module.kind == kind)
    ]


def _versions(
    shelf: Shelf, name: str, users: dict[str, list[tuple[str, str, str]]]
) -> list[Offered]:
    found: list[Offered] = []
    taken: set[tuple[str, str]] = set()
    for one in held(shelf, "modules", name):
        module = read(Module, shelf.nodes(one.file))
        own = [
            (product, alias)
            for product, alias, wanted in users.get(name, [])
            if (product, alias) not in taken and satisfies(one.version, wanted)
        ]
        taken |= set(own)
        found.append(Offered(module, shelf.label(one.file), _terms(shelf, one.file), tuple(own)))
    return found


def _users(shelf: Shelf) -> dict[str, list[tuple[str, str, str]]]:
    """Give module → the products that use it, under what name, in which versions."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for product in shelf.products():
        try:
            node = compose(shelf, product).files["product"]
        except BadInput:
            continue  # a product with a slip is told by `check`, and must not hide the shelf
        for use in _uses(node):
            reference, alias = use.get("use"), use.get("as")
            if isinstance(reference, Text) and isinstance(alias, Text) and "@" in reference:
                name, wanted = split(reference)
                found.setdefault(name, []).append((product, str(alias), wanted))
    return found


def _uses(product: Node) -> Iterator[Map]:
    for kind in KINDS:
        uses = product.get(kind) if isinstance(product, Map) else None
        yield from (use for use in uses if isinstance(use, Map)) if isinstance(uses, Seq) else ()


def _terms(shelf: Shelf, file: Path) -> tuple[TermShown, ...]:
    node = shelf.nodes(file)
    terms = node.get("terms") if isinstance(node, Map) else None
    return tuple(
        TermShown(name, *(_said(term, key) for key in ("type", "default", "min", "max")))
        for name, term in (terms.items() if isinstance(terms, Map) else ())
    )


def _said(term: Node, key: str) -> str:
    value = term.get(key) if isinstance(term, Map) else None
    if value is None and key == "default" and isinstance(term, Map):
        value = term.get("is")
    return "" if value is None else shown(value)


def told(offered: list[Offered]) -> list[dict[str, object]]:
    """Give a catalogue as plain values for JSON."""
    return [
        {
            "module": one.module.module,
            "version": one.module.version,
            "title": one.module.title.both,
            "kind": one.module.kind,
            "line": one.module.line,
            "file": one.file,
            "terms": [term.__dict__ for term in one.terms],
            "requires": list(one.module.requires),
            "forbids": list(one.module.forbids),
            "users": [{"product": product, "as": alias} for product, alias in one.users],
        }
        for one in offered
    ]


def lines(offered: list[Offered]) -> list[str]:
    """Give a catalogue as lines for a terminal."""
    found: list[str] = []
    for one in offered:
        module = one.module
        found.append(f"{module.module}@{module.version}  {module.kind}  {module.line}".rstrip())
        found.append(f"  {module.title.zh}  {module.title.en}")
        for term in one.terms:
            found.append(f"  {term.name:<20} {term.type:<8} {term.value}")
            ends = " ".join(
                f"{word} {end}" for word, end in (("min", term.least), ("max", term.most)) if end
            )
            found += [f"  {'':<29} {ends}"] if ends else []
        for word in ("requires", "forbids"):
            found += [f"  {word} {reference}" for reference in getattr(module, word)]
        users = ", ".join(f"{product} ({alias})" for product, alias in one.users)
        found.append(f"  used by {users or 'no product of this shelf'}")
    return found or ["no module fits"]
