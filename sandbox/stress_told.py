"""Stress tests told to a person or a program."""

from collections.abc import Mapping, Sequence

from product_factory.columns import padded, wrapped
from sandbox.figures import FIGURES
from sandbox.figures.standard import level_of
from sandbox.measures.told import doubts, mark, measured_told, within
from sandbox.results.csv_table import csv_bytes
from sandbox.results.plots import Language
from sandbox.stress import Stressed

COLUMNS = (
    "scenario",
    "figure",
    "measure",
    "side",
    "base",
    "base_error",
    "shocked",
    "shocked_error",
    "difference",
    "error",
    "low",
    "high",
    "trusted",
)
WORDS: Mapping[str, Mapping[str, str]] = {
    "gross": {"zh": "再保前", "en": "gross"},
    "net": {"zh": "再保后", "en": "net"},
    "bought": {"zh": "换来", "en": "bought"},
    "change": {"zh": "变动", "en": "change"},
    "none": {
        "zh": "没有适用于该产品的情景",
        "en": "no scenario of the shelf fits this product",
    },
    "says": {
        "zh": "换来：再保后减再保前，即再保险换来什么；逐行配对，有其自身的误差",
        "en": "bought: net less gross, what reinsurance buys, with an error of paired rows",
    },
    "costless": {
        "zh": "未写明保费、因而不计成本：{names}",
        "en": "without a premium, so at no cost: {names}",
    },
    "gross_only": {
        "zh": "{names}：只有再保前金额，因为按年结算的合同不区分单次事故",
        "en": "{names}: gross only, since contracts that are settled by year tell no events apart",
    },
    "gross_only_ratio": {
        "zh": "{names}：只有再保前数值，因为有的行保费全部分出",
        "en": "{names}: gross only, since all premium of some row goes to reinsurers",
    },
    "unshocked": {
        "zh": "{scenario}：不改变 {names}",
        "en": "{scenario}: changes nothing of {names}",
    },
}


def stress_told(rows: Sequence[Stressed]) -> list[dict[str, object]]:
    """Give a stress test as plain values for JSON."""
    return [
        {
            "scenario": row.scenario,
            "figure": row.figure,
            "measure": row.measure.kind,
            "side": row.side,
            "base": measured_told(row.base),
            "shocked": measured_told(row.shocked),
            "difference": measured_told(row.difference),
        }
        for row in rows
    ]


def stress_csv(rows: Sequence[Stressed]) -> bytes:
    """Give a row for each measure of each scenario, the difference with its own error."""
    return csv_bytes(COLUMNS, (_row(row) for row in rows))


def _row(row: Stressed) -> list[object]:
    base, after, moved = row.base, row.shocked, row.difference
    found = [base.value, base.error, after.value, after.error]
    found += [moved.value, moved.error, moved.low, moved.high]
    named = [row.scenario, row.figure, measure_of(row), row.side]
    return [*named, *found, "yes" if moved.trusted else "no"]


def stress_lines(
    rows: Sequence[Stressed],
    language: Language = "en",
    *,
    costless: Sequence[str] = (),
    unshocked: Mapping[str, Sequence[str]] | None = None,
) -> list[str]:
    """Give a stress test as lines: as it is, as it becomes, the difference with its own error.

    costless   contracts that state no premium
    unshocked  scenario → products that it changes nothing of
    """
    says = {key: texts[language] for key, texts in WORDS.items()}
    if not rows:
        return [says["none"]]
    found: list[str] = []
    sides = any(row.side != "gross" for row in rows)
    for row in rows:
        if row.side == "gross":
            found.append(f"{row.scenario}: {row.figure} {measure_of(row)}")
        head = f"    {row.base.value:>16,.4f}"
        if sides:
            label = says[row.side]
            head = f"  {padded(label, 6)} {row.base.value:>15,.4f}"
        error = within(row.difference.error, 3, language)
        moved = f"{says['change']} {row.difference.value:,.4f} {error}{mark(row.difference)}"
        found.append(f"{head} -> {row.shocked.value:,.4f}   {moved}")
    for scenario, names in (unshocked or {}).items():
        if names:
            found += wrapped(says["unshocked"].format(scenario=scenario, names=", ".join(names)))
    if sides:
        found += wrapped(says["says"])
        for key, names in _gross_only(rows).items():
            found += wrapped(says[key].format(names=", ".join(names)), head="  ")
        if costless:
            found += wrapped(says["costless"].format(names=", ".join(costless)), head="  ")
    return found + doubts((row.difference.why for row in rows), language)


def _gross_only(rows: Sequence[Stressed]) -> dict[str, list[str]]:
    """Give why figures have no net row → the names of these figures."""
    known = {(row.scenario, row.figure) for row in rows if row.side == "net"}
    found: dict[str, list[str]] = {}
    for row in rows:
        if (row.scenario, row.figure) in known:
            continue
        ratio = FIGURES[row.figure].unit == "ratio"
        names = found.setdefault("gross_only_ratio" if ratio else "gross_only", [])
        names += [row.figure] if row.figure not in names else []
    return found


def measure_of(row: Stressed) -> str:
    """Name a measure with its level."""
    return f"{row.measure.kind}{level_of(row.measure)}"


__all__ = ["stress_csv", "stress_lines", "stress_told"]
