"""The contract's state graph, derived from what events do; engine and sandbox read this one.

A living state says how often each cover that counts has paid, whether premiums are waived, and
which payments have reduced the sum insured. Waiting periods and gaps are clocks, not states; see
`product_factory.clocks`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, combinations

from product_factory.assembled import AssembledProduct, Cover
from product_factory.constants import constant
from product_factory.errors import BadInput
from product_factory.module import Exclusion, Pays
from product_factory.promise import INTEGER, events, scope

IN_FORCE = "in_force"
MATURED = "matured"
ENDED = -1
MOST_LIVING = 64
MOST_CONDITIONAL = 8
"""Covers that pay for one event under conditions of their own; each doubles the transitions."""
SUM_INSURED = "sum_insured"


@dataclass(frozen=True, order=True)
class State:
    """A living state.

    paid     how often each cover of `StateGraph.counted` has paid
    reduced  how many payments of each cover of `StateGraph.reducing` the sum insured is less by
    waived   whether no more premiums fall due
    stays    for each process of `StateGraph.moving`, the place of the state that the life is in
    """

    paid: tuple[int, ...] = ()
    reduced: tuple[int, ...] = ()
    waived: bool = False
    stays: tuple[int, ...] = ()


@dataclass(frozen=True)
class Leads:
    """Where an event of a process of transitions leads: places of states, and of the process.

    to  None where it ends the life
    """

    process: int
    leaves: frozenset[int]
    to: int | None


@dataclass(frozen=True)
class Transition:
    """From one state to another (ENDED: the contract is over), by an event (`process.event`).

    pays  the covers that pay for it, or the one line `exclusion.line` that takes it; a state is
          its own target where a payment changes nothing
    """

    source: int
    target: int
    event: str
    pays: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What a payment of one cover, or a line of an exclusion, does.

    limit     payments after which the cover has ended; 0: it does not count
    """

    ends: bool = False
    waives: bool = False
    limit: int = 0
    reduces: bool = False
    restores: bool = False


@dataclass(frozen=True)
class StateGraph:
    """The states of a contract and how events lead from one to another.

    living    in order, the first is that of a new contract
    ended     how a contract can end: events, and the end of its term
    counted   covers that end after so many payments;  reducing: those that reduce the sum insured
    effects   cover, or `exclusion.line` → what a payment does
    moving    processes of transitions → the names of their states, the first where all start
    leads     event of such a process → where it leads
    """

    living: tuple[State, ...]
    ended: tuple[str, ...]
    transitions: tuple[Transition, ...]
    counted: tuple[str, ...]
    reducing: tuple[str, ...]
    effects: Mapping[str, Effect]
    moving: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leads: Mapping[str, Leads] = field(default_factory=dict)

    @property
    def exclusions(self) -> frozenset[str]:
        """The lines of exclusions among what pays."""
        return frozenset(name for name in self.effects if "." in name)

    @property
    def names(self) -> tuple[str, ...]:
        """One word for each living state: `in_force`, `moderate1_mild2_waived`."""
        return tuple(self._name(state) for state in self.living)

    def lasting(self, state: State) -> frozenset[str]:
        """Give the covers that have not ended in a state."""
        over = {c for c, n in zip(self.counted, state.paid, strict=True) if n >= self._limit(c)}
        return frozenset(name for name in self.effects if name not in over)

    def happens(self, state: State, event: str) -> bool:
        """Tell whether an event can happen to a life in a state."""
        led = self.leads.get(event)
        return led is None or state.stays[led.process] in led.leaves

    def after(self, source: int, pays: Iterable[str], event: str = "") -> int:
        """Give the state after an event for which these pay; ENDED when that ends the contract."""
        target = _after(self, self.living[source], tuple(pays), event)
        return ENDED if target is None else self.living.index(target)

    def _limit(self, cover: str) -> int:
        return self.effects[cover].limit

    def _name(self, state: State) -> str:
        parts = [f"{c}{n}" for c, n in zip(self.counted, state.paid, strict=True) if n]
        if state.reduced != _counts(self, state, self.reducing):
            parts += [
                f"{c}_less{n}" for c, n in zip(self.reducing, state.reduced, strict=True) if n
            ]
        parts += [
            names[place]
            for names, place in zip(self.moving.values(), state.stays, strict=True)
            if place
        ]
        return "_".join(parts + ["waived"] * state.waived) or IN_FORCE


