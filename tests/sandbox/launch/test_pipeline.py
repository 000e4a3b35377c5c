"""The pre-commit hook and the pipeline's script do what they say, on a good and a broken shelf."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from lxml import etree

from product_factory.shelf import installed

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]
CI = ROOT / "docs" / "ci"
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


@pytest.fixture
def place(tmp_path):
    """A repository with a shelf of one product, and a `covercast` that is this one."""
    for folder in ("home", "modules", "parameters", "processes", "rules", "tables"):
        shutil.copytree(installed() / folder, tmp_path / "products" / folder)
    command = tmp_path / "bin" / "covercast"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT / "cli.py"} "$@"\n', "utf-8")
    command.chmod(0o755)
    return tmp_path


def run(place, *command):
    path = f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"
    caches = {name: os.environ[name] for name in ("XDG_CACHE_HOME",) if name in os.environ}
    env = {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(Path.home()), "LANG": "C.UTF-8"}
    return subprocess.run(
        command, cwd=place, env={**env, **caches}, capture_output=True, text=True, check=False
    )


def spoil(place, file, old, new):
    path = place / "products" / "home" / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


GOOD = ("product.yaml", "", "")
FOUND = ("quotes.yaml", "923.44", "923.45")
UNREADABLE = ("product.yaml", "currency: CNY", "curency: CNY")


@pytest.mark.parametrize(
    ("change", "code", "level"),
    [(GOOD, 0, None), (FOUND, 1, "error")],
    ids=["good", "found"],
)
def test_the_script_ends_with_the_code_of_the_check_and_leaves_its_reports(
    place, change, code, level
):
    spoil(place, *change)
    done = run(place, str(CI / "check.sh"))
    assert done.returncode == code, done.stdout + done.stderr
    sarif = json.loads((place / "reports" / "check.sarif").read_text("utf-8"))
    levels = {result["level"] for result in sarif["runs"][0]["results"]}
    assert levels == ({level} if level else set())
    (suite,) = etree.parse(place / "reports" / "check.xml").getroot()
    failed = int(suite.get("failures")) + int(suite.get("errors"))
    assert (failed > 0) is bool(code)


def test_the_script_and_the_example_are_those_that_are_named():
    assert os.access(CI / "check.sh", os.X_OK)
    steps = yaml.safe_load((CI / "github-actions.yaml").read_text("utf-8"))["jobs"]["check"][
        "steps"
    ]
    commands = [step["run"] for step in steps if "run" in step]
    assert commands[-1].split()[0] == "docs/ci/check.sh"
    uploads = [step["with"]["sarif_file"] for step in steps if "sarif_file" in step.get("with", {})]
    assert uploads == ["reports/check.sarif"]


@pytest.mark.parametrize(("change", "code"), [(GOOD, 0), (UNREADABLE, 2)], ids=["good", "bad"])
def test_the_hook_lets_a_good_shelf_pass_and_no_other(place, change, code):
    """As pre-commit runs it: the entry with the arguments of the user's configuration."""
    (hook,) = HOOKS
    spoil(place, *change)
    entry = [*shlex.split(hook["entry"]), "--shelf", "products", "--no-cache"]
    assert hook["pass_filenames"] is False
    done = run(place, *entry)
    assert done.returncode == code, done.stdout + done.stderr


def test_the_hook_is_one_that_pre_commit_accepts():
    from pre_commit.clientlib import load_manifest

    (hook,) = load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    assert hook["id"] == "covercast-check"
    assert hook["entry"].split()[0] == "covercast"
