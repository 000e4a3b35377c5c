"""A model fitted by glum: coefficients, their covariance, dispersion and deviance.

Every family has a log link and the variance φ μ^p / w: p = 1 Poisson, 2 gamma, between Tweedie.
Responses are divided by their mean before they are fitted, so that tolerances are relative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from warnings import catch_warnings, simplefilter

import numpy as np
import numpy.typing as npt
import pandas as pd
import tabmat
from glum import GeneralizedLinearRegressor, TweedieDistribution
from sklearn.exceptions import ConvergenceWarning

from product_factory.errors import BadInput, both
from rating.relativities.data import Policies
from rating.relativities.specification import Model
from rating.relativities.term import Term

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
TOLERANCE = 1e-9
"""Of the gradient of the mean deviance; a total is off by about as much, in proportion."""
GOOD = 1e-7
"""The slope of the likelihood at which a maximum is taken for found, in the same measure."""
LET_GO = 1e-7
"""How fast the likelihood must rise, in proportion, for a held coefficient to be let go."""
SINGULAR = 1e-9
MOST_STEPS = 200
IN_VECTOR = 0.05
"""What part of a vector of length 1 counts as being in it."""


@dataclass(frozen=True)
class Response:
    """What a model explains.

    rows  [row] places of the policies that count;  y: [row];  weight: [row]
    offset  [row] log of the factor by which every mean is multiplied
    """

    rows: Rows
    y: Floats
    weight: Floats
    offset: Floats
    power: float


@dataclass(frozen=True)
class Fitted:
    """A fitted model.

    intercept     log of the mean at every base
    coefficients  [column] of all terms in their order; 0 where a column could not be fitted
    covariance    [1 + column, 1 + column], the intercept first, times the dispersion
    dispersion    Pearson's
    deviance, null  of the model, and of one mean for all
    """

    terms: tuple[Term, ...]
    intercept: float
    coefficients: Floats
    covariance: Floats
    dispersion: float
    deviance: float
    null: float
    freedom: int
    rows: int

    @property
    def explained(self) -> float:
        """D²: the share of the deviance that the model explains."""
        return 1.0 - self.deviance / self.null

    def part(self, number: int) -> slice:
        """Tell which columns are those of a term."""
        first = sum(term.basis.shape[1] for term in self.terms[:number])
        return slice(first, first + self.terms[number].basis.shape[1])

    def logs(self, number: int) -> Floats:
        """Give the log relativity of a term at each of its points."""
        values: Floats = self.terms[number].basis @ self.coefficients[self.part(number)]
        return values

    def errors(self, number: int) -> Floats:
        """Give the standard errors of `logs`."""
        part = self.part(number)
        inner = self.covariance[1:, 1:][part, part]
        basis = self.terms[number].basis
        variances = np.einsum("pk,kl,pl->p", basis, inner, basis)
        return np.asarray(np.sqrt(np.maximum(variances, 0.0)), dtype=np.float64)


def response(model: Model, policies: Policies, rows: Rows | None = None) -> Response:
    """Give what a model explains, of all policies or of some."""
    among = np.arange(policies.size) if rows is None else rows
    if model.family == "gamma":
        among = among[policies.amounts[among] > 0.0]
    exposure, weight = policies.exposure[among], policies.weight[among]
    claims, amounts = policies.claims[among], policies.amounts[among]
    offset = np.zeros(among.size)
    if model.offset is not None:
        offset = np.log(policies.offsets[model.offset][among])
    match model.family:
        case "poisson":
            return Response(among, claims / exposure, weight * exposure, offset, 1.0)
        case "gamma":
            return Response(among, amounts / claims, weight * claims, offset, 2.0)
        case _:
            return Response(among, amounts / exposure, weight * exposure, offset, model.power)


def deviance(y: Floats, mean: Floats, weight: Floats, power: float) -> float:
    """Give Σ w d(y, μ), d being the unit deviance of Tweedie's family."""
    positive = np.where(y > 0.0, y, 1.0)
    if power == 1.0:
        unit = np.where(y > 0.0, y * np.log(positive / mean), 0.0) - y + mean
    elif power == 2.0:  # noqa: PLR2004 - gamma
        unit = y / mean - 1.0 - np.log(positive / mean)
    else:
        one, two = 1.0 - power, 2.0 - power
        own = np.where(y > 0.0, positive**two, 0.0) / (one * two)
        unit = own - y * mean**one / one + mean**two / two
    return float(2.0 * np.sum(weight * unit))


