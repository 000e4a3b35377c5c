"""What a product asks of a customer so that the fitted steps can be read: its variables."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.relativities.result import Modelled, Result
from rating.relativities.specification import Factor, Relativities
from rating.relativities.term import Term

WHOLE = frozenset({"integer", "age"})
PLAIN = re.compile(r"[^\W\d][\w.-]*|\d+")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A variable of the product.

    levels  of a choice; None for a number, which has a type, a least and perhaps a most
    base    the value at which every relativity is 1;  other: one that is not
    mix     value → how much was exposed there
    """

    name: str
    type: str
    levels: tuple[str, ...] | None
    least: str
    most: str | None
    base: str
    other: str
    mix: tuple[tuple[str, float], ...]

    def declared(self) -> str:
        """Write it as `product.yaml` declares it."""
        if self.levels is not None:
            return f"{{type: choice, of: [{', '.join(map(scalar, self.levels))}]}}"
        most = "" if self.most is None else f", max: {self.most}"
        return f"{{type: {self.type}, min: {self.least}{most}}}"


@dataclass(frozen=True)
class _Cut:
    """One key of a term: its points, how they are found, what is exposed there, and the base."""

    points: tuple[str, ...]
    how: str
    exposure: Floats
    base: int


def scalar(text: str) -> str:
    """Write a word as YAML reads it back."""
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def charged(result: Result) -> tuple[Modelled, ...]:
    """Give the models of which the premium is, in its order; all where there is none."""
    if result.premium is None:
        return result.models
    named = {entry.name: entry for entry in result.models}
    return tuple(named[name] for name in result.premium.of)


def asked_of(result: Result) -> tuple[Asked, ...]:
    """Give every variable that the steps of the premium read, in the order of the file."""
    spec = result.spec
    weights = result.policies.exposure * result.policies.weight
    cuts: dict[str, list[_Cut]] = {}
    # a step stands in rating.yaml for every model, so that each of its keys is asked for
    for entry in result.models:
        for term in entry.fitted.terms:
            for key, cut in _cuts(term, weights):
                cuts.setdefault(key, []).append(cut)
    keys = dict.fromkeys(spec.key(name) for name in spec.variables)
    found = [_variable(spec, key, cuts[key]) for key in keys if key in cuts]
    plain = [entry.model.offset for entry in result.models]
    if spec.premium is not None and spec.premium.pro_rata:
        plain.append(spec.exposure.column)
    known = {one.name for one in found}
    more = (name for name in dict.fromkeys(plain) if name is not None and name not in known)
    return (*found, *(Asked(n, "number", None, "0", None, "1", "1", (("1", 1.0),)) for n in more))


def _cuts(term: Term, weights: Floats) -> Iterator[tuple[str, _Cut]]:
    exposed = term.total(weights).reshape(term.sizes)
    places = np.unravel_index(term.base, term.sizes)
    for axis, key in enumerate(term.keys):
        others = tuple(other for other in range(len(term.keys)) if other != axis)
        along = np.asarray(exposed.sum(axis=others), dtype=np.float64)
        yield key, _Cut(term.labels[axis], term.how[axis], along, int(places[axis]))


def _variable(spec: Relativities, key: str, cuts: list[_Cut]) -> Asked:
    """Give a variable that every one of its cuts can be read at."""
    cut = max(cuts, key=lambda one: len(one.points))
    shares = list(zip(cut.points, cut.exposure.tolist(), strict=True))
    base = cut.points[cut.base]
    if cut.how == "exact":
        levels = tuple(dict.fromkeys(word for one in cuts for word in one.points))
        others = sorted((share, word) for word, share in shares if word != base)
        other = others[0][1] if others else base
        return Asked(key, "choice", levels, "", None, base, other, tuple(shares))
    variables: list[Factor] = [spec.variables[key]]
    variables += [one for one in spec.variables.values() if one.of == key]
    kind = next((one.type for one in variables if one.type is not None), "number")
    low = max(float(one.points[0]) for one in cuts)
    high = min((float(one.points[-1]) for one in cuts if one.how == "log_linear"), default=np.inf)
    inside = [
        (word, share)
        for word, share in shares
        if low <= float(word) <= high and (kind not in WHOLE or float(word).is_integer())
    ] or [(f"{low:.12g}", 1.0)]
    words = [word for word, _ in inside]
    chosen = base if base in words else words[0]
    return Asked(
        name=key,
        type=kind,
        levels=None,
        least=f"{low:.12g}",
        most=f"{high:.12g}" if np.isfinite(high) else None,
        base=chosen,
        other=words[-1] if words[-1] != chosen else words[0],
        mix=tuple(inside),
    )
