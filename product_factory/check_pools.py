"""Checks of what several covers share: that a join joins balances, and of corridors one alone."""

from collections.abc import Iterator

from product_factory.assembled import AssembledProduct, Cover
from product_factory.constants import constant
from product_factory.contract import BALANCES, BEGINS_ABOVE
from product_factory.errors import Problem, either, nearest
from product_factory.expressions.tree import Expression, Name
from product_factory.module import AdjustLine
from product_factory.product import Pool
from product_factory.promise import MONEY, scope
from product_factory.types import written


def pool_problems(product: AssembledProduct) -> Iterator[Problem]:
    """List what no pool can share, and what no article of a wording can say of one."""
    for name, pool in product.product.pools.items():
        yield from _over(name, pool)
        yield from _joined(product, name, pool)


def _over(name: str, pool: Pool) -> Iterator[Problem]:
    for line in pool.adjust:
        if line.operation == BEGINS_ABOVE:
            text = (
                "no article can say a corridor over covers; give each cover one, and join their "
                "terms under 'joins'"
            )
            yield Problem(line.at, f"pools.{name}.adjust.{BEGINS_ABOVE}", text)


def _joined(product: AssembledProduct, name: str, pool: Pool) -> Iterator[Problem]:
    begins: dict[str, str] = {}
    for joined in pool.joins:
        alias, _, term = joined.partition(".")
        cover = product.uses[alias]
        lines = _balances(cover)
        if term not in lines:
            known = [f"{alias}.{one}" for one in lines]
            text = (
                f"expected a term that is the value of a {either(sorted(BALANCES))}, got "
                f"'{joined}'{nearest(joined, known)}"
            )
            yield Problem(pool.place("joins"), f"pools.{name}.joins", text)
        elif (above := lines[term].above) is not None:
            begins[joined] = _begin(product, cover, above)
    if len(set(begins.values())) > 1:
        got = ", ".join(f"{begin} for {joined}" for joined, begin in begins.items())
        text = f"expected corridors that begin above one and the same amount, got {got}"
        yield Problem(pool.place("joins"), f"pools.{name}.joins", text)


def _balances(cover: Cover) -> dict[str, AdjustLine]:
    """Give the lines whose value is a term as it stands, by the term."""
    lines = cover.module.pays.adjust if cover.module.pays is not None else ()
    return {
        line.value.name: line
        for line in lines
        if line.operation in BALANCES and isinstance(line.value, Name)
    }


def _begin(product: AssembledProduct, cover: Cover, above: Expression) -> str:
    """Give a text that two covers have alike only where their corridors begin alike."""
    value = constant(above, scope(product, cover), MONEY)
    if value is not None:
        return written(value, MONEY.kind)
    while isinstance(above, Name) and above.name in cover.terms:
        above = cover.terms[above.name].expression
    if isinstance(above, Name) and above.name in product.variables:
        return f"'{above.name}'"
    return f"what changes in {cover.alias}"
