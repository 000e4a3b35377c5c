"""The golden quotes of two products, reproduced without the project: the figures are right."""

import pytest

from tests.rating.engines.slow_contracts import critical_illness, increasing


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
