"""Texts and YAML into values, bound and run on columns."""

import numpy as np

from product_factory.errors import At
from product_factory.expressions.bind import Binder
from product_factory.expressions.parse import parse
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.expressions.scope import InputLeaf, Layers, Names
from product_factory.expressions.values import read_conditions, read_value
from product_factory.nodes import Text, read_nodes
from product_factory.types import Type


def parsed(text):
    """The tree of a text that starts in column 1 of line 1."""
    return parse(Text(text, At("x", 1, 1)))


def valued(yaml):
    """The value that stands in a YAML text."""
    return read_value(read_nodes(yaml, "x"))


def conditions(yaml):
    """The conditions that stand in a YAML text."""
    return read_conditions(read_nodes(yaml, "x"))


def inputs(**types):
    """A scope of inputs by name and type; a word is the kind of a type."""
    made = {n: t if isinstance(t, Type) else Type(t) for n, t in types.items()}
    return Layers((Names({name: InputLeaf(name, kind) for name, kind in made.items()}),))


def bound_type(text, scope, wanted=None):
    """The type of a text's value."""
    return Binder(Builder()).value(parsed(text), scope, wanted).type


def calculated(tree, scope, columns, wanted=None):
    """Bind and run a tree, or conditions, on columns."""
    builder = Builder()
    binder = Binder(builder)
    if hasattr(tree, "tests"):
        builder.results["value"] = binder.conditions(tree, scope)
    else:
        builder.results["value"] = binder.value(tree, scope, wanted).register
    program = builder.finish()
    arrays = {name: np.asarray(column, np.float64) for name, column in columns.items()}
    size = max((len(column) for column in arrays.values()), default=1)
    return np.broadcast_to(run(program, arrays)[program.results["value"]], size).tolist()
