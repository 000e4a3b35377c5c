"""A prepared program over columns in memory, on threads."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.book.machine import Machine
from rating.kernels import program as kernels

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
BLOCK = 1024
"""Rows at a time: a slot of them is 8 KiB, so that those at work stay in the nearest cache."""


@dataclass(frozen=True)
class Rated:
    """Outputs by name, and which policies have a value that is not finite."""

    outputs: Mapping[str, Floats]
    bad: npt.NDArray[np.bool_]


def evaluate(
    machine: Machine,
    columns: Mapping[str, npt.NDArray[np.float64] | npt.NDArray[np.int32]],
    offsets: Integers | None = None,
    *,
    threads: int = 1,
    block: int = BLOCK,
) -> Rated:
    """Run a machine over columns in memory; the result is the same for any threads and block.

    columns  name → int32 codes for choices, float64 for the rest
    offsets  first item of each policy, then the number of items; None when nothing has items
    """
    held = [_fit(columns[name], coded=coded) for name, coded, _ in machine.columns]
    rows, items = _sizes(machine, held, columns, offsets)
    addresses = np.array([column.ctypes.data for column in held], dtype=np.int64)
    policy_out = np.empty((len(machine.policy_outputs), rows))
    item_out = np.empty((len(machine.item_outputs), items))
    bad = np.zeros(rows, dtype=np.uint8)
    places = np.zeros(0, dtype=np.int64) if offsets is None else np.ascontiguousarray(offsets)
    width = max(block, int(np.diff(places).max(initial=1))) if places.size else block

    def part(first: int, last: int) -> None:
        kernels.run_rows(
            machine.code, machine.data, machine.constants, addresses, policy_out, item_out, bad,
            places, first, last, block, width, machine.slots,
        )  # fmt: skip

    cuts = [rows * number // threads for number in range(threads + 1)]
    if threads == 1:
        part(0, rows)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, cuts[:-1], cuts[1:]))
    outputs = dict(zip(machine.policy_outputs, policy_out, strict=True))
    outputs |= dict(zip(machine.item_outputs, item_out, strict=True))
    return Rated(outputs, bad.view(np.bool_))


def _fit(column: npt.NDArray[np.generic], *, coded: bool) -> npt.NDArray[np.generic]:
    return np.ascontiguousarray(column, dtype=np.int32 if coded else np.float64)


def _sizes(
    machine: Machine,
    held: Sequence[npt.NDArray[np.generic]],
    columns: Mapping[str, npt.NDArray[np.generic]],
    offsets: Integers | None,
) -> tuple[int, int]:
    """Count policies and items, and make sure that no column is shorter: the kernel trusts them."""
    if offsets is not None and (offsets[0] != 0 or np.any(np.diff(offsets) < 0)):
        message = "expected offsets that start at 0 and never fall"
        raise ValueError(message)
    items = 0 if offsets is None else int(offsets[-1])
    sizes = {
        len(col) for col, (_, _, level) in zip(held, machine.columns, strict=True) if not level
    }
    rows = len(offsets) - 1 if offsets is not None else 0
    if offsets is None:
        rows = sizes.pop() if sizes else max((len(c) for c in columns.values()), default=1)
    of_items = {len(c) for c, (_, _, level) in zip(held, machine.columns, strict=True) if level}
    if sizes - {rows} or of_items - {items}:
        message = f"expected columns of {rows} policies and {items} items"
        raise ValueError(message)
    return rows, items
