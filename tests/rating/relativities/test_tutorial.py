"""The tutorial docs/fit_motor.md, from the script of its book to the filed tables, as written."""

import csv
import runpy

import pytest

from tests.rating.relativities.tutorial import PAGE
from tests.test_walkthrough import FENCE, commands, fits, printed_by
from tests.the_command import ROOT

LEFT_OUT = {"fit", "rate"}
"""The verbs that leave a row out, and say so by their exit code."""


def test_the_tutorial_does_what_it_shows(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    for block in FENCE.finditer(PAGE.read_text(encoding="utf-8")):
        if block["kind"] != "console":
            (tmp_path / block["file"]).write_text(block["text"], encoding="utf-8")
            continue
        for (name, *arguments), shown in commands(block["text"]):
            if name == "python":
                runpy.run_path(str(ROOT / arguments[0]), run_name="__main__")
                continue
            assert name == "covercast"
            code, printed = printed_by([name, *arguments], capfd, monkeypatch)
            kept = [line for line in printed if not line.startswith("... ")]
            assert fits(kept, shown), "\n".join(kept)
            assert code == (1 if arguments[0] in LEFT_OUT else 0)
    with (tmp_path / "premiums.csv").open(encoding="utf-8", newline="") as file:
        charged = sum(float(row["payable"]) for row in csv.DictReader(file))
    assert charged == pytest.approx(3_724_836.31, rel=1e-5)