def state_graph(product: AssembledProduct) -> StateGraph:
    """Derive the graph.

    Raises BadInput for a decrement that leaves the contract in force, a number of times that is
    not the same for all policies, and more living states than MOST_LIVING.
    """
    _all_end(product)
    effects = {name: _effect(product, use, entry) for name, use, entry in _promises(product)}
    counted = tuple(name for name, effect in effects.items() if effect.limit)
    reducing = tuple(name for name, effect in effects.items() if effect.reduces)
    _all_counted(product, effects)
    moving = {
        alias: tuple(process.states)
        for alias, process in product.processes.items()
        if process.moves
    }
    leads = dict(_leads(product, moving))
    start = State((0,) * len(counted), (0,) * len(reducing), stays=(0,) * len(moving))
    graph = StateGraph((start,), (), (), counted, reducing, effects, moving, leads)
    ways = [way for way in _ways(product) if way[1] or way[2] or way[0] in leads]
    living = _reached(product, graph, ways)
    graph = replace(graph, living=living)
    number = {state: place for place, state in enumerate(living)}
    found: dict[Transition, None] = {}
    for source, state in enumerate(living):
        for event, pays, ends_life in ways:
            paying = tuple(name for name in pays if name in graph.lasting(state))
            moves = paying or ends_life or event in leads
            if not moves or not graph.happens(state, event):
                continue
            after = None if ends_life else _after(graph, state, paying, event)
            target = ENDED if after is None else number[after]
            found[Transition(source, target, event, paying)] = None
    ended = dict.fromkeys(one.event for one in found if one.target == ENDED)
    matures = () if product.product.contract.term == "life" else (MATURED,)
    return replace(graph, ended=(*ended, *matures), transitions=tuple(found))


def _leads(
    product: AssembledProduct, moving: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, Leads]]:
    for number, (alias, states) in enumerate(moving.items()):
        for name, event in product.processes[alias].events.items():
            leaves = frozenset(states.index(one) for one in event.leaves)
            to = None if event.to is None else states.index(event.to)
            yield f"{alias}.{name}", Leads(number, leaves, to)


Way = tuple[str, tuple[str, ...], bool]
"""An event, what pays for it, and whether it ends the life."""


def _reached(product: AssembledProduct, graph: StateGraph, ways: list[Way]) -> tuple[State, ...]:
    found = {graph.living[0]}
    waiting = list(found)
    while waiting:
        state = waiting.pop()
        for event, pays, ends_life in ways:
            paying = tuple(name for name in pays if name in graph.lasting(state))
            moves = (paying or event in graph.leads) and graph.happens(state, event)
            after = _after(graph, state, paying, event) if moves and not ends_life else None
            if after is not None and after not in found:
                found.add(after)
                waiting.append(after)
        if len(found) > MOST_LIVING:
            counts = " × ".join(f"{c} 0-{graph.effects[c].limit}" for c in graph.counted)
            text = f"expected at most {MOST_LIVING} living states, got more: {counts}"
            raise BadInput.one(product.product.place("covers"), "covers", text)
    return tuple(sorted(found))


def _after(graph: StateGraph, state: State, pays: tuple[str, ...], event: str = "") -> State | None:
    """Give the living state after these have paid; None when the contract is over."""
    led = graph.leads.get(event)
    if led is not None and led.to is None:
        return None
    effects = [graph.effects[name] for name in pays]
    if any(effect.ends for effect in effects):
        return None
    paid = tuple(n + (c in pays) for c, n in zip(graph.counted, state.paid, strict=True))
    reduced = tuple(n + (c in pays) for c, n in zip(graph.reducing, state.reduced, strict=True))
    if any(effect.restores for effect in effects):
        reduced = (0,) * len(reduced)
    stays = state.stays
    if led is not None and led.to is not None:
        stays = (*stays[: led.process], led.to, *stays[led.process + 1 :])
    return State(paid, reduced, state.waived or any(effect.waives for effect in effects), stays)


