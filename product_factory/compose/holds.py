"""What must hold of the terms of a cover: bounds, and the lines that its module accepts.

What depends on nothing but the definition is judged here, plan by plan; what depends on the risk
becomes a line of the product's `accepts`, so that no risk is sold outside of it. A bound that
depends on what only time brings (the policy year, a mark) is left to the promise itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from product_factory.assembled import AssembledProduct, Cover, TermValue
from product_factory.compose.made import Said, made
from product_factory.compose.rewrite import Rewriter
from product_factory.constants import constant
from product_factory.declared import Accepts
from product_factory.errors import BadInput, Problem
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.expressions.scope import Layers
from product_factory.expressions.tree import Binary, Conditions, Expression, Name, Test
from product_factory.scopes import LazyTerms, general_scope, item_variables
from product_factory.strict import Bilingual, read
from product_factory.types import Type, written

TRUTH = Type("yes_no")
BOUNDS = (("min", ">=", "more"), ("max", "<=", "less"))
ENDS = {
    "min": ("低于下限", "is below what is allowed"),
    "max": ("超过上限", "is above what is allowed"),
}


@dataclass
class Held:
    """The lines of `accepts` and the problems that a product's terms give rise to."""

    product: AssembledProduct
    lines: list[Accepts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def judge(self) -> None:
        """Judge every term of everything in use, and every line that its module accepts."""
        for cover in self.product.uses.values():
            under = list(under_plans(cover))
            for term in cover.terms.values():
                for key, sign, word in BOUNDS:
                    bound: Expression | None = getattr(term.declared, key)
                    if bound is not None:
                        self._bound(under, term, key, sign, word, bound)
            for line in cover.module.accepts:
                path = f"{cover.alias}.accepts.{line.name}"
                try:
                    self._line(under, line)
                except BadInput as error:
                    self.problems += [Problem(p.at, path, p.text) for p in error.problems]

    def _scope(self, cover: Cover) -> Layers:
        return Layers((LazyTerms(self.product, cover), general_scope(self.product)))

    def _bound(
        self,
        under: list[tuple[str, Cover]],
        term: TermValue,
        key: str,
        sign: str,
        word: str,
        bound: Expression,
    ) -> None:
        """Make a line of a bound that the risk decides; judge it under each plan that sets it."""
        own = Name(term.name, bound.at)
        for plan, cover in under:
            value, limit = self._constant(cover, own), self._constant(cover, bound)
            if value is not None and limit is not None:
                if plan and (value < limit if key == "min" else value > limit):
                    at = next((p.at for p in term.plans if p.plan == plan), term.at)
                    kind = term.type.kind
                    text = f"expected {written(limit, kind)} or {word}"
                    text = f"{text}, got {written(value, kind)} under the plan '{plan}'"
                    self.problems.append(Problem(at, term.full_name, text))
                continue
            require = Binary(sign, own, bound, bound.at)
            if self._depends(cover, require) and not (limit is not None and self._listed(term)):
                title = term.declared.title
                zh, en = (title.zh, title.en) if title else (term.name, term.name)
                says = {
                    "zh": f"{cover.title.zh}：{zh}{ENDS[key][0]}",
                    "en": f"{cover.title.en}: {en} {ENDS[key][1]}",
                }
                told = read(Bilingual, made(bound.at, says))
                self._add(cover.alias, f"{term.name}_{key}", require, None, told)
                return

    def _listed(self, term: TermValue) -> bool:
        """Tell a term that a choice from a list sets: each entry of the list is checked."""
        groups = (self.product.variables, *self.product.items.values())
        name = term.expression.name if isinstance(term.expression, Name) else ""
        return any(name in group and bool(group[name].type.of) for group in groups)

    def _line(self, under: list[tuple[str, Cover]], line: Accepts) -> None:
        for plan, cover in under:
            holds = self._judged(cover, line)
            if holds is None:
                self._add(cover.alias, line.name, line.require, line.when, line.says)
                return
            if not holds:
                which = f" under the plan '{plan}'" if plan else ""
                text = f"this does not hold{which}: {line.says.en} ({line.place('require')})"
                self.problems.append(Problem(cover.at, f"{cover.alias}.{line.name}", text))

    def _add(
        self,
        alias: str,
        name: str,
        require: Expression,
        when: Conditions | None,
        says: Bilingual,
    ) -> None:
        """Add a line of `accepts`, terms replaced by what they stand for in the product."""
        cover = self.product.uses[alias]
        rewriter = Rewriter({key: term.expression for key, term in cover.terms.items()})
        asked = rewriter.value(require)
        tests = rewriter.conditions(when).tests if when is not None else ()
        if alias in self.product.variables:  # optional: it counts where it is chosen
            tests = (Test(alias, ("yes",), (), cover.at), *tests)
        of_items = item_variables(self.product).keys()
        of_item = of_items & self._inputs(cover, require)
        each: dict[str, Said] = {"each": "item"} if of_item else {}
        said: Said = says.both
        node: Said = {"name": f"{alias}_{name}", "require": "1 > 2", "says": said, **each}
        line = read(Accepts, made(require.at, node))
        counts = Conditions(tests, require.at) if tests else None
        self.lines.append(line.model_copy(update={"require": asked, "when": counts}))

    def _judged(self, cover: Cover, line: Accepts) -> bool | None:
        """Judge what needs no risk; None where it needs one."""
        builder = Builder()
        binder, scope = Binder(builder), self._scope(cover)
        builder.results["holds"] = binder.value(line.require, scope, TRUTH).register
        counts = builder.constant(1.0)
        if line.when is not None:
            counts = binder.conditions(line.when, scope)
        builder.results["counts"] = counts
        program = builder.finish()
        if program.inputs:
            return None
        found, registers = run(program, {}), program.results
        return bool(found[registers["holds"]][0]) or not found[registers["counts"]][0]

    def _inputs(self, cover: Cover, require: Expression) -> set[str]:
        builder = Builder()
        Binder(builder).value(require, self._scope(cover), TRUTH)
        return {entry.name for entry in builder.inputs}

    def _depends(self, cover: Cover, require: Expression) -> bool:
        """Tell a requirement that the risk decides when it is sold."""
        try:
            found = self._inputs(cover, require)
        except BadInput:
            return False  # it is told where the term is checked
        known = {*self.product.variables, *item_variables(self.product), "item"}
        return bool(found) and found <= known

    def _constant(self, cover: Cover, value: Expression) -> float | None:
        try:
            return constant(value, self._scope(cover))
        except BadInput:
            return None


def under_plans(cover: Cover) -> Iterator[tuple[str, Cover]]:
    """Give the cover under each plan that sets one of its terms, or as it is if none does."""
    named = dict.fromkeys(p.plan for term in cover.terms.values() for p in term.plans)
    if not named:
        yield "", cover
    for plan in named:
        under = partial(_under, plan=plan)
        terms = {name: replace(t, expression=under(t)) for name, t in cover.terms.items()}
        yield plan, replace(cover, terms=terms)


def _under(term: TermValue, plan: str) -> Expression:
    found = (value.expression for value in term.plans if value.plan == plan)
    return next(found, term.expression)
