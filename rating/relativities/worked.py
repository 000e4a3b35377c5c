"""Quotes worked from what was fitted, by which a product's tariff is held."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from product_factory.numbers.rounding import round_array
from rating.relativities.asked import Asked, scalar
from rating.relativities.filed import Filed
from rating.relativities.result import Result

CENTS = 100


def quotes(result: Result, asked: tuple[Asked, ...], on: date) -> str:
    """Give `quotes.yaml`: the risk at every base, and one away from all of them."""
    bases = {one.name: one.base for one in asked}
    others = {one.name: one.other for one in asked}
    return "".join(
        (
            _quote(result, "基准风险 The base of every factor", bases, on),
            _quote(result, "各因子另一水平 Another level of every factor", others, on),
        )
    )


def _quote(result: Result, name: str, given: Mapping[str, str], on: date) -> str:
    told = ", ".join(f"{key}: {scalar(word)}" for key, word in given.items())
    value, working = _premium(result, given)
    return f"""\
- name: {name}
  date: {on.isoformat()}
  given: {{{told}}}
  expect: {{payable: "{value:.2f}"}}
  source: "from the fit: {working}"
"""


def _premium(result: Result, given: Mapping[str, str]) -> tuple[float, str]:
    """Multiply in the order of the steps, so that the last bit is theirs too."""
    premium, spec = result.premium, result.spec
    assert premium is not None  # noqa: S101 - a product has one
    assert spec.premium is not None  # noqa: S101 - the same
    means = [_mean(result.filed[name], given) for name in premium.of]
    parts = [f"{mean:.6g}" for mean in means]
    value = means[0]
    for mean in means[1:]:
        value *= mean
    for factor in (premium.balance, premium.load):
        if factor != 1.0:
            value *= factor
            parts.append(f"{factor:.6f}")
    if spec.premium.pro_rata:
        share = float(given[spec.exposure.column])
        value *= share if spec.exposure.most is None else min(spec.exposure.most, share)
    return float(round_array(np.array([value]), 1, CENTS)[0]), " × ".join(parts)


def _mean(filed: Filed, given: Mapping[str, str]) -> float:
    value = filed.base
    for term, relativities in zip(filed.terms, filed.relativities, strict=True):
        points = relativities.reshape(term.sizes)
        for key, how, labels in zip(term.keys, term.how, term.labels, strict=True):
            points = _along(points, how, labels, given[key])
        value *= float(points)
    return value if filed.offset is None else value * float(given[filed.offset])


def _along(
    points: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    how: str,
    labels: tuple[str, ...],
    word: str,
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Read the first key of a table of relativities, as the table's header says."""
    if how == "exact":
        return np.asarray(points[labels.index(word)])
    grid, at = np.array(labels, dtype=np.float64), float(word)
    if how == "step":
        return np.asarray(points[int(np.searchsorted(grid, at, side="right")) - 1])
    return np.asarray(np.exp(np.interp(at, grid, np.log(points))))
