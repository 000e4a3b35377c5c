"""Law 1 under a corridor: of a claim, of the year, of two covers together."""

from dataclasses import replace

import pytest

from sandbox.laws.annual import SHARE, law_one_annual
from tests.law_sizes import OFF, REDUCED
from tests.rating.engines.test_collective_corridor import JOINED, POOL, line
from tests.rating.engines.tiny_year import LAYER, tiny
from tests.sandbox.laws.test_law_one_counts import COUNTS, PROFILE, SEED

pytestmark = pytest.mark.long

CLAIM = "    - {corridor: 900, above: 600, per: claim}\n    - {share: 80%}"
YEAR = line(3000, 1000)
CASES = [
    pytest.param("poisson", f"{CLAIM}\n{line(1500, 800)}", YEAR, "", id="claim, then year"),
    pytest.param("mixed", f"{LAYER}\n{YEAR}", YEAR, "", id="year, overdispersed"),
    pytest.param("binomial", JOINED, JOINED, POOL, id="pool"),
    # its variance is found by a pilot, which takes half a minute
    pytest.param("poisson", CLAIM, CLAIM, "", id="claim", marks=pytest.mark.prove),
]


@pytest.mark.parametrize(("kind", "lines", "phone", "more"), CASES)
def test_the_price_is_the_mean_of_the_simulation(tmp_path, kind, lines, phone, more):
    product = tiny(tmp_path, lines=lines, phone_lines=phone, frequency=COUNTS[kind], more=more)
    laws = law_one_annual(
        product, [product.bases["pricing"]], [PROFILE], SEED, share=SHARE * REDUCED, threads=2
    )
    assert len(laws) == 2 + bool(more)
    for law in laws:
        assert law.holds, str(law)
        assert law.sharp, str(law)
        assert law.bound <= 2e-3 * law.expected, str(law)
        for side in (-1.0, 1.0):
            wrong = law.expected * (1.0 + side * OFF * REDUCED)
            assert not replace(law, expected=wrong).holds, str(law)
