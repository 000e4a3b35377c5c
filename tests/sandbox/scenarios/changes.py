"""A scenario of changes that a test writes."""

from product_factory.nodes import read_nodes
from product_factory.strict import read
from sandbox.scenarios import Scenario

SOURCE = "reference: test, trust: illustrative}"


def scenario(*changes):
    lines = "".join(f"  - {change}, {SOURCE}\n" for change in changes)
    text = f"scenario: test\ntitle: {{zh: 试, en: Test}}\nchanges:\n{lines}"
    return read(Scenario, read_nodes(text, "test.yaml"))
