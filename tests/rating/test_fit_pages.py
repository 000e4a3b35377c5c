"""The pages of what is fitted, as they stand: each line printed, each file shown, each severity."""

import re

import pytest

from rating.engines.collective.expected import costs_of
from tests.rating.engines.tiny_year import tiny, tiny_model
from tests.test_walkthrough import FENCE, commands, fits, printed_by
from tests.the_command import ROOT

LEAVES_ROWS_OUT = {"severities": 1}
"""The exit code of a page's fit, where it is not 0."""


def blocks(page):
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    return [(block["kind"], block["file"], block["text"]) for block in FENCE.finditer(text)]


@pytest.mark.parametrize("page", ["severities", "exposure", "credibility", "bonus_malus"])
def test_the_page_prints_and_writes_what_it_shows(page, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    ran = 0
    for kind, file, text in blocks(page):
        if file:
            (tmp_path / file).write_text(text, encoding="utf-8")
        elif kind == "console":
            for arguments, shown in commands(text):
                code, printed = printed_by(arguments, capfd, monkeypatch)
                assert fits(printed, shown), "\n".join(printed)
                assert code == LEAVES_ROWS_OUT.get(page, 0)
                ran += 1
        elif text.startswith("#"):  # a file that was written
            files = list(tmp_path.rglob("*.yaml"))
            assert text in [path.read_text(encoding="utf-8") for path in files]
    assert ran == 1


def test_a_basis_takes_the_severities_of_the_page(tmp_path):
    (text,) = [text for _, file, text in blocks("severities") if not file and "bill:" in text]
    marks = re.split(r"^\w+: ", text, flags=re.MULTILINE)[1:]
    assert len(marks) == 3
    for number, mark in enumerate(marks):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert costs_of(tiny_model(tiny(folder, severity=mark.strip())))[0].value > 0.0
