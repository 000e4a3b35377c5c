"""A fit of relativities as its file says it: which columns, which variables, which models."""

from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from product_factory.errors import BadInput, BadValue, both, nearest
from product_factory.nodes import Seq, Text
from product_factory.shelf import NOT_PRODUCTS
from product_factory.strict import (
    Bilingual,
    Day,
    Plain,
    PlainText,
    Share,
    Strict,
    Texts,
    Version,
    Whole,
    Word,
    YesNo,
)
from product_factory.types import read_number

MOST_POINTS = 2000
MOST_DECIMALS = 8
RESERVED = frozenset(
    {"risk_premium", "with_large_losses", "premium", "payable"}  # steps that every tariff has
    | {"item", "items", "refused", "row", "decision", "reason"}  # words of books and steps
    | {"min", "max", "if"}  # functions
)


def _numbers(node: object) -> object:
    if isinstance(node, Seq) and all(isinstance(entry, Text) for entry in node):
        return tuple(read_number(str(entry), "number") for entry in node)
    return node


def _rising(values: tuple[float, ...]) -> tuple[float, ...]:
    for before, after in pairwise(values):
        if not before < after:
            message = f"expected rising numbers, got {after:g} after {before:g}"
            raise BadValue(message)
    return values


Numbers = Annotated[tuple[float, ...], BeforeValidator(_numbers), Field(min_length=2)]


class Column(Strict):
    """A column of amounts or counts; what is above `most` counts as `most`."""

    column: PlainText
    most: Plain | None = None


class Amounts(Strict):
    """Claim amounts: in the data, or with `id` one claim a row in a file of their own."""

    column: PlainText
    id: PlainText | None = None
    most: Plain | None = None


class Curve(Strict):
    """A natural cubic spline of the logarithm through knots, filed at every `step`."""

    knots: Numbers
    step: Plain


class Factor(Strict):
    """How a column becomes a factor.

    Of a text: `levels` (default: those that the data have), of which `join` gives several one
    relativity. Of a number: `bands` by their lowest values, `knots` between which the logarithm of
    the relativity is a line, or a `curve`. `monotone` holds bands or knots to one direction,
    `within` two of their values only where it says so. `base` is the level, band or knot at 1.
    `of` names the variable of which this is another cut, such as a coarser one for severities.
    """

    LOOKS: ClassVar[str] = " such as {bands: [18, 25, 60]}; {} takes the levels of the data"

    column: PlainText | None = None
    of: Word | None = None
    type: Literal["choice", "number", "integer", "age", "years", "money", "ratio"] | None = None
    levels: Texts | None = None
    join: dict[PlainText, Texts] = Field(default_factory=dict)
    bands: Numbers | None = None
    knots: Numbers | None = None
    curve: Curve | None = None
    base: PlainText | None = None
    monotone: Literal["rising", "falling"] | None = None
    within: Numbers | None = None

    @property
    def numeric(self) -> bool:
        """Whether the column holds numbers."""
        return not (self.bands is None and self.knots is None and self.curve is None)

    @model_validator(mode="after")
    def _one_way(self) -> "Factor":
        ways = ("levels", "bands", "knots", "curve")
        given = [key for key in ways if getattr(self, key) is not None]
        if len(given) > 1:
            message = f"expected one of {both(ways)}, got {both(given)}"
            raise BadValue(message)
        if self.numeric and (self.join or self.type == "choice"):
            message = f"'{'join' if self.join else 'type: choice'}' is for levels, not {given[0]}"
            raise BadValue(message)
        if not self.numeric and self.type not in (None, "choice"):
            message = f"expected 'bands', 'knots' or 'curve' for a {self.type}"
            raise BadValue(message)
        if self.monotone and self.bands is None and self.knots is None:
            message = "'monotone' holds bands or knots, and this variable has neither"
            raise BadValue(message)
        if self.within and not (self.monotone and len(self.within) == 2):  # noqa: PLR2004 - a range
            message = "expected 'within' as two numbers beside 'monotone'"
            raise BadValue(message)
        for values in (self.bands, self.knots, self.curve and self.curve.knots, self.within):
            _rising(values or ())
        return self


class Model(Strict):
    """One model: its family fixes what it explains.

    poisson   claims a year of exposure      gamma    amount a claim, of claims with an amount
    tweedie   amount a year of exposure, with variance of the mean to the `power` between 1 and 2

    by          the variables (default: all);  interactions: pairs of them, of levels or bands
    offset      a column of the data by which every mean is multiplied, such as a filed factor
    """

    family: Literal["poisson", "gamma", "tweedie"]
    power: Plain = 1.5
    by: tuple[Word, ...] | None = None
    interactions: tuple[tuple[Word, ...], ...] = ()
    offset: Word | None = None
    errors: Literal["model", "robust"] = "model"

    @model_validator(mode="after")
    def _sound(self) -> "Model":
        if not 1.0 < self.power < 2.0:  # noqa: PLR2004 - the compound Poisson range
            message = f"expected a power between 1 and 2, got {self.power:g}"
            raise BadValue(message)
        for pair in self.interactions:
            if len(pair) != 2 or pair[0] == pair[1]:  # noqa: PLR2004 - a pair
                message = f"expected pairs of two variables, got {both(pair) or 'none'}"
                raise BadValue(message)
        return self


class Premium(Strict):
    """How models become a premium: their product, balanced to the amounts, and the large losses.

    excess    `spread`: what amounts exceed `most` by is charged on all in proportion
    pro_rata  the premium is for the exposure of the policy, else for a year
    """

    of: tuple[Word, ...] = Field(min_length=1)
    excess: Literal["spread", "none"] = "spread"
    pro_rata: YesNo = False


