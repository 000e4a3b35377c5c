"""Exposure rating: what of the premium of risks by size belongs to a layer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from pydantic import model_validator

from product_factory.errors import BadValue
from product_factory.strict import Plain, Strict
from rating.exposure.curves import exposure_curve
from rating.severities import Size


class Band(Strict):
    """Risks of about one size: their mean sum insured, and their premium together."""

    LOOKS: ClassVar[str] = " such as {sum_insured: 2000000, premium: 150000}"

    sum_insured: Plain
    premium: Plain

    @model_validator(mode="after")
    def _sound(self) -> "Band":
        if not (self.sum_insured > 0.0 and self.premium >= 0.0):
            raise BadValue("expected a sum insured above 0 and a premium of 0 or more")
        return self


class Layer(Strict):
    """What a loss costs above an attachment, at most the limit, per risk."""

    LOOKS: ClassVar[str] = " such as {attachment: 1000000, limit: 4000000}"

    attachment: Plain
    limit: Plain

    @model_validator(mode="after")
    def _sound(self) -> "Layer":
        if not (self.attachment >= 0.0 and self.limit > 0.0):
            raise BadValue("expected an attachment of 0 or more and a limit above 0")
        return self


@dataclass(frozen=True)
class LayerCost:
    """What a layer is expected to cost a year, and as a share of the premium of all bands.

    by_band  [band] the share of a band's cost that lies in the layer
    """

    layer: Layer
    cost: float
    rate: float
    by_band: tuple[float, ...]


def layer_costs(
    ratio: Size, bands: Sequence[Band], loss_ratio: float, layers: Sequence[Layer]
) -> tuple[LayerCost, ...]:
    """Return what layers cost: premium × loss ratio × (G(top / sum insured) - G(bottom / …)).

    A loss is at most the sum insured. P. Antal, Mathematische Methoden der Rückversicherung (2003),
    and Bernegger (1997), section 1.
    """
    total = math.fsum(band.premium for band in bands)
    found: list[LayerCost] = []
    for layer in layers:
        shares = tuple(
            exposure_curve(ratio, (layer.attachment + layer.limit) / band.sum_insured)
            - exposure_curve(ratio, layer.attachment / band.sum_insured)
            for band in bands
        )
        cost = loss_ratio * math.fsum(
            band.premium * share for band, share in zip(bands, shares, strict=True)
        )
        found.append(LayerCost(layer, cost, cost / total if total > 0.0 else 0.0, shares))
    return tuple(found)
