"""What a future day would break: findings as they are, and on that day with expected values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.diff.change import Difference
from product_factory.diff.compare import compare
from product_factory.diff.told import change_lines, difference_told
from product_factory.errors import BadInput, BadValue
from product_factory.language import Language
from product_factory.rules.definition import definition_facts
from product_factory.rules.effective import with_rules
from product_factory.rules.judge import outcome
from product_factory.rules.load import rules_for
from product_factory.shelf import Shelf
from sandbox.launch.about import SOURCES
from sandbox.launch.check import check_rules, judge_product, judged_rules
from sandbox.launch.checked import Checked, Judged
from sandbox.launch.finding import Finding, of_problem


@dataclass(frozen=True)
class Foreseen:
    """What a day does to one product.

    breaks  findings that keep it back on that day and do not today
    warns   warnings of that day that are none today
    mends   findings that keep it back today and do not on that day
    moved   the values that are others, none where it cannot be assembled on either day
    file    its product.yaml;  version: empty where it cannot be assembled
    begins  its first day, None where it cannot be assembled
    judged  everything that was judged on that day
    """

    product: str
    breaks: tuple[Finding, ...]
    warns: tuple[Finding, ...]
    mends: tuple[Finding, ...]
    moved: Difference | None
    file: str = ""
    version: str = ""
    begins: date | None = None
    judged: tuple[Judged, ...] = ()

    def checked(self, day: date) -> Checked:
        """Give what the day does as a check of that day, which finds what is new."""
        found = (*self.breaks, *self.warns)
        return Checked(self.product, self.file, self.version, day, self.judged, found)


def foresee(
    shelf: Shelf, names: Sequence[str], language: Language, day: date
) -> tuple[Foreseen, ...]:
    """Check each product as it is, and on a day with expected values in force.

    Raises BadValue for a day before the first of them begins.
    """
    found = tuple(_one(shelf, name, language, day) for name in names)
    begin = [(one.begins, one.product) for one in found if one.begins is not None]
    if begin and day < min(begin)[0]:
        first, name = min(begin)
        message = f"--as-of: expected {first} or later, when {name} begins, got {day}"
        raise BadValue(message)
    return found


def _one(shelf: Shelf, name: str, language: Language, day: date) -> Foreseen:
    assembled = partial(assemble, shelf, name, language)
    before, today, _ = _checked(assembled)
    after, then, judged = _checked(partial(assembled, on=day, foreseen=True))
    known = {(one.source, one.name) for one in before if one.counts}
    later = {(one.source, one.name) for one in after if one.counts}
    said = {one.name for one in before}
    unread = any(finding.source == "input" for finding in after)
    moved = compare(with_rules(today), with_rules(then)) if today and then else None
    return Foreseen(
        product=name,
        breaks=tuple(f for f in after if f.counts and (f.source, f.name) not in known),
        warns=tuple(f for f in after if f.severity == "warning" and f.name not in said),
        mends=tuple(
            f for f in before if f.counts and (f.source, f.name) not in later and not unread
        ),
        moved=moved,
        file=shelf.label(shelf.root / name.partition("+")[0] / "product.yaml"),
        version=then.product.version if then else "",
        begins=today.on if today else None,
        judged=(Judged("input", "", SOURCES["input"]), *judged),
    )


def _checked(
    assembled: Callable[..., AssembledProduct],
) -> tuple[tuple[Finding, ...], AssembledProduct | None, tuple[Judged, ...]]:
    """Check a product; one that breaks a limit is judged by its rules all the same."""
    try:
        product = assembled()
    except BadInput as error:
        found = tuple(of_problem("input", problem) for problem in error.problems)
    else:
        judged, found = judge_product(product, lambda day: assembled(on=day, foreseen=False))
        return found, product, judged
    try:
        product = assembled(checked=False)
        rules = [rule for rule in rules_for(product) if rule.facts == "definition"]
        facts = definition_facts(product)
        meant = [r for r in rules if outcome(r, facts, product.on).result != "not_applicable"]
        return (*found, *check_rules(product, rules, facts)), product, tuple(judged_rules(meant))
    except BadInput:
        return found, None, ()


def foreseen_told(found: Sequence[Foreseen], day: date) -> dict[str, object]:
    """Give what a day does as plain values for JSON."""
    return {
        "as_of": day.isoformat(),
        "products": [
            {
                "product": one.product,
                "breaks": [finding.as_dict() for finding in one.breaks],
                "warns": [finding.as_dict() for finding in one.warns],
                "mends": [finding.as_dict() for finding in one.mends],
                "moved": difference_told(one.moved)["changes"] if one.moved else [],
            }
            for one in found
        ],
    }


def foreseen_lines(found: Sequence[Foreseen], day: date) -> list[str]:
    """Give what a day does as lines: what breaks, what mends, and the values that moved."""
    lines = [f"as of {day}, with expected values in force"]
    for one in found:
        number = len(one.breaks)
        broken = (
            f"{number} finding{'' if number == 1 else 's'} more" if number else "nothing breaks"
        )
        lines.append(f"{one.product}: {broken}")
        lines += [f"  {finding}" for finding in (*one.breaks, *one.warns)]
        lines += [f"  mended: {finding}" for finding in one.mends]
        if one.moved is not None and (one.breaks or one.warns or one.mends):
            lines += [f"  {line}" for change in one.moved.changes for line in change_lines(change)]
    return lines
