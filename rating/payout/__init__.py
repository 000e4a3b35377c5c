"""How claims are paid: promises bound to arrays that one kernel settles."""

from rating.payout.computed import computed_marks
from rating.payout.plan import CONTEXT, Entry, PayoutPlan, Stage
from rating.payout.write import bind

__all__ = ["CONTEXT", "Entry", "PayoutPlan", "Stage", "bind", "computed_marks"]
