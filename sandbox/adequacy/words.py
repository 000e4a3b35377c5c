"""The verdict on a rate in words, with the figures behind it, in Chinese and English."""

from typing import Literal

from sandbox.adequacy.judge import Adequacy
from sandbox.measures import Measured
from sandbox.measures.ranks import decimal
from sandbox.measures.value_at_risk import quantile

Tongue = Literal["zh", "en"]
VERDICTS = {
    "adequate": {"zh": "费率充足", "en": "The rate is adequate"},
    "inadequate": {"zh": "费率不充足", "en": "The rate is not adequate"},
    "undecided": {"zh": "模拟误差之内无法判定", "en": "Undecided within the Monte Carlo error"},
}


def verdict_words(done: Adequacy, tongue: Tongue, *, long_term: bool) -> list[str]:
    """Give the verdict, a sentence for each thing that was judged."""
    found = [_enough(done, tongue, long_term=long_term), _change(done, tongue)]
    if done.origins is not None:
        found.append(_stable(done, tongue))
    found.append(_fair(done, tongue))
    if done.drift is not None:
        found.append(_drifts(done, tongue))
    return found


def _enough(done: Adequacy, tongue: Tongue, *, long_term: bool) -> str:
    confidence, target = _percent(done.wanted.confidence), _percent(done.wanted.target)
    share = _interval(done.covered)
    head = VERDICTS[done.verdict][tongue]
    if tongue == "zh":
        rows = "次全期模拟" if long_term else "年度"
        profit = f"、费用及 {target} 的目标利润" if done.wanted.target else "和费用"
        return f"{head}（置信水平 {confidence}）：保险费在 {share} 的{rows}中足以支付赔款{profit}。"
    rows = "run-offs" if long_term else "years"
    profit = f", expenses and a target of {target}" if done.wanted.target else " and expenses"
    return f"{head} at {confidence}: premium pays claims{profit} in {share} of {rows}."


def _change(done: Adequacy, tongue: Tongue) -> str:
    confidence, change = _percent(done.wanted.confidence), done.change
    mean = _signed(done.on_average)
    if tongue == "zh":
        return f"达到 {confidence} 所需的费率调整为 {_signed(change)}；平均而言为 {mean}。"
    return f"To reach {confidence}, rates would move by {_signed(change)}; on average by {mean}."


def _stable(done: Adequacy, tongue: Tongue) -> str:
    origin = done.origins
    assert origin is not None  # noqa: S101 - the caller looked
    low, high = (quantile(done.known, decimal(level)).value for level in (0.05, 0.95))
    share, wanted = _percent(origin.share), f"{low * 100:.1f}% … {high * 100:.1f}%"
    if tongue == "zh":
        return f"预期赔付率随假设的不确定性在 {wanted} 之间（90%）；赔付率方差的 {share} 来自假设。"
    return (
        f"The expected loss ratio lies within {wanted} as far as assumptions are known (90%); "
        f"{share} of its variance is theirs."
    )


def _fair(done: Adequacy, tongue: Tongue) -> str:
    low = sorted((one for one in done.segments if one.underpriced), key=lambda one: one.ratio)
    if not done.segments:
        if tongue == "zh":
            return "未判定任何细分：没有区分各保单的变量。"
        return "No segment was judged: no variable of the policy tells policies apart."
    if not low:
        if tongue == "zh":
            return "没有费率显著低于技术保费的细分。"
        return "No segment pays significantly less than its technical premium."
    worst = low[0]
    name = f"{worst.by} {worst.label}"
    ratio = f"{worst.ratio * 100:.1f}%"
    if tongue == "zh":
        return f"{len(low)} 个细分的费率显著低于技术保费，最低的是 {name}：{ratio}。"
    some = "segment pays" if len(low) == 1 else "segments pay"
    return (
        f"{len(low)} {some} significantly less than the technical premium; "
        f"least of all {name}: {ratio} of it."
    )


def _drifts(done: Adequacy, tongue: Tongue) -> str:
    found = done.drift
    assert found is not None  # noqa: S101 - the caller looked
    years, by = found.asked.years, found.asked.by
    first, last = (f"{one * 100:.1f}%" for one in (found.loss_ratio[0], found.loss_ratio[-1]))
    moved, low, high = (f"{one * 100:+.2f}" for one in found.change[-1])
    if tongue == "zh":
        return (
            f"逆选择（{by}，弹性 {found.asked.elasticity:g}）：{years} 年后赔付率由 {first} 变为 "
            f"{last}，变动 {moved} 个百分点（{low} 至 {high}）。"
        )
    return (
        f"Anti-selection by {by} (elasticity {found.asked.elasticity:g}): in {years} years the "
        f"loss ratio goes from {first} to {last}, {moved} points ({low} to {high})."
    )


def _percent(value: float) -> str:
    return f"{value * 100:.4g}%"


def _interval(one: Measured) -> str:
    return f"{one.value * 100:.1f}% ({one.low * 100:.1f}% … {one.high * 100:.1f}%)"


def _signed(one: Measured) -> str:
    return f"{one.value * 100:+.1f}% ({one.low * 100:+.1f}% … {one.high * 100:+.1f}%)"
