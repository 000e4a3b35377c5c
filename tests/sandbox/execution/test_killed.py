"""A run that is killed goes on from its finished blocks, to the same bytes."""

import re
import subprocess
import sys

import pytest

from tests.the_command import ROOT


@pytest.mark.long
@pytest.mark.parametrize(("name", "threads"), [("home", 2), ("term_life", 1), ("business", 1)])
def test_a_run_that_is_killed_twenty_times_ends_with_the_same_bytes(name, threads, tmp_path):
    command = [sys.executable, "-m", "tests.sandbox.execution.killed"]
    folder = tmp_path / "blocks"
    done = subprocess.run(
        [*command, name, str(folder), str(threads)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = re.fullmatch(r"(\d+) left; (\d+) of \d+ blocks are taken; same\n", done.stdout)
    assert said, done.stdout
    assert said[1] == said[2]
    assert 10 <= int(said[1]) < 120
    assert not folder.exists()
