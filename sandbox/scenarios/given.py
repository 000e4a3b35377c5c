"""Scenarios as they are given on the command line: names of the shelf, own files, several as one.

A user's file is kept beside the results, so that a run of it can be proved again.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from product_factory.errors import At, BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read
from sandbox.given import given_text
from sandbox.scenarios.scenario import JOINS, Scenario, combined, find, whole_of

OPTION = At("--scenario")
KEPT = "scenario_{name}.yaml"
"""What a user's file is called beside the results."""
KEPT_NAME = re.compile(r"scenario_[^\W\d]\w*\.yaml")


def given_scenario(given: str, known: Mapping[str, Scenario]) -> Scenario:
    """Give what was asked for: `pandemic_year`, `./mine.yaml`, `pandemic_year+./mine.yaml`, YAML.

    Raises BadInput for a name that is unknown, and for a file that is no scenario, with its place.
    """
    if given.lstrip().startswith("{") or (Path(given).suffix == ".yaml" and Path(given).is_file()):
        return _own(given, known)
    parts = given.split(JOINS)
    return combined([_one(part.strip(), known) for part in parts], OPTION)


def recorded_scenario(
    name: str, kept: Mapping[str, bytes], known: Mapping[str, Scenario], at: At
) -> Scenario:
    """Give the scenario of a manifest: what is no scenario of the shelf stands beside it.

    kept  name → text of the files beside it. Raises BadInput with the nearest known name.
    """
    found = dict(known)
    for part in name.split(JOINS):
        file = KEPT.format(name=part)
        if part not in found and file in kept:
            found[part] = _read(kept[file].decode("utf-8", "replace"), file, known)
    return find(found, name, at)


def kept_files(names: Iterable[str], folder: Path) -> Mapping[str, bytes]:
    """Read the users' scenarios beside a manifest; names: those that it knows."""
    own = [name for name in names if KEPT_NAME.fullmatch(name)]
    return {name: given_text(str(folder / name)).encode() for name in own}


def _one(given: str, known: Mapping[str, Scenario]) -> Scenario:
    is_path = "/" in given or given.endswith(".yaml")
    return _own(given, known) if is_path else find(known, given, OPTION)


def _own(given: str, known: Mapping[str, Scenario]) -> Scenario:
    """Read a user's scenario, as it is or by the path of its file."""
    text = given_text(given)
    return _read(text, "--scenario" if text == given else given, known)


def _read(text: str, label: str, known: Mapping[str, Scenario]) -> Scenario:
    scenario = read(Scenario, read_nodes(text, label))
    if scenario.scenario in known:
        text = f"'{scenario.scenario}' is a scenario of the shelf; expected a name of its own"
        raise BadInput.one(scenario.place("scenario"), "scenario", text)
    made = whole_of(scenario, known)
    made._files[KEPT.format(name=scenario.scenario)] = text.encode()  # noqa: SLF001 - kept as read
    return made
