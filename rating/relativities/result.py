"""Fit, file and measure every model of a file, and the premium that they make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from product_factory.errors import BadInput, both
from rating.relativities.data import Policies
from rating.relativities.filed import Filed, file_model
from rating.relativities.fitted import Fitted, deviance, fit_model, response
from rating.relativities.lift import Lift, double_lift, gini, lift
from rating.relativities.specification import Model, Relativities
from rating.relativities.term import Term, label, lacking, terms_of

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
FACTOR_DECIMALS = 6
"""Of the factors that balance a premium and load it."""
PREMIUM = "premium"


@dataclass(frozen=True)
class Tested:
    """The type-III test of a term: what leaving it out costs.

    statistic  (rise of the deviance / columns) / dispersion, compared with F(columns, rows - …)
    """

    term: str
    columns: int
    rise: float
    statistic: float
    chance: float


@dataclass(frozen=True)
class Score:
    """How well means fit some rows: D², Gini, and the observed total over the fitted one."""

    where: str
    what: str
    rows: int
    explained: float
    gini: float
    ratio: float


@dataclass(frozen=True)
class Modelled:
    """A model fitted to all policies, filed and tested."""

    name: str
    model: Model
    fitted: Fitted
    filed: Filed
    tests: tuple[Tested, ...]


@dataclass(frozen=True)
class PurePremium:
    """The product of the models, for a year of exposure: balanced to the capped amounts, loaded.

    balance  brings the product to the observed total;  load: amounts before over after the cap
    """

    of: tuple[str, ...]
    balance: float
    load: float

    def mean(self, filed: Mapping[str, Filed], policies: Policies) -> Floats:
        """Give every policy its expected capped amount a year."""
        product = np.full(policies.size, self.balance)
        for name in self.of:
            product = product * filed[name].mean(policies)
        return product


@dataclass(frozen=True)
class Result:
    """Everything that came of a fit.

    scores   of all rows, of the rows fitted and held out, and of every fold
    lifts    model or premium → its lift, out of sample where some rows were held out
    double   against the present tariff, or None
    """

    spec: Relativities
    policies: Policies
    models: tuple[Modelled, ...]
    premium: PurePremium | None
    scores: tuple[Score, ...]
    lifts: Mapping[str, Lift]
    double: Lift | None

    @property
    def filed(self) -> dict[str, Filed]:
        """The filed models by name."""
        return {entry.name: entry.filed for entry in self.models}


def fit_relativities(
    spec: Relativities, policies: Policies, say: Callable[[str], None] = lambda _: None
) -> Result:
    """Fit and measure.

    say  is told what is being fitted

    Raises BadInput for a class without a claim, terms that cannot be told apart, and a premium that
    its models do not make.
    """
    premium_is_one(spec)
    models = tuple(_modelled(spec, name, policies, say) for name in spec.models)
    whole = _Fits({entry.name: entry.fitted for entry in models}, spec, policies, None)
    everyone = np.arange(policies.size)
    scores = whole.scores("all", everyone)
    lifts, double = whole.lifts(everyone), whole.double(everyone)
    if spec.holdout is not None:
        say("a fit without the rows held out")
        order = np.random.RandomState(spec.holdout.seed).permutation(policies.size)
        held, kept = np.split(order, [int(np.ceil(spec.holdout.share * policies.size))])
        part = whole.again(kept)
        scores += [*part.scores("fitted", kept), *part.scores("held out", held)]
        lifts, double = part.lifts(held), part.double(held)
    for number, held in enumerate(_folds(spec, policies.size), start=1):
        say(f"fold {number} of {spec.folds}")
        kept = np.setdiff1d(everyone, held, assume_unique=True)
        scores += whole.again(kept).scores(f"fold {number}", held)
    return Result(spec, policies, models, whole.premium, tuple(scores), lifts, double)


def premium_is_one(spec: Relativities) -> None:
    """Raise BadInput for a premium that is not frequency times severity, or a pure premium."""
    if spec.premium is None:
        return
    families = sorted(spec.models[name].family for name in spec.premium.of)
    if families not in (["gamma", "poisson"], ["tweedie"]):
        text = f"expected a poisson and a gamma model, or a tweedie one, got {both(families)}"
        raise BadInput.one(spec.premium.at, "premium.of", text)


def _folds(spec: Relativities, size: int) -> list[Rows]:
    if not spec.folds:
        return []
    seed = spec.holdout.seed if spec.holdout else 0
    order = np.random.RandomState(seed).permutation(size)
    return [np.sort(part) for part in np.array_split(order, spec.folds)]


def _modelled(
    spec: Relativities, name: str, policies: Policies, say: Callable[[str], None]
) -> Modelled:
    model = spec.models[name]
    terms = terms_of(spec, name, policies)
    _no_empty_class(spec, name, terms, policies)
    say(f"{name}: {model.family}, {len(terms)} factors")
    fitted = fit_model(model, terms, policies)
    tests = []
    for number, term in enumerate(terms if spec.tests else ()):
        say(f"{name}: without {term.name} ({number + 1} of {len(terms)})")
        tests.append(_tested(model, terms, policies, fitted, number))
    return Modelled(name, model, fitted, file_model(spec, model, fitted, policies), tuple(tests))


def _no_empty_class(
    spec: Relativities, name: str, terms: tuple[Term, ...], policies: Policies
) -> None:
    """Refuse classes whose own rate would be nothing, since the likelihood has no maximum.

    A factor with one level for all is refused too: there is nothing that it could explain.
    """
    told = response(spec.models[name], policies)
    weights = np.zeros(policies.size)
    weights[told.rows] = told.weight * told.y
    for term in terms:
        if not term.basis.shape[1]:
            variable = spec.variables[term.words[0]]
            text = f"{label(term, 0)} in every row: a factor needs two levels; leave it out"
            raise BadInput.one(variable.at, f"models.{name}", text)
        empty = lacking(term, weights)
        if empty:
            others = f" and {len(empty) - 1} more" if len(empty) > 1 else ""
            text = (
                f"{empty[0]}{others}: no claim among its policies, so its relativity would be "
                "nothing; join it with another level, or take wider bands"
            )
            variable = spec.variables[term.words[0]]
            raise BadInput.one(variable.at, f"models.{name}", text)


def _tested(
    model: Model, terms: tuple[Term, ...], policies: Policies, fitted: Fitted, number: int
) -> Tested:
    less = fit_model(model, terms, policies, start=fitted, without=number)
    columns = max(1, fitted.freedom - less.freedom)
    rise = less.deviance - fitted.deviance
    statistic = max(0.0, rise) / columns / fitted.dispersion
    chance = float(stats.f.sf(statistic, columns, max(1, fitted.rows - fitted.freedom)))
    return Tested(terms[number].name, columns, rise, statistic, chance)


class _Fits:
    """The models fitted to some rows, filed on those rows, and what they say of others."""

    def __init__(
        self,
        fitted: Mapping[str, Fitted],
        spec: Relativities,
        policies: Policies,
        rows: Rows | None,
    ) -> None:
        self.fitted, self.spec, self.policies = fitted, spec, policies
        self.filed = {
            name: file_model(spec, spec.models[name], one, policies, rows)
            for name, one in fitted.items()
        }
        self.means = {name: one.mean(policies) for name, one in self.filed.items()}
        self.premium = self._premium(slice(None) if rows is None else rows)

    def again(self, rows: Rows) -> "_Fits":
        """Fit the same models to some of the rows."""
        fitted = {
            name: fit_model(self.spec.models[name], one.terms, self.policies, rows, start=one)
            for name, one in self.fitted.items()
        }
        return _Fits(fitted, self.spec, self.policies, rows)

    def _premium(self, rows: Rows | slice) -> PurePremium | None:
        stated, own = self.spec.premium, self.policies
        if stated is None:
            return None
        product = np.prod([self.means[name] for name in stated.of], axis=0)
        weight = (own.exposure * own.weight)[rows]
        paid = float(np.sum((own.amounts * own.weight)[rows]))
        balance = round(paid / float(np.sum(weight * product[rows])), FACTOR_DECIMALS)
        load = float(np.sum((own.whole * own.weight)[rows])) / paid
        spread = stated.excess == "spread"
        return PurePremium(stated.of, balance, round(load, FACTOR_DECIMALS) if spread else 1.0)

    def of_premium(self) -> Floats:
        """Give every policy its expected capped amount a year."""
        assert self.premium is not None  # noqa: S101 - asked where there is one
        return self.premium.mean(self.filed, self.policies)

    def scores(self, where: str, rows: Rows) -> list[Score]:
        """Measure every model, and the premium, on some rows."""
        found = []
        for name, mean in self.means.items():
            told = response(self.spec.models[name], self.policies, rows)
            fitted = mean[told.rows]
            null = np.full(told.y.size, np.average(told.y, weights=told.weight))
            lost = deviance(told.y, fitted, told.weight, told.power)
            whole = deviance(told.y, null, told.weight, told.power)
            seen = told.y * told.weight
            found.append(
                Score(
                    where,
                    name,
                    told.y.size,
                    1.0 - lost / whole,
                    gini(seen, fitted, told.weight),
                    float(seen.sum() / np.sum(fitted * told.weight)),
                )
            )
        if self.premium is not None:
            own = self.policies
            mean = self.of_premium()[rows]
            years, paid = (own.exposure * own.weight)[rows], (own.amounts * own.weight)[rows]
            ratio = float(paid.sum() / np.sum(mean * years))
            found.append(Score(where, PREMIUM, rows.size, np.nan, gini(paid, mean, years), ratio))
        return found

    def lifts(self, rows: Rows) -> dict[str, Lift]:
        """Give the lift of every model, and of the premium, on some rows."""
        found = {}
        for name, mean in self.means.items():
            told = response(self.spec.models[name], self.policies, rows)
            found[name] = lift(told.y * told.weight, mean[told.rows], told.weight)
        if self.premium is not None:
            own = self.policies
            years, paid = (own.exposure * own.weight)[rows], (own.amounts * own.weight)[rows]
            found[PREMIUM] = lift(paid, self.of_premium()[rows], years)
        return found

    def double(self, rows: Rows) -> Lift | None:
        """Compare the premium with the present tariff on some rows."""
        own = self.policies
        if own.present is None or self.premium is None:
            return None
        mean = self.of_premium()[rows]
        return double_lift(own.amounts[rows], mean, own.present[rows], own.exposure[rows])
