"""The tariff of a product, bound: every name resolved, as one program of operations."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, Problem, Stale
from product_factory.expressions.bind import Binder, Bound
from product_factory.expressions.operations import POLICY
from product_factory.expressions.program import Builder, Program
from product_factory.expressions.tree import Cases, Conditions, Expression, Name, Test
from product_factory.tables import Table
from rating.built_from import BuiltOtherwise
from rating.domain import REFUSED, Domain, Line, bind_refusals, refusal_lines
from rating.encode import Readers, readers
from rating.engines.versions import ENGINE_VERSIONS
from rating.steps import BoundStep, Compute, Context, RatingStep, Round, Technical, Total, bind_step
from rating.steps.step import Operand
from rating.steps.technical import not_built


@dataclass(frozen=True)
class RatingPlan:
    """Everything that prices a risk.

    program  inputs are the variables; results are the steps by name, and which line of `accepts`
             refuses (`refused`: its index, or -1)
    steps    in the order of `rating.yaml`, decisions among them
    lines    of `accepts`
    tables   name → table, the built ones among them
    """

    product: AssembledProduct
    program: Program
    steps: tuple[BoundStep, ...]
    lines: tuple[Line, ...]
    readers: Readers
    tables: Mapping[str, Table]

    @property
    def values(self) -> tuple[BoundStep, ...]:
        """The steps that leave a value."""
        return tuple(step for step in self.steps if not step.decides)

    @property
    def decisions(self) -> tuple[BoundStep, ...]:
        """The steps that refer or decline."""
        return tuple(step for step in self.steps if step.decides)

    @property
    def premium(self) -> BoundStep:
        """The step whose value is charged: the last one that leaves a value."""
        return self.values[-1]

    @property
    def refused(self) -> int:
        """The register that holds which line of `accepts` refuses, or -1."""
        return self.program.results[REFUSED]

    @property
    def domain(self) -> Domain:
        """What `accepts` lets in, without the tariff."""
        return Domain.of(self.product)


def bind(product: AssembledProduct) -> RatingPlan:
    """Bind the tariff of a product.

    Raises BadInput with the place of every step that cannot be bound, and Stale when a rate table
    is missing or was built from something else.
    """
    fresh(product)
    return bind_mixed(product)


def bind_mixed(product: AssembledProduct) -> RatingPlan:
    """Bind a tariff whose rate tables may be of another product than its bases; BadInput as above.

    For products mixed of two that are fresh, of which each alone is bound by `bind`.
    """
    builder = Builder()
    builder.results[REFUSED] = bind_refusals(builder, product)
    bound: dict[str, BoundStep] = {}
    problems: list[Problem] = []
    for step in product.files["rating"]:
        if step.name in bound or step.name in product.variables or step.name == REFUSED:
            problems.append(Problem(step.place("name"), "name", f"'{step.name}' is used twice"))
            continue
        try:
            bound[step.name] = _bound(step, Context(product, Binder(builder), bound))
        except BadInput as error:
            # later steps read this one: their complaints would only hide the cause
            problems += error.problems
            break
    if problems:
        raise BadInput(problems)
    steps = tuple(bound.values())
    _ends_well(product, steps)
    program, steps = _finished(builder, steps)
    return RatingPlan(
        product=product,
        program=program,
        steps=steps,
        lines=refusal_lines(product),
        readers=readers(product),
        tables={**product.tables, **product.built},
    )


def _bound(step: RatingStep, context: Context) -> BoundStep:
    builder = context.binder.builder
    value = bind_step(step, context)
    known = {*context.product.variables, "item"}
    known |= {name for group in context.product.items.values() for name in group}
    for entry in builder.inputs:
        if entry.name not in known:
            text = f"'{entry.name}' is not known when a policy is rated"
            raise BadInput.one(step.at, step.name, text)
    operands = tuple(
        Operand(name.name, bound.register, bound)
        for name in dict.fromkeys(_names_of(step))
        if (bound := _operand(name, context)) is not None
    )
    return BoundStep(
        step=step,
        register=value.register,
        bound=value,
        level=builder.level(value.register),
        operands=operands,
        reads=tuple(sorted(context.binder.reads, key=lambda r: (r.at, r.name, r.through))),
    )


def _names_of(step: RatingStep) -> list[Name]:
    """List the names that the formula of a step shows."""
    if isinstance(step, Compute):
        return names_in(step.formula)
    if isinstance(step, Round | Total):
        return [Name(step.of, step.place("of"))]
    return []


def names_in(expression: Expression) -> list[Name]:
    """List the names of an expression in reading order."""
    found: list[Name] = []

    def walk(part: object) -> None:
        if isinstance(part, Name):
            found.append(part)
        elif isinstance(part, Test):
            walk(tuple(limit for _, limit in part.bounds))
        elif isinstance(part, Cases):
            walk(tuple(part.lines))
            walk(part.otherwise)
        elif isinstance(part, Conditions):
            walk(part.tests)
        elif isinstance(part, tuple):
            for inner in part:
                walk(inner)
        elif hasattr(part, "__dataclass_fields__"):
            for key in ("left", "right", "operand", "arguments"):
                walk(getattr(part, key, None))

    walk(expression)
    return found


def _operand(name: Name, context: Context) -> Bound | None:
    """Bind a name by itself; one that only a choice can read (a case's word) has no value."""
    try:
        return context.step_value(name.name, name.at)
    except BadInput:
        return None


def _ends_well(product: AssembledProduct, steps: tuple[BoundStep, ...]) -> None:
    values = [step for step in steps if not step.decides]
    at = product.files["rating"][-1].at if steps else product.product.at
    if not values:
        raise BadInput.one(at, "rating", "expected at least one step that leaves a value")
    if values[-1].level != POLICY:
        text = f"expected the premium of the policy as last value, '{values[-1].name}' is of items"
        raise BadInput.one(values[-1].step.at, values[-1].name, text)


def _finished(
    builder: Builder, steps: tuple[BoundStep, ...]
) -> tuple[Program, tuple[BoundStep, ...]]:
    """Freeze the program and put the steps' registers where they are now."""
    for step in steps:
        builder.results[step.name] = step.register
        for operand in step.operands:
            builder.results[f"{step.name}:{operand.name}"] = operand.register
    program = builder.finish()
    placed = program.results
    program = replace(program, results={k: v for k, v in placed.items() if ":" not in k})
    done = tuple(
        replace(
            step,
            register=placed[step.name],
            bound=replace(step.bound, register=placed[step.name]),
            operands=tuple(
                replace(operand, register=placed[f"{step.name}:{operand.name}"])
                for operand in step.operands
            ),
        )
        for step in steps
    )
    return program, done


def fresh(product: AssembledProduct) -> None:
    """Raise Stale when a rate table is not built, or from other inputs, or by another engine."""
    again = f"run: covercast build {product.name}"
    for step in product.files["rating"]:
        if not isinstance(step, Technical):
            continue
        table = product.built.get(step.name)
        if table is None:
            raise Stale(not_built(product.name, step.name))
        if table.header.get("inputs") != product.inputs:
            raise BuiltOtherwise(product, table)
        engine = f"{step.engine}/{ENGINE_VERSIONS[step.engine]}"
        if table.header.get("engine") != engine:
            got = table.header.get("engine", "no engine")
            raise Stale(f"{table.file} was built by {got}, expected {engine}; {again}")
