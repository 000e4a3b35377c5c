"""What a run was computed with: it changes no input, and explains bytes that came out others."""

import platform
from collections.abc import Mapping
from importlib.metadata import version

from rating.kernels.jit import salt

LIBRARIES = ("numba", "numpy", "pyarrow", "scipy")


def versions() -> dict[str, str]:
    """Give the libraries that figures pass through, the Python, and the hash of all kernels."""
    found = {name: version(name) for name in LIBRARIES}
    return {**found, "kernels": salt(), "python": platform.python_version()}


def other_versions(then: Mapping[str, str]) -> list[str]:
    """Tell what is not as it was; a manifest that recorded nothing tells nothing."""
    now = versions()
    return [
        f"computed with another {name}: was {then[name]}, and is {now.get(name, 'none')}"
        for name in sorted(then)
        if then[name] != now.get(name)
    ]
