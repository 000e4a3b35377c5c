"""`text`: a line for each finding, a line for each product, and a last one where there are many."""

from collections.abc import Callable, Sequence

from sandbox.launch.checked import Checked, code_of


def write(checked: Sequence[Checked], _place: Callable[[str], str]) -> str:
    """Write the lines; what several products share, such as a broken module, is told once."""
    lines: dict[str, None] = {}
    for one in checked:
        lines |= dict.fromkeys(map(str, one.findings))
        if one.readable or len(checked) > 1:
            lines[one.last_line()] = None
    if len(checked) != 1:
        good = sum(one.code == 0 for one in checked)
        told = f"{good} good" if code_of(checked) else "all good"
        lines[f"{len(checked)} products: {told}"] = None
    return "\n".join(lines) + "\n"
