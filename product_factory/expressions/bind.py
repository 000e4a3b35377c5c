"""Expression + scope → operations of a program: names are resolved once, units are checked."""

from dataclasses import dataclass, field

import numpy as np

from product_factory import slips
from product_factory.currency import CODES
from product_factory.errors import At, BadInput, BadValue, nearest
from product_factory.expressions.operations import ARITHMETIC, COMPARISONS, Op
from product_factory.expressions.program import Builder
from product_factory.expressions.scope import (
    AbsentLeaf,
    ConstantLeaf,
    Home,
    InlineLeaf,
    InputLeaf,
    Leaf,
    Read,
    RegisterLeaf,
    ScheduleLeaf,
    Scope,
    TableLeaf,
)
from product_factory.expressions.tree import (
    Binary,
    Call,
    Cases,
    Conditions,
    DateLiteral,
    Expression,
    Listing,
    Name,
    Number,
    Steps,
    Test,
    Unary,
    Word,
)
from product_factory.expressions.units import (
    LITERAL,
    TRUTH,
    article,
    at_home,
    combined,
    either_of,
    fits,
)
from product_factory.table_axis import Axis
from product_factory.types import NUMERIC, Type, day_number, read_literal

UNIT_TYPES = {"": LITERAL, "%": Type("ratio"), "days": Type("days")}
UNIT_TYPES |= {"months": Type("months"), "years": Type("years")}
MAX_DEPTH = 150
MAX_PARTS = 20_000  # terms that read one another are written out, which may grow without end


@dataclass(frozen=True)
class Bound:
    """A register and the type of what is in it."""

    register: int
    type: Type


