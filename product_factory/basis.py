"""Bases: named sets of assumptions, each may inherit another (`bases.yaml`)."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from product_factory import shapes
from product_factory.errors import BadInput, BadValue
from product_factory.expenses import EXPENSES
from product_factory.experience import Experience
from product_factory.nodes import Map, Seq, Text
from product_factory.risk import Risk, read_risk
from product_factory.strict import ByYear, Dotted, PlainText, Strict, Value, When, Word, word_of


class Grid(Strict):
    """Rate conventions: the step, and when within it premiums, benefits and surrenders fall.

    rates        of a year's events: dependent with all of them at work, independent each alone, or
                 intensity: forces at the start of each step, which may read time_in_force
    within_year  how a year's rates turn into those of its months, and independent into dependent:
                 constant_force, or uniform (spread evenly over the year); of an intensity
                 constant_force over the step, or euler: the step's length times the force
    benefits     what events of nature bring, with what settling it costs, is paid at the end of
                 the step in which they happen, or valued as paid at its start

    What the policyholder does (a surrender) falls at the end of the step, to policies that the
    step's other events left in force.
    """

    step: Literal["year", "month"] = "year"
    premiums: Literal["start"] = "start"
    benefits: Literal["end", "start"] = "end"
    surrenders: Literal["end"] = "end"
    rates: Literal["dependent", "independent", "intensity"] = "dependent"
    within_year: Literal["constant_force", "uniform", "euler"] = "constant_force"

    @model_validator(mode="after")
    def _fitting(self) -> "Grid":
        wrong = "uniform" if self.rates == "intensity" else "euler"
        if self.within_year == wrong:
            message = f"within_year: {wrong} does not go with rates: {self.rates}"
            raise BadValue(message)
        return self


class Expense(Strict):
    """An expense: what it is measured by, one amount or one by policy year, and how that grows.

    grows  from the second policy year on, by so much a year;  when: for whom and in which years
    grows_every  year: when a policy year starts; month: a little each month, (1 + grows)^(t/12)
    """

    name: Word
    per: Annotated[str, word_of(EXPENSES)]
    amount: ByYear
    grows: Value | None = None
    grows_every: Literal["year", "month"] | None = None
    when: When | None = None


class LeavesOut(Strict):
    """A term that this basis does not credit, with the reason."""

    line: Dotted
    because: PlainText


def _risk(node: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    if not isinstance(node, Text | Seq | Map):
        return node
    try:
        return read_risk(node)
    except BadInput as error:
        first = error.problems[0]
        context = {"text": first.text, "at": first.at, "path": first.path}
        raise PydanticCustomError("placed", "{text}", context) from None


RiskEntry = Annotated[Any, BeforeValidator(_risk), WithJsonSchema(shapes.RISK)]


class Basis(Strict):
    """One basis. What is not written is inherited; without `inherits` it must be complete.

    interest  one rate, or one by policy year;  curve: whether that of year t is what year t earns
              (forward), the yearly rate over the first t years (spot), or the yearly rate at which
              all that falls in year t is discounted from issue (from_issue)
    inflation by how much what the events of a year cost grows from the policy year before, from the
              second on; it stands in the sizes of losses, before any term of the contract
    experience  what brings an event or mark from the experience it was assumed from to the period
              that is priced, by process as `risk` is
    """

    inherits: Word | None = None
    interest: ByYear | None = None
    curve: Literal["forward", "spot", "from_issue"] | None = None
    inflation: ByYear | None = None
    grid: Grid | None = None
    loading: Value | None = None
    expenses: tuple[Expense, ...] | None = None
    risk: dict[Word, dict[Word, RiskEntry]] = Field(default_factory=dict)
    experience: dict[Word, dict[Word, Experience]] = Field(default_factory=dict)
    leaves_out: tuple[LeavesOut, ...] | None = None


__all__ = ["Basis", "Expense", "Grid", "LeavesOut", "Risk"]
