"""Files → models: all that a product is made of, read and versioned, nothing resolved yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from product_factory import versions
from product_factory.basis import Basis
from product_factory.canonical import canonical, digest
from product_factory.errors import At, BadInput, Problem, nearest
from product_factory.examples import Claim, Quote
from product_factory.language import Language
from product_factory.module import Module
from product_factory.nodes import Map, Node, said
from product_factory.parameters import ParameterFile, Parameters, unite
from product_factory.process import Process
from product_factory.product import Product, Use
from product_factory.shelf import Shelf
from product_factory.strict import Model, read, read_as
from product_factory.tables import Table

OWN_FILES = ("product", "bases")
EXAMPLES: dict[str, TypeAdapter[Any]] = {
    "quotes": TypeAdapter(tuple[Quote, ...]),
    "claims": TypeAdapter(tuple[Claim, ...]),
}
NEEDED = ("rating",)


@dataclass(frozen=True)
class Loaded:
    """The files of one product, read.

    modules  alias → module, in the order covers, exclusions, provisions
    digests  file → digest of what it says
    texts    file → what the YAML files say, canonically; parameter files apart
    """

    folder: Path
    product: Product
    modules: Mapping[str, Module]
    processes: Mapping[str, Process]
    parameters: Parameters
    tables: Mapping[str, Table]
    built: Mapping[str, Table]
    bases: Mapping[str, Basis]
    files: Mapping[str, Any]
    digests: Mapping[str, str]
    texts: Mapping[str, str]


class _Loader:
    """Collects problems over all files, so that a designer sees them at once."""

    def __init__(self, shelf: Shelf, language: Language) -> None:
        self.shelf = shelf
        self.language = language
        self.problems: list[Problem] = []
        self.digests: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    def node(self, path: Path) -> Node:
        node = self.shelf.nodes(path)
        text, hashed = self.shelf.once(("said", path), lambda one: _said(one.nodes(path)))
        self.digests[self.shelf.label(path)] = hashed
        if path.parent.name != "parameters":
            self.texts[self.shelf.label(path)] = text
        return node

    def model(self, model: type[Model], path: Path) -> Model | None:
        try:
            self.node(path)
            return self.shelf.once((model, path), lambda one: read(model, one.nodes(path)))
        except BadInput as error:
            self.problems.extend(error.problems)
            return None

    def file(self, path: Path, adapter: TypeAdapter[Any]) -> object:
        try:
            return read_as(adapter, self.node(path))
        except BadInput as error:
            self.problems.extend(error.problems)
            return None

    def fail(self, at: At, path: str, text: str) -> None:
        self.problems.append(Problem(at, path, text))

    def module(self, use: Use, kind: str) -> Module | None:
        name, _ = versions.split(use.use)
        path = self.shelf.path("modules", f"{name}.yaml")
        if not path.is_file():
            root = self.shelf.root / "modules"
            known = [p.relative_to(root).with_suffix("").as_posix() for p in root.glob("**/*.yaml")]
            self.fail(use.place("use"), kind, f"unknown module '{name}'{nearest(name, known)}")
            return None
        module = self.model(Module, path)
        if module is not None:
            self.named(module, "module", module.module, name)
            self.versioned(use.use, module.version, use.place("use"), f"{kind}.use")
        return module

    def named(self, model: BaseModel, key: str, got: str, name: str) -> None:
        if got != name:
            at = getattr(model, "place")(key)  # noqa: B009 - both models are Strict
            self.fail(at, key, f"expected '{name}' as its path says, got '{got}'")

    def versioned(self, reference: str, version: str, at: At, path: str) -> None:
        _, wanted = versions.split(reference)
        if not versions.satisfies(version, wanted):
            self.fail(at, path, f"expected a version that fits {wanted}, the shelf holds {version}")

    def process(self, alias: str, reference: str, at: At) -> Process | None:
        name, _ = versions.split(reference)
        path = self.shelf.path("processes", f"{name}.yaml")
        if not path.is_file():
            known = [p.stem for p in (self.shelf.root / "processes").glob("*.yaml")]
            self.fail(at, f"processes.{alias}", f"unknown process '{name}'{nearest(name, known)}")
            return None
        process = self.model(Process, path)
        if process is not None:
            self.named(process, "process", process.process, name)
            self.versioned(reference, process.version, at, f"processes.{alias}")
        return process

    def tables(self, folder: Path) -> dict[str, Table]:
        found: dict[str, Table] = {}
        for path in sorted(folder.glob("*.csv")):
            try:
                found[path.stem] = self.shelf.table(path)
                self.digests[self.shelf.label(path)] = found[path.stem].digest
            except BadInput as error:
                self.problems.extend(error.problems)
        return found

    def parameters(self) -> Parameters:
        files = []
        for path in sorted((self.shelf.root / "parameters").glob("*.yaml")):
            file = self.model(ParameterFile, path)
            if file is not None:
                files.append(file)
        try:
            return self.shelf.once("parameters", lambda _: unite(tuple(files)))
        except BadInput as error:
            self.problems.extend(error.problems)
            return Parameters({})

    def bases(self, path: Path) -> dict[str, Basis]:
        node = self.node(path)
        if not isinstance(node, Map):
            self.fail(node.at, "", f"expected bases by name, got {said(node)}")
            return {}
        found: dict[str, Basis] = {}
        for name, entry in node.items():
            if not name.isidentifier():
                text = f"expected a word of letters, digits and _, got {name}"
                self.fail(node.keys_at[name], "", text)
            try:
                found[str(name)] = read(Basis, entry, name)
            except BadInput as error:
                self.problems.extend(error.problems)
        return found


def _said(node: Node) -> tuple[str, str]:
    """Give what a file says, apart from its layout, and the digest of that."""
    text = canonical(node)
    return text, digest(text)


def load(shelf: Shelf, name: str, language: Language) -> Loaded:
    """Read every file of a product. Raises BadInput with all problems of all files."""
    folder = shelf.product(name)
    loader = _Loader(shelf, language)
    product = loader.model(Product, folder / "product.yaml")
    if product is None:
        raise BadInput(loader.problems)
    loader.named(product, "product", product.product, name)
    modules: dict[str, Module] = {}
    for kind in ("covers", "exclusions", "provisions"):
        for place, use in enumerate(getattr(product, kind)):
            module = loader.module(use, f"{kind}[{place}]")
            if use.alias in modules:
                loader.fail(use.place("as"), f"{kind}[{place}].as", f"'{use.alias}' is used twice")
            if module is not None:
                modules[use.alias] = module
    processes = {
        alias: found
        for alias, reference in product.processes.items()
        if (found := loader.process(alias, reference, product.place("processes"))) is not None
    }
    tables = loader.tables(shelf.root / "tables") | loader.tables(folder / "tables")
    parameters = loader.parameters()
    bases = loader.bases(folder / "bases.yaml")
    files = _files(loader, folder)
    before_built = dict(loader.digests)
    built = loader.tables(folder / "tables" / "built")
    if loader.problems:
        raise BadInput(loader.problems)
    return Loaded(
        folder=folder,
        product=product,
        modules=modules,
        processes=processes,
        parameters=parameters,
        tables=tables,
        built=built,
        bases=bases,
        files=files,
        digests=before_built,
        texts=loader.texts,
    )


def _files(loader: _Loader, folder: Path) -> dict[str, Any]:
    adapters = dict(loader.language.files) | EXAMPLES
    files: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem in OWN_FILES:
            continue
        if path.stem not in adapters:
            hint = nearest(path.name, [f"{stem}.yaml" for stem in (*adapters, *OWN_FILES)])
            loader.fail(At(loader.shelf.label(path)), "", f"unknown file '{path.name}'{hint}")
            continue
        files[path.stem] = loader.file(path, adapters[path.stem])
    for stem in NEEDED:
        if stem in adapters and not (folder / f"{stem}.yaml").is_file():
            loader.fail(At(loader.shelf.label(folder)), "", f"expected the file {stem}.yaml")
    return files
