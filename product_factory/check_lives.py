"""Checks of a contract on two lives: whose facts are whose, and while which state is paid."""

from collections.abc import Iterator

from product_factory.assembled import AssembledProduct
from product_factory.due import Due
from product_factory.errors import Problem, nearest
from product_factory.process import Process

ATTAINED = "age"


def life_problems(product: AssembledProduct) -> list[Problem]:
    """List what is wrong with `lives` and with `contract.pay_while`."""
    return [*_lives(product), *_pay_while(product)]


def _lives(product: AssembledProduct) -> Iterator[Problem]:
    at, stated = product.product.place("lives"), product.product.lives
    lives = {life: a for a, process in product.processes.items() for life in process.lives}
    for life, facts in stated.items():
        if life not in lives:
            text = f"unknown life '{life}'{nearest(life, lives)}"
            yield Problem(at, f"lives.{life}", text)
        for name, fact in facts.items():
            yield from _fact(product, life, name, fact)
    for alias, process in product.processes.items():
        if process.kind == "lives":
            yield from _alone(product, alias)
        for place, life in enumerate(process.lives):
            known = product.product.insured if place == 0 else ()
            if ATTAINED not in stated.get(life, {}) and ATTAINED not in known:
                text = (
                    f"expected the age of '{life}', such as lives: {{{life}: {{age: {life}_age}}}}"
                )
                yield Problem(at, f"processes.{alias}", text)


def _alone(product: AssembledProduct, alias: str) -> Iterator[Problem]:
    """Tell of what happens beside the deaths of two lives, acts of the policyholder apart."""
    for other, process in product.processes.items():
        acts = all(event.by == "policyholder" for event in process.events.values())
        if other != alias and not acts:
            text = f"beside two lives, '{alias}', only acts of the policyholder; got '{other}'"
            yield Problem(product.product.place("processes"), f"processes.{other}", text)


def _fact(product: AssembledProduct, life: str, name: str, fact: str) -> Iterator[Problem]:
    at, path = product.product.place("lives"), f"lives.{life}.{name}"
    variable = product.variables.get(fact)
    if variable is None or variable.chosen:
        known = product.product.insured
        yield Problem(
            at, path, f"expected a fact of the insured, got '{fact}'{nearest(fact, known)}"
        )
        return
    own = product.variables.get(name)
    if own is not None and own.type != variable.type:
        text = f"expected a fact of the same type as '{name}', got '{fact}', of another"
        yield Problem(at, path, text)


def _pay_while(product: AssembledProduct) -> Iterator[Problem]:
    state = product.product.contract.pay_while
    if state is None:
        return
    known = [f"{a}.{s}" for a, process in product.processes.items() for s in process.states]
    first = {f"{a}.{next(iter(p.states))}" for a, p in product.processes.items() if p.states}
    at = product.product.contract.place("pay_while")
    if state not in known:
        yield Problem(at, "contract.pay_while", f"unknown state '{state}'{nearest(state, known)}")
    elif state not in first:
        text = f"expected a state in which a contract starts, got '{state}'"
        yield Problem(at, "contract.pay_while", text)


def stay_problems(process: Process, due: Due) -> Iterator[Problem]:
    """Hold the times of payments while in a state against the process that it is of."""
    at = due.place("every")
    if process.from_the_start:
        if due.elimination is not None or due.most is not None:
            text = (
                "'after' and 'for' are for a state that one may enter, not for those of two lives"
            )
            yield Problem(at, "pays.due", text)
        if due.guaranteed is not None:
            yield Problem(at, "pays.due.guaranteed", "'guaranteed' is for 'alive'")
    elif due.once is not None or due.begins is not None or due.guaranteed is not None:
        text = (
            "'once', 'from' and 'guaranteed' are for 'alive'; in a state that one may enter, "
            "payments run from the day of entry"
        )
        yield Problem(due.place("once") if due.once else at, "pays.due", text)
