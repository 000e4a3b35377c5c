"""A factor of a model: its grid of points, its columns, and where each policy stands on it.

The logarithm of a relativity is `basis @ coefficients` at each point of the grid. A policy between
two points (of knots and curves) has the value on the line between theirs, which is what a table
with a log_linear key gives: so what is fitted is what is filed.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from product_factory.errors import BadInput, nearest, one_of
from rating.relativities.data import Policies
from rating.relativities.specification import MOST_POINTS, Factor, Model, Relativities

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Term:
    """A factor.

    words   its variables: one, or two of an interaction
    keys    how the product names them
    labels  key → the points of the grid along it, as written in a table
    how     key → how a table finds its row: exact, step or log_linear
    basis   [point, column], a row of zeros at the base; points of two keys in C order
    signs   [column] the least (0) or most (0) that a coefficient may be: +1, -1, or 0 for free
    left    [policy] the point at or below it;  share: [policy] the way to the next point, or None
    """

    words: tuple[str, ...]
    keys: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    how: tuple[str, ...]
    basis: Floats
    signs: Codes
    left: Codes
    share: Floats | None
    base: int

    @property
    def name(self) -> str:
        """The name that its table and its steps carry."""
        return "_".join(self.words)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of points along each key."""
        return tuple(map(len, self.labels))

    @property
    def grouped(self) -> bool:
        """Whether each point has at most one column, of 1: levels and bands."""
        rows = np.abs(self.basis).sum(axis=1)
        return self.share is None and bool(
            np.isin(self.basis, (0.0, 1.0)).all() and (rows <= 1).all()
        )

    def at(self, values: Floats) -> Floats:
        """Give each policy its value of [point]."""
        if self.share is None:
            return values[self.left]
        right = np.minimum(self.left + 1, values.size - 1)
        return values[self.left] * (1.0 - self.share) + values[right] * self.share

    def total(self, weights: Floats) -> Floats:
        """Share weights of [policy] out over the points."""
        points = self.basis.shape[0]
        low = weights if self.share is None else weights * (1.0 - self.share)
        found = np.bincount(self.left, weights=low, minlength=points).astype(np.float64)
        if self.share is not None:
            right = np.minimum(self.left + 1, points - 1)
            found += np.bincount(right, weights=weights * self.share, minlength=points)
        return found


def terms_of(spec: Relativities, name: str, policies: Policies) -> tuple[Term, ...]:
    """Give the factors of a model in the order of the file, interactions last."""
    model = spec.models[name]
    found = {word: _main(spec, word, policies) for word in spec.used(name)}
    pairs = [_pair(spec, model, pair, policies) for pair in model.interactions]
    return (*found.values(), *pairs)


def _main(spec: Relativities, name: str, policies: Policies) -> Term:
    variable = spec.variables[name]
    if not variable.numeric:
        return _levels(spec, name, variable, policies)
    values = policies.numbers[name]
    if variable.bands is not None:
        return _bands(spec, name, variable, variable.bands, policies)
    knots = np.array(variable.knots or (variable.curve.knots if variable.curve else ()))
    grid = knots if variable.curve is None else _steps(variable, knots)
    left = np.clip(np.searchsorted(grid, values, side="right") - 1, 0, grid.size - 2)
    base = _base_number(variable, grid, policies.exposure * policies.weight, left)
    basis = _ramps(grid) if variable.curve is None else _natural(knots, grid)
    return Term(
        words=(name,),
        keys=(spec.key(name),),
        labels=(tuple(f"{point:.12g}" for point in grid),),
        how=("log_linear",),
        basis=basis - basis[base],
        signs=_signs(variable, grid, basis.shape[1]),
        left=left.astype(np.int64),
        share=(values - grid[left]) / (grid[left + 1] - grid[left]),
        base=base,
    )


def _levels(spec: Relativities, name: str, variable: Factor, policies: Policies) -> Term:
    levels, codes = policies.levels[name], policies.codes[name]
    group = {level: number for number, level in enumerate(levels)}
    for joined in variable.join.values():
        for level in joined:
            if level not in levels:
                text = f"expected {one_of(levels)}, got {level}{nearest(level, levels)}"
                raise BadInput.one(variable.place("join"), f"variables.{name}.join", text)
            group[level] = group[joined[0]]
    weights = np.bincount(codes, policies.exposure * policies.weight, len(levels))
    if variable.base is not None and variable.base not in levels:
        text = f"expected {one_of(levels)}, got {variable.base}{nearest(variable.base, levels)}"
        raise BadInput.one(variable.place("base"), f"variables.{name}.base", text)
    largest = levels[int(np.argmax(weights))]
    base = levels.index(variable.base or largest)
    groups = [group[level] for level in levels]
    return Term(
        words=(name,),
        keys=(spec.key(name),),
        labels=(levels,),
        how=("exact",),
        basis=_indicators(groups, groups[base]),
        signs=np.zeros(len(set(groups)) - 1, dtype=np.int64),
        left=codes,
        share=None,
        base=base,
    )


def _indicators(groups: list[int], base: int) -> Floats:
    others = [one for one in dict.fromkeys(groups) if one != base]
    return np.array([[float(group == one) for one in others] for group in groups]).reshape(
        len(groups), len(others)
    )


