"""YAML that is given on the command line, as it is or by the path of a file."""

from pathlib import Path

from rating.frame import read_file


def given_text(given: str) -> str:
    """Give YAML that was given as it is, such as {shock: …} or several lines, or by a file's path.

    Raises BadInput for a file that cannot be read, with its place.
    """
    if given.lstrip().startswith(("{", "[")) or "\n" in given:
        return given
    path = Path(given)
    read_file(path)
    return path.read_text(encoding="utf-8")
