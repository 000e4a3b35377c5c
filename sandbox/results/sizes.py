"""Claims by size in the results: lines, JSON, sizes.csv, sizes.parquet, a section of the report."""

from collections.abc import Iterator, Mapping

import numpy as np

from product_factory.columns import width
from sandbox.by_size import ALL, BySize, SizeRow
from sandbox.files import Content
from sandbox.loss_table import LossTable
from sandbox.measures.told import doubts, mark, measured_told, within
from sandbox.results.csv_table import csv_bytes
from sandbox.results.html_page import Page
from sandbox.results.plots import Language
from sandbox.results.run_tables import Shown
from sandbox.results.run_words import WORDS as RUN_WORDS
from sandbox.results.years import parquet

TOGETHER = "together"
COLUMNS = (
    "cover",
    "from",
    "below",
    "claims",
    "claims_error",
    "paid",
    "paid_error",
    "trusted",
)
WORDS: Mapping[str, Mapping[str, str]] = {
    "heading": {"zh": "按赔案大小", "en": "Claims by size"},
    "paid": {
        "zh": "一笔赔案为一次事故就一个责任向一张保单的赔付，按赔付金额分档，再保前。",
        "en": "A claim is what one event pays one policy under one cover; sizes are of what is "
        "paid, before reinsurance.",
    },
    "ground_up": {
        "zh": "一笔赔案为一次事故就一个责任向一张保单的赔付，按适用条款前的金额分档；"
        "金额为赔付金额，再保前。",
        "en": "A claim is what one event pays one policy under one cover; sizes are of amounts "
        "before the terms, what is paid is before reinsurance.",
    },
    "size": {"zh": "大小", "en": "size"},
    "claims": {"zh": "每行平均件数", "en": "claims in a row"},
    "amount": {"zh": "每行平均赔付", "en": "paid in a row"},
    "of_all": {"zh": "占该责任赔付", "en": "of the cover's"},
    "from": {"zh": "{low} 及以上", "en": "{low} and more"},
    "between": {"zh": "{low} 至不足 {high}", "en": "{low} to below {high}"},
    "largest": {"zh": "每行最大赔案", "en": "The largest claim of a row"},
    "mean": {"zh": "均值", "en": "mean"},
    "top": {"zh": "风险价值 99.5%", "en": "value at risk 99.5%"},
}
LINES: Mapping[str, Mapping[str, str]] = {
    "paid": {
        "zh": "按赔案大小（赔付金额）：每行平均件数与赔付",
        "en": "claims by size, of what is paid: mean number and amount of a row",
    },
    "ground_up": {
        "zh": "按赔案大小（适用条款前的金额）：每行平均件数与赔付",
        "en": "claims by size, of amount before the terms: mean number and amount of a row",
    },
    "all": {"zh": "全部责任", "en": "all covers"},
    "largest": {
        "zh": "每行最大赔案的均值与风险价值 99.5%：",
        "en": "largest claim of a row, its mean and value at risk 99.5%:",
    },
}


def sizes_told(found: BySize) -> dict[str, object]:
    """Give claims by size as plain values for JSON."""
    return {
        "of": found.of,
        "bands": [
            {
                "cover": row.cover or TOGETHER,
                "from": row.low,
                "below": row.high,
                "claims": measured_told(row.claims),
                "paid": measured_told(row.paid),
            }
            for row in found.rows
        ],
        "largest": {
            one.cover or TOGETHER: {
                "mean": measured_told(one.mean),
                "value_at_risk 99.5%": measured_told(one.top),
            }
            for one in found.largest
        },
    }


def sizes_files(found: BySize, table: LossTable) -> dict[str, Content]:
    """Give sizes.csv, the means with their errors, and sizes.parquet, row by row."""
    return {"sizes.csv": _csv(found), "sizes.parquet": _by_year(table)}


def _csv(found: BySize) -> bytes:
    rows = (
        (
            row.cover or TOGETHER,
            row.low,
            row.high,
            row.claims.value,
            row.claims.error,
            row.paid.value,
            row.paid.error,
            "yes" if row.claims.trusted and row.paid.trusted else "no",
        )
        for row in found.rows
    )
    return csv_bytes(COLUMNS, rows)


