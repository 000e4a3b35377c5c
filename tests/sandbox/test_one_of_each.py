"""What reads one of each item says so of a policy in which one stands several times."""

from datetime import date

import pytest

from product_factory.errors import BadInput
from rating.policy_value import policy_value
from sandbox.profit.sensitivity import insured
from tests.rating.crew import write_crew
from tests.rating.tiny_shelf import product_of, write_shelf

MEMBER = {"value": 70, "age": 30}
DAY = date(2026, 3, 1)


@pytest.mark.parametrize("asked", [insured, lambda *of: policy_value(*of, DAY, DAY)])
def test_what_reads_one_of_each_item_says_so(tmp_path, asked):
    shelf = write_shelf(tmp_path)
    write_crew(shelf)
    product = product_of(shelf, "crew")
    given = {"trade": "ferry", "items": {"member": [MEMBER] * 2}}
    with pytest.raises(BadInput, match="expected one 'member', got 2; an item that stands several"):
        asked(product, given)
