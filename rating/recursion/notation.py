"""Actuarial notation and words of the recursion's terms, in Chinese and English.

ₜV is the value t years since issue, x the age at entry, q_[x]+t the chance of an event and p_[x]+t
that of nothing happening, within a step from x + t on, of a life selected at x; v discounts over
the step. A superscript names the event, or the state in which the value is.
"""

from collections.abc import Mapping
from fractions import Fraction

from product_factory.assembled import AssembledProduct
from product_factory.state_names import event_title, title
from rating.recursion.recursion import Step, Term
from rating.recursion.state_words import Told

SUBSCRIPTS = str.maketrans("0123456789/+", "₀₁₂₃₄₅₆₇₈₉⁄₊")
WORDS: Mapping[str, tuple[str, str]] = {
    "due": ("加：{of}，此时给付", "plus what falls due now: {of}"),
    "premium": ("减：此时应交的保险费", "less the premium that falls due"),
    "commission": ("加：该保险费的佣金", "plus the commission of that premium"),
    "counts": (
        "加：多交这一期保险费，日后给付因此增加的价值",
        "plus what one more premium paid adds to later payments",
    ),
    "expenses": ("加：此时的费用", "plus the expenses of now"),
    "runs": (
        "加：本期内{of}的预期给付",
        "plus what {of} is expected to pay for events of this step",
    ),
    "settles": (
        "加：本期内{of}的预期理赔费用",
        "plus what settling {of} is expected to cost in this step",
    ),
    "pays": ("加：{of}的概率 × 给付额", "plus the chance of {of} times what is paid"),
    "settling": ("加：{of}的概率 × 理赔费用", "plus the chance of {of} times what settling costs"),
    "leads": (
        "加：{of}的概率 × 转入状态“{target}”的价值",
        "plus the chance of {of} times the value in state '{target}'",
    ),
    "stays": (
        "加：无事发生的概率 × 下一时点的价值",
        "plus the chance of nothing times the next value",
    ),
    "onward": (
        "加：无事发生的概率 × 转入状态“{target}”的价值",
        "plus the chance of nothing times the value in state '{target}'",
    ),
}
CLAIM, COST = "S", "h"
RUNNING = {"runs": (CLAIM, 1), "settles": (COST, 2)}
"""Of what events counted by the year cost: the letter, and how many factors besides v."""


class Notation:
    """How the terms of one policy are written.

    entry  its age at issue, or None;  states: the name of each → what it is in words
    """

    def __init__(
        self,
        product: AssembledProduct,
        entry: float | None,
        per_year: int,
        states: Mapping[str, Told],
    ) -> None:
        self.product, self.per_year, self.states = product, per_year, states
        self.several = len(states) > 1
        self.entry = None if entry is None else f"{entry:g}"

    def since(self, time: int) -> str:
        """Write the years since issue: 4, or 4+1/12."""
        years, parts = divmod(time, self.per_year)
        if not parts:
            return str(years)
        part = Fraction(parts, self.per_year)
        return f"{years}+{part}" if years else str(part)

    def value(self, time: int, state: str, letter: str = "V") -> str:
        """Write the value at a time in a state: ₄V, ₄V^waived."""
        name = f"^{state}" if self.several and state else ""
        return f"{self.since(time).translate(SUBSCRIPTS)}{letter}{name}"

    def symbol(self, term: Term, time: int, letter: str = "V") -> str:
        """Write a term without its sign."""
        at = f"_[{self.entry or 'x'}]+{self.since(time)}"
        event = term.of.partition(".")[2] or term.of
        v = "v·" if len(term.factors) == 3 else ""  # noqa: PLR2004 - discount, chance, amount
        chance = f"{v}q{at}^{event}"
        simple = {"due": f"B^{term.of}", "premium": "P", "commission": "c·P", "expenses": "E"}
        if term.kind in simple:
            return simple[term.kind]
        if term.kind in RUNNING:
            letter, undiscounted = RUNNING[term.kind]
            discount = "v·" if len(term.factors) > undiscounted else ""
            return f"{discount}{letter}{at}^{term.of}"
        if term.kind == "counts":
            return self.value(time, "", "b")
        if term.kind in ("pays", "settling"):
            return f"{chance}·{CLAIM if term.kind == 'pays' else COST}"
        first = chance if term.kind == "leads" else f"v·p{at}"
        return f"{first}·{self.value(time + 1, term.target, letter)}"

    def says(self, term: Term, language: str) -> str:
        """Say a term in words, zh or en."""
        of = ""
        if term.kind in RUNNING:
            of = title(self.product.uses[term.of.partition(".")[0]].title, language)
        elif "." in term.of:
            of = event_title(self.product, term.of, language)
            if term.marks:
                of += f"（{term.marks}）" if language == "zh" else f" ({term.marks})"
        elif term.of:
            of = title(self.product.covers[term.of].title, language)
        place = language != "zh"
        target = self.states[term.target][place] if term.target else ""
        return WORDS[term.kind][place].format(of=of, target=target)

    def head(self, step: Step) -> tuple[str, str]:
        """Say where a step stands, in Chinese and English."""
        year = step.time // self.per_year + 1
        within = step.time % self.per_year
        zh, en = f"第 {year} 保单年度", f"policy year {year}"
        if self.per_year > 1:
            zh, en = f"{zh}第 {within + 1} 月", f"{en}, month {within + 1}"
        if self.entry is not None:
            age = int(self.entry) + year - 1
            zh, en = f"{zh}，{age} 岁", f"{en}, age {age}"
        if self.several:
            told = self.states[step.state]
            zh, en = f"{zh}，状态“{told[0]}”", f"{en}, state '{told[1]}'"
        return zh, en
