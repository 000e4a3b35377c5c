"""What is priced is what is claimed: due dates of a grid against those of a calendar."""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory.numbers.dates import add_months
from rating.claims import pay_with
from rating.engines.multistate import bound, pv_claims
from rating.payout import bind
from tests.product_factory.shelves import made
from tests.rating.claims.shelf_products import event
from tests.rating.engines.test_instalments import TABLE, cells, shelf

START = date(2026, 1, 31)
PERIODS = ("month", "quarter", "half_year", "year", "2 years", "7 years")
AMOUNTS = ("sum_insured", "sum_insured * (policy_year / term)", "premiums_paid + 5")


@dataclass(frozen=True)
class Drawn:
    """A promise in its letter; a failing one prints as it would be written."""

    every: str
    side: str
    begins: int
    until: int
    guaranteed: int
    amount: str

    @property
    def due(self):
        ends = f", until: {self.until}" if self.until else ""
        return (
            f"{{every: {self.every}, at: {self.side}, from: {self.begins}{ends}, "
            f"guaranteed: {self.guaranteed}}}"
        )


DRAWN = st.builds(
    Drawn,
    every=st.sampled_from(PERIODS),
    side=st.sampled_from(["start", "end"]),
    begins=st.integers(0, 12),
    until=st.integers(0, 22),
    guaranteed=st.integers(0, 9),
    amount=st.sampled_from(AMOUNTS),
)


def immortal(folder, drawn):
    """The small shelf's product where hardly anyone dies and money earns nothing, by the month."""
    files = shelf(drawn.due, drawn.amount, event="mortality.death", step="month")
    files[TABLE] = re.sub(r",[0-9.e-]+$", ",1e-12", files[TABLE], flags=re.MULTILINE)
    bases = "short_life/bases.yaml"
    return made(folder, "short_life", files | {bases: files[bases].replace("3.5%", "0%")})


@given(DRAWN, st.integers(0, 239))
@settings(max_examples=12, deadline=None)
def test_all_that_falls_due_is_worth_what_is_listed_and_a_death_leaves_the_same(
    tmp_path_factory, drawn, month
):
    """Without deaths and interest a price is the sum of the payments. Then a death in some month:
    what the grid holds for it against what the calendar lists.
    """
    product = immortal(tmp_path_factory.mktemp("due"), drawn)
    at = bound(product, product.bases["pricing"], cells((30, 0, 1, 1_000.0)), np.array([7.0]))
    given = {"age": 30, "sex": "M", "term": 20, "pay": 20, "sum_insured": 1_000, "premium": 7}
    policy = {"start": START, **given}
    listed = pay_with(bind(product), policy, [event(date(2046, 1, 31), "alive")])
    assert abs(pv_claims(at)["alive"][0] - listed.total) < 0.005 * (1 + len(listed.payments))
    day = add_months(START, month)
    died = pay_with(bind(product), policy, [event(day, "mortality.death", {"cause": "illness"})])
    rest = sum(a.amount or 0.0 for a in died.events[-1].answers if a.name == "alive")
    held = [p.amount[0, month] for w in at.ways for p in w.payments if p.column == "alive"]
    assert abs(sum(held) - rest) < 0.005 * (1 + len(listed.payments))
