"""What a tariff says of all the risks that it may meet: rates that are missing, idle decisions."""

from rating.plan import RatingPlan
from rating.soundness.decisions import decision_flaws
from rating.soundness.fine_rounding import fine_rounding
from rating.soundness.flaw import Flaw
from rating.soundness.unpriced import unpriced
from rating.soundness.unused import unused
from rating.soundness.wrong_way import wrong_way


def offer_flaws(plan: RatingPlan) -> tuple[Flaw, ...]:
    """List choices without a rate, rates without a choice, and choices that cost the wrong way."""
    return (*unpriced(plan), *unused(plan), *wrong_way(plan))


__all__ = ["Flaw", "decision_flaws", "fine_rounding", "offer_flaws"]
