"""The house is in order: what ships, what it stands on, and what no file may hold."""

import os
import re
import tomllib
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.source_tree import PACKAGES, ROOT, in_git, project_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONSTRAINTS = (ROOT / "constraints.txt").read_text("utf-8")
PIN = re.compile(r"^(\S+)==(\S+)((?: \\\n +--hash=sha256:[0-9a-f]{64})+)\n", re.MULTILINE)
PINS = {canonicalize_name(name): Version(version) for name, version, _ in PIN.findall(CONSTRAINTS)}
DIRECT = [
    Requirement(text)
    for text in (
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
    )
]

needs_git = pytest.mark.skipif(not in_git(), reason="reads the list of files from git")


@needs_git
def test_the_listed_packages_are_the_folders_that_hold_code_and_the_shelf():
    folders = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for path in project_files(*PACKAGES)
        if path.suffix == ".py"
    }
    due = sorted({*folders, *PACKAGES, "products"})
    assert PROJECT["tool"]["setuptools"]["packages"] == due, f"list these: {due}"


@needs_git
def test_every_folder_with_code_is_a_package():
    code = [path for path in project_files(*PACKAGES) if path.suffix == ".py"]
    assert {path.parent for path in code if not (path.parent / "__init__.py").exists()} == set()


@needs_git
def test_the_shelf_holds_no_code():
    assert [path for path in project_files("products") if path.suffix == ".py"] == []


@needs_git
def test_all_data_inside_the_packages_is_shipped():
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    shipped = {
        path
        for package, globs in patterns.items()
        for pattern in globs
        for path in (ROOT / package).glob(pattern)
    }
    data = {path for path in project_files(*PACKAGES, "products") if path.suffix != ".py"}
    assert data - shipped == set()


def test_the_constraints_are_versions_with_hashes_and_nothing_else():
    rest = PIN.sub("", CONSTRAINTS)
    assert [line for line in rest.splitlines() if not line.startswith("#")] == []
    assert "://" not in rest


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda r: r.name)
def test_every_dependency_is_pinned_within_its_range(requirement):
    assert PINS[canonicalize_name(requirement.name)] in requirement.specifier


def test_what_the_dependencies_need_is_pinned_too():
    """The closure over the installed packages' own requirements, on this machine's markers."""
    open_names, seen = {canonicalize_name(r.name) for r in DIRECT}, set()
    while open_names:
        name = open_names.pop()
        seen.add(name)
        needs = map(Requirement, requires(name) or [])
        on_this_machine = (r for r in needs if r.marker is None or r.marker.evaluate({"extra": ""}))
        open_names |= {canonicalize_name(r.name) for r in on_this_machine} - seen
    assert seen - set(PINS) == set()


# What a file must not hold, in pieces so that this one does not: a place on somebody's machine,
# or the address of a package registry.
FORBIDDEN = re.compile(
    "|".join(
        [
            *(rf"(?<![\w.~-])/{top}/[\w.-]" for top in ("home", "root", "Users", "work", "tmp")),
            r"\b[A-Z]:\\\\?(?:Users|home)",
            "pypi" + r"\.org",
            "python" + "hosted",
            r"\b(?:127\.0\.0\.1|192\.168\.|10\.0\.)",
        ],
    ),
)


@needs_git
def test_no_file_holds_a_machine_path_or_a_registry():
    found = []
    for path in project_files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if FORBIDDEN.search(line)
        ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    ["cache = /ho" + "me/someone/cache", "cd /wo" + "rk/main", "index: py" + "pi.org/simple"],
)
def test_a_planted_path_or_registry_is_caught(line):
    assert FORBIDDEN.search(line)


def test_the_changelog_opens_with_the_current_version():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == PROJECT["project"]["version"]


def test_the_licence_ships_and_is_the_one_declared():
    assert PROJECT["project"]["license"] == "MIT"
    for name in PROJECT["project"]["license-files"]:
        assert (ROOT / name).read_text("utf-8").startswith("MIT License")


def test_ci_runs_make_test():
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert "make test" in run.read_text("utf-8").splitlines()


def test_every_lint_exclusion_gives_its_reason():
    """A rule is switched off on a line of its own that ends in a comment."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    section = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.flake8")]
    rules = re.findall(r'^ +"[A-Z]+\d*",.*$', section, re.MULTILINE)
    ignored = PROJECT["tool"]["ruff"]["lint"]["per-file-ignores"].values()
    assert len(rules) == sum(map(len, ignored)) + len(PROJECT["tool"]["ruff"]["lint"]["ignore"])
    assert [line for line in rules if "# " not in line] == []


def test_the_benchmarks_run_on_the_constrained_versions():
    text = (ROOT / "tests" / "benchmarks" / "requirements-bench.txt").read_text("utf-8")
    pins = dict(re.findall(r"^(\S+)==(\S+)$", text, re.MULTILINE))
    shared = {canonicalize_name(name): Version(pin) for name, pin in pins.items()}
    shared = {name: pin for name, pin in shared.items() if name in PINS}
    assert shared == {name: PINS[name] for name in shared}
    assert {"numpy", "numba", "pandas"} <= set(shared)
