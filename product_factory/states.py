"""The contract's state graph, derived from what events do; engine and sandbox read this one."""

from dataclasses import dataclass

from product_factory.assembled import AssembledProduct, Cover
from product_factory.errors import BadInput
from product_factory.module import Exclusion, Pays
from product_factory.promise import events

IN_FORCE = "in_force"
MATURED = "matured"


@dataclass(frozen=True)
class Transition:
    """From one state to another, by an event (`process.event`)."""

    source: str
    target: str
    event: str


@dataclass(frozen=True)
class StateGraph:
    """The states of a contract; the living ones come first, the others end it."""

    living: tuple[str, ...]
    ended: tuple[str, ...]
    transitions: tuple[Transition, ...]


def state_graph(product: AssembledProduct) -> StateGraph:
    """Derive the graph. Raises BadInput for a decrement that leaves the contract in force.

    Every event of a decrement ends the contract: one living state, one ended state an event.
    """
    ending: dict[str, str] = {}
    for use in (*product.exclusions.values(), *product.covers.values()):
        for entry in _promises(use):
            if entry.then is not None and entry.then.ends == "contract":
                ending |= dict.fromkeys(entry.event, f"ended by {use.alias}")
    for use in product.covers.values():
        for event, at in events(use):
            process = product.processes[event.partition(".")[0]]
            if process.kind == "decrement" and event not in ending:
                text = f"expected then: {{ends: contract}}: no contract can go on after '{event}'"
                raise BadInput.one(at, f"covers.{use.alias}.pays", text)
    transitions = tuple(Transition(IN_FORCE, event, event) for event in ending)
    return StateGraph((IN_FORCE,), (*ending, MATURED), transitions)


def _promises(use: Cover) -> tuple[Pays | Exclusion, ...]:
    pays = use.module.pays
    return use.module.excludes if pays is None else (pays, *use.module.excludes)
