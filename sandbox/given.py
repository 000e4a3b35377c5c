"""YAML that is given on the command line, as it is or by the path of a file."""

from pathlib import Path

from product_factory.errors import BadValue
from rating.frame import read_file


def given_text(given: str) -> str:
    """Give YAML that was given as it is, such as {shock: …} or several lines, or by a file's path.

    Raises BadInput for a file that cannot be read, with its place, and BadValue for nothing.
    """
    if given.lstrip().startswith(("{", "[")) or "\n" in given:
        return given
    if not given.strip():
        raise BadValue("expected YAML such as {…}, or the path of a file of it; got nothing")
    path = Path(given)
    read_file(path)
    return path.read_text(encoding="utf-8")
