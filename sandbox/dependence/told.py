"""What a dependence did to a run, told to a person or a program."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.stats import kendalltau

from product_factory.errors import both
from product_factory.json_text import json_text
from sandbox.dependence.bind import BoundDependence, BoundReordering
from sandbox.dependence.copulas import Copula
from sandbox.dependence.diversification import LEVEL, Diversification
from sandbox.loss_table import LossTable
from sandbox.measures.told import doubts, mark, measured_told, within

Floats = npt.NDArray[np.float64]
DECIMALS = 6
"""Of what scipy computes, whose last bits depend on the machine."""


def dependence_files(
    bound: BoundDependence, table: LossTable, found: Diversification
) -> dict[str, bytes]:
    """Give the data files of a dependence: what was asked, and what came of it."""
    text = json_text(told(bound, table, found))
    return {"dependence.yaml": bound.file.text, "dependence.json": f"{text}\n".encode()}


def told(bound: BoundDependence, table: LossTable, found: Diversification) -> dict[str, object]:
    """Give what a dependence says and did as plain values."""
    says = bound.file.says
    return {
        "dependence": says.dependence,
        "title": says.title.model_dump(),
        "shared": {
            one.factor.factor: {
                **_copula_told(one.factor.lines, one.copula),
                "kind": one.factor.multiplier.model_dump()["kind"],
                "deviation": [
                    round(one.factor.multiplier.deviation(line), DECIMALS)
                    for line in range(len(one.factor.lines))
                ],
                "lasts": one.factor.lasts,
            }
            for one in bound.factors
        },
        "reordered": {
            one.reordering.reordering: {
                **_copula_told(one.reordering.lines, one.copula),
                "tau_of_results": _rows(results_tau(one, table)),
            }
            for one in bound.reordered
        },
        "diversification": diversification_told(found),
    }


def _copula_told(lines: tuple[str, ...], copula: Copula) -> dict[str, object]:
    found: dict[str, object] = {
        "lines": list(lines),
        "copula": copula.yaml(),
        "tau": _rows(copula.tau()),
        "lower_tail": _rows(copula.lower()),
        "upper_tail": _rows(copula.upper()),
    }
    if copula.change > 0.0:
        found["repaired"] = {"largest_change": round(copula.change, DECIMALS)}
    return found


def _rows(matrix: Floats) -> list[list[float]]:
    return [[round(float(value), DECIMALS) for value in row] for row in matrix]


def results_tau(one: BoundReordering, table: LossTable) -> Floats:
    """Give Kendall's tau of the yearly results of each pair; 0 where one is constant."""
    size = len(one.covers)
    columns = [table.paid[:, table.columns.index(name)] for name in one.covers]
    found = np.eye(size)
    for i in range(size):
        for j in range(i):
            tau = float(kendalltau(columns[i], columns[j]).statistic)
            found[i, j] = found[j, i] = 0.0 if math.isnan(tau) else tau
    return found


def diversification_told(found: Diversification) -> dict[str, object]:
    """Give the diversification as plain values."""
    return {
        "measure": f"tail_value_at_risk {LEVEL * 100:g}%",
        "alone": {name: measured_told(one) for name, one in found.alone.items()},
        "total": measured_told(found.total),
        "joint": measured_told(found.joint),
        "benefit": measured_told(found.benefit),
    }


def lines(bound: BoundDependence, found: Diversification) -> Iterator[str]:
    """Tell what a dependence did, within 80 columns."""
    yield f"dependence: {bound.file.says.dependence}"
    for one in bound.factors:
        yield f"  {one.factor.factor}: frequencies of {len(one.factor.lines)} lines share a factor"
        if not one.events:
            yield "    all of them of other products"
        if one.factor.lasts > 1:
            yield f"    the same for {one.factor.lasts} years in a row: errors above take years as"
            yield "    independent, and are too small"
        yield from _copula_lines(one.copula)
    for each in bound.reordered:
        yield f"  {each.reordering.reordering}: results of {both(each.covers)} reordered"
        yield from _copula_lines(each.copula)
    yield from diversification_lines(found)


def _copula_lines(copula: Copula) -> Iterator[str]:
    pairs = [(i, j) for i in range(copula.size) for j in range(i)]
    if pairs:
        said = [
            _range(name, [float(matrix[pair]) for pair in pairs])
            for name, matrix in (
                ("tau", copula.tau()),
                ("lower tail", copula.lower()),
                ("upper tail", copula.upper()),
            )
        ]
        yield f"    {copula.KIND}: {', '.join(said)}"
    if copula.change > 0.0:
        yield f"    matrix repaired: no entry moved by more than {copula.change:.4f}"


def _range(name: str, values: list[float]) -> str:
    low, high = min(values), max(values)
    return f"{name} {low:.3f}" if low == high else f"{name} {low:.3f} to {high:.3f}"


def diversification_lines(found: Diversification) -> Iterator[str]:
    """Tell tail values at risk alone and together."""
    yield f"of {LEVEL * 100:g}% tail value at risk, each line alone and all together:"
    rows = {**found.alone, "sum of them": found.total, "all together": found.joint}
    for name, one in rows.items():
        yield f"  {name:<38} {one.value:>18,.4f} {within(one.error, 4)}{mark(one)}"
    part, error = found.benefit.value * 100, found.benefit.error * 100
    yield f"  {'diversification':<38} {part:>17,.3f}% {within(error, 4)}{mark(found.benefit)}"
    yield from doubts(one.why for one in (*found.alone.values(), found.joint))
