"""Compiled and interpreted arithmetic agree to the bit, on this processor and on a generic one."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from product_factory.numbers.beta import beta_lower, beta_quantile
from product_factory.numbers.gamma import gamma_lower, gamma_quantile, log_gamma
from product_factory.numbers.normal import normal_cdf, normal_quantile
from product_factory.numbers.portable import exp, expm1, log, log1p, power
from product_factory.numbers.rounding import (
    MODES,
    round_by,
    round_down,
    round_half_even,
    round_half_up,
    round_up,
)
from rating.kernels import jit

HOUSE = Path(__file__).resolve().parents[3]
DRAWS = 400

Column = np.ndarray[tuple[int], np.dtype[np.float64]]


def every_function(x: float, y: float, u: float) -> tuple[float, ...]:
    """Evaluate every plain function at a number, a positive number and a chance."""
    return (
        exp(x),
        expm1(x),
        log(y),
        log1p(y),
        power(y, x),
        power(x, 3.0),
        normal_cdf(x),
        normal_quantile(u),
        log_gamma(y),
        gamma_lower(y, 3.0),
        gamma_quantile(y, u),
        beta_lower(y, 2.0, u),
        beta_quantile(y, 2.0, u),
        round_half_up(x, 1.0, 100.0),
        round_half_even(x, 1.0, 100.0),
        round_down(x, 1.0, 100.0),
        round_up(x, 10.0, 1.0),
        round_by(x, 1.0, 20.0, 1),
    )


@jit.kernel
def fill(xs: Column, ys: Column, us: Column, out: np.ndarray) -> None:
    for i in range(xs.size):
        row = every_function(xs[i], ys[i], us[i])
        for j in range(len(row)):
            out[i, j] = row[j]


jit.register(every_function)


def inputs() -> tuple[Column, Column, Column]:
    rng = np.random.default_rng(1)
    xs = np.concatenate([rng.normal(0.0, 3.0, DRAWS), rng.uniform(-800.0, 800.0, DRAWS)])
    xs[:3] = (2.675, -0.0, 1005.0)
    ys = 10.0 ** rng.uniform(-2.0, 2.5, xs.size)
    return xs, ys, rng.uniform(1e-12, 1.0, xs.size)


def compiled_bytes() -> bytes:
    xs, ys, us = inputs()
    out = np.empty((xs.size, len(every_function(1.0, 1.0, 0.5))))
    fill(xs, ys, us, out)
    return out.tobytes()


def interpreted_bytes() -> bytes:
    rows = zip(*(column.tolist() for column in inputs()), strict=True)
    return np.array([every_function(*row) for row in rows]).tobytes()


def test_compiled_functions_give_the_bits_of_the_interpreted_ones():
    assert compiled_bytes() == interpreted_bytes()


def test_a_generic_processor_gives_the_same_bits():
    script = f"""
import importlib.util, sys
spec = importlib.util.spec_from_file_location("compiled_elsewhere", {__file__!r})
module = importlib.util.module_from_spec(spec)
sys.modules["compiled_elsewhere"] = module
spec.loader.exec_module(module)
sys.stdout.buffer.write(module.compiled_bytes())
"""
    environment = {**os.environ, "NUMBA_CPU_NAME": "generic", "PYTHONPATH": str(HOUSE)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True
    )
    assert done.stdout == interpreted_bytes()


def test_modes_of_rounding_are_numbers_that_kernels_can_take():
    assert sorted(MODES.values()) == [0, 1, 2, 3]


def test_the_cache_folder_is_salted_with_the_kernel_sources(tmp_path: Path, monkeypatch):
    jit.cache_folder.cache_clear()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    try:
        assert jit.cache_folder() == tmp_path / jit.salt()
        assert jit.cache_folder().is_dir()
    finally:
        jit.cache_folder.cache_clear()


def test_a_cache_folder_that_cannot_be_made_gives_way_to_a_private_one(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    jit.cache_folder.cache_clear()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(blocked))
    try:
        folder = jit.cache_folder()
        assert folder.is_dir()
        assert folder.stat().st_mode & 0o077 == 0
    finally:
        jit.cache_folder.cache_clear()


def twice(x):
    return 2.0 * x


@pytest.mark.parametrize("left", [0, 60])
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_a_kernel_whose_files_were_cut_short_is_compiled_anew(kind, left, tmp_path, monkeypatch):
    """As a crash or a full disk leaves them."""
    jit.cache_folder.cache_clear()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    try:
        assert jit.kernel(twice)(2.0) == 4.0
        (file,) = tmp_path.rglob(f"*.{kind}")
        whole = file.read_bytes()
        file.write_bytes(whole[:left])
        assert jit.kernel(twice)(2.0) == 4.0
        assert len(file.read_bytes()) == len(whole)
    finally:
        jit.cache_folder.cache_clear()


def test_the_salt_changes_with_a_source_and_with_its_name(tmp_path: Path, monkeypatch):
    def salt_of(name: str, text: str) -> str:
        source = tmp_path / name
        source.write_text(text)
        monkeypatch.setattr(jit, "HOUSE", tmp_path)
        monkeypatch.setattr(jit, "kernel_sources", lambda: [source])
        return jit.salt.__wrapped__()

    salts = {salt_of("a.py", "x = 1"), salt_of("a.py", "x = 2"), salt_of("b.py", "x = 1")}
    assert len(salts) == 3
    assert salt_of("a.py", "x = 1") in salts


def test_the_sources_of_the_salt_are_the_numbers_and_all_kernels():
    names = {file.relative_to(HOUSE).as_posix() for file in jit.kernel_sources()}
    assert {"product_factory/numbers/portable.py", "rating/kernels/random.py"} <= names
    assert all("/kernels/" in name or name.startswith("product_factory/numbers") for name in names)
