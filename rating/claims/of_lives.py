"""What falls due while one or the other of two lives is alive, and which premiums then do not.

Due dates are those of the contract, whoever is alive: an instalment is paid to those who are in the
state when its day begins, so that a death on a due date changes the next one. Premiums that fall
due while both live by the same rule.
"""

from collections.abc import Iterator
from datetime import date

from rating.claims.instalments import Instalment, Schedule
from rating.claims.policy import Policy
from rating.claims.stays import A_DAY, Stay


class LifeSchedule(Schedule):
    """The payments of one cover on one policy in a state of two lives."""

    def falling(
        self, after: date | None, last: date, stays: tuple[Stay, ...]
    ) -> Iterator[Instalment]:
        """List the payments that fall due after a day, up to and including another."""
        for stay in stays:
            if stay.state != self.pays.during:
                continue
            first = stay.entered if stay.entered == self.policy.start else stay.entered + A_DAY
            most = last if stay.left is None else min(last, stay.left)
            for one in self.all(most):
                if first <= one.day and (after is None or after < one.day):
                    yield one

    def spells(self, _: tuple[Stay, ...]) -> Iterator[tuple[date, date | None]]:
        """Give the premiums that the stays waive: none."""
        yield from ()


def unpaid(policy: Policy, stays: tuple[Stay, ...]) -> Iterator[tuple[date, date | None]]:
    """Give the first and last day of the premiums that fall due in no state that pays them."""
    paying = policy.product.product.contract.pay_while
    if paying is None:
        return
    for stay in stays:
        if stay.state.partition(".")[0] == paying.partition(".")[0] and stay.state != paying:
            yield stay.entered + A_DAY, stay.left
