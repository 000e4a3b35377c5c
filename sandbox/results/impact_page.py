"""The report of a change of tariff, for who decides on it: one HTML file."""

from collections.abc import Iterator

from rating.impact.result import Case, Flip, Impact, Segment
from rating.impact.told import amount, percent, spread
from sandbox.results.html_page import Page
from sandbox.results.impact_words import WORDS
from sandbox.results.plots.canvas import Language
from sandbox.results.plots.impact import (
    MOST_LEVELS,
    band_label,
    segment_png,
    sizes_png,
    steps_png,
)

DRAWN = 6
"""How many variables are drawn, those whose levels part most; tables show all."""


def impact_page(found: Impact, language: Language) -> str:
    """Give the report."""
    return _Report(found, language).html()


class _Report:
    def __init__(self, found: Impact, language: Language) -> None:
        self._found = found
        self._language = language
        self._words = {key: texts[language] for key, texts in WORDS.items()}
        self._page = Page(f"{self._words['title']}: {found.new.product}", language)

    def html(self) -> str:
        self._summary()
        if self._found.rows.both:
            self._sizes()
        self._steps()
        self._flips()
        self._capping()
        self._segments()
        for key in ("rises", "falls"):
            self._cases(key, getattr(self._found, key))
        return self._page.html()

    def _said(self, key: str, **parts: object) -> str:
        return self._words[key].format(**parts)

    def _summary(self) -> None:
        found, premium = self._found, self._found.premium
        old, new = (f"{one.product} {one.version}" for one in (found.old, found.new))
        sha = found.book_sha256[:12]
        self._page.text(self._said("sides", old=old, new=new, book=found.book, sha=sha))
        self._page.heading(self._words["summary"])
        counts = [
            [self._words[name], f"{getattr(found.rows, name):,}"]
            for name in ("rows", "both", "only_old", "only_new", "neither")
        ]
        sums = [
            [self._said("old", currency=found.currency), amount(premium.old)],
            [self._words["new"], amount(premium.new)],
            [self._words["change"], f"{premium.change:+,.2f} ({percent(premium.ratio)})"],
            [self._words["mean"], percent(premium.mean_ratio)],
        ]
        sums += [
            [self._words[name], amount(value)]
            for name, value in (("lost", premium.lost), ("gained", premium.gained))
            if value
        ]
        self._page.table(["", ""], [*counts, *sums])
        self._page.text(self._said("exact" if found.rounded else "unrounded", unit=found.unit))

    def _sizes(self) -> None:
        found, page, language = self._found, self._page, self._language
        page.heading(self._words["sizes"])
        for money in (False, True):
            picture = sizes_png(found, language, money=money)
            page.picture(picture, self._words["sizes"])
        page.table(
            [self._words[key] for key in ("band", "policies", "before", "after", "change")],
            [
                [
                    band_label(band, language),
                    f"{band.policies:,}",
                    amount(band.old),
                    amount(band.new),
                    f"{band.new - band.old:+,.2f}",
                ]
                for band in found.bands
            ],
        )

    def _steps(self) -> None:
        found, page = self._found, self._page
        page.heading(self._words["steps"])
        if found.steps:
            page.text(self._words["order"])
            page.picture(steps_png(found, self._language), self._words["steps"])
        rows = [
            [
                " + ".join(step.parts),
                "; ".join(step.changes),
                f"{step.policies:,}",
                f"{step.flips:,}",
                f"{step.amount:+,.2f}",
                percent(step.ratio),
            ]
            for step in found.steps
        ]
        change = found.premium.change, found.premium.ratio
        rows.append([self._words["together"], "", "", "", f"{change[0]:+,.2f}", percent(change[1])])
        head = [
            self._words[key] for key in ("part", "values", "policies", "flipped", "change", "share")
        ]
        page.table(head, rows, words=(1,))
        page.lines(self._steps_said())

    def _steps_said(self) -> Iterator[str]:
        found = self._found
        for step in found.steps:
            name = " + ".join(step.parts)
            if step.needs:
                yield f"{name}: {self._said('needs', why=step.needs)}"
            if step.waiting:
                yield f"{name}: {self._said('waiting', count=f'{step.waiting:,}')}"
        if found.built_from:
            yield self._said("built", names=", ".join(found.built_from))
        if found.idle:
            yield self._said("idle", names=", ".join(found.idle))

    def _flips(self) -> None:
        if not self._found.flips:
            return
        self._page.heading(self._words["flips"])
        self._page.table(
            [self._words[key] for key in ("outcome", "why", "rows", "before", "after", "first")],
            [
                [
                    " → ".join(self._words[one] for one in (flip.old_outcome, flip.new_outcome)),
                    _why(flip, self._language),
                    f"{flip.rows:,}",
                    amount(flip.old),
                    amount(flip.new),
                    f"{flip.row:,}",
                ]
                for flip in self._found.flips
            ],
            words=(1,),
        )

    def _capping(self) -> None:
        held, page = self._found.capping, self._page
        if held is None:
            return
        page.heading(self._words["capping"])
        rows = [
            [self._words["renewals"], f"{held.renewals:,}", ""],
            [self._words["uncapped"], "", amount(held.new)],
        ]
        if held.cap is not None:
            label = self._said("capped", cap=f"{held.cap:.2%}")
            rows.append([label, f"{held.capped:,}", f"{0.0 - held.given_up:+,.2f}"])
        if held.floor is not None:
            label = self._said("floored", floor=f"{held.floor:.2%}")
            rows.append([label, f"{held.floored:,}", f"{held.kept:+,.2f}"])
        rows.append([self._words["charged"], "", amount(held.charged)])
        if held.off_balance is not None:
            rows.append([self._words["balance"], "", f"{held.off_balance:.6f}"])
        page.table(["", self._words["policies"], ""], rows)
        key = "no_balance" if held.off_balance is None else "balance_says"
        page.text(self._said(key, brings=amount(held.balanced)))

    def _segments(self) -> None:
        segments, page = self._found.segments, self._page
        if not segments:
            return
        page.heading(self._words["segments"])
        drawn = {one.variable for one in sorted(segments, key=lambda one: -spread(one))[:DRAWN]}
        for segment in segments:
            page.heading(segment.variable, 3)
            if segment.variable in drawn and spread(segment) > 0.0:
                picture = segment_png(self._found, segment, self._language)
                page.picture(picture, segment.variable)
            self._levels(segment)

    def _levels(self, segment: Segment) -> None:
        keys = ("level", "policies", "up", "down", "before", "after", "change")
        rows = [
            [
                level.level,
                *(f"{count:,}" for count in (level.policies, level.up, level.down)),
                amount(level.old),
                amount(level.new),
                percent(level.ratio),
            ]
            for level in segment.levels
        ]
        head = [self._words[key] for key in keys]
        if len(rows) <= MOST_LEVELS:
            self._page.table(head, rows)
            return
        with self._page.folded(f"{len(rows):,}"):
            self._page.table(head, rows)

    def _cases(self, key: str, cases: tuple[Case, ...]) -> None:
        if not cases:
            return
        self._page.heading(self._words[key])
        self._page.text(self._words["sheet"])
        for case in cases:
            self._case(case)

    def _case(self, case: Case) -> None:
        page, words = self._page, self._words
        named = " ".join(case.kept.values())
        title = f"{self._said('row', row=f'{case.row:,}')} {named}".strip()
        title += f": {amount(case.old)} → {amount(case.new)} ({percent(case.ratio)})"
        if case.parted:
            title += f", {self._said('parted', step=case.parted)}"
        with page.folded(title):
            page.lines([", ".join(f"{name} {value}" for name, value in case.given.items())])
            page.table(
                [words["step"], words["before"], words["from"], words["after"], words["from"]],
                [
                    [f"{pair.step} {pair.item}", pair.old, pair.old_from, pair.new, pair.new_from]
                    for pair in case.worksheet
                ],
                words=(2, 4),
                marked={place for place, pair in enumerate(case.worksheet) if pair.parts},
            )


def _why(flip: Flip, language: Language) -> str:
    reasons = " → ".join((flip.old_reason or "—", flip.new_reason or "—"))
    said = flip.says_zh if language == "zh" else flip.says
    return f"{reasons}; {said}" if said else reasons
