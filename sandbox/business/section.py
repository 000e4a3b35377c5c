"""The products of a business in the report: what each costs, and what each needs of the whole."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sandbox.business.run import BusinessRun
from sandbox.dependence.diversification import LEVEL, Diversification
from sandbox.results.html_page import Page
from sandbox.results.plots import Language
from sandbox.results.run_page import Section
from sandbox.results.run_tables import Shown
from sandbox.results.run_words import WORDS as RUN_WORDS

if TYPE_CHECKING:
    from sandbox.measures import Measured

WORDS: Mapping[str, Mapping[str, str]] = {
    "products": {"zh": "按产品", "en": "By product"},
    "product": {"zh": "产品", "en": "product"},
    "policies": {"zh": "保单数", "en": "policies"},
    "premium": {"zh": "保费", "en": "premium"},
    "claims": {"zh": "平均赔付", "en": "mean claims"},
    "ratio": {"zh": "赔付率", "en": "claims over premium"},
    "combined": {"zh": "综合成本率", "en": "combined ratio"},
    "tail": {"zh": "尾部风险价值 99%", "en": "tail value at risk 99%"},
    "part": {"zh": "在整体中的部分", "en": "part of the whole"},
    "net_tail": {"zh": "再保后尾部风险价值 99%", "en": "net tail value at risk 99%"},
    "net_part": {"zh": "再保后的部分", "en": "part of the whole, net"},
    "says": {
        "zh": "部分按欧拉法分摊：产品在整体最差 1% 的行中的均值，合计即为整体。",
        "en": "Parts are by Euler's rule: the mean of a product in the worst 1% of rows of the "
        "whole; together they are the whole.",
    },
    "alone": {
        "zh": "各产品单独的 {level} 尾部风险价值合计 {total}，合在一起 {joint}："
        "分散效应 {benefit}。",
        "en": "Tail values at risk {level}: {total} of the products alone, added up; {joint} of "
        "all together; diversification {benefit}.",
    },
    "alone_net": {
        "zh": "再保后：单独合计 {total}，合在一起 {joint}，分散效应 {benefit}。",
        "en": "After reinsurance: {total} alone, added up; {joint} together; diversification "
        "{benefit}.",
    },
    "unshocked": {
        "zh": "情景不改变的产品：{names}。",
        "en": "The scenario changes nothing of: {names}.",
    },
    "missing": {"zh": "—", "en": "—"},
}


def products_section(run: BusinessRun, titles: Mapping[str, str]) -> Section:
    """Give the section. titles: name → what the product is called in the language of the page."""

    def add(page: Page, language: Language) -> None:
        words = {key: texts[language] for key, texts in WORDS.items()}
        shown = Shown(RUN_WORDS["unknown"][language])
        measures = run.by_product
        page.heading(words["products"])
        keys = ("product", "policies", "premium", "claims", "ratio", "combined")
        rows = []
        for one in run.members:
            own = measures[one.name]
            premium = float(run.tables[one.name].premium.mean())
            ratios = [
                shown.within(own[name], ratio=True) if name in own else words["missing"]
                for name in ("claims_over_premium.mean", "combined_ratio.mean")
            ]
            claims = shown.within(own["claims.mean"])
            head = [titles[one.name], f"{one.portfolio.policies:,}", shown.money(premium)]
            rows.append([*head, claims, *ratios])
        page.table([words[key] for key in keys], rows)
        _needs(page, words, shown, run, titles)
        if run.unshocked:
            names = ", ".join(titles[name] for name in run.unshocked)
            page.text(words["unshocked"].format(names=names))

    return add


def _needs(
    page: Page,
    words: Mapping[str, str],
    shown: Shown,
    run: BusinessRun,
    titles: Mapping[str, str],
) -> None:
    """Add what each product needs alone and of the whole, before and after reinsurance."""
    columns: list[tuple[str, Mapping[str, Measured]]] = [("tail", run.diversification.alone)]
    columns += [("part", run.parts)] if run.parts else []
    net = run.net_diversification
    if net is not None:
        columns.append(("net_tail", net.alone))
    if run.net_parts:
        columns.append(("net_part", run.net_parts))
    rows = [
        [titles[one.name], *(shown.within(values[one.name]) for _, values in columns)]
        for one in run.members
    ]
    page.table([words["product"], *(words[key] for key, _ in columns)], rows)
    if run.parts:
        page.text(words["says"])
    page.text(words["alone"].format(level=f"{LEVEL:.0%}", **_together(run.diversification, shown)))
    if net is not None:
        page.text(words["alone_net"].format(**_together(net, shown)))


def _together(found: Diversification, shown: Shown) -> dict[str, str]:
    return {
        "total": shown.within(found.total),
        "joint": shown.within(found.joint),
        "benefit": shown.within(found.benefit, ratio=True),
    }
