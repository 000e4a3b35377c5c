"""Processes whose states are entered and left, from the language to the chain and the walks."""

import numpy as np
import pytest

from product_factory.errors import BadInput
from rating.claims import pay_with
from rating.engines.multistate import Cells, annuity, pv_claims
from rating.engines.multistate.moves import chained
from rating.engines.multistate.project import occupancy, present_value, thiele_residual, values
from rating.engines.multistate.unknowns import bound
from rating.payout import bind
from sandbox.simulate.cohort import simulate_cohort
from tests.product_factory.shelves import altered, made
from tests.rating.claims.shelf_products import event

E = "2.718281828459045"
X = "exact_age"
MU01 = f"(0.0004 + 0.0000034674 * {E} ^ (0.138155 * {X}))"
MU02 = f"(0.0005 + 0.000075858 * {E} ^ (0.087498 * {X}))"
PUBLISHED = f"""
    disability:
      disablement: "{MU01}"
      recovery: "0.1 * {MU01}"
      death: "{MU02}"
"""
PROCESS = """\
process: disability
version: 1.0.0
title: {zh: 失能, en: Disability}
kind: transitions
drawn: policy
states:
  active: {title: {zh: 健康, en: active}}
  disabled: {title: {zh: 失能, en: disabled}}
events:
  disablement: {from: active, to: disabled, title: {zh: 失能, en: disablement}}
  recovery: {from: disabled, to: active, title: {zh: 康复, en: recovery}}
  death: {from: [active, disabled], ends: life, title: {zh: 身故, en: death}}
"""
INCOME = """\
module: health/income
version: 1.0.0
title: {zh: 失能收入, en: Disability income}
kind: scheduled
terms:
  elimination: {type: days, default: 0 days}
pays:
  while: disability.disabled
  due: DUE
  amount: 0.01 * sum_insured
THEN"""
MONTHLY = "{step: month, rates: intensity, within_year: euler}"


def shelf(risk=PUBLISHED, *, grid=MONTHLY, due="{every: month, at: end}", then="", process=PROCESS):
    """A product of the small shelf that pays an income to the disabled."""
    files = altered(
        "short_life/product.yaml",
        ("of: [3, 5, to 60]", "of: [10]"),
        ("of: [1, 3, 5]", "of: [10]"),
        ("processes: {mortality: mortality@^1}", "processes: {disability: disability@^1}"),
        (
            "- {use: life/death@^1, as: death, set: {waiting: 90 days}}",
            "- {use: health/income@^1, as: income}",
        ),
    )
    return files | {
        "short_life/bases.yaml": f"pricing:\n  interest: 3%\n  grid: {grid}\n  risk:{risk}",
        "processes/disability.yaml": process,
        "modules/health/income.yaml": INCOME.replace("DUE", due).replace("THEN", then),
    }


def on(tmp_path, files, age=60.0):
    product = made(tmp_path, "short_life", files)
    columns = {"age": age, "sex": 0.0, "sum_insured": 100_000.0, "term": 0.0, "pay": 0.0}
    return bound(
        product, product.bases["pricing"], Cells({n: np.array([v]) for n, v in columns.items()})
    )


def forces(x):
    mu01 = 4e-4 + 3.4674e-6 * np.exp(0.138155 * x)
    return mu01, 0.1 * mu01, 5e-4 + 7.5858e-5 * np.exp(0.087498 * x)


def test_the_published_disability_model_holds_through_the_language(tmp_path):
    """Age 60, 10 years, Euler with h = 1/12."""
    chain = chained(on(tmp_path, shelf(due="{every: month, at: start}")))
    assert chain.states == ("in_force", "disabled")
    active, disabled = occupancy(chain)[0, -1]
    assert f"{active:.6f} {disabled:.6f}" == "0.587557 0.202632"


def test_a_constant_force_over_the_month_lies_near_the_limit(tmp_path):
    """The limit is 0.58687347, 0.20284447; a stay of a month is not left again in it."""
    advance = "{every: month, at: start}"
    euler = occupancy(chained(on(tmp_path / "e", shelf(due=advance))))[0, -1]
    force = occupancy(
        chained(on(tmp_path / "f", shelf(due=advance, grid="{step: month, rates: intensity}")))
    )[0, -1]
    limit = np.array([0.58687347, 0.20284447])
    assert (np.abs(force - limit) < 0.01).all()
    assert (force != euler).all()


