"""A year's claims as a file says them: how many, how large, and what is kept."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from product_factory.brought import Brought, brought_of
from product_factory.constants import constant
from product_factory.errors import BadInput, BadValue, nearest
from product_factory.experience import Experience
from product_factory.expressions.scope import Home
from product_factory.expressions.tree import Expression
from product_factory.risk import ModelSpec, read_risk
from product_factory.strict import (
    Bilingual,
    Currency,
    Plain,
    PlainText,
    RawNode,
    Share,
    Strict,
    Word,
)
from product_factory.types import Type
from rating.aggregate.grid import Source
from rating.aggregate.grown import grown
from rating.aggregate.terms import ClaimTerms
from rating.aggregate.year import YearTerms
from rating.engines.collective.columns import columns
from rating.engines.collective.counts import count_of
from rating.engines.collective.sizes import size_columns, size_of
from rating.frequencies import FREQUENCIES
from rating.models import MODELS

Floats = npt.NDArray[np.float64]
NUMBER = Type("number")


class Kept(Strict):
    """What is kept: share × min(C(max(amount - deductible, 0)), limit) where amount >= franchise.

    corridor   what is retained of all that goes beyond the deductible and a further `above`
    franchise  what the amount, before the deductible, must reach for anything of it to be kept
    """

    LOOKS: ClassVar[str] = " such as {deductible: 2000, limit: 500000}"

    deductible: Plain = 0.0
    limit: Plain = math.inf
    share: Share = 1.0
    corridor: Plain = 0.0
    above: Plain = 0.0
    franchise: Plain = 0.0

    @model_validator(mode="after")
    def _sound(self) -> "Kept":
        if ("corridor" in self.model_fields_set) != ("above" in self.model_fields_set):
            raise BadValue("expected both of the keys 'corridor' and 'above', or neither")
        ClaimTerms(*self.amounts)
        return self

    @property
    def amounts(self) -> tuple[float, float, float, float, float, float]:
        """Deductible, limit, share, corridor and what it begins above, franchise."""
        shared = (self.deductible, self.limit, self.share)
        return (*shared, self.corridor, self.above, self.franchise)


class ExperienceOf(Strict):
    """What brings the number of claims, and their size before any term, to the year computed."""

    LOOKS: ClassVar[str] = " such as {severity: {trend: 5%, from: …, to: …, source: …}}"

    frequency: Experience | None = None
    severity: Experience | None = None

    @model_validator(mode="after")
    def _sound(self) -> "ExperienceOf":
        if self.frequency is None and self.severity is None:
            raise BadValue("expected 'frequency' or 'severity'")
        if self.frequency is not None and self.frequency.large_losses is not None:
            raise BadValue("expected no 'large_losses' of the frequency: severity has the size")
        return self


class AggregateSpec(Strict):
    """A file of `covercast aggregate`.

    frequency, severity   as under `risk:` of a basis, of numbers alone
    experience            what they are multiplied by, as under `experience:` of a basis
    claim                 what is kept of each claim;  year: of what is kept of all of them
    """

    aggregate: Word
    title: Bilingual
    source: PlainText
    currency: Currency
    frequency: RawNode
    severity: RawNode
    experience: ExperienceOf | None = None
    claim: Kept | None = None
    year: Kept | None = None

    def sources(self) -> tuple[Source, ...]:
        """Return the claims. Raises BadInput for what is no frequency or severity of numbers."""
        counted, sized = self.model("frequency"), self.model("severity")
        try:
            given = columns(
                counted, FREQUENCIES, "a frequency such as poisson", _alone, "frequency"
            )
            frequency = count_of(given, 0)
            if (factor := self.factor("frequency")) != 1.0:
                frequency = frequency.scaled(factor)
        except BadValue as error:
            raise BadInput.one(counted.at, "frequency", str(error)) from None
        try:
            severity = size_of(size_columns(sized, _alone, "severity"), 0)
            if self.claim is None or self.claim.limit == math.inf:
                severity.moment(1)  # a limited claim has a mean whatever its severity has
        except BadValue as error:
            raise BadInput.one(sized.at, "severity", str(error)) from None
        kept = self.claim
        terms = ClaimTerms()
        if kept is not None:
            terms = ClaimTerms(*kept.amounts)
        return (Source(frequency, grown(severity, terms, self.factor("severity"))),)

    def brought(self) -> tuple[Brought, ...]:
        """Return what the experience is multiplied by. Raises BadInput for figures beyond all."""
        entries = {} if self.experience is None else dict(self.experience)
        return tuple(
            brought_of(entry, key, f"experience.{key}", Home(""))
            for key, entry in entries.items()
            if entry is not None
        )

    def factor(self, key: str) -> float:
        """Return what the frequency or severity is multiplied by."""
        return next((one.factor for one in self.brought() if one.key == key), 1.0)

    def terms(self) -> YearTerms:
        """Return what is kept of the year."""
        kept = self.year
        return YearTerms() if kept is None else YearTerms(*kept.amounts)

    def model(self, key: str) -> ModelSpec:
        """Return what is said of the frequency or severity. Raises BadInput where it is none."""
        node: Any = getattr(self, key)
        risk = read_risk(node)
        if not isinstance(risk, ModelSpec):
            text = "expected a distribution such as {kind: lognormal, mean: 2000, cv: 2}"
            raise BadInput.one(self.place(key), key, text)
        _known(risk, key, MODELS)
        return risk


def _known(spec: ModelSpec, path: str, models: Mapping[str, tuple[tuple[str, ...], ...]]) -> None:
    """Refuse unknown kinds, and names that no form of a kind has."""
    if spec.kind not in models:
        text = f"unknown kind '{spec.kind}'{nearest(spec.kind, models)}"
        raise BadInput.one(spec.at, path, text)
    if misfit := spec.misfit(models[spec.kind]):
        raise BadInput.one(spec.at, path, misfit)
    for name, parts in spec.parts:
        for part in parts:
            _known(part, f"{path}.{name}", models)


def _alone(value: Expression) -> Floats:
    """Evaluate a value that depends on nothing."""
    found = constant(value, Home(""), NUMBER)
    if found is None:
        raise BadInput.one(value.at, "", "expected a number")
    return np.array([found])
