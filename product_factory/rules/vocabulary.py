"""The facts that a rule may read, by name, with their types: a slip in a rule is an error at load.

Besides these, `definition.TERM.ALIAS`, `definition.TERM.least` and `definition.TERM.most` stand for
the terms of modules in use (with `waits` for the waiting periods of promises) and for the facts and
choices of the policy (`lives.least` also for items of which several may stand in a policy),
`definition.TERM.EVENT` for the most over the covers that pay for an event,
`definition.BASIS.interest`, `.loading` and `.expenses` (how many lines) for bases, and anything may
stand under `figures`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from product_factory.expressions.scope import InputLeaf, Leaf
from product_factory.expressions.units import LITERAL
from product_factory.parameters import DatedValue
from product_factory.rules.facts import HEADS, Grain
from product_factory.scopes import parameter_leaf
from product_factory.types import Type

NUMBERS = {
    "definition.name_words": "integer",
    "definition.name_has_company": "yes_no",
    "definition.name_has_type": "yes_no",
    "definition.age_least": "age",
    "definition.age_most": "age",
    "definition.term_most": "years",
    "definition.term_days": "days",
    "definition.promise_most": "years",
    "definition.pays_death": "yes_no",
    "definition.death_by_illness": "yes_no",
    "definition.death_by_accident": "yes_no",
    "definition.waits_priced": "yes_no",
    "definition.commission_ceiling": "ratio",
    "definition.medical_inflation": "ratio",
    "definition.dividend_spread": "ratio",
    "definition.dividend_share": "ratio",
    "rates.profit_tested": "yes_no",
    "rates.profit_tested_points": "integer",
    "rates.reference_sum_insured": "money",
    "wording.exclusions_highlighted": "yes_no",
    "wording.exclusions_together": "yes_no",
}

TEXTS = (
    *(f"definition.{head}" for head in HEADS),
    "definition.name",
    "definition.terms",
    "definition.events",
    "definition.kinds",
    "definition.limit_periods",
    "definition.excluded_causes",
    "definition.excluded_for_ever",
    "definition.waits_left_out",
    "definition.valuation_tables",
    "rates.rated_by",
    "wording.text",
    "wording.headings",
    "wording.highlighted",
)

CELL = {
    "age": "age",
    "term": "years",
    "pay": "years",
    "sum_insured": "money",
    "sum_insured_most": "money",
    "premium": "money",
    "net_premium": "money",
    "loading": "ratio",
    "first_year_loading": "ratio",
    "later_loading": "ratio",
    "lapse_five_years": "ratio",
    "survival_from": "years",
    "new_business_value": "money",
}
YEAR = {
    "policy_year": "years",
    "attained_age": "age",
    "premiums_paid": "money",
    "death_benefit": "money",
    "death_benefit_beyond": "money",
    "living_benefit": "money",
    "survival_benefit": "money",
    "cash_value": "money",
    "minimum_cash_value": "money",
}
COLUMNS: dict[Grain, dict[str, str]] = {
    (): {},
    ("cell",): CELL,
    ("cell", "policy_year"): CELL | YEAR,
}
PARTS = 3
"""`definition.waiting.death` has three."""


@dataclass(frozen=True)
class Vocabulary:
    """Every name that a rule of one grain may read, as a scope with types and no values."""

    grain: Grain
    parameters: Mapping[str, DatedValue]

    def find(self, name: str) -> Leaf | None:
        """Give a leaf of the name's type, or None for a word that no stage knows."""
        columns = COLUMNS[self.grain]
        if name in columns:
            return InputLeaf(name, Type(columns[name]))
        if name in NUMBERS:
            return InputLeaf(name, Type(NUMBERS[name]))
        if name in self.parameters:
            return parameter_leaf(self.parameters[name])
        parts = name.split(".")
        if parts[0] == "figures" or (parts[0] == "definition" and len(parts) == PARTS):
            return InputLeaf(name, LITERAL)
        return None

    def names(self) -> Iterable[str]:
        """List the names, for "did you mean"."""
        return [*COLUMNS[self.grain], *NUMBERS, *self.parameters]
