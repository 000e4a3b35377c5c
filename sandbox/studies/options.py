"""What is asked for on the command line as a study: options that go together, and files read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadValue
from sandbox.given import given_text
from sandbox.run import portfolio_of
from sandbox.studies.asked import STUDY_YEARS, Asked

WORDS = "--reverse, --tail, --tornado and --sobol"
WATCHED = ("uncertainty", "measure")
"""Options of those studies alone that move assumptions."""
Work: TypeAlias = tuple[AssembledProduct, Path | None, int | None, int]
"""Product, book, years or None for as many as are usual, seed."""


def kind_of(
    kinds: Sequence[str], texts: Mapping[str, str], others: Mapping[str, bool], *, kept: bool
) -> str:
    """Give the study that is asked for, "" for none. Raises BadValue for what does not fit it.

    kinds   the studies that are asked for;  texts: option → what is asked under it
    others  option → whether it is given, of those that no study has;  kept: whether -o is
    """
    if len(kinds) > 1:
        raise BadValue(f"--{kinds[0]}: expected one of {WORDS}, got --{kinds[1]} too")
    kind = kinds[0] if kinds else ""
    refused = [name for name, given in others.items() if given]
    if kind and refused:
        raise BadValue(f"--{kind}: expected without --{refused[0]}")
    if kept and not kind:
        raise BadValue(f"-o: expected together with one of {WORDS}")
    for name in WATCHED:
        if name in texts and kind in ("", "reverse", "tail"):
            raise BadValue(f"--{name}: expected together with --tornado or --sobol")
    return kind


def asked_of(kind: str, work: Work, texts: Mapping[str, str], options: Mapping[str, str]) -> Asked:
    """Give what a study is asked. Raises BadInput for a book or a file that cannot be read.

    texts   option → YAML, or the path of a file of it;  options: option → its value
    """
    product, book, years, seed = work
    said = {name: given_text(text) for name, text in texts.items()}
    rows = "cohort" if product.long_term else "annual"
    usual = STUDY_YEARS[kind if kind in STUDY_YEARS else rows]
    portfolio = portfolio_of(product, book)
    return Asked(kind, product, portfolio, years or usual, seed, texts=said, options=options)
