"""Decisions that never fall, always do, or are hidden: found exactly, held against every policy."""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rating.plan import bind
from rating.soundness import decision_flaws
from tests.rating.tiny_shelf import BASES, FRAME, product_of, write_shelf

TOWNS, AGES, SIZES = ("a", "b", "c"), range(18, 23), range(1, 4)
DEN = f"""product: den
title: {{zh: 窝, en: Den}}
{FRAME}
contract: {{term: 1, pay: 1, renewal: none}}
insured:
  town: {{type: choice, of: [a, b, c]}}
  age: {{type: age, min: 18, max: 22}}
  kept: {{type: yes_no}}
items:
  hut:
    title: {{zh: 屋, en: Hut}}
    insured: {{size: {{type: integer, min: 1, max: 3}}}}
  tent:
    title: {{zh: 帐, en: Tent}}
    optional: yes
    insured: {{size: {{type: integer, min: 1, max: 3}}}}
processes: {{fire: fire@^1}}
covers:
  - {{use: property/fire@^1, as: fire, items: [hut, tent]}}
accepts:
"""
RATING = """
- {name: share, kind: compute, level: item, is: size * 2}
- {name: premium, kind: total, of: share, by: sum}
"""


@dataclass(frozen=True)
class Condition:
    """A condition, as YAML and as it stands for one item of a policy."""

    towns: frozenset[str]
    age_above: int
    age_below: int
    kept: str
    item: str
    size_above: int

    @property
    def of_items(self):
        return bool(self.item) or self.size_above > 0

    def yaml(self):
        parts = [f"age: {{above: {self.age_above}, below: {self.age_below}}}"]
        parts += [f"town: [{', '.join(sorted(self.towns))}]"] if len(self.towns) < 3 else []
        parts += [f"kept: {self.kept}"] if self.kept else []
        parts += [f"item: {self.item}"] if self.item else []
        parts += [f"size: {{above: {self.size_above}}}"] if self.size_above else []
        return f"{{{', '.join(parts)}}}"

    def meets(self, policy):
        town, age, kept, items = policy
        if town not in self.towns or not self.age_above < age < self.age_below:
            return False
        if self.kept and kept != self.kept:
            return False
        if not self.of_items:
            return True
        return any(self.item in ("", item) and size > self.size_above for item, size in items)


OF_ITEMS = {
    "item": st.sampled_from(["", "hut", "tent"]),
    "size_above": st.sampled_from([0, 1, 2, 3]),
}
WIDE = st.builds(
    Condition,
    towns=st.just(frozenset(TOWNS)),
    age_above=st.just(17),
    age_below=st.just(23),
    kept=st.just(""),
    **OF_ITEMS,
)
CONDITIONS = WIDE | st.builds(
    Condition,
    towns=st.sampled_from([frozenset(TOWNS), frozenset("a"), frozenset("ab"), frozenset("c")]),
    age_above=st.sampled_from([17, 17, 19, 21, 22]),
    age_below=st.sampled_from([23, 23, 21, 18]),
    kept=st.sampled_from(["", "", "yes", "no"]),
    **OF_ITEMS,
)


@st.composite
def tariffs(draw):
    """Lines of `accepts` and steps, whose conditions are often the same or parts of one another."""
    pool = draw(st.lists(CONDITIONS, min_size=1, max_size=3))
    some = st.sampled_from(pool) | st.builds(narrowed, st.sampled_from(pool), CONDITIONS)
    lines = draw(st.lists(some, max_size=2))
    kinds = st.sampled_from(["refer", "decline"])
    steps = draw(st.lists(st.tuples(kinds, some), min_size=4, max_size=9))
    return (
        [(f"line{n}", one) for n, one in enumerate(lines)],
        [(f"step{n}", kind, one) for n, (kind, one) in enumerate(steps)],
    )


def narrowed(one, other):
    return Condition(
        one.towns & other.towns or one.towns,
        max(one.age_above, other.age_above),
        min(one.age_below, other.age_below),
        one.kept or other.kept,
        one.item or other.item,
        max(one.size_above, other.size_above),
    )


def every_policy():
    for town, age, kept, hut in itertools.product(TOWNS, AGES, ("yes", "no"), SIZES):
        for tent in (None, *SIZES):
            items = [("hut", hut)] + ([("tent", tent)] if tent is not None else [])
            yield town, age, kept, items


