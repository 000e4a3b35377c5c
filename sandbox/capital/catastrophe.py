"""Catastrophe capital of a peril: the value at risk of scenarios of damage ratios by region."""

import csv
import io
import math
from pathlib import Path

from pydantic import Field

from product_factory.errors import At, BadInput, either, nearest
from product_factory.strict import PlainText, Strict, Word
from sandbox.capital.company import Amount
from sandbox.capital.item import Item
from sandbox.reinsurance_file.base import Part


class Excess(Strict):
    """A layer that recovers min(max(0, loss - attachment), limit) x share."""

    attachment: Amount
    limit: Amount
    share: Part = 1.0


class Peril(Strict):
    """Sums insured by region, net of proportional reinsurance, and a file of damage ratios.

    factors  CSV: a row for each scenario, a column for each region, beside the company's file
    excess   excess-of-loss reinsurance, netted scenario by scenario
    """

    exposure: dict[Word, Amount] = Field(min_length=1)
    factors: PlainText
    excess: tuple[Excess, ...] = ()


def peril_capital(name: str, given: "float | Peril", level: float) -> Item:
    """Give VaR at `level` over scenarios of sum over regions of exposure x damage ratio, net.

    Of n scenarios it is the loss of rank ceil(level x n). Raises BadInput for a file that cannot
    be read or lacks a region.
    """
    if not isinstance(given, Peril):
        return Item(name, given, "as stated")
    losses = sorted(_net(loss, given.excess) for loss in _losses(given))
    rank = max(1, math.ceil(level * len(losses) - 1e-9))
    how = f"loss of rank {rank} of {len(losses)} scenarios of {given.factors}"
    return Item(name, losses[rank - 1], how)


def _net(loss: float, layers: tuple[Excess, ...]) -> float:
    recovered = 0.0
    for layer in layers:
        recovered += min(max(0.0, loss - layer.attachment), layer.limit) * layer.share
    return max(0.0, loss - recovered)


def _losses(peril: Peril) -> list[float]:
    path = Path(peril.at.file).parent / peril.factors
    label = str(path)
    if not path.is_file():
        raise BadInput.one(peril.place("factors"), "factors", f"there is no file {label}")
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except UnicodeDecodeError:
        raise BadInput.one(At(label), "", "expected text in UTF-8") from None
    head, body = (rows[0] if rows else []), rows[1:]
    for region in peril.exposure:
        if region not in head:
            text = f"{label} has no column '{region}' ({either(head[1:])}){nearest(region, head)}"
            raise BadInput.one(peril.place("exposure"), "exposure", text)
    if not body:
        raise BadInput.one(At(label), "", "expected a row for each scenario, got none")
    found = []
    for number, row in enumerate(body, start=2):
        loss = 0.0
        for region, exposed in peril.exposure.items():
            loss += exposed * _ratio(label, number, head.index(region), row)
        found.append(loss)
    return found


def _ratio(label: str, line: int, column: int, row: list[str]) -> float:
    text = row[column] if column < len(row) else ""
    try:
        ratio = float(text)
    except ValueError:
        ratio = math.nan
    if not 0.0 <= ratio <= 1.0:
        got = text or "nothing"
        raise BadInput.one(
            At(label, line, 1), "", f"expected a damage ratio from 0 to 1, got {got}"
        )
    return ratio
