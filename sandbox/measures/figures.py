"""The figures of a loss table that a measure can be asked for: one value for each row."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from product_factory.errors import BadValue, either, nearest
from sandbox.loss_table import LossTable
from sandbox.measures.sample import Sample


def claims(table: LossTable) -> Sample:
    """Give all payouts of a row, currency."""
    return Sample(table.total(), replicate=table.replicate)


def largest_event(table: LossTable) -> Sample:
    """Give the largest payout from one event in a row, currency."""
    if table.largest_event is None:
        msg = "largest_event: expected a simulation that keeps events, got one without"
        raise BadValue(msg)
    return Sample(table.largest_event, replicate=table.replicate)


def largest_claim(table: LossTable) -> Sample:
    """Give the largest payout of a row to one policy by one event and cover, currency."""
    if table.largest_claim is None:
        msg = "largest_claim: expected rows that hold single claims, got rows without"
        raise BadValue(msg)
    return Sample(table.largest_claim, replicate=table.replicate)


def claims_over_premium(table: LossTable) -> Sample:
    """Give the loss ratio of a row: all payouts over premium."""
    return Sample.ratio(table.total(), table.premium, table.replicate)


def combined_ratio(table: LossTable) -> Sample:
    """Give the combined ratio of a row: payouts and expenses over premium."""
    if table.expenses is None:
        msg = "combined_ratio: expected a simulation with expenses, got one without"
        raise BadValue(msg)
    return Sample.ratio(table.total() + table.expenses, table.premium, table.replicate)


def claims_over_premium_by(table: LossTable, by: str) -> Mapping[str, Sample]:
    """Give the loss ratio of each segment of one classification, label -> sample."""
    if by not in table.by_segment:
        known = either(table.by_segment) or "none"
        hint = nearest(by, table.by_segment)
        msg = f"segments by '{by}': expected one of {known}, got '{by}'{hint}"
        raise BadValue(msg)
    segments = table.by_segment[by]
    return MappingProxyType(
        {
            label: Sample.ratio(
                segments.paid[:, column], segments.premium[:, column], table.replicate
            )
            for column, label in enumerate(segments.labels)
        }
    )


FIGURES: Mapping[str, Callable[[LossTable], Sample]] = MappingProxyType(
    {
        "claims": claims,
        "claims_over_premium": claims_over_premium,
        "combined_ratio": combined_ratio,
        "largest_claim": largest_claim,
        "largest_event": largest_event,
    }
)
