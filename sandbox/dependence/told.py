"""What a dependence did to a run, told to a person or a program."""

import math
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
from scipy.stats import kendalltau

from product_factory.columns import padded, wrapped
from product_factory.errors import both
from product_factory.json_text import json_text
from sandbox.dependence.bind import BoundDependence, BoundReordering
from sandbox.dependence.copulas import Copula
from sandbox.dependence.diversification import LEVEL, Diversification
from sandbox.loss_table import LossTable
from sandbox.measures.told import doubts, mark, measured_told, within
from sandbox.measures.words import Tongue

Floats = npt.NDArray[np.float64]
DECIMALS = 6
"""Of what scipy computes, whose last bits depend on the machine."""

WORDS: Mapping[str, Mapping[Tongue, str]] = {
    "dependence": {"zh": "相依：{name}", "en": "dependence: {name}"},
    "shared": {
        "zh": "  {name}：{lines} 条线的频率共有一个因子",
        "en": "  {name}: frequencies of {lines} lines share a factor",
    },
    "others": {
        "zh": "    全部属于其他产品",
        "en": "    all of them of other products",
    },
    "lasts": {
        "zh": "连续 {years} 年相同：以上误差视各年为独立，因而偏小",
        "en": "the same for {years} years in a row: errors above take years as independent, and "
        "are too small",
    },
    "reordered": {
        "zh": "  {name}：{covers} 的结果重新排序",
        "en": "  {name}: results of {covers} reordered",
    },
    "tau": {"zh": "tau", "en": "tau"},
    "lower": {"zh": "下尾相依", "en": "lower tail"},
    "upper": {"zh": "上尾相依", "en": "upper tail"},
    "to": {"zh": "至", "en": "to"},
    "repaired": {
        "zh": "    矩阵已修正：各元素变动不超过 {change:.4f}",
        "en": "    matrix repaired: no entry moved by more than {change:.4f}",
    },
    "tails": {
        "zh": "{level:g}% 尾部风险价值，各自与合计：",
        "en": "of {level:g}% tail value at risk, each line alone and all together:",
    },
    "sum": {"zh": "各自之和", "en": "sum of them"},
    "together": {"zh": "合并", "en": "all together"},
    "benefit": {"zh": "分散效应", "en": "diversification"},
}


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


def lines(bound: BoundDependence, found: Diversification, language: Tongue = "en") -> Iterator[str]:
    """Tell what a dependence did, within 80 columns."""
    says = {key: texts[language] for key, texts in WORDS.items()}
    yield says["dependence"].format(name=bound.file.says.dependence)
    for one in bound.factors:
        yield says["shared"].format(name=one.factor.factor, lines=len(one.factor.lines))
        if not one.events:
            yield says["others"]
        if one.factor.lasts > 1:
            yield from wrapped(says["lasts"].format(years=one.factor.lasts), head="    ")
        yield from _copula_lines(one.copula, says)
    for each in bound.reordered:
        covers = both(each.covers) if language == "en" else "、".join(each.covers)
        yield says["reordered"].format(name=each.reordering.reordering, covers=covers)
        yield from _copula_lines(each.copula, says)
    yield from diversification_lines(found, language)


def _copula_lines(copula: Copula, says: Mapping[str, str]) -> Iterator[str]:
    pairs = [(i, j) for i in range(copula.size) for j in range(i)]
    if pairs:
        said = [
            _range(says[name], [float(matrix[pair]) for pair in pairs], says)
            for name, matrix in (
                ("tau", copula.tau()),
                ("lower", copula.lower()),
                ("upper", copula.upper()),
            )
        ]
        yield f"    {copula.KIND}: {', '.join(said)}"
    if copula.change > 0.0:
        yield says["repaired"].format(change=copula.change)


def _range(name: str, values: list[float], says: Mapping[str, str]) -> str:
    low, high = min(values), max(values)
    return f"{name} {low:.3f}" if low == high else f"{name} {low:.3f} {says['to']} {high:.3f}"


def diversification_lines(found: Diversification, language: Tongue = "en") -> Iterator[str]:
    """Tell tail values at risk alone and together."""
    says = {key: texts[language] for key, texts in WORDS.items()}
    yield says["tails"].format(level=LEVEL * 100)
    rows = {**found.alone, says["sum"]: found.total, says["together"]: found.joint}
    for name, one in rows.items():
        error = f"{within(one.error, 4, language)}{mark(one)}"
        yield f"  {padded(name, 38)} {one.value:>18,.4f} {error}"
    part, error = found.benefit.value * 100, within(found.benefit.error * 100, 4, language)
    yield f"  {padded(says['benefit'], 38)} {part:>17,.3f}% {error}{mark(found.benefit)}"
    yield from doubts((one.why for one in (*found.alone.values(), found.joint)), language)
