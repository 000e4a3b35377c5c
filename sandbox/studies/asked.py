"""What a study is asked, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.nodes import Map, Node, Seq, read_nodes
from product_factory.released import released
from sandbox.execution import ONE_THREAD, Execution
from sandbox.portfolio.portfolio import Portfolio
from sandbox.results import StudyManifest
from sandbox.results.plots import Language
from sandbox.run import BEST_ESTIMATE
from sandbox.runs import Runs

STUDY_YEARS: Mapping[str, int] = MappingProxyType({"annual": 2_000, "cohort": 500, "tail": 20_000})
"""Simulated years, or run-offs, of each run of a study, where nothing else is said.

A tail has but one run, of annual contracts.
"""


def _nothing(_: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Asked:
    """A study of a product.

    kind     one of `sandbox.studies.KINDS`;  years: of each run
    texts    option → the YAML that was asked under it;  options: option → its value
    given    name → content of files of data that are asked about; they stand beside the results
    execution  who computes its runs, and is told how many years more there are
    most     is told how many years will be simulated at most
    """

    kind: str
    product: AssembledProduct
    portfolio: Portfolio
    years: int
    seed: int
    execution: Execution = ONE_THREAD
    texts: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, bytes] = field(default_factory=dict)
    language: Language = "zh"
    most: Callable[[int], None] = _nothing

    @property
    def runs(self) -> Runs:
        """The runs of the study."""
        return Runs(self.product, self.portfolio, self.years, self.seed, self.execution)

    def spare(self, runs: int) -> None:
        """Count runs as done that need not be simulated."""
        if self.execution.progress is not None:
            self.execution.progress(self.years * runs)

    @property
    def title(self) -> dict[str, str]:
        """The product's title."""
        return self.product.title.both

    @property
    def manifest(self) -> StudyManifest:
        """The inputs that the data files depend on."""
        return StudyManifest(
            product=self.product.name,
            product_hash=self.product.digest,
            portfolio=f"{self.portfolio.source}, sha256 {self.portfolio.digest}",
            years=self.years,
            seed=self.seed,
            basis=self.options.get("basis", BEST_ESTIMATE),
            version=released(),
            on=self.product.on.isoformat(),
            kind="cohort" if self.product.long_term else "annual",
            study=self.kind,
            asked=dict(sorted(self.texts.items())),
            options=dict(sorted(self.options.items())),
            currency=self.product.product.currency,
        )

    def node(self, option: str) -> Node:
        """Read what was asked under an option; places are named after it."""
        return read_nodes(self.texts[option], f"--{option}")


@dataclass(frozen=True)
class Outcome:
    """What came of a study.

    told   for JSON;  lines: for a person
    data   name → content of the files that the manifest holds the hashes of
    plots  gives name → picture
    good   whether the question was answered with yes; a study that asks none is good
    bases  of its runs, where its file says them
    scenario_hash  of what its scenarios say, where it has any
    """

    asked: Asked
    told: object
    lines: tuple[str, ...]
    data: Mapping[str, bytes]
    plots: Callable[[], Mapping[str, bytes]] = dict
    good: bool = True
    bases: tuple[str, ...] = ()
    scenario_hash: str = ""

    @property
    def manifest(self) -> StudyManifest:
        """The inputs that the data files depend on, with the bases that its runs had."""
        asked = self.asked.manifest
        basis = ", ".join(dict.fromkeys(self.bases)) or asked.basis
        return replace(asked, basis=basis, scenario_hash=self.scenario_hash)


def listed(node: Node) -> Seq:
    """Give a list: one mapping stands for a list of one."""
    if isinstance(node, Seq):
        return node
    if not isinstance(node, Map):
        raise BadInput.one(node.at, "", "expected keys with values, or a list of them")
    alone = Seq(node.at)
    alone.append(node)
    return alone


__all__ = ["STUDY_YEARS", "Asked", "Outcome", "listed"]