@dataclass
class Binder:
    """Binds expressions onto one builder and records every name that it reads."""

    builder: Builder
    reads: set[Read] = field(default_factory=set)
    _depth: int = 0
    _parts: int = 0
    _inside: list[tuple[str, Expression]] = field(default_factory=list)

    def value(self, expression: Expression, scope: Scope, wanted: Type | None = None) -> Bound:
        """Bind an expression. `wanted` lets a bare word be read as a choice.

        Raises BadInput at the place of an unknown name, of units that do not fit, or of a circle.
        """
        self._depth += 1
        self._parts += 1
        if self._depth > MAX_DEPTH or self._parts > MAX_PARTS:
            limit = f"{MAX_PARTS} parts and {MAX_DEPTH} levels"
            raise BadInput.one(expression.at, "", f"expected a value of at most {limit}, got more")
        try:
            bound = self._value(expression, scope, wanted)
        finally:
            self._depth -= 1
        if bound.type.currency:
            bound = Bound(bound.register, at_home(bound.type, Home.of(scope)))
        if wanted is not None:
            self._fits(bound.type, wanted, expression.at, scope)
        return bound

    def _value(self, expression: Expression, scope: Scope, wanted: Type | None) -> Bound:
        if isinstance(expression, Name | Word) and wanted is not None and wanted.chosen:
            found = self._chosen_word(expression, scope, wanted)
            if found is not None:
                return found
        match expression:
            case Number():
                return self._number(expression, scope, wanted)
            case DateLiteral():
                day = self.builder.constant(day_number(expression.value))
                return Bound(day, Type("date"))
            case Name():
                return self._name(expression.name, expression.at, scope)
            case Unary():
                return self._unary(expression, scope)
            case Binary():
                return self._binary(expression, scope)
            case Call():
                return self._call(expression, scope)
            case Cases():
                return self._cases(expression, scope, wanted)
            case Steps():
                starts, values = zip(*expression.rows, strict=True)
                kind = wanted if wanted is not None and wanted.kind in NUMERIC else Type("ratio")
                leaf = ScheduleLeaf(starts, values, expression.by, kind.plain)
                return self._schedule(leaf, expression.at, scope)
            case Word() | Listing():
                text = f"expected a number, a name or an expression, got '{expression.text}'"
                text += slips.instead(expression.text)
                raise BadInput.one(expression.at, "", text)

    def _number(self, number: Number, scope: Scope, wanted: Type | None) -> Bound:
        if number.unit in CODES:
            money = at_home(Type("money", unit=number.unit), Home.of(scope))
            if wanted is None or not (wanted.chosen and money.dimension == wanted.plain.dimension):
                return Bound(self.builder.constant(number.value), money)
        if wanted is not None and (wanted.chosen or wanted.kind in NUMERIC):
            return self._literal(number.text, wanted, number.at)
        return Bound(self.builder.constant(number.value), UNIT_TYPES[number.unit])

    def _literal(self, text: str, wanted: Type, at: At) -> Bound:
        try:
            return Bound(self.builder.constant(read_literal(text, wanted)), wanted)
        except BadValue as error:
            raise BadInput.one(at, "", str(error)) from None

    def _chosen_word(self, expression: Name | Word, scope: Scope, wanted: Type) -> Bound | None:
        text = expression.name if isinstance(expression, Name) else expression.text
        if text in wanted.of:
            return self._literal(text, wanted, expression.at)
        if isinstance(expression, Name) and scope.find(text) is not None:
            return None
        return self._literal(text, wanted, expression.at)

    def leaf(self, name: str, at: At, scope: Scope) -> Leaf:
        """Find a name or say which one may have been meant."""
        leaf = scope.find(name)
        if leaf is None:
            raise BadInput.one(at, "", f"unknown name '{name}'{nearest(name, scope.names())}")
        self.reads.add(Read(name, at, self._through, isinstance(leaf, TableLeaf)))
        return leaf

    @property
    def _through(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self._inside)

    def _name(self, name: str, at: At, scope: Scope) -> Bound:
        bound = self._found(name, at, scope)
        if not bound.type.currency:
            return bound
        return Bound(bound.register, at_home(bound.type, Home.of(scope)))

    def _found(self, name: str, at: At, scope: Scope) -> Bound:
        if name in ("yes", "no"):
            return Bound(self.builder.constant(name == "yes"), TRUTH)
        leaf = self.leaf(name, at, scope)
        match leaf:
            case InputLeaf():
                return self._amount(leaf, at, scope)
            case ConstantLeaf():
                return Bound(self.builder.constant(leaf.value), leaf.type)
            case InlineLeaf():
                return self._inline(name, leaf, at)
            case RegisterLeaf():
                return Bound(leaf.register, leaf.type)
            case ScheduleLeaf():
                return self._schedule(leaf, at, scope)
            case TableLeaf():
                return self.table(leaf, at, scope)
            case AbsentLeaf():
                raise BadInput.one(at, "", leaf.says)

    def _inline(self, name: str, leaf: InlineLeaf, at: At) -> Bound:
        """Bind a value that is written elsewhere, unless that is where it is being read."""
        names = [name for name, expression in self._inside if expression is leaf.expression]
        if names:
            inside = [name for name, _ in self._inside]
            circle = " → ".join([*inside[inside.index(names[0]) :], name])
            raise BadInput.one(at, "", f"this value is defined by way of itself: {circle}")
        self._inside.append((name, leaf.expression))
        bound = self.value(leaf.expression, leaf.scope, leaf.type)
        self._inside.pop()
        return bound

    def chosen(self, name: str, at: At, scope: Scope) -> Bound:
        """Bind a name as what was chosen: the place in the list, not the amount."""
        leaf = self.leaf(name, at, scope)
        if isinstance(leaf, InputLeaf) and leaf.type.chosen:
            return Bound(self._input(leaf), leaf.type)
        return self._name(name, at, scope)

    def _input(self, leaf: InputLeaf) -> int:
        return self.builder.input(leaf.name, leaf.type, leaf.level)

    def _amount(self, leaf: InputLeaf, at: At, scope: Scope) -> Bound:
        register = self._input(leaf)
        if not leaf.type.chosen or leaf.type.kind not in NUMERIC:
            return Bound(register, leaf.type)
        plain = leaf.type.plain
        try:
            amounts = leaf.type.amounts()
        except BadValue as error:
            raise BadInput.one(at, leaf.name, str(error)) from None
        fixed = np.array([a if isinstance(a, float) else np.nan for a in amounts])
        offset = self.builder.store(fixed)
        result = self.builder.emit(Op.CELL, register, offset, fixed.size)
        for place, amount in enumerate(amounts):
            if isinstance(amount, tuple):
                age = self._name("age", at, scope).register
                left = self.builder.emit(Op.SUB, self.builder.constant(amount[1]), age)
                chosen = self.builder.emit(Op.EQ, register, self.builder.constant(place))
                result = self.builder.emit(Op.WHERE, chosen, left, result)
        return Bound(result, plain)

    def _schedule(self, leaf: ScheduleLeaf, at: At, scope: Scope) -> Bound:
        by = self._name(leaf.by, at, scope).register
        starts = np.array(leaf.starts)
        values = np.array(leaf.values)
        place = self.builder.emit(Op.KEY_STEP, by, self.builder.store(starts), starts.size)
        cell = self.builder.emit(Op.CELL, place, self.builder.store(values), values.size)
        return Bound(cell, leaf.type)

    def table(self, leaf: TableLeaf, at: At, scope: Scope) -> Bound:
        """Bind a table's column; its keys are found by name in the scope."""
        keys = [self._key(axis, leaf, at, scope) for axis in leaf.table.axes]
        register = self.builder.lookup(leaf.table, leaf.column, keys)
        return Bound(register, leaf.table.types[leaf.column])

    def _key(self, axis: Axis, leaf: TableLeaf, at: At, scope: Scope) -> tuple[int, np.ndarray]:
        found = scope.find(axis.name)
        if found is None:
            text = (
                f"the table '{leaf.table.name}' is read by '{axis.name}', which is not known here"
            )
            raise BadInput.one(at, "", text)
        if axis.type.kind != "choice":
            key = self._name(axis.name, at, scope)
            if key.type.kind == axis.type.kind == "money":
                fits(key.type, at_home(axis.type, Home.of(scope)), at, Home.of(scope))
            return key.register, axis.grid()
        bound = self.chosen(axis.name, at, scope)
        if not bound.type.chosen:
            text = f"the table '{leaf.table.name}' wants a choice for '{axis.name}'"
            raise BadInput.one(at, "", f"{text}, got {bound.type.kind}")
        return bound.register, np.array([_place(bound.type, label) for label in axis.labels])

    def _unary(self, expression: Unary, scope: Scope) -> Bound:
        if expression.op == "not":
            inner = self.value(expression.operand, scope, TRUTH)
            return Bound(self.builder.emit(Op.NOT, inner.register), TRUTH)
        inner = self.value(expression.operand, scope)
        return Bound(self.builder.emit(Op.NEG, inner.register), inner.type)

    def _binary(self, expression: Binary, scope: Scope) -> Bound:
        sign = expression.op
        wanted = TRUTH if sign in ("and", "or") else None
        left = self.value(expression.left, scope, wanted)
        right = self.value(expression.right, scope, wanted)
        if wanted is TRUTH:
            op = Op.AND if sign == "and" else Op.OR
            return Bound(self.builder.emit(op, left.register, right.register), TRUTH)
        result = combined(sign, left.type, right.type, expression.at, Home.of(scope))
        op = COMPARISONS.get(sign) or ARITHMETIC[sign]
        return Bound(self.builder.emit(op, left.register, right.register), result)

    def _call(self, expression: Call, scope: Scope) -> Bound:
        if expression.function == "if":
            condition, *rest = expression.arguments
            test = self.value(condition, scope, TRUTH)
            then, other = [self.value(part, scope) for part in rest]
            result = either_of(
                "choose between", then.type, other.type, expression.at, Home.of(scope)
            )
            register = self.builder.emit(Op.WHERE, test.register, then.register, other.register)
            return Bound(register, result)
        op = Op.MIN if expression.function == "min" else Op.MAX
        bound = self.value(expression.arguments[0], scope)
        for part in expression.arguments[1:]:
            other = self.value(part, scope)
            result = either_of("compare", bound.type, other.type, expression.at, Home.of(scope))
            bound = Bound(self.builder.emit(op, bound.register, other.register), result)
        return bound

    def _cases(self, expression: Cases, scope: Scope, wanted: Type | None) -> Bound:
        bound = self.value(expression.otherwise, scope, wanted)
        for conditions, inner in reversed(expression.lines):
            test = self.conditions(conditions, scope)
            branch = self.value(inner, scope, wanted)
            result = either_of("choose between", branch.type, bound.type, inner.at, Home.of(scope))
            register = self.builder.emit(Op.WHERE, test, branch.register, bound.register)
            bound = Bound(register, result)
        return bound

    def conditions(self, conditions: Conditions, scope: Scope) -> int:
        """Bind conditions to a register that holds 1 where all of them hold."""
        result: int | None = None
        for test in conditions.tests:
            one = self._test(test, scope)
            result = one if result is None else self.builder.emit(Op.AND, result, one)
        return self.builder.constant(1.0) if result is None else result

    def _test(self, test: Test, scope: Scope) -> int:
        if test.bounds:
            parts = [self._bound(test, sign, limit, scope) for sign, limit in test.bounds]
            return self._fold(Op.AND, parts)
        value = self.chosen(test.name, test.at, scope)
        parts = [self._equal(value, word, test, scope) for word in test.any_of]
        return self._fold(Op.OR, parts)

    def _equal(self, value: Bound, word: str, test: Test, scope: Scope) -> int:
        try:
            wanted = self.builder.constant(read_literal(word, value.type))
        except BadValue as error:
            found = scope.find(word)
            if not isinstance(found, InlineLeaf | ConstantLeaf) or word == test.name:
                raise BadInput.one(test.at, test.name, str(error)) from None
            wanted = self._named_choice(found, value.type, test)
        return self.builder.emit(Op.EQ, value.register, wanted)

    def _named_choice(self, leaf: InlineLeaf | ConstantLeaf, wanted: Type, test: Test) -> int:
        """Read `{setting: setting}`: a term that names which choice is meant."""
        self.reads.add(Read(test.any_of[0], test.at, self._through))
        if isinstance(leaf, ConstantLeaf):
            return self.builder.constant(leaf.value)
        self._inside.append((test.any_of[0], leaf.expression))
        bound = self.value(leaf.expression, leaf.scope, wanted)
        self._inside.pop()
        return bound.register

    def _bound(self, test: Test, sign: str, limit: Expression, scope: Scope) -> int:
        other = self.value(limit, scope)
        leaf = self.leaf(test.name, test.at, scope)
        if isinstance(leaf, InputLeaf) and leaf.type.kind == "time":
            # a time in force is counted in the unit that it is compared with
            if other.type.kind not in ("days", "years"):
                text = f"expected a time such as 2 years, got {article(other.type.kind)}"
                raise BadInput.one(limit.at, test.name, text)
            timed = InputLeaf(f"{leaf.name}.{other.type.kind}", other.type)
            value = Bound(self._input(timed), other.type)
        else:
            value = self._name(test.name, test.at, scope)
        combined(sign, value.type, other.type, limit.at, Home.of(scope))
        return self.builder.emit(COMPARISONS[sign], value.register, other.register)

    def _fold(self, op: Op, parts: list[int]) -> int:
        result = parts[0]
        for part in parts[1:]:
            result = self.builder.emit(op, result, part)
        return result

    def _fits(self, got: Type, wanted: Type, at: At, scope: Scope) -> None:
        if got is LITERAL or wanted.kind in ("text", "list", "schedule", "event"):
            return
        fits(got, wanted, at, Home.of(scope))


def _place(domain: Type, label: str) -> float:
    """Give the code of a table's key in the variable's own list; a row it cannot reach gets -2."""
    try:
        return float(domain.code(label))
    except BadValue:
        return -2.0
