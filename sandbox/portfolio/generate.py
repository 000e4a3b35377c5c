"""The product's own portfolio, drawn from `portfolio.yaml`.

Every draw is named by (seed, variable, attempt, policy number): adding a policy, a variable or an
attempt of another policy moves none.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput
from product_factory.numbers.hashing import hash64
from rating.domain import Domain
from rating.encode import readers
from sandbox.kernels.portfolio import policy_uniforms
from sandbox.portfolio.draws import Mixed, Variable, bind_mix
from sandbox.portfolio.groups import MOST_ATTEMPTS, count, gathered, members
from sandbox.portfolio.portfolio import Portfolio, priced
from sandbox.portfolio.risks import Risks, empty, grouped
from sandbox.portfolio.specification import Specification

if TYPE_CHECKING:
    from rating.engines.collective.members import Members

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def generate(
    product: AssembledProduct, policies: int | None = None, seed: int | None = None
) -> Portfolio:
    """Draw the portfolio of a product and price it.

    policies, seed  instead of those of the file

    Raises BadInput for a mix that does not fit the product, or that `accepts` refuses for ever.
    """
    given = product.files.get("portfolio")
    if given is None:
        at = At(product.shelf.label(product.folder / "portfolio.yaml"))
        raise BadInput.one(at, "", "expected this file, or a book, to simulate the product")
    specification: Specification = given
    size = policies or specification.policies
    word = specification.seed if seed is None else seed
    risks, redrawn = draw(product, specification, size, word)
    source = f"generated: {size} policies, seed {word}"
    return priced(product, grouped([risks], product), source, redrawn=redrawn, strict=True)


def draw(
    product: AssembledProduct, specification: Specification, policies: int, seed: int
) -> tuple[Risks, dict[str, int]]:
    """Draw policies one by one, and count what was refused by whom."""
    mixed = bind_mix(product, specification.mix, specification.place("mix"))
    domain = Domain.of(product)
    found = empty(readers(product), policies)
    waiting = np.arange(policies, dtype=np.int64)
    redrawn: dict[str, int] = {}
    held: list[tuple[Integers, Members]] = []
    for attempt in range(MOST_ATTEMPTS):
        drawn = _attempt(product, mixed, seed, attempt, waiting)
        drawn = replace(
            drawn, members=members(product, mixed, seed, attempt, waiting, drawn, redrawn)
        )
        refused = _refused(product, mixed, domain, drawn, redrawn)
        _settle(found, drawn, waiting, ~refused)
        if drawn.members is not None:
            held.append((waiting[~refused], drawn.members.where(~refused)))
        waiting = waiting[refused]
        if not waiting.size:
            return replace(found, members=gathered(held)), redrawn
    most = max(redrawn, key=lambda name: redrawn[name])
    text = f"policy {waiting[0] + 1} was refused {MOST_ATTEMPTS} times, most often by {most}"
    raise BadInput.one(specification.place("mix"), "mix", text)


def _attempt(
    product: AssembledProduct, mixed: Mixed, seed: int, attempt: int, policies: Integers
) -> Risks:
    """Draw every variable of some policies."""
    rows = empty(readers(product), len(policies))
    columns: dict[str, Floats] = dict(rows.columns)
    key = hash64("portfolio")

    def uniforms(stream: int) -> Floats:
        u = np.empty(len(policies))
        policy_uniforms(np.uint64(seed), np.uint64(key), stream, attempt, policies, u)
        return u

    for variable in mixed.policy:
        columns[variable.name] = variable.draw(uniforms(variable.stream), columns)
    for place, item in enumerate(product.items):
        if item not in mixed.items or item in mixed.numbers:
            continue
        presence, variables = mixed.items[item]
        here = uniforms(presence.stream) <= presence.share
        rows.present[:, place] = here
        known = dict(columns)
        for variable in variables:
            known[variable.name] = variable.draw(uniforms(variable.stream), known)
            rows.item_columns[variable.name][:, place] = np.where(
                here, known[variable.name], np.nan
            )
    return Risks(rows.policies, columns, rows.item_columns, rows.present, members=rows.members)


def _refused(
    product: AssembledProduct,
    mixed: Mixed,
    domain: Domain,
    drawn: Risks,
    redrawn: dict[str, int],
) -> npt.NDArray[np.bool_]:
    """Tell which rows are refused, each counted under the first that refuses it."""
    refused = np.zeros(drawn.size, dtype=np.bool_)
    columns, offsets = drawn.rated_columns(len(product.items))
    lines = domain.refused(columns, offsets)
    once = [group for item, (_, group) in mixed.items.items() if item not in mixed.numbers]
    for variable in (*mixed.policy, *(variable for group in once for variable in group)):
        outside = _outside(product, variable, drawn) & ~refused
        count(redrawn, f"the bounds of {variable.path}", int(outside.sum()))
        refused |= outside
    for place, line in enumerate(domain.lines):
        stopped = (lines == place) & ~refused
        count(redrawn, line.name, int(stopped.sum()))
        refused |= stopped
    return refused


def _outside(product: AssembledProduct, variable: Variable, drawn: Risks) -> npt.NDArray[np.bool_]:
    reader = variable.reader
    if variable.item:
        place = list(product.items).index(variable.item)
        values, here = drawn.item_columns[variable.name][:, place], drawn.present[:, place] == 1
    else:
        values, here = drawn.columns[variable.name], np.ones(drawn.size, dtype=np.bool_)
    good = values >= 0.0 if reader.coded else reader.inside(values)
    return np.asarray(here & ~good, dtype=np.bool_)


def _settle(
    found: Risks, drawn: Risks, policies: Integers, accepted: npt.NDArray[np.bool_]
) -> None:
    """Write the accepted rows to their policies."""
    where = policies[accepted]
    _write(found.columns, drawn.columns, where, accepted)
    _write(found.item_columns, drawn.item_columns, where, accepted)
    found.present[where] = drawn.present[accepted]


def _write(
    into: Mapping[str, Floats],
    given: Mapping[str, Floats],
    where: Integers,
    accepted: npt.NDArray[np.bool_],
) -> None:
    for name, column in into.items():
        column[where] = given[name][accepted]
