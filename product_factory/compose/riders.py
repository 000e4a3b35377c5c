"""Riders: terms of covers amended, in a stated order, each with its reason.

An optional rider amends only where it is chosen. Two riders that amend one term must say which
comes first (`after:`); otherwise the result would depend on how the file happens to be written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from product_factory.assembled import Amended, Cover, TermValue
from product_factory.compose.rewrite import Rewriter
from product_factory.effective.text import as_written
from product_factory.errors import BadInput, Problem, both, nearest
from product_factory.expressions.tree import Binary, Call, Expression, Name
from product_factory.module import Amends
from product_factory.product import Product, Use

SIGNS = {"adds": "+", "multiplies": "*"}


def amended(
    product: Product,
    covers: Mapping[str, Cover],
    riders: Mapping[str, Cover],
    problems: list[Problem],
) -> dict[str, Cover]:
    """Give the covers with what the riders make of their terms."""
    changed = dict(covers)
    last: dict[str, Use] = {}
    for place, use in _ordered(product, problems):
        rider = riders.get(use.alias)
        for number, line in enumerate(rider.module.amends if rider else ()):
            path = f"riders[{place}]"
            for alias in _amended_covers(use, line, changed, path, problems):
                term = changed[alias].terms.get(line.term)
                if term is None:
                    hint = nearest(line.term, changed[alias].terms)
                    text = f"unknown term '{line.term}' of {line.of}{hint}"
                    problems.append(Problem(line.place("term"), f"amends[{number}].term", text))
                    continue
                before = last.setdefault(term.full_name, use)
                if before is not use and use.after != before.alias:
                    text = (
                        f"'{before.alias}' amends '{term.full_name}' too ({before.at}); "
                        f"say after: {before.alias}, or leave one of them out"
                    )
                    problems.append(Problem(use.at, path, text))
                last[term.full_name] = use
                assert rider is not None  # noqa: S101 - it has lines
                cover = changed[alias]
                try:
                    new = _amend(term, line, use, rider)
                except BadInput as error:
                    problems += error.problems
                    continue
                changed[alias] = replace(cover, terms={**cover.terms, line.term: new})
    return changed


def _ordered(product: Product, problems: list[Problem]) -> list[tuple[int, Use]]:
    """Give the riders in the order in which they amend: as written, but each after its `after`."""
    waiting = list(enumerate(product.riders))
    names = [use.alias for _, use in waiting]
    done: list[tuple[int, Use]] = []
    for place, use in waiting:
        if use.after is not None and use.after not in names:
            hint = nearest(use.after, names)
            text = f"unknown rider '{use.after}'{hint}"
            problems.append(Problem(use.place("after"), f"riders[{place}].after", text))
            return waiting
    while waiting:
        seen = {use.alias for _, use in done}
        ready = [(n, use) for n, use in waiting if use.after is None or use.after in seen]
        if not ready:
            circle = both(use.alias for _, use in waiting)
            at = waiting[0][1].place("after")
            problems.append(Problem(at, "riders", f"each of {circle} is to come after another"))
            return done
        done.append(ready[0])
        waiting.remove(ready[0])
    return done


def _amended_covers(
    use: Use, line: Amends, covers: Mapping[str, Cover], path: str, problems: list[Problem]
) -> Iterator[str]:
    fitting = [alias for alias, cover in covers.items() if cover.module.module == line.of]
    for alias in use.amends:
        if alias not in covers:
            text = f"unknown cover '{alias}'{nearest(alias, covers)}"
            problems.append(Problem(use.place("amends"), f"{path}.amends", text))
    if not fitting:
        text = f"'{use.use}' amends {line.of} ({line.at}), which this product does not use"
        problems.append(Problem(use.place("use"), path, text))
    yield from (alias for alias in fitting if not use.amends or alias in use.amends)


def _amend(term: TermValue, line: Amends, use: Use, rider: Cover) -> TermValue:
    said: Expression = getattr(line, line.deed)
    terms = {name: own.expression for name, own in rider.terms.items()}
    value = Rewriter(terms).value(said)

    def changed(expression: Expression) -> Expression:
        new: Expression = value
        if line.deed in SIGNS:
            new = Binary(SIGNS[line.deed], expression, value, expression.at)
        if use.optional:
            return Call("if", (Name(use.alias, line.at), new, expression), expression.at)
        return new

    told = Amended(use.alias, f"{line.deed} {as_written(value)}", line.because, line.at)
    plans = tuple(replace(plan, expression=changed(plan.expression)) for plan in term.plans)
    return replace(
        term,
        expression=changed(term.expression),
        plans=plans,
        amended=(*term.amended, told),
    )
