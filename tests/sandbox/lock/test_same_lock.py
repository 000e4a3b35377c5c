"""The same inputs give the same lock: on another path, in another locale, time zone, hash seed.

Other Pythons are held to it where this machine has them with the dependencies.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import cli
from product_factory.assemble import assemble
from product_factory.shelf import installed, open_shelf
from sandbox.lock.make import lock_of

ROOT = Path(__file__).parents[3]
PRODUCT = "term_life"
NEEDED = "import numpy, pydantic, scipy, typer, yaml"
OTHERS = ("3.11", "3.12", "3.13")


@pytest.fixture(scope="module")
def expected():
    """The lock as this process makes it."""
    return lock_of(assemble(open_shelf(installed()), PRODUCT, cli.language())).text()


def locked(python, folder, environment):
    """The lock that a process writes for a copy of the shelf."""
    shutil.copytree(installed(), folder)
    (folder / PRODUCT / "lock.json").unlink(missing_ok=True)
    subprocess.run(
        [python, str(ROOT / "cli.py"), "lock", PRODUCT, "--shelf", str(folder)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        check=True,
    )
    return (folder / PRODUCT / "lock.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("folder", "environment"),
    [
        ("a place/with blanks 与 汉字/products", {"PYTHONHASHSEED": "1", "TZ": "Pacific/Apia"}),
        ("b/shelf", {"PYTHONHASHSEED": "2", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Shanghai"}),
        ("c/products", {"PYTHONHASHSEED": "3", "LC_ALL": "C", "PYTHONUTF8": "0"}),
    ],
    ids=["path and time zone", "Turkish locale and name of the shelf", "plain C locale"],
)
def test_another_path_locale_time_zone_and_hash_seed(tmp_path, expected, folder, environment):
    assert locked(sys.executable, tmp_path / folder, environment) == expected


@pytest.mark.parametrize("version", OTHERS)
def test_another_python(tmp_path, expected, version):
    python = shutil.which(f"python{version}")
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        pytest.skip(f"this is Python {version}")
    if python is None:
        pytest.skip(f"there is no python{version} on this machine")
    if subprocess.run([python, "-c", NEEDED], capture_output=True, check=False).returncode:
        pytest.skip(f"python{version} has not the dependencies")
    assert locked(python, tmp_path / "products", {}) == expected


def test_a_lock_names_no_place_of_the_machine(expected):
    assert str(ROOT) not in expected
    assert str(Path.home()) not in expected
