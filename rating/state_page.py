"""The state graph as text of at most 80 columns, and as plain values for JSON."""

from collections.abc import Iterator

from product_factory.assembled import AssembledProduct
from product_factory.state_names import parts
from product_factory.states import ENDED, StateGraph, Transition
from rating.page import wrapped


def told(product: AssembledProduct, graph: StateGraph) -> dict[str, object]:
    """Give the graph as plain values: states by number, transitions with what pays."""
    return {
        "product": product.name,
        "version": product.product.version,
        "living": [
            {
                "state": number,
                "name": name,
                "zh": parts(product, graph, state, "zh"),
                "en": parts(product, graph, state, "en"),
            }
            for number, (name, state) in enumerate(zip(graph.names, graph.living, strict=True))
        ],
        "while": {state: list(covers) for state, covers in _staying(product).items()},
        "pay_while": product.product.contract.pay_while,
        "ended": list(graph.ended),
        "transitions": [
            {
                "source": one.source,
                "target": None if one.target == ENDED else one.target,
                "event": one.event,
                "pays": list(one.pays),
            }
            for one in graph.transitions
        ],
    }


def lines(product: AssembledProduct, graph: StateGraph) -> Iterator[str]:
    """Write the states, then each event with what pays for it and where it leads."""
    title = product.title
    yield from wrapped(f"{title.zh}  {title.en}  {product.name} {product.product.version}", 0)
    count = len(graph.living)
    yield f"{count} living {'state' if count == 1 else 'states'}"
    for number, (name, state) in enumerate(zip(graph.names, graph.living, strict=True)):
        yield f"  {number:>2}  {name}"
        yield from wrapped("，".join(parts(product, graph, state, "zh")), 6, start=6)
        yield from wrapped(", ".join(parts(product, graph, state, "en")), 6, start=6)
    for during, covers in _staying(product).items():
        yield from wrapped(f"while {during}: paid at due dates by {', '.join(covers)}", 2)
    paying = product.product.contract.pay_while
    if paying is not None:
        yield from wrapped(f"while {paying}: premiums fall due, and not outside of it", 2)
    yield "events"
    ways = _by_event(graph)
    for event in dict.fromkeys(event for event, _ in ways):
        yield f"  {event}"
        for paying, leads in _said(graph, event, ways):
            yield from wrapped(f"{paying}: {leads}", 6, start=4)


def _staying(product: AssembledProduct) -> dict[str, list[str]]:
    """Give the covers that pay at due dates, by the state in which they do."""
    found: dict[str, list[str]] = {}
    for cover in product.covers.values():
        pays = cover.module.pays
        if pays is not None and pays.during is not None:
            found.setdefault(pays.during, []).append(cover.alias)
    return found


Ways = dict[tuple[str, tuple[str, ...]], list[Transition]]


def _by_event(graph: StateGraph) -> Ways:
    found: Ways = {}
    for one in graph.transitions:
        found.setdefault((one.event, one.pays), []).append(one)
    return found


def _said(graph: StateGraph, event: str, ways: Ways) -> list[tuple[str, str]]:
    """Say what pays for an event and where it leads, exclusions that lead alike together."""
    found: list[tuple[str, str]] = []
    taking: dict[str, list[str]] = {}
    for (named, pays), leads in ways.items():
        told = _leads(leads, len(graph.living))
        if named == event and pays and pays[0] in graph.exclusions:
            taking.setdefault(told, []).extend(pays)
        elif named == event:
            found.append((f"paid by {', '.join(pays)}" if pays else "nothing pays", told))
    excluded = [(f"excluded by {', '.join(names)}", told) for told, names in taking.items()]
    return [*excluded, *found]


def _leads(ways: list[Transition], count: int) -> str:
    if len(ways) == count and all(one.target == ENDED for one in ways):
        return "every state → ended"
    if len(ways) == count and all(one.target == one.source for one in ways):
        return "changes no state"
    shown = ["ended" if one.target == ENDED else str(one.target) for one in ways]
    return ", ".join(f"{one.source} → {target}" for one, target in zip(ways, shown, strict=True))
