"""Two lives on the grid: the yearly rate of each, and what it makes of their states.

The rate of a life is of its death from whatever cause, whether or not the other lives. A shock of
which both die is a part of both rates, so that it moves no survival function of one life: the
common shock model (Bowers et al., Actuarial Mathematics, 2nd edition, section 9.6).
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import BadInput
from product_factory.expressions.tree import Expression
from product_factory.process import SHOCK, Process
from product_factory.risk import ModelSpec, RiskCases, Shares
from product_factory.scopes import life_scope, rate_scope
from product_factory.types import Type
from rating.engines.multistate.grid import Grid
from rating.engines.multistate.joint_lives import deaths

Floats = npt.NDArray[np.float64]
RATIO = Type("ratio")
ROUNDING = 1e-14
"""Below it a shock that is read back from rates is none."""
BOTH = 0
"""The place of the state in which both lives are alive; then the first alone, the second alone."""


def processes(product: AssembledProduct) -> dict[str, Process]:
    """Give the processes of two lives by alias."""
    return {alias: one for alias, one in product.processes.items() if one.kind == "lives"}


def names(product: AssembledProduct) -> frozenset[str]:
    """Name what a basis rates in processes of lives, as `process.life`."""
    return frozenset(
        f"{alias}.{name}"
        for alias, process in processes(product).items()
        for name in (*process.rated, *process.may_rate)
    )


def lives(product: AssembledProduct) -> tuple[str, ...]:
    """Name the lives, as `process.life`."""
    return tuple(
        f"{alias}.{life}" for alias, process in processes(product).items() for life in process.lives
    )


def living(process: Process, place: int) -> tuple[str, ...]:
    """Name the lives that are alive in a state, by its place."""
    return tuple(process.lives) if place == BOTH else (tuple(process.lives)[place - 1],)


def rates(
    product: AssembledProduct,
    basis: AssembledBasis,
    grid: Grid,
    alias: str,
    place: int,
    known: Mapping[str, float],
) -> dict[str, Floats]:
    """Evaluate the rates of the lives that are alive in a state: `process.life` → [cell, year]."""
    process = product.processes[alias]
    found = {}
    for life in living(process, place):
        own = grid.of_life(product.product.lives.get(life, {}), life)
        risk = _rate(basis, alias, life)
        scope = life_scope(product, alias, life)
        found[f"{alias}.{life}"] = own.value(risk, scope, RATIO, known)
    if place == BOTH and SHOCK in basis.risk[alias]:
        risk = _rate(basis, alias, SHOCK)
        found[f"{alias}.{SHOCK}"] = grid.value(risk, rate_scope(product, alias), RATIO, known)
    return found


def _rate(basis: AssembledBasis, alias: str, name: str) -> Expression:
    risk = basis.risk[alias][name]
    if isinstance(risk, ModelSpec | Shares | RiskCases):
        path = f"{basis.name}.risk.{alias}.{name}"
        raise BadInput.one(risk.at, path, "expected a yearly rate")
    return risk


def lasting(
    product: AssembledProduct, held: Mapping[str, Floats], ends: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Let a life that has died stay so: 1 after a certain death, and after its table's end.

    held  name → [cell, year];  ends: life → [cell] years of its table, where the contract waits
    """
    found = dict(held)
    for name in lives(product):
        if name in held:
            died = np.cumsum(np.nan_to_num(held[name]) >= 1.0, axis=1) > 0
            if name in ends:
                died |= np.arange(died.shape[1])[None, :] >= ends[name][:, None]
            found[name] = np.where(died, 1.0, held[name])
    return found


def closed(
    stepped: Mapping[str, Floats], ends: Mapping[str, Floats], per_year: int
) -> dict[str, Floats]:
    """Let each life die in the last step that its table knows: name → [cell, step]."""
    found = dict(stepped)
    for name, years in ends.items():
        if name in found:
            last = years[:, None] * per_year - 1
            found[name] = np.where(np.arange(found[name].shape[1]) >= last, 1.0, found[name])
    return found