def _bands(
    spec: Relativities, name: str, variable: Factor, starts: tuple[float, ...], policies: Policies
) -> Term:
    grid = np.array(starts)
    codes = (np.searchsorted(grid, policies.numbers[name], side="right") - 1).astype(np.int64)
    base = _base_number(variable, grid, policies.exposure * policies.weight, codes)
    if variable.monotone is None:
        basis = _indicators(list(range(grid.size)), base)
    else:
        ramps = _ramps(grid)
        basis = ramps - ramps[base]
    return Term(
        words=(name,),
        keys=(spec.key(name),),
        labels=(tuple(f"{point:.12g}" for point in grid),),
        how=("step",),
        basis=basis,
        signs=_signs(variable, grid, basis.shape[1]),
        left=codes,
        share=None,
        base=base,
    )


def _ramps(grid: Floats) -> Floats:
    """Column k rises from 0 to 1 between points k and k + 1: its coefficient is that increase."""
    return np.tri(grid.size, grid.size - 1, k=-1)


def _natural(knots: Floats, grid: Floats) -> Floats:
    """Cardinal natural cubic splines of all knots but one: 1 at their own, 0 at the others."""
    splines = CubicSpline(knots, np.eye(knots.size), bc_type="natural")
    values: Floats = np.asarray(splines(grid), dtype=np.float64)
    # they add up to 1 everywhere, which is the intercept's
    return values[:, 1:]


def _steps(variable: Factor, knots: Floats) -> Floats:
    curve = variable.curve
    assert curve is not None  # noqa: S101 - asked by the caller
    count = (knots[-1] - knots[0]) / curve.step if curve.step > 0.0 else np.inf
    if not (count <= MOST_POINTS and abs(count - round(count)) < 1e-9):  # noqa: PLR2004 - rounding of the division
        text = (
            f"expected a step that divides {knots[0]:g} to {knots[-1]:g} into at most "
            f"{MOST_POINTS} whole steps, got {curve.step:g}"
        )
        raise BadInput.one(curve.place("step"), "curve.step", text)
    grid: Floats = knots[0] + curve.step * np.arange(round(count) + 1)
    return grid


def _base_number(variable: Factor, grid: Floats, weights: Floats, left: Codes) -> int:
    """Give the place of the stated base, or of the point with the most weight from it on."""
    if variable.base is None:
        return int(np.argmax(np.bincount(left, weights, grid.size)))
    words = [f"{point:.12g}" for point in grid]
    if variable.base not in words:
        text = f"expected one of the {grid.size} points of the grid, got {variable.base}"
        hint = nearest(variable.base, words)
        raise BadInput.one(variable.place("base"), "base", f"{text}{hint}")
    return words.index(variable.base)


def _signs(variable: Factor, grid: Floats, columns: int) -> Codes:
    if variable.monotone is None:
        return np.zeros(columns, dtype=np.int64)
    sign = 1 if variable.monotone == "rising" else -1
    low, high = variable.within or (-np.inf, np.inf)
    held = (grid[:-1] >= low) & (grid[1:] <= high)
    return np.where(held, sign, 0)


def _pair(spec: Relativities, model: Model, pair: tuple[str, ...], policies: Policies) -> Term:
    """Make the interaction of two factors: a cell of its own away from both bases.

    A cell without exposure has no column, so that its relativity is 1.
    """
    first, second = (_main(spec, word, policies) for word in pair)
    rows, columns = first.basis.shape[0], second.basis.shape[0]
    left = first.left * columns + second.left
    weights = np.bincount(left, policies.exposure, rows * columns).reshape(rows, columns)
    ones, others = _classes(first)[:, None], _classes(second)
    groups = np.where((ones > 0) & (others > 0), ones * (columns + 2) + others, 0).ravel()
    seen = np.bincount(groups, weights.ravel()) > 0.0
    groups = np.where(seen[groups], groups, 0)
    if not groups.any():
        text = f"the interaction of {pair[0]} and {pair[1]} has no cell away from both bases"
        raise BadInput.one(model.place("interactions"), "interactions", text)
    return Term(
        words=pair,
        keys=(*first.keys, *second.keys),
        labels=(*first.labels, *second.labels),
        how=(*first.how, *second.how),
        basis=_indicators(groups.tolist(), 0),
        signs=np.zeros(len(set(groups.tolist())) - 1, dtype=np.int64),
        left=left,
        share=None,
        base=first.base * columns + second.base,
    )


def _classes(term: Term) -> Codes:
    """Number the points by what sets them apart from the base, which is 0."""
    _, found = np.unique(
        np.vstack([term.basis[term.base], term.basis]), axis=0, return_inverse=True
    )
    found = found.ravel()
    renamed = np.where(found == found[0], 0, found + 1)
    return renamed[1:].astype(np.int64)


def lacking(term: Term, claims: Floats) -> tuple[str, ...]:
    """Name the classes of a factor of levels or bands that have no claim among the policies."""
    if not term.grouped:
        return ()
    sums = term.total(claims)
    classes = np.column_stack([term.basis.sum(axis=1) == 0.0, term.basis])
    points = [int(np.argmax(column)) for column in classes.T if not column @ sums > 0.0]
    return tuple(label(term, point) for point in points)


def label(term: Term, point: int) -> str:
    """Name a point of a factor by its keys."""
    places = np.unravel_index(point, term.sizes)
    words = (names[int(place)] for names, place in zip(term.labels, places, strict=True))
    return ", ".join(f"{key} {word}" for key, word in zip(term.keys, words, strict=True))
