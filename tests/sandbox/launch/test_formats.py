"""Findings as text, JSON, SARIF and JUnit XML: valid by the formats' own schemas, nothing lost."""

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, FormatChecker
from lxml import etree

from product_factory.errors import At
from product_factory.rules.judge import Said
from sandbox.launch.about import SOURCES, About
from sandbox.launch.checked import Checked, Judged, code_of
from sandbox.launch.finding import Finding
from sandbox.launch.formats import FORMATS, below

SCHEMAS = Path(__file__).parents[2] / "schemas"
SARIF = Draft4Validator(
    json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text("utf-8")),
    format_checker=FormatChecker(),
)
JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))

PLACE = At("shelf/lamp/product.yaml", 12, 7)
RULE = At("shelf/rules/cn/grace.yaml", 9, 1)
GRACE = About(Said("宽限期", "Grace"), Said("依据", "Source"), "L07", "保险法 36")
JUDGED = (
    Judged("input", "", SOURCES["input"]),
    Judged("quote", "quotes[1]", SOURCES["quote"]),
    Judged("quote", "quotes[10]", SOURCES["quote"]),
    Judged("rule", "cn/grace", GRACE),
    Judged("rule", "cn/suicide", GRACE),
)
FOUND = (
    Finding("quote", "quotes[10].expect.premium", "error", "expected 10.00, got 10.01", at=PLACE),
    Finding("rule", "cn/grace", "error", "59 days", "五十九天", RULE, "L07", sources=(PLACE,)),
    Finding("rule", "cn/suicide", "waived", "none", "无", RULE, "L08", waiver="old (legal, 2027)"),
    Finding("rule", "cn/minors", "undecided", "nothing states x <&> \x07", at=RULE),
    Finding("rule", "cn/names", "warning", "weak", at=RULE),
    Finding("gate", "lamp", "error", "expected gates.yaml"),
)
LAMP = Checked("lamp", "shelf/lamp/product.yaml", "1.0.0", date(2026, 3, 1), JUDGED, FOUND)
GOOD = Checked("bulb", "shelf/bulb/product.yaml", "1.0.0", date(2026, 3, 1), JUDGED, ())
SHARED = Finding("input", "terms.x", "error", "unknown type", at=At("shelf/modules/x.yaml", 3, 5))
BROKEN = [
    Checked(name, f"shelf/{name}/product.yaml", "", None, JUDGED[:1], (SHARED,))
    for name in ("one", "two")
]
ALL = [LAMP, GOOD, *BROKEN]


def told(name, checked=ALL, place=str):
    return FORMATS[name](checked, place)


def run_of(checked=ALL, place=str):
    log = json.loads(told("sarif", checked, place))
    SARIF.validate(log)
    return log["runs"][0]


def suites_of(checked=ALL):
    root = etree.fromstring(told("junit", checked).encode())
    JUNIT.assertValid(root)
    return {suite.get("name"): suite for suite in root}


@pytest.mark.parametrize("checked", [ALL, [GOOD], [LAMP], BROKEN, []], ids=len)
def test_every_format_is_valid_whatever_is_found(checked):
    run_of(checked)
    suites_of(checked)
    json.loads(told("json", checked))


def test_the_schemas_catch_a_wrong_level_and_a_wrong_element():
    log = json.loads(told("sarif"))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not SARIF.is_valid(log)
    root = etree.fromstring(told("junit").encode())
    root[0].append(etree.Element("finding"))
    assert not JUNIT.validate(root)


def test_sarif_tells_each_finding_once_with_its_level():
    results = run_of()["results"]
    levels = [(result["ruleId"], result["level"]) for result in results]
    assert levels == [
        ("covercast/quote", "error"),
        ("cn/grace", "error"),
        ("cn/suicide", "error"),
        ("cn/minors", "error"),
        ("cn/names", "warning"),
        ("covercast/gate", "error"),
        ("covercast/input", "error"),
    ]
    assert [r["properties"]["severity"] for r in results][2:4] == ["waived", "undecided"]


