"""One stretch of rows a thread."""

from concurrent.futures import ThreadPoolExecutor


def stretches(work, rows, threads):
    """Call work(first, last) for as many stretches as threads."""
    cuts = [rows * part // threads for part in range(threads + 1)]
    if threads == 1:
        work(0, rows)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, cuts[:-1], cuts[1:]))
