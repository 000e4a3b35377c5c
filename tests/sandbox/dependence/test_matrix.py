"""Correlation matrices: checked by entry, repaired to the nearest that is positive definite."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory.errors import At, BadInput, BadValue
from product_factory.nodes import read_nodes
from sandbox.dependence.matrix import cholesky, correlation, nearest_correlation, read_matrix

AT = At("d.yaml", 3, 9)
HIGHAM = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])


def rows(text):
    return read_matrix(read_nodes(text, "d.yaml"))


def test_highams_example_is_repaired_to_his_matrix():
    """N. J. Higham (2002), section 4: off the diagonal 0.7607 and 0.1573."""
    found = nearest_correlation(HIGHAM)
    assert found[0, 1] == pytest.approx(0.7607, abs=5e-5)
    assert found[1, 2] == pytest.approx(0.7607, abs=5e-5)
    assert found[0, 2] == pytest.approx(0.1573, abs=5e-5)


def test_a_repair_states_the_largest_change():
    found = correlation(HIGHAM, repair=True, at=AT)
    assert found.change == pytest.approx(1.0 - 0.7607, abs=5e-5)
    assert found.change == np.abs(found.values - HIGHAM).max()


def test_a_matrix_that_is_not_definite_is_refused_with_its_smallest_eigenvalue():
    """1 - sqrt(2) is the smallest eigenvalue of Higham's example."""
    with pytest.raises(BadInput) as caught:
        correlation(HIGHAM, repair=False, at=AT)
    assert str(caught.value) == (
        "d.yaml:3:9: matrix: expected a positive definite matrix, got one whose smallest eigenvalue"
        " is -0.4142; 'repair: nearest' takes the nearest that is, 0.2393 away at most"
    )


@given(seed=st.integers(0, 10_000), size=st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_a_repaired_matrix_is_a_correlation_matrix_and_no_random_one_is_nearer(seed, size):
    rng = np.random.default_rng(seed)
    given_ = rng.uniform(-1.0, 1.0, (size, size))
    given_ = np.clip(0.5 * (given_ + given_.T) * 1.6, -1.0, 1.0)
    np.fill_diagonal(given_, 1.0)
    found = nearest_correlation(given_)
    assert (np.diag(found) == 1.0).all()
    assert (found == found.T).all()
    assert cholesky(found) is not None
    distance = np.linalg.norm(found - given_)
    for _ in range(20):
        factor = rng.normal(size=(size, size))
        other = factor @ factor.T
        scale = np.sqrt(np.diag(other))
        other = other / np.outer(scale, scale)
        for share in (1.0, 0.1):
            near = (1.0 - share) * found + share * other
            assert np.linalg.norm(near - given_) >= distance - 1e-5


@given(seed=st.integers(0, 10_000), size=st.integers(2, 6))
@settings(max_examples=30, deadline=None)
def test_a_definite_matrix_is_factored_and_not_moved(seed, size):
    factor = np.random.default_rng(seed).normal(size=(size, size + 3))
    values = factor @ factor.T
    scale = np.sqrt(np.diag(values))
    values = values / np.outer(scale, scale)
    found = correlation(values, repair=True, at=AT)
    assert found.change == 0.0
    assert (found.values == values).all()
    assert found.root @ found.root.T == pytest.approx(values, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[[1, 1.2], [1.2, 1]]",
            "d.yaml:1:6: row 1, column 2: expected a correlation of -1 to 1, got 1.2",
        ),
        (
            "[[1, 0.2], [0.2, 0.9]]",
            "d.yaml:1:18: row 2, column 2: expected 1 on the diagonal, got 0.9",
        ),
        (
            "[[1, 0.2], [0.3, 1]]",
            "d.yaml:1:13: row 2, column 1: expected 0.2 as in row 1, column 2, got 0.3",
        ),
        ("[[1, 0.2], [1]]", "d.yaml:1:12: row 2: expected 2 numbers, got 1 numbers"),
    ],
)
def test_a_wrong_entry_is_told_with_its_place(text, said):
    with pytest.raises(BadInput) as caught:
        rows(text)
    assert str(caught.value) == said


def test_rows_are_asked_for():
    with pytest.raises(BadValue, match=r"expected rows such as"):
        rows("half")
