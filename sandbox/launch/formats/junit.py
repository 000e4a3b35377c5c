"""`junit`: JUnit XML as Jenkins, GitLab and others read it; a suite a product, a case a judgement.

An error fails its case, an undecided one fails it as `undecided`, what cannot be read is an error
of the suite; a waived finding skips its case, and a warning is told beside a case that passes.
"""

import re
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sandbox.launch.about import SOURCES
from sandbox.launch.checked import Checked, Judged
from sandbox.launch.finding import Finding

CASES = {"error": "failure", "undecided": "failure", "waived": "skipped"}
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""


def write(checked: Sequence[Checked], _place: Callable[[str], str]) -> str:
    """Write the suites. There are no times in it: the same findings give the same text."""
    suites = Element("testsuites", name="covercast check")
    for one in checked:
        _suite(suites, one)
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _suite(suites: Element, one: Checked) -> None:
    suite = SubElement(suites, "testsuite", name=one.product, package=_plain(one.file))
    told: set[Finding] = set()
    for judged in one.judged:
        found = [finding for finding in one.of(judged) if finding not in told]
        told.update(found)
        _case(suite, judged, found)
    for finding in one.findings:
        if finding not in told:
            _case(suite, Judged(finding.source, finding.name, SOURCES["rule"]), [finding])
    cases = list(suite)
    suite.set("tests", str(len(cases)))
    for count, name in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(name) is not None for case in cases)))


def _case(suite: Element, judged: Judged, found: Sequence[Finding]) -> None:
    named = judged.about.title.zh if judged.source in ("quote", "claim") else ""
    name = f"{judged.name} {named}".strip() or judged.about.title.en
    home = f"{suite.get('name')}.{judged.source}"
    case = SubElement(suite, "testcase", name=_plain(name), classname=_plain(home))
    for finding in found:
        kind = "error" if finding.source == "input" else CASES.get(finding.severity)
        if kind is None:
            continue
        why = finding.waiver if kind == "skipped" else finding.text
        part = SubElement(case, kind, type=finding.severity, message=_plain(why))
        part.text = _plain(_whole(finding))
    beside = [_whole(finding) for finding in found if finding.severity == "warning"]
    if beside:
        SubElement(case, "system-out").text = _plain("\n".join(beside))


def _whole(finding: Finding) -> str:
    return f"{finding}\n{finding.zh}" if finding.zh else str(finding)


def _plain(text: str) -> str:
    return UNWRITABLE.sub("\ufffd", text)
