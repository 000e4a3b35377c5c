"""The distributions and hazards that a basis may name, with the parameters that each takes."""

from rating.frequencies import FREQUENCIES
from rating.severities import COMPOSED, SEVERITIES

HAZARDS = {
    "catalogue": (("events",),),
    "vortex": (("at",),),
    "emanuel": (("v_threshold", "v_half"),),
}
MODELS: dict[str, tuple[tuple[str, ...], ...]] = {
    **{name: kind.FORMS for name, kind in FREQUENCIES.items()},
    **{name: kind.FORMS for name, kind in SEVERITIES.items()},
    **{name: kind.FORMS for name, kind in COMPOSED.items()},
    **HAZARDS,
}
PARTS: dict[str, tuple[str, ...]] = {
    **{name: kind.PARTS for name, kind in FREQUENCIES.items()},
    **{name: kind.PARTS for name, kind in COMPOSED.items()},
}
"""Frequency or composed severity → those of its parameters that are distributions themselves."""
