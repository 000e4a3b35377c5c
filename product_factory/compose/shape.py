"""How the files of a product are laid over those of its parent, file by file.

WHOLE    what the child writes stands whole: numbers, texts, plain lists, cases, distributions
Keys     key by key; where the child writes the key `says` (a kind, a type), its entry stands whole
Named    name by name: entries under names that the author gave
Listed   a list of entries, each known by the value of one of its keys
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Whole:
    """Not merged."""


WHOLE = Whole()


@dataclass(frozen=True)
class Keys:
    """Keys that the language knows; one without a part of its own is whole."""

    parts: Mapping[str, "Shape"] = field(default_factory=dict)
    says: str = ""


@dataclass(frozen=True)
class Named:
    """Names that the author gave.

    grows  names are known elsewhere too (the terms of a module), so that a change may add one
    """

    each: "Shape" = WHOLE
    grows: bool = False


@dataclass(frozen=True)
class Listed:
    """Entries known by the value of `key`.

    places   a new entry may say `after` or `before` which of the parent's it is to stand
    ordered  its `after` is part of what it says, too
    """

    key: str
    each: Keys = Keys()
    places: bool = False
    ordered: bool = False


Shape: TypeAlias = Whole | Keys | Named | Listed

VARIABLES = Named(Keys(says="type"))
USE = Keys({"set": Named(grows=True)}, says="use")
USES = Listed("as", USE, places=True)
PRODUCT = Keys(
    {
        "contract": Keys(),
        "insured": VARIABLES,
        "offers": VARIABLES,
        "items": Named(Keys({"insured": VARIABLES, "offers": VARIABLES})),
        "accepts": Listed("name", places=True),
        "processes": Named(),
        "covers": USES,
        "exclusions": USES,
        "provisions": USES,
        "riders": Listed("as", USE, places=True, ordered=True),
        "one_a_date": Named(),
        "pools": Named(Keys()),
        "values": Named(Keys(says="kind")),
        "plans": Named(Keys({"set": Named(grows=True), "offers": Named(grows=True)})),
    }
)
BASES = Named(
    Keys(
        {
            "grid": Keys(),
            "expenses": Listed("name"),
            "leaves_out": Listed("line"),
            "risk": Named(Named()),
            "experience": Named(Named()),
        }
    )
)
SHAPES: Mapping[str, Shape] = {
    "product": PRODUCT,
    "bases": BASES,
    "rating": Listed("name", Keys(says="kind"), places=True),
    "gates": Listed("name"),
    "portfolio": Keys({"mix": Named()}),
    "quotes": Listed("name"),
    "claims": Listed("name"),
    "reinsurance": Keys(),
}
"""File stem → how it merges; a file that is not named here is taken whole from the child."""

OWN = frozenset({"waivers", "lock"})
"""Files that a child never inherits: a waiver is given, a lock made, for one product."""


def shape_of(stem: str) -> Shape:
    """Give the shape of a file of a product."""
    return SHAPES.get(stem, WHOLE)


def inner(shape: Shape, key: str) -> Shape:
    """Give the shape of what stands under a key or name."""
    if isinstance(shape, Keys):
        return shape.parts.get(key, WHOLE)
    return WHOLE if isinstance(shape, Whole) else shape.each
