"""Sizes of law 1 in the tests: at thrice the standard error in every run, whole in `make prove`.

Thrice the error is a ninth of the years. The planted error that must fail grows alike, from 3% to
9% (of a catastrophe from 15% to 45%); 3% in what is drawn is caught at the whole size in every
run, on one profile of each product.
"""

import pytest

SMALL = 4.0
"""For products of the tests alone: a sixteenth of the years, 12% off must fail."""
REDUCED = 3.0
WHOLE = 1.0
SIZES = [
    pytest.param(REDUCED, id="reduced"),
    pytest.param(WHOLE, id="whole", marks=pytest.mark.prove),
]
OFF, CATASTROPHE_OFF = 0.03, 0.15
