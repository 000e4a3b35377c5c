"""The family of fits: what `covercast fit` makes of a specification, by its `kind`; one file each.

Each kind has `fit(asked) -> Outcome`. A file without `kind` is a study of experience.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from product_factory.errors import BadInput, either, nearest
from product_factory.nodes import Map, Node, Text
from sandbox.fits.outcome import Asked, Outcome

KINDS: Mapping[str, str] = {
    "bonus_malus": "sandbox.fits.bonus_malus",
    "credibility": "sandbox.fits.credibility",
    "dependence": "sandbox.fits.dependence",
    "development": "sandbox.fits.development",
    "experience": "sandbox.fits.experience",
    "exposure": "sandbox.fits.exposure",
    "glm": "sandbox.fits.glm",
    "large_losses": "sandbox.fits.large_losses",
    "severity": "sandbox.fits.severity",
    "shared_factor": "sandbox.fits.shared_factor",
    "trend": "sandbox.fits.trend",
}


def fit(asked: Asked) -> Outcome:
    """Fit what the specification says. Raises BadInput for an unknown kind, and what it raises."""
    made: Callable[[Asked], Outcome] = import_module(KINDS[_kind(asked.node)]).fit
    return made(asked)


def _kind(node: Node) -> str:
    stated = node.get("kind") if isinstance(node, Map) else None
    if stated is None:
        return "experience"
    if not isinstance(stated, Text) or str(stated) not in KINDS:
        got = str(stated) if isinstance(stated, Text) else "keys or a list"
        text = f"expected {either(KINDS)}, got {got}{nearest(got, KINDS)}"
        raise BadInput.one(stated.at, "kind", text)
    return str(stated)
