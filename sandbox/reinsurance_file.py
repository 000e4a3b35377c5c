"""`reinsurance.yaml`: the programme that protects a product, read without its kernels."""

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from product_factory.errors import BadInput, BadValue
from product_factory.nodes import Map, Seq
from product_factory.strict import Plain, Share, Strict, Texts, Whole, Word

if TYPE_CHECKING:
    from sandbox.reinsurance import Contract, Programme


def _bounded(expected: str, least: float, most: float, *, above: bool = False) -> AfterValidator:
    def check(number: float) -> float:
        if not least <= number <= most or (above and number == least):
            message = f"expected {expected}, got {number:g}"
            raise BadValue(message)
        return number

    return AfterValidator(check)


class QuotaShareLine(Strict):
    """`{kind: quota_share, name: quota, cession: 30%}`; see `reinsurance/quota_share.py`."""

    kind: Literal["quota_share"]
    name: Word
    cession: Annotated[Share, _bounded("a share above 0% and up to 100%", 0.0, 1.0, above=True)]


class ExcessOfLossLine(Strict):
    """`{kind: excess_of_loss, name: storm, attachment: 2000000, limit: 8000000, per: event}`."""

    kind: Literal["excess_of_loss"]
    name: Word
    attachment: Annotated[Plain, _bounded("an amount of 0 or more", 0.0, math.inf)]
    limit: Annotated[Plain, _bounded("an amount above 0", 0.0, math.inf, above=True)]
    per: Literal["event", "year"] = "event"
    reinstatements: Whole | None = None


def _stage(node: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    """Read one contract as the list of one."""
    if not isinstance(node, Map):
        return node
    stage = Seq(node.at)
    stage.append(node)
    return stage


Line: TypeAlias = Annotated[QuotaShareLine | ExcessOfLossLine, Field(discriminator="kind")]
StageLines: TypeAlias = Annotated[
    Annotated[tuple[Line, ...], Field(min_length=1)],
    BeforeValidator(_stage, json_schema_input_type=Line | tuple[Line, ...]),
]


class Reinsurance(Strict):
    """A reinsurance file.

    covers     which covers are protected: all those that the storms of a catalogue pay
    contracts  in inuring order; contracts in a list within the list stand side by side
    """

    covers: Texts = Field(min_length=1)
    contracts: tuple[StageLines, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _named_once(self) -> "Reinsurance":
        names = [line.name for stage in self.contracts for line in stage]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            message = f"contracts: expected each name once, got '{twice}' twice"
            raise BadValue(message)
        return self


REINSURANCE: TypeAdapter[Reinsurance] = TypeAdapter(Reinsurance)
"""Reads `reinsurance.yaml`."""


def programme_of(reinsurance: Reinsurance) -> "Programme":
    """Make the programme. Raises BadInput for an amount or share outside of its bounds."""
    from sandbox.reinsurance import Programme  # noqa: PLC0415 - brings the kernels

    stages = [tuple(map(_contract, stage)) for stage in reinsurance.contracts]
    return Programme(contracts=tuple(s[0] if len(s) == 1 else s for s in stages))


def _contract(line: QuotaShareLine | ExcessOfLossLine) -> "Contract":
    from sandbox.reinsurance import CONTRACTS  # noqa: PLC0415 - brings the kernels

    try:
        return CONTRACTS[line.kind](**line.model_dump())
    except ValidationError as error:
        raise _placed(error, line) from None


def _placed(error: ValidationError, part: Strict) -> BadInput:
    first = error.errors()[0]
    name = ".".join(str(step) for step in first["loc"])
    return BadInput.one(part.place(name.partition(".")[0]), name, first["msg"])
