"""Every console example of the README prints what it says."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```console\n\$ (?P<command>.+)\n(?P<shown>(?:.*\n)*?)```")
EXAMPLES = [
    (found["command"], found["shown"])
    for found in BLOCK.finditer((ROOT / "README.md").read_text(encoding="utf-8"))
]


def test_the_readme_has_examples():
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[c[:30] for c, _ in EXAMPLES])
def test_an_example_prints_what_the_readme_shows(command, shown, tmp_path):
    name, *arguments = shlex.split(command)
    assert name == "covercast"
    run = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "COLUMNS": "80", "PATH": "", "LANG": "C.UTF-8"},
    )
    assert run.stdout + run.stderr == shown
