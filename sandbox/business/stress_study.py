"""A stress test of a business: told, as a folder, and made again from its manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from product_factory.canonical import digest_of
from product_factory.errors import At
from product_factory.json_text import json_text
from product_factory.shelf import Shelf
from sandbox.business.again import kept_business
from sandbox.business.manifest import BusinessManifest, manifest_of
from sandbox.business.members import Assemble
from sandbox.business.stress import BusinessAsked, BusinessStressed, stress_business
from sandbox.business.write import DEPENDENCE, FILE
from sandbox.dependence.specification import read_dependence
from sandbox.execution import ONE_THREAD, Execution
from sandbox.files import ready, sha256, write_whole
from sandbox.rerun import Rerun, altered, other_code, other_inputs
from sandbox.results.figures import manifest_json
from sandbox.results.plots import Language
from sandbox.results.recorded import RecordedBusinessStudy
from sandbox.scenarios import kept_files, load_scenarios, recorded_scenario
from sandbox.stress_told import stress_csv, stress_lines, stress_told

KIND = "scenarios"


@dataclass(frozen=True)
class BusinessStudyManifest(BusinessManifest):
    """The inputs of a stress test of a business; options: its scenarios, by name."""

    study: str = KIND
    options: Mapping[str, str] = field(default_factory=dict)


def stressed_told(done: BusinessStressed) -> dict[str, object]:
    """Give it as plain values for JSON."""
    asked = done.asked
    return {
        "business": asked.file.says.business,
        "years": asked.years,
        "seed": asked.seed,
        "basis": asked.basis,
        "currency": done.currency,
        "unshocked": {name: list(products) for name, products in done.unshocked.items()},
        "scenarios": stress_told(done.rows),
    }


def stressed_lines(done: BusinessStressed, language: Language = "en") -> list[str]:
    """Tell it to a person, with the products that no scenario or one of them leaves as they are."""
    return stress_lines(done.rows, language, costless=done.costless, unshocked=done.unshocked)


def write_stressed(done: BusinessStressed, folder: Path) -> tuple[Path, ...]:
    """Write every file whole, the manifest last; give the paths."""
    data = _data(done)
    hashes = {name: sha256(content) for name, content in data.items()}
    files = {**data, "manifest.json": manifest_json(_manifest(done), hashes)}
    place = ready(folder)
    for name, content in files.items():
        write_whole(place / name, content)
    return tuple(place / name for name in files)


def _data(done: BusinessStressed) -> dict[str, bytes]:
    asked = done.asked
    files = {name: text for one in asked.scenarios for name, text in one.files.items()}
    if asked.dependence is not None:
        files[DEPENDENCE] = asked.dependence.text
    files[FILE] = asked.file.text
    told = f"{json_text(stressed_told(done))}\n".encode()
    return {"stress.json": told, "stress.csv": stress_csv(done.rows), **files}


def _manifest(done: BusinessStressed) -> BusinessStudyManifest:
    asked, tied = done.asked, done.asked.dependence
    return manifest_of(
        BusinessStudyManifest,
        asked.file,
        asked.members,
        years=asked.years,
        seed=asked.seed,
        basis=asked.basis,
        kind=done.kind,
        currency=done.currency,
        scenario_hash=digest_of((one.scenario, one.digest) for one in asked.scenarios),
        programme=done.contracts,
        dependence="" if tied is None else tied.says.dependence,
        dependence_hash="" if tied is None else tied.digest,
        options={KIND: ", ".join(one.scenario for one in asked.scenarios)},
    )


def runs_of(recorded: RecordedBusinessStudy) -> int:
    """Tell how many runs of all its products it takes."""
    return 1 + len(_names(recorded))


def _names(recorded: RecordedBusinessStudy) -> list[str]:
    return [name for name in recorded.options.get(KIND, "").split(", ") if name]


def stressed_again(
    recorded: RecordedBusinessStudy,
    folder: Path,
    books: Path | None,
    shelf: Shelf,
    assemble: Assemble,
    *,
    execution: Execution = ONE_THREAD,
) -> Rerun:
    """Make the stress test that the manifest records, and compare its data files.

    Arguments and refusals as in `business_again`.
    """
    file, members, others = kept_business(recorded, folder, books, shelf, assemble)
    if others:
        return Rerun({}, others, {})
    known, kept = load_scenarios(shelf), kept_files(recorded.files, folder)
    at = At(str(folder / "manifest.json"))
    tied = read_dependence(folder / DEPENDENCE) if recorded.dependence else None
    scenarios = [recorded_scenario(name, kept, known, at) for name in _names(recorded)]
    rows = recorded.years, recorded.seed, recorded.basis
    done = stress_business(BusinessAsked(file, members, scenarios, *rows, tied), execution)
    again = {name: sha256(content) for name, content in _data(done).items()}
    every = sorted({*recorded.files, *again})
    files = {name: recorded.files.get(name) == again.get(name) for name in every}
    reasons = (*other_inputs(recorded, _manifest(done)), *altered(recorded, folder))
    return Rerun(files, (*reasons, *other_code(recorded, files)), {})
