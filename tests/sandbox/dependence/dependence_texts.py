"""Dependence files in pieces, for the tests."""

from product_factory.nodes import read_nodes
from product_factory.strict import read
from sandbox.dependence.specification import Dependence, DependenceFile

HEAD = "dependence: tied\ntitle: {zh: 相依, en: Tied}\n"
TRUST = "    reference: chosen\n    trust: illustrative\n"


def shared(lines="[home.water_damage, home.theft]", copula="{kind: comonotonic}", cv="50%"):
    return (
        f"shared:\n  - factor: season\n    lines: {lines}\n"
        f"    multiplier: {{kind: gamma, cv: {cv}}}\n    copula: {copula}\n{TRUST}"
    )


def reordering(lines="[home.fire, home.theft]", copula="{kind: gumbel, theta: 2}", name="tails"):
    return f"reordered:\n  - reordering: {name}\n    lines: {lines}\n    copula: {copula}\n{TRUST}"


def file(*parts):
    text = HEAD + "".join(parts)
    return DependenceFile(read(Dependence, read_nodes(text, "d.yaml")), text.encode())
