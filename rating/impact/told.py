"""What a change does to a book as lines of at most 80 columns, and as rows for files."""

from collections.abc import Iterator, Sequence

from product_factory.columns import TERMINAL, width, wrapped
from rating.impact.result import Band, Case, Flip, Impact, Segment, Step

SHOWN = 3
"""Worst cases and segments that are told; the files hold all."""
MOST_FLIPS = 12
BAR = 20


def impact_lines(found: Impact) -> Iterator[str]:
    """Tell it in short."""
    yield from _head(found)
    if found.rows.both:
        yield from ("", *_bands(found.bands))
        yield from ("", *_steps(found))
        yield from _segments(found.segments)
    yield from _flips(found.flips)
    yield from _capping(found)
    yield from _cases("most up", found.rises)
    yield from _cases("most down", found.falls)


def percent(share: float | None) -> str:
    """Write a share with its sign."""
    return "—" if share is None else f"{share:+.2%}"


def amount(value: float) -> str:
    """Write an amount of money."""
    return f"{value:,.2f}"


def _head(found: Impact) -> Iterator[str]:
    old, new, rows, premium = found.old, found.new, found.rows, found.premium
    yield f"{old.product} {old.version} → {new.product} {new.version} on {found.book}"
    counts = f"both {rows.both:,}, only old {rows.only_old:,}, only new {rows.only_new:,}"
    yield from wrapped(f"rows {rows.rows:,}: {counts}, neither {rows.neither:,}")
    told = f"premium a year in {found.currency}: {amount(premium.old)} → {amount(premium.new)}"
    yield from wrapped(f"{told}, {premium.change:+,.2f} ({percent(premium.ratio)})")
    for name, value in (("only old", premium.lost), ("only new", premium.gained)):
        if value:
            yield f"rows of {name}: {amount(value)}"
    if not found.rounded:
        yield f"a tariff does not round: its premiums are counted to {found.unit}"
    moved = [band for band in found.bands if (band.above, band.upto) != (0.0, 0.0)]
    up = sum(band.policies for band in moved if rises(band))
    down = sum(band.policies for band in moved) - up
    mean = percent(premium.mean_ratio)
    yield f"policies: {up:,} pay more, {down:,} less; mean of their changes {mean}"


def rises(band: Band) -> bool:
    """Tell whether a band holds rises."""
    return band.above is None or band.above > 0.0 or (band.upto is not None and band.upto > 0.0)


def _bands(bands: Sequence[Band]) -> Iterator[str]:
    """Tell the bands that hold policies; files and pictures have the empty ones between too."""
    rows = [
        (band.label, f"{band.policies:,}", amount(band.old), amount(band.new), _bar(band, bands))
        for band in bands
        if band.policies
    ]
    yield from _table(("change", "policies", "old", "new", ""), rows)


def _bar(band: Band, bands: Sequence[Band]) -> str:
    most = max(one.policies for one in bands)
    return "█" * round(BAR * band.policies / most) if most else ""


def _steps(found: Impact) -> Iterator[str]:
    if not found.steps:
        yield "no change of the tariff moves a premium"
    else:
        rows = [
            (
                _name(step),
                f"{step.policies:,}",
                f"{step.flips:,}",
                f"{step.amount:+,.2f}",
                percent(step.ratio),
            )
            for step in found.steps
        ]
        whole = f"{found.premium.change:+,.2f}", percent(found.premium.ratio)
        yield from _table(
            ("changes, one after another", "policies", "flips", "moves", ""),
            [*rows, ("together", "", "", *whole)],
        )
    for step in found.steps:
        if step.needs:
            yield from wrapped(f"{_name(step)}: not one at a time: {step.needs}", indent="    ")
        if step.waiting:
            yield from wrapped(
                f"{_name(step)}: {step.waiting:,} rows have no premium at this point and "
                "move with a later change",
                indent="    ",
            )
    if found.built_from:
        yield from wrapped(f"reach a premium by rate tables alone: {', '.join(found.built_from)}")
    if found.idle:
        yield from wrapped(f"move no premium: {', '.join(found.idle)}")


def _name(step: Step) -> str:
    return " + ".join(step.parts)


