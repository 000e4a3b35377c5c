"""What stands above the figures of a run or a study: its policies and its size, in a language."""

import re
from collections.abc import Mapping
from datetime import date

from sandbox.measures.words import Tongue as Language
from sandbox.portfolio.portfolio import Portfolio

GENERATED = re.compile(r"generated: (\d+) policies, seed (\d+)")
WORDS: Mapping[str, Mapping[str, str]] = {
    "generated": {
        "zh": "自动生成：{0} 张保单，种子 {1}",
        "en": "generated: {0} policies, seed {1}",
    },
    "policies": {
        "zh": "{policies:,} 张保单，{cells:,} 组",
        "en": "{policies:,} policies in {cells:,} cells",
    },
    "periods": {"zh": "，承保 {years:,.2f} 年", "en": ", on risk for {years:,.2f} years"},
    "in_force": {
        "zh": "，其中 {count:,} 张为有效保单（自运行日起计，不含已提准备金）",
        "en": ", {count:,} of them in force (from the day of the run on, without the reserve held)",
    },
    "portfolio": {
        "zh": "保单组合：{source}；{size}，保费 {premium:,.2f}",
        "en": "portfolio: {source}; {size}, premium {premium:,.2f}",
    },
    "left_out": {"zh": "；未计入 {count:,} 张：{name}", "en": "; {count:,} left out: {name}"},
    "annual": {"zh": "{rows:,} 年", "en": "{rows:,} years"},
    "cohort": {"zh": "{rows:,} 次全期", "en": "{rows:,} run-offs"},
    "each": {"zh": "（每次运行）", "en": " each run"},
    "seed": {"zh": "，种子 {seed}", "en": ", seed {seed}"},
    "basis": {"zh": "，精算基础 {basis}", "en": ", basis {basis}"},
    "scenario": {"zh": "，情景 {scenario}", "en": ", scenario {scenario}"},
    "on": {"zh": "，日期 {on}", "en": ", on {on}"},
    "draws": {"zh": "，假设抽取 {draws} 次", "en": ", {draws} draws of the assumptions"},
}


def source_said(source: str, language: Language) -> str:
    """Say where policies come from; files hold it in English."""
    return GENERATED.sub(lambda found: WORDS["generated"][language].format(*found.groups()), source)


def portfolio_line(portfolio: Portfolio, language: Language = "en") -> str:
    """Say which policies were simulated, and which were not."""
    says = {key: texts[language] for key, texts in WORDS.items()}
    size = says["policies"].format(policies=portfolio.policies, cells=portfolio.cells.size)
    if portfolio.cells.periods is not None:
        size += says["periods"].format(years=portfolio.years_on_risk)
    if portfolio.in_force:
        size += says["in_force"].format(count=portfolio.in_force)
    source, premium = source_said(portfolio.source, language), portfolio.premium()
    line = says["portfolio"].format(source=source, size=size, premium=premium)
    why_not = [(getattr(why, language), count) for why, count in portfolio.left_out.items()]
    for name, count in (*portfolio.declined.items(), *why_not):
        line += says["left_out"].format(count=count, name=name)
    return line


def size_line(  # noqa: PLR0913 - each is said or not
    rows: int,
    seed: int,
    language: Language,
    *,
    long_term: bool,
    each: bool = False,
    basis: str = "",
    scenario: str = "",
    on: date | None = None,
    draws: int = 0,
) -> str:
    """Say how much was simulated, and of what; what is not given is not said.

    each  whether many runs have so many rows each
    """
    says = {key: texts[language] for key, texts in WORDS.items()}
    line = says["cohort" if long_term else "annual"].format(rows=rows)
    line += says["each"] if each else ""
    line += says["seed"].format(seed=seed)
    line += says["basis"].format(basis=basis) if basis else ""
    line += says["scenario"].format(scenario=scenario) if scenario else ""
    line += says["on"].format(on=on) if on is not None else ""
    return line + (says["draws"].format(draws=draws) if draws else "")
