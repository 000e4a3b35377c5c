"""Law 1 for products of many states and of values that read one another: every cover and basis."""

from dataclasses import replace

import pytest

from product_factory.shelf import installed, open_shelf
from sandbox.launch.launch import proved_with_another
from sandbox.laws import long_term
from sandbox.laws.long_term import SHARE, law_one_long_term
from sandbox.laws.profiles import profiles
from tests.law_sizes import OFF, SIZES, SMALL, WHOLE
from tests.the_shelf import shipped

pytestmark = pytest.mark.long

SEED = 20260301
PRODUCTS = {
    "critical_illness": (
        {"pricing", "best_estimate", "cash_value"},
        {"death", "severe", "moderate", "mild"},
    ),
    "increasing_whole_life": (
        {"pricing", "best_estimate", "cash_value", "minimum_value"},
        {"death"},
    ),
    "endowment": ({"pricing", "best_estimate", "cash_value"}, {"death", "maturity", "survival"}),
    "disability_income": ({"pricing", "best_estimate", "cash_value"}, {"death", "income"}),
    "long_term_care": (
        {"pricing", "best_estimate", "cash_value"},
        {"moderate", "severe", "death"},
    ),
    "long_term_medical": (
        {"pricing", "best_estimate", "cash_value"},
        {"inpatient", "accidental_death"},
    ),
    "annuity": ({"pricing", "best_estimate", "cash_value"}, {"death", "annuity"}),
}


DEAR = {"long_term_medical"}
"""Every event is drawn: a sixteenth of the run-offs in every run, each of fewer lives."""
FEW_LIVES = 500


@pytest.fixture(scope="module", params=SIZES)
def size(request):
    """Give what the standard error is multiplied by."""
    return request.param


@pytest.fixture(scope="module", params=PRODUCTS)
def compared(request, size):
    product = shipped(request.param)
    every = list(product.bases.values())
    bases = [basis for basis in every if not proved_with_another(basis, every)]
    few = size > WHOLE and product.name in DEAR
    share = SHARE * (SMALL if few else size)
    with pytest.MonkeyPatch.context() as patch:
        if few:
            patch.setattr(long_term, "LIVES", FEW_LIVES)
        found = law_one_long_term(product, bases, profiles(product), SEED, share=share, threads=2)
    return product, found


def test_every_long_term_product_of_the_shelf_is_held():
    shelf = {name for name in open_shelf(installed()).products() if shipped(name).long_term}
    assert shelf == {*PRODUCTS, "term_life"}  # the last: tests/sandbox/laws/test_long_term.py


def test_every_cover_is_compared_on_every_basis_for_three_profiles(compared):
    product, laws = compared
    bases, covers = PRODUCTS[product.name]
    names = {profile.name for profile in profiles(product)}
    assert set(product.bases) - {"valuation"} == bases
    assert len(names) >= 3
    seen = {(law.group[0], law.basis, law.profile) for law in laws}
    assert {(c, b, n) for c in covers for b in bases for n in names} <= seen
    assert {("surrender", "best_estimate", n) for n in names} <= seen


def test_the_price_is_the_mean_of_the_simulation(compared):
    for law in compared[1]:
        assert law.error <= law.share * law.expected, str(law)
        assert abs(law.expected - law.simulated) <= 4.0 * law.error + law.bound, str(law)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_cost_that_is_off_fails_the_law(compared, side):
    for law in compared[1]:
        factor = 1.0 + side * OFF * law.share / SHARE
        # what an optional cover that was not chosen pays is nothing, which no factor moves
        if law.expected:
            assert not replace(law, expected=law.expected * factor).holds, str(law)
