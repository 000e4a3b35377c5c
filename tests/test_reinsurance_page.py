"""The example of docs/reinsurance.md, from `new` to a run under a programme, as it is written."""

from pathlib import Path

import pytest

from tests.test_walkthrough import FENCE, commands, fits, printed_by

pytestmark = pytest.mark.long

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reinsurance.md"


def test_the_page_does_what_it_shows(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    ran = []
    for block in FENCE.finditer(PAGE.read_text(encoding="utf-8")):
        if block["kind"] == "yaml" and block["file"]:
            (tmp_path / block["file"]).write_text(block["text"], encoding="utf-8")
        elif block["kind"] == "console":
            for (_, *arguments), shown in commands(block["text"]):
                code, printed = printed_by(["covercast", *arguments], capfd, monkeypatch)
                assert code == 0
                assert fits(printed, shown), "\n".join([f"$ {' '.join(arguments)}", *printed])
                ran.append(arguments[0])
    assert ran == ["new", "simulate"]
