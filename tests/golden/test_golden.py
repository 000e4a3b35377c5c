"""Law 3: the same input gives the same output, to the bit, on every x86-64 machine.

`figures.json` holds hashes of tables, quotes, portfolios and simulated years. A change that moves
one is a change of price or of a figure: it is written into the CHANGELOG, and the file is made anew
with `python -m tests.golden.figures > tests/golden/figures.json`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = json.loads((ROOT / "tests/golden/figures.json").read_text(encoding="utf-8"))
DISGUISES = {
    "a plain x86-64, other locale and time zone": {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX X86_V3 X86_V4",
        "LC_ALL": "C",
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
    },
    # last: what it compiles, other workers have compiled meanwhile, for the same processor
    "as it is": {},
}


def numpy_knows(feature: str) -> bool:
    run = subprocess.run(
        [sys.executable, "-c", "import numpy"],
        env={**os.environ, "NPY_DISABLE_CPU_FEATURES": feature},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode == 0 and not run.stderr


def disguised(changes: dict[str, str]) -> dict[str, str]:
    """Keep of numpy's features those that this build can switch off."""
    if "NPY_DISABLE_CPU_FEATURES" not in changes:
        return changes
    known = [f for f in changes["NPY_DISABLE_CPU_FEATURES"].split() if numpy_knows(f)]
    assert known, "numpy can switch no vector feature off"
    return {**changes, "NPY_DISABLE_CPU_FEATURES": " ".join(known)}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_figures_are_the_golden_ones_to_the_bit(disguise, tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "tests.golden.figures"],
        cwd=ROOT,
        env={**os.environ, **disguised(DISGUISES[disguise])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == GOLDEN
