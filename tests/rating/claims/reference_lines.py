"""What one line keeps of an amount, in exact fractions, as LANGUAGE.md says it."""

from fractions import Fraction

OPERATIONS = ("share", "average", "deductible", "franchise", "corridor", "limit")
NOTHING = Fraction(0)


def passed(
    operation: str, total: Fraction, value: Fraction, before: Fraction, above: Fraction
) -> tuple[Fraction, Fraction]:
    """Give what is kept, and how much of the balance is used up after it.

    before  how much was used up;  above: what a corridor begins above
    """
    left = max(value - before, NOTHING)
    if operation == "share":
        return total * value, before
    if operation == "average":
        return total * min(value, Fraction(1)), before
    if operation == "franchise":
        return (total if total >= value else NOTHING), before
    if operation == "deductible":
        taken = min(total, left)
        return total - taken, before + taken
    if operation == "corridor":
        gone, borne = (min(max(come - above, NOTHING), value) for come in (before, before + total))
        return total - (borne - gone), before + total
    kept = min(total, left)
    return kept, before + kept
