"""Which number of a version a change raises: 1 for price or benefit, 2 for wording or rule."""

from product_factory.effective.entry import Kind

PLACES: dict[Kind, int] = {"price": 0, "benefit": 0, "wording": 1, "rule": 1, "metadata": 2}
NAMES = ("major", "minor", "patch")


def numbers(version: str) -> tuple[int, ...]:
    """Give the three numbers of a version."""
    return tuple(int(part) for part in version.split("."))


def raised(version: str, kind: Kind | None) -> str:
    """Give the least version that a change of a kind asks for; nothing asks for nothing."""
    if kind is None:
        return version
    parts, place = list(numbers(version)), PLACES[kind]
    parts[place] += 1
    parts[place + 1 :] = [0] * (2 - place)
    return ".".join(map(str, parts))


def reason(kind: Kind) -> str:
    """Say why: `major, since price changes`."""
    return f"{NAMES[PLACES[kind]]}, since {kind} changes"
