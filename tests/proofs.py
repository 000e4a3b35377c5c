"""A pytest plugin that writes what `make prove` proved to docs/proofs.md.

The page names the source it ran on by its hash (tests/source_tree.py), the versions of what can
move a figure, and every proof with its result. It holds no time and no path of a machine: two
runs on the same source and versions write the same page.
"""

import platform
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import settings

from tests.source_tree import ROOT, source_digest

VERSIONS = ("numpy", "scipy", "numba", "llvmlite", "pandas", "pyarrow", "hypothesis", "pytest")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proofs", metavar="FILE", help="write the results as a page to FILE")


def pytest_configure(config: pytest.Config) -> None:
    target = config.getoption("--proofs")
    if target and not hasattr(config, "workerinput"):  # who starts workers hears of all results
        config.pluginmanager.register(ProofPage(ROOT / target), "proof-page")


class ProofPage:
    """Collects one row a test and writes the page when the session ends."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.digest = source_digest()
        self.results: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            earlier = self.results.get(report.nodeid, "passed")
            self.results[report.nodeid] = report.outcome if earlier == "passed" else earlier

    def pytest_sessionfinish(self) -> None:
        if source_digest() != self.digest:
            message = "the source changed while the proofs ran; run `make prove` again"
            raise pytest.UsageError(message)
        self.target.parent.mkdir(exist_ok=True)
        self.target.write_text(self.page(), encoding="utf-8")

    def page(self) -> str:
        counts = ", ".join(
            f"{list(self.results.values()).count(outcome)} {outcome}"
            for outcome in ("passed", "failed", "skipped")
        )
        versions = [f"| python | {platform.python_version()} |"]
        versions += [f"| {name} | {version(name)} |" for name in VERSIONS]
        rows = [f"| {_cell(name)} | {result} |" for name, result in sorted(self.results.items())]
        return "\n".join(
            [
                "# Proofs",
                "",
                f"Written by `make prove`: {settings.default.max_examples:,} examples a law.",
                "",
                f"Source: sha256 `{self.digest}` (tests/source_tree.py says of what)",
                "",
                f"Result: {counts}",
                "",
                "| on | version |",
                "|---|---|",
                f"| machine | {platform.machine()} |",
                *versions,
                "",
                "| proof | result |",
                "|---|---|",
                *rows,
                "",
            ],
        )


def _cell(nodeid: str) -> str:
    return nodeid.removeprefix("tests/").replace("|", "\\|")
