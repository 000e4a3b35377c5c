"""`sarif`: SARIF 2.1.0 (OASIS, errata 01), as code hosts and editors read it.

An error or undecided finding is of level `error`, since both keep a product back; a warning is a
warning; a waived one is an error with an accepted suppression. Columns count characters.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from product_factory.errors import At
from product_factory.json_text import json_text
from sandbox.launch.about import SOURCES, About
from sandbox.launch.checked import Checked, code_of
from sandbox.launch.finding import Finding

Place = Callable[[str], str]
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {"error": "error", "undecided": "error", "warning": "warning", "waived": "error"}
Json = dict[str, object]


def write(checked: Sequence[Checked], place: Place) -> str:
    """Write one run; what several products share, such as a broken module, is one result."""
    abouts = _abouts(checked)
    results: dict[str, Json] = {}
    for one in checked:
        for finding in one.findings:
            result = _result(one, finding, list(abouts), place)
            results.setdefault(json_text(result), result)
    run = {
        "tool": {
            "driver": {
                "name": "Covercast",
                "rules": [_rule(name, about) for name, about in abouts.items()],
            }
        },
        "invocations": [{"executionSuccessful": True, "exitCode": code_of(checked)}],
        "columnKind": "unicodeCodePoints",
        "results": list(results.values()),
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _abouts(checked: Sequence[Checked]) -> dict[str, About]:
    """Give what was judged by identifier, each once, in order of name."""
    found = {judged.rule: judged.about for one in checked for judged in one.judged}
    for one in checked:
        for finding in one.findings:
            found.setdefault(finding.rule, SOURCES.get(finding.source, SOURCES["rule"]))
    return dict(sorted(found.items()))


def _rule(name: str, about: About) -> Json:
    tags = {"law": about.law, "reference": about.reference}
    return {
        "id": name,
        "name": "".join(part.capitalize() for part in name.replace("/", "_").split("_")),
        "shortDescription": {"text": f"{about.title.zh} {about.title.en}"},
        "help": {"text": f"{about.help.zh}\n{about.help.en}"},
        "properties": {key: value for key, value in tags.items() if value},
    }


def _result(one: Checked, finding: Finding, rules: list[str], place: Place) -> Json:
    spots = list(_spots(one, finding))
    text = f"{finding.name}: {finding.text}" if finding.source != "rule" else finding.text
    result: Json = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": LEVELS[finding.severity],
        "message": {"text": text.removeprefix(": ")},
        "locations": [_location(spots[0], place)],
        "partialFingerprints": {"covercast/v1": _fingerprint(spots[0], finding)},
        "properties": {"severity": finding.severity, "zh": finding.zh},
    }
    if finding.source != "input":  # one in a shared file is the same for every product
        result["properties"] = {
            "severity": finding.severity,
            "product": one.product,
            "zh": finding.zh,
        }
    if spots[1:]:
        result["relatedLocations"] = [_location(at, place) for at in spots[1:]]
    if finding.waiver and finding.severity == "waived":
        accepted = {"kind": "external", "status": "accepted", "justification": finding.waiver}
        result["suppressions"] = [accepted]
    return result


def _spots(one: Checked, finding: Finding) -> Iterator[At]:
    """List where a finding points: first where a person mends it, the rule's own line last."""
    spots = dict.fromkeys((*finding.sources, finding.at))
    if finding.source == "rule" and not finding.sources:
        spots = dict.fromkeys((At(one.file), finding.at))
    yield from [at for at in spots if at.file] or [At(one.file)]


def _location(at: At, place: Place) -> Json:
    physical: Json = {"artifactLocation": {"uri": quote(place(at.file), errors="surrogatepass")}}
    if at.line:
        physical["region"] = {"startLine": at.line, "startColumn": max(at.column, 1)}
    return {"physicalLocation": physical}


def _fingerprint(at: At, finding: Finding) -> str:
    """Name a finding across versions of a file: its line may move, its rule and key do not."""
    parts = (at.file, finding.rule, finding.name)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
