"""Files of data that a study is asked about; they are kept beside its results."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from product_factory.errors import At, BadInput
from sandbox.backtest.history import CLAIMS, HISTORY

DEPENDENCE = "dependence.yaml"
DATA: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"backtest": (HISTORY, CLAIMS), "scenarios": (DEPENDENCE,)}
)
"""Study → what its files are called beside its results."""
MOST_BYTES = 200_000_000


def read_data(path: Path) -> bytes:
    """Read a file whole. Raises BadInput where there is none, or it is too large."""
    at = At(path.as_posix())
    if not path.is_file():
        raise BadInput.one(at, "", "there is no such file")
    if path.stat().st_size > MOST_BYTES:
        text = f"expected at most {MOST_BYTES:,} bytes, got {path.stat().st_size:,}"
        raise BadInput.one(at, "", text)
    return path.read_bytes()
