"""`technical`: what an engine says a risk costs, from the table that it built."""

from typing import Literal

from pydantic import Field, model_validator

from product_factory.errors import BadInput, BadValue, Stale, either, nearest
from product_factory.expressions.bind import Bound
from product_factory.expressions.scope import Read, TableLeaf
from product_factory.strict import Plain, PlainText, Share, Strict, Texts, Word
from product_factory.types import Type
from rating.engines.versions import ENGINE_VERSIONS
from rating.steps.step import Context, Level, RatingStep

AT_TARGET = "premium_at_target"


class Target(Strict):
    """What a premium must reach, on a basis apart from the pricing basis.

    figure    which figure of a profit test;  wanted: what it must reach
    discount  risk discount rate of NPV, margin and present values
    """

    figure: Literal["profit_margin", "npv_over_premium", "irr", "new_business_value"]
    basis: Word
    wanted: Share = Field(alias="is")
    discount: Share = Field(default=0.10, gt=-1.0)


class Technical(RatingStep):
    """The table `tables/built/NAME.csv`, one row for each cell of `axes` that `accepts` lets in.

    engine, basis  what computes it, and on which assumptions
    gives          which figure of the engine
    target         what `premium_at_target` must reach
    per            the sum insured that the figure is for; it makes the figure a rate
    at             the choices for which it is computed, of variables that are not axes
    """

    kind: Literal["technical"]
    engine: Word
    basis: Word
    gives: Word
    target: Target | None = None
    axes: Texts
    per: Plain = 1.0
    reference: dict[Word, PlainText] = Field(default_factory=dict, alias="at")
    level: Level = "policy"

    @model_validator(mode="after")
    def _engine(self) -> "Technical":
        if self.engine not in ENGINE_VERSIONS:
            expected = f"expected {either(ENGINE_VERSIONS)}"
            hint = nearest(self.engine, ENGINE_VERSIONS)
            message = f"{expected}, got {self.engine}{hint}"
            raise BadValue(message)
        if (self.target is None) == (self.gives == AT_TARGET):
            message = f"'gives: {AT_TARGET}' and the key 'target' belong together"
            raise BadValue(message)
        return self


def bind(step: Technical, context: Context) -> Bound:
    """Bind the step to its built table.

    Raises BadInput for an unknown basis or axis, Stale when the table is not built.
    """
    product = context.product
    if step.basis not in product.bases:
        text = f"unknown basis '{step.basis}'{nearest(step.basis, product.bases)}"
        raise BadInput.one(step.place("basis"), "basis", text)
    known = {*product.variables, *(name for group in product.items.values() for name in group)}
    known |= {"item"} if product.items else set()
    for axis in (*step.axes, *step.reference):
        if axis not in known:
            text = f"unknown variable '{axis}'{nearest(axis, known)}"
            raise BadInput.one(step.place("axes"), "axes", text)
    if step.name in product.tables:
        text = f"a table '{step.name}' stands beside the one that is built; one of them must go"
        raise BadInput.one(step.place("name"), "name", text)
    table = product.built.get(step.name)
    if table is None:
        raise Stale(not_built(product.name, step.name))
    if step.name not in table.columns or tuple(axis.name for axis in table.axes) != step.axes:
        raise Stale(
            f"{table.file} has other axes than the step; run: covercast build {product.name}"
        )
    context.binder.reads.add(Read(step.name, step.at, table=True))
    bound = context.binder.table(TableLeaf(table, step.name), step.at, context.scope)
    if "per" in step.model_fields_set:
        bound = Bound(bound.register, Type("number"))  # money for an amount of money: a rate
    return context.at_level(bound, step.level, step.place("axes"))


def not_built(product: str, table: str) -> str:
    """Say that a table is missing and what to do."""
    return f"tables/built/{table}.csv is not built; run: covercast build {product}"
