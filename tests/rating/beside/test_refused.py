"""What a contract with treatments beside a life cannot be, each with its place."""

import re

import pytest

from product_factory.errors import BadInput
from rating.engines.multistate.unknowns import bound
from tests.rating.beside.tiny_medical import (
    BASES,
    MEDICAL,
    PER_YEAR,
    PRODUCT,
    medical,
    often,
    one_life,
)
from tests.rating.plain_life import table

SHORT = table(
    "treatments", "often", [(x, often(x)) for x in range(30, 43)], kind="number, unit: per year"
)
CASES = {
    "an age without a rate": (
        {"tables/treatments.csv": SHORT},
        "pricing.risk.illness.treatment",
        "at age 40, policy year 4, attained age 43",
    ),
    "a limit of the whole contract": (
        {"modules/health/medical.yaml": MEDICAL + "    - {limit: limit, per: contract}\n"},
        "covers.medical.adjust",
        "a limit per contract lasts longer than the policy year that is priced; leave out",
    ),
    "an expense for each claim": (
        {
            "plain/bases.yaml": BASES.replace(
                "  loading: 20%\n",
                "  loading: 20%\n  expenses: [{name: desk, per: claim, amount: 50}]\n",
            )
        },
        "pricing.expenses",
        "expected expenses per claim_payment",
    ),
    "a payment that ends the contract": (
        {"modules/health/medical.yaml": MEDICAL + PER_YEAR + "  then: {ends: contract}\n"},
        "medical",
        "a payment ends the cover or the contract",
    ),
    "an inflation that ends too early": (
        {
            "plain/bases.yaml": BASES.replace("inflation: 6%", "inflation: rises"),
            "tables/rises.csv": table(
                "rises", "rate", [(1, 0.05), (2, 0.05)], "policy_year: {key: exact, type: integer}"
            ),
        },
        "pricing.inflation",
        "expected a rate above -100%, got no rate, the table ends in policy year 3",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_has_no_price_is_refused_with_its_place(tmp_path, case):
    files, path, says = CASES[case]
    product = medical(tmp_path, **files)
    with pytest.raises(BadInput) as caught:
        bound(product, product.bases["pricing"], one_life())
    (problem,) = caught.value.problems
    assert problem.path == path
    assert says in problem.text
    assert problem.at.line > 0


WRONG = {
    "inflation without such events": (
        {
            "plain/product.yaml": PRODUCT.replace(", illness: illness@^1", "").replace(
                "  - {use: health/medical@^1, as: medical}\n", ""
            ),
            "plain/bases.yaml": "pricing:\n  interest: 3%\n  inflation: 6%\n  loading: 20%\n"
            "  risk: {mortality: {death: q}, lapse: {surrender: 0}}\n",
        },
        "plain/bases.yaml:3:14: pricing.inflation: expected no inflation",
    ),
    "a cover of both kinds of events": (
        {
            "modules/health/medical.yaml": MEDICAL.replace(
                "event: illness.treatment", "event: [illness.treatment, mortality.death]"
            )
            .replace("amount: bill", "amount: 5000")
            .replace("indemnity", "lump_sum")
            + PER_YEAR
            + "  then: {ends: contract}\n"
        },
        "expected events of a life, or events counted by the year, got both",
    ),
    "an inflation that depends on the age": (
        {"plain/bases.yaml": BASES.replace("inflation: 6%", "inflation: q")},
        "expected one rate for all, or one by policy year, got one that depends on attained_age",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_product_that_mixes_the_two_wrongly_is_no_product(tmp_path, case):
    files, says = WRONG[case]
    with pytest.raises(BadInput, match=re.escape(says)):
        medical(tmp_path, **files)
