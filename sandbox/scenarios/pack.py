"""Packs: scenarios that a regulator, or a house, asks for together; a shelf's `packs/*.yaml`."""

from collections.abc import Mapping
from types import MappingProxyType

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, Problem, nearest
from product_factory.shelf import Shelf
from product_factory.strict import Bilingual, PlainText, Strict, Texts, Word, read
from sandbox.open_change import Trust
from sandbox.scenarios.scenario import Scenario, find, fits, load_scenarios

PACKS = "packs"
OPTION = At("--pack")


class Pack(Strict):
    """Scenarios by name; `a+b` stands for several as one.

    reference  the rule that asks for them;  trust: how far it can be relied on
    """

    pack: Word
    title: Bilingual
    reference: PlainText
    trust: Trust
    scenarios: Texts


def load_packs(shelf: Shelf, scenarios: Mapping[str, Scenario]) -> Mapping[str, Pack]:
    """Read every pack of a shelf. Raises BadInput with all problems of all files."""
    found: dict[str, Pack] = {}
    problems: list[Problem] = []
    for path in sorted((shelf.root / PACKS).glob("*.yaml")):
        try:
            pack = read(Pack, shelf.nodes(path))
            if pack.pack != path.stem:
                text = f"expected '{path.stem}' as its path says, got '{pack.pack}'"
                problems.append(Problem(pack.place("pack"), "pack", text))
            if not pack.scenarios:
                text = "expected at least one scenario, got none"
                problems.append(Problem(pack.place("scenarios"), "scenarios", text))
            for name in pack.scenarios:
                find(scenarios, name, pack.place("scenarios"))
        except BadInput as error:
            problems += error.problems
            continue
        found[path.stem] = pack
    if problems:
        raise BadInput(problems)
    return MappingProxyType(found)


def of_pack(product: AssembledProduct, name: str) -> tuple[str, ...]:
    """Give the names of the scenarios of a pack that fit a product.

    Raises BadInput for a pack that is unknown, and where none of its scenarios fits.
    """
    scenarios = load_scenarios(product.shelf)
    packs = load_packs(product.shelf, scenarios)
    if name not in packs:
        text = f"unknown pack '{name}'{nearest(name, packs)}"
        raise BadInput.one(OPTION, "", text)
    found = tuple(one for one in packs[name].scenarios if fits(find(scenarios, one), product))
    if not found:
        raise BadInput.one(OPTION, "", f"no scenario of '{name}' fits {product.name}")
    return found
