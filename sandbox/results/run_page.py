"""report.html: a simulated portfolio for those who decide on it, as one file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TypeAlias

from sandbox.figures import FIGURES
from sandbox.figures.standard import MEASURED, level_of, name_of
from sandbox.heads import source_said
from sandbox.loss_table import LossTable
from sandbox.measures import RETURN_PERIODS, Curve, Measured
from sandbox.measures.reductions import reductions
from sandbox.reinsurance import Settlement
from sandbox.results.command import command_line
from sandbox.results.html_page import Page
from sandbox.results.manifest import Manifest
from sandbox.results.plots import Language
from sandbox.results.run_tables import Shown, cover_rows, quantile_rows, worst_rows
from sandbox.results.run_words import CURVES, MEASURES, NET, WORDS
from sandbox.results.run_words import FIGURES as FIGURE_WORDS
from sandbox.sampling import PLAIN

LEFT_OUT = ("product_hash", "scenario_hash", "dependence_hash", "kind")
"""Of the manifest: hashes stand beside their names, and rows say of what kind they are."""


Section: TypeAlias = Callable[[Page, Language], None]
"""Adds to a page what not every report holds."""


@dataclass(frozen=True)
class Ranked:
    """What rows in order of size show: exceedance curves by name, each cover's part of the tail."""

    curves: Mapping[str, Curve]
    parts: Mapping[str, Measured]


@dataclass(frozen=True)
class Reported:
    """What a run left.

    plots   name → picture;  hashes: data file → its SHA-256
    covers  alias of a cover → what it is called in the language of the page
    sections   what stands between the run and its making
    """

    table: LossTable
    measures: Mapping[str, Measured]
    manifest: Manifest
    settlement: Settlement | None
    ranked: Ranked
    plots: Mapping[str, bytes]
    hashes: Mapping[str, str]
    title: Mapping[str, str]
    covers: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[Section] = ()

    def called(self, column: str) -> str:
        """Give what a column of the table is called: its cover, and which part of it."""
        if column in self.covers:
            return self.covers[column]
        alias, _, part = column.partition(".")
        return f"{self.covers.get(alias, alias)} {part}".strip()


def run_page(run: Reported, language: Language) -> str:
    """Give the report: every text in it is escaped, and nothing is fetched."""
    return _Report(run, language).html()


