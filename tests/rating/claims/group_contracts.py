"""Contracts made at random, as those of a group: every member has the sum insured for itself."""

from collections.abc import Sequence

from product_factory.examples import ClaimEvent
from tests.rating.claims.shelf_products import event

OFFERED = """\
offers:
  sum_insured: {type: money, min: 1000, max: 1000000, step: 1000}
"""
MEMBERS = """\
items:
  member:
    title: {zh: 成员, en: Member}
    many: yes
    offers: {sum_insured: {type: money, min: 1000, max: 1000000, step: 1000}}
"""
SHARED = ("waives: premium", "ends: contract")
"""What one member does to the policy of all."""


def grouped(files: dict[str, str], *, each: bool) -> dict[str, str]:
    """Give the files of the same promises to members; each: with all balances of their own."""
    found = {}
    for name, text in files.items():
        assert OFFERED not in text or name == "made/product.yaml"
        changed = text.replace(OFFERED, MEMBERS)
        if name == "made/product.yaml":
            for place in range(4):
                changed = changed.replace(f"as: c{place}}}", f"as: c{place}, items: [member]}}")
        if name.startswith("processes/"):
            for letter in "ab":
                changed = changed.replace(f"en: {letter}}}}}", f"en: {letter}}}, each: item}}")
        for per in ("policy_year", "contract") if each else ():
            changed = changed.replace(f"per: {per}}}", f"per: {per}, each: item}}")
        found[name] = changed
    return found


def of_member(number: int, one: ClaimEvent) -> ClaimEvent:
    """Let an event happen to a member."""
    found = event(one.date, one.event, one.marks)
    return found.model_copy(update={"item": f"member.{number}"})


def of_all(policy: dict[str, object], sums: Sequence[int]) -> dict[str, object]:
    """Give a policy with a member for each sum insured."""
    found = {name: value for name, value in policy.items() if name != "sum_insured"}
    return {**found, "items": {"member": [{"sum_insured": one} for one in sums]}}
