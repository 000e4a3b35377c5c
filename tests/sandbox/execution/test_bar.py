"""The bar tells how far, how fast and how long still, on a terminal of 80 signs."""

import io
import re

import pytest
from rich.console import Console
from rich.progress import Progress

from sandbox.execution.bar import columns


@pytest.mark.parametrize(
    ("step", "seconds", "shown"),
    [(500_000, 2.0, r"250,000/s +0:00:36"), (10, 4.0, r"2\.5/s +\S")],
)
def test_the_line_fits_and_tells_the_rate_and_the_time_left(step, seconds, shown):
    now, text = [0.0], io.StringIO()
    console = Console(width=80, file=text)
    bar = Progress(*columns(), console=console, get_time=lambda: now[0])
    task = bar.add_task("simulating", total=10_000_000)
    for _ in range(2):
        now[0] += seconds
        bar.advance(task, step)
    console.print(bar.get_renderable())
    (line,) = text.getvalue().splitlines()
    assert line.startswith("simulating ")
    assert f"{2 * step}/10000000" in line
    assert re.search(shown, line), line
