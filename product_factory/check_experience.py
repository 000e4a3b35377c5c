"""Checks of `experience:` of a basis: of an event, or a mark of money or a ratio that it draws."""

from collections.abc import Iterator, Mapping

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.brought import brought
from product_factory.errors import BadInput, Problem, nearest
from product_factory.experience import Experience
from product_factory.process import Process
from product_factory.risk import ModelSpec, Risk, RiskCases

COUNTED = "collective"
"""The kind of process whose events have a number and sizes that experience can be brought to."""
RATIO = "ratio"
SIZES = ("money", RATIO)
"""The types of marks that are the size of a loss, or its share of what is insured."""


def experience_problems(product: AssembledProduct, basis: AssembledBasis) -> Iterator[Problem]:
    """List what is wrong, by paths without the name of the basis."""
    for alias, entries in basis.experience.items():
        path = f"experience.{alias}"
        process = product.processes.get(alias)
        at = next((entry.at for entry in entries.values()), basis.at)
        if process is None:
            text = f"unknown process '{alias}'{nearest(alias, product.processes)}"
            yield Problem(at, path, text)
        elif process.kind != COUNTED:
            text = f"expected a process of kind {COUNTED}, whose events are counted by the year, "
            yield Problem(at, path, f"{text}got one of kind {process.kind}")
        else:
            risk = basis.risk.get(alias, {})
            for key, entry in entries.items():
                problems = list(_entry(process, risk, key, entry))
                yield from (Problem(entry.at, f"{path}.{key}", text) for text in problems)
                if not problems:
                    yield from _figures(product, basis, alias, key)


def _entry(
    process: Process, risk: Mapping[str, Risk], key: str, entry: Experience
) -> Iterator[str]:
    sizes = [name for name, mark in process.marks.items() if mark.type in SIZES]
    if key in process.events:
        if entry.large_losses is not None:
            yield "expected no 'large_losses': an event has a number, and a mark of it the size"
    elif key not in process.marks:
        known = [*process.events, *sizes]
        yield f"unknown event or mark '{key}'{nearest(key, known)}"
    elif key not in sizes:
        kind = process.marks[key].type
        yield f"expected an event, or a mark of money or a ratio, got a mark that is {kind}"
    elif process.marks[key].type == RATIO and entry.large_losses is not None:
        yield (
            "expected no 'large_losses' of a ratio: nothing is cut off above a total loss; "
            "assume a distribution of all of them"
        )
    elif process.marks[key].computed is not None or not drawn(risk.get(key)):
        yield "expected a mark that is drawn; what is computed grows with what it is computed from"


def drawn(risk: Risk | None) -> bool:
    """Tell whether a mark is drawn from a distribution in every case."""
    if isinstance(risk, RiskCases):
        rest = (risk.otherwise,) if risk.otherwise is not None else ()
        return all(drawn(one) for one in (*(inner for _, inner in risk.lines), *rest))
    return risk is None or isinstance(risk, ModelSpec)  # a mark without risk is told elsewhere


def _figures(
    product: AssembledProduct, basis: AssembledBasis, alias: str, key: str
) -> Iterator[Problem]:
    before = f"{basis.name}."
    try:
        brought(product, basis, alias, key)
    except BadInput as error:
        for problem in error.problems:
            path = problem.path.removeprefix(before) or f"experience.{alias}.{key}"
            yield Problem(problem.at, path, problem.text)
