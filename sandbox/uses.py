"""Who on a shelf reads a parameter or a table, clauses of the wording included."""

from collections.abc import Iterable, Iterator, Sequence

from clause_templates.expand import COVER
from clause_templates.library import languages, load_library
from clause_templates.reads import FactRead, fact_reads
from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, nearest
from product_factory.module import Module
from product_factory.rules.load import FOLDER, load_rules
from product_factory.shelf import Shelf
from product_factory.strict import read
from product_factory.uses import USED, Use, gathered, of_module, of_product, of_rule


def uses(shelf: Shelf, name: str, products: Sequence[AssembledProduct]) -> tuple[Use, ...]:
    """List every reader of a parameter or table, in order of kind.

    products  all of the shelf, assembled

    Raises BadInput for a name that is neither, and for a module or rule that cannot be read.
    """
    known = {n for product in products for n in (*product.parameters, *product.absent)}
    known |= {n for product in products for n in product.tables}
    if name not in known:
        text = f"unknown parameter or table '{name}'{nearest(name, known)}"
        raise BadInput.one(At(shelf.label(shelf.root)), "", text)
    found = [use for product in products for use in of_product(product, name)]
    found += _unused_modules(shelf, name, products)
    found += _rules(shelf, name, products)
    found += _clauses(name, products)
    return gathered(found)


def _unused_modules(shelf: Shelf, name: str, products: Sequence[AssembledProduct]) -> Iterator[Use]:
    used = {cover.module.module for product in products for cover in product.uses.values()}
    root = shelf.root / "modules"
    for path in sorted(root.glob("**/*.yaml")):
        name_here = path.relative_to(root).with_suffix("").as_posix().partition("@")[0]
        if name_here not in used:
            yield from of_module(read(Module, shelf.nodes(path)), name)


def _rules(shelf: Shelf, name: str, products: Sequence[AssembledProduct]) -> Iterator[Use]:
    parameters = {n: entry for product in products for n, entry in product.parameters.items()}
    for folder in sorted((shelf.root / FOLDER).glob("*/")):
        for rule in load_rules(shelf, folder.name):
            yield from of_rule(rule, name, parameters)


def _clauses(name: str, products: Sequence[AssembledProduct]) -> Iterator[Use]:
    for language in languages():
        for one in fact_reads(load_library(language)):
            clause = f"{language}/{one.clause}"
            if one.name.removesuffix(".min").removesuffix(".max") == name:
                yield Use("clause", clause, "prints it", one.at)
            for product in products:
                for through in _terms(one, product, name):
                    yield Use("clause", clause, "prints it", one.at, through, (product.name,))


def _terms(one: FactRead, product: AssembledProduct, name: str) -> Iterable[tuple[str, ...]]:
    """Tell by way of which term a section prints a parameter."""
    aliases = [a for a, use in product.uses.items() if one.clause in use.module.clauses]
    cover = one.name.startswith(COVER)
    names = [f"{a}.{one.name.removeprefix(COVER)}" for a in aliases] if cover else [one.name]
    paths = {
        f"{kind}.{alias}.terms.{term}"
        for kind in USED
        for alias, _, term in (named.partition(".") for named in names)
    }
    return {
        (r.path.rpartition(".")[2], *r.through)
        for r in product.reads
        if r.path in paths and r.name == name
    }


def uses_told(name: str, found: Sequence[Use]) -> dict[str, object]:
    """Give readers as plain values for JSON."""
    return {
        "name": name,
        "uses": [
            {
                "kind": use.kind,
                "reader": use.reader,
                "part": use.part,
                "at": str(use.at),
                "through": list(use.through),
                "products": list(use.products),
            }
            for use in found
        ],
    }


def uses_lines(name: str, found: Sequence[Use]) -> list[str]:
    """Give readers as lines: what reads, by way of what, and where the name is written."""
    count = f"read in {len(found)} place{'' if len(found) == 1 else 's'}"
    lines = [f"{name}: {count}" if found else f"{name}: nothing reads it"]
    for use in found:
        lines.append(f"{use.kind:<8} {use.reader}  {use.part}")
        through = f"  through {' → '.join(use.through)}" if use.through else ""
        inside = f"  in {', '.join(use.products)}" if use.products else ""
        lines.append(f"    {use.at}")
        lines += [f"   {through}{inside}"] if through or inside else []
    return lines
