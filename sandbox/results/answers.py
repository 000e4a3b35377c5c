"""answers.json and the sections of the report: what a run was asked, and what reinsurance buys."""

from collections.abc import Mapping, Sequence

from product_factory.json_text import json_text
from sandbox.bought import Bought
from sandbox.figures import unit
from sandbox.figures.standard import level_of, name_of
from sandbox.measures import Measured
from sandbox.measures.told import doubts, mark, measured_told, within
from sandbox.questions import Answers
from sandbox.results.html_page import Page
from sandbox.results.plots import Language
from sandbox.results.policy_years import (
    add_policy_years,
    policy_years_csv,
    policy_years_lines,
    policy_years_told,
)
from sandbox.results.run_page import Section
from sandbox.results.run_tables import Shown
from sandbox.results.run_words import FIGURES, MEASURES
from sandbox.results.run_words import WORDS as RUN_WORDS
from sandbox.results.sizes import add_sizes, sizes_lines, sizes_told

WORDS: Mapping[str, Mapping[str, str]] = {
    "bought": {"zh": "再保险换来什么", "en": "What reinsurance buys"},
    "bought_say": {
        "zh": "变动为再保后减再保前，逐行配对，有其自身的误差。资本回报率为平均利润除以亏损的"
        "尾部风险价值 99.5%。",
        "en": "The change is net less gross, row by row, with an error of its own. Return on "
        "capital is mean profit over the tail value at risk 99.5% of the loss.",
    },
    "costless": {
        "zh": "未写明保费、因而不计成本的合同：{names}。",
        "en": "These contracts state no premium and cost nothing here: {names}.",
    },
    "gross": {"zh": "再保前", "en": "gross"},
    "net": {"zh": "再保后", "en": "net"},
    "change": {"zh": "变动", "en": "change"},
    "asked": {"zh": "另行要求的度量", "en": "Measures that were asked for"},
    "by_year": {"zh": "逐年破产概率：{name}", "en": "Ruin by year: {name}"},
    "year": {"zh": "至第几年末", "en": "up to the end of year"},
    "parts": {"zh": "分摊：{name}", "en": "Allocation: {name}"},
    "parts_say": {
        "zh": "各部分为其在整体权重下的均值，合计即为整体。",
        "en": "A part is its own mean under the weights of the whole; together they are the whole.",
    },
    "whose": {"zh": "归属", "en": "whose"},
    "part": {"zh": "部分", "en": "part"},
}
LINES: Mapping[str, Mapping[str, str]] = {
    "by_year": {
        "zh": "{name}：至各年末的破产概率",
        "en": "{name}: probability of ruin up to the end of year",
    },
    "parts": {"zh": "{name} 的分摊，按 {by}：", "en": "of {name}, the part by {by}:"},
    "bought": {
        "zh": "再保险换来什么，再保前 -> 再保后：",
        "en": "what reinsurance buys, gross -> net:",
    },
    "change": {"zh": "变动", "en": "change"},
    "costless": {
        "zh": "未写明保费、因而不计成本：{names}",
        "en": "without a premium, so at no cost: {names}",
    },
}
"""What lines say to a person at a terminal; names of measures are those of the files."""


def answers_told(answers: Answers, rows: Sequence[Bought]) -> dict[str, object]:
    """Give answers as plain values for JSON; what was not asked has no key."""
    told: dict[str, object] = {
        "asked": {name: measured_told(one) for name, one in answers.measures.items()},
        "ruin_by_year": {
            name: [measured_told(one) for one in years] for name, years in answers.by_year.items()
        },
        "allocations": {
            name: {label: measured_told(one) for label, one in parts.items()}
            for name, parts in answers.parts.items()
        },
        "sizes": {} if answers.sizes is None else sizes_told(answers.sizes),
        "policy_years": policy_years_told(answers.policy_years),
        "bought": {
            name_of("", one.figure, one.measure): {
                "gross": measured_told(one.gross),
                "net": measured_told(one.net),
                "change": measured_told(one.change),
            }
            for one in rows
        },
    }
    return {name: one for name, one in told.items() if one}


