"""Facts of two products, written by hand, so that the wording is proved apart from assembly."""

from decimal import Decimal

from clause_templates.facts import (
    Fact,
    FactValue,
    Named,
    ToAge,
    UsedModule,
    WordingFacts,
    Words,
)
from product_factory.errors import At

PRODUCT = At("products/example/product.yaml", 1, 1)
LAW = {
    "claim_decision_max": ("days", 30, "保险法 第二十三条"),
    "claim_payment_max": ("days", 10, "保险法 第二十三条"),
    "refusal_notice_max": ("days", 3, "保险法 第二十四条"),
    "advance_payment": ("days", 60, "保险法 第二十五条"),
    "disclosure_knowledge": ("days", 30, "保险法 第十六条"),
    "disclosure_final": ("years", 2, "保险法 第十六条"),
    "limitation_life": ("years", 5, "保险法 第二十六条"),
    "limitation_other": ("years", 2, "保险法 第二十六条"),
    "surrender_payment_max": ("days", 30, "保险法 第四十七条"),
    "transfer_decision": ("days", 30, "保险法 第四十九条"),
    "partial_loss_cancel": ("days", 30, "保险法 第五十八条"),
    "partial_loss_notice": ("days", 15, "保险法 第五十八条"),
}


def number(text: str | int) -> Decimal:
    return Decimal(text)


def says(text: str, *numbers: int) -> Words:
    return Words({"zh": text}, tuple(map(Decimal, numbers)))


def named(*titles: str) -> tuple[Words, ...]:
    return tuple(Words({"zh": title}) for title in titles)


def make(
    line: str,
    title: str,
    modules: tuple[UsedModule, ...],
    values: dict[str, tuple[str, FactValue]],
    reads: set[str],
) -> WordingFacts:
    facts = {
        name: Fact(name, kind, value, At(PRODUCT.file, row, 1))
        for row, (name, (kind, value)) in enumerate(values.items(), start=10)
    }
    for row, (name, (kind, value, reference)) in enumerate(LAW.items(), start=5):
        full = f"cn_law.{name}"
        place = At("products/parameters/cn_law.yaml", row, 9)
        facts[full] = Fact(full, kind, number(value), place, reference)
    return WordingFacts(
        product="example",
        version="2026.1.0",
        title={"zh": title},
        line=line,
        at=PRODUCT,
        modules=modules,
        facts=facts,
        reads=frozenset(reads),
    )


def module(
    alias: str, name: str, title: str, clauses: tuple[str, ...], defines: tuple[str, ...] = ()
) -> UsedModule:
    return UsedModule(alias, name, {"zh": title}, clauses, defines, PRODUCT)


def term_life(waiting: int = 90, *, grace: bool = True) -> WordingFacts:
    """Term life as in the product language's sketch."""
    modules = [
        module(
            "death",
            "life/death_or_disability",
            "身故或全残保险金",
            ("benefits/death_or_disability",),
            ("全残", "意外伤害"),
        ),
        module("surrender", "life/surrender", "现金价值", ("surrender/cash_value",), ("现金价值",)),
        module(
            "statutory", "exclusions/life_statutory", "法定责任免除", ("exclusions/life_statutory",)
        ),
        module("free_look", "life/free_look", "犹豫期", ("contract/free_look",)),
    ]
    if grace:
        clauses = ("premium/grace", "premium/reinstatement")
        modules.append(module("grace", "life/grace_and_reinstatement", "宽限期与复效", clauses))

    values: dict[str, tuple[str, FactValue]] = {
        "insured.age.min": ("age", number(18)),
        "insured.age.max": ("age", number(60)),
        "offers.sum_insured.min": ("money", number(100_000)),
        "offers.sum_insured.max": ("money", number(3_000_000)),
        "offers.sum_insured.step": ("money", number(10_000)),
        "contract.term": ("years", (number(10), number(20), number(30), ToAge(60))),
        "contract.pay": ("years", (*map(number, (1, 5, 10, 20, 30)), ToAge(60))),
        "accepts.says": (
            "text",
            (
                says("交费期间不得长于保险期间"),
                says("保险期间届满时年龄不得超过70周岁", 70),
                says("保至60周岁限50周岁以下投保", 60, 50),
            ),
        ),
        "death.title": ("text", named("身故或全残保险金")),
        "death.waiting": ("days", number(waiting)),
        "statutory.suicide_period": ("years", number(2)),
        "free_look.free_look": ("days", number(15)),
        "grace.grace": ("days", number(60)),
        "grace.reinstate": ("years", number(2)),
    }
    reads = {"death.waiting", "statutory.suicide_period"} if waiting else set[str]()
    return make("life", "定期寿险", tuple(modules), values, reads)


COVERS = {
    "fire": ("火灾与爆炸", ("房屋及附属设备", "室内财产")),
    "water_damage": ("管道破裂及水渍", ("房屋及附属设备", "室内财产")),
    "theft": ("盗抢", ("室内财产",)),
    "typhoon": ("台风", ("房屋及附属设备", "室内财产")),
}


def home() -> WordingFacts:
    """Home as in the product language's sketch."""
    defines = ("保险价值", "保险金额", "免赔额")
    modules = [
        module(alias, f"property/{alias}", title, (f"benefits/{alias}",), defines)
        for alias, (title, _) in COVERS.items()
    ]
    modules.append(
        module(
            "common",
            "exclusions/property_common",
            "家庭财产责任免除",
            ("exclusions/property_common",),
        )
    )
    values: dict[str, tuple[str, FactValue]] = {
        "contract.term": ("years", number(1)),
        "accepts.says": ("text", (says("保险金额不得超过保险价值"),)),
        "average.items": ("text", named("房屋及附属设备")),
        "pools.shared": ("text", "yes"),
        "common.cause.wilful": ("text", "wilful"),
        "common.cause.wear": ("text", "wear"),
        "items.building": ("text", "building"),
        "items.contents": ("text", "contents"),
        "items.building.title": ("text", named("房屋及附属设备")),
        "items.contents.title": ("text", named("室内财产")),
    }
    for item, limits in {
        "building": (100_000, 5_000_000, 10_000),
        "contents": (10_000, 500_000, 10_000),
    }.items():
        for end, value in zip(("min", "max", "step"), limits, strict=True):
            values[f"items.{item}.sum_insured.{end}"] = ("money", number(value))
    for alias, (title, items) in COVERS.items():
        values[f"{alias}.title"] = ("text", named(title))
        values[f"{alias}.items"] = ("text", named(*items))
        values[f"{alias}.limit"] = ("money", Named("sum_insured"))
        others = [other for name, (other, _) in COVERS.items() if name != alias]
        values[f"{alias}.limit.shared"] = ("text", named(*others))
        if alias == "typhoon":
            values["typhoon.least_deductible"] = ("money", number(500))
            values["typhoon.deductible_share"] = ("ratio", number("0.05"))
        else:
            values[f"{alias}.deductible"] = ("money", (number(500), number(1000)))
    values["theft.event_limit"] = ("money", number(20_000))
    reads = {f"{alias}.limit" for alias in COVERS} | {
        "fire.deductible",
        "water_damage.deductible",
        "theft.deductible",
        "theft.event_limit",
        "typhoon.least_deductible",
        "typhoon.deductible_share",
    }
    return make("property", "家庭财产保险", tuple(modules), values, reads)
