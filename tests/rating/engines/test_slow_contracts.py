"""The golden quotes of two products, reproduced without the project: the figures are right."""

import pytest

from tests.rating.engines.slow_contracts import (
    critical_illness,
    endowment,
    endowment_values,
    increasing,
    pension,
)


def test_critical_illness_at_30_costs_what_its_quote_says():
    benefits, due, returned, premium = critical_illness(30, "M", 20)
    assert (f"{benefits:.6f}", f"{due:.6f}", returned) == ("490.090215", "16.343499", 0.0)
    assert f"{premium:.6f}" == "41.648417"
    assert round(premium, 2) * 500 == pytest.approx(20_825.00)


def test_critical_illness_at_10_returns_only_premiums_that_were_paid():
    """Premiums that a diagnosis waived are not returned; counting them would give 28.174429."""
    benefits, due, returned, premium = critical_illness(10, "M", 20)
    assert (f"{benefits:.6f}", f"{due:.6f}") == ("335.615603", "16.559275")
    assert f"{returned:.9f}" == "0.010609578"
    assert f"{premium:.6f}" == "28.174419"
    assert round(premium, 2) * 500 == pytest.approx(14_085.00)


def test_increasing_whole_life_costs_what_its_quote_says():
    """Premiums paid are those of the contract on either basis; the premium of the cash value's
    basis is that of its own reserve.
    """
    premium, benefits, due, gross, cash = increasing(40, "M", 5)
    assert f"{premium:.6f}" == "210.809935"
    assert (f"{benefits:.6f}", f"{due:.9f}") == ("908.929673", "4.790674878")
    assert f"{gross:.6f}" == "290.333939"
    assert [f"{cash[year]:.4f}" for year in (1, 5, 10, 30)] == [
        "85.8202",
        "1001.5445",
        "1098.8482",
        "1602.4306",
    ]
    assert round(premium, 2) * 100 == pytest.approx(21_081.00)


def test_the_other_quotes_are_those_of_the_textbook():
    assert f"{critical_illness(45, 'F', 10)[3]:.6f}" == "98.567435"
    assert f"{increasing(30, 'F', 10)[0]:.6f}" == "105.207434"
    assert f"{increasing(10, 'M', 3)[0]:.6f}" == "315.375358"


def test_no_premium_pays_for_an_increasing_benefit_that_follows_it_too_closely():
    """The sketch offers 20 premiums up to 65, where 120% of them is worth more than they are."""
    with pytest.raises(AssertionError):
        increasing(65, "M", 20)


@pytest.mark.parametrize(
    ("risk", "premium", "parts"),
    [
        ((30, "M", 20, 10), "88.632898", ("25.270467", "654.731928", "9.133478")),
        ((45, "F", 10, 5), "204.585834", ("14.983026", "809.717961", "4.798900")),
        ((50, "M", 10, 1), "915.977134", ("47.212660", "786.326531", "1.000000")),
        ((50, "M", 30, 20), "44.731539", ("244.719489", "356.047272", "15.988686")),
    ],
)
def test_an_endowment_costs_what_its_quote_says(risk, premium, parts):
    found = endowment(*risk)
    assert f"{found[0]:.6f}" == premium
    assert tuple(f"{part:.6f}" for part in found[1:]) == parts


def test_an_endowment_keeps_what_its_claims_say():
    gross, reserves, values = endowment_values(30, "M", 20, 10, 88.63)
    assert f"{gross:.6f}" == "89.719918"
    assert (f"{reserves[5]:.6f}", f"{values[5]:.6f}") == ("362.276291", "335.105569")
    assert (f"{reserves[2]:.6f}", f"{values[2]:.6f}") == ("118.839036", "104.578351")


@pytest.mark.parametrize(
    ("risk", "premium", "parts"),
    [
        ((40, "M", 60, 10), "1815.848279", ("12822.154654", "845.812706", "570.405841")),
        ((35, "F", 55, 20), "1182.638383", ("16434.151567", "301.344868", "157.142836")),
        ((50, "M", 60, 1), "18746.381408", ("15843.091574", "1045.088639", "545.954496")),
        ((45, "F", 65, 5), "3405.993355", ("12729.023818", "896.641603", "437.755636")),
    ],
)
def test_a_pension_costs_what_its_quote_says(risk, premium, parts):
    found = pension(*risk)
    assert f"{found[0]:.6f}" == premium
    assert tuple(f"{part:.6f}" for part in found[1:4]) == parts


def test_a_pension_keeps_what_its_claims_say():
    """At the premium that is charged, 1,815.85, not at the one before it is rounded."""
    *_, gross, cash = pension(40, "M", 60, 10, charged=1815.85)
    assert f"{gross:.6f}" == "1846.507666"
    assert [f"{cash[year]:.6f}" for year in (2, 5, 8, 15, 20)] == [
        "2358.518972",
        "7415.523393",
        "13196.654454",
        "19244.269823",
        "21247.228883",
    ]
