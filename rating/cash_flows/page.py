"""A projection told to a person, in 80 columns, or a program."""

from collections.abc import Iterator

import numpy as np

from product_factory.assembled import AssembledProduct
from rating.cash_flows.run import Projected
from rating.page import wrapped

SHOWN = 12
MAIN = ("pols_if", "premiums", "claims", "expenses", "commissions", "net_cf")
WIDTH = 11
SCALES = ((1.0, 2, ""), (1.0, 0, ""), (1e3, 0, "thousand "), (1e6, 0, "million "), (1e9, 0, "1e9 "))
"""Divisors of money with the decimals that are shown, from the finest."""


def projection_told(found: Projected) -> dict[str, object]:
    """Give a projection as plain values for JSON; flows are lists by time."""
    sums = found.sums
    told: dict[str, object] = {
        "product": found.product.name,
        "on": found.product.on.isoformat(),
        "basis": found.basis.name,
        "currency": found.product.product.currency,
        "step": "year" if sums.per_year == 1 else "month",
        "points": sums.points,
        "policies": sums.policies,
        "rejected": found.lost.rows,
        "cash_flows": {
            **{name: flow.tolist() for name, flow in sums.columns.items()},
            "disc_factors": sums.disc_factors.tolist(),
        },
        "present_values": dict(sums.present),
    }
    files = {"out": found.out, "rejects": found.rejects if found.lost.rows else None}
    return told | {name: str(path) for name, path in files.items() if path is not None}


def projection_lines(found: Projected) -> list[str]:
    """Give a projection as lines: the first steps, the present values, what was left out."""
    return [*_head(found), *_flows(found), *_present(found), *_files(found)]


def _head(found: Projected) -> Iterator[str]:
    product, sums = found.product, found.sums
    step = "year" if sums.per_year == 1 else "month"
    yield from wrapped(f"{_titled(product)}, basis {found.basis.name}", 2)
    points = f"{sums.points:,} point{'' if sums.points == 1 else 's'}"
    policies = f"{sums.policies:,.10g} {'policy' if sums.policies == 1 else 'policies'}"
    yield f"{points}, {policies}, by {step}, in {product.product.currency}"


def _titled(product: AssembledProduct) -> str:
    return f"{product.title.en}  {product.name} {product.product.version}, on {product.on}"


def _flows(found: Projected) -> Iterator[str]:
    sums = found.sums
    if not sums.points:
        return
    shown = np.stack([sums.columns[name][:SHOWN] for name in MAIN])
    divisor, decimals, said = _scale(shown[1:])
    if said:
        yield f"money in {said}{found.product.product.currency}"
    yield f"{'t':>4}" + "".join(f" {name:>{WIDTH}}" for name in MAIN)
    places = max(0, min(6, 9 - len(f"{sums.policies:,.0f}")))
    for t, (alive, *money) in enumerate(shown.T.tolist()):
        cells = "".join(f" {amount / divisor:>{WIDTH},.{decimals}f}" for amount in money)
        yield f"{t:>4} {alive:>{WIDTH},.{places}f}{cells}"
    more = len(sums.disc_factors) - SHOWN
    if more > 0:
        yield f"   … {more} more (-o or --json has them all, and every column)"


def _scale(money: np.ndarray) -> tuple[float, int, str]:
    """Choose in what money is shown, so that the longest number fits."""
    most = float(np.abs(money).max(initial=0.0))
    for divisor, decimals, said in SCALES:
        if len(f"{-most / divisor:,.{decimals}f}") <= WIDTH:
            return divisor, decimals, said
    return SCALES[-1]


def _present(found: Projected) -> Iterator[str]:
    for name, worth in found.sums.present.items():
        each = worth / found.sums.policies
        yield f"{name:<15} {worth:>22,.4f}   per policy {each:>16,.4f}"


def _files(found: Projected) -> Iterator[str]:
    if found.lost.rows:
        rows = found.lost.rows
        yield f"{rows:,} {'row was' if rows == 1 else 'rows were'} left out:"
        for one in found.lost.first:
            got = "" if f"got {one.value}" in one.reason else one.value
            what = f"row {one.row}: {one.column or 'risk'}: {got} {one.reason}"
            yield from wrapped(" ".join(what.split()), 4, start=2)
    if found.out is not None:
        yield f"projection: {found.out}"
    if found.rejects is not None and found.lost.rows:
        yield f"rejects:    {found.rejects}"
