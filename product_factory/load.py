"""Files → models: all that a product is made of, read and versioned, nothing resolved yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from product_factory import versions
from product_factory.basis import Basis
from product_factory.canonical import canonical, digest
from product_factory.compose.lineage import HEAD, Composed, compose
from product_factory.compose.merge import without
from product_factory.compose.resolve import Demand, resolve
from product_factory.errors import At, BadInput, Problem, nearest
from product_factory.examples import Claim, Quote
from product_factory.language import Language
from product_factory.module import Module
from product_factory.nodes import Map, Node, said
from product_factory.parameters import ParameterFile, Parameters, unite
from product_factory.process import Process
from product_factory.product import Product
from product_factory.shelf import Shelf
from product_factory.strict import Model, read, read_as
from product_factory.tables import Table

OWN_FILES = ("product", "bases")
EXAMPLES: dict[str, TypeAdapter[Any]] = {
    "quotes": TypeAdapter(tuple[Quote, ...]),
    "claims": TypeAdapter(tuple[Claim, ...]),
}
NEEDED = ("rating",)
USES = ("covers", "exclusions", "provisions", "riders")


@dataclass(frozen=True)
class Loaded:
    """The files of one product, read.

    composed  how its files came together
    modules   alias → module, in the order covers, exclusions, provisions, riders
    digests   file → digest of what it says
    texts     file → what the YAML files say, canonically; parameter files apart
    """

    composed: Composed
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

    def __init__(self, shelf: Shelf, language: Language, composed: Composed) -> None:
        self.shelf = shelf
        self.language = language
        self.composed = composed
        self.problems: list[Problem] = []
        self.digests: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    def noted(self, label: str, node: Node) -> Node:
        """Note what a file says; the label is that of the name, whichever file holds it."""
        self.texts[label], self.digests[label] = _said(node)
        return node

    def own(self, stem: str) -> Node:
        """Give what a file of the product says, its parent's words under its own."""
        path = self.composed.folder / f"{stem}.yaml"
        node = self.composed.files.get(stem)
        if node is None:
            raise BadInput.one(At(self.shelf.label(path)), "", "there is no such file")
        body = without(node, HEAD) if stem == "product" and isinstance(node, Map) else node
        self.noted(self.shelf.label(path), body)
        return node

    def shelf_file(self, model: type[Model], path: Path, name: str) -> Model | None:
        """Read a module or process, whichever file holds the version that was chosen."""
        family = path.relative_to(self.shelf.root).parts[0]
        label = self.shelf.label(self.shelf.path(family, f"{name}.yaml"))
        self.texts[label], self.digests[label] = self.said(path)
        return self.shared(model, path)

    def said(self, path: Path) -> tuple[str, str]:
        """Give what a file of the shelf says and its digest, made once for all products."""
        return self.shelf.once(("said", path), lambda one: _said(one.nodes(path)))

    def shared(self, model: type[Model], path: Path) -> Model | None:
        """Read a file of the shelf as a model, once for all products."""
        try:
            return self.shelf.once((model, path), lambda one: read(model, one.nodes(path)))
        except BadInput as error:
            self.problems.extend(error.problems)
            return None

    def model(self, model: type[Model], node: Node) -> Model | None:
        try:
            return read(model, node)
        except BadInput as error:
            self.problems.extend(error.problems)
            return None

    def file(self, stem: str, adapter: TypeAdapter[Any]) -> object:
        try:
            return read_as(adapter, self.own(stem))
        except BadInput as error:
            self.problems.extend(error.problems)
            return None

    def fail(self, at: At, path: str, text: str) -> None:
        self.problems.append(Problem(at, path, text))

    def named(self, model: BaseModel, key: str, got: str, name: str) -> None:
        if got != name:
            at = getattr(model, "place")(key)  # noqa: B009 - both models are Strict
            self.fail(at, key, f"expected '{name}' as its path says, got '{got}'")

    def modules(self, product: Product) -> dict[str, Module]:
        """Read the modules in use, each in the highest version that fits every demand."""
        found: dict[str, Module] = {}
        demands: list[Demand] = []
        for kind in USES:
            for place, use in enumerate(getattr(product, kind)):
                name, wanted = versions.split(use.use)
                demands.append(Demand(name, wanted, f"{kind}[{place}].use", use.place("use")))
        files, problems = resolve(self.shelf, "modules", demands, self._requires)
        self.problems += problems
        read_once = {name: self.shelf_file(Module, file, name) for name, file in files.items()}
        for name, module in read_once.items():
            if module is not None:
                self.named(module, "module", module.module, name)
                self._kept(module, files[name])
        seen: set[str] = set()
        for kind in USES:
            for place, use in enumerate(getattr(product, kind)):
                if use.alias in seen:
                    text = f"'{use.alias}' is used twice"
                    self.fail(use.place("as"), f"{kind}[{place}].as", text)
                seen.add(use.alias)
                module = read_once.get(versions.split(use.use)[0])
                if module is not None:
                    found[use.alias] = module
        return found

    def _requires(self, file: Path) -> Iterable[Demand]:
        try:
            module = self.shelf.once((Module, file), lambda one: read(Module, one.nodes(file)))
        except BadInput:
            return  # it is told when the module is read
        for number, entry in enumerate(module.requires):
            name, wanted = versions.split(entry)
            yield Demand(name, wanted, f"requires[{number}]", module.place("requires"))

    def _kept(self, model: Module | Process, file: Path) -> None:
        """Hold the version of a file that is named by one: `surrender@1.2.0.yaml`."""
        _, mark, version = file.stem.partition("@")
        if mark:
            self.named(model, "version", model.version, version)

    def processes(self, product: Product) -> dict[str, Process]:
        """Read the processes, each in the highest version that fits."""
        found: dict[str, Process] = {}
        at = product.place("processes")
        for alias, reference in product.processes.items():
            name, wanted = versions.split(reference)
            demand = Demand(name, wanted, f"processes.{alias}", at)
            files, problems = resolve(self.shelf, "processes", [demand])
            self.problems += problems
            for file in files.values():
                process = self.shelf_file(Process, file, name)
                if process is not None:
                    self.named(process, "process", process.process, name)
                    self._kept(process, file)
                    found[alias] = process
        return found

    def tables(self, files: Iterable[Path], folder: Path) -> dict[str, Table]:
        """Read tables; they count as those of a folder, whichever product holds them."""
        found: dict[str, Table] = {}
        for path in files:
            try:
                found[path.stem] = self.shelf.table(path)
                self.digests[self.shelf.label(folder / path.name)] = found[path.stem].digest
            except BadInput as error:
                self.problems.extend(error.problems)
        return found

    def parameters(self) -> Parameters:
        files = []
        for path in sorted((self.shelf.root / "parameters").glob("*.yaml")):
            _, self.digests[self.shelf.label(path)] = self.said(path)
            file = self.shared(ParameterFile, path)
            if file is not None:
                files.append(file)
        try:
            return self.shelf.once("parameters", lambda _: unite(tuple(files)))
        except BadInput as error:
            self.problems.extend(error.problems)
            return Parameters({})

    def bases(self) -> dict[str, Basis]:
        node = self.own("bases")
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
    """Read every file of a product. Raises BadInput with all problems of all files.

    name  the product, with the overlays that are asked for: `term_life+internet`
    """
    composed = compose(shelf, name)
    folder = composed.folder
    loader = _Loader(shelf, language, composed)
    product = loader.model(Product, loader.own("product"))
    if product is None:
        raise BadInput(loader.problems)
    loader.named(product, "product", product.product, folder.name)
    modules = loader.modules(product)
    processes = loader.processes(product)
    shared = sorted((shelf.root / "tables").glob("*.csv"))
    tables = loader.tables(shared, shelf.root / "tables")
    tables |= loader.tables(composed.tables.values(), folder / "tables")
    parameters = loader.parameters()
    bases = loader.bases()
    files = _files(loader, composed)
    before_built = dict(loader.digests)
    built = loader.tables(sorted(composed.filed.glob("*.csv")), composed.filed)
    if loader.problems:
        raise BadInput(loader.problems)
    return Loaded(
        composed=composed,
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


def _files(loader: _Loader, composed: Composed) -> dict[str, Any]:
    adapters = dict(loader.language.files) | EXAMPLES
    label = loader.shelf.label(composed.folder)
    files: dict[str, Any] = {}
    for stem in sorted(composed.files):
        if stem in OWN_FILES:
            continue
        if stem not in adapters:
            hint = nearest(f"{stem}.yaml", [f"{known}.yaml" for known in (*adapters, *OWN_FILES)])
            loader.fail(At(f"{label}/{stem}.yaml"), "", f"unknown file '{stem}.yaml'{hint}")
            continue
        files[stem] = loader.file(stem, adapters[stem])
    for stem in NEEDED:
        if stem in adapters and stem not in composed.files:
            loader.fail(At(label), "", f"expected the file {stem}.yaml")
    return files
