"""The members of generated groups: how many a policy has, and what each of them is.

Every draw is named by (seed, variable, attempt, policy number, number in the policy). A member
outside of the bounds of its variables is drawn again alone; a policy that `accepts` refuses, whole.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.numbers.hashing import hash64
from rating.encode import readers
from rating.engines.collective.members import Members, joined
from sandbox.kernels.portfolio import member_uniforms, policy_uniforms
from sandbox.portfolio.draws import Mixed, Variable
from sandbox.portfolio.risks import Risks

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MOST_ATTEMPTS = 1_000
NAME = np.uint64(hash64("portfolio"))


def members(
    product: AssembledProduct,
    mixed: Mixed,
    seed: int,
    attempt: int,
    policies: Integers,
    drawn: Risks,
    redrawn: dict[str, int],
) -> Members | None:
    """Draw the members of some policies; None where no item may stand several times.

    policies  their numbers;  drawn: what is known of them
    redrawn   why members, or numbers of members, are drawn again: counted

    Raises BadInput for a member that is outside of its bounds for ever.
    """
    if drawn.members is None:
        return None
    found = [drawn.members]
    for place, item in enumerate(product.items):
        if item in mixed.numbers:
            sizes = _sizes(mixed.numbers[item], seed, attempt, policies, drawn, redrawn)
            variables = mixed.items[item][1]
            names = tuple(readers(product).item_names)
            found.append(
                _of_item(names, variables, place, sizes, seed, attempt, policies, drawn, redrawn)
            )
    return _side_by_side(found)


def _sizes(
    variable: Variable,
    seed: int,
    attempt: int,
    policies: Integers,
    drawn: Risks,
    redrawn: dict[str, int],
) -> Integers:
    """Draw how many members each policy has, again where that is not within bounds."""
    sizes = np.zeros(len(policies), dtype=np.int64)
    waiting = np.arange(len(policies))
    for again in range(MOST_ATTEMPTS):
        u = np.empty(waiting.size)
        word, number = np.uint64(seed), _attempt(attempt, again)
        policy_uniforms(word, NAME, variable.stream, number, policies[waiting], u)
        values = variable.draw(u, {name: column[waiting] for name, column in drawn.columns.items()})
        good = variable.reader.inside(values)
        sizes[waiting[good]] = values[good].astype(np.int64)
        waiting = waiting[~good]
        count(redrawn, f"the bounds of {variable.path}", waiting.size)
        if not waiting.size:
            return sizes
    raise _for_ever(variable)


def _of_item(  # noqa: PLR0913, PLR0917 - as of `members`
    names: Sequence[str],
    variables: Sequence[Variable],
    place: int,
    sizes: Integers,
    seed: int,
    attempt: int,
    policies: Integers,
    drawn: Risks,
    redrawn: dict[str, int],
) -> Members:
    """Draw what each member is."""
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    policy = np.repeat(np.arange(len(policies)), sizes)
    number = np.arange(policy.size) - offsets[policy]
    columns = {name: np.full(policy.size, np.nan) for name in names}
    waiting = np.arange(policy.size)
    for again in range(MOST_ATTEMPTS if waiting.size else 0):
        of = policy[waiting]
        known = {name: column[of] for name, column in drawn.columns.items()}
        good = np.ones(waiting.size, dtype=np.bool_)
        for variable in variables:
            u = np.empty(waiting.size)
            member_uniforms(
                np.uint64(seed),
                NAME,
                variable.stream,
                _attempt(attempt, again),
                policies[of],
                number[waiting],
                u,
            )
            values = variable.draw(u, known)
            known[variable.name] = columns[variable.name][waiting] = values
            reader = variable.reader
            inside = values >= 0.0 if reader.coded else reader.inside(values)
            count(redrawn, f"the bounds of {variable.path}", int((good & ~inside).sum()))
            good &= inside
        waiting = waiting[~good]
        if not waiting.size:
            break
    if waiting.size:
        raise _for_ever(variables[0])
    return Members(offsets, np.full(policy.size, place, dtype=np.int64), columns)


def _attempt(attempt: int, again: int) -> int:
    """Number the attempts at a member within the attempts at its policy."""
    return attempt * MOST_ATTEMPTS + again


def _for_ever(variable: Variable) -> BadInput:
    text = f"drawn {MOST_ATTEMPTS} times, and each time outside of its bounds"
    return BadInput.one(variable.reader.at, f"mix.{variable.path}", text)


def count(counts: dict[str, int], name: str, more: int) -> None:
    """Add to what is counted by name."""
    if more:
        counts[name] = counts.get(name, 0) + more


def _side_by_side(parts: Sequence[Members]) -> Members:
    """Put the items of the same policies into one, policy by policy."""
    policy = np.concatenate([part.policy for part in parts])
    rows = np.argsort(policy, kind="stable")
    offsets = np.searchsorted(policy[rows], np.arange(parts[0].offsets.size)).astype(np.int64)
    item = np.concatenate([part.item for part in parts])[rows]
    columns = {
        n: np.concatenate([part.columns[n] for part in parts])[rows] for n in parts[0].columns
    }
    return Members(offsets, item, columns)


def gathered(parts: Sequence[tuple[Integers, Members]]) -> Members | None:
    """Put members back in the order of their policies; parts: (numbers of policies, members)."""
    if not parts:
        return None
    order = np.argsort(np.concatenate([policies for policies, _ in parts]))
    return joined([one for _, one in parts]).where(order)
