"""`waivers.yaml`: findings that a named role accepts, with a reason, until a day."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from pydantic import TypeAdapter

from product_factory.errors import nearest
from product_factory.rules.judge import Finding, Said
from product_factory.strict import Day, Path, PlainText, Strict


class Waiver(Strict):
    """One line of `waivers.yaml`; `until` is the last day on which it holds.

    rule  a rule, or what is found of the tariff: `offer/NAME`, `decision/NAME`
    """

    rule: Path
    reason: PlainText
    role: PlainText
    until: Day


WAIVERS: TypeAdapter[tuple[Waiver, ...]] = TypeAdapter(tuple[Waiver, ...])
"""Reads the file, as `Language.files["waivers"]`."""


def waive(
    findings: Iterable[Finding], waivers: Iterable[Waiver], on: date, known: Iterable[str]
) -> tuple[Finding, ...]:
    """Turn errors and undecided findings into waived ones, which stay in the report.

    known  the names that a waiver may stand for: rules, and others that the caller waives

    A waiver that has expired on the day, or that names nothing known, is an error of its own.
    """
    known = tuple(known)
    kept = tuple(waivers)
    valid = standing(kept, on)
    done = [
        replace(finding, severity="waived", waiver=valid[finding.rule])
        if finding.rule in valid and finding.severity in ("error", "undecided")
        else finding
        for finding in findings
    ]
    for waiver in kept:
        if waiver.rule not in known:
            hint = nearest(waiver.rule, known)
            done.append(
                _error(
                    waiver,
                    Said(f"豁免了不存在的规则 {waiver.rule}", f"no rule '{waiver.rule}'{hint}"),
                    "rule",
                )
            )
        elif waiver.until < on:
            zh = f"豁免已于 {waiver.until} 到期"
            done.append(_error(waiver, Said(zh, f"the waiver expired on {waiver.until}"), "until"))
    return tuple(done)


def standing(waivers: Iterable[Waiver], on: date) -> Mapping[str, str]:
    """Give the waivers that hold on a day: what each is of → reason, role and last day."""
    return {waiver.rule: _shown(waiver) for waiver in waivers if waiver.until >= on}


def _shown(waiver: Waiver) -> str:
    return f"{waiver.reason} ({waiver.role}, {waiver.until})"


def _error(waiver: Waiver, says: Said, key: str) -> Finding:
    return Finding(
        rule=waiver.rule,
        law="",
        reference="",
        title=Said("豁免", "Waiver"),
        severity="error",
        says=says,
        at=waiver.place(key),
        waiver=_shown(waiver),
    )
