"""One rule told whole: its check, the history of its thresholds, its examples."""

from collections.abc import Iterator

from product_factory.columns import wrapped
from product_factory.nodes import Map, Node, Seq
from product_factory.parameters import Parameter
from product_factory.rules.catalogue import Catalogue
from product_factory.rules.examples import example_day
from product_factory.rules.load import FOLDER
from product_factory.rules.reads import reads
from product_factory.rules.rule import Rule
from product_factory.rules.told import trust

CHECKED = (
    *("for_each", "where", "check", "within", "if_stands"),
    *("requires", "forbids", "only", "in_order"),
)
INDENT = " " * 12


def rule_told(listed: Catalogue, rule: Rule) -> dict[str, object]:
    """Give a rule as plain values for JSON."""
    node, examples = _node(listed, rule), rule.examples
    return {
        "rule": rule.rule,
        "title": rule.title.both,
        "law": list(rule.laws),
        "reference": rule.reference,
        "from": rule.since.isoformat(),
        "applies": _plain(node.get("applies", Map(node.at))),
        "stage": rule.facts,
        "severity": rule.severity,
        "trust": trust(rule),
        "checked": {key: _plain(node[key]) for key in CHECKED if key in node},
        "says": rule.says.both,
        "thresholds": {
            name: {
                "dated": [
                    [one.since.isoformat(), flow(one.value), one.reference, one.trust]
                    for one in entry.dated
                ],
                "expected": [
                    [one.since.isoformat(), flow(one.value), one.because, one.trust]
                    for one in entry.expected
                ],
            }
            for name, entry in _thresholds(listed, rule)
        },
        "examples": None
        if examples is None
        else {
            "on": example_day(rule).isoformat(),
            "passes": _plain(examples.passes),
            "fails": _plain(examples.fails),
            "says": {"zh": examples.zh, "en": examples.en},
        },
    }


def rule_lines(listed: Catalogue, rule: Rule) -> list[str]:
    """Give a rule as lines of at most 80 columns."""
    node = _node(listed, rule)
    told = [
        ("", f"{rule.rule}  {rule.title.zh}  {rule.title.en}"),
        ("law", f"{rule.law}: {rule.reference}"),
        ("from", f"{rule.since}"),
        ("severity", f"{rule.severity}, source {trust(rule)}"),
        ("stage", rule.facts),
        ("applies", flow(node.get("applies", Map(node.at))) or "to every product"),
        *((key, flow(node[key])) for key in CHECKED if key in node),
        ("says", rule.says.zh),
        ("", f"{INDENT}{rule.says.en}"),
    ]
    for name, entry in _thresholds(listed, rule):
        told.append(("threshold", f"{name}: {entry.title.zh} {entry.title.en}"))
        told += [("", f"{INDENT}{line}") for line in _history(entry)]
    if rule.examples is not None:
        told.append(("passes", f"on {example_day(rule)}: {flow(rule.examples.passes)}"))
        told.append(("fails", flow(rule.examples.fails)))
        told.append(("finding", rule.examples.zh))
        told.append(("", f"{INDENT}{rule.examples.en}"))
    return [line for key, text in told for line in _told(key, text)]


def _told(key: str, text: str) -> list[str]:
    head = f"{key:<12}" if key else text[: len(text) - len(text.lstrip())]
    return wrapped(text.lstrip(), head, INDENT)


def _history(entry: Parameter) -> Iterator[str]:
    for one in entry.dated:
        yield f"from {one.since}  {flow(one.value)}  ({one.trust}) {one.reference}"
    for change in entry.expected:
        what = f"{flow(change.value)}  ({change.trust}) {change.because}"
        yield f"expected {change.since}  {what}"


def _thresholds(listed: Catalogue, rule: Rule) -> list[tuple[str, Parameter]]:
    """List the parameters that a rule reads."""
    known, read = listed.parameters, reads(rule)
    return [(name, known.entries[name]) for name in known.names() if name in read]


def _node(listed: Catalogue, rule: Rule) -> Map:
    node = listed.shelf.nodes(listed.shelf.path(FOLDER, f"{rule.rule}.yaml"))
    assert isinstance(node, Map)  # noqa: S101 - the rule was read from it
    return node


def flow(node: Node) -> str:
    """Write a node on one line, as YAML would in flow style, without quotes."""
    if isinstance(node, Map):
        return ", ".join(f"{key}: {_inner(value)}" for key, value in node.items())
    return ", ".join(map(_inner, node)) if isinstance(node, Seq) else str(node)


def _inner(node: Node) -> str:
    text = flow(node)
    if isinstance(node, Map):
        return f"{{{text}}}"
    return f"[{text}]" if isinstance(node, Seq) else text


def _plain(node: Node) -> object:
    if isinstance(node, Map):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(entry) for entry in node] if isinstance(node, Seq) else str(node)
