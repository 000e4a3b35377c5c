"""Claims: what each cover pays for dated events on one policy, and why, line by line."""

from rating.claims.events_file import read_events
from rating.claims.explain import as_json, explain, paid
from rating.claims.golden import check_claims
from rating.claims.pay import pay, pay_with
from rating.claims.settlement import Settlement

__all__ = [
    "Settlement",
    "as_json",
    "check_claims",
    "explain",
    "paid",
    "pay",
    "pay_with",
    "read_events",
]
