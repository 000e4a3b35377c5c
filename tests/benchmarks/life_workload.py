"""Project 10,000 life policies by month: lifelib's BasicTerm_M, and disability with recovery."""

from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np

from rating.engines.multistate.chain import ENDED, Chain, Sheet, Stream
from rating.engines.multistate.project import present_values
from tests.benchmarks.lifelib import model, package, twin
from tests.benchmarks.limits import fused_life

ROW = "10,000 life policies by month, one living state (BasicTerm_M of lifelib)"
TWO_STATES = "10,000 disability incomes by month, two living states, with recovery"
OWN = ", each with rates of its own"
MONTHS = 12


@dataclass(frozen=True)
class Data:
    """Tables as this project reads them and as plain arrays, and the points."""

    tables: dict
    mortality: np.ndarray
    first_age: int
    spot: np.ndarray
    points: tuple

    @property
    def bound(self):
        age, term, _ = self.points
        return model.bind(self.tables, (int(age.min()), int(age.max())), int(term.max()))


def _data(tables, points):
    mortality, interest = tables["mort_table"], tables["disc_rate_ann"]
    first = int(mortality.axes[0].values[0])
    return Data(tables, mortality.cells["rate"], first, interest.cells["rate"], points)


@cache
def lifelib_data():
    return _data(package.tables(), package.points())


def twin_data(count):
    return _data(twin.tables(), twin.points(count))


@cache
def _bound():
    return lifelib_data().bound


@cache
def _peer():
    import modelx

    return modelx.read_model(package.folder())


def lifelib():
    """Its own code, from points to the present values, nothing remembered from the last round."""
    projection = _peer().Projection
    projection.clear_all()
    return np.asarray(projection.pv_net_cf())


def monthly(data):
    """What the limit reads: rates a month, present values of 1, expenses; then the points."""
    year, month = np.arange(twin.YEARS), np.arange(MONTHS * twin.YEARS)
    death = 1.0 - (1.0 - data.mortality) ** (1 / MONTHS)
    lapse = 1.0 - (1.0 - np.maximum(0.1 - 0.02 * year, 0.02)) ** (1 / MONTHS)
    worth = (1.0 + data.spot[month // MONTHS]) ** (-month / MONTHS)
    spent = 5.0 * 1.01 ** (month / MONTHS) + 300.0 * (month == 0)
    age, term, sum_assured = data.points
    return death, lapse, worth, spent, age - data.first_age, term, sum_assured


@cache
def _monthly():
    return monthly(lifelib_data())


def by_numpy(arrays=None):
    return twin.by_numpy(*(arrays or _monthly()))


def limit(threads, arrays=None):
    return fused_life.run(fused_life.term_assurance, arrays or _monthly(), threads)


def covercast(threads):
    return model.pv_net_cf(_bound(), *lifelib_data().points, threads=threads)


# Two living states: forces of Dickson, Hardy and Waters (chapter 8), a month by Euler's step.


@cache
def disabled():
    """Rates [age - 20, (sick, dead, well, gone)] a month, worth of 1 by month."""
    x = np.arange(20.0, 80.0)
    sick = 4e-4 + 3.4674e-6 * np.exp(0.138155 * x)
    dead = 5e-4 + 7.5858e-5 * np.exp(0.087498 * x)
    rates = np.stack([sick, dead, 0.1 * sick, dead], axis=1) / MONTHS
    return rates, 1.03 ** (-np.arange(MONTHS * twin.YEARS + 1.0) / MONTHS)


@cache
def incomes():
    """Age less 20, term in years, yearly income."""
    age, term, income = twin.points(10_000)
    return age - 20, term, income / 100.0


def two_states_limit(threads):
    return fused_life.run(fused_life.disability, (*disabled(), *incomes()), threads)


@cache
def _within():
    month = np.arange(MONTHS * twin.YEARS + 1)[None, :]
    return (month < MONTHS * np.arange(1, twin.YEARS + 1)[:, None]).astype(np.float64)


def two_states_chain():
    (age, term, income), (rates, worth) = incomes(), disabled()
    ages = np.arange(40)[:, None] + np.arange(twin.YEARS)
    here, sick = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    paid = Sheet(_within()[:, :, None] * sick, term - 1, scale=income)
    return Chain(
        states=("healthy", "sick"),
        source=np.array([0, 0, 1, 1]),
        target=np.array([1, ENDED, 0, ENDED]),
        rates=Sheet(rates[ages], age, np.arange(MONTHS * twin.YEARS) // MONTHS),
        rate_of=np.arange(4),
        streams=(
            Stream("income", flow=paid),
            Stream("due", flow=Sheet(_within()[:, :, None] * here, term - 1)),
        ),
        discount=worth[1:] / worth[:-1],
        lasts=MONTHS * term,
        per_year=MONTHS,
    )


def of_its_own(chain):
    """The same chain, each cell with a sheet of rates that it shares with no other."""
    rates = chain.rates
    own = np.ascontiguousarray(rates.values[rates.rows(chain.cells)])
    return replace(chain, rates=Sheet(own, period=rates.period))


@cache
def _own_points():
    return of_its_own(model.chain(_bound(), *lifelib_data().points))


def own_covercast(threads):
    return model.net_cf(_bound(), present_values(_own_points(), threads), threads)


@cache
def _own_incomes():
    return of_its_own(two_states_chain())


def two_states_own(threads):
    income, due = present_values(_own_incomes(), threads).T
    return income - due


def two_states_covercast(threads):
    income, due = present_values(two_states_chain(), threads).T
    return income - due


def two_states_numpy():
    (age, term, income), (rates, worth) = incomes(), disabled()
    healthy, sick = np.ones(len(age)), np.zeros(len(age))
    value = np.zeros(len(age))
    for month in range(MONTHS * twin.YEARS):
        year = month // MONTHS
        falls, dies, recovers, goes = rates[age + year].T
        value += (income * sick - healthy) * worth[month] * (year < term)
        healthy, sick = (
            healthy * (1.0 - falls - dies) + sick * recovers,
            sick * (1.0 - recovers - goes) + healthy * falls,
        )
    return value


def _contenders(peers, limit_of, ours):
    """Peers by name, then the limit and ours on one thread and on two."""
    found = {name: ("peer", run) for name, run in peers.items()}
    for threads, words in ((1, "1 thread"), (2, "2 threads")):
        found[f"fused numba kernel, {words}"] = ("limit", partial(limit_of, threads))
        found[f"Covercast, {words}"] = ("ours", partial(ours, threads))
    return found


CONTENDERS = {
    ROW: _contenders({"lifelib": lifelib, "numpy by month": by_numpy}, limit, covercast),
    ROW + OWN: _contenders({"lifelib": lifelib}, limit, own_covercast),
    TWO_STATES: _contenders(
        {"numpy by month": two_states_numpy}, two_states_limit, two_states_covercast
    ),
    TWO_STATES + OWN: _contenders({}, two_states_limit, two_states_own),
}
"""Row → contender → its role and what it runs."""
