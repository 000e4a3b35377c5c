"""docs/impact.md, from two tariffs to what each change brings, as it is written."""

import pytest

from tests.test_walkthrough import FENCE, commands, fits, printed_by
from tests.the_command import ROOT

pytestmark = pytest.mark.long

PAGE = ROOT / "docs" / "impact.md"


def test_the_page_does_what_it_shows(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    codes = {}
    for block in FENCE.finditer(PAGE.read_text(encoding="utf-8")):
        if block["kind"] != "console":
            path = tmp_path / block["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
            continue
        for (_, *arguments), shown in commands(block["text"]):
            code, printed = printed_by(["covercast", *arguments], capfd, monkeypatch)
            assert fits(printed, shown), "\n".join([f"$ {' '.join(arguments)}", *printed])
            codes[arguments[0]] = code
    assert codes == {"new": 0, "diff": 1}
    for name in ("report.html", "impact.json", "segments.csv", "worst.csv", "unrated.csv"):
        assert (tmp_path / "impact" / name).is_file()
        assert f"`{name}`" in PAGE.read_text("utf-8")
