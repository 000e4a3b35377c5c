"""What each operation under `adjust` does to an amount and to its balance.

Plain functions: `claim` runs them as they stand, the sandbox compiles them. Each takes the amount
that the lines above left, the value of the line, and what of its balance is used up already, and
gives what is kept and what is used up now; a corridor also takes what it begins above. Codes are
those of `product_factory.contract`.
"""

SHARE = 1
AVERAGE = 2
DEDUCTIBLE = 3
FRANCHISE = 4
LIMIT = 5
CORRIDOR = 6


def share(amount: float, value: float, used: float) -> tuple[float, float]:
    """Keep a share of the amount."""
    return amount * value, used


def average(amount: float, value: float, used: float) -> tuple[float, float]:
    """Keep the share sum insured / value of an under-insured loss, all of it when fully insured."""
    return (amount * value if value < 1.0 else amount), used


def deductible(amount: float, value: float, used: float) -> tuple[float, float]:
    """Keep what goes beyond what is left of the deductible."""
    left = value - used if value > used else 0.0
    taken = min(left, amount)
    return amount - taken, used + taken


def franchise(amount: float, value: float, used: float) -> tuple[float, float]:
    """Keep all of an amount that reaches the franchise, nothing of a smaller one."""
    return (amount if amount >= value else 0.0), used


def limit(amount: float, value: float, used: float) -> tuple[float, float]:
    """Keep no more than what is left of the limit."""
    left = value - used if value > used else 0.0
    kept = min(left, amount)
    return kept, used + kept


def corridor(amount: float, value: float, used: float, above: float) -> tuple[float, float]:
    """Keep what comes below `above`, and what comes beyond a further `value`, which is retained.

    used  how much has come before, `above` + `value` at most
    """
    room = above - used if above > used else 0.0
    first = min(room, amount)
    gone = used - above if used > above else 0.0
    left = value - gone if value > gone else 0.0
    rest = amount - first
    taken = min(left, rest)
    # added up, not taken off the amount: what is kept of a larger one is never less, to the bit
    kept = min(first + (rest - taken), amount) if taken > 0.0 else amount
    return kept, used + first + taken


def apply(code: int, amount: float, value: float, used: float, above: float) -> tuple[float, float]:
    """Apply the operation of a code: (kept, used). above: of a corridor, else anything."""
    if code == SHARE:
        return share(amount, value, used)
    if code == AVERAGE:
        return average(amount, value, used)
    if code == DEDUCTIBLE:
        return deductible(amount, value, used)
    if code == FRANCHISE:
        return franchise(amount, value, used)
    if code == CORRIDOR:
        return corridor(amount, value, used, above)
    return limit(amount, value, used)
