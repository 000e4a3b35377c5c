"""Further sections of the report of a simulation, which take runs of their own."""

import math
from collections.abc import Mapping, Sequence

from sandbox.adequacy.judge import Adequacy
from sandbox.adequacy.segments import Segment
from sandbox.adequacy.words import verdict_words
from sandbox.figures import FIGURES
from sandbox.figures.standard import level_of
from sandbox.results.html_page import Page
from sandbox.results.plots import Language
from sandbox.results.run_page import Section
from sandbox.results.run_tables import Shown
from sandbox.results.run_words import FIGURES as FIGURE_WORDS
from sandbox.results.run_words import MEASURES
from sandbox.results.run_words import WORDS as RUN_WORDS
from sandbox.stress import Stressed

WORDS: Mapping[str, Mapping[str, str]] = {
    "scenarios": {"zh": "情景", "en": "Scenarios"},
    "scenarios_say": {
        "zh": "各情景与基准使用相同的随机数，变动有其自身的误差。",
        "en": "Each on the same random numbers as the run, so that a change has an error of its "
        "own.",
    },
    "unfit": {
        "zh": "没有适用于该产品的情景。",
        "en": "No scenario of the shelf fits this product.",
    },
    "scenario": {"zh": "情景", "en": "scenario"},
    "figure": {"zh": "指标", "en": "figure"},
    "side": {"zh": "再保险", "en": "reinsurance"},
    "gross": {"zh": "再保前", "en": "gross"},
    "net": {"zh": "再保后", "en": "net"},
    "bought": {"zh": "换来", "en": "bought"},
    "bought_say": {
        "zh": "换来：再保后减再保前，即再保险换来什么。",
        "en": "Bought is net less gross: what reinsurance buys.",
    },
    "before": {"zh": "基准", "en": "as it is"},
    "after": {"zh": "情景下", "en": "under it"},
    "change": {"zh": "变动", "en": "change"},
    "unknown": {"zh": "未知", "en": "unknown"},
    "adequacy": {"zh": "费率是否充足", "en": "Is the rate right"},
    "segments": {"zh": "细分的费率与技术保费", "en": "Tariff over technical premium by segment"},
    "segment": {"zh": "细分", "en": "segment"},
    "policies": {"zh": "保单数", "en": "policies"},
    "tariff": {"zh": "现行保费", "en": "tariff"},
    "technical": {"zh": "技术保费", "en": "technical"},
    "ratio": {"zh": "费率 / 技术保费", "en": "ratio"},
    "flag": {"zh": "判断", "en": "verdict"},
    "low": {"zh": "显著偏低", "en": "significantly low"},
    "high": {"zh": "显著偏高", "en": "significantly high"},
}


def _words(language: Language) -> dict[str, str]:
    return {key: texts[language] for key, texts in WORDS.items()}


def scenario_section(rows: Sequence[Stressed]) -> Section:
    """Give the section of a stress test: each figure as it is, under a scenario, and the change."""

    def add(page: Page, language: Language) -> None:
        words = _words(language)
        page.heading(words["scenarios"])
        if not rows:
            page.text(words["unfit"])
            return
        page.text(words["scenarios_say"])
        sides = any(row.side != "gross" for row in rows)
        keys = ("scenario", "figure", *(("side",) if sides else ()), "before", "after", "change")
        body = [_stressed(row, language, words, sides=sides) for row in rows]
        page.table([words[key] for key in keys], body, words=(1, 2) if sides else (1,))
        if sides:
            page.text(words["bought_say"])

    return add


def _stressed(
    row: Stressed, language: Language, words: Mapping[str, str], *, sides: bool
) -> list[str]:
    shown = Shown(words["unknown"])
    ratio = getattr(row.measure, "UNIT", FIGURES[row.figure].unit) == "ratio"
    measure = f"{MEASURES[row.measure.kind][language]}{level_of(row.measure)}"
    ends = [shown.measured(one, ratio=ratio)[0] for one in (row.base, row.shocked)]
    moved = shown.within(row.difference, ratio=ratio)
    side = [words[row.side]] if sides else []
    return [row.scenario, f"{FIGURE_WORDS[row.figure][language]}, {measure}", *side, *ends, moved]


def adequacy_section(done: Adequacy, plots: Mapping[str, bytes], *, long_term: bool) -> Section:
    """Give the section of a judged rate: the verdict in words, pictures, and the segments."""

    def add(page: Page, language: Language) -> None:
        words = _words(language)
        page.heading(words["adequacy"])
        page.lines(verdict_words(done, language, long_term=long_term))
        page.picture(plots["adequacy.png"], words["adequacy"])
        if not done.segments:
            return
        page.heading(words["segments"], 3)
        page.picture(plots["segments.png"], words["segments"])
        keys = ("segment", "policies", "tariff", "technical", "ratio", "flag")
        rows = [_segment(one, words) for one in done.segments]
        page.table([words[key] for key in keys], rows, words=(5,))
        if any(one.why for one in done.segments):
            page.text(RUN_WORDS["doubtful"][language])

    return add


def _segment(one: Segment, words: Mapping[str, str]) -> list[str]:
    ratio = "—"
    if math.isfinite(one.ratio):
        off = one.ratio * one.error / one.technical
        ratio = f"{one.ratio * 100:.1f}% ± {off * 100:.1f}%{' *' if one.why else ''}"
    amounts = [f"{one.tariff:,.0f}", f"{one.technical:,.0f}"]
    flag = words["low"] if one.underpriced else words["high"] if one.overpriced else ""
    return [f"{one.by} {one.label}", f"{one.policies:,}", *amounts, ratio, flag]