def _by_year(table: LossTable) -> Content:
    """Give `year`, `largest_claim` and, of each cover that had one, its claims by size.

    Columns of a cover are `largest: COVER`, and for each band `claims: COVER FROM` (int64) and
    `paid: COVER FROM`, FROM being where it begins.
    """
    sizes = table.sizes
    assert sizes is not None  # noqa: S101 - whoever measured them has them
    columns: dict[str, np.ndarray] = {"year": np.arange(table.years, dtype=np.int64)}
    columns["largest_claim"] = sizes.largest.max(axis=1)
    for place, name in enumerate(table.columns):
        if not sizes.counts[:, place].any():
            continue
        columns[f"largest: {name}"] = sizes.largest[:, place]
        for band, low in enumerate(sizes.bands.edges):
            columns[f"claims: {name} {low:.12g}"] = sizes.counts[:, place, band]
            columns[f"paid: {name} {low:.12g}"] = sizes.paid[:, place, band]
    return parquet(columns)


def sizes_lines(found: BySize, language: Language = "en") -> list[str]:
    """Tell claims by size to a person; bands without a claim are left out."""
    says = {key: texts[language] for key, texts in LINES.items()}
    lines = [says[found.of]]
    seen = []
    for cover, rows in _by_cover(found):
        lines.append(f"  {cover or says['all']}")
        for row in rows:
            claims = (
                f"{row.claims.value:,.4g} {within(row.claims.error, 2, language)}{mark(row.claims)}"
            )
            paid = f"{row.paid.value:,.2f} {within(row.paid.error, 3, language)}{mark(row.paid)}"
            lines.append(f"    {_padded(_band(row, language), 30)} {claims:<18}   {paid}")
            seen += [row.claims, row.paid]
    lines.append(says["largest"])
    for one in found.largest:
        mean = f"{one.mean.value:,.2f} {within(one.mean.error, 3, language)}{mark(one.mean)}"
        top = f"{one.top.value:,.2f} {within(one.top.error, 3, language)}{mark(one.top)}"
        lines.append(f"  {_padded(one.cover or says['all'], 32)} {mean}   {top}")
        seen += [one.mean, one.top]
    return lines + doubts((one.why for one in seen), language)


def _by_cover(found: BySize) -> Iterator[tuple[str, list[SizeRow]]]:
    """Give each cover with its bands that hold a claim."""
    covers = dict.fromkeys(row.cover for row in found.rows)
    for cover in covers:
        yield cover, [r for r in found.rows if r.cover == cover and r.claims.value > 0.0]


def _padded(text: str, columns: int) -> str:
    return text + " " * max(0, columns - width(text))


def _band(row: SizeRow, language: Language) -> str:
    text = WORDS["from" if row.high is None else "between"][language]
    return text.format(low=f"{row.low:,.12g}", high=f"{row.high or 0.0:,.12g}")


def add_sizes(page: Page, language: Language, found: BySize, called: Mapping[str, str]) -> None:
    """Add the section of the report; called: what a cover is called in that language."""
    words = {key: texts[language] for key, texts in {**RUN_WORDS, **WORDS}.items()}
    shown = Shown(words["unknown"])

    def said(cover: str) -> str:
        return words["together"] if cover == ALL else called.get(cover, cover)

    page.heading(words["heading"])
    page.text(words[found.of])
    rows: list[list[str]] = []
    doubtful: list[int] = []
    for cover, bands in _by_cover(found):
        whole = sum(row.paid.value for row in bands)
        for row in bands:
            size = _band(row, language)
            if not (row.claims.trusted and row.paid.trusted):
                doubtful.append(len(rows))
            share = shown.share(row.paid.value / whole) if whole else "—"
            claims = (
                f"{row.claims.value:,.4g} {within(row.claims.error, 2, language)}{mark(row.claims)}"
            )
            rows.append([said(cover), size, claims, shown.within(row.paid), share])
    head = [words[key] for key in ("cover", "size", "claims", "amount", "of_all")]
    page.table(head, rows, words=(1,), marked=doubtful)
    page.heading(words["largest"], 3)
    tops = [[said(one.cover), *map(shown.within, (one.mean, one.top))] for one in found.largest]
    page.table([words[key] for key in ("cover", "mean", "top")], tops)
    if doubtful:
        page.text(words["doubtful"])


__all__ = ["add_sizes", "sizes_files", "sizes_lines", "sizes_told"]
