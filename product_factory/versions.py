"""Module and process versions: `@^1.2` compatible, `@~1.2` the same minor, `@1.2.0` exact."""

from product_factory.errors import At, BadInput


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


def require(reference: str, version: str, at: At, path: str) -> None:
    """Raise BadInput when the version on the shelf is not one that the reference accepts."""
    name, wanted = split(reference)
    if not satisfies(version, wanted):
        raise BadInput.one(at, path, f"expected '{name}' at {wanted}, the shelf holds {version}")
