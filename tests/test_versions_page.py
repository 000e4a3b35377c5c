"""docs/versions.md, from the first lock to the second version, as it is written."""

from pathlib import Path

import pytest

from tests.test_walkthrough import FENCE, commands, fits, printed_by

pytestmark = pytest.mark.long

PAGE = Path(__file__).resolve().parent.parent / "docs" / "versions.md"
FINDINGS = {"check", "diff"}


def test_the_page_does_what_it_shows(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    ran = []
    for block in FENCE.finditer(PAGE.read_text(encoding="utf-8")):
        if block["kind"] != "console":
            (tmp_path / block["file"]).write_text(block["text"], encoding="utf-8")
            continue
        for (_, *arguments), shown in commands(block["text"]):
            code, printed = printed_by(["covercast", *arguments], capfd, monkeypatch)
            assert fits(printed, shown), "\n".join([f"$ {' '.join(arguments)}", *printed])
            ran.append((arguments[0], code))
    assert [verb for verb, code in ran if code == 2] == ["publish"]
    assert {verb for verb, code in ran if code == 1} == FINDINGS
