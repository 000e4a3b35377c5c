"""What became of each row: accepted, referred, declined or refused, and which names decided."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from product_factory.errors import BadInput
from rating.book.columns import Mask, picked
from rating.book.evaluate import Rated
from rating.domain import REFUSED
from rating.plan import RatingPlan
from rating.steps import Decline

OUTCOMES = ("accept", "refer", "decline", "refused")
ACCEPT, REFER, DECLINE, REFUSAL = range(4)
WORDS = pa.dictionary(pa.int32(), pa.string())
MOST_DECISIONS = 62
"""Which steps decided is kept as bits of one whole number."""


def check_decisions(plan: RatingPlan) -> None:
    """Raise BadInput when a tariff has more steps that decide than fit."""
    if len(plan.decisions) > MOST_DECISIONS:
        at = plan.decisions[MOST_DECISIONS].step.at
        raise BadInput.one(at, "", f"expected at most {MOST_DECISIONS} steps that decide")


def decided(
    plan: RatingPlan, rated: Rated, shown: Mask
) -> tuple[npt.NDArray[np.int64], pa.DictionaryArray]:
    """Give for each row that is shown the place of its outcome in OUTCOMES, and the reason.

    The reason names the line of `accepts` that refuses, or the steps that decided.
    """
    refused = picked(rated.outputs[REFUSED], shown).astype(np.int64)
    bits = np.zeros(refused.shape, dtype=np.int64)
    outcomes = np.full(refused.shape, ACCEPT, dtype=np.int64)
    for place, step in enumerate(plan.decisions):
        decides = picked(rated.outputs[step.name], shown) != 0.0
        bits |= decides.astype(np.int64) << place
        outcome = DECLINE if isinstance(step.step, Decline) else REFER
        outcomes = np.where(decides, np.maximum(outcomes, outcome), outcomes)
    if not bits.any() and not (refused >= 0).any():  # most books, at most rows
        return outcomes, as_words(outcomes, ("",))
    outcomes = np.where(refused >= 0, REFUSAL, outcomes)
    # refusals stand as -1, -2, …, so that one number names every reason
    keys, places = np.unique(np.where(refused >= 0, -1 - refused, bits), return_inverse=True)
    return outcomes, as_words(places, [_reason(plan, int(key)) for key in keys])


def _reason(plan: RatingPlan, key: int) -> str:
    if key < 0:
        return plan.lines[-1 - key].name
    return "; ".join(s.name for place, s in enumerate(plan.decisions) if key >> place & 1)


def as_words(places: npt.NDArray[np.int64], words: Sequence[str]) -> pa.DictionaryArray:
    """Give a column of words by their places."""
    indices = pa.array(places.astype(np.int32))
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))
