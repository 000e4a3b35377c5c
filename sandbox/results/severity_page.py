"""The report of a fit of severities, for the actuary who signs it: one HTML file."""

import math

from rating.book.rejects import reject_lines
from rating.likelihood.fit import Severities
from rating.likelihood.goodness import Goodness
from rating.likelihood.told import chance
from sandbox.results.html_page import Page
from sandbox.results.plots.canvas import Language
from sandbox.results.plots.severity import (
    hill_png,
    mean_excess_png,
    quantile_png,
    stability_png,
    survival_png,
)

_WORDS = {
    "data": {"zh": "数据", "en": "Data"},
    "rows": {"zh": "数据行数", "en": "rows"},
    "used": {"zh": "所用损失数", "en": "losses used"},
    "mean": {"zh": "平均损失", "en": "mean loss"},
    "largest": {"zh": "最大损失", "en": "largest loss"},
    "hidden": {
        "zh": "左截断的损失数（低于某额不可见）",
        "en": "hidden below an amount (truncated)",
    },
    "cut": {"zh": "右删失的损失数（已达限额）", "en": "at their limit (censored)"},
    "drawn": {"zh": "模拟样本数", "en": "samples"},
    "ks": {"zh": "KS 的概率", "en": "chance of KS"},
    "ad": {"zh": "AD 的概率", "en": "chance of AD"},
    "candidates": {"zh": "候选分布", "en": "Severities"},
    "severity": {"zh": "分布", "en": "severity"},
    "likelihood": {"zh": "对数似然", "en": "log-likelihood"},
    "degrees": {"zh": "自由度", "en": "degrees of freedom"},
    "chance": {"zh": "概率", "en": "chance"},
    "chosen": {"zh": "所选分布", "en": "Chosen"},
    "parameter": {"zh": "参数", "en": "parameter"},
    "value": {"zh": "估计值", "en": "value"},
    "error": {"zh": "标准误", "en": "standard error"},
    "tail": {"zh": "尾部", "en": "Tail"},
    "threshold": {"zh": "阈值", "en": "threshold"},
    "losses": {"zh": "超过的损失数", "en": "losses above"},
    "shape": {"zh": "形状", "en": "shape"},
    "scale": {"zh": "尺度", "en": "scale"},
    "modified": {"zh": "修正尺度", "en": "modified scale"},
    "level": {"zh": "水平", "en": "level"},
    "var": {"zh": "在险价值", "en": "value at risk"},
    "tvar": {"zh": "超过部分均值", "en": "mean beyond"},
    "unfit": {"zh": "似然没有极大值", "en": "Without a maximum of the likelihood"},
}


def severity_page(result: Severities, language: Language) -> str:
    """Give the report."""
    words = {key: texts[language] for key, texts in _WORDS.items()}
    page = Page(getattr(result.spec.title, language), language)
    page.heading(words["data"])
    page.table(["", ""], _data(result, words))
    page.lines([*reject_lines(result.losses.rejects), result.spec.source])
    page.heading(words["candidates"])
    page.table(
        [words["severity"], words["likelihood"], "AIC", "BIC", *_distances(words)],
        [
            [
                one.name,
                f"{one.best.log_likelihood:,.2f}",
                f"{one.aic:,.2f}",
                f"{one.bic:,.2f}",
                *_distant(one.goodness),
            ]
            for one in result.candidates
        ],
    )
    if result.unfit:
        page.heading(words["unfit"], 3)
        page.lines(f"{name}: {why}" for name, why in result.unfit)
    _chosen(page, result, words, language)
    if result.tail is not None:
        _tail(page, result, words)
    page.picture(mean_excess_png(result, language), "mean excess")
    page.picture(hill_png(result, language), "Hill")
    if result.stability:
        page.picture(stability_png(result, language), "stability")
    return page.html()


def _data(result: Severities, words: dict[str, str]) -> list[list[str]]:
    losses = result.losses
    return [
        [words["rows"], f"{losses.rows:,}"],
        [words["used"], f"{losses.size:,}"],
        [words["mean"], f"{losses.amounts.mean():,.4f}"],
        [words["largest"], f"{losses.amounts.max():,.4f}"],
        [words["hidden"], f"{int((losses.above > 0.0).sum()):,}"],
        [words["cut"], f"{int(losses.censored.sum()):,}"],
    ]


def _distances(words: dict[str, str]) -> list[str]:
    return ["KS", "AD", "χ²", words["degrees"], words["chance"]]


def _distant(good: Goodness) -> list[str]:
    known = math.isfinite(good.chi_square)
    return [
        f"{good.distance:.4f}",
        f"{good.anderson_darling:.3f}",
        f"{good.chi_square:,.2f}" if known else "—",
        str(good.freedom) if known else "—",
        chance(good.chance) if known else "—",
    ]


def _samples(page: Page, good: Goodness, words: dict[str, str]) -> None:
    """Tell of the samples that were drawn of the severity, if any: how many lie as far."""
    if good.drawn:
        chances = chance(good.distance_chance), chance(good.anderson_darling_chance)
        page.table([words[key] for key in ("drawn", "ks", "ad")], [[f"{good.drawn:,}", *chances]])


def _chosen(page: Page, result: Severities, words: dict[str, str], language: Language) -> None:
    best = result.chosen.best
    page.heading(f"{words['chosen']}: {result.chosen.name}")
    page.table(
        [words["parameter"], words["value"], words["error"]],
        [[name, f"{value:.6g}", f"{error:.4g}"] for name, value, error in best.estimates],
    )
    _samples(page, result.chosen.goodness, words)
    page.table(
        [words["level"], words["var"], words["tvar"]],
        [
            [f"{100.0 * one.level:.6g}%", f"{one.var:,.3f}", f"{one.tvar:,.3f}"]
            for one in result.figures
        ],
    )
    page.picture(survival_png(result, language), "survival")
    page.picture(quantile_png(result, language), "quantiles")


def _tail(page: Page, result: Severities, words: dict[str, str]) -> None:
    assert result.tail is not None  # noqa: S101 - asked by the caller
    own, good = result.tail
    page.heading(words["tail"])
    keys = ("threshold", "losses", "shape", "error", "scale", "error", "modified")
    page.table(
        [words[key] for key in keys],
        [
            [
                f"{one.threshold:g}" + (" *" if one is own else ""),
                f"{one.count:,}",
                f"{one.shape:.4f}",
                f"{one.shape_error:.4f}",
                f"{one.scale:.4f}",
                f"{one.scale_error:.4f}",
                f"{one.modified_scale:.4f}",
            ]
            for one in (own, *result.stability)
        ],
    )
    page.table(_distances(words), [_distant(good)])
    _samples(page, good, words)
