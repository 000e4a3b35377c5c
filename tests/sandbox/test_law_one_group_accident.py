"""Law 1 for group_accident: what groups of three, four and ten cost is what years of them pay."""

from dataclasses import replace

import pytest

from sandbox.laws.annual import SHARE, law_one_annual
from sandbox.laws.profiles import profiles
from tests.law_sizes import OFF, SMALL, WHOLE
from tests.the_shelf import shipped

pytestmark = [pytest.mark.long, pytest.mark.prove]

SIZES = [pytest.param(SMALL, id="small"), pytest.param(WHOLE, id="whole")]
GROUP = shipped("group_accident")
PROFILES = profiles(GROUP)
GROUPS = {("injury",), ("medical",), ("hospital",)}


@pytest.mark.parametrize("size", SIZES)
def test_the_price_is_the_mean_of_the_simulation(size):
    bases = [GROUP.bases[name] for name in ("pricing", "best_estimate")]
    laws = law_one_annual(GROUP, bases, PROFILES, 20260301, share=SHARE * size, threads=2)
    assert len(PROFILES) >= 3
    assert {(law.basis, law.group, law.profile) for law in laws} == {
        (basis.name, group, profile.name)
        for basis in bases
        for group in GROUPS
        for profile in PROFILES
    }
    for law in laws:
        assert law.holds, str(law)
        for side in (-1.0, 1.0):
            wrong = law.expected * (1.0 + side * OFF * size)
            assert not replace(law, expected=wrong).holds, str(law)
