"""Every console example of the README and the manual prints what it says."""

import re
import shlex
from pathlib import Path

import pytest

from tests.the_command import inside

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "README.md",
    "docs/manual.md",
    "docs/books.md",
    "docs/model_points.md",
    "docs/experience.md",
    "docs/annuities.md",
    "docs/severities.md",
    "docs/credibility.md",
    "docs/loads.md",
    "docs/exposure.md",
    "docs/bonus_malus.md",
    "docs/business.md",
    "docs/capital.md",
    "docs/disability.md",
    "docs/dependence.md",
    "docs/long_term_medical.md",
    "docs/measures.md",
    "docs/export.md",
    "docs/groups.md",
    "docs/stress.md",
    "docs/adequacy.md",
    "docs/backtest.md",
    "docs/aggregate.md",
    "docs/sampling.md",
    "docs/scale.md",
)
BLOCK = re.compile(r"```console\n\$ (?P<command>.+)\n(?P<shown>(?:.*\n)*?)```")
FILE = re.compile(r"```(?:yaml|csv) (?P<name>\S+)\n(?P<text>(?:.*\n)*?)```")
TEXTS = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
EXAMPLES = [
    (page, found["command"], found["shown"])
    for page, text in TEXTS.items()
    for found in BLOCK.finditer(text)
]
CHANGING = re.compile(r"digest [0-9a-f]{16}")
TAKING = re.compile(r"takes [\d.,]+ [KMG]iB")
PACE = re.compile(
    r"^(?:memory: at most .*|[\d,]+ rows .* a second|[\d,]+ years: .*)\n", re.MULTILINE
)
"""What a machine is told of itself on the error stream."""


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_examples(page):
    assert any(example[0] == page for example in EXAMPLES)


@pytest.mark.parametrize(("page", "command", "shown"), EXAMPLES)
def test_an_example_prints_what_the_page_shows(page, command, shown, tmp_path):
    """A digest stands as DIGEST, since every word of the product changes it, and a size as SIZE."""
    for found in FILE.finditer(TEXTS[page]):
        (tmp_path / found["name"]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / found["name"]).write_text(found["text"], encoding="utf-8")
    name, *arguments = shlex.split(command)
    assert name == "covercast"
    run = inside(*arguments, cwd=tmp_path)
    printed = TAKING.sub("takes SIZE", run.stdout + PACE.sub("", run.stderr))
    assert CHANGING.sub("digest DIGEST", printed) == shown


def test_the_readme_counts_the_rules_that_ship():
    rules = [
        path
        for path in (ROOT / "products" / "rules").rglob("*.yaml")
        if path.read_text("utf-8").startswith("rule: ")
    ]
    assert f"{len(rules)} rules" in TEXTS["README.md"]


def test_the_readme_names_every_verb():
    verbs = re.findall(r"^│ ([a-z][a-z-]+) ", inside("--help").stdout, re.MULTILINE)
    assert len(verbs) >= 28
    assert [verb for verb in verbs if f"`{verb}`" not in TEXTS["README.md"]] == []
