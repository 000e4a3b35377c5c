"""Law 3 on the spot: the same input gives the same bytes, whatever the threads and the blocks."""

from collections.abc import Callable

from sandbox.loss_table import LossTable


def fingerprint(table: LossTable) -> bytes:
    """Give the bytes of every figure of a table, in a fixed order."""
    parts = [table.paid.tobytes(), table.premium.tobytes()]
    parts += [b"" if a is None else a.tobytes() for a in (table.expenses, table.largest_event)]
    for name, segments in sorted(table.by_segment.items()):
        parts += [name.encode(), segments.paid.tobytes(), segments.premium.tobytes()]
    return b"|".join(parts)


def same_bytes(simulate: Callable[[int, int], LossTable]) -> bool:
    """Tell whether `simulate(threads, block)` gives the same bytes for several of them."""
    first = fingerprint(simulate(1, 256))
    return all(
        fingerprint(simulate(threads, block)) == first for threads, block in ((2, 64), (2, 7))
    )