POLICIES = list(every_policy())


def wanted(lines, steps):
    """What brute force over every policy says of each line and step, in a word."""
    found = {}
    refused = np.zeros(len(POLICIES), dtype=bool)
    for name, one in lines:
        meets = np.array([one.meets(policy) for policy in POLICIES])
        if not meets.any():
            found[name] = "never"
        elif meets.all():
            found[name] = "always"
        elif not (meets & ~refused).any():
            found[name] = "behind"
        refused = refused | meets
    falls = [(n, k, np.array([one.meets(p) for p in POLICIES])) for n, k, one in steps]
    declined = np.any(
        [meets for _, kind, meets in falls if kind == "decline"] or [refused & False], 0
    )
    for name, kind, meets in falls:
        if not meets.any():
            found[name] = "never"
        elif meets.all():
            found[name] = "always"
        elif not (meets & ~refused).any():
            found[name] = "refused"
        elif meets[~refused].all():
            found[name] = "always"
        elif kind == "refer" and not (meets & ~refused & ~declined).any():
            found[name] = "declined"
    return found


WORDS = {"never seen": "behind", "by 'accepts'": "refused", "never decides": "declined"}
WORDS |= {"none of all": "never", "always": "always"}


def told(flaw):
    return next(kind for word, kind in WORDS.items() if word in flaw.en)


def test_what_is_found_is_what_every_policy_says(tmp_path):
    """Lines of `accepts` and steps at random, against all 360 policies one by one."""
    shelf = write_shelf(tmp_path)

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(tariffs())
    def law(tariff):
        lines, steps = tariff
        plan = plan_of(shelf, lines, steps)
        expected = wanted(lines, steps)
        found = decision_flaws(plan)
        assert {flaw.name: told(flaw) for flaw in found} == expected
        assert all(flaw.sure and flaw.zh and flaw.at.line for flaw in found)

    law()


def plan_of(shelf, lines, steps):
    says = "says: {zh: 否, en: No}"
    accepts = [
        f"  - {{name: {name}, {'each: item, ' * one.of_items}when: {one.yaml()}, "
        f"require: 1 > 2, {says}}}\n"
        for name, one in lines
    ]
    decides = [
        f"- {{name: {name}, kind: {kind}, {'level: item, ' * one.of_items}when: {one.yaml()}, "
        f"{says}}}\n"
        for name, kind, one in steps
    ]
    folder = shelf / "den"
    folder.mkdir(exist_ok=True)
    text = DEN if accepts else DEN.removesuffix("accepts:\n")
    (folder / "product.yaml").write_text(text + "".join(accepts), encoding="utf-8")
    (folder / "rating.yaml").write_text(RATING + "".join(decides), encoding="utf-8")
    (folder / "bases.yaml").write_text(BASES, encoding="utf-8")
    return bind(product_of(shelf, "den"))


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ('{zh: "", en: No}', "expected what the customer is told in 'zh', got nothing"),
        ('{zh: 否, en: " "}', "expected what the customer is told in 'en', got nothing"),
        ("{zh: No, en: No}", "expected a reason in each language, got 'No' in both"),
    ],
)
@pytest.mark.parametrize("of", ["line", "step"])
def test_a_reason_is_said_in_both_languages(tmp_path, says, message, of):
    shelf = write_shelf(tmp_path)
    one = Condition(frozenset("a"), 19, 23, "", "", 0)
    plan_of(
        shelf, [("line", one)], [("step", "refer", Condition(frozenset("c"), 19, 23, "", "", 0))]
    )
    file = shelf / "den" / ("product.yaml" if of == "line" else "rating.yaml")
    file.write_text(file.read_text("utf-8").replace("{zh: 否, en: No}", says), encoding="utf-8")
    assert [flaw.en for flaw in decision_flaws(bind(product_of(shelf, "den")))] == [message]


def test_nothing_is_said_where_not_every_risk_can_be_tried(shelf):
    """A premium is calculated, and a referral by it may fall for some that were not tried."""
    file = shelf / "lamp" / "rating.yaml"
    says = "says: {zh: 贵, en: Dear}"
    text = f"- {{name: high, kind: refer, when: {{payable: {{above: 1000000}}}}, {says}}}\n"
    file.write_text(file.read_text("utf-8") + text, encoding="utf-8")
    assert decision_flaws(bind(product_of(shelf, "lamp"))) == ()