def test_sarif_points_where_a_person_mends_and_names_the_rule_beside():
    grace, gate = run_of()["results"][1], run_of()["results"][5]
    spot = grace["locations"][0]["physicalLocation"]
    assert spot["artifactLocation"]["uri"] == "shelf/lamp/product.yaml"
    assert spot["region"] == {"startLine": 12, "startColumn": 7}
    beside = grace["relatedLocations"][0]["physicalLocation"]
    assert beside["artifactLocation"]["uri"] == "shelf/rules/cn/grace.yaml"
    whole = gate["locations"][0]["physicalLocation"]
    assert whole == {"artifactLocation": {"uri": "shelf/lamp/product.yaml"}}


def test_sarif_explains_every_rule_that_was_judged():
    run = run_of()
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["cn/grace"]["properties"] == {"law": "L07", "reference": "保险法 36"}
    assert rules["cn/grace"]["shortDescription"]["text"] == "宽限期 Grace"
    assert all(rule["help"]["text"] for rule in rules.values())
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def test_a_waiver_is_an_accepted_suppression_with_its_reason():
    suppressed = [r["suppressions"] for r in run_of()["results"] if "suppressions" in r]
    accepted = {"kind": "external", "status": "accepted", "justification": "old (legal, 2027)"}
    assert suppressed == [[accepted]]


def test_a_finding_keeps_its_fingerprint_when_its_line_moves_and_only_then():
    moved = [
        Finding("rule", "cn/grace", "error", "58 days", sources=(At(PLACE.file, 40, 1),)),
        Finding("rule", "cn/names", "error", "58 days", sources=(PLACE,)),
    ]
    checked = [Checked("lamp", PLACE.file, "1.0.0", date(2026, 3, 1), JUDGED, tuple(moved))]
    before = run_of()["results"][1]["partialFingerprints"]
    same, other = (result["partialFingerprints"] for result in run_of(checked)["results"])
    assert same == before
    assert other != before


def test_a_report_names_files_from_the_folder_where_it_is_asked_for(tmp_path):
    root = tmp_path / "insurance" / "shelf"
    assert below(root, tmp_path)("shelf/x.yaml") == "insurance/shelf/x.yaml"
    assert below(root, tmp_path / "insurance")("shelf/x.yaml") == "shelf/x.yaml"
    assert below(root, tmp_path / "elsewhere")("shelf/x.yaml") == "shelf/x.yaml"
    uri = run_of(place=below(root, tmp_path))["results"][0]["locations"][0]["physicalLocation"]
    assert uri["artifactLocation"]["uri"] == "insurance/shelf/lamp/product.yaml"


def test_junit_has_a_case_for_every_judgement_and_counts_what_fails():
    suites = suites_of()
    assert {name: suite.get("tests") for name, suite in suites.items()} == {
        "lamp": "8",
        "bulb": "5",
        "one": "1",
        "two": "1",
    }
    lamp = suites["lamp"]
    assert (lamp.get("failures"), lamp.get("errors"), lamp.get("skipped")) == ("4", "0", "1")
    assert suites["one"].get("errors") == "1"
    failed = [case.get("name") for case in lamp if case.find("failure") is not None]
    assert failed[0].startswith("quotes[10]"), "a finding belongs to its own quote"
    assert "cn/grace" in failed


def test_a_warning_is_told_beside_a_case_that_passes():
    case = next(case for case in suites_of()["lamp"] if case.get("name") == "cn/names")
    assert case.find("failure") is None
    assert "weak" in case.findtext("system-out")


def test_json_holds_the_exit_code_and_every_finding():
    lamp, bulb, *_ = json.loads(told("json"))
    assert lamp["exit_code"] == 1
    assert len(lamp["findings"]) == len(FOUND)
    assert bulb["findings"] == []
    assert json.loads(told("json", [GOOD]))["product"] == "bulb"


def test_text_tells_what_products_share_once():
    lines = told("text").splitlines()
    assert sum("modules/x.yaml:3:5: terms.x: unknown type" in line for line in lines) == 1
    assert lines[-3:] == ["one: cannot be read", "two: cannot be read", "4 products: 1 good"]
    assert told("text", [BROKEN[0]]) == "shelf/modules/x.yaml:3:5: terms.x: unknown type\n"


@pytest.mark.parametrize(
    ("checked", "code"), [([GOOD], 0), ([], 0), ([GOOD, LAMP], 1), ([LAMP, *BROKEN], 2)]
)
def test_the_exit_code_is_that_of_the_worst(checked, code):
    assert code_of(checked) == code