def fit_model(
    model: Model,
    terms: tuple[Term, ...],
    policies: Policies,
    rows: Rows | None = None,
    start: Fitted | None = None,
    without: int | None = None,
) -> Fitted:
    """Fit a model to all policies, or to some.

    start    a fitted model with the same terms, from which to seek
    without  a term that is left out (its coefficients stay 0)

    A class without a claim among the rows takes the relativity of the base; a fit to all rows is
    only asked for where there is none. Raises BadInput where the data cannot tell terms apart.
    """
    told = response(model, policies, rows)
    mean = float(np.sum(told.weight * told.y) / np.sum(told.weight * np.exp(told.offset)))
    used = _columns(terms, told, policies, without)
    owners = np.concatenate([[term.name] * term.basis.shape[1] for term in terms])
    used = _told_apart(terms, told, used, owners, model, whole=rows is None)
    signs = np.concatenate([term.signs for term in terms])
    begin = np.zeros(used.size + 1)
    if start is not None:
        begin = np.concatenate([[start.intercept - np.log(mean)], start.coefficients])
    found = _held(terms, told, mean, used, signs, begin, model)
    free = used & ((signs == 0) | (found.coefficients != 0.0))
    matrix = _matrix(terms, told.rows, free)
    pearson = told.weight * (told.y - found.fitted) ** 2 / found.fitted**told.power
    freedom = int(free.sum()) + 1
    dispersion = float(np.sum(pearson)) / max(1, told.rows.size - freedom)
    covariance = np.zeros((used.size + 1, used.size + 1))
    places = np.flatnonzero(np.concatenate([[True], free]))
    inner = _covariance(matrix, told, found.fitted, dispersion, robust=model.errors == "robust")
    covariance[np.ix_(places, places)] = inner
    alone = np.exp(told.offset) * mean
    return Fitted(
        terms=terms,
        intercept=float(np.log(mean) + found.intercept),
        coefficients=found.coefficients,
        covariance=covariance,
        dispersion=dispersion,
        deviance=deviance(told.y, found.fitted, told.weight, told.power),
        null=deviance(told.y, alone, told.weight, told.power),
        freedom=freedom,
        rows=int(told.rows.size),
    )


def _columns(
    terms: Sequence[Term], told: Response, policies: Policies, without: int | None
) -> Truths:
    """Tell which columns the rows can carry: classes need a claim or an amount of their own."""
    found = []
    weights = np.zeros(policies.size)
    weights[told.rows] = told.y * told.weight
    for number, term in enumerate(terms):
        carried = np.ones(term.basis.shape[1], dtype=np.bool_)
        if term.grouped:
            carried = term.basis.T @ term.total(weights) > 0.0
        found.append(carried if number != without else np.zeros_like(carried))
    return np.concatenate(found)


def _matrix(terms: Sequence[Term], rows: Rows, used: Truths) -> tabmat.SplitMatrix | None:
    parts: list[tabmat.MatrixBase] = []
    first = 0
    for term in terms:
        basis = term.basis[:, used[first : first + term.basis.shape[1]]]
        first += term.basis.shape[1]
        if not basis.shape[1]:
            continue
        if term.grouped:
            point = np.where(basis.any(axis=1), basis.argmax(axis=1) + 1, 0)
            codes = pd.Categorical.from_codes(
                point[term.left[rows]], categories=pd.RangeIndex(basis.shape[1] + 1)
            )
            parts.append(tabmat.CategoricalMatrix(codes, drop_first=True))
        else:
            columns = [term.at(column)[rows] for column in basis.T]
            parts.append(tabmat.DenseMatrix(np.column_stack(columns)))
    return tabmat.SplitMatrix(parts) if parts else None


@dataclass(frozen=True)
class _Found:
    """A maximum: intercept and coefficients of y / mean, and the fitted means of y."""

    intercept: float
    coefficients: Floats
    fitted: Floats


def _held(
    terms: Sequence[Term],
    told: Response,
    mean: float,
    used: Truths,
    signs: npt.NDArray[np.int64],
    begin: Floats,
    model: Model,
) -> _Found:
    """Maximise the likelihood with the coefficients of a sign held to it.

    An active set: what breaks its sign is held at 0, and let go where the likelihood would rise on
    the good side. The likelihood is concave, so where neither happens is the maximum.
    """
    held = np.zeros(used.size, dtype=np.bool_)
    for _ in range(MOST_STEPS):
        found = _solved(terms, told, mean, used & ~held, begin, model)
        broken = ~held & (signs * found.coefficients < 0.0)
        if broken.any():
            held |= broken
        elif held.any():
            score = told.weight * (told.y - found.fitted) * found.fitted ** (1.0 - told.power)
            slope = np.zeros(used.size)
            matrix = _matrix(terms, told.rows, held)
            slope[held] = 0.0 if matrix is None else matrix.transpose_matvec(score)
            slope *= signs / float(np.sum(told.weight * found.fitted ** (2.0 - told.power)))
            if not slope.max() > LET_GO:
                return found
            held[int(np.argmax(slope))] = False
        else:
            return found
        begin = np.concatenate([[found.intercept], np.where(held, 0.0, found.coefficients)])
    return found


