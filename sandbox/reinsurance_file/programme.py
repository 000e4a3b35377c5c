"""A programme: who is protected, and the contracts in inuring order."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from product_factory.errors import BadInput, BadValue, either
from product_factory.nodes import Map, Seq
from product_factory.strict import Strict, Texts, Word
from sandbox.reinsurance_file.base import Ceded, ContractLine, Currency, Positive, refused
from sandbox.reinsurance_file.excess_of_loss import ExcessOfLossLine
from sandbox.reinsurance_file.facultative import FacultativeLine
from sandbox.reinsurance_file.quota_share import QuotaShareLine
from sandbox.reinsurance_file.stop_loss import StopLossLine
from sandbox.reinsurance_file.surplus import SurplusLine

if TYPE_CHECKING:
    from sandbox.reinsurance import Contract, Programme

STOPS = "premium"
_ROUNDING = 1e-9
"""Shares that are written as decimals add up to 100% within this."""


def _stage(node: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    """Read one contract as the list of one."""
    if not isinstance(node, Map):
        return node
    stage = Seq(node.at)
    stage.append(node)
    return stage


Line: TypeAlias = Annotated[
    QuotaShareLine | SurplusLine | FacultativeLine | ExcessOfLossLine | StopLossLine,
    Field(discriminator="kind"),
]
Layer: TypeAlias = ExcessOfLossLine | StopLossLine
StageLines: TypeAlias = Annotated[
    Annotated[tuple[Line, ...], Field(min_length=1)],
    BeforeValidator(_stage, json_schema_input_type=Line | tuple[Line, ...]),
]


class Reinsurance(Strict):
    """A reinsurance file.

    covers         which covers are protected
    premium_share  the part of the product's premium that is for them
    sum_insured    which value of a risk says how large it is
    exchange       currency of a contract → what one unit of it is worth in the product's
    contracts      in inuring order; contracts in a list within the list stand side by side
    """

    covers: Texts = Field(min_length=1)
    premium_share: Ceded | None = None
    sum_insured: Word | None = None
    exchange: dict[Currency, Positive] = Field(default_factory=dict)
    contracts: tuple[StageLines, ...] = Field(min_length=1)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All contracts, in inuring order."""
        return tuple(line for stage in self.contracts for line in stage)

    def rate(self, line: ContractLine) -> float:
        """Give what one unit of a contract's currency is worth."""
        return 1.0 if line.currency is None else self.exchange.get(line.currency, 1.0)

    @model_validator(mode="after")
    def _named_once(self) -> "Reinsurance":
        names = [line.name for line in self.lines]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            message = f"contracts: expected each name once, got '{twice}' twice"
            raise BadValue(message)
        return self

    @model_validator(mode="after")
    def _knows_what_it_needs(self) -> "Reinsurance":
        for line in self.lines:
            of_premium = line.of_premium()
            if of_premium and self.premium_share is None:
                text = f"'{of_premium}' is of the premium; expected the key 'premium_share' above"
                raise refused(line, of_premium, text)
            if line.of_size() and self.sum_insured is None:
                text = f"'{line.kind}' goes by sums insured; expected the key 'sum_insured' above"
                raise refused(line, "kind", text)
            if line.currency is not None and line.currency not in self.exchange:
                known = either(self.exchange) or "none"
                text = f"expected a currency that 'exchange' knows ({known}), got {line.currency}"
                raise refused(line, "currency", text)
        return self

    @model_validator(mode="after")
    def _side_by_side(self) -> "Reinsurance":
        for stage in self.contracts:
            whole = 0.0
            for line in stage:
                if isinstance(line, QuotaShareLine):
                    whole += line.cession
                    if whole > 1.0 + _ROUNDING:
                        text = f"expected shares of at most 100% side by side, got {whole:.12g}"
                        raise refused(line, "cession", text)
            layers = [line for line in stage if isinstance(line, ExcessOfLossLine | StopLossLine)]
            for number, line in enumerate(layers):
                self._apart(line, [one for one in layers[:number] if _of(one) == _of(line)])
        return self

    def _apart(self, line: Layer, same: list[Layer]) -> None:
        """Refuse a layer that covers, with those before it, more than all of an amount.

        same  those before it that go by the same amounts
        """
        bottom, top = self._span(line)
        for start in [bottom, *(self._span(one)[0] for one in same)]:
            over = [one for one in same if self._span(one)[0] <= start < self._span(one)[1]]
            placed = line.share + sum(one.share for one in over)
            if over and bottom <= start < top and placed > 1.0 + _ROUNDING:
                where = f"{start:.12g}" if _of(line) != STOPS else f"{start * 100:.12g}%"
                text = (
                    f"overlaps '{over[0].name}' at {where}, where {placed * 100:.12g}% would "
                    f"be placed; expected layers side by side that cover an amount once"
                )
                raise refused(line, "attachment", text)

    def _span(self, line: Layer) -> tuple[float, float]:
        rate = self.rate(line) if "attachment" in line.MONEY else 1.0
        return line.attachment * rate, (line.attachment + line.limit) * rate


def _of(line: Layer) -> str:
    """Name the amounts that a layer goes by: those of its `per`, or parts of the premium."""
    return line.per if isinstance(line, ExcessOfLossLine) else STOPS


REINSURANCE: TypeAdapter[Reinsurance] = TypeAdapter(Reinsurance)
"""Reads `reinsurance.yaml`."""


def programme_of(reinsurance: Reinsurance) -> "Programme":
    """Make the programme. Raises BadInput for an amount or share outside of its bounds."""
    from sandbox.reinsurance import Programme  # noqa: PLC0415 - brings the kernels

    stages = [
        tuple(_contract(line, reinsurance.rate(line)) for line in stage)
        for stage in reinsurance.contracts
    ]
    return Programme(contracts=tuple(s[0] if len(s) == 1 else s for s in stages))


def _contract(line: Line, rate: float) -> "Contract":
    from sandbox.reinsurance import CONTRACTS  # noqa: PLC0415 - brings the kernels

    try:
        return CONTRACTS[line.kind](**line.values(rate))
    except ValidationError as error:
        raise _placed(error, line) from None


def _placed(error: ValidationError, part: Strict) -> BadInput:
    first = error.errors()[0]
    name = ".".join(str(step) for step in first["loc"])
    return BadInput.one(part.place(name.partition(".")[0]), name, first["msg"])
