"""The version of Covercast, by which what was made with it is known."""

from importlib.metadata import PackageNotFoundError, version


def released() -> str:
    """Give the version of Covercast; a working copy that is not installed has none."""
    try:
        return version("covercast")
    except PackageNotFoundError:
        return "not installed"
