"""Make a run again from its manifest, and hold every byte against what it wrote then.

In use:
    recorded = read_manifest(path)
    again = rerun(recorded, product, folder)
    again.same                        every data file came out with the recorded hash
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput
from product_factory.released import released
from sandbox.dependence.specification import DependenceFile, read_dependence
from sandbox.execution import ONE_THREAD, Execution
from sandbox.files import in_memory, sha256
from sandbox.portfolio.portfolio import Portfolio
from sandbox.questions import questions_of
from sandbox.results import Manifest, Recorded
from sandbox.results.versions import other_versions
from sandbox.run import simulate
from sandbox.sampling import find_sampling
from sandbox.scenarios import Scenario

GENERATED = "generated:"
DEPENDENCE = "dependence.yaml"
MOST_BYTES = 100_000_000
"""So much of a file of figures is read, to tell which of them came out another."""


@dataclass(frozen=True)
class Rerun:
    """What came of a rerun.

    files     name → whether it came out with the recorded hash; empty where nothing was run
    reasons   inputs that are not those of the manifest, and files that are no longer what it says
    moved     figure → (then, now), of the figures that came out another
    """

    files: Mapping[str, bool]
    reasons: tuple[str, ...]
    moved: Mapping[str, tuple[float | None, float | None]]

    @property
    def same(self) -> bool:
        """Whether every byte is proved."""
        return bool(self.files) and all(self.files.values()) and not self.reasons


def rerun(
    recorded: Recorded,
    product: AssembledProduct,
    folder: Path,
    book: Path | Portfolio | None = None,
    *,
    scenario: Scenario | None = None,
    execution: Execution = ONE_THREAD,
) -> Rerun:
    """Simulate what the manifest records, and compare the data files.

    product   the product that it names, assembled for the day that it names
    folder    where the files stand that the run wrote; those that are absent are not compared
    book      the file of policies, where they were not generated, or a portfolio that is ready

    A product that is another one is not run: its bytes prove nothing. Raises BadInput where the
    book is missing or too many, and where the run itself would.
    """
    if product.digest != recorded.product_hash:
        then, now = recorded.product_hash, product.digest
        text = f"product {product.name}: its hash was {then}, and is {now}; `log` tells versions"
        return Rerun({}, (text,), {})
    check_book(recorded, book)
    run = simulate(
        product,
        book,
        years=recorded.simulated,
        seed=recorded.seed,
        basis=recorded.basis,
        scenario=scenario,
        dependence=kept_dependence(recorded, folder),
        by=recorded.by,
        horizon=recorded.horizon,
        questions=questions_of(product, recorded.measures, recorded.allocate, recorded.sizes),
        sampling=find_sampling(recorded.sampling),
        execution=execution,
    )
    made = run.contents()
    again = {name: sha256(content) for name, content in made.items()}
    names = sorted({*recorded.files, *again})
    files = {name: recorded.files.get(name) == again.get(name) for name in names}
    figures = in_memory(made["figures.json"])
    moved = {} if files["figures.json"] else moved_figures(folder / "figures.json", figures)
    reasons = (*other_inputs(recorded, run.manifest), *altered(recorded, folder))
    return Rerun(files, (*reasons, *other_code(recorded, files)), moved)


def kept_dependence(recorded: Recorded, folder: Path) -> DependenceFile | None:
    """Read the dependence that stands beside the manifest, where the run had one."""
    return read_dependence(folder / DEPENDENCE) if recorded.dependence else None


def check_book(recorded: Recorded, book: Path | Portfolio | None) -> None:
    """Raise BadInput where the book is missing or too many."""
    at = At("manifest.json")
    generated = recorded.portfolio.startswith(GENERATED)
    if generated and isinstance(book, Path):
        text = f"expected no book, for the policies were {recorded.portfolio}; got {book}"
        raise BadInput.one(at, "portfolio", text)
    if not generated and book is None:
        name = recorded.portfolio.rpartition(", sha256 ")[0]
        raise BadInput.one(at, "portfolio", f"expected the book {name} as the second argument")


def other_inputs(recorded: Recorded, now: Manifest) -> list[str]:
    """Tell the inputs, other than the product, that are not those of the manifest."""
    pairs = {
        "version of Covercast": (recorded.version, released()),
        "portfolio": (_digest(recorded.portfolio), _digest(now.portfolio)),
        "scenario": (recorded.scenario_hash, now.scenario_hash),
        "dependence": (recorded.dependence_hash, now.dependence_hash),
        "reinsurance": (", ".join(recorded.programme), ", ".join(now.programme)),
        "kind of rows": (recorded.kind, now.kind),
    }
    return [f"{name}: was {a}, and is {b}" for name, (a, b) in pairs.items() if a != b]


def _digest(portfolio: str) -> str:
    """Give the hash of the policies; a book may have another name by now."""
    return portfolio.rpartition("sha256 ")[2]


def other_code(recorded: Recorded, files: Mapping[str, bool]) -> list[str]:
    """Tell which libraries and kernels are others, where bytes came out others: else none is."""
    return [] if all(files.values()) else other_versions(recorded.versions)


def altered(recorded: Recorded, folder: Path) -> list[str]:
    """Tell the files beside the manifest that are not what it says any more."""
    found = []
    for name, expected in sorted(recorded.files.items()):
        path = folder / name
        if path.is_file() and _hash(path) != expected:
            found.append(f"{name}: the file beside the manifest was changed after the run")
    return found


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def moved_figures(path: Path, figures: bytes) -> dict[str, tuple[float | None, float | None]]:
    """Compare the measures of the file that stands there with those of the rerun."""
    try:
        with path.open("rb") as file:
            then = json.loads(file.read(MOST_BYTES))["measures"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    now = json.loads(figures)["measures"]
    pairs = {name: (_value(then, name), _value(now, name)) for name in sorted({*then, *now})}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _value(measures: Any, name: str) -> float | None:  # noqa: ANN401 - JSON that anyone may have written
    one = measures.get(name) if isinstance(measures, dict) else None
    value = one.get("value") if isinstance(one, dict) else None
    return float(value) if isinstance(value, int | float) else None
