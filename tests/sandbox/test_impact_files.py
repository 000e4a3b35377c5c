"""The folder of a change of tariff: deterministic, told in both languages, drawn."""

import csv
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import jsonschema
import pytest

from product_factory.json_text import json_text
from rating.impact.impact import impact
from rating.impact.result import ADAPTER
from sandbox.results.impact_files import Made, unrated_file, write_impact
from sandbox.results.impact_page import impact_page
from sandbox.results.impact_words import WORDS
from tests.rating.impact.test_impact import ALL, RATE
from tests.rating.impact.two_lamps import book, lamps, product_of, two

SCHEMA = Path(__file__).resolve().parent.parent.parent / "docs" / "impact.schema.json"
MADE = Made((), (), "10%", "5%", 20, "ratio", "en")


def written(folder: Path, made: Made = MADE) -> Path:
    """Write the folder of all changes at once; the books of two folders are the same."""
    folder.mkdir()
    roots = two(folder, *ALL)
    products = [product_of(root, "lamp") for root in roots]
    out = folder / "out"
    with unrated_file(out) as aside:
        asked = made.asked(1, lambda _: None, aside.write_rows)
        found = impact(*products, book(folder), asked)
    write_impact(out, found, made)
    return out


def test_the_same_inputs_give_the_same_bytes_and_the_manifest_their_hashes(tmp_path):
    first, second = (written(tmp_path / name) for name in ("one", "two"))
    names = sorted(path.name for path in first.iterdir())
    assert names == [
        "impact.json", "manifest.json", "report.html", "segments.csv", "unrated.csv", "worst.csv",
    ]  # fmt: skip
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    manifest = json.loads((first / "manifest.json").read_text("utf-8"))
    for name, told in manifest["files"].items():
        assert hashlib.sha256((first / name).read_bytes()).hexdigest() == told
    assert str(tmp_path) not in (first / "impact.json").read_text("utf-8")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_files_say_what_the_figures_say(tmp_path):
    out = written(tmp_path / "one")
    told = json.loads((out / "impact.json").read_text("utf-8"))
    rows = rows_of(out / "segments.csv")
    levels = [
        (segment["variable"], level["level"], level["policies"], level["new"])
        for segment in told["segments"]
        for level in segment["levels"]
    ]
    assert [
        (row["variable"], row["level"], int(row["policies"]), float(row["new"])) for row in rows
    ] == levels
    worst = rows_of(out / "worst.csv")
    cases = [*told["rises"], *told["falls"]]
    assert [(int(row["row"]), float(row["new"])) for row in worst] == [
        (case["row"], case["new"]) for case in cases
    ]
    assert [row["policy"] for row in worst] == [case["kept"]["policy"] for case in cases]
    unrated = rows_of(out / "unrated.csv")
    sides = {
        side: {row["row"] for row in unrated if row["side"] == side} for side in ("old", "new")
    }
    counts = told["rows"]
    assert counts["rows"] - len(sides["old"]) == counts["both"] + counts["only_old"]
    assert counts["rows"] - len(sides["new"]) == counts["both"] + counts["only_new"]


def test_the_schema_is_that_of_the_file(tmp_path):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    made = json_text({"title": "Covercast: impact.json", **ADAPTER.json_schema()}) + "\n"
    assert SCHEMA.read_text("utf-8") == made
    found = asdict(lamps(tmp_path, *ALL))
    jsonschema.validate(json.loads(json_text(found)), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**json.loads(json_text(found)), "more": 1}, schema)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_shows_pictures_and_both_worksheets(tmp_path, language):
    found = lamps(tmp_path, *ALL, language=language)
    page = impact_page(found, language)
    assert page.count("data:image/png;base64,") >= 4
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<details>") == len(found.rises) + len(found.falls)
    assert WORDS["together"][language] in page
    assert f"row {found.rises[0].row}" in page or f"第 {found.rises[0].row} 行" in page
    other = {"zh": "en", "en": "zh"}[language]
    missing = [key for key, one in WORDS.items() if one["zh"] == one["en"]]
    assert missing == []
    assert WORDS["sizes"][other] not in page
    reasons = {"zh": "age：应为 18 至 60 的整数", "en": "age: expected 18 to 60"}
    assert reasons[language] in page
    assert reasons[other] not in page


def test_a_report_without_a_change_is_one_too(tmp_path):
    page = impact_page(lamps(tmp_path), "en")
    assert "<details>" not in page
    page = impact_page(lamps(tmp_path / "none", RATE, rows=[]), "en")
    assert page.endswith("</html>\n")
