"""The names of living states for people, in Chinese and English."""

from collections.abc import Iterator, Mapping

from product_factory.assembled import AssembledProduct
from product_factory.states import State, StateGraph
from product_factory.strict import Bilingual

WORDS: Mapping[str, tuple[str, str]] = {
    "in_force": ("有效", "in force"),
    "ended": ("合同终止", "ended"),
    "everywhere": ("任一状态：", "from every state:"),
    "waived": ("免交保险费", "premiums waived"),
    "paid": ("{title} {n} 次", "{title} × {n}"),
    "less": ("保险金额减少：{title} {n} 次", "sum insured less by {title} × {n}"),
}


def said(word: str, language: str, **places: object) -> str:
    """Give a word of this page in a language, zh or en."""
    return WORDS[word][language != "zh"].format(**places)


def parts(
    product: AssembledProduct, graph: StateGraph, state: State, language: str
) -> tuple[str, ...]:
    """Say what has happened to a contract in a living state, one thing a part."""
    return tuple(_parts(product, graph, state, language)) or (said("in_force", language),)


def _parts(
    product: AssembledProduct, graph: StateGraph, state: State, language: str
) -> Iterator[str]:
    for cover, n in zip(graph.counted, state.paid, strict=True):
        if n:
            yield said("paid", language, title=title(product.covers[cover].title, language), n=n)
    for cover, n in zip(graph.reducing, state.reduced, strict=True):
        if n:
            yield said("less", language, title=title(product.covers[cover].title, language), n=n)
    for (process, names), place in zip(graph.moving.items(), state.stays, strict=True):
        if place:
            yield title(product.processes[process].states[names[place]].title, language)
    if state.waived:
        yield said("waived", language)


def title(titles: Bilingual, language: str) -> str:
    """Give a title in a language."""
    return titles.zh if language == "zh" else titles.en


def event_title(product: AssembledProduct, event: str, language: str) -> str:
    """Give the title of `process.event`."""
    process, _, name = event.partition(".")
    return title(product.processes[process].events[name].title, language)
