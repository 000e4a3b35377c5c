"""What is asked for on the command line as a study: options that go together, and files read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadValue
from sandbox.dependence.specification import read_dependence
from sandbox.given import given_text
from sandbox.run import RUN_OFFS, YEARS, portfolio_of
from sandbox.scenarios import given_scenario, load_scenarios, of_pack
from sandbox.stress import fitting
from sandbox.studies.asked import STUDY_YEARS, Asked
from sandbox.studies.data import DEPENDENCE

WORDS = "--reverse, --tail, --tornado and --sobol"
WATCHED = ("uncertainty", "measure")
"""Options of those studies alone that move assumptions."""
Work: TypeAlias = tuple[AssembledProduct, Path | None, int | None, int]
"""Product, book, years or None for as many as are usual, seed."""


def kind_of(kinds: Sequence[str], texts: Mapping[str, str], others: Mapping[str, bool]) -> str:
    """Give the study that is asked for, "" for none. Raises BadValue for what does not fit it.

    kinds   the studies that are asked for;  texts: option → what is asked under it
    others  option → whether it is given, of those that none of these studies has
    """
    if len(kinds) > 1:
        raise BadValue(f"--{kinds[0]}: expected one of {WORDS}, got --{kinds[1]} too")
    kind = kinds[0] if kinds else ""
    refused = [name for name, given in others.items() if given]
    if kind and refused:
        raise BadValue(f"--{kind}: expected without --{refused[0]}")
    for name in WATCHED:
        if name in texts and kind in ("", "reverse", "tail"):
            raise BadValue(f"--{name}: expected together with --tornado or --sobol")
    return kind


def asked_of(kind: str, work: Work, texts: Mapping[str, str], options: Mapping[str, str]) -> Asked:
    """Give what a study is asked. Raises BadInput for a book or a file that cannot be read.

    texts   option → YAML, or the path of a file of it;  options: option → its value
    """
    product, book, years, seed = work
    said = {name: _said(name, text) for name, text in texts.items()}
    rows = "cohort" if product.long_term else "annual"
    usual = STUDY_YEARS[kind if kind in STUDY_YEARS else rows]
    portfolio = portfolio_of(product, book)
    return Asked(kind, product, portfolio, years or usual, seed, texts=said, options=options)


def _said(option: str, given: str) -> str:
    """Read what is given under an option; errors name it."""
    try:
        return given_text(given)
    except BadValue as error:
        raise BadValue(f"--{option}: {error}") from None


def scenarios_asked(
    work: Work, given: Sequence[str], packs: Sequence[str], dependence: Path | None
) -> Asked:
    """Give the study of scenarios: those named, those of packs that fit, else the usual ones.

    Raises BadInput for what is unknown, cannot be read, or does not fit the product.
    """
    product, book, years, seed = work
    known = load_scenarios(product.shelf)
    chosen = [given_scenario(one, known) for one in given]
    files = {name: text for one in chosen for name, text in one.files.items()}
    names = [one.scenario for one in chosen]
    names += [name for pack in packs for name in of_pack(product, pack)]
    if not given and not packs:
        names = [one.scenario for one in fitting(product)]
    if dependence is not None:
        files[DEPENDENCE] = read_dependence(dependence).text
    options = {"scenarios": ", ".join(dict.fromkeys(names))}
    usual = RUN_OFFS if product.long_term else YEARS
    portfolio = portfolio_of(product, book)
    rows = years or usual
    return Asked("scenarios", product, portfolio, rows, seed, options=options, given=files)