def slowly(first, last, arrears, waives):
    """The same written out: chances by months disabled, income and premiums from them.

    first, last  months disabled at which a period may begin, at least, and less than
    """
    v, active, disabled = 1.03 ** (-1 / 12), 1.0, {}
    income = premiums = 0.0
    for k in range(121):
        for months, chance in disabled.items():
            steps = months - arrears
            if first <= steps < last and (k < 120 or arrears):
                income += v**k * chance * 1_000.0
        if k % 12 == 0 and k < 120:
            off = sum(c for m, c in disabled.items() if waives and first <= m < last)
            premiums += v**k * (active + sum(disabled.values()) - off)
        if k == 120:
            return income, premiums
        out, back, die = (mu / 12 for mu in forces(60 + k / 12))
        entered = active * out
        active = active * (1 - out - die) + sum(disabled.values()) * back
        disabled = {m + 1: c * (1 - back - die) for m, c in disabled.items()}
        disabled[0] = entered
    raise AssertionError


@pytest.mark.parametrize(
    ("due", "first", "last", "arrears"),
    [
        ("{every: month, at: end}", 0, 999, 1),
        ("{every: month, at: start}", 0, 999, 0),
        ("{every: month, at: end, after: 90 days}", 3, 999, 1),
        ("{every: month, at: start, after: 90 days, for: 2 years}", 3, 27, 0),
        ("{every: month, at: end, after: 180 days, for: 1 years}", 6, 18, 1),
    ],
)
@pytest.mark.parametrize("waives", [False, True])
def test_income_and_premiums_are_those_written_out_by_months_disabled(
    tmp_path, due, first, last, arrears, waives
):
    then = "  then: {waives: premium}\n" if waives else ""
    at = on(tmp_path, shelf(due=due, then=then))
    income, premiums = slowly(first, last, arrears, waives)
    assert pv_claims(at)["income"][0] == pytest.approx(income, rel=1e-12)
    assert annuity(at)[0] == pytest.approx(premiums, rel=1e-12)


def test_walks_through_the_states_pay_what_is_priced(tmp_path):
    """Law 1: income and premiums after an elimination period, with waiver and recovery."""
    due = "{every: month, at: end, after: 90 days, for: 5 years}"
    at = on(tmp_path, shelf(due=due, then="  then: {waives: premium}\n"))
    runs, lives = 200, 500
    keys = np.array([7], np.uint64)
    run = simulate_cohort(at, np.array([lives]), np.array([100.0]), runs, 3, keys=keys)
    for paid, expected in (
        (run.table.paid[:, 0] / lives, pv_claims(at)["income"][0]),
        (run.table.premium / lives, 100.0 * annuity(at)[0]),
    ):
        error = paid.std(ddof=1) / np.sqrt(runs)
        assert abs(paid.mean() - expected) <= 4.0 * error
        assert error < 0.015 * expected, "the law must not pass by vagueness"
    chain = chained(at)
    income = chain.stream("income")
    largest = np.abs(values(chain, income)).max()
    assert np.abs(thiele_residual(chain, income, values(chain, income))).max() <= 1e-10 * largest
    assert present_value(chain, "income")[0] == pytest.approx(pv_claims(at)["income"][0], rel=1e-12)


def test_recovery_depends_on_the_time_disabled_as_far_as_the_process_says(tmp_path):
    """A select year: who recovers at 50% in the first year does so at 0 afterwards."""
    process = PROCESS.replace("disabled: {title", "disabled: {select: 1 years, title", 1)
    risk = """
    disability:
      disablement: 10%
      recovery:
        - {when: {time_in_state: {below: 1}}, is: 50%}
        - {otherwise: 0%}
      death:
        - {when: {disability: disabled}, is: 2%}
        - {otherwise: 1%}
"""
    files = shelf(risk, grid="{step: year}", due="{every: year, at: start}", process=process)
    chain = chained(on(tmp_path, files))
    active, new, old = 1.0, 0.0, 0.0
    for k in range(10):
        assert occupancy(chain)[0, k] == pytest.approx([active, new, old], abs=1e-15)
        active, new, old = (
            active * 0.89 + new * 0.5,
            active * 0.10,
            new * 0.48 + old * 0.98,
        )


