"""What the slow payer reads and carries: files as texts, anniversaries, claims on their way."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml


def read(path: Path) -> Any:
    """Every scalar as its text, which is what the base loader gives."""
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - it makes texts only


def anniversary(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return start.replace(year=start.year + years, day=28)


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@dataclass
class Claim:
    """An amount on its way through the lines of its cover."""

    event: int
    cover: str
    item: str
    amount: Fraction
    names: dict[str, Any]
    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
