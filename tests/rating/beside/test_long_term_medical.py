"""The shelf's long-term medical product against a textbook written a year at a time."""

import numpy as np
import pytest

from rating.claims.golden import check_claims
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.unknowns import bound, cash_values
from rating.engines.multistate.value import net_premium, pv_claims
from tests.rating.beside import medical_textbook as slow
from tests.the_shelf import shipped

PRODUCT = shipped("long_term_medical")
NODES = 2e-5
"""How far 12 Gauss nodes in time and another lattice may be from the engine's, of the cost."""
YEARLY_LIMIT = 2e-4
"""What the yearly limit takes of a member's cost, which the textbook leaves out."""


def life(age: float, sex: int, ssi: int, deductible: int) -> Cells:
    """One insured; choices by their places."""
    given = {"age": age, "sex": sex, "ssi": ssi, "deductible": deductible}
    return Cells({name: np.array([float(value)]) for name, value in given.items()})


def test_who_is_no_member_pays_the_textbook_premium():
    model = bound(PRODUCT, PRODUCT.bases["pricing"], life(32, 0, 1, 0))
    treated, died, due = slow.net_premium(32, "M", "none", 10_000.0)
    found = pv_claims(model)
    assert found["accidental_death"][0] == pytest.approx(died, rel=1e-12)
    medical = found["inpatient"][0] + found["special_outpatient"][0]
    assert medical == pytest.approx(treated, rel=NODES)
    assert net_premium(model)[0] == pytest.approx((treated + died) / due, rel=NODES)


@pytest.mark.prove
def test_a_member_pays_the_textbook_premium_less_what_the_yearly_limit_takes():
    model = bound(PRODUCT, PRODUCT.bases["pricing"], life(45, 1, 0, 1))
    treated, died, due = slow.net_premium(45, "F", "member", 20_000.0)
    expected, found = (treated + died) / due, net_premium(model)[0]
    assert expected * (1.0 - YEARLY_LIMIT) < found < expected


@pytest.mark.prove
def test_the_cash_value_is_the_reserve_with_loadings_of_the_textbook():
    found = cash_values(PRODUCT, life(32, 0, 1, 0))[0]
    for year in (1, 3, 7, 8, 9):
        expected = slow.cash_value(32, "M", "none", 10_000.0, year)
        assert found[year - 1] == pytest.approx(expected, abs=0.02), year
    assert found[9] == 0.0


@pytest.mark.prove
def test_claims_worked_by_hand_are_paid_to_the_cent():
    assert check_claims(PRODUCT) == ()