class _Report:
    def __init__(self, run: Reported, language: Language) -> None:
        self._run = run
        self._language = language
        self._words = {key: texts[language] for key, texts in WORDS.items()}
        self._shown = Shown(self._words["unknown"])
        title = self._words["title"].format(title=run.title[language])
        self._page = Page(title, language)

    def html(self) -> str:
        self._size()
        self._figures()
        self._picture("distribution", "loss_ratio.png")
        self._page.table(
            [self._words[key] for key in ("quantile", "total", "ratio")],
            quantile_rows(self._run.table, self._shown),
        )
        self._exceedance()
        self._covers()
        self._worst()
        self._segments()
        self._reinsurance()
        if "diversification.png" in self._run.plots:
            self._picture("dependence", "diversification.png")
        for add in self._run.sections:
            add(self._page, self._language)
        self._picture("convergence", "convergence.png")
        self._made()
        return self._page.html()

    def _picture(self, heading: str, name: str) -> None:
        self._page.heading(self._words[heading])
        self._page.picture(self._run.plots[name], self._words[heading])

    def _size(self) -> None:
        manifest, words = self._run.manifest, self._words
        said = words[f"size_{manifest.kind}"].format(
            years=f"{manifest.years:,}",
            seed=manifest.seed,
            basis=manifest.basis,
            scenario=manifest.scenario or words["none"],
            on=manifest.on or words["unknown"],
        )
        portfolio = source_said(manifest.portfolio, self._language)
        lines = [said, words["portfolio"].format(portfolio=portfolio)]
        if manifest.horizon is not None and manifest.kind == "annual":
            lines.append(words["horizon"].format(horizon=manifest.horizon))
        lines.append(words["money"].format(currency=self._run.table.currency))
        self._page.lines(lines)

    def _figures(self) -> None:
        page, words = self._page, self._words
        page.heading(words["figures"])
        rows: list[list[str]] = []
        doubtful: list[int] = []
        for name, one in self._run.measures.items():
            figure, measure, ratio = self._titled(name)
            doubtful += [] if one.trusted else [len(rows)]
            rows.append([figure, measure, *self._shown.measured(one, ratio=ratio)])
        head = [words[key] for key in ("figure", "measure", "value", "error", "interval")]
        page.table(head, rows, words=(1,), marked=doubtful)
        page.text(words["figures_say"])
        if doubtful:
            page.text(words["doubtful"])
        self._reductions()

    def _reductions(self) -> None:
        page, words = self._page, self._words
        if self._run.table.replicate == 1:
            return
        page.heading(words["reductions"], 3)
        rows = []
        for one in reductions(self._run.measures):
            titles = (self._titled(name)[:2] for name in one.names)
            said = "; ".join(" ".join(title) for title in titles)
            rows.append([said, words.get(one.said, one.said), words[one.verdict]])
        head = [words[key] for key in ("measure", "reduction", "shown")]
        page.table(head, rows, words=(2,))
        page.text(words["reductions_say"].format(sampling=self._run.manifest.sampling))

    def _titled(self, name: str) -> tuple[str, str, bool]:
        """Give figure and measure in words, and whether it is a ratio."""
        for prefix in ("", "net "):
            for figure, measures in MEASURED.items():
                for measure in measures:
                    if name_of(prefix, figure, measure) == name:
                        ratio = getattr(measure, "UNIT", FIGURES[figure].unit) == "ratio"
                        net = NET[self._language] if prefix else ""
                        said = f"{MEASURES[measure.kind][self._language]}{level_of(measure)}"
                        return f"{net}{FIGURE_WORDS[figure][self._language]}", said, ratio
        return name, "", False

    def _exceedance(self) -> None:
        run, words = self._run, self._words
        if "exceedance.png" not in run.plots:
            return
        self._picture("exceedance", "exceedance.png")
        self._page.text(words["exceedance_says"])
        curves = run.ranked.curves
        periods = [period for period in RETURN_PERIODS if period <= run.manifest.years]
        head = [words["period"], *(CURVES[name][self._language] for name in curves)]
        rows = [
            [f"{period:g}", *(self._shown.within(one.points[place]) for one in curves.values())]
            for place, period in enumerate(periods)
        ]
        self._page.table(head, rows)

    def _covers(self) -> None:
        words = self._words
        keys: Sequence[str] = ("cover", "mean", "share", "deviation", "paid")
        parts = self._run.ranked.parts
        rows = cover_rows(self._run.table, parts, self._shown, words["together"])
        table, called = self._run.table, self._run.covers
        paying = [bool(column.any()) for column in table.paid.T]
        exclusions = {
            name for name, pays in zip(table.columns, paying, strict=True)
            if not pays and name not in called
        }  # fmt: skip
        rows = [[self._run.called(n), *rest] for n, *rest in rows if n not in exclusions]
        self._page.heading(words["covers"])
        head = [words[key] for key in keys]
        self._page.table([*head, words["part"], words["share"]] if parts else head, rows)
        if parts:
            self._page.text(words["allocation_says"])

    def _worst(self) -> None:
        words = self._words
        columns, rows = worst_rows(self._run.table, self._shown)
        self._page.heading(words["worst"].format(count=len(rows)))
        covers = map(self._run.called, columns)
        self._page.table([words["row"], words["total"], words["ratio"], *covers], rows)

    def _segments(self) -> None:
        words = self._words
        for by, segments in self._run.table.by_segment.items():
            self._page.heading(words["segments"].format(by=by))
            head = [words[key] for key in ("segment", "premium", "claims", "ratio", "error")]
            self._page.table(head, self._shown.segments(segments, self._run.table.replicate))

    def _reinsurance(self) -> None:
        words, settlement = self._words, self._run.settlement
        if settlement is None:
            return
        self._picture("reinsurance", "waterfall.png")
        keys = ("recovered", "premium", "reinstatements", "commission")
        rows = []
        for name, means in settlement.means().items():
            cost = means["premium"] + means["reinstatements"] - means["commission"]
            amounts = [*(means[key] for key in keys), cost - means["recovered"]]
            rows.append([name, *map(self._shown.money, amounts)])
        self._page.table([words[key] for key in ("contract", *keys, "balance")], rows)
        annual = self._run.table.kind == "annual"
        self._page.text(words["reinsurance_says" if annual else "reinsurance_says_cohort"])

    def _made(self) -> None:
        manifest, words, page = asdict(self._run.manifest), self._words, self._page
        page.heading(words["made"])
        page.text(words["made_says"])
        rows = []
        for key, value in manifest.items():
            if key in LEFT_OUT or value in ("", (), None, PLAIN.KIND):
                continue
            hashed = manifest.get(f"{key}_hash") or ""
            said = ", ".join(map(str, value)) if isinstance(value, tuple) else f"{value}"
            rows.append([key, f"{said} {hashed}".strip()])
        rows.append([words["command"], command_line(self._run.manifest, self._run.hashes)])
        page.table([words["input"], words["value"]], rows, words=(1,))
        hashes = [[name, digest] for name, digest in self._run.hashes.items()]
        page.table([words["file"], "SHA-256"], hashes, words=(1,))