def _solved(
    terms: Sequence[Term], told: Response, mean: float, used: Truths, begin: Floats, model: Model
) -> _Found:
    """Maximise the likelihood of y / mean. Raises BadInput where it has no maximum within reach."""
    coefficients = np.zeros(used.size)
    matrix = _matrix(terms, told.rows, used)
    if matrix is None:
        return _Found(0.0, coefficients, mean * np.exp(told.offset))
    starts = [np.concatenate([begin[:1], begin[1:][used]]), None]
    for start in starts if matrix.shape[1] > 1 else [None]:
        solver = GeneralizedLinearRegressor(
            family=TweedieDistribution(told.power),
            link="log",
            alpha=0.0,
            gradient_tol=TOLERANCE,
            max_iter=MOST_STEPS,
            start_params=start,
        )
        with catch_warnings():
            # close to the maximum a line search may fail by rounding: the slope below decides
            simplefilter("ignore", ConvergenceWarning)
            solver.fit(matrix, told.y / mean, sample_weight=told.weight, offset=told.offset)
        coefficients[used] = solver.coef_
        intercept = float(solver.intercept_)
        fitted = mean * np.exp(intercept + matrix.matvec(coefficients[used]) + told.offset)
        score = told.weight * (told.y - fitted) * fitted ** (1.0 - told.power)
        slope = np.abs(np.append(matrix.transpose_matvec(score), score.sum())).max()
        if slope <= GOOD * float(np.sum(told.weight * fitted ** (2.0 - told.power))):
            return _Found(intercept, coefficients, np.asarray(fitted, dtype=np.float64))
    text = (
        "the likelihood has no maximum within reach: some combination of levels has no claim, "
        "or hardly any exposure; join levels or take wider bands"
    )
    raise BadInput.one(model.at, "models", text)


def _told_apart(
    terms: Sequence[Term],
    told: Response,
    used: Truths,
    owners: npt.NDArray[np.str_],
    model: Model,
    *,
    whole: bool,
) -> Truths:
    """Hold columns to be no combination of others; of some rows only, leave out those that are.

    Raises BadInput naming the terms.
    """
    while used.any():
        information = _information(_matrix(terms, told.rows, used), told.weight / told.weight.sum())
        size = np.sqrt(np.maximum(np.diag(information), np.finfo(float).tiny))
        values, vectors = np.linalg.eigh(information / np.outer(size, size))
        if values[0] > SINGULAR:
            return used
        strength = np.abs(vectors[1:, 0])
        if whole:
            break
        used = used.copy()
        used[np.flatnonzero(used)[int(np.argmax(strength))]] = False
    else:
        return used
    named = list(dict.fromkeys(owners[used][strength > IN_VECTOR].tolist()))
    text = f"the data cannot tell the effects of {both(named)} apart"
    if len(named) == 1:
        text = f"the data do not show every effect of {both(named)}: too few points in use"
    raise BadInput.one(model.at, "models", f"{text}; leave one out, or join levels")


def _information(matrix: tabmat.SplitMatrix | None, weight: Floats) -> Floats:
    """Give X'WX with a first column of ones; no matrix has no other column."""
    if matrix is None:
        return np.array([[weight.sum()]])
    inner = np.zeros((matrix.shape[1] + 1, matrix.shape[1] + 1))
    inner[0, 0] = weight.sum()
    inner[0, 1:] = inner[1:, 0] = matrix.transpose_matvec(weight)
    inner[1:, 1:] = matrix.sandwich(weight)
    return inner


def _covariance(
    matrix: tabmat.SplitMatrix | None,
    told: Response,
    fitted: Floats,
    dispersion: float,
    *,
    robust: bool,
) -> Floats:
    """Give the covariance of the coefficients: φ (X'WX)⁻¹, or Huber and White's."""
    information = _information(matrix, told.weight * fitted ** (2.0 - told.power))
    bread = np.asarray(np.linalg.inv(information), dtype=np.float64)
    if not robust:
        return dispersion * bread
    score = told.weight * (told.y - fitted) * fitted ** (1.0 - told.power)
    filled: Floats = bread @ _information(matrix, score**2) @ bread
    return filled
