"""What the typhoon generator is told: each number with its unit, source and trust."""

from itertools import pairwise
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Trust = Literal["read", "weak", "derived", "memory", "illustrative"]
_TOLERANCE_SHARES = 1e-12


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stated(_Strict):
    """A number with its unit, its source and its trust; written `is` in YAML."""

    value: float = Field(alias="is", ge=0, allow_inf_nan=False)
    unit: str
    source: str
    trust: Trust


class Documented(_Strict):
    """Unit, source and trust of a field that every stretch of coast has."""

    unit: str
    source: str
    trust: Trust


class Title(_Strict):
    """A name in both languages."""

    zh: str
    en: str


class Numbers(_Strict):
    """How many storms land, how strong they are, how far their headings spread.

    The shares by grade add up to 1; winds in m/s are the lower ends of the grades of GB/T 19201.
    """

    yearly_rate: Stated
    share_tropical_storm: Stated
    share_severe_tropical_storm: Stated
    share_typhoon: Stated
    wind_tropical_storm: Stated
    wind_severe_tropical_storm: Stated
    wind_typhoon: Stated
    tail_scale: Stated
    heading_spread: Stated

    @model_validator(mode="after")
    def _shares_and_grades(self) -> Self:
        total = (
            self.share_tropical_storm.value
            + self.share_severe_tropical_storm.value
            + self.share_typhoon.value
        )
        if abs(total - 1.0) > _TOLERANCE_SHARES:
            message = f"shares by grade: expected a sum of 1, got {total}"
            raise ValueError(message)
        winds = (
            self.wind_tropical_storm.value,
            self.wind_severe_tropical_storm.value,
            self.wind_typhoon.value,
        )
        if not winds[0] < winds[1] < winds[2]:
            message = f"winds of the grades: expected rising, got {winds}"
            raise ValueError(message)
        return self


class Strata(_Strict):
    """Into how many parts each distribution is cut.

    typhoon: chances that a wind above the typhoon grade is exceeded, from 1 falling to 0.
    headings: 3, the nodes of Gauss and Hermite.
    """

    tropical_storm: int = Field(ge=1, le=50)
    severe_tropical_storm: int = Field(ge=1, le=50)
    typhoon: tuple[float, ...] = Field(min_length=2, max_length=51)
    headings: Literal[3]

    @model_validator(mode="after")
    def _chances_fall_from_one_to_zero(self) -> Self:
        chances = self.typhoon
        falling = all(a > b for a, b in pairwise(chances))
        if not (falling and chances[0] == 1.0 and chances[-1] == 0.0):
            message = f"typhoon strata: expected chances falling from 1 to 0, got {chances}"
            raise ValueError(message)
        return self


class Stretch(_Strict):
    """A stretch of coast: a line through vertices (latitude, longitude) and what lands on it."""

    stretch: str
    landfalls: float = Field(gt=0)
    heading: float = Field(ge=0, lt=360)
    speed: float = Field(gt=0, le=150)
    tail: float = Field(gt=0, le=3)
    places: int = Field(ge=1, le=100)
    vertices: tuple[tuple[float, float], ...] = Field(min_length=2)


class Fields(_Strict):
    """What the numbers of a stretch are."""

    landfalls: Documented
    heading: Documented
    speed: Documented
    tail: Documented
    places: Documented
    vertices: Documented


class TyphoonParameters(_Strict):
    """A file of products/hazards: everything that the event set depends on."""

    hazard: str
    version: str
    title: Title
    kind: Literal["typhoon"]
    parameters: Numbers
    strata: Strata
    fields_: Fields = Field(alias="fields")
    coast: tuple[Stretch, ...] = Field(min_length=1)
