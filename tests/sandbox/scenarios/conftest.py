"""Two small products: of a year, and of five."""

import pytest

from tests.rating.beside.tiny_medical import medical
from tests.sandbox.shop import shop


@pytest.fixture(scope="module")
def bikes(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("shop"), severity="{kind: gamma, mean: 1000, cv: 1}")


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    return medical(tmp_path_factory.mktemp("life"))
