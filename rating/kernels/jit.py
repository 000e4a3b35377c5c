"""The one door to numba: how every kernel of the house is compiled and where it is kept.

``kernel`` compiles without fastmath and without parallel loops, so that the arithmetic is that of
the source; threads are Python threads over blocks that call kernels, which release the GIL.

numba's disk cache does not notice that a jitted callee in another file has changed. The cache
therefore lives in a folder named after a hash of every source file that kernels are made of.
"""

import atexit
import importlib
import inspect
import os
import pkgutil
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite
import numba
import numpy as np
from numba.extending import register_jitable

import product_factory.numbers
from rating.kernels.kept import Kept

Compiled = TypeVar("Compiled", bound=Callable[..., Any])

HOUSE = Path(__file__).resolve().parents[2]
SOURCES = ("product_factory/numbers", "rating", "sandbox")
"""Folders whose plain or compiled functions end up in kernels."""

_registered: set[Callable[..., Any]] = set()


def kernel_sources() -> list[Path]:
    """Return the source files of product_factory.numbers and of every kernels folder, sorted."""
    files = [file for folder in SOURCES for file in (HOUSE / folder).rglob("*.py")]
    return sorted(
        file for file in files if file.parent.name == "kernels" or SOURCES[0] in file.as_posix()
    )


@cache
def salt() -> str:
    """Return 16 hexadecimal digits that change with any kernel source, numba, llvmlite or numpy."""
    digest = blake2b(digest_size=8)
    for version in (numba.__version__, llvmlite.__version__, np.__version__):
        digest.update(version.encode() + b"\0")
    for file in kernel_sources():
        digest.update(file.relative_to(HOUSE).as_posix().encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def _private_folder() -> Path:
    """Return a fresh folder that ends with the process: cached code is run, so nobody shares it."""
    folder = Path(tempfile.mkdtemp(prefix="covercast-numba-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def cache_folder() -> Path:
    """Return the salted cache folder, made if need be.

    Below NUMBA_CACHE_DIR where that is set, else below the user's cache folder; where that cannot
    be written, a temporary folder of this process.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    folder = (Path(given) if given else home / "covercast" / "numba") / salt()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return _private_folder()


def register(*functions: Callable[..., Any]) -> None:
    """Let kernels call plain scalar functions; registering one twice does nothing."""
    for function in functions:
        if function not in _registered:
            _registered.add(function)
            register_jitable(function)


def register_module(name: str) -> None:
    """Register every function that a module defines, including those that only it uses."""
    module = importlib.import_module(name)
    for function in vars(module).values():
        if inspect.isfunction(function) and function.__module__ == name:
            register(function)


def kernel(function: Compiled) -> Compiled:
    """Compile a function on its first call for each combination of argument types.

    IEEE arithmetic as written, division by zero gives inf or nan, the GIL is released.
    """
    return _compile(function, {})


def borrower(function: Compiled) -> Compiled:
    """Compile as `kernel` a function that makes no array, nor does anything that it calls.

    Its caller keeps every array alive, so none is counted: where small functions hand one another
    a tuple of arrays, counting takes fifteen times as long as the work. numba refuses to compile
    one that makes an array after all.
    """
    return _compile(function, {"_nrt": False})


def inlined(function: Compiled) -> Compiled:
    """Compile as `borrower` a function whose code goes wherever it is called.

    For small functions of tuples of many arrays, which take longer to hand over than to work on.
    """
    return _compile(function, {"_nrt": False, "forceinline": True})


def copied(function: Compiled) -> Compiled:
    """Compile as `kernel` a function whose source is copied into its callers.

    A loop around it then works on several elements at a time, as it does around no call. Callers
    are compiled anew for each copy, so this is for small functions of numbers.
    """
    return _compile(function, {"inline": "always"})


def _compile(function: Compiled, options: dict[str, Any]) -> Compiled:
    # the setting is numba's own and global: it is put back, so that other users keep theirs
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(cache_folder())
    try:
        compile_ = numba.njit(nogil=True, error_model="numpy", **options)
        compiled = compile_(function)
        kept: Any = Kept
        compiled._cache = kept(function)  # noqa: SLF001 - as its `cache=True` sets its own
    finally:
        settings.CACHE_DIR = before
    return cast("Compiled", compiled)


for _module in pkgutil.iter_modules(product_factory.numbers.__path__):
    register_module(f"{product_factory.numbers.__name__}.{_module.name}")
register_module("rating.kernels.tails")
register_module("rating.kernels.distributions")
