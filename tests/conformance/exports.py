"""Exports written to a folder once for all tests."""

from pathlib import Path

from rating.export import Exported, export

SEED = 20260301
SAMPLE = 60
"""Prices of a product in every run; the proofs take all thousand."""


def write(exported: Exported, folder: Path) -> Path:
    for name, content in exported.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def sample(product, folder: Path) -> Path:
    return write(export(product, SAMPLE, SEED, values=False), folder)