def answers_files(answers: Answers, rows: Sequence[Bought]) -> dict[str, bytes]:
    """Give answers.json and policy_years.csv, of each nothing where there is nothing to tell."""
    told, years = answers_told(answers, rows), answers.policy_years
    found = {"answers.json": f"{json_text(told)}\n".encode()} if told else {}
    return found | ({"policy_years.csv": policy_years_csv(years)} if years else {})


def answers_lines(
    answers: Answers,
    rows: Sequence[Bought],
    costless: Sequence[str] = (),
    language: Language = "en",
) -> list[str]:
    """Tell answers to a person; costless: the contracts that state no premium."""
    says = {key: texts[language] for key, texts in LINES.items()}
    lines = [_line(name, one, language) for name, one in answers.measures.items()]
    seen = list(answers.measures.values())
    for name, years in answers.by_year.items():
        lines.append(says["by_year"].format(name=name))
        lines += [_line(f"{year}", one, language) for year, one in enumerate(years, start=1)]
        seen += years
    for name, parts in answers.parts.items():
        whole, _, by = name.partition(" by ")
        lines.append(says["parts"].format(name=whole, by=by))
        lines += [_line(label, one, language) for label, one in parts.items()]
        seen += parts.values()
    if answers.policy_years:
        lines += policy_years_lines(answers.policy_years, language)
    if answers.sizes is not None:
        lines += sizes_lines(answers.sizes, language)
    if rows:
        lines.append(says["bought"])
    for one in rows:
        name = name_of("", one.figure, one.measure)
        error = f"{within(one.change.error, 3, language)}{mark(one.change)}"
        moved = f"{says['change']} {one.change.value:,.4f} {error}"
        lines.append(f"  {name}")
        lines.append(f"    {one.gross.value:>16,.4f} -> {one.net.value:,.4f}   {moved}")
        seen += [one.gross, one.net, one.change]
    if rows and costless:
        lines.append(f"  {says['costless'].format(names=', '.join(costless))}")
    return lines + doubts((one.why for one in seen), language)


def _line(name: str, one: Measured, language: Language) -> str:
    error = f"{within(one.error, 4, language)}{mark(one)}"
    return f"  {name:<38} {one.value:>18,.4f} {error}"


def answers_section(
    answers: Answers,
    rows: Sequence[Bought],
    costless: Sequence[str] = (),
    called: Mapping[str, str] | None = None,
) -> Section:
    """Give the section of the report.

    costless  the contracts that state no premium
    called    alias of a cover → what it is called, in the language of the report
    """

    def add(page: Page, language: Language) -> None:
        words = {key: texts[language] for key, texts in {**RUN_WORDS, **WORDS}.items()}
        shown = Shown(words["unknown"])
        interval = [words["value"], words["error"], words["interval"]]
        if rows:
            page.heading(words["bought"])
            head = [words[key] for key in ("figure", "gross", "net", "change")]
            page.table(head, [_compared(one, shown, language) for one in rows])
            page.text(words["bought_say"])
            if costless:
                page.text(words["costless"].format(names=", ".join(costless)))
        if answers.measures:
            page.heading(words["asked"])
            body = [
                [name, *shown.measured(one, ratio=answers.units[name] == "ratio")]
                for name, one in answers.measures.items()
            ]
            page.table([words["measure"], *interval], body)
        for name, years in answers.by_year.items():
            page.heading(words["by_year"].format(name=name), 3)
            body = [
                [f"{year}", *shown.measured(one, ratio=True)] for year, one in enumerate(years, 1)
            ]
            page.table([words["year"], *interval], body)
        for name, parts in answers.parts.items():
            page.heading(words["parts"].format(name=name))
            body = [[label, *shown.measured(one)] for label, one in parts.items()]
            page.table([words["whose"], words["part"], *interval[1:]], body)
            page.text(words["parts_say"])
        if answers.policy_years:
            add_policy_years(page, language, answers.policy_years)
        if answers.sizes is not None:
            add_sizes(page, language, answers.sizes, called or {})

    return add


def _compared(one: Bought, shown: Shown, language: Language) -> list[str]:
    ratio = unit(one.figure, one.measure) == "ratio"
    level = level_of(one.measure) if hasattr(one.measure, "level") else ""
    name = f"{FIGURES[one.figure][language]}, {MEASURES[one.measure.kind][language]}{level}"
    ends = (one.gross, one.net, one.change)
    return [name, *(shown.within(end, ratio=ratio) for end in ends)]