def test_who_relapses_soon_is_paid_from_that_day_in_price_and_walks_alike(tmp_path):
    """Within 3 months of a recovery after the elimination no new one runs; recoveries are many."""
    risk = PUBLISHED.replace('"0.1 * ', '"0.9 + 0 * ').replace(
        f'disablement: "{MU01}"', "disablement: 60%"
    )
    due = "{every: month, at: end, after: 60 days, relapse: 90 days}"
    at = on(tmp_path / "relapse", shelf(risk, due=due))
    names = chained(at).states
    assert names[0] == "in_force"
    assert {"in_force left 0 ago", "in_force left 1 ago"} <= set(names)
    assert "in_force left 2 ago" not in names
    without = on(tmp_path / "without", shelf(risk, due=due.replace(", relapse: 90 days", "")))
    expected = pv_claims(at)["income"][0]
    assert expected > 1.01 * pv_claims(without)["income"][0]
    run = simulate_cohort(at, np.array([500]), np.zeros(1), 200, 3, keys=np.array([7], np.uint64))
    paid = run.table.paid[:, 0] / 500
    error = paid.std(ddof=1) / np.sqrt(200)
    assert abs(paid.mean() - expected) <= 4.0 * error
    assert error < 0.005 * expected


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("from: active, to", "from: activ, to", "unknown state 'activ'; did you mean 'active'?"),
        ("to: disabled, ", "", "event 'disablement': expected one of 'to', a state, and 'ends"),
        ("kind: transitions", "kind: incidence", "'states' are for kind transitions"),
        ("to: active, ", "to: disabled, ", "event 'recovery': leads from 'disabled' to itself"),
    ],
)
def test_a_process_says_which_state_or_event_is_wrong(tmp_path, old, new, says):
    with pytest.raises(BadInput) as error:
        made(tmp_path, "short_life", shelf(process=PROCESS.replace(old, new, 1)))
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"due": "{every: month, from: 2}"}, "payments run from the day of entry"),
        ({"due": "{every: quarter}"}, "write every: month"),
        ({"due": "{every: month, after: 45 days}"}, "credits 45 days, no whole number"),
        ({"then": "  then: {ends: cover}\n"}, "'then' is for events"),
        ({"due": "{every: month, relapse: 60 days}"}, "write 'after' beside it"),
        (
            {"due": "{every: month, after: 60 days, relapse: 60 days, for: 2 years}"},
            "'relapse' does not go with 'for'",
        ),
        (
            {
                "due": "{every: month, after: 60 days, relapse: 60 days}",
                "process": PROCESS.replace("active: {", "active: {select: 1 years, "),
            },
            "expected a process of two states, 'active' without 'select'",
        ),
        ({"grid": "{rates: intensity, within_year: uniform}"}, "uniform does not go with"),
        ({"grid": "{step: month, within_year: euler}"}, "euler does not go with"),
        ({"risk": PUBLISHED.replace("0.1 *", "-1 *")}, "expected a force of 0 or more, got -"),
    ],
)
def test_what_the_states_cannot_hold_is_refused(tmp_path, changes, says):
    with pytest.raises(BadInput) as error:
        on(tmp_path, shelf(**changes))
    assert says in str(error.value)


def test_an_unknown_state_is_named(tmp_path):
    files = shelf()
    name = "modules/health/income.yaml"
    files |= {name: files[name].replace("disability.disabled", "disability.disable")}
    with pytest.raises(BadInput, match=r"unknown state 'disability\.disable'; did you mean"):
        made(tmp_path, "short_life", files)


INSURED = {"start": "2026-03-01", "age": 40, "sex": "M", "term": 10, "pay": 10}
INSURED |= {"sum_insured": 100_000, "premium": "1.00"}


def test_a_contract_that_pays_at_due_dates_alone_is_claimed(tmp_path):
    """Twelve monthly payments of 1% of the sum insured; the recovery is nothing to it."""
    files = shelf()
    files["modules/health/income.yaml"] = files["modules/health/income.yaml"].replace(
        "disability.disabled", "alive"
    )
    plan = bind(made(tmp_path, "short_life", files))
    events = [
        event("2026-04-01", "disability.disablement"),
        event("2026-09-01", "disability.recovery"),
        event("2027-03-01", "alive"),
    ]
    settled = pay_with(plan, INSURED, events)
    assert [payment.amount for payment in settled.payments] == [1_000.0] * 12
