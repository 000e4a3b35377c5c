"""For each rule of the packs: facts that pass it, facts that fail it, and a word of what it says.

Thresholds are those of `products/parameters` on 2026-03-01; each failing value lies just beyond.
"""

from tests.product_factory.rules.stated import cells, facts, text, years

LIFE = facts()
HOME = facts("property")
NET = facts(texts={"definition.channel": ["internet"]})
EUROPE = {"definition.jurisdiction": ["EU"]}
EU = facts(texts=EUROPE)
LONG, SHORT = {"definition__term_most": 20}, {"definition__term_most": 1}
WORDING, NAME = "wording.text", "definition.name"
ITEMS = ("投保人、被保险人、受益人", "保险责任与责任免除", "保险期间", "基本保险金额", "保险费")

# rule → (passes, fails, what the finding says in English)
EXAMPLES = {
    "cn/channel": (
        LIFE,
        facts(texts={"definition.channel": ["everywhere"]}),
        "Exactly one channel is to be stated, of agent / internet / bank / broker",
    ),
    "cn/contract_items": (
        LIFE | text(WORDING, *ITEMS, "给付保险金", "争议处理"),
        LIFE | text(WORDING, *ITEMS, "给付保险金"),
        "The wording does not state: 争议处理 / 争议的处理",
    ),
    "cn/contract_items_property": (
        HOME | text(WORDING, *ITEMS, "保险标的", "赔偿处理", "争议处理"),
        HOME | text(WORDING, *ITEMS, "保险标的", "争议处理"),
        "The wording does not state: 赔偿处理 / 保险金的赔偿",
    ),
    "cn/death_ratio": (
        LIFE | years(attained_age=[40, 41], death_benefit=[160, 140], premiums_paid=[100, 100]),
        LIFE | years(attained_age=[40, 41], death_benefit=[159, 139], premiums_paid=[100, 100]),
        (
            "At attained age 41 the death benefit after the waiting period, 139.00, is "
            "below 140% of "
            "the premiums paid, 100.00"
        ),
    ),
    "cn/deductible_highlighted": (
        facts("property", texts={"definition.terms": ["deductible"]})
        | text("wording.highlighted", "每次事故的免赔额由被保险人自行承担"),
        facts("property", texts={"definition.terms": ["deductible"]})
        | text("wording.highlighted", "责任免除"),
        "A deductible reduces the insurer's liability and is not highlighted in bold",
    ),
    "cn/double_insurance": (
        HOME | text(WORDING, "重复保险", "赔偿金额的总和不得超过保险价值"),
        HOME | text(WORDING, "赔偿金额的总和不得超过保险价值"),
        "The wording must settle double insurance; missing: 重复保险",
    ),
    "cn/exclusions_highlighted": (
        facts(wording__exclusions_highlighted=1),
        facts(wording__exclusions_highlighted=0),
        "Not every word of the exclusions is highlighted in bold",
    ),
    "cn/free_look_health": (
        facts("health", definition__free_look__least=15, **LONG),
        facts("health", definition__free_look__least=14, **LONG),
        "The free look, 14 days, is shorter than 15 days",
    ),
    "cn/free_look_life": (
        facts(definition__free_look__least=15, **LONG),
        facts(definition__free_look__least=10, **LONG),
        "The free look, 10 days, is shorter than 15 days",
    ),
    "cn/grace": (
        facts(definition__grace__least=60, **LONG),
        facts(definition__grace__least=59, **LONG),
        "The grace period, 59 days, is shorter than 60 days",
    ),
    "cn/loading_internet": (
        NET | cells(term=[20], loading=[0.25], first_year_loading=[0.6]),
        NET | cells(term=[20], loading=[0.25], first_year_loading=[0.61]),
        (
            "The loading is 25% on average and 61% in the first year; on the internet at "
            "most 25% and "
            "60%"
        ),
    ),
    "cn/loading_regular": (
        LIFE | cells(term=[20, 1], pay=[20, 1], loading=[0.35, 0.9]),
        LIFE | cells(term=[20, 20], pay=[10, 20], loading=[0.36, 0.351]),
        "The average loading, 36%, is above the cap for regular premiums, 35%",
    ),
    "cn/loading_short": (
        LIFE | cells(term=[1, 20], loading=[0.35, 0.9]),
        LIFE | cells(term=[1], loading=[0.351]),
        "The average loading, 35.1%, is above the cap for contracts of one year or less, 35%",
    ),
    "cn/loading_single": (
        LIFE | cells(term=[20, 20], pay=[1, 20], loading=[0.18, 0.3]),
        LIFE | cells(term=[20], pay=[1], loading=[0.181]),
        "The average loading, 18.1%, is above the cap for single premiums, 18%",
    ),
    "cn/minimum_cash_value": (
        LIFE | years(term=[20], policy_year=[5], cash_value=[8.5], minimum_cash_value=[8.5]),
        LIFE | years(term=[20], policy_year=[5], cash_value=[8.49], minimum_cash_value=[8.5]),
        "After 5 years the cash value, 8.49, is below the minimum, 8.50",
    ),
    "cn/minors": (
        LIFE | cells(age=[9, 10, 30], sum_insured_most=[200_000, 500_000, 3_000_000]),
        LIFE | cells(age=[9, 17], sum_insured_most=[200_001, 600_000]),
        (
            "At age 17 up to 600000.00 is sold, above the cap for minors (200000.00 under 10, else "
            "500000.00)"
        ),
    ),
    "cn/model_points": (
        facts(rates__profit_tested_points=2, **LONG),
        facts(rates__profit_tested_points=1, **LONG),
        "The profit test has 1 model points; at least 2 are asked for",
    ),
    "cn/name_forbidden": (
        LIFE | text(NAME, "安心定期寿险"),
        LIFE | text(NAME, "安心理财年金保险"),
        "The name holds words that are not allowed: 理财",
    ),
    "cn/name_property": (
        HOME | text(NAME, "家庭财产保险"),
        HOME | text(NAME, "家财宝"),
        "The name of a property product should say what it is: 保险",
    ),
    "cn/name_type": (
        LIFE | text(NAME, "安心定期寿险"),
        LIFE | text(NAME, "安心保"),
        (
            "The name does not state the type of insurance: 定期寿险 / 终身寿险 / 两全保险 "
            "/ 年金保险 / "
            "人寿保险 / 疾病保险 / 医疗保险 / 护理保险 / 失能收入损失保险 / 健康保险 / 意外伤害保险"
        ),
    ),
    "cn/name_words": (
        facts(definition__name_words=10),
        facts(definition__name_words=11),
        "The name has 11 characters before its type, at most 10 are allowed",
    ),
    "cn/negative_list": (
        LIFE | text(WORDING, "申请保险金应当提供死亡证明"),
        LIFE | text(WORDING, "申请保险金应当提供火 化证明", "保险期间届满自动续保"),
        "The wording holds texts of the negative list: 自动续保、火化证明",
    ),
    "cn/new_business_value": (
        facts(figures__new_business_value=0, **LONG),
        facts(figures__new_business_value=-1, **LONG),
        "The expected value of new business, -1.00, is negative",
    ),
    "cn/over_insurance": (
        HOME | text(WORDING, "保险金额超过保险价值的，超过部分无效"),
        HOME | text(WORDING, "保险金额不得超过保险价值"),
        "The wording must say that a sum insured above the value is void as to the excess",
    ),
    "cn/pricing_rate": (
        facts(definition__pricing__interest=0.025),
        facts(definition__pricing__interest=0.0251),
        "The pricing rate, 2.51%, is above the published cap, 2.5%",
    ),
    "cn/pricing_rate_market": (
        facts(definition__pricing__interest=0.02),
        facts(definition__pricing__interest=0.0225),
        "The pricing rate, 2.25%, is above the announced cap, 2%, and would need approval",
    ),
    "cn/profit_test": (
        facts(rates__profit_tested=1, **LONG),
        facts(rates__profit_tested=0, **LONG),
        (
            "A contract of more than one year needs a profit test; there is no best estimate with "
            "expenses to make one"
        ),
    ),
    "cn/reinstatement": (
        facts(definition__reinstate__least=2, **LONG),
        facts(definition__reinstate__least=1, **LONG),
        "Reinstatement is open for 1 year, shorter than 2 years",
    ),
    "cn/renewal_words": (
        facts("health", **SHORT) | text(WORDING, "本产品不保证续保"),
        facts("health", **SHORT) | text(WORDING, "本产品不保证续保", "期满自动续保"),
        (
            "A short-term health wording must say that renewal is not guaranteed (missing: "
            ") and may "
            "not use: 自动续保"
        ),
    ),
    "cn/short_pay": (
        LIFE | cells(term=[20], pay=[3]),
        LIFE | cells(term=[20], pay=[2]),
        "A premium term of 2 years stands in the negative list",
    ),
    "cn/suicide": (
        facts(definition__suicide_period__least=2, definition__suicide_period__most=2),
        facts(definition__suicide_period__least=2, definition__suicide_period__most=3),
        "The suicide period is 3 years, and is to be 2 years",
    ),
    "cn/valuation_table": (
        LIFE | text("definition.valuation_tables", "中国人身保险业经验生命表(2025)"),
        LIFE | text("definition.valuation_tables", "中国人身保险业经验生命表(2010-2013)"),
        (
            "From 2026 on reserves are to be valued on the 2025 tables (term and health on "
            "non-annuity "
            "table one); the valuation basis does not read them"
        ),
    ),
    "cn/waiting_health": (
        facts("health", definition__waits__most=180),
        facts("health", definition__waits__most=181),
        "The waiting period, 181 days, is longer than 180 days",
    ),
    "cn/waiting_life": (
        facts(definition__waits__most=180),
        facts(definition__waits__most=200),
        "The waiting period, 200 days, is longer than health insurance allows, 180 days",
    ),
    "intl/cancellation_period": (
        facts(texts=EUROPE, definition__free_look__least=14),
        facts(texts=EUROPE, definition__free_look__least=13),
        "The cancellation period, 13 days, is shorter than 14 days",
    ),
    "intl/premium_sufficiency": (
        LIFE | cells(premium=[10, 20], net_premium=[7, 20]),
        LIFE | cells(premium=[10, 20], net_premium=[7, 21]),
        "The premium, 20.00, is below the net premium, 21.00",
    ),
    "intl/unisex_premiums": (
        EU | text("rates.rated_by", "age", "term"),
        EU | text("rates.rated_by", "age", "sex"),
        "The premium depends on sex",
    ),
}
