"""The report of a fit of relativities, for the actuary who signs it: one HTML file."""

import numpy as np

from rating.book.rejects import reject_lines
from rating.relativities.result import Modelled, Result
from rating.relativities.term import label
from rating.relativities.told import chance
from rating.relativities.write import method
from sandbox.results.html_page import Page
from sandbox.results.plots.canvas import Language, readable
from sandbox.results.plots.relativities import factor_png, lift_png

MOST_ROWS = 200
_WORDS = {
    "data": {"zh": "数据", "en": "Data"},
    "scores": {"zh": "拟合与样本外检验", "en": "Fit, in and out of sample"},
    "rows": {"zh": "行数", "en": "rows"},
    "policies": {"zh": "所用保单数", "en": "policies used"},
    "years": {"zh": "风险暴露（年）", "en": "years of exposure"},
    "paid": {"zh": "赔款合计", "en": "amounts paid"},
    "joined": {"zh": "并入的赔款笔数", "en": "claim amounts joined"},
    "total": {"zh": "并入的赔款合计", "en": "total of amounts joined"},
    "paying": {"zh": "有赔款的保单数", "en": "policies with an amount"},
    "orphans": {"zh": "找不到保单的赔款笔数", "en": "amounts of unknown policies, left out"},
    "silent": {"zh": "有赔案而无赔款的保单数", "en": "policies with claims but no amount"},
    "silent_claims": {"zh": "其赔案数（不计）", "en": "their claims, counted as none"},
    "clipped": {"zh": "超过计入上限的行数", "en": "above the most that counts"},
    "observed": {"zh": "实际/拟合", "en": "observed / fitted"},
    "what": {"zh": "模型", "en": "model"},
    "where": {"zh": "范围", "en": "rows taken"},
    "lift": {"zh": "提升图", "en": "Lift"},
    "double": {"zh": "与现行费率对比", "en": "Double lift against the present tariff"},
    "tests": {
        "zh": "III 型检验：逐一去掉因子",
        "en": "Type-III tests: each factor left out in turn",
    },
    "factor": {"zh": "因子", "en": "factor"},
    "columns": {"zh": "自由度", "en": "columns"},
    "rise": {"zh": "偏差上升", "en": "rise of deviance"},
    "chance": {"zh": "概率", "en": "chance"},
    "cell": {"zh": "水平", "en": "level"},
    "relativity": {"zh": "相对数", "en": "relativity"},
    "error": {"zh": "标准误", "en": "standard error"},
    "exposure": {"zh": "风险暴露", "en": "exposure"},
    "claims": {"zh": "赔案数", "en": "claims"},
    "premium": {"zh": "纯保费", "en": "Pure premium"},
    "balanced": {
        "zh": "{of}，乘以 {balance:.6f} 使合计等于实际；大额赔款附加 {load:.6f}",
        "en": "{of}, × {balance:.6f} to the observed total, × {load:.6f} for large losses",
    },
}


def relativities_page(result: Result, language: Language) -> str:
    """Give the report."""

    def word(key: str) -> str:
        return _WORDS[key][language]

    page = Page(getattr(result.spec.title, language), language)
    page.heading(word("data"))
    page.table(["", ""], _data(result, language))
    page.lines([*reject_lines(result.policies.rejects), result.spec.source])
    page.heading(word("scores"))
    page.table(
        [word("what"), word("where"), word("rows"), "D²", "Gini", word("observed")],
        [
            [
                score.what,
                score.where,
                f"{score.rows:,}",
                "—" if np.isnan(score.explained) else f"{score.explained:.3%}",
                f"{score.gini:.4f}",
                f"{score.ratio:.6f}",
            ]
            for score in result.scores
        ],
    )
    if result.premium is not None:
        page.heading(word("premium"), 3)
        told = {**vars(result.premium), "of": " × ".join(result.premium.of)}
        page.text(word("balanced").format(**told))
    page.heading(word("lift"))
    for name, parts in result.lifts.items():
        page.picture(lift_png(name, result.spec.source, parts, language), f"{word('lift')}: {name}")
    if result.double is not None:
        title = readable(_WORDS["double"], language)
        picture = lift_png(title, result.spec.source, result.double, language)
        page.picture(picture, word("double"))
    for entry in result.models:
        _model(page, result, entry, language)
    return page.html()


def _data(result: Result, language: Language) -> list[list[str]]:
    own, joined = result.policies, result.policies.joined
    found = {
        "rows": f"{own.rows:,}",
        "policies": f"{own.size:,}",
        "years": f"{own.exposure.sum():,.1f}",
        "claims": f"{own.claims.sum():,.0f}",
    }
    if result.spec.amounts is not None:
        found["paid"] = f"{own.amounts.sum():,.2f}"
    if joined is not None:
        found |= {
            "joined": f"{joined.rows:,}",
            "total": f"{joined.total:,.2f}",
            "paying": f"{joined.policies:,}",
            "orphans": f"{joined.orphans:,}",
            "silent": f"{joined.silent:,}",
            "silent_claims": f"{joined.silent_claims:,.0f}",
        }
    clipped = _WORDS["clipped"][language]
    return [
        *([_WORDS[key][language], text] for key, text in found.items()),
        *([f"{key}: {clipped}", f"{count:,}"] for key, count in own.clipped.items() if count),
    ]


def _model(page: Page, result: Result, entry: Modelled, language: Language) -> None:
    words = {key: texts[language] for key, texts in _WORDS.items()}
    page.heading(entry.name)
    page.text(method(entry))
    if entry.tests:
        page.heading(words["tests"], 3)
        page.table(
            [words["factor"], words["columns"], words["rise"], "F", words["chance"]],
            [
                [
                    test.term,
                    str(test.columns),
                    f"{test.rise:+,.2f}",
                    f"{test.statistic:.2f}",
                    chance(test.chance),
                ]
                for test in entry.tests
            ],
        )
    for number, term in enumerate(entry.fitted.terms):
        page.heading(term.name, 3)
        if len(term.keys) == 1:
            page.picture(factor_png(result, entry, number, language), f"{entry.name}: {term.name}")
        exposure = term.total(result.policies.exposure)
        claims = term.total(result.policies.claims)
        errors, filed = entry.fitted.errors(number), entry.filed.relativities[number]
        page.table(
            [words[key] for key in ("cell", "relativity", "error", "exposure", "claims")],
            [
                [
                    label(term, point),
                    f"{filed[point]:.{result.spec.decimals}f}",
                    f"{errors[point]:.4f}",
                    f"{exposure[point]:,.1f}",
                    f"{claims[point]:,.1f}",
                ]
                for point in range(min(MOST_ROWS, filed.size))
            ],
        )
