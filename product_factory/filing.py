"""`filing:` of a product: what its filer states that no module, basis or tariff says."""

from typing import Annotated, Literal

from product_factory.strict import PlainText, Share, Strict, YesNo, word_of

# What is sold → what its Chinese name ends with: 人身保险公司保险条款和保险费率管理办法(2015修订)
# 15-18, and 财产保险公司保险条款和保险费率管理办法. The longest ending that fits is the type.
NAMED = {
    "term": ("定期寿险",),
    "whole_life": ("终身寿险",),
    "endowment": ("两全保险",),
    "annuity": ("年金保险",),
    "life": ("人寿保险",),
    "disease": ("疾病保险",),
    "medical": ("医疗保险",),
    "care": ("护理保险",),
    "disability_income": ("失能收入损失保险",),
    "health": ("健康保险",),
    "accident": ("意外伤害保险", "意外险"),
    "property": ("财产保险", "家庭财产保险"),
    "liability": ("责任保险",),
    "credit": ("信用保险", "保证保险"),
    "motor": ("机动车保险", "机动车综合商业保险", "汽车保险"),
    "compulsory_motor": ("机动车交通事故责任强制保险",),
    "household_catastrophe": ("城乡居民住宅巨灾保险",),
}
TYPES = tuple(NAMED)


class Filing(Strict):
    """What the filer states; a key that is not written and has no default leaves rules undecided.

    type                what is sold; by default what the product's Chinese name ends with
    form                the main contract or a rider to one
    route               filed, or approved beforehand (备案, 审批)
    company             the company's name, or its short name, as it begins the product's name
    tax_preferred       sold as tax-preferred health insurance
    activation_card     sold as a card that the buyer activates
    commission_ceiling  the highest commission, as a share of the premium
    medical_inflation   yearly growth of medical cost that the valuation assumes
    dividend_spread     the higher spread of the dividend illustration over the pricing rate
    dividend_share      share of the surplus that goes to policyholders in that illustration
    """

    type: Annotated[str, word_of(TYPES)] | None = None
    form: Literal["main", "rider"] = "main"
    route: Literal["filed", "approved"] = "filed"
    company: PlainText | None = None
    tax_preferred: YesNo = False
    activation_card: YesNo = False
    commission_ceiling: Share | None = None
    medical_inflation: Share | None = None
    dividend_spread: Share | None = None
    dividend_share: Share | None = None


def type_named(name: str) -> str | None:
    """Give the type that a Chinese product name ends with, a design in brackets apart."""
    for bracket in ("（", "("):
        name = name.partition(bracket)[0]
    fitting = [
        (len(word), kind) for kind, words in NAMED.items() for word in words if name.endswith(word)
    ]
    return max(fitting)[1] if fitting else None
