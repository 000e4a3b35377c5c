"""What the states of a model are called by people: what has happened, and how long ago."""

from collections.abc import Iterator, Mapping

from product_factory.clocks import clocks as clocks_of
from product_factory.state_names import parts, title
from product_factory.states import state_graph
from rating.engines.multistate.model import Model
from rating.engines.multistate.on_clocks import Running, running

Told = tuple[str, str]
"""In Chinese, and in English."""
WORDS: Mapping[str, Told] = {
    "gap": ("{of}的间隔期还有 {time}", "{time} left of the gap of {of}"),
    "since": ("{of}时间计为 {time}", "time {of} counts as {time}"),
    "left": ("{of}结束后 {time}", "{time} after {of} ended"),
}


def state_words(model: Model) -> dict[str, Told]:
    """Give for the name of each state what it is."""
    product = model.product
    graph = state_graph(product)
    clocks = clocks_of(product, model.basis, graph)
    found = {}
    for name, cell in zip(model.states, clocks.cells, strict=True):
        state = graph.living[cell.state]
        both = []
        for language, comma in (("zh", "，"), ("en", ", ")):
            happened = parts(product, graph, state, language)
            timed = (_said(model, one, language) for one in running(clocks, cell))
            both.append(comma.join((*happened, *timed)))
        found[name] = both[0], both[1]
    return found


def _said(model: Model, one: Running, language: str) -> str:
    product = model.product
    if one.state:
        of = title(product.processes[one.of].states[one.state].title, language)
    else:
        of = title(product.covers[one.of].title, language)
    time = " ".join(_time(one.steps, model.per_year, language))
    return WORDS[one.kind][language != "zh"].format(of=of, time=time)


def _time(steps: int, per_year: int, language: str) -> Iterator[str]:
    yield str(steps)
    if language == "zh":
        yield "年" if per_year == 1 else "个月"
    else:
        yield ("year" if per_year == 1 else "month") + "s" * (steps != 1)
