"""The small shelf of these tests, fresh for each test that changes it."""

from pathlib import Path

import pytest

from tests.rating.tiny_shelf import write_shelf


@pytest.fixture
def shelf(tmp_path) -> Path:
    return write_shelf(tmp_path)
