"""What `covercast aggregate` found: as data, as lines, and as tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from product_factory.columns import wrapped
from rating.aggregate.factors import DeductibleFactor, LimitFactor
from rating.aggregate.grid import Source
from rating.aggregate.yearly import AGREE, Yearly
from rating.filing import FACTOR, FilingTable, units_told
from rating.fitted_table import fitted_table

CHANCES = (0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999)
FINER = tuple(k / 100 for k in range(1, 99)) + tuple(k / 1000 for k in range(981, 1000))
TABLED = (*FINER, 0.9995, 0.9999, 0.99995, 0.99999)
DECIMALS = 6


@dataclass(frozen=True)
class Asked:
    """Of what the year was computed.

    name     of its files;  what: the covers and the risk, or the file's own words
    digest   of the definition that it was computed from
    """

    name: str
    title: Mapping[str, str]
    what: str
    source: str
    currency: str
    digest: str


@dataclass(frozen=True)
class Aggregate:
    """A year's distribution, with factors where they were asked for; the basic ones come first."""

    asked: Asked
    sources: tuple[Source, ...]
    year: Yearly
    limits: tuple[LimitFactor, ...] = ()
    basic_limit: float = 0.0
    deductibles: tuple[DeductibleFactor, ...] = ()
    basic_deductible: float = 0.0

    def told(self) -> dict[str, object]:
        """Give everything as data."""
        year, kept = self.year, self.year.kept
        compared = year.compared
        return {
            "aggregate": self.asked.name,
            "what": self.asked.what,
            "source": self.asked.source,
            "currency": self.asked.currency,
            "digest": self.asked.digest,
            "claims": sum(one.frequency.mean for one in self.sources),
            "method": year.method,
            "step": year.grid.step,
            "points": year.grid.points,
            "lost": year.lost,
            "mean_exact": year.mean,
            "mean_apart": year.apart,
            "mean_before_year_terms": year.whole.mean,
            "sd_before_year_terms": year.whole.sd,
            "mean": kept.mean,
            "sd": kept.sd,
            "chance_of_nothing": year.nothing,
            "compared": {
                "step": compared.grid.step,
                "points": compared.grid.points,
                "apart": compared.apart,
                "why": compared.why,
            },
            "chances": [
                {"chance": chance, "var": kept.var(chance), "tvar": kept.tvar(chance)}
                for chance in CHANCES
            ],
            "limits": [vars(one) for one in self.limits],
            "basic_limit": self.basic_limit if self.limits else None,
            "deductibles": [
                {**vars(one), "eliminated": one.eliminated} for one in self.deductibles
            ],
            "basic_deductible": self.basic_deductible if self.deductibles else None,
        }

    def lines(self, language: str) -> Iterator[str]:
        """Give what was found, within 80 columns."""
        year, kept = self.year, self.year.kept
        yield from wrapped(f"{self.asked.title[language]}: {self.asked.what}")
        claims = sum(one.frequency.mean for one in self.sources)
        yield f"{claims:g} claims a year, amounts in {self.asked.currency}"
        grid = year.grid
        yield f"{grid.points:,} points of {grid.step:g} by {year.method}"
        yield f"beyond the last point: a chance {small(year.lost)}"
        yield f"mean {year.mean:,.3f} exact, on the lattice {small(year.apart)} apart"
        yield from _compared(year)
        if kept is not year.whole:
            yield f"before the terms of the year: sd {year.whole.sd:,.2f}"
        yield ""
        yield f"mean {kept.mean:,.3f}   sd {kept.sd:,.2f}   nothing {year.nothing:.4%}"
        yield f"{'chance':>9}{'VaR':>20}{'TVaR':>20}"
        for chance in CHANCES:
            yield f"{chance:>9.2%}{kept.var(chance):>20,.2f}{kept.tvar(chance):>20,.2f}"
        if self.limits:
            yield ""
            yield f"increased limit factors, basic limit {self.basic_limit:,.0f}"
            yield f"{'limit':>18}{'mean a year':>20}{'factor':>12}"
            for one in self.limits:
                yield f"{one.limit:>18,.0f}{one.mean:>20,.2f}{one.factor:>12.6f}"
        if self.deductibles:
            yield ""
            yield f"relativities of deductibles, basic {self.basic_deductible:,.0f}"
            heads = f"{'factor':>11}{'eliminated':>12}{'claims':>11}"
            yield f"{'deductible':>14}{'mean a year':>18}{heads}"
            for row in self.deductibles:
                yield (
                    f"{row.deductible:>14,.0f}{row.mean:>18,.2f}{row.factor:>11.6f}"
                    f"{row.eliminated:>12.6f}{row.claims:>11.6f}"
                )

    def tables(self, language: str) -> tuple[FilingTable, ...]:
        """Give the distribution and the factors as sheets of a workbook."""
        title, note = self.asked.title[language], f"{self.asked.what}; digest: {self.asked.digest}"
        found = []
        for name, columns, made in (
            ("distribution", ("chance", "var", "tvar"), self._chances()),
            ("limits", LIMITS, self._limits()),
            ("deductibles", DEDUCTIBLES, self._deductibles()),
        ):
            key, *values = columns
            money = self.asked.currency
            units = {one: FACTOR if one in FACTORS else money for one in values}
            numbers = {key: "" if key == "chance" else money, **units}
            told, rows = units_told(units), tuple(made)
            found.append(FilingTable(name, f"{title}: {name}", told, note, columns, rows, numbers))
        return tuple(table for table in found if table.rows)

    def files(self) -> dict[str, str]:
        """Give tables as CSV that a product can read: name of the file → text."""
        found = {
            "distribution": ("chance", ("var", "tvar"), list(self._chances()), ""),
            "limits": (LIMITS[0], LIMITS[1:], list(self._limits()), self._basic("limit")),
            "deductibles": (
                DEDUCTIBLES[0],
                DEDUCTIBLES[1:],
                list(self._deductibles()),
                self._basic("deductible"),
            ),
        }
        return {
            f"{self.asked.name}_{name}.csv": self._csv(name, key, columns, rows, basic)
            for name, (key, columns, rows, basic) in found.items()
            if rows
        }

    def _csv(
        self,
        name: str,
        key: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        basic: str,
    ) -> str:
        kind = "ratio" if key == "chance" else "money"
        method = f"{basic}{self.asked.what}; digest {self.asked.digest}"
        title = f"{self.asked.title['en']}: {name}"
        declared = (key, f"{{key: linear, type: {kind}}}")
        return fitted_table(title, self.asked.source, method, declared, columns, rows)

    def _basic(self, name: str) -> str:
        value = self.basic_limit if name == "limit" else self.basic_deductible
        return f"basic {name} {value:g}; "

    def _chances(self) -> Iterator[tuple[str, ...]]:
        kept = self.year.kept
        for chance in TABLED:
            yield (f"{chance:g}", f"{kept.var(chance):.2f}", f"{kept.tvar(chance):.2f}")

    def _limits(self) -> Iterator[tuple[str, ...]]:
        for one in self.limits:
            yield (f"{one.limit:.12g}", f"{one.factor:.{DECIMALS}f}", f"{one.mean:.2f}")

    def _deductibles(self) -> Iterator[tuple[str, ...]]:
        for one in self.deductibles:
            factors = (one.factor, one.eliminated, one.claims)
            shown = (f"{factor:.{DECIMALS}f}" for factor in factors)
            yield (f"{one.deductible:.12g}", *shown, f"{one.mean:.2f}")


LIMITS = ("limit", "factor", "mean")
DEDUCTIBLES = ("deductible", "factor", "eliminated", "claims", "mean")
FACTORS = frozenset({"factor", "eliminated", "claims"})
"""Columns that are no money."""


def _compared(year: Yearly) -> Iterator[str]:
    compared = year.compared
    if compared.why:
        yield f"not compared with Panjer's recursion: {compared.why}"
        return
    grid = compared.grid
    where = "the same points" if grid == year.grid else f"{grid.points:,} points of {grid.step:g}"
    yield f"Fourier and Panjer on {where}: {small(compared.apart)} apart"


def small(share: float) -> str:
    """Write a share that rounding alone may leave: its digits are the machine's."""
    return f"below {AGREE:g}" if share < AGREE else f"of {share:.1e}"