def _segments(segments: Sequence[Segment]) -> Iterator[str]:
    """Tell the variables whose levels part most, each by its two ends."""
    wide = sorted(segments, key=lambda one: -spread(one))[:SHOWN]
    rows = []
    for segment in wide:
        if spread(segment) <= 0.0:
            continue
        levels = [level for level in segment.levels if level.ratio is not None]
        ends = (
            min(levels, key=lambda level: level.ratio or 0.0),
            max(levels, key=lambda level: level.ratio or 0.0),
        )
        rows += [
            (
                f"{segment.variable} {level.level}",
                f"{level.policies:,}",
                amount(level.old),
                amount(level.new),
                percent(level.ratio),
            )
            for level in ends
        ]
    if rows:
        yield from ("", *_table(("segments that part most", "policies", "old", "new", ""), rows))


def spread(segment: Segment) -> float:
    """Tell how far the changes of the levels of a variable lie apart: the mean by premium."""
    old = sum(level.old for level in segment.levels)
    if not old:
        return 0.0
    whole = sum(level.change for level in segment.levels) / old
    apart = [abs((level.ratio or 0.0) - whole) * level.old for level in segment.levels]
    return sum(apart) / old


def _flips(flips: Sequence[Flip]) -> Iterator[str]:
    if flips:
        yield from ("", "decisions that flip")
    for flip in flips[:MOST_FLIPS]:
        yield from wrapped(flip_line(flip), head="  ")
    if len(flips) > MOST_FLIPS:
        yield f"  … and {len(flips) - MOST_FLIPS:,} more kinds of flips"


def flip_line(flip: Flip) -> str:
    """Tell a decision that flips, with its reasons."""
    sides = (
        f"{outcome} ({reason})" if reason else outcome
        for outcome, reason in (
            (flip.old_outcome, flip.old_reason),
            (flip.new_outcome, flip.new_reason),
        )
    )
    rows = f"{flip.rows:,} {'row' if flip.rows == 1 else 'rows'}"
    told = f"{' → '.join(sides)}: {rows}, the first row {flip.row:,}"
    return f"{told}: {flip.says}" if flip.says else told


def _capping(found: Impact) -> Iterator[str]:
    held = found.capping
    if held is None:
        return
    yield ""
    ends = [f"at most {held.cap:+.2%}"] if held.cap is not None else []
    ends += [f"at least {-held.floor:+.2%}"] if held.floor is not None else []
    yield f"renewals {held.renewals:,}, each {', '.join(ends)}"
    rows = [("uncapped", "", amount(held.new))]
    if held.cap is not None:
        rows.append(("capped, given up", f"{held.capped:,}", f"{0.0 - held.given_up:+,.2f}"))
    if held.floor is not None:
        rows.append(("held up, kept", f"{held.floored:,}", f"{held.kept:+,.2f}"))
    rows.append(("charged", "", amount(held.charged)))
    yield from _table(("", "policies", "premium"), rows)
    if held.off_balance is None:
        yield f"no factor makes it good: the caps allow {amount(held.balanced)} at most"
    else:
        brings = f"capped, that brings {amount(held.balanced)}"
        yield f"off-balance factor {held.off_balance:.6f}: {brings}"


def _cases(title: str, cases: Sequence[Case]) -> Iterator[str]:
    if cases:
        yield from ("", f"{title}, with the step where the worksheets part")
    for case in cases[:SHOWN]:
        named = "".join(f" {value}" for value in list(case.kept.values())[:1])
        moved = f"{amount(case.old)} → {amount(case.new)} ({percent(case.ratio)})"
        parted = f": {case.parted}" if case.parted else ""
        yield from wrapped(f"row {case.row:,}{named}: {moved}{parted}", head="  ")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Set columns: words to the left, figures to the right; a long word has a line of its own."""
    lines = [head, *rows]
    wide = [max(width(line[place]) for line in lines) for place in range(1, len(head))]
    bar = head[-1] == "" and any("█" in line[-1] for line in rows)
    room = TERMINAL - sum(wide) - 2 * len(wide)
    first = min(room, max(width(line[0]) for line in lines))
    for line in lines:
        figures = [
            f"{' ' * (columns - width(word))}{word}"
            for word, columns in zip(line[1:], wide, strict=True)
        ]
        if bar:
            figures[-1] = line[-1]
        label = line[0]
        if width(label) > first:
            yield from wrapped(label)
            label = ""
        yield "  ".join([label + " " * (first - width(label)), *figures]).rstrip()
