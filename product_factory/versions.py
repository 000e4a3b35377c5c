"""Module and process versions: `@^1.2` compatible, `@~1.2` the same minor, `@1.2.0` exact."""


def split(reference: str) -> tuple[str, str]:
    """Split `name@range`."""
    name, _, wanted = reference.partition("@")
    return name, wanted


def satisfies(version: str, wanted: str) -> bool:
    """Tell whether a version of three numbers lies in the range."""
    got = tuple(int(part) for part in version.split("."))
    bare = wanted.lstrip("^~")
    parts = tuple(int(part) for part in bare.split("."))
    floor = (*parts, 0, 0)[:3]
    if got < floor:
        return False
    if wanted.startswith("^"):
        return got[0] == floor[0]
    if wanted.startswith("~"):
        return got[:2] == floor[:2]
    return got[: len(parts)] == parts
