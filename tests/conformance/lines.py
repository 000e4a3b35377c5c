"""Lines under `adjust`, stage by stage, as docs/export.md says."""

from tests.conformance.expressions import text_of

LASTING = ("policy_year", "contract")


def pass_lines(terms, evaluator, passing, asked, used):
    """Pass the amounts of one date through the stages; used: of each stage, by item, changed."""
    event_of = {id(slot): n for n, slots in enumerate(asked) for slot in slots}
    for stage, balances in zip(terms["stages"], used, strict=True):
        at = {line["of"]: line["line"] for line in stage["lines"]}
        taking_part = []
        for slot in passing:
            number = at.get(slot.answer["name"])
            if number is None:
                continue
            line = slot.answer["lines"][number]
            if line["when"] is not None and evaluator.value(line["when"], slot.read) == 0.0:
                slot.lines.append(_told(number, stage, None, slot.amount, slot.amount, None))
            else:
                taking_part.append((slot, number, line))
        groups = {}
        for one in taking_part:
            groups.setdefault(_group(stage, one[0], event_of), []).append(one)
        for group in groups.values():
            _share(stage, group, evaluator, balances)


def _group(stage, slot, event_of):
    """Tell which amounts share a balance."""
    if stage["operation"] in ("share", "average"):
        return id(slot)
    event = None if stage["per"] in LASTING else event_of[id(slot)]
    return event, slot.item if stage["each"] == "item" else None


def _share(stage, group, evaluator, balances):
    total = 0.0
    for slot, _, _ in group:
        total += slot.amount
    first, _, line = group[0]

    def read(name, of):
        return total if of == "line" else first.read(name, of)

    value = evaluator.value(line["value"], read)
    place = first.item if stage["each"] == "item" else None
    lasting = stage["per"] in LASTING
    used = balances.get(place, 0.0) if lasting else 0.0
    above = evaluator.value(line["above"], read) if stage["operation"] == "corridor" else 0.0
    kept, used = _operation(stage["operation"], total, value, used, above)
    if lasting:
        balances[place] = used
    left = None
    if stage["operation"] in ("deductible", "limit"):
        left = max(value - used, 0.0)
    elif stage["operation"] == "corridor":
        left = max(value - max(used - above, 0.0), 0.0)
    for slot, number, _ in group:
        came = slot.amount
        if len(group) == 1:
            slot.amount = kept
        elif total > 0.0:
            slot.amount = came * kept / total
        slot.lines.append(_told(number, stage, value, came, slot.amount, left))


def _operation(name, total, value, used, above):
    left = value - used if value > used else 0.0
    match name:
        case "share":
            return total * value, used
        case "average":
            return (total * value if value < 1.0 else total), used
        case "deductible":
            taken = min(left, total)
            return total - taken, used + taken
        case "franchise":
            return (total if total >= value else 0.0), used
        case "corridor":
            first = min(above - used if above > used else 0.0, total)
            gone = used - above if used > above else 0.0
            taken = min(value - gone if value > gone else 0.0, total - first)
            return total - taken, used + first + taken
        case "limit":
            kept = min(left, total)
            return kept, used + kept
    message = f"an operation that the format does not know: {name}"
    raise ValueError(message)


def _told(number, stage, value, came, kept, left):
    return {
        "line": number,
        "operation": stage["operation"],
        "applies": value is not None,
        "value": None if value is None else text_of(value),
        "came": text_of(came),
        "kept": text_of(kept),
        "left": None if left is None else text_of(left),
    }
