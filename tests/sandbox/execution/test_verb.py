"""`simulate` keeps its blocks until its results are written, and takes them again."""

import errno
import os

import pytest

from sandbox import files
from tests.the_command import inside

BOOK = "age,sex,ssi,deductible\n32,M,member,10000\n40,F,none,20000\n"


@pytest.fixture
def command(tmp_path):
    (tmp_path / "book.csv").write_text(BOOK, encoding="utf-8")
    return ["simulate", "million_medical", "book.csv", "--years", "40", "-o", "out"]


def test_results_that_cannot_be_written_leave_the_blocks_for_the_same_command(
    tmp_path, monkeypatch, command
):
    whole = files.write_whole

    def full(path, content):
        if path.name == "years.parquet":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return whole(path, content)

    monkeypatch.setattr("sandbox.results.write.write_whole", full)
    stopped = inside(*command, cwd=tmp_path)
    assert stopped.returncode == 2
    assert stopped.stderr.endswith("years.parquet: No space left on device\n")
    kept = list((tmp_path / "out" / ".blocks").rglob("[0-9]*.npz"))
    assert kept
    monkeypatch.undo()
    again = inside(*command, cwd=tmp_path)
    assert again.returncode == 0
    blocks = f"{len(kept)} of {len(kept)} blocks are taken from out/.blocks, where an earlier run"
    assert blocks in again.stderr
    assert again.stdout.startswith(stopped.stdout)
    assert not (tmp_path / "out" / ".blocks").exists()
    assert (tmp_path / "out" / "manifest.json").exists()


def test_a_folder_that_leads_through_a_file_is_told_before_the_work(tmp_path, command):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    done = inside(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "got a path that is or leads through a file" in done.stderr
    asked = inside(*command[:-2], "--checkpoint", "book.csv/blocks", cwd=tmp_path)
    assert asked.returncode == 2
    assert "got a path that is or leads through a file" in asked.stderr


def test_a_folder_that_nobody_may_write_to_is_told_before_the_work(tmp_path, monkeypatch, command):
    monkeypatch.setattr(files.os, "access", lambda _, mode: mode != os.W_OK | os.X_OK)
    done = inside(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "out: expected a folder that can be written to\n"
