"""Which versions a reference accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.versions import satisfies, split

PART = st.integers(0, 30)
VERSION = st.tuples(PART, PART, PART)


def written(version):
    return ".".join(map(str, version))


@pytest.mark.parametrize(
    ("version", "wanted", "fits"),
    [
        ("1.2.0", "^1", True),
        ("1.2.0", "^1.2", True),
        ("1.10.0", "^1.9", True),
        ("1.2.0", "^1.3", False),
        ("2.0.0", "^1", False),
        ("1.2.9", "~1.2", True),
        ("1.3.0", "~1.2", False),
        ("1.2.1", "~1.2.2", False),
        ("1.2.0", "1.2.0", True),
        ("1.2.1", "1.2.0", False),
        ("1.2.1", "1.2", True),
        ("2026.10.0", "^2026.1", True),
        ("2026.1.0", "2026.10.0", False),
    ],
)
def test_a_version_fits_its_range(version, wanted, fits):
    assert satisfies(version, wanted) is fits


def test_a_reference_is_a_name_and_a_range():
    assert split("life/surrender@^1.2") == ("life/surrender", "^1.2")


@given(VERSION, VERSION)
def test_compatible_means_the_same_first_number_and_none_earlier(got, wanted):
    expected = got[0] == wanted[0] and got >= wanted
    assert satisfies(written(got), f"^{written(wanted)}") is expected


@given(VERSION, VERSION)
def test_close_means_the_same_first_two_numbers_and_none_earlier(got, wanted):
    expected = got[:2] == wanted[:2] and got >= wanted
    assert satisfies(written(got), f"~{written(wanted)}") is expected


@given(VERSION, VERSION)
def test_exact_means_the_same(got, wanted):
    assert satisfies(written(got), written(wanted)) is (got == wanted)
