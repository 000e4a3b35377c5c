"""Inputs that no engine can price end in one line that names the cell, and in exit code 2."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rating.engines.multistate import Cells, bound, gross_premium, net_premium
from rating.engines.multistate.value import net_single_premium
from tests.rating.plain_life import BASES, DEATH, PRODUCT, RATING, plain, q, table, write_plain
from tests.the_command import inside

GROSS = RATING.replace("net_rate", "gross_rate").replace("net_premium", "gross_premium")
YEAR = "policy_year: {key: exact, type: integer}"
SHORT = table("Short", "short", [(1, "5%"), (2, "3%")], YEAR)
COSTS = table("Costs", "costs", [(1, "5"), (2, "3")], YEAR, "money")
CELL = "age 30, term 5, pay 1, sum_insured 1000"


def bases(old, new):
    assert old in BASES
    return {"plain/bases.yaml": BASES.replace(old, new, 1)}


def spends(line):
    return bases("  loading: 0%\n", f"  expenses: [{{name: x, {line}}}]\n")


def dies(amount):
    return {"modules/life/death.yaml": DEATH.replace("amount: sum_insured", f"amount: {amount}")}


FOR_LIFE = PRODUCT.replace("term: offered", "term: life").replace("pay <= term", "pay <= 100")
FOR_LIFE = FOR_LIFE.replace("  term: {type: years, of: [5, 10, 20]}\n", "")
IMPOSSIBLE = {
    "a probability above one after a loading": (
        bases("{death: q}", "{death: q * 2000%}"),
        "expected a probability of 0 to 1, got 1.05354 at age 57, term 20, pay 1, sum_insured 1000",
    ),
    "a probability below nothing": (
        bases("{death: q}", "{death: q - 1%}"),
        f"expected a probability of 0 to 1, got -0.009 at {CELL}, policy year 1",
    ),
    "a table of deaths that ends too early": (
        {"tables/q.csv": table("q", "q", [(x, q(x)) for x in range(30, 70)])},
        "got no rate, the table ends at age 51, term 20, pay 1, sum_insured 1000, policy year 20",
    ),
    "a table of surrenders that ends too early": (
        bases("surrender: 0", "surrender: short") | {"tables/short.csv": SHORT},
        f"lapse.surrender: expected a probability of 0 to 1, got no rate, the table ends at {CELL}",
    ),
    "a table of a whole life that ends before lives do": (
        {"plain/product.yaml": FOR_LIFE, "plain/rating.yaml": GROSS.replace("term, ", "")},
        "expected tables that end with a life, got a last rate of 7.4358% in policy year 51",
    ),
    "a loading that ends too early": (
        bases("loading: 0%", "loading: short") | {"tables/short.csv": SHORT},
        f"bases.yaml:3:12: pricing.loading: expected a number, got no value at {CELL}, policy year",
    ),
    "an expense that ends too early": (
        spends("per: policy, amount: costs") | {"tables/costs.csv": COSTS},
        f"pricing.expenses.x.amount: expected a number, got no value at {CELL}, policy year 3",
    ),
    "an expense that shrinks below nothing": (
        spends("per: policy, amount: 10, grows: -200%"),
        "pricing.expenses.x.grows: expected growth above -100%, got -200.000000%",
    ),
    "a loading of everything": (
        bases("loading: 0%", "loading: 100%"),
        f"pricing.loading: premiums leave nothing after loadings at {CELL}",
    ),
    "commissions of more than everything": (
        spends("per: premium, amount: 120%"),
        "pricing.loading: premiums leave nothing after loadings at age 30, term 10, pay 10",
    ),
    "a fixed point that does not exist": (
        dies("premiums_paid * 200"),
        f"no premium pays for the benefits, which grow with it as fast, at {CELL}",
    ),
    "benefits that the customer pays": (
        dies("0 - sum_insured"),
        f"gross_rate.gross_premium: expected 0 or more, got -5.44146 at {CELL}",
    ),
    "an interest that leaves nothing": (
        bases("interest: 3%", "interest: -100%"),
        "pricing.interest: expected a rate above -100%, got -100.000000% in policy year 1",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_priced_is_one_line_and_names_the_cell(tmp_path, name):
    files, said = IMPOSSIBLE[name]
    root = write_plain(tmp_path, **{"plain/rating.yaml": GROSS, **files})
    found = inside("build", "plain", "--shelf", str(root))
    assert found.returncode == 2
    assert found.stdout == ""
    assert said in found.stderr
    assert len(found.stderr.splitlines()) == 1
    assert not (root / "plain" / "tables").exists()


@pytest.mark.parametrize(
    ("loading", "said"),
    [
        ("100%", "premium: expected a number, got a division by zero or an amount beyond all"),
        ("150%", "payable: expected a premium of 0 or more, got -1,261.03"),
    ],
)
def test_a_tariff_that_leads_to_no_premium_quotes_none(tmp_path, loading, said):
    """In a quote and in a book alike."""
    tariff = RATING.replace("is: net_rate *", "is: net_rate / (1 - pricing.loading) *")
    files = {"plain/rating.yaml": tariff, **bases("loading: 0%", f"loading: {loading}")}
    shelf = ("--shelf", str(write_plain(tmp_path, **files)))
    risk = {"age": 40, "term": 10, "pay": 5, "sum_insured": 100000}
    given_ = [word for name, value in risk.items() for word in ("--set", f"{name}={value}")]
    assert inside("build", "plain", *shelf).returncode == 0
    found = inside("quote", "plain", *shelf, *given_)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith(said)
    book, out = tmp_path / "book.csv", tmp_path / "out.csv"
    book.write_text(",".join(risk) + "\n" + ",".join(map(str, risk.values())) + "\n")
    assert inside("rate", "plain", str(book), *shelf, "-o", str(out)).returncode == 1
    rejected = next(tmp_path.glob("out*reject*")).read_text("utf-8")
    assert said.partition(": ")[2][:40] in rejected


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return plain(write_plain(tmp_path_factory.mktemp("laws")))


def loaded(product):
    basis = product.bases["best_estimate"]
    shares = tuple(e for e in basis.expenses if e.per == "premium")
    return dataclasses.replace(basis, expenses=shares)


@given(
    age=st.integers(30, 60),
    term=st.integers(0, 2),
    sums=st.lists(st.floats(1.0, 1e7), min_size=2, max_size=4),
)
def test_a_premium_is_linear_in_the_benefit(product, age, term, sums):
    """Of a sum of benefits the sum of premiums, net and gross, where no expense is a fixed sum."""
    total = [*sums, sum(sums)]
    size = len(total)
    columns = {"age": float(age), "term": float(term), "pay": 1.0}
    cells = Cells({
        **{name: np.full(size, value) for name, value in columns.items()},
        "sum_insured": np.array(total),
    })  # fmt: skip
    model = bound(product, loaded(product), cells)
    for figure in (net_single_premium, net_premium, gross_premium):
        found = figure(model)
        assert found[-1] == pytest.approx(found[:-1].sum(), rel=1e-13)
