"""`reverse`: how far a shock must go before a measure breaks; of two shocks, the frontier."""

from collections.abc import Mapping

from product_factory.errors import BadInput
from product_factory.json_text import json_text
from product_factory.strict import read_as
from sandbox.reverse.asked import REVERSE, Reverse
from sandbox.reverse.find import Reversed, find_break, resolve
from sandbox.reverse.told import frontier_csv, reverse_lines, reverse_told
from sandbox.studies.asked import Asked, Outcome, listed
from sandbox.studies.watch import head_lines


def study(asked: Asked) -> Outcome:
    """Search every test of the file, in its order."""
    tests = _tests(asked)
    resolved = [resolve(asked.product, test) for test in tests]
    asked.most(asked.years * sum(one.most_runs for one in resolved))
    done = [find_break(asked.runs, one, asked.spare) for one in resolved]
    lines = head_lines(asked)
    for one in done:
        lines += reverse_lines(one, asked.language)
    told = [reverse_told(one) for one in done]
    data = {"reverse.json": f"{json_text(told)}\n".encode()}
    data |= {
        f"{one.resolved.asked.name}.csv": frontier_csv(one)
        for one in done
        if one.resolved.asked.against is not None
    }
    bases = tuple(one.basis for one in resolved)
    return Outcome(asked, told, tuple(lines), data, lambda: _plots(asked, done), bases=bases)


def _tests(asked: Asked) -> tuple[Reverse, ...]:
    """Read the tests. Raises BadInput where there is none, or a name stands twice."""
    node = listed(asked.node("reverse"))
    tests = read_as(REVERSE, node)
    if not tests:
        raise BadInput.one(node.at, "", "expected at least one test, got none")
    for place, one in enumerate(tests):
        if any(other.name == one.name for other in tests[:place]):
            text = f"the test '{one.name}' stands twice; give each a name"
            raise BadInput.one(one.place("name"), "name", text)
    return tests


def _plots(asked: Asked, done: list[Reversed]) -> Mapping[str, bytes]:
    from sandbox.results.plots.reverse import reverse_png  # noqa: PLC0415 - only where drawn

    shown = (asked.manifest, asked.language, asked.title)
    return {f"{one.resolved.asked.name}.png": reverse_png(one, *shown) for one in done}