class Holdout(Strict):
    """The share of the rows that measures a model fitted without them.

    Rows are taken from a permutation of numpy's RandomState(seed), the first ones rounded up: the
    split of scikit-learn's train_test_split with that seed.
    """

    share: Share = 0.25
    seed: Whole = 0

    @model_validator(mode="after")
    def _some(self) -> "Holdout":
        if not 0.0 < self.share < 1.0:
            message = f"expected a share between 0% and 100%, got {self.share:.4g}"
            raise BadValue(message)
        return self


class Sold(Strict):
    """What the product that is written is: as in `product.yaml`, where each key is explained.

    product  its name and its folder;  the title is that of the fit
    """

    product: Word
    version: Version = "1.0.0"
    line: Word
    sold_to: Word = "individual"
    channel: Word = "direct"
    jurisdiction: Word
    currency: Word
    effective: Day

    @model_validator(mode="after")
    def _its_own(self) -> "Sold":
        if self.product in NOT_PRODUCTS:
            message = f"expected a name that no folder of a shelf has, got {self.product}"
            raise BadValue(message)
        return self


class Relativities(Strict):
    """A file of `kind: glm`.

    product   what is written as a whole product, on a shelf of its own; else steps and tables only

    present   a column with the premium charged today, for the double lift
    weight    a column of weights, beside the exposure
    tests     whether each factor is left out in turn, for its type-III test
    folds     how many parts the rows are cut into, each measured by models fitted without it
    decimals  of filed relativities
    """

    fit: Word
    kind: Literal["glm"]
    title: Bilingual
    source: PlainText
    id: PlainText | None = None
    exposure: Column
    claims: Column | None = None
    amounts: Amounts | None = None
    weight: PlainText | None = None
    present: PlainText | None = None
    variables: dict[Word, Factor] = Field(min_length=1)
    models: dict[Word, Model] = Field(min_length=1)
    premium: Premium | None = None
    product: Sold | None = None
    holdout: Holdout | None = None
    folds: Whole = 0
    tests: YesNo = True
    decimals: Whole = 4

    @model_validator(mode="after")
    def _known(self) -> "Relativities":
        for name, model in self.models.items():
            self._needs(name, model)
            self._uses(name, model)
        self._own_names()
        for word, variable in self.variables.items():
            if variable.of is not None and variable.of not in self.variables:
                text = f"unknown variable '{variable.of}'{nearest(variable.of, self.variables)}"
                raise BadInput.one(variable.place("of"), f"variables.{word}.of", text)
        for word in self.premium.of if self.premium else ():
            if self.premium and word not in self.models:
                text = f"unknown model '{word}'{nearest(word, self.models)}"
                raise BadInput.one(self.premium.at, "premium.of", text)
        if self.amounts is not None and self.amounts.id is not None and self.id is None:
            text = "amounts are joined by 'id'; name the column of the data under 'id' too"
            raise BadInput.one(self.amounts.at, "amounts", text)
        if not (self.folds == 0 or 2 <= self.folds <= 50) or self.decimals > MOST_DECIMALS:  # noqa: PLR2004 - bounds of the language
            message = "expected 2 to 50 folds, and at most 8 decimals"
            raise BadValue(message)
        return self

    def _uses(self, name: str, model: Model) -> None:
        """Raise BadInput for a variable that is unknown, or that no interaction can be of."""
        used = [*(model.by or ()), *(one for pair in model.interactions for one in pair)]
        for word in used:
            if word not in self.variables:
                text = f"unknown variable '{word}'{nearest(word, self.variables)}"
                raise BadInput.one(model.at, f"models.{name}", text)
        for pair in model.interactions:
            for word in pair:
                way = self.variables[word]
                if way.knots is not None or way.curve is not None:
                    text = f"interactions are of levels or bands, and '{word}' is neither"
                    raise BadInput.one(model.at, f"models.{name}", text)

    def _needs(self, name: str, model: Model) -> None:
        """Raise BadInput where a family lacks the columns that it explains."""
        needed = {
            "poisson": ("claims",),
            "gamma": ("claims", "amounts"),
            "tweedie": ("amounts",),
        }[model.family]
        for key in needed:
            if getattr(self, key) is None:
                text = f"a {model.family} model explains '{key}'; name its column under '{key}'"
                raise BadInput.one(model.at, f"models.{name}", text)

    def _own_names(self) -> None:
        """Raise BadInput where a step of the tariff would have the name of something else."""
        taken = dict.fromkeys(map(self.key, self.variables), "a variable")
        taken |= {m.offset: "an offset" for m in self.models.values() if m.offset is not None}
        if self.premium is not None and self.premium.pro_rata:
            taken[self.exposure.column] = "the exposure"
        for word in RESERVED & taken.keys():
            text = f"expected a name that a tariff does not use itself, got {word}"
            raise BadInput.one(self.at, "variables", text)
        for name, model in self.models.items():
            terms = [*self.used(name), *map("_".join, model.interactions)]
            for step in (name, *(f"{name}_{term}" for term in terms)):
                if step in taken:
                    text = f"the step '{step}' would have the name of {taken[step]}; rename it"
                    raise BadInput.one(model.at, f"models.{name}", text)
                taken[step] = "another step"

    def key(self, name: str) -> str:
        """Give the name by which the product knows a variable: its own, or that of which it is."""
        return self.variables[name].of or name

    def column(self, name: str) -> str:
        """Give the column of the data that a variable reads."""
        variable = self.variables[name]
        whole = variable if variable.of is None else self.variables[variable.of]
        return variable.column or whole.column or self.key(name)

    def used(self, name: str) -> tuple[str, ...]:
        """Give the variables of a model."""
        by = self.models[name].by
        return tuple(self.variables) if by is None else by
