"""Optional covers: the customer chooses them, by a choice that has the name of the cover.

A cover that is not chosen listens to nothing: its `where` asks for the choice, so that it pays
nothing in claims, price and simulation alike.
"""

from product_factory.compose.made import made
from product_factory.contract import CLOSED_LIST
from product_factory.declared import Variable
from product_factory.errors import Problem, nearest
from product_factory.expressions.tree import Conditions, Test
from product_factory.module import Module
from product_factory.product import Product, Use
from product_factory.strict import read

MAY = ("covers", "riders")


def with_options(product: Product, problems: list[Problem]) -> Product:
    """Give the product with a choice, yes or no, for each cover or rider that is optional."""
    offers = dict(product.offers)
    for kind in ("covers", "exclusions", "provisions", "riders"):
        for place, use in enumerate(getattr(product, kind)):
            if not use.optional:
                continue
            path, at = f"{kind}[{place}].optional", use.place("optional")
            taken = {*offers, *product.insured, *product.items, *CLOSED_LIST}
            if kind not in MAY:
                text = "only a cover or a rider may be optional; leave it out"
                problems.append(Problem(at, path, text))
            elif use.alias in taken:
                text = f"the choice of an optional cover has its name, and '{use.alias}' is taken"
                problems.append(Problem(at, path, f"{text}; give it another name under 'as'"))
            else:
                offers[use.alias] = read(Variable, made(at, {"type": "yes_no"}))
    return product.model_copy(update={"offers": offers})


def module_in_use(use: Use, module: Module, path: str, problems: list[Problem]) -> Module:
    """Give a module as a product uses it: an optional one asks for its choice first.

    Clauses and definitions that the product drops are left out; one that is not there is told.
    """
    update: dict[str, object] = {}
    for name in use.drop:
        if name not in (*module.clauses, *module.defines):
            hint = nearest(name, (*module.clauses, *module.defines))
            text = f"unknown clause or definition '{name}' of {module.module}{hint}"
            problems.append(Problem(use.place("drop"), f"{path}.drop", text))
    if use.drop:
        update["clauses"] = tuple(name for name in module.clauses if name not in use.drop)
        update["defines"] = tuple(name for name in module.defines if name not in use.drop)
    if use.optional and module.pays is not None:
        at = use.place("optional")
        tests = module.pays.where.tests if module.pays.where is not None else ()
        chosen = Conditions((Test(use.alias, ("yes",), (), at), *tests), at)
        update["pays"] = module.pays.model_copy(update={"where": chosen})
    return module.model_copy(update=update) if update else module