def _counts(graph: StateGraph, state: State, covers: tuple[str, ...]) -> tuple[int, ...]:
    known = dict(zip(graph.counted, state.paid, strict=True))
    return tuple(known.get(cover, 0) for cover in covers)


def _promises(product: AssembledProduct) -> Iterator[tuple[str, Cover, Pays | Exclusion]]:
    for use in product.exclusions.values():
        for line in use.module.excludes:
            yield f"{use.alias}.{line.name}", use, line
    for use in product.covers.values():
        if use.module.pays is not None:
            yield use.alias, use, use.module.pays


def _effect(product: AssembledProduct, use: Cover, entry: Pays | Exclusion) -> Effect:
    then = entry.then
    times = entry.times if isinstance(entry, Pays) else None
    limit = 0
    if times is not None:
        number = constant(times, scope(product, use), INTEGER)
        if number is None or number < 1:
            text = "expected a number of times of 1 or more, the same for all policies"
            raise BadInput.one(entry.place("times"), f"covers.{use.alias}.times", text)
        limit = int(number)
    if then is None:
        return Effect(limit=limit)
    timed = [name for name, after in then.restores.items() if constant(after, scope(product, use))]
    if SUM_INSURED in timed:
        text = "no state graph holds a sum insured that is restored after a time"
        raise BadInput.one(entry.place("then"), f"covers.{use.alias}.then.restores", text)
    return Effect(
        ends=then.ends == "contract",
        waives=then.waives is not None,
        limit=1 if then.ends == "cover" else limit,
        reduces=SUM_INSURED in then.reduces and then.ends != "contract",
        restores=SUM_INSURED in then.restores,
    )


def _all_end(product: AssembledProduct) -> None:
    ending: set[str] = set()
    for _, _, entry in _promises(product):
        if entry.then is not None and entry.then.ends == "contract":
            ending |= set(entry.event)
    for use in product.covers.values():
        if use.module.pays is not None and use.module.pays.during is not None:
            continue  # what ends a guarantee need not end the contract
        for event, at in events(use):
            process = product.processes[event.partition(".")[0]]
            if process.kind == "decrement" and event not in ending:
                text = f"expected then: {{ends: contract}}: no contract can go on after '{event}'"
                raise BadInput.one(at, f"covers.{use.alias}.pays", text)


def _all_counted(product: AssembledProduct, effects: Mapping[str, Effect]) -> None:
    for name, effect in effects.items():
        if effect.reduces and not effect.limit:
            text = "expected 'times', since a payment of this cover reduces the sum insured"
            raise BadInput.one(product.uses[name.partition(".")[0]].at, f"covers.{name}", text)


def _ways(product: AssembledProduct) -> Iterator[Way]:
    """List what may pay for each event: a line of an exclusion, or covers together.

    A cover with a `where` of its own may pay or not, so each choice of such covers is a way.
    """
    entries = list(_promises(product))
    for alias, process in product.processes.items():
        for name, declared in process.events.items():
            event, ends_life = f"{alias}.{name}", declared.ends == "life"
            here = [(n, e) for n, _, e in entries if event in e.event]
            for line, entry in here:
                if isinstance(entry, Exclusion):
                    yield event, (line,), ends_life
            always = [n for n, e in here if isinstance(e, Pays) and e.where is None]
            perhaps = [n for n, e in here if isinstance(e, Pays) and e.where is not None]
            if len(perhaps) > MOST_CONDITIONAL:
                text = f"expected at most {MOST_CONDITIONAL} covers with a 'where' for '{event}'"
                raise BadInput.one(product.product.place("covers"), "covers", text)
            for chosen in chain.from_iterable(
                combinations(perhaps, size) for size in range(len(perhaps) + 1)
            ):
                pays = [n for n, _ in here if n in (*always, *chosen)]
                yield event, tuple(pays), ends_life