def check(
    product: AssembledProduct, basis: AssembledBasis, grid: Grid, held: Mapping[str, Floats]
) -> None:
    """Refuse a shock of which more die than die of all causes; the message names the cell."""
    for alias, process in processes(product).items():
        shock = held.get(f"{alias}.{SHOCK}")
        if shock is None:
            continue
        year = np.arange(grid.steps) // grid.per_year
        within = year[None, :] < grid.term[:, None]
        for life in process.lives:
            bad = within & (shock > held[f"{alias}.{life}"])
            if bad.any():
                cell, step = np.argwhere(bad)[0]
                got = f"{shock[cell, step]:.6g} above {held[f'{alias}.{life}'][cell, step]:.6g}"
                where = f"{grid.cells.shown(product, int(cell))}, policy year {year[step] + 1}"
                text = f"expected a part of the rate of '{life}', got {got} at {where}"
                at = getattr(basis.risk[alias][SHOCK], "at", basis.at)
                raise BadInput.one(at, f"{basis.name}.risk.{alias}.{SHOCK}", text)


def together(
    product: AssembledProduct, places: Mapping[str, int], stepped: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Turn the rates of lives into those of the events of their state, and keep all others.

    places   process → the place of its state;  stepped: name → [cell, step]
    """
    found = {name: rate for name, rate in stepped.items() if name not in names(product)}
    for alias, process in processes(product).items():
        place = places[alias]
        chances = tuple(_chances(alias, process, place, stepped))
        for name, chance in zip(_events(process, place), chances, strict=True):
            found[f"{alias}.{name}"] = chance
    return found


def _chances(
    alias: str, process: Process, place: int, stepped: Mapping[str, Floats]
) -> Iterator[Floats]:
    mine = [stepped[f"{alias}.{life}"] for life in living(process, place)]
    if place != BOTH:
        yield from mine
        return
    first, second = mine
    yield from deaths(first, second, stepped.get(f"{alias}.{SHOCK}", np.zeros_like(first)))


def _events(process: Process, place: int) -> Iterator[str]:
    """Name the events of a state: of the first life, the second, both; of the one that is left."""
    state = tuple(process.states)[place]
    lives = tuple(process.lives)
    wanted = [(lives[0],), (lives[1],), lives] if place == BOTH else [(lives[place - 1],)]
    for of in wanted:
        yield next(
            name
            for name, event in process.events.items()
            if state in event.leaves and set(event.of) == set(of)
        )


def apart(product: AssembledProduct, given: Mapping[str, Floats]) -> dict[str, Floats]:
    """Turn the rates of a state's events back into those of its lives: `together` undone.

    An event of one life stands under its name still, for the rate of that life; that of both for
    the shock.
    """
    found = dict(given)
    for alias, process in processes(product).items():
        place = _place(alias, process, given)
        if place != BOTH:
            continue
        one, other, both = (f"{alias}.{name}" for name in _events(process, BOTH))
        first, second = given[one] + given[both], given[other] + given[both]
        alive = 1.0 - (given[one] + given[other] + given[both])
        shock = np.zeros_like(first)
        some = alive > 0.0
        shock[some] = 1.0 - (1.0 - first[some]) * (1.0 - second[some]) / alive[some]
        shock[shock < ROUNDING] = 0.0
        found |= {one: first, other: second, both: np.minimum(shock, np.minimum(first, second))}
    return found


def joined(product: AssembledProduct, moved: Mapping[str, Floats]) -> dict[str, Floats]:
    """Turn the rates of lives under their events' names, as `apart` gives them, into theirs."""
    found = dict(moved)
    for alias, process in processes(product).items():
        if _place(alias, process, moved) != BOTH:
            continue
        one, other, both = (f"{alias}.{name}" for name in _events(process, BOTH))
        shock = np.minimum(moved[both], np.minimum(moved[one], moved[other]))
        chances = deaths(moved[one], moved[other], shock)
        found |= dict(zip((one, other, both), chances, strict=True))
    return found


def _place(alias: str, process: Process, given: Mapping[str, Floats]) -> int:
    """Tell from the events that can happen which state they are of."""
    return next(
        place
        for place in range(len(process.states))
        if all(f"{alias}.{name}" in given for name in _events(process, place))
    )
