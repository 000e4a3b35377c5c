"""Run-offs by policy year in the results: lines, JSON, CSV, and a section of the report."""

from collections.abc import Mapping, Sequence

from sandbox.by_policy_year import OF_CLAIMS, YearOfRunOffs
from sandbox.figures.standard import level_of
from sandbox.measures.told import doubts, mark, measured_told, within
from sandbox.results.csv_table import csv_bytes
from sandbox.results.html_page import Page
from sandbox.results.plots import Language
from sandbox.results.run_tables import Shown
from sandbox.results.run_words import MEASURES
from sandbox.results.run_words import WORDS as RUN_WORDS

NAMES = tuple(f"{one.kind}{level_of(one)}" for one in OF_CLAIMS)
WORDS: Mapping[str, Mapping[str, str]] = {
    "heading": {"zh": "按保单年度", "en": "By policy year"},
    "says": {
        "zh": "各保单年度的赔付、保费与费用，为当年金额，不计利息；保单周年日到期的金额计入当日"
        "开始的年度，合同最后一日到期的计入当日结束的年度。",
        "en": "Claims, premium and expenses of each policy year, in the money of that year, "
        "without interest. What falls due on an anniversary belongs to the year that begins on "
        "it, on the contract's last day to the year that ends on it.",
    },
    "heading_in_force": {"zh": "按自运行日起的年度", "en": "By year from the day of the run"},
    "says_in_force": {
        "zh": "自运行日起各年的赔付、保费与费用，为当年金额，不计利息；周年日到期的金额计入当日"
        "开始的年度，合同最后一日到期的计入当日结束的年度。",
        "en": "Claims, premium and expenses of each year from the day of the run, in the money of "
        "that year, without interest. What falls due on an anniversary belongs to the year that "
        "begins on it, on the contract's last day to the year that ends on it.",
    },
    "before": {
        "zh": "均为再保险前金额。",
        "en": "All of it is before reinsurance.",
    },
    "year": {"zh": "保单年度", "en": "policy year"},
    "year_in_force": {"zh": "自运行日起的年度", "en": "year from the day of the run"},
    "claims": {"zh": "赔付", "en": "claims"},
    "premium": {"zh": "保费均值", "en": "mean premium"},
    "expenses": {"zh": "费用均值", "en": "mean expenses"},
}

BEFORE: Mapping[str, str] = {"zh": "；均为再保险前", "en": "; before reinsurance"}
LINES: Mapping[str, tuple[str, ...]] = {
    "zh": ("按保单年度的赔付，不计利息：均值、标准差、风险价值 99.5%、尾部风险价值 99%，附标准误",),
    "en": (
        "claims by policy year, without interest: mean, standard deviation, value at risk",
        "99.5% and tail value at risk 99%, each with its error",
    ),
}
OF_BOOKS_IN_FORCE: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "按自运行日起各年的赔付，不计利息：均值、标准差、风险价值 99.5%、",
        "尾部风险价值 99%，附标准误",
    ),
    "en": (
        "claims by year from the day of the run, without interest: mean, standard",
        "deviation, value at risk 99.5% and tail value at risk 99%,",
        "each with its error",
    ),
}
FIRST_COLUMN = {False: "policy_year", True: "year_from_run"}
"""What `policy_years.csv` calls the year: with contracts in force it is none of the policy."""


def policy_years_told(rows: Sequence[YearOfRunOffs]) -> list[dict[str, object]]:
    """Give policy years as plain values for JSON."""
    return [
        {
            "year": row.year,
            **({"years": "from the day of the run"} if row.in_force else {}),
            "reinsurance": _reinsurance(row),
            "claims": {
                name: measured_told(one) for name, one in zip(NAMES, row.claims, strict=True)
            },
            "premium": measured_told(row.premium),
            "expenses": measured_told(row.expenses),
        }
        for row in rows
    ]


def policy_years_csv(rows: Sequence[YearOfRunOffs]) -> bytes:
    """Give a row for each measure of each policy year, with its error and interval.

    year_from_run  in place of policy_year where contracts are in force
    reinsurance  `before` where contracts protect the product: what they take is not off; else none
    """
    head = (
        FIRST_COLUMN[any(row.in_force for row in rows)],
        "reinsurance",
        "figure",
        "measure",
        "value",
        "error",
        "low",
        "high",
        "trusted",
    )
    lines = []
    for row in rows:
        named = [("claims", *pair) for pair in zip(NAMES, row.claims, strict=True)]
        named += [("premium", "mean", row.premium), ("expenses", "mean", row.expenses)]
        for figure, name, one in named:
            trusted = "yes" if one.trusted else "no"
            measured = (one.value, one.error, one.low, one.high, trusted)
            lines.append((row.year, _reinsurance(row), figure, name, *measured))
    return csv_bytes(head, lines)


def _reinsurance(row: YearOfRunOffs) -> str:
    return "before" if row.protected else "none"


def policy_years_lines(rows: Sequence[YearOfRunOffs], language: Language = "en") -> list[str]:
    """Tell policy years to a person: mean, standard deviation and the tail of claims."""
    in_force = any(row.in_force for row in rows)
    lines = list((OF_BOOKS_IN_FORCE if in_force else LINES)[language])
    if any(row.protected for row in rows):
        lines[-1] += BEFORE[language]
    seen = [one for row in rows for one in row.claims]
    for row in rows:
        parts = (
            f"{one.value:,.0f} {within(one.error, 2, language)}{mark(one)}" for one in row.claims
        )
        lines.append(f"  {row.year:>3}  " + " ".join(f"{part:<22}" for part in parts).rstrip())
    return lines + doubts((one.why for one in seen), language)


def add_policy_years(page: Page, language: Language, rows: Sequence[YearOfRunOffs]) -> None:
    """Add the section of the report."""
    words = {key: texts[language] for key, texts in {**RUN_WORDS, **WORDS}.items()}
    shown = Shown(words["unknown"])
    of = "_in_force" if any(row.in_force for row in rows) else ""
    page.heading(words[f"heading{of}"])
    page.text(words[f"says{of}"])
    if any(row.protected for row in rows):
        page.text(words["before"])
    named = [
        f"{words['claims']}, {MEASURES[one.kind][language]}{level_of(one)}" for one in OF_CLAIMS
    ]
    head = [words[f"year{of}"], *named, words["premium"], words["expenses"]]
    body = [
        [f"{row.year}", *map(shown.within, (*row.claims, row.premium, row.expenses))]
        for row in rows
    ]
    page.table(head, body)
    if not all(one.trusted for row in rows for one in row.claims):
        page.text(words["doubtful"])


__all__ = ["add_policy_years", "policy_years_csv", "policy_years_lines", "policy_years_told"]
