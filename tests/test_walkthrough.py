"""The walk-through of docs/walkthrough.md, from `new` to a passing `check`, as it is written."""

import re
import shlex
import sys
from pathlib import Path

import pytest

import cli

PAGE = Path(__file__).resolve().parent.parent / "docs" / "walkthrough.md"
FENCE = re.compile(
    r"^```(?P<kind>\w+) ?(?P<file>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
CHANGING = re.compile(r"digest [0-9a-f]{16}")
REST = "..."


def blocks():
    """The fenced blocks of the page in order: kind, file, text."""
    found = FENCE.finditer(PAGE.read_text(encoding="utf-8"))
    return [(block["kind"], block["file"], block["text"]) for block in found]


def fits(printed, shown):
    """Whether lines are those of the page; `...` there stands for any lines."""
    if not shown:
        return not printed
    if shown[0] == REST:
        return any(fits(printed[place:], shown[1:]) for place in range(len(printed) + 1))
    return bool(printed) and printed[0] == shown[0] and fits(printed[1:], shown[1:])


def commands(text):
    """The commands of a console block, each with the lines that it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield shlex.split(command), shown.splitlines()


def printed_by(arguments, capfd, monkeypatch):
    monkeypatch.setattr(sys, "argv", arguments)
    try:
        cli.main()
    except SystemExit as stop:
        code = stop.code or 0
    out, error = capfd.readouterr()
    return code, CHANGING.sub("digest DIGEST", error + out).splitlines()


def test_the_walk_through_does_what_it_shows(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    passed = []
    for kind, file, text in blocks():
        if kind != "console":
            target = tmp_path / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            continue
        for (name, *arguments), shown in commands(text):
            assert name == "covercast"
            code, printed = printed_by([name, *arguments], capfd, monkeypatch)
            assert fits(printed, shown), "\n".join([f"$ {' '.join(arguments)}", *printed])
            if arguments[0] == "check":
                passed.append(code)
    assert passed == [0, 1, 0, 0]


def test_the_walk_through_needs_no_programming():
    assert {kind for kind, _, _ in blocks()} == {"console", "yaml", "csv"}
    files = [file for kind, file, _ in blocks() if kind != "console"]
    assert len(files) == len(set(files))


@pytest.mark.parametrize(
    ("printed", "shown", "expected"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["a"], False),
        (["a"], ["a", "b"], False),
        (["x", "y", "b"], ["...", "b"], True),
        (["b"], ["...", "b"], True),
        (["a", "x"], ["a", "..."], True),
        (["a", "b"], ["...", "c"], False),
    ],
)
def test_lines_are_compared_one_by_one(printed, shown, expected):
    assert fits(printed, shown) is expected
