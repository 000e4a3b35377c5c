"""The mix, bound to a product: every name resolved, and each variable ready to be drawn."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct, AssembledVariable
from product_factory.constants import constant
from product_factory.errors import At, BadInput, BadValue, either, nearest
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.expressions.scope import InputLeaf, Layers, Names
from product_factory.expressions.tree import Name, Number, Word
from product_factory.numbers.hashing import hash64
from product_factory.numbers.rounding import round_array
from product_factory.scopes import TablesLayer, general_scope, parameters_layer
from product_factory.types import Type
from rating.encode import readers
from rating.variable import WHOLE, VariableReader
from sandbox.portfolio.mix import Distribution, Drawn, Entries, Formula

Floats = npt.NDArray[np.float64]
Draw: TypeAlias = Callable[[Floats, Mapping[str, Floats]], Floats]
"""Uniform numbers and what is drawn already → values, one a row."""
RATIO = Type("ratio")
PRESENT = "present"
NUMBER = "number"
"""How many of an item a policy has, where several may stand in it."""
MOST_MEMBERS = 1e6
ALIKE = 1e-9


@dataclass(frozen=True)
class Variable:
    """One variable of the mix.

    item    its item, '' for the policy;  path: `age`, `building.value`
    stream  names its random numbers
    draw    gives its values; those outside of the reader's bounds are refused
    """

    name: str
    item: str
    path: str
    stream: int
    reader: VariableReader
    draw: Draw


@dataclass(frozen=True)
class Presence:
    """The share of policies with an item."""

    item: str
    stream: int
    share: float


@dataclass(frozen=True)
class Mixed:
    """A mix that is ready to be drawn, in the order written.

    numbers  item of which several may stand in a policy → how many a policy has
    """

    policy: tuple[Variable, ...]
    items: Mapping[str, tuple[Presence, tuple[Variable, ...]]]
    numbers: Mapping[str, Variable]


def bind_mix(product: AssembledProduct, mix: Mapping[str, Drawn], at: At) -> Mixed:
    """Bind a mix. Raises BadInput for what is unknown, missing, or no share or value."""
    known = readers(product)
    policy: list[Variable] = []
    items: dict[str, tuple[Presence, tuple[Variable, ...]]] = {}
    earlier: dict[str, AssembledVariable] = {}
    for name, drawn in mix.items():
        if name in known.policy:
            policy.append(_variable(product, earlier, "", name, known.policy[name], drawn))
            earlier[name] = product.variables[name]
        elif name not in known.items:
            every = [*known.policy, *known.items]
            text = f"unknown variable or item '{name}'{nearest(name, every)}"
            raise BadInput.one(drawn.at, "mix", text)
    _complete(known.policy, [variable.name for variable in policy], at, "mix")
    numbers: dict[str, Variable] = {}
    for item, group in known.items.items():
        if item in mix and item in known.many:
            numbers[item], inner = _number(product, earlier, item, mix[item])
            items[item] = _item(product, earlier, item, group, inner)
        elif item in mix:
            items[item] = _item(product, earlier, item, group, mix[item])
        elif item not in known.optional:
            raise BadInput.one(at, "mix", f"expected the item '{item}'")
    return Mixed(tuple(policy), items, numbers)


def _number(
    product: AssembledProduct,
    of_policy: Mapping[str, AssembledVariable],
    item: str,
    drawn: Drawn,
) -> tuple[Variable, Drawn]:
    """Give how many of an item a policy has, and the rest of what is said of the item."""
    path = f"mix.{item}"
    if not isinstance(drawn, Entries):
        raise BadInput.one(drawn.at, path, f"expected the key '{NUMBER}', and values")
    for name, at, inner in drawn.entries:
        if name == PRESENT:
            text = f"expected '{NUMBER}', how many a policy has, instead"
            raise BadInput.one(at, f"{path}.{PRESENT}", text)
        if name == NUMBER:
            of = product.product.items[item]
            least = 0.0 if of.optional else float(of.fewest)
            reader = VariableReader(
                f"{item}.{NUMBER}", Type("integer"), least, MOST_MEMBERS, np.nan, inner.at
            )
            rest = tuple(entry for entry in drawn.entries if entry[0] != NUMBER)
            return _variable(product, of_policy, "", NUMBER, reader, inner), Entries(rest, drawn.at)
    raise BadInput.one(drawn.at, path, f"expected the key '{NUMBER}', how many a policy has")


def _item(
    product: AssembledProduct,
    of_policy: Mapping[str, AssembledVariable],
    item: str,
    group: Mapping[str, VariableReader],
    drawn: Drawn,
) -> tuple[Presence, tuple[Variable, ...]]:
    path = f"mix.{item}"
    if not isinstance(drawn, Entries):
        raise BadInput.one(drawn.at, path, f"expected {either(group)} with values")
    earlier = dict(of_policy)
    share, found = 1.0, []
    for name, at, inner in drawn.entries:
        if name == PRESENT:
            share = _share(product, inner, at, f"{path}.{PRESENT}")
            if share < 1.0 and not product.product.items[item].optional:
                text = f"the item '{item}' is not optional"
                raise BadInput.one(at, f"{path}.{PRESENT}", text)
        elif name in group:
            found.append(_variable(product, earlier, item, name, group[name], inner))
            earlier[name] = product.items[item][name]
        else:
            text = f"unknown variable '{name}'{nearest(name, [*group, PRESENT])}"
            raise BadInput.one(at, path, text)
    _complete(group, [variable.name for variable in found], drawn.at, path)
    return Presence(item, _stream(f"{item}.{PRESENT}"), share), tuple(found)


def _complete(wanted: Iterable[str], got: list[str], at: At, path: str) -> None:
    for name in wanted:
        if name not in got:
            raise BadInput.one(at, path, f"expected the key '{name}'")


def _stream(path: str) -> int:
    """Give the 32-bit number that names a variable among random numbers."""
    return hash64(f"portfolio {path}") & 0xFFFFFFFF


def _variable(
    product: AssembledProduct,
    earlier: Mapping[str, AssembledVariable],
    item: str,
    name: str,
    reader: VariableReader,
    drawn: Drawn,
) -> Variable:
    path = f"mix.{reader.path}"
    if isinstance(drawn, Entries):
        draw = _shares(product, reader, drawn, path)
    elif isinstance(drawn, Formula):
        draw = _formula(product, earlier, reader, drawn, path)
    else:
        draw = _distribution(reader, drawn, path)
    return Variable(name, item, reader.path, _stream(reader.path), reader, draw)


def _share(product: AssembledProduct, drawn: Drawn, at: At, path: str) -> float:
    value = None
    if isinstance(drawn, Formula):
        value = constant(drawn.expression, general_scope(product), RATIO)
    if value is None or not 0.0 <= value <= 1.0:
        raise BadInput.one(at, path, "expected a share of 0% to 100%")
    return value


def _shares(product: AssembledProduct, reader: VariableReader, drawn: Entries, path: str) -> Draw:
    """Draw one of the values listed, each with its share."""
    values, cumulative, total = [], [], 0.0
    for word, at, inner in drawn.entries:
        try:
            values.append(reader.one(word))
        except BadValue as error:
            raise BadInput.one(at, path, str(error)) from None
        total += _share(product, inner, at, f"{path}.{word}")
        cumulative.append(total)
    if abs(total - 1.0) > ALIKE:
        text = f"expected shares that add up to 100%, got {total * 100:g}%"
        raise BadInput.one(drawn.at, path, text)
    places = np.array(cumulative)
    places[-1] = 1.0
    listed = np.array(values)
    return lambda u, _: listed[np.searchsorted(places, u, side="left")]


def _distribution(reader: VariableReader, drawn: Distribution, path: str) -> Draw:
    if reader.coded:
        text = f"expected a share for each of {either(reader.type.of)}, got a {drawn.kind}"
        raise BadInput.one(drawn.at, path, text)
    rounded = _rounding(reader, drawn.step, drawn.at, path)
    return lambda u, _: rounded(drawn.quantile(u))


def _formula(
    product: AssembledProduct,
    earlier: Mapping[str, AssembledVariable],
    reader: VariableReader,
    drawn: Formula,
    path: str,
) -> Draw:
    """Compute from what is drawn already, or take a literal as it is."""
    expression = drawn.expression
    if reader.coded and not isinstance(expression, Name | Word | Number):
        text = f"expected one of {either(reader.type.of)}, or a share for each"
        raise BadInput.one(expression.at, path, text)
    if isinstance(expression, Name | Word | Number) and (
        reader.coded or isinstance(expression, Number)
    ):
        word = expression.name if isinstance(expression, Name) else expression.text
        try:
            fixed = reader.one(word)
        except BadValue as error:
            raise BadInput.one(expression.at, path, str(error)) from None
        return lambda u, _: np.full(len(u), fixed)
    leaves = {name: InputLeaf(name, variable.type) for name, variable in earlier.items()}
    parameters = Names(parameters_layer(product))
    scope = Layers((Names(leaves), TablesLayer(product.tables), parameters))
    builder = Builder()
    try:
        bound = Binder(builder).value(expression, scope, Type(reader.type.kind))
    except BadInput as error:
        first = error.problems[0]
        raise BadInput.one(first.at, path, first.text) from None
    builder.results["value"] = bound.register
    program = builder.finish()
    rounded = _rounding(reader, None, expression.at, path)

    def draw(u: Floats, known: Mapping[str, Floats]) -> Floats:
        value = run(program, known)[program.results["value"]]
        return rounded(np.broadcast_to(value, u.shape).astype(np.float64))

    return draw


def _rounding(
    reader: VariableReader, step: float | None, at: At, path: str
) -> Callable[[Floats], Floats]:
    """Round to the nearest step, halves up: the mix's own from 0, or that of the variable."""
    first = 0.0
    if step is None:
        step = reader.step
        first = 0.0 if np.isnan(reader.least) else reader.least
        if np.isnan(step):
            step = 1.0 if reader.type.kind in (*WHOLE, "years") else np.nan
    if np.isnan(step):
        return lambda values: values
    if not step > 0.0:
        raise BadInput.one(at, f"{path}.step", f"expected a step above 0, got {step:g}")
    unit = Fraction(repr(step))
    numerator, denominator = float(unit.numerator), float(unit.denominator)
    return lambda values: first + round_array(values - first, numerator, denominator)
